/// The box that cells move in: each axis is joined at its ends or closed by walls that mirror.
struct TissueBox: Hashable, Sendable {
    /// Edge lengths, µm.
    let x: Double
    let y: Double
    let z: Double
    let isPeriodicX: Bool
    let isPeriodicY: Bool
    let isPeriodicZ: Bool
    /// One voxel thick: cells keep their z.
    let isSlab: Bool

    init(_ grid: VoxelGrid, isPeriodic: [Bool]) {
        x = Double(grid.nx) * grid.spacing
        y = Double(grid.ny) * grid.spacing
        z = Double(grid.nz) * grid.spacing
        isPeriodicX = isPeriodic[0]
        isPeriodicY = isPeriodic[1]
        isPeriodicZ = isPeriodic[2]
        isSlab = grid.nz == 1
    }

    /// A coordinate after walls have mirrored it or joined faces have carried it over, within 0...length.
    ///
    /// `isMirrored` where the walls turned its direction: after an odd number of them.
    @inline(__always)
    static func confined(_ at: Double, _ length: Double, isPeriodic: Bool) -> (at: Double, isMirrored: Bool) {
        if at >= 0 && at < length { return (at, false) }
        if isPeriodic {
            let inside = at - length * (at / length).rounded(.down)
            return (inside < length && inside >= 0 ? inside : 0, false)
        }
        let turns = at - 2 * length * (at / (2 * length)).rounded(.down)
        return turns <= length ? (max(turns, 0), false) : (max(2 * length - turns, 0), true)
    }

    /// The short way from one coordinate to another over joined faces, for coordinates less than one and a half lengths apart.
    @inline(__always)
    static func shortest(_ difference: Double, _ length: Double, isPeriodic: Bool) -> Double {
        guard isPeriodic else { return difference }
        if difference > 0.5 * length { return difference - length }
        return difference < -0.5 * length ? difference + length : difference
    }
}
