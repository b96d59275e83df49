public import Biology

/// A cell that has its place and type, but no receptors yet.
struct Site {
    var type: Int
    var position: SIMD3<Double>
    /// The table it came from and its row there.
    var origin: (table: Int, row: Int)?
}

/// Places the cells of a model one placement after another.
struct Placing {
    let model: Model
    let tables: [TableCells]
    let box: PlacementBox
    /// Types that a placement or a table's labels name.
    let named: Set<String>
    var grid: OverlapGrid
    var sites: [Site] = []
    var notes: [String] = []
    /// Of the first cell, where cells of other tissues were placed before.
    var firstID = 0

    init(_ model: Model, tables: [TableCells]) throws(PlacementError) {
        let expected = model.placements.count { if case .table = $0.pattern { true } else { false } }
        precondition(tables.count == expected, "\(expected) table placements, but \(tables.count) tables")
        self.model = model
        self.tables = tables
        box = try PlacementBox(model.space)
        named = Placing.namedTypes(model)
        for type in model.cellTypes { try Placing.check(type) }
        for name in named where model.cellType(name) == nil {
            throw PlacementError(
                entry: "place", problem: "no cell type is named '\(name)'", fix: "define it under 'cells:'")
        }
        grid = OverlapGrid(box: box, largestRadius: model.cellTypes.map(\.radius.value).max() ?? 1)
    }

    private static func namedTypes(_ model: Model) -> Set<String> {
        var named: Set<String> = []
        for placement in model.placements {
            if case .table(let table) = placement.pattern {
                for shares in table.labels.values { named.formUnion(shares.map(\.cellType)) }
            } else if let type = placement.cellType {
                named.insert(type)
            }
        }
        return named
    }

    private static func check(_ type: CellType) throws(PlacementError) {
        let entry = "cells.\(type.name)"
        guard type.radius.value > 0 else {
            throw PlacementError(
                entry: "\(entry).radius", problem: "radius is \(type.radius.value) µm", fix: "give a positive radius")
        }
        let spreads = type.receptors.compactMap { name, number -> (String, Spread)? in
            guard case .spread(let spread) = number else { return nil }
            return ("\(entry).receptors.\(name)", spread)
        }
        let all = spreads + type.secretes.map { ("\(entry).secretes.\($0.key)", $0.value) }
        for (entry, spread) in all.sorted(by: { $0.0 < $1.0 }) {
            guard spread.mean >= 0, spread.mean.isFinite, spread.variation >= 0, spread.variation.isFinite else {
                throw PlacementError(
                    entry: entry, problem: "\(spread.mean) ± \(spread.variation) is not a spread",
                    fix: "give a mean and a variation of at least 0")
            }
        }
        let isPossible =
            switch type.count {
            case .number(let number): number >= 0
            case .share(let share): (0...1).contains(share)
            case nil: true
            }
        guard isPossible else {
            throw PlacementError(
                entry: "\(entry).count", problem: "this count is negative or above 100 %",
                fix: "give a number of cells or a share of 0 to 100 %")
        }
    }

    /// The types that "other" places, by index.
    var otherTypes: [Int] {
        let arising = model.arising
        return model.cellTypes.indices.filter {
            let type = model.cellTypes[$0]
            return !named.contains(type.name) && (type.count != nil || !arising.contains(type.name))
        }
    }
    /// The placement of "other", if there is one.
    var other: Placement? {
        model.placements.first { placement in
            if case .table = placement.pattern { return false }
            return placement.cellType == nil
        }
    }

    func radius(_ type: Int) -> Double { model.cellTypes[type].radius.value }

    /// The type a placement names; "other" stands for the only type it leaves.
    func type(of placement: Placement) throws(PlacementError) -> Int {
        if let name = placement.cellType, let index = model.cellTypes.firstIndex(where: { $0.name == name }) {
            return index
        }
        let others = otherTypes
        guard others.count == 1 else {
            let names = others.map { "'\(model.cellTypes[$0].name)'" }.joined(separator: ", ")
            throw PlacementError(
                entry: "place.other",
                problem: "this places one type, but \(others.isEmpty ? "none is" : "\(names) are") left",
                fix: "name the type in place of 'other'")
        }
        return others[0]
    }

    static func entry(_ placement: Placement) -> String { "place.\(placement.cellType ?? "other")" }

    /// Adds a cell whose place was checked.
    mutating func add(_ type: Int, at position: SIMD3<Double>, origin: (table: Int, row: Int)? = nil) {
        sites.append(Site(type: type, position: position, origin: origin))
        grid.insert(position, radius: radius(type))
    }

    func requireRoom(for count: Double, _ entry: String) throws(PlacementError) {
        guard Double(sites.count) + count <= Double(CellPlacement.largestCellCount) else {
            throw PlacementError(
                entry: entry,
                problem:
                    "\((Double(sites.count) + count).short) cells are more than the \(CellPlacement.largestCellCount) "
                    + "that can be placed",
                fix: "place fewer cells, on a wider lattice or in a smaller box")
        }
    }

    /// A point of the model; without a z it lies at mid-depth of a slab.
    func point(_ lengths: [Length], _ entry: String) throws(PlacementError) -> SIMD3<Double> {
        var p = box.middle
        guard lengths.count == 3 || lengths.count == 2 && box.isThin[2] else {
            throw PlacementError(
                entry: entry, problem: "a point has \(lengths.count) coordinates",
                fix: "give x, y and z (z may be left out in a slab)")
        }
        for axis in lengths.indices { p[axis] = lengths[axis].value }
        guard box.contains(p) else {
            throw PlacementError(
                entry: entry,
                problem: "the point \(p.x.short), \(p.y.short), \(p.z.short) µm is outside the box of \(box.text)",
                fix: "move it inside, or make the box larger")
        }
        return p
    }

    /// Draws each cell's receptors and secretion.
    func cells() throws(PlacementError) -> [PlacedCell] {
        let markers = try markerScales()
        let receptorTypes = model.cellTypes.map { type in model.receptors.map { type.receptors[$0.name] } }
        let secretions = model.cellTypes.map { type in model.molecules.map { type.secretes[$0.name] } }
        return try sites.indices.map { id throws(PlacementError) in
            let site = sites[id]
            let id = firstID + id
            let numbers = try receptorTypes[site.type].indices.map { index throws(PlacementError) in
                switch receptorTypes[site.type][index] {
                case nil: 0.0
                case .spread(let spread): spread.draw(cell: id, .receptor, index, seed: model.run.seed)
                case .column: try markers.number(of: index, for: site, in: self)
                }
            }
            let rates = secretions[site.type].indices.map { index in
                secretions[site.type][index]?.draw(cell: id, .secretion, index, seed: model.run.seed) ?? 0
            }
            return PlacedCell(
                id: id, typeIndex: site.type, x: site.position.x, y: site.position.y, z: site.position.z,
                radius: radius(site.type), receptors: numbers, secretion: rates,
                line: site.origin.map { tables[$0.table].lines[$0.row] })
        }
    }
}

extension Model {
    /// A cell that comes while the run goes on, with receptors and secretion drawn as those of the start's.
    ///
    /// A number of receptors that is read from a table is 0: newcomers are in none.
    public func newcomer(type: Int, id: Int, at position: SIMD3<Double>, tissue: Int = 0) -> PlacedCell {
        let cellType = cellTypes[type]
        let numbers = receptors.enumerated().map { index, receptor -> Double in
            guard case .spread(let spread)? = cellType.receptors[receptor.name] else { return 0 }
            return spread.draw(cell: id, .receptor, index, seed: run.seed)
        }
        let rates = molecules.enumerated().map { index, molecule in
            cellType.secretes[molecule.name].map { $0.draw(cell: id, .secretion, index, seed: run.seed) } ?? 0
        }
        var cell = PlacedCell(
            id: id, typeIndex: type, x: position.x, y: position.y, z: position.z, radius: cellType.radius.value,
            receptors: numbers, secretion: rates)
        cell.tissue = tissue
        return cell
    }
}
