/// Forces between cells, as velocities in an overdamped medium.
///
/// Two cells whose spheres overlap by δ part at stiffness·δ each; two that adhere and stand closer than `reach` times the
/// sum of their radii close their gap at adhesion·gap each.
public struct Mechanics: Hashable, Sendable, Codable {
    public var stiffness: FirstOrderRate
    /// In sums of radii, above 1.
    public var reach: Double
    public var adhesions: [Adhesion]

    /// Chosen: an overlap halves in 3.5 s, faster than cells crawl or divide, so that tissue is never far from rest.
    public static let defaultStiffness = FirstOrderRate.perSecond(0.1)
    /// Chosen: cells hold on to each other over a quarter of their size.
    public static let defaultReach = 1.25

    public init(stiffness: FirstOrderRate = Mechanics.defaultStiffness, adhesions: [Adhesion] = []) {
        self.stiffness = stiffness
        self.reach = Mechanics.defaultReach
        self.adhesions = adhesions
    }
}

/// How strongly cells of two types, or of one, hold on to each other.
public struct Adhesion: Hashable, Sendable, Codable {
    public var first: String
    public var second: String
    public var strength: FirstOrderRate

    public init(_ first: String, _ second: String, strength: FirstOrderRate) {
        self.first = first
        self.second = second
        self.strength = strength
    }
}

/// Something that stands in the tissue and that no cell enters: a fibre, a vessel, a region.
public struct Obstacle: Hashable, Sendable, Codable {
    public var name: String
    public var shape: Shape

    public enum Shape: Hashable, Sendable, Codable {
        /// A tube around a line through points, µm.
        case line([[Length]], radius: Length)
        /// Whole voxels of the grid, by their place along x, y and z.
        case voxels([[Int]])

        enum LineCodingKeys: String, CodingKey {
            case _0 = "points"
            case radius
        }
        enum VoxelsCodingKeys: String, CodingKey { case _0 = "at" }
    }

    public init(name: String, shape: Shape) {
        self.name = name
        self.shape = shape
    }
}
