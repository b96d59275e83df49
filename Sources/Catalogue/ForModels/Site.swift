import Biology

/// Where a ligand binds a receptor: the chains named, or the chain of them whose rates are known.
struct Site {
    let chains: [String]
    let ligand: String
    let numbers: ModelNumbers

    private struct Rates {
        var association: Measurement?
        var dissociation: Measurement?
        var affinity: Measurement?

        /// Whether k_on and k_off are both known, or follow from K_D.
        var isWhole: Bool {
            [association, dissociation, affinity].count { $0 != nil } >= 2
        }

        // Of the three the one of the lowest layer is left out: a lab's K_D comes before a built-in rate. Of two rates of
        // one layer k_on stays; what a file states is above every layer.

        func keptAssociation(beside statedDissociation: Double?) -> Measurement? {
            guard let association, let other = statedDissociation == nil ? dissociation?.layer : .max else {
                return association
            }
            return isOvertaken(association) && other > association.layer ? nil : association
        }

        func keptDissociation(beside statedAssociation: Double?) -> Measurement? {
            guard let dissociation, let other = statedAssociation == nil ? association?.layer : .max else {
                return dissociation
            }
            return isOvertaken(dissociation) && other >= dissociation.layer ? nil : dissociation
        }

        private func isOvertaken(_ rate: Measurement) -> Bool {
            affinity.map { $0.layer > rate.layer && ($0.value.typical ?? 0) > 0 } ?? false
        }
    }

    /// The chains whose rates are taken.
    ///
    /// All that are named where their rates are whole; else those of them, in the order of the table, whose rates are.
    var binding: Set<String> { chosen.chains }

    private var chosen: (chains: Set<String>, rates: Rates) {
        let all = Set(chains)
        let whole = rates(of: all)
        if whole.isWhole { return (all, whole) }
        for other in numbers.sites(of: ligand) where other.isStrictSubset(of: all) {
            let rates = rates(of: other)
            if rates.isWhole { return (other, rates) }
        }
        return (all, whole)
    }

    private func rates(of site: Set<String>) -> Rates {
        func best(_ parameter: MeasuredParameter) -> Measurement? {
            numbers.best(parameter) {
                $0.subject == ligand && $0.site == site && !$0.condition.contains("endosome")
            }
        }
        return Rates(association: best(.association), dissociation: best(.dissociation), affinity: best(.affinity))
    }

    // MARK: - Rates

    func association(statedDissociation: Double?) -> CatalogueAnswer {
        let rates = chosen.rates
        if let known = rates.keptAssociation(beside: statedDissociation) { return numbers.number(known) }
        guard let affinity = rates.affinity, let value = affinity.value.typical, value > 0,
            let off = statedDissociation ?? rates.dissociation?.value.typical
        else { return lacking(.association, rates) }
        return derived(
            off / value, .association, "k_off / K_D", from: statedDissociation == nil ? rates.dissociation : nil,
            affinity
        ) { off / $0 }
    }

    func dissociation(statedAssociation: Double?) -> CatalogueAnswer {
        let rates = chosen.rates
        if let known = rates.keptDissociation(beside: statedAssociation) { return numbers.number(known) }
        guard let affinity = rates.affinity, let value = affinity.value.typical,
            let on = statedAssociation ?? rates.association?.value.typical
        else { return lacking(.dissociation, rates) }
        return derived(
            value * on, .dissociation, "K_D × k_on", from: statedAssociation == nil ? rates.association : nil, affinity
        ) { $0 * on }
    }

    /// The k_on that is taken, and the number it is of: k_on itself, or the K_D it follows from.
    var associating: (number: Measurement, rate: Double)? {
        guard case .number(let taken) = association(statedDissociation: nil) else { return nil }
        let rates = chosen.rates
        return (rates.keptAssociation(beside: nil) ?? rates.affinity).map { ($0, taken.value) }
    }

    /// Of the receptor itself, else of a complex that signals with it, else of the chain that binds.
    var internalisation: CatalogueAnswer {
        let all = Set(chains)
        let larger = (numbers.complexes[ligand] ?? []).filter { $0.role == .signalling }
            .map { Set($0.subunits.map(\.symbol)) }.filter { $0.isStrictSuperset(of: all) }
        for site in [all] + larger + [chosen.chains] {
            let found = numbers.best(.internalisation) { $0.subject == ligand && $0.site == site }
            if let found { return numbers.number(found) }
        }
        return lacking(.internalisation, chosen.rates)
    }

    private func derived(
        _ value: Double, _ parameter: MeasuredParameter, _ formula: String, from rate: Measurement?,
        _ affinity: Measurement, _ of: (Double) -> Double
    ) -> CatalogueAnswer {
        let inputs = [affinity] + [rate].compactMap(\.self)
        let ends = [affinity.value.low, affinity.value.high].compactMap(\.self).filter { $0 > 0 }.map(of).sorted()
        var sources: [String] = []
        for source in inputs.map(\.source.cited) where !sources.contains(source) { sources.append(source) }
        let said = inputs.map { "\($0.parameter.rawValue) \($0.text) (\($0.grade.rawValue))" }
        return .number(
            CatalogueNumber(
                value: value, dimension: parameter.dimension, text: "\(formula), \(said.joined(separator: ", "))",
                subject: "\(ligand) \(parameter.rawValue) on \(affinity.receptor)", grade: Grade.derived.rawValue,
                source: sources.joined(separator: "; "), isWeak: inputs.contains(where: \.isWeak),
                range: ends.count == 2 && ends[0] < ends[1] ? ends[0]...ends[1] : nil))
    }

    private func lacking(_ parameter: MeasuredParameter, _ rates: Rates) -> CatalogueAnswer {
        let known = [rates.association, rates.dissociation, rates.affinity].compactMap(\.self)
        let has = known.map { "\($0.parameter.rawValue) \($0.text)" }.joined(separator: " and ")
        return .lacking(
            "the catalogue has no \(parameter.rawValue) of \(ligand) on \(chains.joined(separator: "+"))"
                + (has.isEmpty || parameter == .internalisation ? "" : ", only \(has)"))
    }
}

extension Measurement {
    /// The chains it belongs to.
    var site: Set<String> { Set(receptor.split(separator: "+").map(String.init)) }
}

extension ModelNumbers {
    /// Chains with a rate or an affinity for a ligand, in the order of the table.
    func sites(of ligand: String) -> [Set<String>] {
        (complexes[ligand] ?? []).flatMap { complex in
            complex.subunits.map { Set([$0.symbol]) }
        }
    }
}
