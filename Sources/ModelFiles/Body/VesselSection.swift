import Biology

extension ModelReader {
    /// Reads `vessels:` of one tissue.
    func readVessels(_ file: Entry, space: Space?) -> [Vessel]? {
        guard let section = file.table("vessels") else { return nil }
        if section.fields.isEmpty {
            findings.error(section.place, "'vessels' has no vessel", fix: "add one, or remove the line")
        }
        return section.entries().compactMap { field, entry in
            let carries = entry.required("carries", example: "blood").flatMap { branch in
                reading.text(branch, path: entry.path(of: "carries")).flatMap {
                    isCompartment($0, branch.place) ? $0 : nil
                }
            }
            // Without a space it has no place; its keys are still known.
            guard let space else {
                _ = ["line", "radius", "mask"].map(entry.branch)
                entry.expectNothingElse()
                return nil
            }
            let shape = readShape(entry, space: space)
            guard let carries, let shape else { return nil }
            return Vessel(name: field.key, compartment: carries, shape: shape)
        }
    }

    func isCompartment(_ name: String, _ place: Place) -> Bool {
        let names = vocabulary.compartments.map(\.name)
        if names.contains(name) { return true }
        reading.undefined("compartment", name, among: names, section: "compartments", at: place)
        return false
    }

    // MARK: - Several tissues

    /// Reads `tissues:`, each with its space, cells, places and vessels.
    mutating func readOrgans(_ file: Entry, into model: inout Model) {
        guard let section = file.table("tissues") else { return }
        for key in ["space", "place", "vessels", "obstacles"] where file.branch(key) != nil {
            findings.error(
                file.fields.first { $0.key == key }?.keyPlace ?? section.place,
                "a model with 'tissues' says '\(key)' in each of them", fix: "move '\(key)' under a tissue")
        }
        if section.fields.isEmpty {
            findings.error(
                section.place, "'tissues' has no tissue",
                fix: "add one, such as gut: {space: {...}, cells: {T: 20}, place: {T: random}}")
        }
        for type in model.cellTypes where type.count != nil {
            findings.error(
                places["cells.\(type.name)"] ?? section.place,
                "cells.\(type.name).count: a model with 'tissues' counts cells in each of them",
                fix: "write 'cells: {\(type.name): 100}' under a tissue")
        }
        var organs: [Organ] = []
        for (field, entry) in section.entries() {
            places[entry.path] = field.keyPlace
            if let organ = readOrgan(entry, name: field.key, model) { organs.append(organ) }
        }
        model.organs = organs
        if let first = organs.first { (model.space, model.placements) = (first.space, first.placements) }
    }

    private mutating func readOrgan(_ entry: Entry, name: String, _ model: Model) -> Organ? {
        let space = entry.requiredTable("space", example: "{box: 200 x 200 x 200 µm, grid: 10 µm}").flatMap {
            readSpace($0)
        }
        let counts = entry.branch("cells").map { readCounts($0, path: entry.path(of: "cells")) } ?? [:]
        let vessels = readVessels(entry, space: space) ?? []
        guard let space else {
            _ = entry.branch("place")
            entry.expectNothingElse()
            return nil
        }
        var organ = Organ(name: name, space: space)
        organ.counts = counts
        organ.vessels = vessels
        if case .table(let fields)? = entry.branch("place")?.content,
            let table = fields.first(where: { $0.key == "table" })
        {
            findings.error(
                table.keyPlace, "cells of several tissues do not come from tables",
                fix: "place them by a pattern, or make a model of one tissue")
            entry.expectNothingElse()
            return nil
        }
        var part = model.tissue(of: organ)
        part.placements = []
        let placed = Set(entry.table("place")?.fields.map(\.key) ?? [])
        part.cellTypes = part.cellTypes.filter { counts[$0.name] != nil || placed.contains($0.name) }
        for index in part.cellTypes.indices { part.cellTypes[index].count = counts[part.cellTypes[index].name] }
        checkFit(part, entry)
        if part.cellTypes.isEmpty { _ = entry.branch("place") } else { readPlacements(entry, into: &part) }
        entry.expectNothingElse()
        organ.placements = part.placements
        return organ
    }

    private func checkFit(_ part: Model, _ entry: Entry) {
        let isSlab = part.space.voxels[2] == 1
        let narrowest = part.space.size[..<(isSlab ? 2 : 3)].map(\.value).min() ?? 0
        for type in part.cellTypes where 2 * type.radius.value > narrowest {
            findings.error(
                entry.place,
                "\(entry.path): a \(type.name) of diameter \(QuantityText.describe(2 * type.radius.value, .length)) does not fit into a box of \(QuantityText.describe(narrowest, .length))",
                fix: "make the cell smaller or the box larger")
        }
    }

    private func readCounts(_ branch: Branch, path: String) -> [String: CellCount] {
        var counts: [String: CellCount] = [:]
        for field in reading.entry(branch, path: path)?.fields ?? [] {
            guard vocabulary.cellTypes.contains(field.key) else {
                reading.undefined(
                    "cell type", field.key, among: vocabulary.cellTypes, section: "cells", at: field.keyPlace)
                continue
            }
            counts[field.key] = readCount(field.value, path: "\(path).\(field.key)")
        }
        return counts
    }
}
