import AnalyticSolutions
import Foundation
import Testing

/// The references for receptors against the figures of facts/validation.md.
@Suite struct ReceptorReferenceTests {
    @Test(arguments: [(0.010, 0.9091), (1, 0.0909), (10, 0.0099)])
    func occupancyIsV06s(kD: Double, expected: Double) {
        #expect(abs(Binding(kOn: 1, kOff: kD).occupancy(at: 0.1) - expected) < 5.1e-5)
    }

    @Test func depletionIsV06s() {
        let bound = Binding(kOn: 1, kOff: 10).bound(receptors: 16.605, ligand: 100)  // pM
        #expect(isNear(bound, 14.860, 1e-4))
        #expect(isNear(bound / 16.605 * 1e4, 8949, 1e-4))
        #expect(isNear((16.605 - bound) * (100 - bound), 10 * bound, 1e-12))
    }

    @Test func depletionKeepsItsDigitsInExcess() {
        let bound = Binding(kOn: 1, kOff: 1).bound(receptors: 1e-9, ligand: 1e3)
        #expect(isNear(bound, 1e-9 * 1e3 / 1001, 1e-12))
    }

    @Test func relaxationIsV06s() {
        let binding = Binding(kOn: 2.8e7, kOff: 2.8e7 * 1.9e-11)  // /M/s, /s
        #expect(isNear(binding.kOff, 5.32e-4, 1e-3))
        #expect(isNear(binding.relaxationRate(at: 1e-10), 3.332e-3, 1e-3))
        #expect(isNear(log(2) / binding.relaxationRate(at: 1e-10), 208.0, 1e-3))
        #expect(isNear(binding.occupancy(at: 1e-10), 0.8403, 1e-4))
        #expect(isNear(Binding(kOn: 1, kOff: 4.2e-10).occupancy(at: 1e-10), 0.1923, 3e-4))
        #expect(isNear(binding.occupancy(at: 1e-10, after: 208.0), 0.8403 / 2, 1e-3))
    }

    @Test(arguments: [(0.0, 0.5), (1, 0.3333), (10, 0.08333), (100, 0.009804)])
    func antagonistCompetesAsInV17(antagonist: Double, expected: Double) {
        #expect(isNear(Competition.occupancy(agonist: 1, antagonist: antagonist), expected, 2e-4))
        let restored = Competition.doseRatio(antagonist: antagonist)
        #expect(isNear(Competition.occupancy(agonist: restored, antagonist: antagonist), 0.5, 1e-12))
    }

    @Test func schildSlopeIsOne() {
        let points = [0.1, 1, 10, 100].map { (x: log10($0), y: log10(Competition.doseRatio(antagonist: $0) - 1)) }
        #expect(abs(slope(points) - 1) < 1e-12)
    }

    /// V07, and the free and bound receptors of a stiff integrator at 4320 min (facts: BIOMD0000000665 reference run).
    @Test func ligandDepletionIsV07s() {
        let times = [0.0, 60, 240, 720, 1440, 2880, 4320]
        let states = ReferenceIntegrator(relativeTolerance: 1e-9).states(
            from: FallonLauffenburger.start, at: times, FallonLauffenburger.derivative)
        let ligand = [10, 9.708, 9.173, 7.915, 6.159, 3.379, 1.625]
        let bound = [1, 232.1, 158.0, 141.4, 123.8, 84.95, 48.70]
        for (state, (free, complexes)) in zip(states, zip(ligand, bound)) {
            #expect(isNear(state[5], free, 1e-3))
            #expect(isNear(state[1], complexes, 1e-3))
        }
        for (value, expected) in zip(
            states[6], [1285.979701, 48.70180016, 298.4431906, 14.41205068, 4.277838425, 1.625097615, 280270053.7])
        {
            #expect(isNear(value, expected, 1e-6))
        }
    }

    @Test func integratorDecaysAndTurnsExactly() {
        let integrator = ReferenceIntegrator()
        let decayed = integrator.states(from: [1], at: [0, 1, 10]) { _, y in [-y[0]] }
        #expect(isNear(decayed[1][0], exp(-1), 1e-9))
        #expect(isNear(decayed[2][0], exp(-10), 1e-7))
        let turned = integrator.states(from: [1, 0], at: [0, 2 * .pi]) { _, y in [y[1], -y[0]] }
        #expect(abs(turned[1][0] - 1) < 1e-8)
        #expect(abs(turned[1][1]) < 1e-8)
        let driven = integrator.states(from: [0], at: [0, 3]) { t, _ in [t * t] }
        #expect(isNear(driven[1][0], 9, 1e-10))
    }

    @Test func integratorIsFifthOrder() {
        let errors = [4, 8, 16].map { steps -> Double in
            let h = 2 / Double(steps)
            let y = (0..<steps).reduce([1.0]) { y, i in
                ReferenceIntegrator.step(y, time: Double(i) * h, size: h) { t, y in [y[0] * cos(t)] }
            }
            return abs(y[0] - exp(sin(2)))
        }
        #expect((4.7...5.4).contains(observedOrder(errors: errors, steps: [4, 2, 1])))
    }
}
