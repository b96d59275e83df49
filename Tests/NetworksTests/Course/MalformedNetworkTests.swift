import Biology
import Networks
import Testing

@Suite struct MalformedNetworkTests {
    /// What is said about a network that cannot be compiled.
    func problem(_ change: (inout ReactionNetwork) -> Void) -> NetworkFailure? {
        var network = ReactionNetwork(name: "wrong")
        network.compartments = [NetworkCompartment(name: "c", size: 1)]
        network.species = [
            NetworkSpecies(name: "A", compartment: "c", initial: .amount(1)),
            NetworkSpecies(name: "B", compartment: "c", initial: .amount(1)),
        ]
        network.parameters = [
            NetworkParameter(name: "p", value: 1, isConstant: false),
            NetworkParameter(name: "q", value: 1, isConstant: false),
        ]
        change(&network)
        do throws(NetworkFailure) { _ = try OrdinaryCourse(network) } catch { return error }
        return nil
    }

    @Test func aSoundNetworkHasNoProblem() { #expect(problem { _ in } == nil) }

    @Test func aCircleOfRulesNamesItsChain() {
        let failure = problem {
            $0.assignmentRules = [
                NetworkAssignment("p", .name("q") + .number(1)), NetworkAssignment("q", .name("p") * .number(2)),
            ]
        }
        #expect(failure?.kind == .malformed)
        #expect(failure?.problem == "the rules go round in a circle: 'p' needs 'q' needs 'p'")
    }

    @Test func aCircleOfInitialAssignmentsNamesItsChain() {
        let failure = problem {
            $0.initialAssignments = [
                NetworkAssignment("p", .name("q")), NetworkAssignment("q", .name("p")),
            ]
        }
        #expect(failure?.problem == "the rules go round in a circle: 'p' needs 'q' needs 'p'")
    }

    @Test func aRateThatNeedsItselfIsACircle() {
        let failure = problem {
            $0.reactions = [NetworkReaction(name: "r", reactants: [], products: [], rate: .name("r"))]
        }
        #expect(
            failure?.problem
                == "the rules go round in a circle: the rate of reaction 'r' needs 'r' needs the rate of reaction 'r'")
    }

    @Test func danglingAndDoubleNamesAreAllSaidAtOnce() {
        let failure = problem {
            $0.parameters.append(NetworkParameter(name: "A", value: 1))
            $0.rateRules = [NetworkAssignment("nothing", .number(1))]
            $0.species.append(NetworkSpecies(name: "C", compartment: "p", initial: .amount(0)))
        }
        let lines = failure?.problem.split(separator: "\n").map(String.init) ?? []
        #expect(
            lines == [
                "'A' is declared twice", "species 'C' is in 'p', which is not a compartment",
                "a rate rule is for 'nothing', which is not there",
            ])
    }

    @Test func aNameInAFormulaIsNamedWithItsPlace() {
        let failure = problem {
            $0.rateRules = [NetworkAssignment("p", .name("k1"))]
            $0.events = [
                NetworkEvent(name: "e", trigger: .name("k2"), assignments: [NetworkAssignment("q", .name("k3"))])
            ]
        }
        let lines = failure?.problem.split(separator: "\n").map(String.init) ?? []
        #expect(
            lines == [
                "in the rate of change of 'p': nothing is named 'k1'",
                "the trigger of event 'e': nothing is named 'k2'",
                "event 'e': nothing is named 'k3'",
            ])
    }

    @Test func twoRulesForOneNameAreRefused() {
        let failure = problem {
            $0.rateRules = [NetworkAssignment("p", .number(1))]
            $0.assignmentRules = [NetworkAssignment("p", .number(1))]
        }
        #expect(failure?.problem == "'p' is determined by two rules")
    }

    @Test func aRuleAndAReactionForOneSpeciesAreRefused() {
        let failure = problem {
            $0.rateRules = [NetworkAssignment("A", .number(1))]
            $0.reactions = [NetworkReaction(name: "r", reactants: [.init("A")], products: [], rate: .number(1))]
        }
        #expect(failure?.problem == "'A' is determined by a rule and changed by reaction 'r'")
    }

    @Test func moreAlgebraicRulesThanUnknownsAreRefused() {
        let failure = problem {
            $0.algebraicRules = [.name("p") - .number(1), .name("p") - .number(2)]
        }
        #expect(failure?.kind == .malformed)
        #expect(failure?.problem.hasPrefix("algebraic rule 2 has no variable left to determine") == true)
    }

    @Test func aRateOfAnAlgebraicVariableIsRefusedByName() {
        let failure = problem {
            $0.algebraicRules = [.name("p") - .name("A")]
            $0.assignmentRules = [NetworkAssignment("q", .rate(of: "p"))]
        }
        #expect(failure?.kind == .unsupported)
        #expect(failure?.problem == "the rate of change of 'p', which an algebraic rule determines")
    }

    @Test func aRateThatIsDrawnAnewAtEachLookIsRefused() {
        let failure = problem { $0.rateRules = [NetworkAssignment("p", .draw(.normal, [.number(0), .number(1)]))] }
        #expect(failure?.kind == .unsupported)
    }

    @Test func whatHasNoValueIsNamed() throws {
        var network = ReactionNetwork(name: "unset")
        network.parameters = [
            NetworkParameter(name: "k", value: nil), NetworkParameter(name: "x", value: 1, isConstant: false),
        ]
        network.rateRules = [NetworkAssignment("x", .name("k"))]
        do {
            _ = try network.course(["x"], to: 1)
            Issue.record("ran without a value")
        } catch let failure as NetworkFailure {
            #expect(failure.problem == "'k' has no value at the start")
        }
    }

    /// A product of thousands of values, in which each derivative has all the others: refused, not computed.
    @Test func whatWouldTakeAllMemoryIsRefused() {
        let failure = problem { network in
            let names = (0..<6000).map { "x\($0)" }
            network.parameters += names.map { NetworkParameter(name: $0, value: 1, isConstant: false) }
            let product = Formula.call(.times, names.map { .name($0) })
            network.rateRules = names.map { NetworkAssignment($0, .name("p")) }
            network.assignmentRules = [NetworkAssignment("p", product)]
        }
        #expect(failure?.kind == .unsupported)
    }

    @Test func aConversionFactorThatIsNotThereIsNamed() {
        let failure = problem { $0.species[0].conversionFactor = "f" }
        #expect(failure?.problem == "the conversion factor 'f' of species 'A' is not there")
    }

    @Test func aHeapOfAlgebraicRulesIsRefused() {
        let failure = problem { network in
            let names = (0..<2000).map { "a\($0)" }
            network.parameters += names.map { NetworkParameter(name: $0, value: 1, isConstant: false) }
            network.algebraicRules = names.map { .name($0) - .number(1) }
        }
        #expect(failure?.kind == .unsupported)
    }
}
