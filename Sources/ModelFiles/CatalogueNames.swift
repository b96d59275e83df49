import Biology

/// The names of a model file by what they stand for in its catalogue, so that every synonym meets its one entry.
struct CatalogueNames {
    private struct Meaning: Hashable {
        var kind: CatalogueReader.Kind
        var identity: String
    }

    private let catalogue: CatalogueReader
    /// Every name the file defines; none of them is a synonym of another.
    private var defined: Set<String> = []
    private var names: [Meaning: String] = [:]
    /// What was asked before; most words of a file stand in it often.
    private var known: [String: String?] = [:]

    static let sections: [(key: String, kind: CatalogueReader.Kind, noun: String)] = [
        ("molecules", .molecule, "molecule"), ("receptors", .receptor, "receptor"), ("cells", .cellType, "cell type"),
    ]

    init(_ root: Branch, catalogue: CatalogueReader, findings: Findings) {
        self.catalogue = catalogue
        for section in ["parameters", "complexes"] { defined.formUnion(root[section]?.fields.map(\.key) ?? []) }
        for cell in root["cells"]?.fields ?? [] {
            defined.formUnion(cell.value["state"]?.fields.map(\.key) ?? [])
        }
        for (key, kind, noun) in CatalogueNames.sections {
            for field in root[key]?.fields ?? [] {
                defined.insert(field.key)
                guard Name.problem(field.key) == nil, let identity = catalogue.identity(field.key, kind) else {
                    continue
                }
                let meaning = Meaning(kind: kind, identity: identity)
                if let other = names[meaning] {
                    findings.error(
                        field.keyPlace, "'\(field.key)' and '\(other)' are one \(noun) in the catalogue",
                        fix: "keep one of the two, or give one of them a name that the catalogue does not know")
                } else {
                    names[meaning] = field.key
                }
            }
        }
    }

    // MARK: - Spelling

    /// Writes every synonym in the tree as the file's own name for it; what defines a name is left as it is.
    mutating func spell(_ root: inout Branch, findings: Findings) {
        root.changeFields { field in
            switch field.key {
            case "paracrine", "model", "about", "catalogue": break
            case "parameters", "molecules", "receptors", "complexes": spellValues(&field.value, findings)
            case "cells": spellCells(&field.value, findings)
            case "place": spellPlaces(&field.value, findings)
            default: spellAll(&field.value, findings)
            }
        }
    }

    /// A text with every synonym in it as the file's own name.
    mutating func spelled(_ text: String) -> String {
        var spelled = ""
        var word = ""
        for scalar in text.unicodeScalars {
            let isInner =
                scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_"
                || (!word.isEmpty && (scalar == "-" || scalar == "+"))
            if isInner {
                word.unicodeScalars.append(scalar)
                continue
            }
            spelled += ownName(word)
            spelled.unicodeScalars.append(scalar)
            word = ""
        }
        return spelled + ownName(word)
    }

    /// The file's name for a word that is a synonym of it, else the word.
    private mutating func ownName(_ word: String) -> String {
        if word.isEmpty || defined.contains(word) { return word }
        if let found = known[word] { return found ?? word }
        var name: String?
        if Name.problem(word) == nil {
            for (_, kind, _) in CatalogueNames.sections where name == nil {
                name = catalogue.identity(word, kind).flatMap { names[Meaning(kind: kind, identity: $0)] }
            }
        }
        known[word] = name
        return name ?? word
    }

    private mutating func spellValues(_ branch: inout Branch, _ findings: Findings) {
        branch.changeFields { spellAll(&$0.value, findings) }
    }

    private mutating func spellCells(_ branch: inout Branch, _ findings: Findings) {
        branch.changeFields { cell in
            cell.value.changeFields { field in
                if field.key == "state" {
                    spellValues(&field.value, findings)
                } else {
                    spellAll(&field.value, findings)
                }
            }
        }
    }

    /// Cell types here are keys; a table of cells has words of its own, except what its labels stand for.
    private mutating func spellPlaces(_ branch: inout Branch, _ findings: Findings) {
        var others = branch
        var table: Branch.Field?
        others.changeFields { if $0.key == "table" { table = $0 } }
        spellAll(&branch, findings)
        guard var table else { return }
        table.value.changeFields { field in
            if field.key == "labels" { spellValues(&field.value, findings) }
        }
        branch.changeFields { if $0.key == "table" { $0 = table } }
    }

    private mutating func spellAll(_ branch: inout Branch, _ findings: Findings) {
        switch branch.content {
        case .text(let scalar):
            // What follows "column" is the table's word for it.
            guard !scalar.text.hasPrefix("column ") else { return }
            let text = spelled(scalar.text)
            if text != scalar.text { branch.content = .text(Branch.Scalar(text: text, isVerbatim: false)) }
        case .list(var items):
            for index in items.indices { spellAll(&items[index], findings) }
            branch.content = .list(items)
        case .table(var fields):
            var seen: Set<String> = []
            for index in fields.indices {
                let written = fields[index].key
                fields[index].key = ownName(written)
                spellAll(&fields[index].value, findings)
                if !seen.insert(fields[index].key).inserted {
                    findings.error(
                        fields[index].keyPlace, "'\(written)' is '\(fields[index].key)', which stands here already",
                        fix: "keep one of the two")
                }
            }
            branch.content = .table(fields)
        }
    }
}

extension Branch {
    /// The fields of a table; none of anything else.
    var fields: [Field] { if case .table(let fields) = content { fields } else { [] } }

    subscript(key: String) -> Branch? { fields.first { $0.key == key }?.value }

    mutating func changeFields(_ change: (inout Field) -> Void) {
        guard case .table(var fields) = content else { return }
        for index in fields.indices { change(&fields[index]) }
        content = .table(fields)
    }
}
