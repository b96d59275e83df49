import Biology
import Testing
import WellMixed

/// What of living cells has no meaning without space is refused by its name, with what to do.
@Suite struct LivingRefusalTests {
    private func refusal(
        _ cells: String, _ rules: String = "", method: MixMethod = .ode, sampling: CellSampling = .fewest
    )
        throws -> String
    {
        let text = """
            space: {box: 100 x 100 x 100 µm, grid: 10 µm}
            mechanics: {}
            molecules: {lig: {diffusion: 10 µm²/s}}
            receptors: {R: {ligand: lig, k_on: 1e6 /M/s, k_off: 1e-3 /s}}
            cells:
            \(cells.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
            rules: [\(rules)]
            place: {other: random}
            run: {for: 1 h, seed: 1}
            """
        let model = try MixedModels.read(text)
        do {
            _ = try MixedModels.reduce(model, method, sampling: sampling)
            return ""
        } catch let error as MixRefusal { return "\(error)" }
    }

    private static let tumour = "T: {count: 1, radius: 3 µm, receptors: {R: 10}, dies: 0.1 /h}"

    /// By chance one mean cell has no age; hits that are repaired at different rates, or are very many, have no states.
    @Test func whatNoSumHas() throws {
        let rule = "\"T: age increases dies.rate from 0.1 /h to 1 /h, half-max 5 h\""
        #expect(try refusal(Self.tumour, rule).isEmpty)
        #expect(try refusal(Self.tumour, rule, method: .ssa).isEmpty)
        #expect(
            try refusal(Self.tumour, rule, method: .ssa, sampling: .number(1))
                .contains("'age' is read of cells that come and go"))
        let waiting = "T: {count: 1, radius: 3 µm, dies: {rate: 0.1 /h, not before: 2 h}}"
        #expect(try refusal(waiting, rule).contains("where they wait"))
        func killers(_ first: String, _ second: String) throws -> String {
            try refusal(
                Self.tumour
                    + "\nK: {count: 1, radius: 3 µm, kills: {T: {rate: 1 /h, hits: \(first)}}}"
                    + "\nNK: {count: 1, radius: 3 µm, kills: {T: {rate: 1 /h, hits: \(second)}}}")
        }
        #expect(try killers("2, repair: 1 h", "2, repair: 1 h").isEmpty)
        #expect(try killers("2, repair: 1 h", "2, repair: 2 h").contains("cells.K.kills.T: error"))
        let many = (1...200).map { "\nK\($0): {count: 1, radius: 3 µm, kills: {T: {rate: 1 /h, every: 1 h}}}" }.joined()
        #expect(try refusal(Self.tumour + many).contains("fewer types that hold it"))
        #expect(try killers("2, repair: 1 h", "900, repair: 1 h").contains("fewer 'hits'"))
    }

    @Test func timesThatNoStagesHave() throws {
        let wide = "T: {count: 1, radius: 3 µm, divides: {rate: 1 /h, phases: {S: 2 h ± 120 %}}}"
        #expect(try refusal(wide).contains("cells.T.divides.phases.S"))
        let late =
            "T: {count: 1, radius: 3 µm, divides: {rate: 1 /h, phases: {S: 2 h}}, dies: {rate: 1 /h, not before: 9 h}}"
        #expect(try refusal(late).contains("cells.T.dies"))
    }

    /// By chance cells are one by one where their sum is not exact, and a sum only for one who asks for it.
    @Test func sumsThatAreNotExact() throws {
        let rule = "\"T: R.bound increases dies.rate from 0.1 /h to 1 /h, half-max 5\""
        #expect(try refusal(Self.tumour, rule).isEmpty)
        #expect(try refusal(Self.tumour, rule, method: .ssa).isEmpty)
        #expect(try refusal(Self.tumour, rule, method: .ssa, sampling: .number(1)).isEmpty)
    }

    /// Where cells are is left out, and said so.
    @Test func motionIsLeftOut() throws {
        let text = """
            space: {box: 100 x 100 x 100 µm, grid: 10 µm}
            cells: {a: {count: 3, radius: 3 µm, motion: {speed: 1 µm/min, persistence: 2 min}}}
            place: {other: random}
            run: {for: 1 h, seed: 1}
            """
        let reduction = try MixedModels.reduce(MixedModels.read(text))
        #expect(reduction.notes.contains { $0.contains("how cells move is left out") })
    }
}
