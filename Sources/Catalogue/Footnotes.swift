/// Sources numbered in the order in which a page names them.
struct Footnotes {
    private(set) var citations: [Citation] = []

    /// "[3]", or "from memory".
    mutating func mark(_ source: Citation) -> String {
        if source.isMemory { return "from memory" }
        if let index = citations.firstIndex(of: source) { return "[\(index + 1)]" }
        citations.append(source)
        return "[\(citations.count)]"
    }

    /// Grade and source of a number: "measured [3]", "from memory", which is never better than an order of magnitude.
    mutating func provenance(_ number: Measurement) -> String {
        let grade =
            switch number.grade {
            case .modelValue: "model"
            case .orderOfMagnitude: "order only"
            default: number.grade.rawValue
            }
        guard number.isFromMemory else { return "\(grade) \(mark(number.source))" }
        return number.grade == .textbook ? "textbook, memory" : "from memory"
    }

    /// What the marks stand for.
    func list(_ page: inout TextPage) {
        for (index, citation) in citations.enumerated() {
            let identifier = citation.identifier.isEmpty ? "" : ", \(citation.identifier)"
            page.item("  [\(index + 1)]", "\(citation.text)\(identifier) (\(citation.id))", indent: 7)
        }
    }
}

extension Footnotes {
    /// Relations by the name of one of their ends, each with its note and, where it is not from memory, its source.
    mutating func list(_ relations: [Relation], by name: (Relation) -> String) -> String {
        var words: [String] = []
        for relation in relations {
            let note = relation.note.isEmpty ? "" : " (\(relation.note))"
            let source = relation.source.isMemory ? "" : " \(mark(relation.source))"
            words.append(name(relation) + note + source)
        }
        return words.joined(separator: ", ")
    }
}

extension [Relation] {
    /// Which part of these is from memory, in words; empty where none is.
    func shareFromMemory(_ what: String) -> [String] {
        let memory = filter(\.source.isMemory).count
        if memory == 0 { return [] }
        return memory == count ? [what] : ["\(memory) of the \(count) lines of \(what)"]
    }
}
