import Biology
import Foundation
import Simulation
import Testing

@testable import Tissue

/// A body without cells: what compartments do by themselves, and what they exchange with tissue.
enum Bodies {
    /// An empty tissue of 10 voxels in a line.
    static func model(_ molecule: Molecule, _ compartments: [Compartment], hours: Double = 4) -> Model {
        let space = Space(size: [100, 10, 10].map { .micrometres($0) }, spacing: .micrometres(10))
        var model = Model(name: "body", space: space, run: RunPlan(duration: .hours(hours), seed: 1))
        model.molecules = [molecule]
        model.compartments = compartments
        return model
    }

    /// Konrad 1990 (facts/validation.md V09): 1e6 U/m² into 1.73 m², with 1 U/mL written as 1 nM.
    static func konrad() -> Model {
        var molecule = Molecule(name: "IL-2", diffusion: DiffusionCoefficient(coherent: 0))
        var plasma = CompartmentKinetics("blood")
        plasma.clearance = FirstOrderRate(coherent: 0.04509 / 60)
        plasma.transfers = ["periphery": FirstOrderRate(coherent: 0.00708 / 60)]
        var periphery = CompartmentKinetics("periphery")
        periphery.transfers = ["blood": FirstOrderRate(coherent: 0.00972 / 60)]
        molecule.compartments = [plasma, periphery]
        return model(
            molecule,
            [
                Compartment(name: "blood", volume: Volume(coherent: 2.6615e15)),
                Compartment(name: "periphery", volume: Volume(coherent: 2e15)),
            ])
    }
}

@Suite struct CompartmentTests {
    private func course(_ model: Model, minutes: [Double]) throws -> [Double] {
        let engine = BodyEngine(model, cells: [], threads: 1)
        var found: [Double] = []
        for minute in minutes {
            while engine.time < minute * 60 { try engine.step(until: 14_400) }
            found.append(engine.concentration(of: "IL-2", in: "blood", at: minute * 60) ?? .nan)
        }
        return found.map { $0 / Concentration.nanomolar(1).value }
    }

    @Test func bolusFollowsKonrad() throws {
        var model = Bodies.konrad()
        model.treatments = [
            Treatment(molecule: "IL-2", dose: .bolus(.nanomolar(650), at: .zero), into: "blood")
        ]
        let found = try course(model, minutes: [10, 30, 60, 120, 240])
        for (value, expected) in zip(found, [387.3, 142.7, 38.65, 9.376, 3.152]) {
            #expect(abs(value / expected - 1) < 5e-3, "\(value) against \(expected)")
        }
        // The law of these rates itself.
        let (a, b, c) = (0.04509 + 0.00708, 0.00972, 0.04509 * 0.00972)
        let root = ((a + b) * (a + b) / 4 - c).squareRoot()
        let (fast, slow) = ((a + b) / 2 + root, (a + b) / 2 - root)
        for (value, minute) in zip(found, [10.0, 30, 60, 120, 240]) {
            let share = (fast - b) / (fast - slow)
            let expected = 650 * (share * exp(-fast * minute) + (1 - share) * exp(-slow * minute))
            #expect(abs(value / expected - 1) < 1e-12, "\(value) against \(expected)")
        }
    }

    @Test func infusionOverSixHoursReachesKonradsPlateau() throws {
        var model = Bodies.konrad()
        model.run.duration = .hours(6)
        // 1.73e6 U over 6 h into 2661.5 mL.
        let rate = Concentration.nanomolar(1.73e6 / 2661.5 / 21_600).value
        model.treatments = [
            Treatment(
                molecule: "IL-2", dose: .infusion(Infusion(coherent: rate), from: .zero, to: .hours(6)), into: "blood")
        ]
        let engine = BodyEngine(model, cells: [], threads: 1)
        while engine.time < 21_600 { try engine.step(until: 21_600) }
        let level = try #require(engine.concentration(of: "IL-2", in: "blood", at: 21_600))
        #expect(abs(level / Concentration.nanomolar(39.6).value - 1) < 5e-3)
    }

    @Test func seenBetweenStepsTheLedgerClosesToo() throws {
        var model = Bodies.konrad()
        model.molecules[0].compartments?[0].exchange = FirstOrderRate(coherent: 1e-3)
        model.treatments = [
            Treatment(molecule: "IL-2", dose: .bolus(.nanomolar(650), at: .zero), into: "blood")
        ]
        let engine = BodyEngine(model, cells: [], threads: 1)
        var before = 0.0
        while engine.time < 3600 {
            try engine.step(until: 3600)
            for share in [0.1, 0.5, 0.9, 1] {
                let ledger = engine.ledgers(at: before + share * (engine.time - before))[0]
                #expect(ledger.relativeImbalance < 1e-12)
                #expect(ledger[.carried] > 0)
            }
            before = engine.time
        }
    }
}

@Suite struct CompartmentBindingTests {
    /// A cytokine and its antibody in blood; the cytokine is cleared, the antibody and what it holds are not.
    private func model() -> Model {
        func molecule(_ name: String, nanomolar: Double, perSecond clearance: Double) -> Molecule {
            var molecule = Molecule(name: name, diffusion: DiffusionCoefficient(coherent: 0))
            var blood = CompartmentKinetics("blood")
            blood.starts = .nanomolar(nanomolar)
            blood.clearance = FirstOrderRate(coherent: clearance)
            molecule.compartments = [blood]
            return molecule
        }
        var model = Bodies.model(
            molecule("IL-6", nanomolar: 2, perSecond: 2e-3),
            [Compartment(name: "blood", volume: Volume(coherent: 1e12))], hours: 1)
        var complex = molecule("bound", nanomolar: 0, perSecond: 0)
        complex.association = SolubleAssociation(
            first: "IL-6", second: "antibody", kOn: AssociationRate(coherent: kOn), kOff: FirstOrderRate(coherent: 1e-3)
        )
        model.molecules += [molecule("antibody", nanomolar: 3, perSecond: 0), complex]
        return model
    }

    /// 0.01 /(nM·s).
    private let kOn = 0.01 / 0.602214076

    @Test func bindingInBloodFollowsItsLaw() throws {
        let engine = BodyEngine(model(), cells: [], threads: 1)
        // Runge–Kutta of fourth order in nM.
        var y = SIMD3(2.0, 3, 0)
        func rate(_ y: SIMD3<Double>) -> SIMD3<Double> {
            let net = 0.01 * y[0] * y[1] - 1e-3 * y[2]
            return SIMD3(-net - 2e-3 * y[0], -net, net)
        }
        let step = 0.1
        for n in 1...6000 {
            let a = rate(y)
            let b = rate(y + a * (step / 2))
            let c = rate(y + b * (step / 2))
            let d = rate(y + c * step)
            y += (a + (b + c) * 2 + d) * (step / 6)
            guard n % 1000 == 0 else { continue }
            let time = Double(n) * step
            while engine.time < time { try engine.step(until: time) }
            for (m, name) in ["IL-6", "antibody", "bound"].enumerated() {
                let found = try #require(engine.concentration(of: name, in: "blood", at: time))
                #expect(abs(found / Concentration.nanomolar(1).value - y[m]) < 2e-4, "\(name) at \(time) s")
            }
            for ledger in engine.ledgers(at: time) { #expect(ledger.relativeImbalance < 1e-12) }
        }
        #expect(y[2] > 1)
    }
}

@Suite struct CompartmentExchangeTests {
    /// Tissue and blood of one volume, exchanging everywhere: the difference decays at twice the rate.
    private func exchange(window: Double?, tolerance: Double = 1e-3) throws -> (Double, BodyEngine) {
        var molecule = Molecule(name: "IL-6", diffusion: DiffusionCoefficient(coherent: 10))
        var blood = CompartmentKinetics("blood")
        blood.starts = .nanomolar(1)
        blood.exchange = FirstOrderRate(coherent: 0.01)
        blood.clearance = FirstOrderRate(coherent: 0.004)
        molecule.compartments = [blood]
        var model = Bodies.model(molecule, [Compartment(name: "blood", volume: Volume(coherent: 1e4))], hours: 1)
        model.run.tolerance = tolerance
        let engine = BodyEngine(model, cells: [], threads: 1, window: window)
        while engine.time < 100 { try engine.step(until: 100) }
        let level = try #require(engine.concentration(of: "IL-6", in: "blood", at: 100))
        return (level / Concentration.nanomolar(1).value, engine)
    }

    /// db/dt = −(k + λ) b + k c, dc/dt = k (b − c), from b = 1, c = 0.
    private func exact(_ time: Double) -> Double {
        let (k, l) = (0.01, 0.004)
        let (trace, det) = (-(2 * k + l), k * l)
        let root = (trace * trace / 4 - det).squareRoot()
        let (fast, slow) = (trace / 2 - root, trace / 2 + root)
        // b' (0) = −(k + λ).
        let share = (-(k + l) - slow) / (fast - slow)
        return share * exp(fast * time) + (1 - share) * exp(slow * time)
    }

    @Test func couplingIsSecondOrderInTheWindow() throws {
        let errors = try [20.0, 10, 5].map { abs(try exchange(window: $0, tolerance: 1e-6).0 - exact(100)) }
        let orders = zip(errors, errors.dropFirst()).map { log2($0 / $1) }
        #expect(orders.allSatisfy { $0 > 1.8 }, "\(errors), orders \(orders)")
    }

    @Test func errorControlKeepsTheTolerance() throws {
        let (level, engine) = try exchange(window: nil)
        #expect(abs(level - exact(100)) < 2e-3, "\(level) against \(exact(100)) in \(engine.windows) windows")
        let (finer, more) = try exchange(window: nil, tolerance: 1e-5)
        #expect(abs(finer - exact(100)) < 4e-5, "\(finer) against \(exact(100)) in \(more.windows) windows")
    }
}
