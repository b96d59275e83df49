import Biology
import Simulation
import Testing

@testable import Tissue

/// A small tissue under construction: a model and its cells, from plain numbers in µm, s and molecules.
struct Scene {
    var model: Model
    var cells: [PlacedCell] = []

    init(
        voxels: [Int], spacing: Double, periodic: Set<Axis> = [], tolerance: Double = 1e-3,
        fields: FieldMode = .dynamic
    ) {
        model = Model(
            name: "scene",
            space: Space(
                size: voxels.map { .micrometres(Double($0) * spacing) }, spacing: .micrometres(spacing),
                periodic: periodic),
            run: RunPlan(duration: .seconds(1e6), seed: 1))
        model.run.tolerance = tolerance
        model.run.fields = fields
    }

    /// A cube of voxels.
    init(cube voxels: Int, spacing: Double, tolerance: Double = 1e-3, fields: FieldMode = .dynamic) {
        self.init(
            voxels: [voxels, voxels, voxels], spacing: spacing, tolerance: tolerance, fields: fields)
    }

    /// The middle of the box, µm.
    var centre: [Double] { model.space.size.map { $0.value / 2 } }

    mutating func add(molecule name: String, diffusion: Double, decay: Double = 0, starts: Double = 0) {
        var molecule = Molecule(
            name: name, diffusion: .squareMicrometresPerSecond(diffusion), decay: .perSecond(decay))
        molecule.starts = Concentration(coherent: starts)
        model.molecules.append(molecule)
    }

    mutating func add(
        receptor name: String, _ ligands: [LigandBinding], supply: ReceptorSupply = .held, recycling: Double = 0,
        degradation: Double = 0
    ) {
        model.receptors.append(
            Receptor(
                name: name, ligands: ligands, supply: supply, recycling: .perSecond(recycling),
                degradation: .perSecond(degradation)))
    }

    mutating func add(
        type name: String, radius: Double = 5, receptors: [String: Double] = [:], secretes: [String: Double] = [:]
    ) {
        var type = CellType(name: name, radius: .micrometres(radius))
        type.receptors = receptors.mapValues { .spread(Spread($0)) }
        type.secretes = secretes.mapValues { Spread($0) }
        model.cellTypes.append(type)
    }

    /// Places a cell with its type's stated numbers.
    mutating func place(_ name: String, at position: [Double]) {
        guard let index = model.cellTypes.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("no cell type is called '\(name)'")
        }
        let type = model.cellTypes[index]
        let receptors = model.receptors.map { receptor -> Double in
            guard case .spread(let spread) = type.receptors[receptor.name] else { return 0 }
            return spread.mean
        }
        cells.append(
            PlacedCell(
                id: cells.count, typeIndex: index, x: position[0], y: position[1], z: position[2],
                radius: type.radius.value, receptors: receptors,
                secretion: model.molecules.map { type.secretes[$0.name]?.mean ?? 0 }))
    }

    /// Walls that let through what a source in the middle of a cube would send to infinity.
    ///
    /// On average over a cube of half-edge R, c = Q/(4πDr) must drive out Q: P = 4πD/∫dA/r = 0.660 D/R.
    mutating func openWalls(diffusion: Double) {
        let half = (model.space.size.map(\.value).min() ?? 1) / 2
        for face in Face.all {
            model.space.walls[face] = .permeable(Permeability(coherent: 0.660 * diffusion / half), outside: .zero)
        }
    }

    func engine(threads: Int = 1, kernels: FieldKernels = .best) -> TissueEngine {
        TissueEngine(model, cells: cells, threads: threads, kernels: kernels, surroundings: .none(model))
    }
}

extension LigandBinding {
    /// Rates in µm³/s, /s and /s.
    init(_ ligand: String, on: Double, off: Double = 0, endocytosis: Double = 0, signals: Bool = true) {
        self.init(
            ligand: ligand, kOn: AssociationRate(coherent: on), kOff: .perSecond(off),
            endocytosis: .perSecond(endocytosis), signals: signals)
    }

    /// A receptor that takes its ligand in at once: the cell captures `capture` µm³/s with `receptors` of them.
    static func sink(_ ligand: String, capture: Double, receptors: Double) -> LigandBinding {
        LigandBinding(ligand, on: capture / receptors, endocytosis: 1e6)
    }
}

extension TissueEngine {
    /// Gives a field its values before the first step, by voxel centre, µm.
    func start(_ molecule: Int, _ concentration: (_ x: Double, _ y: Double, _ z: Double) -> Double) {
        let field = fields[molecule]
        for row in 0..<grid.rows {
            let (y, z) = (Double(row % grid.ny) + 0.5, Double(row / grid.ny) + 0.5)
            for x in 0..<grid.nx {
                field.now[row * grid.stride + x] = concentration(
                    (Double(x) + 0.5) * grid.spacing, y * grid.spacing, z * grid.spacing)
            }
        }
        ledgerTotals[molecule][.atStart] = field.amount(field.solver.extent(field.now).sum)
        updateContents()
    }

    /// Takes one step of exactly this length, whatever its error.
    func take(_ length: Double) {
        let isFresh = ratesAreFresh
        _ = attempt(length)
        accept(length, to: time + length, isFresh: isFresh)
    }

    /// Takes equal steps to a time, and holds the ledger to its limit after each.
    func take(_ steps: Int, to end: Double) {
        let length = (end - time) / Double(steps)
        for _ in 0..<steps {
            take(length)
            expectClosedLedgers()
        }
    }

    /// Steps as the engine likes to a time, and holds the ledger to its limit at the end of and within each step.
    func advance(to end: Double) throws {
        while time < end {
            try step(until: end)
            expectClosedLedgers()
        }
    }

    func expectClosedLedgers() {
        let within = clock.previous + 0.37 * (time - clock.previous)
        for seen in [within, time] {
            for ledger in ledgers(at: seen) where ledger.relativeImbalance > 1e-9 {
                Issue.record("\(ledger.molecule) is out by \(ledger.relativeImbalance) at \(seen) s")
            }
        }
    }

    /// A field's values now, voxel by voxel, x fastest.
    func values(_ molecule: Int) -> [Double] { field(model.molecules[molecule].name, at: time).values }

    /// One number a cell, in order of id.
    func column(_ signal: Signal) -> [Double] { cells(at: time, columns: [signal]).columns[0].values }
}

/// The largest |a − b|.
func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
}
