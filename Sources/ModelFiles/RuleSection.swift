import Biology

extension ModelReader {
    mutating func readRules(_ file: Entry, into model: inout Model) {
        guard let branch = file.branch("rules") else { return }
        let before = findings.errorCount
        defer { hasBrokenRule = findings.errorCount > before }
        guard let items = reading.list(branch, path: "rules") else { return }
        var blocks: [(block: SignalBlock, place: Place)] = []
        for (index, item) in items.enumerated() {
            let path = "rules[\(index)]"
            places[path] = item.place
            guard let (cellType, line) = readOwner(item, path: path) else { continue }
            guard case .text(let scalar) = line.content else { continue }
            var reader = RuleLine(line: line, cellType: cellType, path: path, model: model, reading: reading)
            let text = "\(cellType): \(scalar.text.trimmingSpaces)"
            switch reader.read(scalar.text) {
            case .rule(var rule)?:
                rule.text = text
                model.rules.append(rule)
                rulePlaces.append(item.place)
            case .block(var block)?:
                block.text = text
                model.blocks.append(block)
                blocks.append((block, item.place))
            case nil: continue
            }
        }
        checkRecruitingBlocks(blocks, model)
    }

    /// "CellType: the rest", which YAML reads as a table with one key.
    private func readOwner(_ item: Branch, path: String) -> (cellType: String, line: Branch)? {
        var owner: (name: String, place: Place, line: Branch)?
        switch item.content {
        case .table(let fields) where fields.count == 1:
            owner = (fields[0].key, fields[0].keyPlace, fields[0].value)
        case .text(let scalar):
            if let colon = scalar.text.firstIndex(of: ":") {
                let name = String(scalar.text[..<colon]).trimmingSpaces
                let rest = scalar.text[scalar.text.index(after: colon)...]
                let skipped = scalar.text.unicodeScalars.distance(from: scalar.text.startIndex, to: rest.startIndex)
                let line = Branch(
                    place: item.place(at: skipped),
                    content: .text(Branch.Scalar(text: String(rest), isVerbatim: scalar.isVerbatim)))
                owner = (name, item.place, line)
            }
        default: break
        }
        guard let owner else {
            findings.error(item.place, "\(path) is not a rule", fix: RuleLine.form)
            return nil
        }
        guard vocabulary.cellTypes.contains(owner.name) else {
            reading.undefined("cell type", owner.name, among: vocabulary.cellTypes, section: "cells", at: owner.place)
            return nil
        }
        guard !vocabulary.bodies.contains(owner.name) else {
            findings.error(owner.place, "\(owner.name) follows no rule: it is dead", fix: "remove this line")
            return nil
        }
        guard reading.text(owner.line, path: path) != nil else { return nil }
        return (owner.name, owner.line)
    }

    // MARK: - Combining

    func readCombinations(_ file: Entry, into model: inout Model) {
        let section = file.table("combine")
        for field in section?.fields ?? [] { readCombination(field, into: &model) }
        let stated = section?.fields.map(\.key) ?? []
        var seen: Set<[String]> = []
        for (index, rule) in model.rules.enumerated() {
            let isFirst = seen.insert([rule.cellType, rule.behaviour.description]).inserted
            guard !isFirst, !stated.contains(rule.behaviour.description) else { continue }
            findings.error(
                rulePlaces[index],
                "\(rule.cellType) has several rules for '\(rule.behaviour)', and 'combine' does not say how they meet",
                fix: "add 'combine: {\(rule.behaviour): product}', or sum, max or min")
        }
    }

    private func readCombination(_ field: Branch.Field, into model: inout Model) {
        let path = "combine.\(field.key)"
        guard let behaviour = model.rules.map(\.behaviour).first(where: { $0.description == field.key }) else {
            refuseCombination(field, model)
            return
        }
        guard let text = reading.text(field.value, path: path) else { return }
        let choices = Combination.allCases.map { ($0.rawValue, $0) }
        guard let way = reading.choice(text, choices, at: field.value.place, path: path) else { return }
        model.combinations[behaviour] = way
        if way == .product, let rule = model.rules.first(where: { $0.behaviour == behaviour && $0.from == 0 }) {
            findings.error(
                field.value.place,
                "\(path): a product cannot start from zero, the value of \(rule.cellType) without signals",
                fix: "write sum, max or min, or give \(rule.cellType) a value above zero")
        }
    }

    /// A combination of what no rule changes; silent where a rule could not be read.
    private func refuseCombination(_ field: Branch.Field, _ model: Model) {
        if let later = Later.words[String(field.key.prefix { $0 != "." })] {
            findings.error(field.keyPlace, Later.problem(field.key, later), fix: "remove this line")
            return
        }
        guard !hasBrokenRule else { return }
        let known = Set(model.rules.map(\.behaviour.description)).sorted()
        findings.error(
            field.keyPlace, "no rule changes '\(field.key.shortened)'",
            fix: Suggestion.didYouMean(field.key, among: known)
                ?? (known.isEmpty ? "remove this line" : "use one of: \(known.joined(separator: ", "))"))
    }
}
