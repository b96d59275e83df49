import Biology

extension ModelReader {
    /// Chosen: more points than this belong into a table.
    static let maximumPoints = 100_000

    mutating func readPlacements(_ file: Entry, into model: inout Model) {
        guard let section = file.requiredTable("place", example: "{other: lattice 20 µm}") else { return }
        let reader = PlacementReader(section: section, space: model.space, reading: reading)
        for field in section.fields {
            places[section.path(of: field.key)] = field.keyPlace
            if field.key == "table" {
                _ = section.branch("table")
                let entry = reading.entry(field.value, path: section.path(of: "table"))
                if let table = entry.flatMap({ reader.readTable($0) }) {
                    model.placements.append(Placement(cellType: nil, pattern: .table(table)))
                }
                continue
            }
            if field.key != "other", !vocabulary.cellTypes.contains(field.key) {
                reading.undefined(
                    "cell type", field.key, among: vocabulary.cellTypes, section: "cells", at: field.keyPlace)
                continue
            }
            guard let pattern = reader.readPattern(field) else { continue }
            model.placements.append(Placement(cellType: field.key == "other" ? nil : field.key, pattern: pattern))
        }
        checkCounts(model, section)
    }

    /// Every cell type must stand somewhere, in a number that is known.
    private func checkCounts(_ model: Model, _ section: Entry) {
        let given = section.fields.map(\.key)
        let labels = model.placements.flatMap { placement -> [String] in
            guard case .table(let table) = placement.pattern else { return [] }
            return table.labels.values.flatMap(\.self).map(\.cellType)
        }
        let hasTable = given.contains("table")
        let hasBrokenTable =
            hasTable && !model.placements.contains { if case .table = $0.pattern { true } else { false } }
        let arising = vocabulary.become.union(vocabulary.bodies)
        let others = model.cellTypes.filter {
            !given.contains($0.name) && !labels.contains($0.name) && ($0.count != nil || !arising.contains($0.name))
        }
        if !given.contains("other"), !hasBrokenTable {
            for type in others where type.name != "other" && type.name != "table" {
                findings.error(
                    places["cells.\(type.name)"] ?? section.place, "cell type '\(type.name)' is placed nowhere",
                    fix:
                        "add '\(type.name): random' or 'other: lattice 20 µm' under 'place:'\(hasTable ? ", or name it in its labels" : "")"
                )
            }
        }
        for placement in model.placements {
            let types = placement.cellType.map { name in model.cellTypes.filter { $0.name == name } } ?? others
            checkCounts(of: types, in: placement)
        }
    }

    private func checkCounts(of types: [CellType], in placement: Placement) {
        let isLattice: Bool
        switch placement.pattern {
        case .lattice: isLattice = true
        case .random, .layer: isLattice = false
        case .cluster, .points, .table: return
        }
        for type in types where type.count == nil && !(isLattice && types.count == 1) {
            guard !vocabulary.failedValues.contains("cells.\(type.name).count") else { continue }
            findings.error(
                places["cells.\(type.name)"] ?? root.place,
                "cell type '\(type.name)' has no count, and its place does not say one",
                fix: isLattice ? "add 'count: 5 %' or 'count: 100'" : "add 'count: 100'")
        }
        var sum = 0.0
        for type in types {
            guard case .share(let share) = type.count else { continue }
            sum += share
        }
        if sum > 1 + 1e-9, let last = types.last {
            findings.error(
                places["cells.\(last.name)"] ?? root.place,
                "the shares of \(types.map(\.name).joined(separator: ", ")) sum to \(QuantityText.digits(sum * 100)) %",
                fix: "make them sum to 100 % at most")
        }
    }
}

/// Reads where cells stand.
struct PlacementReader {
    let section: Entry
    let space: Space
    let reading: Reading

    private var findings: Findings { reading.findings }
    private var size: [Double] { space.size.map(\.value) }
    private var isSlab: Bool { space.voxels[2] == 1 }
    private static let forms =
        "write one of: lattice 20 µm, random, cluster of 4 at centre, layer z 0 µm .. 20 µm, at (10, 20, 30) µm"

    func readPattern(_ field: Branch.Field) -> Placement.Pattern? {
        let path = section.path(of: field.key)
        _ = section.branch(field.key)
        if case .list(let items) = field.value.content { return readPoints(items, at: field.value.place, path: path) }
        guard let text = reading.text(field.value, path: path) else { return nil }
        let line = Clause(text: text, offset: 0)
        if text == "random" { return .random }
        if let pitch = line.after("lattice") { return readLattice(pitch, field.value, path: path) }
        if let rest = line.after("cluster of") { return readCluster(rest, field.value, path: path) }
        if let rest = line.after("layer") { return readLayer(rest, field.value, path: path) }
        if let rest = line.after("at") {
            let points = Clause.split(rest.text, at: ";").map { Clause(text: $0.text, offset: rest.offset + $0.offset) }
            let read = points.map { readPoint($0, in: field.value, path: path) }
            let good = read.compactMap(\.self)
            return good.count == read.count && field.key != "other" ? .points(good) : otherPoints(field, path)
        }
        let word = String(text.prefix { $0 != " " })
        findings.error(
            field.value.place, "\(path): '\(text.shortened)' is not a place",
            fix: Suggestion.didYouMean(word, among: ["lattice", "random", "cluster", "layer"]) ?? PlacementReader.forms)
        return nil
    }

    private func otherPoints(_ field: Branch.Field, _ path: String) -> Placement.Pattern? {
        if field.key == "other" {
            findings.error(
                field.value.place, "\(path): points need a cell type", fix: "write the cell type instead of 'other'")
        }
        return nil
    }

    private func readLattice(_ pitch: Clause, _ branch: Branch, path: String) -> Placement.Pattern? {
        guard let length = reading.number(pitch.text, in: branch, at: pitch.offset, path: path, .length, .positive)
        else { return nil }
        let sites = size.prefix(isSlab ? 2 : 3).map { max(1, ($0 / length).rounded(.down)) }.reduce(1, *)
        guard sites <= 1e8 else {
            findings.error(
                branch.place, "\(path): the lattice has \(QuantityText.digits(sites)) places, more than 1e8",
                fix: "make the pitch larger")
            return nil
        }
        return .lattice(pitch: .micrometres(length))
    }

    private func readCluster(_ rest: Clause, _ branch: Branch, path: String) -> Placement.Pattern? {
        guard let (countText, pointText) = rest.split(at: "at"), let count = Int(countText.text), count >= 1,
            count <= 10_000_000
        else {
            findings.error(
                branch.place, "\(path): expected a whole number of cells and a point",
                fix: "write it as cluster of 4 at centre, or cluster of 4 at (10, 20, 30) µm")
            return nil
        }
        if pointText.text == "centre" || pointText.text == "center" {
            return .cluster(count: count, centre: size.map { .micrometres($0 / 2) })
        }
        return readPoint(pointText, in: branch, path: path).map { .cluster(count: count, centre: $0) }
    }

    private func readLayer(_ rest: Clause, _ branch: Branch, path: String) -> Placement.Pattern? {
        let axes: [(String, Axis)] = [("x", .x), ("y", .y), ("z", .z)]
        guard let (name, axis) = axes.first(where: { rest.after($0.0) != nil }), let range = rest.after(name) else {
            findings.error(branch.place, "\(path): a layer needs an axis", fix: "write it as layer z 0 µm .. 20 µm")
            return nil
        }
        let reader = ModelReader(root: branch, reading: reading)
        guard let limits = reader.readRange(range.text, in: branch, at: range.offset, path: path, .length, unit: nil)
        else { return nil }
        guard limits.lowerBound >= 0, limits.upperBound <= size[axis.rawValue] * (1 + 1e-9) else {
            findings.error(
                branch.place(at: range.offset),
                "\(path): the layer \(range.text) is outside the box, which is \(QuantityText.describe(size[axis.rawValue], .length)) along \(name)",
                fix: "keep the layer inside the box")
            return nil
        }
        return .layer(
            axis: axis, from: .micrometres(limits.lowerBound),
            to: .micrometres(min(limits.upperBound, size[axis.rawValue])))
    }

    private func readPoints(_ items: [Branch], at place: Place, path: String) -> Placement.Pattern? {
        guard !items.isEmpty, items.count <= ModelReader.maximumPoints else {
            findings.error(
                place, "\(path): expected 1 to \(ModelReader.maximumPoints) points, found \(items.count)",
                fix: "put more cells into a table")
            return nil
        }
        let points = items.map { item -> [Length]? in
            guard let text = reading.text(item, path: path) else { return nil }
            return readPoint(Clause(text: text, offset: 0), in: item, path: path)
        }
        let good = points.compactMap(\.self)
        return good.count == points.count ? .points(good) : nil
    }

    /// "(x, y, z) µm" inside the box; two numbers are a point in the middle of a slab.
    func readPoint(_ clause: Clause, in branch: Branch, path: String) -> [Length]? {
        let text = clause.text
        guard text.hasPrefix("("), let close = text.lastIndex(of: ")") else {
            findings.error(
                branch.place(at: clause.offset), "\(path): '\(text.shortened)' is not a point",
                fix: "write it as (10, 20, 30) µm")
            return nil
        }
        let unitText = String(text[text.index(after: close)...]).trimmingSpaces
        let numbers = Clause.split(String(text[text.index(after: text.startIndex)..<close]))
        guard numbers.count == 3 || (numbers.count == 2 && isSlab) else {
            findings.error(
                branch.place(at: clause.offset),
                "\(path): a point has \(isSlab ? "two or three" : "three") coordinates, found \(numbers.count)",
                fix: "write it as \(isSlab ? "(10, 20) µm" : "(10, 20, 30) µm")")
            return nil
        }
        let unit = unitText.isEmpty ? nil : try? UnitExpression.parse(unitText)
        var coordinates = numbers.map { number in
            reading.number(
                number.text, in: branch, at: clause.offset + 1 + number.offset, path: path, .length, .any, unitOf: unit)
        }
        if coordinates.count == 2 { coordinates.append(size[2] / 2) }
        let point = coordinates.compactMap(\.self)
        guard point.count == 3 else { return nil }
        for (axis, (value, edge)) in zip(["x", "y", "z"], zip(point, size))
        where value < 0 || value > edge * (1 + 1e-12) {
            findings.error(
                branch.place(at: clause.offset),
                "\(path): \(axis) = \(QuantityText.describe(value, .length)) is outside the box, which is \(QuantityText.describe(edge, .length)) along \(axis)",
                fix: "keep the point inside the box")
            return nil
        }
        return point.map { .micrometres($0) }
    }

    // MARK: - Tables

    func readTable(_ entry: Entry) -> TablePlacement? {
        let before = findings.errorCount
        let file = entry.required("file", example: "cells.csv")
        let columns = ["x", "y", "z"].map { entry.text($0) }
        let pixel = entry.quantity("pixel", of: Length.self, .positive)
        let type = entry.required("type", example: "cell_type").flatMap {
            reading.text($0, path: entry.path(of: "type"))
        }
        let id = entry.text("id")
        let labels = entry.requiredTable("labels", example: "{\"LABEL\": CELLTYPE}").map { readLabels($0) }
        let thickness = entry.quantity("thickness", of: Length.self, .positive)
        let origin = entry.branch("origin").flatMap { readOrigin($0, path: entry.path(of: "origin")) }
        entry.expectNothingElse()
        if let thickness, thickness.value > size[2] * (1 + 1e-9), let place = entry.branch("thickness")?.place {
            findings.error(
                place,
                "\(entry.path(of: "thickness")): \(QuantityText.describe(thickness.value, .length)) is more than the box, which is \(QuantityText.describe(size[2], .length)) along z",
                fix: "make the box thicker or the section thinner")
        }
        if (columns[0] == nil) != (columns[1] == nil) || (columns[2] != nil && columns[0] == nil) {
            findings.error(
                entry.place, "'\(entry.path)' names only some of the position columns",
                fix: "name both x and y (and z), or none for an AnnData file with obsm/spatial")
        }
        guard let file, let path = readPath(file, path: entry.path(of: "file")), let type, let labels,
            findings.errorCount == before
        else {
            return nil
        }
        var table = TablePlacement(path: path, typeColumn: type, labels: labels)
        table.positionColumns = columns[0] == nil ? nil : columns.compactMap(\.self)
        table.unitLength = pixel ?? .micrometres(1)
        table.idColumn = id
        table.origin = origin ?? []
        table.thickness = thickness
        return table
    }

    private func readPath(_ branch: Branch, path: String) -> String? {
        reading.text(branch, path: path).flatMap {
            reading.pathInside(
                $0, at: branch.place, path: path, fix: "put the table beside the model file and write its name")
        }
    }

    private func readOrigin(_ branch: Branch, path: String) -> [Length]? {
        guard let text = reading.text(branch, path: path) else { return nil }
        guard text.hasPrefix("("), let close = text.lastIndex(of: ")") else {
            findings.error(branch.place, "\(path): '\(text.shortened)' is not a point", fix: "write it as (0, 0) µm")
            return nil
        }
        let unit = try? UnitExpression.parse(String(text[text.index(after: close)...]).trimmingSpaces)
        let numbers = Clause.split(String(text[text.index(after: text.startIndex)..<close])).map {
            reading.number($0.text, in: branch, at: 1 + $0.offset, path: path, .length, .any, unitOf: unit)
        }
        let good = numbers.compactMap(\.self)
        guard good.count == numbers.count else { return nil }
        guard good.count == 2 || good.count == 3 else {
            findings.error(
                branch.place, "\(path): a point has two or three coordinates, found \(good.count)",
                fix: "write it as (0, 0) µm")
            return nil
        }
        return good.map { .micrometres($0) }
    }

    private func readLabels(_ entry: Entry) -> [String: [TypeShare]] {
        var labels: [String: [TypeShare]] = [:]
        for field in entry.fields {
            let path = "\(entry.path).\(field.key)"
            if case .table(let shares) = field.value.content {
                labels[field.key] = readShares(shares, at: field.value.place, path: path)
            } else if let text = reading.text(field.value, path: path) {
                if text == "leave out" {
                    labels[field.key] = []
                } else if isCellType(text, at: field.value.place) {
                    labels[field.key] = [TypeShare(cellType: text, share: 1)]
                }
            }
        }
        if entry.fields.isEmpty {
            findings.error(
                entry.place, "'\(entry.path)' is empty",
                fix: "map each label of the table to a cell type, or to 'leave out'")
        }
        return labels
    }

    private func readShares(_ fields: [Branch.Field], at place: Place, path: String) -> [TypeShare] {
        var shares: [TypeShare] = []
        for field in fields {
            let isKnown = isCellType(field.key, at: field.keyPlace)
            guard let text = reading.text(field.value, path: "\(path).\(field.key)"),
                let share = reading.number(text, in: field.value, path: "\(path).\(field.key)", .none, .share), isKnown
            else { continue }
            shares.append(TypeShare(cellType: field.key, share: share))
        }
        let sum = shares.reduce(0) { $0 + $1.share }
        if shares.count == fields.count, abs(sum - 1) > 1e-9 {
            findings.error(
                place, "\(path): the shares sum to \(QuantityText.digits(sum * 100)) %", fix: "make them sum to 100 %")
        }
        return shares
    }

    private func isCellType(_ name: String, at place: Place) -> Bool {
        if reading.vocabulary.cellTypes.contains(name) { return true }
        reading.undefined("cell type", name, among: reading.vocabulary.cellTypes, section: "cells", at: place)
        return false
    }
}
