/// Cells as a table gives them, in the box's coordinates, before they are given a type of the model.
public struct TableCells: Sendable {
    /// The table, for messages.
    public var path: String
    /// Centres, µm from the box's corner; as many as there are cells.
    public var x: [Double]
    public var y: [Double]
    /// `nil` for a 2-D section.
    public var z: [Double]?
    /// Index into `labelNames`.
    public var labels: [Int]
    public var labelNames: [String]
    /// Where each cell stands in the table: `lineWord` and this number name it.
    public var lines: [Int]
    /// "line" of a text file or "row" of an array.
    public var lineWord: String
    /// Brightness by column name, finite numbers.
    public var markers: [String: [Double]]

    public init(path: String, lineWord: String = "line") {
        self.path = path
        self.lineWord = lineWord
        x = []
        y = []
        z = nil
        labels = []
        labelNames = []
        lines = []
        markers = [:]
    }
}
