import Biology

/// The numbers a model file may leave to the catalogue, each chosen by one rule.
///
/// Of several numbers for one thing the first is taken, in this order: a lab's own tables before the built-in ones;
/// a number of one cell before an average over a population; the cell type itself before what it is a kind of; by grade;
/// human or unstated before other species; the order of the table. A bound ("<0.1") is not a value and is never taken.
struct ModelNumbers: Sendable {
    private let index: NameIndex
    let cytokines: [String: Cytokine]
    let cells: [String: CatalogueCell]
    /// By ligand, in the order of the table.
    let complexes: [String: [ReceptorComplex]]
    let relations: [String: [Relation]]
    private let measurements: [MeasuredParameter: [Measurement]]

    init(_ catalogue: ParameterCatalogue) {
        index = catalogue.index
        cytokines = Dictionary(catalogue.cytokines.map { ($0.name, $0) }) { first, _ in first }
        cells = Dictionary(catalogue.cells.map { ($0.name, $0) }) { first, _ in first }
        complexes = Dictionary(grouping: catalogue.receptorComplexes, by: \.ligand)
        relations = Dictionary(grouping: catalogue.relations, by: \.cytokine)
        measurements = Dictionary(grouping: catalogue.measurements, by: \.parameter)
    }

    /// What is said of one cytokine and of the classes it belongs to; nothing of cells.
    init(_ catalogue: ParameterCatalogue, of cytokine: Cytokine) {
        index = catalogue.index
        cytokines = [cytokine.name: cytokine]
        cells = [:]
        complexes = [cytokine.name: catalogue.receptorComplexes.filter { $0.ligand == cytokine.name }]
        relations = [:]
        let numbers = ([cytokine.name] + ModelNumbers.classes(of: cytokine)).flatMap { catalogue.measurements(of: $0) }
        measurements = Dictionary(grouping: numbers, by: \.parameter)
    }

    // MARK: - Names

    func identity(_ name: String, _ kind: CatalogueReader.Kind) -> String? {
        switch kind {
        case .molecule: index.name(name, .cytokine)
        case .receptor: receptor(name).chains.map { $0.joined(separator: "+") }
        case .cellType: index.name(name, .cell)
        }
    }

    /// The chains a receptor's name stands for, or those it might.
    ///
    /// A chain by any name ("CD25"), chains joined by "+" ("IL2RB+IL2RG"), or a cytokine with an R ("IL-2R"): the
    /// complexes that signal for it if they share a chain, the first of them being meant.
    func receptor(_ name: String) -> (chains: [String]?, choices: [String]) {
        if let chain = index.name(name, .receptor) { return ([chain], []) }
        let parts = name.split(separator: "+").map { index.name(String($0), .receptor) }
        if parts.count > 1, parts.allSatisfy({ $0 != nil }) { return (parts.compactMap(\.self), []) }
        guard name.hasSuffix("R"), let ligand = index.name(String(name.dropLast()), .cytokine) else { return (nil, []) }
        let signalling = (complexes[ligand] ?? []).filter { $0.role == .signalling }
        guard let first = signalling.first else { return (nil, []) }
        let chains = first.subunits.map(\.symbol)
        let isOne = signalling.allSatisfy { other in other.subunits.contains { chains.contains($0.symbol) } }
        return isOne ? (chains, []) : (nil, signalling.map(\.name))
    }

    /// The complexes that signal for a cytokine, in the order of the table.
    func signalling(_ name: String) -> [String] {
        let ligand = index.name(name, .cytokine) ?? ""
        return (complexes[ligand] ?? []).filter { $0.role == .signalling }.map(\.name)
    }

    /// A cell type and what it is a kind of, the nearest first.
    func kinds(_ cell: CatalogueCell) -> [String] { [cell.name] + cell.ancestors }

    func cell(_ name: String) -> CatalogueCell? { index.name(name, .cell).flatMap { cells[$0] } }

    func cytokine(_ name: String) -> Cytokine? { index.name(name, .cytokine).flatMap { cytokines[$0] } }

    // MARK: - Choosing

    /// The number to take of those that `belongs` lets through.
    func best(
        _ parameter: MeasuredParameter, kinds: [String] = [], where belongs: (Measurement) -> Bool
    ) -> Measurement? {
        func rank(_ number: Measurement) -> [Int] {
            [
                -number.layer, number.caveat == .population ? 1 : 0, kinds.firstIndex(of: number.cell) ?? 0,
                Grade.allCases.firstIndex(of: number.grade) ?? Grade.allCases.count,
                ["human", "not stated", ""].contains(number.species) ? 0 : 1,
            ]
        }
        let found = (measurements[parameter] ?? []).filter {
            $0.value.typical != nil && (kinds.isEmpty || kinds.contains($0.cell)) && belongs($0)
        }
        return found.enumerated().min { a, b in
            let (first, second) = (rank(a.element), rank(b.element))
            return first == second ? a.offset < b.offset : first.lexicographicallyPrecedes(second)
        }?.element
    }

    /// A number of the table as a model takes it.
    func number(_ taken: Measurement, scale: Double = 1, isOfClass: Bool = false) -> CatalogueAnswer {
        guard let typical = taken.value.typical else { return .silent }
        let range = taken.value.isRange ? ModelNumbers.range(taken, scale) : nil
        let variation = typical > 0 ? (taken.value.deviation ?? 0) / typical : 0
        return .number(
            CatalogueNumber(
                value: typical * scale, dimension: taken.dimension, variation: min(variation, 10), text: taken.text,
                subject: (isOfClass ? "of the whole class: " : "") + ModelNumbers.subject(taken),
                grade: taken.grade.rawValue, source: taken.source.cited,
                isWeak: isOfClass || taken.isWeak, range: range))
    }

    static func range(_ number: Measurement, _ scale: Double) -> ClosedRange<Double>? {
        guard let low = number.value.low, let high = number.value.high, low <= high else { return nil }
        return (low * scale)...(high * scale)
    }

    /// What a number is of, and where it holds.
    static func subject(_ number: Measurement) -> String {
        let of = [number.subject, number.parameter.rawValue].joined(separator: " ")
        let on = number.receptor.isEmpty || number.receptor == number.subject ? "" : " on \(number.receptor)"
        let by = number.cell.isEmpty || number.cell == number.subject ? "" : " of \(number.cell)"
        let species = number.species == "not stated" ? "" : number.species
        let place = [species, number.condition].filter { !$0.isEmpty }
        return ([of + on + by] + place + number.remarks).joined(separator: ", ")
    }
}

extension Citation {
    /// The source with its identifier.
    var cited: String { identifier.isEmpty ? text : "\(text), \(identifier)" }
}
