/// Molecules of one kind that one sort of cell captured from one sender during an interval.
///
/// Captured means bound to a receptor and not let go since: what is on the cell at the end, plus what was taken in, less
/// what was on it at the start. So a row may be negative where more was let go than bound; all rows of a molecule and
/// receiver add up to what the ledger says that the receiver captured.
public struct CommunicationRow: Hashable, Sendable {
    public enum Route: String, Hashable, Sendable, CaseIterable {
        /// The cell captured what it had secreted itself.
        case autocrine
        /// Another cell of the tissue had secreted it.
        case paracrine
        /// A cell had secreted it, in this tissue or another, and a compartment brought it.
        case endocrine
        /// It was there at the start, came in through a wall, or was given as a dose.
        case outside
    }

    /// Seconds since the start.
    public var start: Double
    public var end: Double
    public var molecule: String
    /// A cell type, a group, or a single cell as "Tsec 17"; "outside" where no cell secreted it.
    ///
    /// Where there are several tissues, with the one where it was secreted: "epithelium in gut".
    public var sender: String
    /// A cell type, where there are several tissues with its own: "hepatocyte in liver".
    public var receiver: String
    public var route: Route
    /// The receptor or complex that holds it or took it in.
    public var receptor: String
    /// In the interval, molecules.
    public var captured: Double
    /// On all cells of the receiver at the end, molecules.
    public var bound: Double

    /// The sender of what no cell secreted.
    public static let outside = "outside"

    /// What cells are called in one of several tissues, or in the only one.
    public static func name(_ cells: String, tissue: String?) -> String { tissue.map { "\(cells) in \($0)" } ?? cells }

    /// The cell type of a sender or receiver: of "hepatocyte in liver" "hepatocyte".
    public static func type(ofCells name: String, among types: [String]) -> String {
        if types.contains(name) { return name }
        return types.filter { name.hasPrefix("\($0) in ") }.max { $0.count < $1.count } ?? name
    }

    public init(
        start: Double, end: Double, molecule: String, sender: String, receiver: String, route: Route, receptor: String,
        captured: Double, bound: Double
    ) {
        self.start = start
        self.end = end
        self.molecule = molecule
        self.sender = sender
        self.receiver = receiver
        self.route = route
        self.receptor = receptor
        self.captured = captured
        self.bound = bound
    }
}

/// Molecules that one sender secreted during an interval.
public struct SecretionRow: Hashable, Sendable {
    /// Seconds since the start.
    public var start: Double
    public var end: Double
    public var molecule: String
    public var sender: String
    /// In the interval, molecules.
    public var secreted: Double

    public init(start: Double, end: Double, molecule: String, sender: String, secreted: Double) {
        self.start = start
        self.end = end
        self.molecule = molecule
        self.sender = sender
        self.secreted = secreted
    }
}

/// Molecules that one cell captured from one sender during an interval.
public struct CellCaptureRow: Hashable, Sendable {
    /// Seconds since the start.
    public var start: Double
    public var end: Double
    public var molecule: String
    public var sender: String
    /// The receiving cell's type and id.
    public var receiver: String
    public var receiverID: Int
    /// In the interval, molecules.
    public var captured: Double

    public init(
        start: Double, end: Double, molecule: String, sender: String, receiver: String, receiverID: Int,
        captured: Double
    ) {
        self.start = start
        self.end = end
        self.molecule = molecule
        self.sender = sender
        self.receiver = receiver
        self.receiverID = receiverID
        self.captured = captured
    }
}

/// Molecules that one rule made cells of one type secrete during an interval, beyond what they would have without it.
///
/// Negative where the rule holds secretion down.
public struct InductionRow: Hashable, Sendable {
    /// Seconds since the start.
    public var start: Double
    public var end: Double
    /// Its place among the model's rules.
    public var rule: Int
    public var cellType: String
    /// What is secreted.
    public var molecule: String
    /// In the interval, molecules.
    public var induced: Double
    /// Cells that the rule has driven at least half way, at the end.
    public var drivenCells: Int

    public init(
        start: Double, end: Double, rule: Int, cellType: String, molecule: String, induced: Double, drivenCells: Int
    ) {
        self.start = start
        self.end = end
        self.rule = rule
        self.cellType = cellType
        self.molecule = molecule
        self.induced = induced
        self.drivenCells = drivenCells
    }
}

/// All that was attributed: since the start as an engine counts it, or during one interval as recorders get it.
public struct CommunicationFrame: Sendable {
    public var rows: [CommunicationRow]
    public var secretion: [SecretionRow]
    /// Receivers cell by cell, where asked for.
    public var cells: [CellCaptureRow]

    public init(rows: [CommunicationRow] = [], secretion: [SecretionRow] = [], cells: [CellCaptureRow] = []) {
        self.rows = rows
        self.secretion = secretion
        self.cells = cells
    }

    /// What happened since an earlier count of the same rows.
    ///
    /// - Precondition: both have the same rows in the same order.
    public func since(_ earlier: CommunicationFrame) -> CommunicationFrame {
        precondition(
            rows.count == earlier.rows.count && secretion.count == earlier.secretion.count
                && cells.count == earlier.cells.count, "communication keeps its rows over a run")
        var interval = self
        for (i, row) in earlier.rows.enumerated() {
            interval.rows[i].start = row.end
            interval.rows[i].captured -= row.captured
        }
        for (i, row) in earlier.secretion.enumerated() {
            interval.secretion[i].start = row.end
            interval.secretion[i].secreted -= row.secreted
        }
        for (i, row) in earlier.cells.enumerated() {
            interval.cells[i].start = row.end
            interval.cells[i].captured -= row.captured
        }
        return interval
    }
}
