import AnalyticSolutions
import Biology
import Foundation
import Simulation
import Testing

@testable import Tissue

/// Rules: how signals drive behaviours, when, and what several of them do together.
@Suite struct RuleTests {
    static func rule(_ inputs: [(halfMax: Double, hill: Double)], _ interaction: Interaction = .independent) -> Rule {
        var rule = Rule(
            cellType: "C", inputs: inputs.map { RuleInput(signal: .time, halfMax: $0.halfMax, hill: $0.hill) },
            behaviour: .state("s"), from: 0, to: 1)
        rule.interaction = interaction
        return rule
    }

    // MARK: How signals meet

    @Test func hillCurveHasItsHalfAndItsSlope() {
        let rule = Self.rule([(halfMax: 3, hill: 2)])
        #expect(Phenotype.fraction(rule, [0]) == 0)
        #expect(isNear(Phenotype.fraction(rule, [3]), 0.5, 1e-15))
        #expect(isNear(Phenotype.fraction(rule, [9]), 0.9, 1e-15))
        #expect(Phenotype.fraction(rule, [1e200]) == 1)
        #expect(Phenotype.fraction(rule, [-1]) == 0)
    }

    /// V16: a mixture of one agent with itself (4 + 6 at a half-max of 10) is half by doses, and more by Bliss.
    @Test func shamMixtureTellsDosesFromBliss() {
        let inputs = [(halfMax: 10.0, hill: 1.0), (halfMax: 10.0, hill: 1.0)]
        #expect(isNear(Phenotype.fraction(Self.rule(inputs, .additive), [4, 6]), 0.5, 1e-9))
        let bliss = Phenotype.fraction(Self.rule(inputs), [4, 6])
        #expect(isNear(bliss, 1 - (1 - 4 / 14.0) * (1 - 6 / 16.0), 1e-12))
        #expect(abs(1 - bliss - (1 - 0.5536)) < 1e-4)
        #expect(isNear(Phenotype.fraction(Self.rule(inputs, .all), [4, 6]), 4 / 14.0 * 6 / 16.0, 1e-12))
    }

    /// Doses and half-maxima in another unit are the same doses, also where hill numbers differ.
    @Test(arguments: [1e-9, 1e-3, 1e6])
    func musycHasNoUnit(factor: Double) {
        func fraction(_ unit: Double) -> Double {
            let inputs = [(halfMax: 10 * unit, hill: 1.0), (halfMax: 5 * unit, hill: 2.0)]
            return Phenotype.fraction(
                Self.rule(inputs, .musyc(potency: 4, efficacy: 1.5)), [7 * unit, 3 * unit])
        }
        #expect(abs(fraction(factor) / fraction(1) - 1) < 1e-12)
    }

    /// V16's worked example: doses at half-max, E = 1, 0.7, 0.8, 0.1 in the four states.
    @Test(arguments: [(1.0, 0.65), (10, 0.26923)])
    func musycIsV16s(potency: Double, expected: Double) {
        let inputs = [(halfMax: 10.0, hill: 1.0), (halfMax: 5.0, hill: 1.0)]
        let (one, any) = (
            Phenotype.fraction(Self.rule(inputs, .musyc(potency: potency, efficacy: 0)), [10, 5]),
            Phenotype.fraction(Self.rule(inputs, .musyc(potency: potency, efficacy: 1)), [10, 5])
        )
        // At half-max doses the two single states are equally full.
        let effect = (1 - any) * 1 + one * (0.7 + 0.8) / 2 + (any - one) * 0.1
        #expect(abs(effect - expected) < 1e-5, "\(effect)")
        let double = Phenotype.fraction(Self.rule(inputs, .musyc(potency: potency, efficacy: 3)), [10, 5])
        #expect(isNear(double, one + 3 * (any - one), 1e-12))
    }

    // MARK: When

    static func scene(_ rules: [Rule], states: [(String, Double)], step: Double = 10) -> Scene {
        var scene = Scene(cube: 2, spacing: 20)
        scene.add(molecule: "L", diffusion: 10)
        scene.add(type: "C")
        scene.model.cellTypes[0].states = states.map {
            CellState(name: $0.0, expression: .number($0.1), dimension: .none)
        }
        scene.model.run.ruleStep = .seconds(step)
        scene.model.rules = rules
        scene.place("C", at: scene.centre)
        return scene
    }

    @Test(arguments: [(300.0, 10.0), (305, 10), (4000, 10)])
    func delayShiftsTheSignal(delay: Double, step: Double) throws {
        var rule = Self.rule([(halfMax: 1e5, hill: 1)])
        rule.delay = .seconds(delay)
        let engine = Self.scene([rule], states: [("s", 0)], step: step).engine()
        for time in [1000.0, 5001, 9001] {
            try engine.advance(to: time)
            // The last tick before this time set the state.
            let tick = ((time - 1e-9) / step).rounded(.down) * step
            let late = max(0, tick - delay)
            let found = engine.column(.state("s"))[0]
            #expect(abs(found - late / (late + 1e5)) < 1e-5, "\(time) s: \(found), \(late / (late + 1e5))")
        }
    }

    @Test func halfTimeIsTheTimeToHalf() throws {
        var rule = Self.rule([(halfMax: 995, hill: 1000)])
        rule.halfTime = .seconds(200)
        let engine = Self.scene([rule], states: [("s", 0)]).engine()
        try engine.advance(to: 991)
        #expect(engine.column(.state("s"))[0] < 1e-2)
        try engine.advance(to: 1191)
        #expect(abs(engine.column(.state("s"))[0] - 0.5) < 0.02)
        try engine.advance(to: 1391)
        #expect(abs(engine.column(.state("s"))[0] - 0.75) < 0.02)
    }

    // MARK: Several rules and blocks

    @Test(arguments: [(Combination.product, 45.0), (.sum, 35.0), (.max, 30.0), (.min, 15.0)])
    func rulesCombineAsSaid(combination: Combination, expected: Double) throws {
        var rules = [Self.rule([(halfMax: 1, hill: 1)]), Self.rule([(halfMax: 1, hill: 1)])]
        for (i, to) in [15.0, 30].enumerated() {
            rules[i].from = 10
            rules[i].to = to
        }
        var scene = Self.scene(rules, states: [("s", 10)])
        scene.model.combinations[.state("s")] = combination
        let engine = scene.engine()
        try engine.advance(to: 1e6 + 1)
        #expect(isNear(engine.column(.state("s"))[0], expected, 1e-4))
    }

    /// A signal of 3 at half-max 3, blocked by a factor 1/(1 + (20/10)²) = 1/5.
    @Test func blockDividesTheSignal() throws {
        var rule = Self.rule([(halfMax: 3, hill: 1)])
        rule.inputs[0].signal = .state("signal")
        var scene = Self.scene([rule], states: [("s", 0), ("signal", 3), ("blocker", 20)])
        scene.model.blocks = [
            SignalBlock(
                cellType: "C", signal: .state("signal"),
                by: RuleInput(signal: .state("blocker"), halfMax: 10, hill: 2))
        ]
        let engine = scene.engine()
        try engine.advance(to: 1)
        #expect(isNear(engine.column(.state("s"))[0], 0.2 / 1.2, 1e-12))
    }

    @Test func contactsAreCounted() throws {
        var scene = Scene(voxels: [8, 8, 8], spacing: 10, periodic: [.x])
        scene.add(molecule: "L", diffusion: 10)
        scene.add(type: "A")
        scene.add(type: "B", radius: 4)
        scene.model.record.cells = CellRecord(every: .seconds(1), columns: [.contact("A"), .contact("B")])
        // Two A touch, a B touches the first, and another B touches it around the periodic face.
        scene.place("A", at: [4, 40, 40])
        scene.place("A", at: [14, 40, 40])
        scene.place("B", at: [4, 49, 40])
        scene.place("B", at: [75.5, 40, 40])
        scene.place("B", at: [40, 10, 10])
        let engine = scene.engine()
        try engine.advance(to: 1)
        #expect(engine.column(.contact("A")) == [1, 1, 1, 1, 0])
        #expect(engine.column(.contact("B")) == [2, 0, 0, 0, 0])
    }

    // MARK: What rules change

    /// Held receptors follow at once; those made by turnover with the rate of their loss.
    @Test func expressionFollowsItsSupply() throws {
        let supplies: [ReceptorSupply] = [.held, .turnover(loss: .perSecond(1e-3)), .none]
        for supply in supplies {
            var scene = Scene(cube: 2, spacing: 20, tolerance: 1e-5)
            scene.add(molecule: "L", diffusion: 10)
            scene.add(receptor: "R", [LigandBinding("L", on: 0.01, off: 1e-3)], supply: supply)
            scene.add(type: "C", receptors: ["R": 1000])
            scene.place("C", at: scene.centre)
            scene.model.run.ruleStep = .seconds(100)
            scene.model.rules = [
                Rule(
                    cellType: "C", inputs: [RuleInput(signal: .time, halfMax: 450, hill: 2000)],
                    behaviour: .expression("R"), from: 1000, to: 3000)
            ]
            let engine = scene.engine()
            try engine.advance(to: 450)
            #expect(isNear(engine.column(.receptor("R", .total))[0], 1000, 1e-6))
            try engine.advance(to: 1500)
            var expected = 3000.0
            if case .turnover = supply { expected = 3000 - 2000 * exp(-1) }
            #expect(isNear(engine.column(.receptor("R", .total))[0], expected, 1e-3), "\(supply)")
        }
    }

    /// A secretion that a rule raises shows in the ledger, from its tick on.
    @Test func secretionFollowsItsRule() throws {
        var scene = Scene(cube: 4, spacing: 20)
        scene.add(molecule: "L", diffusion: 10)
        scene.add(type: "C", secretes: ["L": 2])
        scene.place("C", at: scene.centre)
        scene.model.run.ruleStep = .seconds(100)
        scene.model.rules = [
            Rule(
                cellType: "C", inputs: [RuleInput(signal: .time, halfMax: 450, hill: 2000)],
                behaviour: .secretion("L"), from: 2, to: 7)
        ]
        let engine = scene.engine()
        try engine.advance(to: 1000)
        #expect(isNear(engine.ledgerTotals[0][.secreted], 500 * 2 + 500 * 7, 1e-9))
    }
}
