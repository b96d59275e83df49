public enum Axis: Int, Hashable, Sendable, CaseIterable { case x, y, z }

/// A face of the box: "x-" is the one at x = 0.
public struct Face: Hashable, Sendable {
    public var axis: Axis
    public var isUpper: Bool

    public init(_ axis: Axis, isUpper: Bool) {
        self.axis = axis
        self.isUpper = isUpper
    }

    public static let all = Axis.allCases.flatMap { [Face($0, isUpper: false), Face($0, isUpper: true)] }
}

/// What happens to a molecule at a wall.
public enum Wall: Hashable, Sendable, Codable {
    case noFlux
    case fixed(Concentration)
    /// Molecules enter at this rate per area.
    case flux(Flux)
    /// Molecules cross at `permeability` × (concentration at the wall − `outside`).
    case permeable(Permeability, outside: Concentration)
    /// Molecules cross at their permeability × (concentration at the wall − in the compartment of this name).
    case exchange(String)

    enum FixedCodingKeys: String, CodingKey { case _0 = "concentration" }
    enum FluxCodingKeys: String, CodingKey { case _0 = "inflow" }
    enum PermeableCodingKeys: String, CodingKey {
        case _0 = "permeability"
        case outside
    }
    enum ExchangeCodingKeys: String, CodingKey { case _0 = "compartment" }
}

/// A box of cubic voxels; a slab one voxel thick is 2-D.
public struct Space: Hashable, Sendable {
    /// Edge lengths along x, y and z; whole multiples of `spacing`.
    public var size: [Length]
    public var spacing: Length
    /// Axes whose two faces are joined.
    public var periodic: Set<Axis>
    /// Walls for every molecule that does not say its own; a face not named is no-flux.
    public var walls: [Face: Wall]

    public init(size: [Length], spacing: Length, periodic: Set<Axis> = [], walls: [Face: Wall] = [:]) {
        precondition(size.count == 3, "space has three edge lengths, got \(size.count)")
        self.size = size
        self.spacing = spacing
        self.periodic = periodic
        self.walls = walls
    }

    /// Voxels along x, y and z.
    public var voxels: [Int] { size.map { max(1, Int(($0.value / spacing.value).rounded())) } }
}
