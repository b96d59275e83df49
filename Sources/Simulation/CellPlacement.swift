public import Biology

/// A cell as it stands at the start.
public struct PlacedCell: Hashable, Sendable {
    public var id: Int
    /// Index into the model's cell types.
    public var typeIndex: Int
    /// Centre, µm.
    public var x: Double
    public var y: Double
    public var z: Double
    /// µm.
    public var radius: Double
    /// Molecules, in the order of the model's receptors; 0 where the type has none.
    public var receptors: [Double]
    /// Molecules/s, in the order of the model's molecules; 0 where the type secretes none.
    public var secretion: [Double]
    /// Its line (or row) in the table it came from.
    public var line: Int?
    /// The tissue it stands in, by its place among the model's tissues; 0 where there is one.
    public var tissue = 0

    public init(
        id: Int, typeIndex: Int, x: Double, y: Double, z: Double, radius: Double, receptors: [Double],
        secretion: [Double], line: Int? = nil
    ) {
        self.id = id
        self.typeIndex = typeIndex
        self.x = x
        self.y = y
        self.z = z
        self.radius = radius
        self.receptors = receptors
        self.secretion = secretion
        self.line = line
    }
}

extension PlacedCell {
    /// How many of each of the model's receptors a cell of a type has, molecules: its own draw, 0 where the type has none.
    ///
    /// What only a table knows is 0.
    public static func receptors(_ model: Model, _ type: CellType, id: Int, seed: UInt64) -> [Double] {
        model.receptors.enumerated().map { index, receptor in
            guard case .spread(let spread) = type.receptors[receptor.name] else { return 0 }
            return spread.draw(cell: id, .receptor, index, seed: seed)
        }
    }

    /// How fast a cell of a type secretes each of the model's molecules, molecules/s: its own draw.
    public static func secretion(_ model: Model, _ type: CellType, id: Int, seed: UInt64) -> [Double] {
        model.molecules.enumerated().map { index, molecule in
            type.secretes[molecule.name]?.draw(cell: id, .secretion, index, seed: seed) ?? 0
        }
    }
}

extension Spread {
    /// A cell's own number.
    func draw(cell id: Int, _ purpose: RandomStream.Purpose, _ index: Int, seed: UInt64) -> Double {
        var stream = RandomStream(seed: seed, cell: id, purpose: purpose, index: index)
        return stream.logNormal(mean: mean, variation: variation)
    }
}

/// The cells of a model at the start.
public struct CellPlacement: Sendable {
    /// In order of id, which counts from 0.
    public var cells: [PlacedCell]
    /// What was left out and what was adjusted, one sentence each.
    public var notes: [String]

    /// More cells are refused.
    ///
    /// Chosen: above it, cells alone would need several GB.
    public static let largestCellCount = 20_000_000

    /// Places every cell of a model.
    ///
    /// Tables, points and clusters come first, then lattices of one type, then what is scattered at random, and
    /// "other" last; in each, the order of the file. Cells do not overlap, save those of a table, which stand where
    /// they were seen. `tables` has one for each table placement, in the model's order. Takes O(cells), unless the box is
    /// packed close to jamming.
    public static func place(_ model: Model, tables: [TableCells] = []) throws(PlacementError) -> CellPlacement {
        guard let organs = model.organs, !organs.isEmpty else { return try placeTissue(model, tables: tables) }
        precondition(tables.isEmpty, "cells of several tissues do not come from tables")
        var all = CellPlacement(cells: [], notes: [])
        for (number, organ) in organs.enumerated() {
            let part = try placeTissue(model.tissue(of: organ), tables: [], firstID: all.cells.count)
            all.cells += part.cells.map { cell in
                var cell = cell
                cell.tissue = number
                return cell
            }
            all.notes += part.notes.map { "\(organ.name): \($0)" }
        }
        return all
    }

    private static func placeTissue(
        _ model: Model, tables: [TableCells], firstID: Int = 0
    ) throws(PlacementError) -> CellPlacement {
        var placing = try Placing(model, tables: tables)
        placing.firstID = firstID
        try placing.placeFixed()
        try placing.placeLattices()
        try placing.placeScattered()
        try placing.placeOtherOnLattice()
        return CellPlacement(cells: try placing.cells(), notes: placing.notes)
    }
}

/// Cells that cannot be placed as the model says.
public struct PlacementError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The entry of the model file, such as "place.Treg".
    public var entry: String
    public var problem: String
    public var fix: String

    public var description: String { "\(entry): error: \(problem)\n  fix: \(fix)" }
}
