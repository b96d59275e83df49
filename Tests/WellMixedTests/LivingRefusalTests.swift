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

    @Test func whatNeedsTouch() throws {
        let cells =
            Self.tumour
            + "\nK: {count: 1, radius: 3 µm, kills: {T: 1 /h}}\nP: {count: 1, radius: 3 µm, eats: {T: 1 /h}}"
        let text = try refusal(cells)
        #expect(text.contains("cells.K.kills.T: error"))
        #expect(text.contains("cells.P.eats.T: error"))
        #expect(text.contains("paracrine run"))
    }

    @Test func whatOnlyOneCellHas() throws {
        let aged = try refusal(Self.tumour, "\"T: age increases dies.rate from 0.1 /h to 1 /h, half-max 5 h\"")
        #expect(aged.contains("'age' is read"))
        let touched = try refusal(
            Self.tumour + "\nK: {count: 1, radius: 3 µm}",
            "\"T: contact with K increases dies.rate from 0.1 /h to 1 /h, half-max 1 cell\"")
        #expect(touched.contains("'contact with K' is read"))
    }

    @Test func timesThatNoStagesHave() throws {
        let wide = "T: {count: 1, radius: 3 µm, divides: {rate: 1 /h, phases: {S: 2 h ± 120 %}}}"
        #expect(try refusal(wide).contains("cells.T.divides.phases.S"))
        let late =
            "T: {count: 1, radius: 3 µm, divides: {rate: 1 /h, phases: {S: 2 h}}, dies: {rate: 1 /h, not before: 9 h}}"
        #expect(try refusal(late).contains("cells.T.dies"))
    }

    /// By chance a sum that is not exact is made only for one who asks for it.
    @Test func sumsThatAreNotExact() throws {
        let rule = "\"T: R.bound increases dies.rate from 0.1 /h to 1 /h, half-max 5\""
        #expect(try refusal(Self.tumour, rule).isEmpty)
        #expect(try refusal(Self.tumour, rule, method: .ssa).contains("--cells 1"))
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
