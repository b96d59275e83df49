/// Where cells of one type, or those that no other placement names, stand at the start.
public struct Placement: Hashable, Sendable, Codable {
    /// `nil` for "other": every type not placed otherwise, by its count or share.
    public var cellType: String?
    public var pattern: Pattern

    public init(cellType: String?, pattern: Pattern) {
        self.cellType = cellType
        self.pattern = pattern
    }

    public enum Pattern: Hashable, Sendable, Codable {
        /// A cubic lattice (square in a slab) with this pitch over the whole box.
        case lattice(pitch: Length)
        /// Anywhere in the box, no two cells closer than the sum of their radii.
        case random
        /// This many cells packed around a point, without overlap.
        case cluster(count: Int, centre: [Length])
        /// At random without overlap between two heights along an axis.
        case layer(axis: Axis, from: Length, to: Length)
        /// One cell at each of these points.
        case points([[Length]])
        case table(TablePlacement)

        enum PointsCodingKeys: String, CodingKey { case _0 = "at" }
        enum TableCodingKeys: String, CodingKey { case _0 = "cells" }
    }
}

/// Cells read from a table beside the model file.
public struct TablePlacement: Hashable, Sendable, Codable {
    /// Relative to the model file's folder.
    public var path: String
    /// Names of the columns with x, y and, if there is one, z; for AnnData `obsm/spatial` takes their place if `nil`.
    public var positionColumns: [String]?
    /// µm in one unit of the position columns: the pixel size.
    public var unitLength: Length
    public var typeColumn: String
    public var idColumn: String?
    /// Label in the table to the types its cells become, with their shares, which sum to 1; an empty list leaves them out.
    public var labels: [String: [TypeShare]]
    /// The table's position that becomes the box's corner, µm.
    public var origin: [Length]
    /// Cells of a 2-D section stand at random depth within this thickness.
    public var thickness: Length?

    public init(path: String, typeColumn: String, labels: [String: [TypeShare]]) {
        self.path = path
        self.positionColumns = nil
        self.unitLength = .micrometres(1)
        self.typeColumn = typeColumn
        self.idColumn = nil
        self.labels = labels
        self.origin = []
        self.thickness = nil
    }
}

public struct TypeShare: Hashable, Sendable, Codable {
    public var cellType: String
    /// 0...1.
    public var share: Double

    public init(cellType: String, share: Double) {
        self.cellType = cellType
        self.share = share
    }
}
