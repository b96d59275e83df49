import Biology

extension Explanation {
    /// Every number that the file left to its catalogue, with grade and source.
    static func catalogue(_ model: Model) -> Section {
        let use = model.catalogue
        return Section(
            title: "Taken from the catalogue \(use?.version ?? "")",
            items: (use?.numbers ?? []).map { taken in
                let number = taken.number
                let (unit, factor) = readingUnit(of: number)
                let ends = number.range.map { [$0.lowerBound, $0.upperBound] } ?? []
                return Item(
                    taken.path, "\(number.subject): \(number.text)",
                    zip(["from", "to"], ends).map { Figure($0, $1 * factor, unit) }, number.value * factor, unit,
                    number.isWeak ? .warning : .plain, "\(number.grade); \(number.source)")
            })
    }

    /// The unit a number reads well in, and the factor to it.
    static func readingUnit(of number: CatalogueNumber) -> (name: String, factor: Double) {
        switch number.dimension {
        case .diffusion: ("µm²/s", 1)
        case .rate: ("/h", 3600)
        case .association: ("/nM/h", 3600 * Concentration.moleculesPerCubicMicrometreInNanomolar)
        case .length: ("µm", 1)
        case .amount: ("receptors", 1)
        case .secretion: ("molecules/s", 1)
        case .molarMass: ("kDa", 1)
        default: ("\(number.dimension)", 1)
        }
    }
}
