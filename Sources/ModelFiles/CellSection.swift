import Biology

extension ModelReader {
    mutating func readCells(_ section: Entry, space: Space?) -> [CellType] {
        if section.fields.isEmpty {
            findings.error(
                section.place, "'cells' has no cell type", fix: "add one, such as Tsec: {count: 10, radius: 5 µm}")
        }
        return section.entries().compactMap { readCellType($0.entry, name: $0.field.key, space: space) }
    }

    private mutating func readCellType(_ entry: Entry, name: String, space: Space?) -> CellType? {
        let count = entry.branch("count").flatMap { readCount($0, path: entry.path(of: "count")) }
        if count == nil, entry.branch("count") != nil {
            reading.vocabulary.failedValues.insert(entry.path(of: "count"))
        }
        let radius = entry.requiredQuantity("radius", of: Length.self, .positive, example: "5 µm")
        let receptors = entry.branch("receptors").map { readReceptorNumbers($0, path: entry.path(of: "receptors")) }
        let secretes = entry.branch("secretes").map { readSecretion($0, path: entry.path(of: "secretes")) }
        let states = entry.table("state").map { readStates($0, cellType: name) }
        let networks = entry.table("network").map { readCellNetworks($0, cellType: name) }
        let life = LifeReader(entry: entry, cellType: name, reading: reading).read()
        entry.expectNothingElse()
        guard let radius else { return nil }
        if let space {
            // A slab is a section: cells may be thicker than it.
            let isSlab = space.voxels[2] == 1
            let narrowest = space.size[..<(isSlab ? 2 : 3)].map(\.value).min() ?? 0
            if 2 * radius.value > narrowest, let place = entry.branch("radius")?.place {
                findings.error(
                    place,
                    "\(entry.path(of: "radius")): a cell of diameter \(QuantityText.describe(2 * radius.value, .length)) does not fit into a box of \(QuantityText.describe(narrowest, .length))",
                    fix: "make the cell smaller or the box larger")
            }
        }
        var cellType = CellType(name: name, radius: radius)
        cellType.count = count
        cellType.receptors = receptors ?? [:]
        cellType.secretes = secretes ?? [:]
        cellType.states = states ?? []
        cellType.networks = networks ?? []
        cellType.life = life
        return cellType
    }

    /// "100" or "5 %".
    func readCount(_ branch: Branch, path: String) -> CellCount? {
        guard let text = reading.text(branch, path: path) else { return nil }
        guard let measured = reading.measure(text, in: branch, path: path) else { return nil }
        // A parameter keeps its unit only in its text: "10 %" is a share, "10" a number.
        let written = reading.parameters[text].map(\.text) ?? text
        if measured.dimension == .none, written.hasSuffix("%") {
            guard reading.check(measured.value, .share, text: text, place: branch.place, path: path) else { return nil }
            return .share(measured.value)
        }
        guard let number = reading.number(text, in: branch, path: path, .cells, .notNegative) else { return nil }
        guard number == number.rounded(), number <= 1e8 else {
            findings.error(
                branch.place, "\(path): \(text.shortened) is not a whole number of cells up to 1e8",
                fix: "write a whole number, or a percentage of all cells")
            return nil
        }
        return .number(Int(number))
    }

    private func readSecretion(_ branch: Branch, path: String) -> [String: Spread] {
        guard let entry = reading.entry(branch, path: path) else { return [:] }
        var secretes: [String: Spread] = [:]
        for field in entry.fields {
            let fieldPath = entry.path(of: field.key)
            let isKnown = vocabulary.molecules.contains(field.key)
            if !isKnown {
                reading.undefined(
                    "molecule", field.key, among: vocabulary.molecules, section: "molecules", at: field.keyPlace)
            }
            let spread = reading.text(field.value, path: fieldPath).flatMap {
                reading.spread($0, in: field.value, path: fieldPath, .secretion)
            }
            if spread == nil { reading.vocabulary.failedValues.insert(fieldPath) }
            if isKnown, let spread { secretes[field.key] = spread }
        }
        return secretes
    }

    private func readReceptorNumbers(_ branch: Branch, path: String) -> [String: ReceptorNumber] {
        guard let entry = reading.entry(branch, path: path) else { return [:] }
        var numbers: [String: ReceptorNumber] = [:]
        for field in entry.fields {
            let fieldPath = entry.path(of: field.key)
            let isKnown = vocabulary.receptors.contains(field.key)
            if !isKnown {
                reading.undefined(
                    "receptor", field.key, among: vocabulary.receptors, section: "receptors", at: field.keyPlace)
            }
            let number = reading.text(field.value, path: fieldPath).flatMap { text -> ReceptorNumber? in
                text.hasPrefix("column ")
                    ? readColumn(text, in: field.value, path: fieldPath)
                    : reading.spread(text, in: field.value, path: fieldPath, .amount).map { .spread($0) }
            }
            if number == nil { reading.vocabulary.failedValues.insert(fieldPath) }
            if isKnown, let number { numbers[field.key] = number }
        }
        return numbers
    }

    /// "column CD25, mean 3589 receptors, background 3" or "column CD25, 120 receptors per unit".
    private func readColumn(_ text: String, in branch: Branch, path: String) -> ReceptorNumber? {
        let clauses = Clause.split(text)
        var scale: MarkerCalibration.Scale?
        var background = 0.0
        let column = String(clauses[0].text.dropFirst("column ".count)).trimmingSpaces
        for clause in clauses.dropFirst() {
            if let mean = clause.after("mean") {
                scale = reading.number(mean.text, in: branch, at: mean.offset, path: path, .amount, .positive)
                    .map { .mean(.molecules($0)) }
                if scale == nil { return nil }
            } else if let value = clause.after("background") {
                guard let number = reading.number(value.text, in: branch, at: value.offset, path: path, .none, .any)
                else { return nil }
                background = number
            } else if clause.text.hasSuffix(" per unit") {
                let number = String(clause.text.dropLast(" per unit".count)).trimmingSpaces
                scale = reading.number(number, in: branch, at: clause.offset, path: path, .amount, .positive)
                    .map { .perUnit(.molecules($0)) }
                if scale == nil { return nil }
            } else {
                findings.error(
                    branch.place(at: clause.offset),
                    "\(path): '\(clause.text.shortened)' is not expected after a column",
                    fix: "write it as column CD25, mean 3589 receptors, background 3")
                return nil
            }
        }
        guard !column.isEmpty, let scale else {
            findings.error(
                branch.place, "\(path): a column needs its calibration to a number of receptors",
                fix: "write it as column CD25, mean 3589 receptors, or column CD25, 120 receptors per unit")
            return nil
        }
        return .column(column, MarkerCalibration(scale: scale, background: background))
    }

    // MARK: - States

    private mutating func readStates(_ entry: Entry, cellType: String) -> [CellState] {
        let all = entry.fields.map(\.key)
        for (index, field) in entry.fields.enumerated() {
            let path = entry.path(of: field.key)
            places[path] = field.keyPlace
            guard let text = reading.text(field.value, path: path) else {
                reading.vocabulary.failedStates[cellType, default: []].insert(field.key)
                continue
            }
            do {
                let checked = try ExpressionText.parse(
                    text, names: signalsAndParameters(of: cellType, in: text), cellTypes: Set(vocabulary.cellTypes),
                    vocabulary: "\(cellType) has")
                reading.vocabulary.states[cellType, default: []].append(
                    CellState(name: field.key, expression: checked.expression, dimension: checked.dimension))
            } catch {
                let later = all[index...].first { error.problem.hasSuffix("no signal '\($0)'") }
                let failed = vocabulary.failedStates[cellType] ?? []
                reading.vocabulary.failedStates[cellType, default: []].insert(field.key)
                if failed.contains(where: { error.problem.hasSuffix("no signal '\($0)'") }) { continue }
                if vocabulary.failedNetworks.contains(where: { error.problem.contains("no signal '\($0).") }) {
                    continue
                }
                findings.error(
                    field.value.place(at: error.offset),
                    later.map { "\(path): '\($0)' is defined \($0 == field.key ? "by itself" : "further down")" }
                        ?? "\(path): \(error.problem.shortenedTo(300))",
                    fix: later == nil ? error.fix.shortenedTo(400) : "a state reads only states that stand above it")
            }
        }
        return vocabulary.states[cellType] ?? []
    }
}
