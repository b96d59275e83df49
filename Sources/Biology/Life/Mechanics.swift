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

    /// By type and type, how strongly cells of types with these names hold on to each other, 1/s; 0 where that is not stated.
    public func adhesions(among names: [String]) -> [Double] {
        names.flatMap { a in names.map { b in adhesion(a, b)?.value ?? 0 } }
    }

    /// How strongly cells of two types hold on to each other; `nil` where that is not stated.
    public func adhesion(_ a: String, _ b: String) -> FirstOrderRate? {
        adhesions.first { ($0.first, $0.second) == (a, b) || ($0.second, $0.first) == (a, b) }?.strength
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

// MARK: - Masks

/// A point of a voxel that an obstacle fills, as a mask lists it.
public struct MaskPoint: Hashable, Sendable {
    /// Of the file, from 1.
    public var line: Int
    /// x, y and z, µm from the corner of the box.
    public var position: [Double]

    public init(line: Int, position: [Double]) {
        self.line = line
        self.position = position
    }
}

/// Reads the masks of obstacles for the reader of a model file, so that it needs to know no tables.
public struct MaskReader: Sendable {
    /// Takes the path that the model file names, relative to it.
    public var read: @Sendable (_ path: String) throws(UnreadableMask) -> [MaskPoint]

    public init(read: @escaping @Sendable (_ path: String) throws(UnreadableMask) -> [MaskPoint]) {
        self.read = read
    }
}

/// A mask that cannot be used, with everything that is wrong with it.
public struct UnreadableMask: Error, Hashable, Sendable {
    public struct Problem: Hashable, Sendable {
        public var file: String
        /// From 1; 0 where the file as a whole is meant.
        public var line: Int
        public var problem: String
        public var fix: String

        public init(file: String, line: Int = 0, problem: String, fix: String) {
            self.file = file
            self.line = line
            self.problem = problem
            self.fix = fix
        }
    }

    public var problems: [Problem]

    public init(problems: [Problem]) { self.problems = problems }
}
