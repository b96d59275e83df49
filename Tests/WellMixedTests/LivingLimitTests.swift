import Testing
import WellMixed

/// Living tissue at fast diffusion is the mixed one: numbers of cells, what they carry and where molecules are.
@Suite struct LivingLimitTests {
    static let model = """
        space: {box: 200 x 200 x 200 µm, grid: 50 µm}
        mechanics: {}
        molecules:
          lig: {diffusion: 1e6 µm²/s, decay: 0.5 /h}
          signal: {diffusion: 1e6 µm²/s, decay: 0.2 /h}
        receptors:
          R: {ligand: lig, k_on: 1e7 /M/s, k_off: 1e-3 /s, k_endo: 2e-4 /s, turnover: 1e-4 /s}
          S: {ligand: signal, k_on: 1e7 /M/s, k_off: 1e-3 /s, supply: none}
        cells:
          sender: {count: 20, radius: 3 µm, secretes: {lig: 40 molecules/s, signal: 20 molecules/s}}
          taker:
            count: 1000
            radius: 3 µm
            receptors: {R: 500, S: 200}
            divides: {rate: 0.06 /h, not before: 1 h}
            dies: {rate: 0.05 /h, cleared: 1 h}
            necrosis: {rate: 0.02 /h, releases: {signal: 100 molecules}}
            becomes: {memory: 0.3 /h}
          memory: {radius: 3 µm, receptors: {R: 100}}
        rules:
          - taker: R.bound increases dies.rate from 0.05 /h to 0.2 /h, half-max 50, half-time 30 min
        place: {other: random}
        run: {for: 2 h, seed: 5, rule step: 2 min, motion step: 2 min, tolerance: 1e-4}
        """
    static let responses = [
        "number of taker", "number of memory", "number of dead taker", "mean R.bound of taker", "mean R.total of taker",
        "mean S.total of taker", "mean R.bound of memory", "dissolved lig", "dissolved signal", "secreted signal",
        "internalised lig", "internalised signal", "number of taker at 1 h", "mean R.bound of taker at 1 h",
    ]

    @Test func theLivingTissueAtHighDiffusionIsTheMixedOne() throws {
        let mixed = try Mixed(Self.model, Self.responses)
        #expect(mixed.worstImbalance <= 1e-9)
        let tissue = try Mixed.withSpace(Self.model, Self.responses)
        for (name, (a, b)) in zip(Self.responses, zip(tissue, mixed.values)) {
            let drawn = Self.drawn(name, b)
            #expect(abs(a - b) <= (0.01 + drawn) * abs(b), "\(name): \(a) with space, \(b) mixed")
        }
    }

    /// What chance may add to the 1 %: in the tissue cells die and change one by one.
    ///
    /// Numbers of cells by three standard errors of a Poisson number; what is internalised with some 500 cells that die or
    /// change by those of 500; how long some 400 cells have been memory by 2 %.
    private static func drawn(_ name: String, _ value: Double) -> Double {
        if name.hasPrefix("number") { return 3 / value.squareRoot() }
        if name == "internalised signal" { return 3 / 500.0.squareRoot() }
        return name.hasSuffix("memory") ? 0.02 : 0
    }
}
