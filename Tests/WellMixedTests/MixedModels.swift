import Biology
import ModelFiles
import Simulation
import Tissue
import WellMixed

/// Models for tests, from the text of a model file.
enum MixedModels {
    static func read(_ text: String, settings: [String] = []) throws -> Model {
        try ModelFile.read("paracrine: 1\nmodel: test\n" + text, named: "test.paracrine.yaml", settings: settings).model
    }

    static func reduce(
        _ model: Model, _ method: MixMethod = .ode, sampling: CellSampling = .fewest
    ) throws -> Reduction {
        let cells = try CellPlacement.place(model).cells
        return try Reduction(
            model, cells: cells, contacts: CellContacts(model, cells: cells).counts, method: method, sampling: sampling)
    }

    /// A box (µm) and blood, a cell that does nothing, and what a test adds.
    static func bystander(
        _ molecules: String, _ networks: String, box: String, tolerance: String = "1e-3", more: String = ""
    ) -> String {
        """
        space: {box: \(box) µm, grid: 10 µm}
        compartments: {blood: {volume: 2000 µm³}}
        molecules:
        \(molecules)
        networks:
        \(networks)
        cells: {bystander: {count: 1, radius: 4 µm}}
        place: {bystander: random}
        run: {for: 2 h, seed: 1, tolerance: \(tolerance)}
        \(more)
        """
    }

    /// Everything a surface can do: shared ligands, a decoy, an antagonist, chains, complexes, all supplies, recycling.
    static let busy = """
        space: {box: 100 x 100 x 100 µm, grid: 10 µm}
        molecules:
          lig: {diffusion: 100 µm²/s, decay: 0.1 /h, starts: 1 nM}
          anti: {diffusion: 100 µm²/s, starts: 0.5 nM, walls: {x-: permeable 0.1 µm/s to 1 nM, z+: flux 0.001 molecules/µm²/s}}
          pair: {diffusion: 100 µm²/s, decay: 0.2 /h, complex: {of: [lig, anti], k_on: 1e5 /M/s, k_off: 1e-4 /s}}
          dud: {diffusion: 100 µm²/s, starts: 1 nM, walls: {y+: fixed 2 nM}}
        receptors:
          R: {ligand: lig, k_on: 1e6 /M/s, k_off: 1e-3 /s, k_endo: 1e-4 /s, recycling: 1e-4 /s, degradation: 1e-4 /s}
          S:
            ligands:
              lig: {k_on: 1e6 /M/s, k_off: 1e-3 /s, k_endo: 1e-4 /s}
              dud: {k_on: 1e6 /M/s, k_off: 1e-3 /s, k_endo: 1e-4 /s, antagonist: yes}
            turnover: 1e-4 /s
          c: {supply: none}
        complexes:
          LRc: {joins: [R.bound, c], k_on: 0.003 /receptor/min, k_off: 0.1 /min, k_endo: 0.01 /min}
          LRRc: {joins: [LRc, R], k_on: 0.003 /receptor/min, k_off: 0.1 /min, k_endo: 0.01 /min}
        cells:
          a: {count: 20, radius: 5 µm, receptors: {R: 1000 ± 50 %, S: 500, c: 800}, secretes: {lig: 5 molecules/s}}
          b: {count: 30, radius: 5 µm, receptors: {S: 2000}, secretes: {dud: 1 molecules/s, anti: 2 molecules/s}}
        treatments:
          - 1 nM lig at 10 min
          - 1 nM/h anti from 10 min to 20 min
        place: {other: lattice 20 µm}
        run: {for: 1 h, seed: 1}
        """
}

/// What a model answers to lines as `expect:` has them on the left, without space.
struct Mixed {
    var values: [Double]
    var worstImbalance: Double

    init(
        _ text: String, _ responses: [String], _ method: MixMethod = .ode, sampling: CellSampling = .fewest,
        settings: [String] = [], replicate: Int = 0, leap: Double? = nil,
        networks: NetworkFileReader = ModelFile.withoutNetworkFiles
    ) throws {
        let checked = try ModelFile.read(
            "paracrine: 1\nmodel: test\n" + text, named: "test.paracrine.yaml", settings: settings,
            responses: responses, networks: networks)
        var model = checked.model
        model.record = RecordPlan()
        model.record.series = .seconds(model.run.duration.value / 4)
        let cells = try CellPlacement.place(model).cells
        let contacts = CellContacts(model, cells: cells).counts
        var reduction = try Reduction(model, cells: cells, contacts: contacts, method: method, sampling: sampling)
        let times = Run.times(model, responses: checked.responses)
        let course = try reduction.course(
            times: times, seed: RandomStream.seed(model.run.seed, replicate: replicate), leap: leap
        ) { _ in true }
        let engine = MixedEngine(reduction, cells: cells, contacts: contacts, course: course)
        var run = Run(model, engine: engine, recorders: [], responses: checked.responses)
        values = try run.go { _ in true }.responses.map { $0 ?? .nan }
        worstImbalance = times.flatMap { engine.ledgers(at: $0).map(\.relativeImbalance) }.max() ?? 0
    }

    /// The same in the tissue.
    static func withSpace(_ text: String, _ responses: [String], settings: [String] = []) throws -> [Double] {
        let checked = try ModelFile.read(
            "paracrine: 1\nmodel: test\n" + text, named: "test.paracrine.yaml", settings: settings,
            responses: responses)
        var model = checked.model
        model.record = RecordPlan()
        model.record.series = model.run.duration
        let engine = model.spatialEngine(cells: try CellPlacement.place(model).cells, threads: 1)
        var run = Run(model, engine: engine, recorders: [], responses: checked.responses)
        return try run.go { _ in true }.responses.map { $0 ?? .nan }
    }
}
