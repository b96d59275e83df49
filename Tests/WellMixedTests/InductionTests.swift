import Biology
import Simulation
import Testing
import Tissue
import WellMixed

/// What rules make cells secrete is counted without space as in the tissue.
@Suite struct InductionTests {
    private static let text = """
        space: {box: 100 x 100 x 100 µm, grid: 10 µm}
        molecules: {lig: {diffusion: 10 µm²/s, starts: 3 nM}, out: {diffusion: 10 µm²/s}}
        cells: {a: {count: 20, radius: 3 µm, secretes: {out: 2 molecules/s}}, b: {count: 5, radius: 3 µm}}
        rules:
          - a: lig increases secretes.out from 2 molecules/s to 10 molecules/s, half-max 1 nM
          - a: lig increases secretes.out from 2 molecules/s to 8 molecules/s, half-max 1 nM, half-time 10 min
        combine: {secretes.out: sum}
        place: {other: lattice 20 µm}
        run: {for: 2 h, seed: 1, rule step: 10 s}
        """

    private func rows(_ method: MixMethod) throws -> (rows: [InductionRow], secreted: Double) {
        let model = try MixedModels.read(Self.text)
        let cells = try CellPlacement.place(model).cells
        var reduction = try Reduction(model, cells: cells, contacts: [:], method: method)
        let course = try reduction.course(times: [0, 3601, 7200], seed: 1) { _ in true }
        let engine = MixedEngine(reduction, cells: cells, contacts: [:], course: course)
        let ledger = try #require(engine.ledgers(at: 7200).first { $0.molecule == "out" })
        return (engine.inductions(at: 7200), ledger[.secreted])
    }

    /// Driven three quarters of the way from the start: 6 and 4.5 molecules/s more of each of 20 cells.
    @Test(arguments: MixMethod.allCases)
    func rulesStandForWhatIsMissingWithoutThem(method: MixMethod) throws {
        let found = try rows(method)
        #expect(found.rows.map(\.rule) == [0, 1])
        #expect(found.rows.map(\.drivenCells) == [20, 20])
        for (row, rate) in zip(found.rows, [6.0, 4.5]) {
            #expect(abs(row.induced / (rate * 20 * 7200) - 1) < 1e-6, "\(row)")
        }
        let all = found.rows.reduce(0) { $0 + $1.induced } + 2 * 20 * 7200
        let chance = method == .ssa ? 4 * all.squareRoot() : 1e-6 * all
        #expect(abs(found.secreted - all) < chance)
    }

    /// By equations and in the tissue, rule by rule.
    @Test func theTissueCountsTheSame() throws {
        let text = Self.text.replacing("starts: 3 nM", with: "starts: 3 nM, decay: 1 /h")
        let model = try MixedModels.read(text)
        let cells = try CellPlacement.place(model).cells
        let tissue = TissueEngine(model, cells: cells, threads: 1)
        while tissue.time < 7200 { try tissue.step(until: 7200) }
        var reduction = try Reduction(model, cells: cells, contacts: [:], method: .ode)
        let course = try reduction.course(times: [0, 7200], seed: 1) { _ in true }
        let mixed = MixedEngine(reduction, cells: cells, contacts: [:], course: course)
        for (a, b) in zip(tissue.inductions(at: 7200), mixed.inductions(at: 7200)) {
            #expect(a.rule == b.rule && abs(a.induced / b.induced - 1) < 0.01, "\(a), \(b)")
        }
    }
}
