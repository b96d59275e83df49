/// A number that differs from cell to cell: log-normal with this mean and coefficient of variation.
public struct Spread: Hashable, Sendable, Codable {
    /// In the coherent unit of what it describes.
    public var mean: Double
    public var variation: Double

    public init(_ mean: Double, variation: Double = 0) {
        self.mean = mean
        self.variation = variation
    }
}

/// How many receptors each cell of a type has at the start.
public enum ReceptorNumber: Hashable, Sendable, Codable {
    case spread(Spread)
    /// From a column of the table the cells came from.
    case column(String, MarkerCalibration)

    enum SpreadCodingKeys: String, CodingKey { case _0 = "receptors" }
    enum ColumnCodingKeys: String, CodingKey {
        case _0 = "name"
        case _1 = "calibration"
    }
}

/// How a marker's brightness becomes a number of receptors: (brightness − background, at least 0) × scale.
public struct MarkerCalibration: Hashable, Sendable, Codable {
    public enum Scale: Hashable, Sendable, Codable {
        /// The scale that gives the cells of this type this mean.
        case mean(Amount)
        case perUnit(Amount)

        enum MeanCodingKeys: String, CodingKey { case _0 = "receptors" }
        enum PerUnitCodingKeys: String, CodingKey { case _0 = "receptors" }
    }
    public var scale: Scale
    public var background: Double

    public init(scale: Scale, background: Double = 0) {
        self.scale = scale
        self.background = background
    }
}

/// How many cells of a type are placed where no placement says it.
public enum CellCount: Hashable, Sendable, Codable {
    case number(Int)
    /// Of all cells placed, 0...1.
    case share(Double)

    enum NumberCodingKeys: String, CodingKey { case _0 = "cells" }
    enum ShareCodingKeys: String, CodingKey { case _0 = "ofAllCells" }
}

public struct CellType: Hashable, Sendable, Codable {
    /// Two cells touch when their centres are closer than this many times the sum of their radii.
    ///
    /// Chosen: neighbours in tissue are pressed against each other, and positions are known to about a µm.
    public static let touching = 1.1

    public var name: String
    public var count: CellCount?
    public var radius: Length
    /// By receptor or chain name.
    public var receptors: [String: ReceptorNumber]
    /// By molecule name, molecules/s.
    public var secretes: [String: Spread]
    /// In the order of the file.
    public var states: [CellState]
    /// Networks inside each of its cells.
    public var networks: [CellNetwork]
    /// How they move, divide, die and act on others; `nil` where they stand still and stay as they are.
    public var life: CellLife?

    public init(name: String, radius: Length) {
        self.name = name
        self.count = nil
        self.radius = radius
        self.receptors = [:]
        self.secretes = [:]
        self.states = []
        self.networks = []
        self.life = nil
    }
}

/// A named property of a cell: an expression over its signals, with its dimension checked.
public struct CellState: Hashable, Sendable, Codable {
    public var name: String
    public var expression: Expression
    public var dimension: Dimension

    public init(name: String, expression: Expression, dimension: Dimension) {
        self.name = name
        self.expression = expression
        self.dimension = dimension
    }
}
