import Biology

/// What one rule has made the cells of a type secrete, by its names in the network.
struct MixedInduction: Sendable {
    /// Its place among the model's rules.
    let rule: Int
    let cellType: String
    let molecule: String
    /// Molecules since the start, beyond what there would be without it.
    var total = ""
    /// By chance, the same when cells or rules were last other ones.
    var before = ""
    /// How far the rule is driven (0...1), by group.
    var driven: [Int: String] = [:]
    /// Molecules/s, by group.
    var rates: [Formula] = []
}

extension Reduction {
    /// Notes what rules on one molecule's secretion stand for in a group; `values` are what each gives.
    ///
    /// A rule stands for what is missing without it, made to add up, as in the tissue.
    mutating func noteInductions(
        _ rules: [(offset: Int, element: Rule)], _ values: [Formula], of molecule: Int, _ g: Int
    ) {
        let behaviour = rules[0].element.behaviour
        let declared = rules[0].element.from
        let whole = combine(values, behaviour, declared)
        let missing = values.indices.map { left in
            whole - (values.count == 1 ? .number(declared) : combine(without(left, values), behaviour, declared))
        }
        let all = Reduction.sum(missing)
        for (k, rule) in rules.enumerated() {
            var share = missing[k]
            if values.count > 1 {
                let rise = whole - .number(declared)
                let piece = Formula.Piece(
                    value: rise * missing[k] / all, condition: .call(.different, [all, .number(0)]))
                share = .piecewise([piece], otherwise: rise / .number(Double(values.count)))
            }
            let one = own(share, declared, .secretion(molecule), g)
            let range = Formula.number(rule.element.to - rule.element.from)
            let driven = assigned(
                names.name(labels[g], "rule \(rule.offset + 1) driven"),
                (values[k] - .number(rule.element.from)) / range)
            let place = induced.firstIndex { $0.rule == rule.offset }
            var induction =
                place.map { induced[$0] }
                ?? MixedInduction(
                    rule: rule.offset, cellType: rule.element.cellType, molecule: model.molecules[molecule].name)
            induction.driven[g] = driven
            induction.rates.append(.name(counts[g]) * one)
            if let place { induced[place] = induction } else { induced.append(induction) }
        }
    }

    private func without(_ left: Int, _ values: [Formula]) -> [Formula] {
        values.indices.filter { $0 != left }.map { values[$0] }
    }

    /// Adds up what rules have made cells secrete: an integral as equations; by chance from tick to tick, between which
    /// what one cell secretes stays.
    mutating func addInductions() {
        induced.sort { $0.rule < $1.rule }
        var last: String?
        for place in induced.indices {
            let rate = Reduction.sum(induced[place].rates)
            let name = names.name("induced", "by", "rule \(induced[place].rule + 1)")
            induced[place].total = name
            switch method {
            case .ode:
                network.parameters.append(NetworkParameter(name: name, value: 0, isConstant: false))
                network.rateRules.append(NetworkAssignment(name, rate))
            case .ssa:
                let tick = last ?? names.name("last", "tick")
                let before = names.name(name, "before")
                network.parameters.append(NetworkParameter(name: before, value: 0, isConstant: false))
                ticked.append(NetworkAssignment(before, .name(name)))
                induced[place].before = before
                if last == nil {
                    network.parameters.append(NetworkParameter(name: tick, value: 0, isConstant: false))
                    ticked.append(NetworkAssignment(tick, .time))
                }
                last = tick
                lastTick = tick
                _ = assigned(name, .name(before) + rate * (.time - .name(tick)))
            }
        }
    }
}
