/// Everything the catalogue knows of one cytokine, for a page or for another program.
public struct CytokineSheet: Hashable, Sendable, Codable {
    public var catalogue: String
    public var cytokine: Cytokine
    public var classes: [ClassFinding]
    public var complexes: [ReceptorComplex]
    public var relations: [Relation]
    public var measurements: [Measurement]
    /// Receptors of its chains counted on cells: of each chain, whoever else binds it.
    public var receptorNumbers: [Measurement]
    public var reach: Reach?
    /// Mass of what diffuses, in kDa: 1 pM is as many pg/mL; of a range the middle that models take.
    public var mass: Double?
    public var setAside: [SetAside]

    func relations(_ kind: Relation.Kind) -> [Relation] { relations.filter { $0.kind == kind } }

    /// Every source that is named, in the order of its first use.
    public var citations: [Citation] {
        named(
            [cytokine.source] + measurements.map(\.source) + receptorNumbers.map(\.source) + relations.map(\.source)
                + complexes.map(\.source) + setAside.map(\.source))
    }

    /// The number that `mass` is.
    var massNumber: Measurement? {
        measurements.first { $0.parameter == .assemblyMass } ?? measurements.first { $0.parameter == .chainMass }
    }
}

extension ParameterCatalogue {
    public func sheet(of cytokine: Cytokine) -> CytokineSheet {
        let complexes = receptorComplexes(of: cytokine)
        var chains: [String] = []
        for chain in complexes.flatMap(\.subunits).map(\.symbol) where !chains.contains(chain) { chains.append(chain) }
        let numbers = byParameter(measurements(of: cytokine.name))
        let own = numbers.filter { $0.parameter == .receptors }
        let shared = chains.flatMap { measurements(of: $0, parameter: .receptors) }
        var sheet = CytokineSheet(
            catalogue: version, cytokine: cytokine, classes: classes(of: cytokine), complexes: complexes,
            relations: relations(of: cytokine), measurements: numbers.filter { $0.parameter != .receptors },
            receptorNumbers: own + shared, reach: reach(of: cytokine), mass: nil,
            setAside: setAside(of: cytokine.name))
        sheet.mass = sheet.massNumber?.value.typical
        return sheet
    }
}

/// The same numbers, parameter by parameter; the order within one stays.
private func byParameter(_ numbers: [Measurement]) -> [Measurement] {
    MeasuredParameter.allCases.flatMap { parameter in numbers.filter { $0.parameter == parameter } }
}

/// Everything the catalogue knows of one cell type.
public struct CellSheet: Hashable, Sendable, Codable {
    public var catalogue: String
    public var cell: CatalogueCell
    /// What it is made of and how it moves and divides.
    public var measurements: [Measurement]
    /// Cytokines it makes, with what is said of its ancestors.
    public var makes: [Relation]
    public var hears: [Relation]
    public var secretion: [Measurement]
    public var receptorNumbers: [Measurement]

    /// Every source that is named, in the order of its first use.
    public var citations: [Citation] {
        named(
            [cell.source] + measurements.map(\.source) + (makes + hears).map(\.source) + secretion.map(\.source)
                + receptorNumbers.map(\.source))
    }
}

/// Each source once, in the order of its first use.
private func named(_ sources: [Citation]) -> [Citation] {
    var seen: Set<Citation> = []
    return sources.filter { seen.insert($0).inserted }
}

extension ParameterCatalogue {
    public func sheet(of cell: CatalogueCell) -> CellSheet {
        let related = relations(of: cell)
        let kinds = [cell.name] + cell.ancestors
        let onCell = measurements.filter { kinds.contains($0.cell) }
        func first(_ kind: Relation.Kind) -> [Relation] {
            var seen: Set<String> = []
            return kinds.flatMap { name in related.filter { $0.kind == kind && $0.what == name } }
                .filter { seen.insert($0.cytokine).inserted }
        }
        return CellSheet(
            catalogue: version, cell: cell,
            measurements: byParameter(measurements(of: cell.name, cell: cell.name)), makes: first(.madeBy),
            hears: first(.heardBy),
            secretion: nearest(onCell.filter { $0.parameter == .secretion }, kinds, by: \.subject),
            receptorNumbers: nearest(onCell.filter { $0.parameter == .receptors }, kinds, by: \.receptor))
    }
}

/// Of the numbers with one key, those of the nearest kind of cell.
private func nearest(
    _ numbers: [Measurement], _ kinds: [String], by key: (Measurement) -> String
) -> [Measurement] {
    func distance(_ number: Measurement) -> Int { kinds.firstIndex(of: number.cell) ?? kinds.count }
    let least = Dictionary(grouping: numbers, by: key).mapValues { $0.map(distance).min() ?? 0 }
    return numbers.filter { distance($0) == least[key($0)] }
}

/// Everything the catalogue knows of one receptor chain.
public struct ReceptorSheet: Hashable, Sendable, Codable {
    public var catalogue: String
    public var chain: ReceptorChain
    public var complexes: [ReceptorComplex]
    public var measurements: [Measurement]
    /// Of the chain's protein.
    public var source: Citation

    /// Every source that is named, in the order of its first use.
    public var citations: [Citation] { named([source] + complexes.map(\.source) + measurements.map(\.source)) }
}

extension ParameterCatalogue {
    public func sheet(of chain: ReceptorChain) -> ReceptorSheet {
        ReceptorSheet(
            catalogue: version, chain: chain, complexes: receptorComplexes(with: chain),
            measurements: measurements.filter { $0.receptor.split(separator: "+").contains(chain.symbol[...]) },
            source: known.chainSources[chain.symbol] ?? Citation(id: "", text: "", identifier: "", seen: .none))
    }
}
