/// Where the state of a run goes while it runs, and when.
public struct Checkpoints {
    /// Why a state is kept.
    public enum Reason: Sendable {
        /// The model asks for it.
        case asked
        /// In case the program is stopped.
        case kept
    }

    /// Of the model's time, s; `nil` where only `isDue` says when.
    public var every: Double?
    /// Whether state is to be kept now, by another clock than the model's.
    public var isDue: () -> Bool
    /// Takes the state at a time of the model, s.
    public var write: (_ state: [UInt8], _ time: Double, _ reason: Reason) throws -> Void

    public init(
        every: Double?, isDue: @escaping () -> Bool,
        write: @escaping (_ state: [UInt8], _ time: Double, _ reason: Reason) throws -> Void
    ) {
        self.every = every
        self.isDue = isDue
        self.write = write
    }
}

/// When the next state is to be kept.
struct CheckpointClock {
    let checkpoints: Checkpoints
    private var next: Double

    init(_ checkpoints: Checkpoints, from time: Double) {
        self.checkpoints = checkpoints
        next = CheckpointClock.next(checkpoints, after: time)
    }

    private static func next(_ checkpoints: Checkpoints, after time: Double) -> Double {
        checkpoints.every.map { ((time / $0).rounded(.down) + 1) * $0 } ?? .infinity
    }

    /// Why a state is to be kept now, if it is.
    mutating func due(at time: Double) -> Checkpoints.Reason? {
        guard time >= next else { return checkpoints.isDue() ? .kept : nil }
        next = CheckpointClock.next(checkpoints, after: time)
        return .asked
    }
}

extension CommunicationFrame {
    /// Keeps a count since the start: who and whom, and how much.
    mutating func keep(in archive: StateArchive) throws(StateProblem) {
        try CommunicationRow.keep(&rows, in: archive)
        try SecretionRow.keep(&secretion, in: archive)
        try CellCaptureRow.keep(&cells, in: archive)
    }
}

extension StateArchive {
    /// Rows of texts and numbers, made anew from both when they come out.
    fileprivate func keep<Row>(
        _ name: String, _ rows: inout [Row], texts: (Row) -> [String], numbers: (Row) -> [Double],
        width: (texts: Int, numbers: Int), row: ([String], [Double]) -> Row?
    ) throws(StateProblem) {
        var text = rows.flatMap { texts($0).map { Array($0.utf8) } }
        var number = rows.flatMap(numbers)
        try keep("\(name) texts", &text)
        try keep("\(name) numbers", &number)
        guard isRestoring else { return }
        let count = number.count / width.numbers
        guard number.count == count * width.numbers, text.count == count * width.texts else {
            throw StateProblem(name, "do not belong together")
        }
        rows = []
        for k in 0..<count {
            let words = text[k * width.texts..<(k + 1) * width.texts].map { String(decoding: $0, as: UTF8.self) }
            guard let made = row(words, Array(number[k * width.numbers..<(k + 1) * width.numbers])) else {
                throw StateProblem(name, "are not of this version")
            }
            rows.append(made)
        }
    }
}

extension CommunicationRow {
    fileprivate static func keep(_ rows: inout [CommunicationRow], in archive: StateArchive) throws(StateProblem) {
        try archive.keep(
            "communication.rows", &rows,
            texts: { [$0.molecule, $0.sender, $0.receiver, $0.route.rawValue, $0.receptor] },
            numbers: { [$0.start, $0.end, $0.captured, $0.bound] }, width: (5, 4)
        ) { texts, numbers in
            Route(rawValue: texts[3]).map {
                CommunicationRow(
                    start: numbers[0], end: numbers[1], molecule: texts[0], sender: texts[1], receiver: texts[2],
                    route: $0,
                    receptor: texts[4], captured: numbers[2], bound: numbers[3])
            }
        }
    }
}

extension SecretionRow {
    fileprivate static func keep(_ rows: inout [SecretionRow], in archive: StateArchive) throws(StateProblem) {
        try archive.keep(
            "communication.secretion", &rows, texts: { [$0.molecule, $0.sender] },
            numbers: { [$0.start, $0.end, $0.secreted] }, width: (2, 3)
        ) { texts, numbers in
            SecretionRow(
                start: numbers[0], end: numbers[1], molecule: texts[0], sender: texts[1], secreted: numbers[2])
        }
    }
}

extension CellCaptureRow {
    fileprivate static func keep(_ rows: inout [CellCaptureRow], in archive: StateArchive) throws(StateProblem) {
        try archive.keep(
            "communication.cells", &rows, texts: { [$0.molecule, $0.sender, $0.receiver] },
            numbers: { [$0.start, $0.end, Double($0.receiverID), $0.captured] }, width: (3, 4)
        ) { texts, numbers in
            Int(exactly: numbers[2]).map {
                CellCaptureRow(
                    start: numbers[0], end: numbers[1], molecule: texts[0], sender: texts[1], receiver: texts[2],
                    receiverID: $0, captured: numbers[3])
            }
        }
    }
}

extension InductionRow {
    static func keep(_ rows: inout [InductionRow], in archive: StateArchive) throws(StateProblem) {
        try archive.keep(
            "inductions", &rows, texts: { [$0.cellType, $0.molecule] },
            numbers: { [$0.start, $0.end, Double($0.rule), $0.induced, Double($0.drivenCells)] }, width: (2, 5)
        ) { texts, numbers in
            guard let rule = Int(exactly: numbers[2]), let driven = Int(exactly: numbers[4]) else { return nil }
            return InductionRow(
                start: numbers[0], end: numbers[1], rule: rule, cellType: texts[0], molecule: texts[1],
                induced: numbers[3], drivenCells: driven)
        }
    }
}
