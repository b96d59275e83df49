import Biology
import Simulation

/// Reads a field anywhere as a cell standing there would, without taking part in it.
struct FieldProbe {
    private let field: MoleculeField
    private let shape: StencilShape
    private let nearField: NearField?
    private let isPeriodic: [Bool]
    private let team: ThreadTeam
    private let search: CellSearch
    private let positions: [SIMD3<Double>]

    init(_ field: MoleculeField, _ setUp: FieldSetUp) {
        self.field = field
        let coupling = field.coupling
        shape = setUp.shape(coupling.cells)
        isPeriodic = setUp.isPeriodic
        team = setUp.team
        positions = coupling.cells.map { setUp.population.positions[$0] }
        nearField = setUp.nearField(field.index, shape, coupling.cells)
        search = CellSearch(
            positions, reach: nearField?.reach ?? setUp.grid.spacing, grid: setUp.grid, isPeriodic: isPeriodic)
    }

    /// Reads a field (molecules/µm³) at a point, with the releases of the cells' last evaluation.
    func read(_ point: SIMD3<Double>, _ values: Buffer<Double>) -> Double {
        let layout = StencilLayout(
            grid: field.grid, shape: shape, isPeriodic: isPeriodic, positions: [point], participants: [0], team: team)
        var sum = layout.gather(values)
        guard let nearField else { return sum }
        search.forEachNear(point) { cell in
            let release = field.coupling.release[cell]
            if release != 0 { sum += nearField.correction(at: point, from: positions[cell]) * release }
        }
        return sum
    }
}

extension StencilLayout {
    /// Σ w c for the only participant.
    fileprivate func gather(_ c: Buffer<Double>) -> Double {
        var sum = 0.0
        for k in 0..<width.z {
            for j in 0..<width.y {
                for i in 0..<padded {
                    let (x, y) = ((Int(firsts[0]) + i) % grid.nx, (Int(firsts[1]) + j) % grid.ny)
                    let z = (Int(firsts[2]) + k) % grid.nz
                    let weight = weights[i] * weights[padded + j] * weights[padded + width.y + k]
                    sum += weight * c[(z * grid.ny + y) * grid.stride + x]
                }
            }
        }
        return sum
    }
}
