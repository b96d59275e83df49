public import Biology

/// One number of the catalogue, with all that must be known to use it.
public struct Measurement: Hashable, Sendable, Codable {
    /// A cytokine, a receptor chain, a cell type or a class of cytokines, by the catalogue's name.
    public var subject: String
    public var parameter: MeasuredParameter
    /// The receptor or complex it belongs to (HGNC symbols joined by "+"), or empty.
    public var receptor: String
    /// The cell type it belongs to, or empty.
    public var cell: String
    /// In `unit`, as written.
    public var written: WrittenValue
    /// In µm, s, molecules and kDa.
    public var value: WrittenValue
    /// As written; empty for a plain number.
    public var unit: String
    public var species: String
    public var condition: String
    public var grade: Grade
    public var source: Citation
    public var note: String
    /// What makes it weaker than its grade says; `nil` where nothing is known to.
    public var caveat: Caveat?
    /// 0 for the built-in tables, 1 for the first laid over them.
    public var layer: Int

    public var dimension: Dimension { parameter.dimension }

    /// Value and unit as written: "~0.1-1 nM".
    public var text: String { unit.isEmpty ? written.text : "\(written.text) \(unit)" }

    /// Whether the number is from memory: no source was read for it.
    public var isFromMemory: Bool { source.isMemory }

    /// Whether a result that leans on it is good to a factor of ten at best.
    var isWeak: Bool { isFromMemory || grade == .orderOfMagnitude || caveat != nil }

    /// Its note and its caveat, where they do not say the same as the condition.
    var remarks: [String] {
        let said = caveat.map(\.rawValue) ?? ""
        return [note, condition.contains(said) ? "" : said].filter { !$0.isEmpty }
    }
}
