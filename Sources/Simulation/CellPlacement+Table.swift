import Biology

extension Placing {
    /// Cells of a table that have a type of the model and stand in the box.
    mutating func placeTable(_ index: Int, _ plan: TablePlacement, _ entry: String) throws(PlacementError) {
        let table = tables[index]
        try requireRoom(for: Double(table.x.count), entry)
        let depths = try depthRange(table, plan, entry)
        let choices = try labelChoices(table, plan, entry)
        var unmapped = [Int](repeating: 0, count: table.labelNames.count)
        var outside: [Int] = []
        for row in table.x.indices {
            guard let choice = choices[table.labels[row]] else {
                unmapped[table.labels[row]] += 1
                continue
            }
            guard let type = pick(choice, row, index) else { continue }
            let z = table.z?[row] ?? depth(depths, row, index)
            let p = SIMD3(table.x[row], table.y[row], z)
            guard box.contains(p) else {
                outside.append(table.lines[row])
                continue
            }
            add(type, at: p, origin: (index, row))
        }
        noteUnmapped(unmapped, table)
        if !outside.isEmpty {
            notes.append(
                "\(table.path): \(outside.count) of \(table.x.count) cells lie outside the box of \(box.text) and are left out: "
                    + "\(table.lineWord)s \(Placing.list(outside)).")
        }
    }

    /// Depths within which cells of a 2-D section stand, µm.
    private func depthRange(
        _ table: TableCells, _ plan: TablePlacement, _ entry: String
    ) throws(PlacementError) -> ClosedRange<Double> {
        let middle = box.middle.z
        guard table.z == nil, let thickness = plan.thickness?.value else { return middle...middle }
        guard thickness >= 0, thickness <= box.size.z * (1 + 1e-12) else {
            throw PlacementError(
                entry: entry,
                problem: "the section is \(thickness.short) µm thick, but the box is \(box.size.z.short) µm deep",
                fix: "make the box as deep as the section")
        }
        return max(0, middle - thickness / 2)...min(box.size.z, middle + thickness / 2)
    }

    private func depth(_ range: ClosedRange<Double>, _ row: Int, _ table: Int) -> Double {
        var stream = RandomStream(seed: model.run.seed, cell: tables[table].lines[row], purpose: .depth, index: table)
        return range.lowerBound + stream.uniform() * (range.upperBound - range.lowerBound)
    }

    /// The types of each label with their running shares; `nil` where the model does not map it.
    private func labelChoices(
        _ table: TableCells, _ plan: TablePlacement, _ entry: String
    ) throws(PlacementError) -> [[(type: Int, upTo: Double)]?] {
        try table.labelNames.map { label throws(PlacementError) in
            guard let shares = plan.labels[label] else { return nil }
            var sum = 0.0
            let choices = try shares.map { share throws(PlacementError) in
                guard let type = model.cellTypes.firstIndex(where: { $0.name == share.cellType }), share.share >= 0
                else {
                    throw PlacementError(
                        entry: entry,
                        problem: "label '\(label)' becomes '\(share.cellType)', which is no share of a cell type",
                        fix: "define it under 'cells:', and give a share of 0 to 100 %")
                }
                sum += share.share
                return (type, sum)
            }
            guard shares.isEmpty || abs(sum - 1) <= 1e-9 else {
                throw PlacementError(
                    entry: entry, problem: "the shares of label '\(label)' sum to \((sum * 100).short) %, not 100 %",
                    fix: "let them sum to 100 %")
            }
            return choices
        }
    }

    private func pick(_ choices: [(type: Int, upTo: Double)], _ row: Int, _ table: Int) -> Int? {
        guard choices.count > 1 else { return choices.first?.type }
        var stream = RandomStream(seed: model.run.seed, cell: tables[table].lines[row], purpose: .label, index: table)
        let draw = stream.uniform()
        return (choices.first { draw < $0.upTo } ?? choices.last { $0.upTo > 0 })?.type
    }

    private mutating func noteUnmapped(_ counts: [Int], _ table: TableCells) {
        let unmapped = counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }
        guard !unmapped.isEmpty else { return }
        let shown = unmapped.prefix(20).map { "'\(table.labelNames[$0])' (\(counts[$0]))" }.joined(separator: ", ")
        let more = unmapped.count > 20 ? " and \(unmapped.count - 20) more labels" : ""
        notes.append(
            "\(table.path): \(counts.reduce(0, +)) of \(table.x.count) cells have a label that the model does not map and "
                + "are left out: \(shown)\(more).")
    }

    static func list(_ lines: [Int]) -> String {
        let shown = lines.prefix(20).map(String.init).joined(separator: ", ")
        return lines.count > 20 ? "\(shown) and \(lines.count - 20) more" : shown
    }
}

// MARK: - Markers

/// Receptors in one unit of brightness, for each table, type and receptor that takes them from a marker.
struct MarkerScales {
    struct Key: Hashable {
        var table: Int
        var type: Int
        var receptor: Int
    }
    var scales: [Key: (values: [Double], background: Double, scale: Double)] = [:]

    /// (brightness − background, at least 0) × scale, molecules.
    func number(of receptor: Int, for site: Site, in placing: Placing) throws(PlacementError) -> Double {
        guard let origin = site.origin,
            let found = scales[Key(table: origin.table, type: site.type, receptor: receptor)]
        else {
            let type = placing.model.cellTypes[site.type].name
            let name = placing.model.receptors[receptor].name
            throw PlacementError(
                entry: "cells.\(type).receptors.\(name)",
                problem: "'\(name)' comes from a column, but a cell of '\(type)' does not come from a table",
                fix: "give a number of receptors, or place every '\(type)' from the table")
        }
        return max(0, found.values[origin.row] - found.background) * found.scale
    }
}

extension Placing {
    /// The scale of every marker: stated, or such that the type's cells have the stated mean.
    func markerScales() throws(PlacementError) -> MarkerScales {
        var rows: [MarkerScales.Key: [Int]] = [:]
        for site in sites {
            guard let origin = site.origin else { continue }
            rows[MarkerScales.Key(table: origin.table, type: site.type, receptor: 0), default: []].append(origin.row)
        }
        var result = MarkerScales()
        for (key, rows) in rows.sorted(by: { ($0.key.table, $0.key.type) < ($1.key.table, $1.key.type) }) {
            let type = model.cellTypes[key.type]
            for (receptor, named) in model.receptors.enumerated() {
                guard case .column(let column, let calibration)? = type.receptors[named.name] else { continue }
                let entry = "cells.\(type.name).receptors.\(named.name)"
                guard let values = tables[key.table].markers[column] else {
                    throw PlacementError(
                        entry: entry, problem: "\(tables[key.table].path) has no column '\(column)'",
                        fix: "name a column of numbers of that table")
                }
                let scale = try scale(calibration, rows.map { values[$0] }, entry, column)
                result.scales[MarkerScales.Key(table: key.table, type: key.type, receptor: receptor)] =
                    (values, calibration.background, scale)
            }
        }
        return result
    }

    private func scale(
        _ calibration: MarkerCalibration, _ values: [Double], _ entry: String, _ column: String
    ) throws(PlacementError) -> Double {
        switch calibration.scale {
        case .perUnit(let scale): return scale.value
        case .mean(let mean):
            let sum = values.reduce(0) { $0 + max(0, $1 - calibration.background) }
            guard sum > 0, sum.isFinite else {
                throw PlacementError(
                    entry: entry,
                    problem:
                        "no cell is brighter in '\(column)' than the background of \(calibration.background.short), so no "
                        + "scale gives them \(mean.value.short) receptors on average",
                    fix: "lower the background, or give the number of receptors itself")
            }
            return mean.value * Double(values.count) / sum
        }
    }
}
