import Biology
import Foundation
import Networks
import Testing

/// Small networks whose solution is known in closed form, one a construct.
@Suite struct ExactCourseTests {
    typealias A = NetworkAssignment

    /// A network of parameters that vary, with these values.
    static func varying(_ values: KeyValuePairs<String, Double?>) -> ReactionNetwork {
        var network = ReactionNetwork(name: "exact")
        network.parameters = values.map { NetworkParameter(name: $0.key, value: $0.value, isConstant: false) }
        return network
    }

    static func compare(
        _ network: ReactionNetwork, _ name: String, to end: Double, _ tolerance: Double = 1e-7, steps: Int = 20,
        _ exact: (Double) -> Double
    ) throws {
        let course = try network.course([name], to: end, steps: steps)
        for (time, value) in zip(course.times, try #require(course.column(name))) {
            let expected = exact(time)
            #expect(
                abs(value - expected) <= tolerance * max(1, abs(expected)), "\(name) at \(time): \(value), \(expected)")
        }
    }

    // MARK: - Amounts and concentrations

    /// A ⇌ B: a relaxation with rate k + l, in compartments of other sizes than 1.
    @Test func aReversibleReactionRelaxes() throws {
        var network = ReactionNetwork(name: "reversible")
        network.compartments = [NetworkCompartment(name: "c", size: 4)]
        network.species = [
            NetworkSpecies(name: "X", compartment: "c", initial: .concentration(2)),
            NetworkSpecies(name: "Y", compartment: "c", initial: .amount(0), meaning: .amount),
        ]
        network.parameters = [NetworkParameter(name: "k", value: 0.3), NetworkParameter(name: "l", value: 0.2)]
        network.reactions = [
            NetworkReaction(
                name: "r", reactants: [.init("X")], products: [.init("Y")],
                rate: .name("c") * .name("k") * .name("X") - .name("l") * .name("Y"))
        ]
        try Self.compare(network, "X", to: 10) { 2 * (0.2 + 0.3 * exp(-0.5 * $0)) / 0.5 }
        try Self.compare(network, "Y", to: 10) { 8 * 0.3 / 0.5 * (1 - exp(-0.5 * $0)) }
    }

    /// S + Km ln S is linear in time.
    @Test func michaelisAndMentensLawIsFollowed() throws {
        var network = Self.varying(["S": 5])
        let (v, k) = (2.0, 1.5)
        network.rateRules = [A("S", .number(-v) * .name("S") / (.number(k) + .name("S")))]
        let course = try network.course(["S"], to: 4)
        for (time, s) in zip(course.times, try #require(course.column("S"))) {
            #expect(abs(s + k * log(s) - (5 + k * log(5) - v * time)) < 1e-7)
        }
    }

    @Test func aGrowingCompartmentDilutes() throws {
        var network = ReactionNetwork(name: "dilution")
        network.compartments = [NetworkCompartment(name: "V", size: 1, isConstant: false)]
        network.species = [NetworkSpecies(name: "S", compartment: "V", initial: .concentration(3))]
        network.parameters = [NetworkParameter(name: "slope", value: nil, isConstant: false)]
        network.rateRules = [A("V", .number(0.5))]
        network.assignmentRules = [A("slope", .rate(of: "S"))]
        network.reactions = [NetworkReaction(name: "in", reactants: [], products: [.init("S")], rate: .number(0.1))]
        try Self.compare(network, "S", to: 4) { (3 + 0.1 * $0) / (1 + 0.5 * $0) }
        // d/dt of the above.
        try Self.compare(network, "slope", to: 4) {
            (0.1 * (1 + 0.5 * $0) - 0.5 * (3 + 0.1 * $0)) / pow(1 + 0.5 * $0, 2)
        }
    }

    /// A rate rule is for the concentration, whatever the size does.
    @Test func aRateRuleOfAConcentrationIsThatOfTheConcentration() throws {
        var network = ReactionNetwork(name: "rated")
        network.compartments = [NetworkCompartment(name: "V", size: nil, isConstant: false)]
        network.species = [
            NetworkSpecies(name: "S", compartment: "V", initial: .concentration(1), isBoundary: true)
        ]
        network.assignmentRules = [A("V", .number(2) + .time)]
        network.rateRules = [A("S", .number(-1) * .name("S"))]
        try Self.compare(network, "S", to: 3) { exp(-$0) }
        let times = [0.0, 1, 2]
        let amounts = try OrdinaryCourse(network).run(
            CourseRequest(times: times, outputs: [.init("S", .amount)]), relative: 1e-9, absolute: 1e-12, seed: 1)
        for (time, amount) in zip(times, amounts.values) { #expect(abs(amount - (2 + time) * exp(-time)) < 1e-8) }
    }

    @Test func conversionFactorsAndStoichiometriesMultiply() throws {
        var network = ReactionNetwork(name: "factors")
        network.compartments = [NetworkCompartment(name: "c", size: 1)]
        network.species = [
            NetworkSpecies(name: "S", compartment: "c", initial: .amount(1), conversionFactor: "f"),
            NetworkSpecies(name: "T", compartment: "c", initial: .amount(0)),
        ]
        network.parameters = [
            NetworkParameter(name: "f", value: 3), NetworkParameter(name: "n", value: 2, isConstant: false),
        ]
        network.rateRules = [A("n", .number(1))]
        network.reactions = [
            NetworkReaction(
                name: "r", reactants: [], products: [.init("S", .name("n")), .init("T", .number(0.5) * .time)],
                rate: .number(0.1))
        ]
        try Self.compare(network, "S", to: 2) { 1 + 0.3 * (2 * $0 + $0 * $0 / 2) }
        try Self.compare(network, "T", to: 2) { 0.1 * 0.25 * $0 * $0 }
    }

    @Test func initialValuesFollowTheirOrderOfDependence() throws {
        var network = ReactionNetwork(name: "order")
        network.compartments = [NetworkCompartment(name: "c", size: 1, isConstant: false)]
        network.species = [NetworkSpecies(name: "S", compartment: "c", initial: .concentration(2))]
        network.parameters = [
            NetworkParameter(name: "p", value: nil, isConstant: false), NetworkParameter(name: "q", value: nil),
            NetworkParameter(name: "total", value: nil, isConstant: false),
        ]
        // total needs q, q needs p, p needs c, c needs nothing; S's amount needs c.
        network.initialAssignments = [A("q", .name("p") + .number(1)), A("c", .number(5)), A("total", .name("q"))]
        network.assignmentRules = [A("p", .name("c") * .number(2))]
        let course = try OrdinaryCourse(network).run(
            CourseRequest(times: [0, 1], outputs: [.init("total"), .init("S", .amount)]), relative: 1e-6,
            absolute: 1e-9, seed: 1)
        #expect(course.values == [11, 10, 11, 10])
    }

    @Test func reactionNamesMeanTheirRates() throws {
        var network = ReactionNetwork(name: "names")
        network.compartments = [NetworkCompartment(name: "c", size: 1)]
        network.species = [NetworkSpecies(name: "S", compartment: "c", initial: .amount(1))]
        network.parameters = [NetworkParameter(name: "x", value: 0, isConstant: false)]
        network.reactions = [NetworkReaction(name: "r", reactants: [.init("S")], products: [], rate: .name("S"))]
        network.rateRules = [A("x", .name("r"))]
        try Self.compare(network, "x", to: 2) { 1 - exp(-$0) }
        try Self.compare(network, "r", to: 2) { exp(-$0) }
    }

    // MARK: - Rules

    /// x² + y² = 1 with x = cos t: the algebraic rule determines y.
    @Test func anAlgebraicRuleKeepsToTheCircle() throws {
        var network = Self.varying(["x": 1, "u": 0, "y": nil])
        network.rateRules = [A("x", .number(-1) * .name("u")), A("u", .name("x"))]
        network.algebraicRules = [
            .name("x") * .name("x") + (.name("y") - .number(2)) * (.name("y") - .number(2)) - .number(4)
        ]
        try Self.compare(network, "y", to: 3) { 2 - (4 - pow(cos($0), 2)).squareRoot() }
    }

    /// The first rule can only determine what the second could too.
    @Test func algebraicRulesAreMatchedToTheirVariables() throws {
        var network = Self.varying(["a": 1, "b": 1, "s": 0])
        network.rateRules = [A("s", .number(1))]
        network.algebraicRules = [
            .name("a") + .name("b") - .number(10), .name("a") - .number(2) * .name("s"),
        ]
        try Self.compare(network, "a", to: 2) { 2 * $0 }
        try Self.compare(network, "b", to: 2) { 10 - 2 * $0 }
    }

    /// The rule's variable is inside an assignment rule.
    @Test func anAlgebraicRuleReachesThroughAssignmentRules() throws {
        var network = Self.varying(["y": 1, "sum": nil, "x": 0])
        network.rateRules = [A("x", .number(1))]
        network.assignmentRules = [A("sum", .name("x") + .name("y"))]
        network.algebraicRules = [.name("sum") - .number(3)]
        try Self.compare(network, "y", to: 2) { 3 - $0 }
    }

    @Test func ratesOfChangeAreExact() throws {
        var network = Self.varying(["x": 1, "v": nil, "y": nil, "w": nil])
        network.rateRules = [A("x", .number(-2) * .name("x"))]
        network.assignmentRules = [
            A("v", .rate(of: "x")), A("y", .name("x") * .name("x") + .time), A("w", .rate(of: "y")),
        ]
        try Self.compare(network, "v", to: 2) { -2 * exp(-2 * $0) }
        try Self.compare(network, "w", to: 2) { 1 - 4 * exp(-4 * $0) }
    }

    // MARK: - Delays

    /// y′ = −y(t − 1), y = 1 before: polynomials by the method of steps.
    @Test func aDelayedDecayIsThatOfTheMethodOfSteps() throws {
        var network = Self.varying(["y": 1])
        network.rateRules = [A("y", .number(-1) * .delayed(.name("y"), by: .number(1)))]
        func factorial(_ n: Int) -> Double { (1...max(n, 1)).reduce(1) { $0 * Double($1) } }
        try Self.compare(network, "y", to: 4, 1e-7) { time in
            // Σ (−1)ᵏ (t − (k − 1))ᵏ / k! over the steps begun.
            var sum = 1.0
            for k in 1...5 where time > Double(k - 1) {
                sum += pow(-1, Double(k)) * pow(time - Double(k - 1), Double(k)) / factorial(k)
            }
            return sum
        }
    }

    @Test func delaysMayVaryAndReachBeforeTheStart() throws {
        var network = Self.varying(["x": nil, "z": nil, "y": nil])
        // Before the start, x is what its initial assignment says at each time.
        network.initialAssignments = [A("x", .time * .time)]
        network.rateRules = [A("x", .number(1))]
        network.assignmentRules = [
            A("z", .delayed(.name("x"), by: .number(2))),
            A("y", .delayed(.name("x") + .time, by: .number(0.5) * .time)),
        ]
        try Self.compare(network, "z", to: 4) { $0 < 2 ? pow($0 - 2, 2) : $0 - 2 }
        try Self.compare(network, "y", to: 4) { 0.5 * $0 + 0.5 * $0 }
    }

    /// p jumps at 0.5, so that y has a kink at 1.5 and is 0 before.
    @Test func aJumpComesBackAfterTheDelay() throws {
        var network = Self.varying(["p": 0, "y": 0])
        network.rateRules = [A("y", .delayed(.name("p"), by: .number(1)))]
        network.events = [
            NetworkEvent(
                name: "jump", trigger: .call(.greaterOrEqual, [.time, .number(0.5)]),
                assignments: [A("p", .number(1000))])
        ]
        try Self.compare(network, "y", to: 3, 1e-12) { max(0, 1000 * ($0 - 1.5)) }
    }

    @Test func aDelayOfADelayIsTheirSum() throws {
        var network = Self.varying(["x": 0, "y": nil, "z": nil])
        network.rateRules = [A("x", .number(1))]
        network.assignmentRules = [
            A("y", .delayed(.name("x"), by: .number(1))), A("z", .delayed(.name("y"), by: .number(0.5))),
        ]
        try Self.compare(network, "z", to: 4) { max(0, $0 - 1.5) }
    }

    // MARK: - Pieces

    /// A square wave: its integral has kinks that no error control is needed for.
    @Test func piecesOfTimeAreIntegratedPieceByPiece() throws {
        var network = Self.varying(["x": 0])
        let phase = Formula.call(.remainder, [.time, .number(1)])
        network.rateRules = [
            A(
                "x",
                .piecewise(
                    [.init(value: .number(1), condition: .call(.less, [phase, .number(0.25)]))], otherwise: .number(0)))
        ]
        try Self.compare(network, "x", to: 5, 1e-10, steps: 50) {
            0.25 * $0.rounded(.down) + min(0.25, $0 - $0.rounded(.down))
        }
    }

    @Test func aFloorIsAStair() throws {
        var network = Self.varying(["x": 0, "y": 0])
        network.rateRules = [A("x", .number(1)), A("y", .call(.floor, [.name("x")]))]
        try Self.compare(network, "y", to: 4, 1e-9) { time in
            let n = time.rounded(.down)
            return n * (n - 1) / 2 + n * (time - n)
        }
    }

    // MARK: - Fast reactions

    /// A ⇌ B at equilibrium (B = 2 A) while B decays: the total decays by 2/3 of the rate.
    @Test func fastReactionsAreAtEquilibrium() throws {
        var network = ReactionNetwork(name: "fast")
        network.compartments = [NetworkCompartment(name: "c", size: 1)]
        network.species = [
            NetworkSpecies(name: "X", compartment: "c", initial: .amount(3)),
            NetworkSpecies(name: "Y", compartment: "c", initial: .amount(0)),
        ]
        network.reactions = [
            NetworkReaction(
                name: "f", reactants: [.init("X")], products: [.init("Y")],
                rate: .number(2) * .name("X") - .name("Y"), isFast: true),
            NetworkReaction(name: "d", reactants: [.init("Y")], products: [], rate: .name("Y")),
        ]
        try Self.compare(network, "X", to: 3) { exp(-2 * $0 / 3) }
        try Self.compare(network, "Y", to: 3) { 2 * exp(-2 * $0 / 3) }
    }

    @Test func fastReactionsWithoutEquilibriumAreRefused() throws {
        var network = ReactionNetwork(name: "endless")
        network.compartments = [NetworkCompartment(name: "c", size: 1)]
        network.species = [NetworkSpecies(name: "X", compartment: "c", initial: .amount(3))]
        network.reactions = [
            NetworkReaction(name: "f", reactants: [], products: [.init("X")], rate: .number(1), isFast: true)
        ]
        do {
            _ = try network.course(["X"], to: 1)
            Issue.record("found an equilibrium where there is none")
        } catch let failure as NetworkFailure {
            #expect(failure.problem == "at time 0.0 the fast reactions have no equilibrium")
        }
    }
}
