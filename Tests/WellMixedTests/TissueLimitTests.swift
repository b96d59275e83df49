import Testing
import WellMixed

/// The tissue converges to the mixed medium when molecules diffuse fast.
@Suite struct TissueLimitTests {
    /// Two ligands, a decoy, chains, a rule with a half-time, walls: everything acts on everything.
    static let model = """
        parameters: {D: 1e6 µm²/s}
        space: {box: 80 x 80 x 80 µm, grid: 20 µm, walls: {x-: permeable 0.05 µm/s to 0.1 nM}}
        molecules:
          lig: {diffusion: D, decay: 0.5 /h}
          alt: {diffusion: D, starts: 0.3 nM}
          trap: {diffusion: D, starts: 0.2 nM}
          trapped: {diffusion: D, complex: {of: [alt, trap], k_on: 1e6 /M/s, k_off: 1e-4 /s}}
        receptors:
          R: {ligand: lig, k_on: 3e7 /M/s, k_off: 1e-3 /s, k_endo: 1e-3 /s}
          S: {ligand: alt, k_on: 1e7 /M/s, k_off: 2e-3 /s, k_endo: 5e-4 /s, turnover: 1e-4 /s}
          c: {}
        complexes:
          Sc: {joins: [S.bound, c], k_on: 0.001 /receptor/min, k_off: 0.2 /min, k_endo: 0.02 /min}
        cells:
          sender: {count: 8, radius: 5 µm, receptors: {R: 100, S: 800, c: 500}, secretes: {lig: 10 molecules/s}}
          taker: {count: 24, radius: 5 µm, receptors: {R: 2000}, state: {x: R.bound / (R.bound + 200 receptors)}}
        rules:
          - taker: x increases receptors.R from 2000 to 6000, half-max 0.3, hill 2, half-time 20 min
          - sender: Sc decreases secretes.lig from 10 molecules/s to 2 molecules/s, half-max 100, hill 2, delay 10 min
        place: {other: lattice 20 µm}
        run: {for: 2 h, seed: 1, rule step: 5 s, tolerance: 1e-4}
        """
    static let responses = [
        "mean R.bound of taker", "mean R.occupancy of taker", "mean R.total of taker", "mean x of taker",
        "mean lig of taker", "mean Sc of sender", "mean S.bound of sender", "mean S.free of sender", "dissolved lig",
        "dissolved alt", "dissolved trapped", "secreted lig", "internalised lig", "left lig", "entered lig",
        "share of lig captured by taker", "mean R.bound of taker at 20 min", "dissolved lig at 20 min",
    ]

    @Test func theTissueAtHighDiffusionIsTheMixedMedium() throws {
        let mixed = try Mixed(Self.model, Self.responses)
        #expect(mixed.worstImbalance <= 1e-9)
        let tissue = try Mixed.withSpace(Self.model, Self.responses)
        for (name, (a, b)) in zip(Self.responses, zip(tissue, mixed.values)) {
            #expect(abs(a - b) <= 0.01 * abs(b), "\(name): \(a) with space, \(b) mixed")
        }
    }

    /// Without it the two differ: the test above is not passed by looking away.
    @Test func theTissueAtTissueDiffusionIsNot() throws {
        let settings = ["D=10 µm²/s"]
        let mixed = try Mixed(Self.model, Self.responses, settings: settings)
        let tissue = try Mixed.withSpace(Self.model, Self.responses, settings: settings)
        #expect(abs(tissue[8] / mixed.values[8] - 1) > 0.05)
    }
}
