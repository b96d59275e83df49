import Biology
import Foundation
import NetworkFiles
import Testing

@Suite struct SBMLWriterTests {
    /// A network with something of everything that the writer knows.
    static let everything: ReactionNetwork = {
        var network = ReactionNetwork(name: "everything")
        network.units = NetworkUnits(time: 3600, amount: 1, volume: 1)
        network.compartments = [
            NetworkCompartment(name: "cell", size: 2.5e-7), NetworkCompartment(name: "wall", size: nil, dimensions: 2),
        ]
        network.species = [
            NetworkSpecies(name: "A", compartment: "cell", initial: .concentration(1.1e-7), conversionFactor: "factor"),
            NetworkSpecies(
                name: "B", compartment: "wall", initial: .amount(3), meaning: .amount, isBoundary: true),
            NetworkSpecies(name: "C", compartment: "cell", initial: .unset),
        ]
        network.parameters = [
            NetworkParameter(name: "factor", value: 2), NetworkParameter(name: "k", value: .infinity),
            NetworkParameter(name: "x", value: nil, isConstant: false),
            NetworkParameter(name: "n", value: 2, isConstant: false),
        ]
        network.reactions = [
            NetworkReaction(
                name: "r", reactants: [.init("A", .number(2))], products: [.init("C", .name("n"))],
                rate: .name("k") * .name("A") * .name("B"), isReversible: true)
        ]
        network.initialAssignments = [NetworkAssignment("C", .piecewise([], otherwise: .number(.infinity)))]
        network.assignmentRules = [NetworkAssignment("x", .delayed(.name("A"), by: .number(1.5e-300)))]
        network.rateRules = [NetworkAssignment("n", .rate(of: "A"))]
        network.algebraicRules = [.name("wall") - .call(.root, [.number(3), .name("cell")])]
        var event = NetworkEvent(
            name: "e", trigger: .call(.less, [.number(1), .time, .number(3)]),
            assignments: [NetworkAssignment("B", .call(.logarithm, [.number(2), .name("B")]))])
        event.delay = .number(1)
        event.priority = .call(.xor, [.name("k"), .number(0)])
        (event.isTrueBefore, event.isPersistent, event.usesValuesOfTrigger) = (false, false, false)
        network.events = [event]
        network.constraints = [
            NetworkConstraint(condition: .call(.greater, [.name("A"), .number(0)]), message: "a < b & \"c\"")
        ]
        return network
    }()

    private static func sorted(_ network: ReactionNetwork) -> ReactionNetwork {
        var network = network
        network.parameters.sort { $0.name < $1.name }
        return network
    }

    @Test func whatIsWrittenIsReadBack() throws {
        var network = Self.everything
        network.compartments[1].isConstant = false
        network.name = "everything"
        let text = try SBMLFile.text(of: network)
        let back = try SBMLSnippet.read(text)
        #expect(back.species == network.species && back.compartments == network.compartments)
        #expect(back.reactions == network.reactions && back.events == network.events)
        #expect(back.units == network.units && back.formulas == network.formulas)
        #expect(Self.sorted(back) == Self.sorted(network))
    }

    @Test(arguments: Formula.Function.allCases) func everyFunctionIsReadBack(function: Formula.Function) throws {
        let counts: [Int] =
            switch function {
            case .plus, .times: [0, 2]  // libSBML takes more of them two at a time
            case .min, .max, .and, .or, .xor: [0, 2, 3]
            case .minus, .divide, .power, .quotient, .remainder, .implies, .logarithm, .root, .different: [2]
            case .equal, .less, .lessOrEqual, .greater, .greaterOrEqual: [2, 3]
            default: [1]
            }
        for count in counts {
            let formula = Formula.call(function, (0..<count).map { .name("a\($0)") })
            var network = ReactionNetwork(name: "m")
            network.parameters = (0..<3).map { NetworkParameter(name: "a\($0)", value: 1) }
            network.parameters.append(NetworkParameter(name: "x", value: nil, isConstant: false))
            network.assignmentRules = [NetworkAssignment("x", formula)]
            #expect(try SBMLSnippet.read(SBMLFile.text(of: network)).assignmentRules.first?.formula == formula)
        }
    }

    @Test(arguments: Formula.Distribution.allCases) func everyDrawIsReadBack(draw: Formula.Distribution) throws {
        let count = [.chisquare, .exponential, .poisson, .rayleigh, .bernoulli].contains(draw) ? 1 : 2
        let formula = Formula.draw(draw, (0..<count).map { .number(Double($0)) })
        var network = ReactionNetwork(name: "m")
        network.parameters = [NetworkParameter(name: "x", value: nil, isConstant: false)]
        network.assignmentRules = [NetworkAssignment("x", formula)]
        #expect(try SBMLSnippet.read(SBMLFile.text(of: network)).assignmentRules.first?.formula == formula)
    }

    @Test(arguments: [0, -0.0, 1, 0.1, 1e-5, 123_456_789.25, 1.797e308, .leastNormalMagnitude, -2.5e-17, 1e16])
    func numbersComeBackBitForBit(value: Double) throws {
        var network = ReactionNetwork(name: "m")
        network.parameters = [
            NetworkParameter(name: "y", value: value), NetworkParameter(name: "x", value: nil, isConstant: false),
        ]
        network.assignmentRules = [NetworkAssignment("x", .number(value))]
        let back = try SBMLSnippet.read(SBMLFile.text(of: network))
        #expect(back.parameters[0].value?.bitPattern == value.bitPattern)
        #expect(back.assignmentRules[0].formula == .number(value))
    }

    @Test func namesThatAreNoIdsGetIds() throws {
        var network = ReactionNetwork(name: "IL-2 & \"IL-2R\"")
        network.compartments = [NetworkCompartment(name: "T cell", size: 1)]
        network.species = ["IL-2", "IL_2", "IL 2", "2"].map {
            NetworkSpecies(name: $0, compartment: "T cell", initial: .amount(1))
        }
        network.reactions = [NetworkReaction(name: "", reactants: [.init("IL-2")], products: [], rate: .name("IL 2"))]
        let text = try SBMLFile.text(of: network)
        let back = try SBMLSnippet.read(text)
        #expect(back.species.map(\.name) == ["IL_2_2", "IL_2", "IL_2_3", "_2"])
        #expect(back.reactions[0].rate == .name("IL_2_3") && back.reactions[0].reactants[0].species == "IL_2_2")
        #expect(text.contains("name=\"IL-2\""))
    }

    @Test func aStoichiometryThatIsAFormulaBecomesARule() throws {
        var network = ReactionNetwork(name: "m")
        network.compartments = [NetworkCompartment(name: "c", size: 1)]
        network.species = [NetworkSpecies(name: "A", compartment: "c", initial: .amount(1))]
        network.parameters = [NetworkParameter(name: "n", value: 2)]
        let twice = NetworkReaction.Participant("A", .name("n"))
        network.reactions = [NetworkReaction(name: "r", reactants: [twice], products: [twice], rate: .number(1))]
        let back = try SBMLSnippet.read(SBMLFile.text(of: network))
        #expect(back.assignmentRules.map(\.formula) == [.name("n"), .name("n")])
        #expect(back.reactions[0].reactants[0].stoichiometry == .name(back.assignmentRules[0].name))
        #expect(back.parameters.first { $0.name == "n" }?.value == 2)
    }

    @Test func whatCannotBeWrittenIsRefused() {
        var network = ReactionNetwork(name: "m")
        network.reactions = [
            NetworkReaction(name: "r", reactants: [], products: [], rate: .number(1), isFast: true)
        ]
        #expect(throws: NetworkFileProblems.self) { try SBMLFile.text(of: network) }
        network.reactions = []
        network.assignmentRules = [NetworkAssignment("nothing", .number(1))]
        #expect(throws: NetworkFileProblems.self) { try SBMLFile.text(of: network) }
    }
}
