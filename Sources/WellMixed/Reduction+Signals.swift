import Biology

extension Reduction {
    /// A signal as one cell of a group has it.
    func formula(_ signal: Signal, _ g: Int) -> Formula {
        let surface = surfaces[groups[g].type]
        switch signal {
        case .concentration(let name):
            guard let m = model.molecules.firstIndex(where: { $0.name == name }) else { return .number(0) }
            return concentration(pool(m, around: g))
        case .receptor(let receptor, .occupancy):
            let total = sum(surface.counted(.total, of: receptor, model), g)
            let bound = sum(surface.counted(.occupancy, of: receptor, model), g)
            let ratio = Formula.Piece(value: bound / total, condition: .call(.greater, [total, .number(0)]))
            return .piecewise([ratio], otherwise: .number(0))
        case .receptor(let receptor, let aspect): return perCell(surface.counted(aspect, of: receptor, model), g)
        case .bound(let receptor, let ligand):
            return perCell(surface.counted(bound: ligand, to: receptor, model), g)
        case .complex(let name):
            return perCell(surface.index(.surface(.complex(name))).map { [$0] } ?? [], g)
        case .state(let name): return states[g][name].map { .name($0) } ?? .number(0)
        case .network(let network, let name):
            guard let here = cellNetworks[g][network]?[name], let scale = model.network(network)?.scale(of: name) else {
                return .number(0)
            }
            return scale == 1 ? .name(here) : .name(here) * .number(scale)
        case .contact(let type): return touched(type, by: g)
        case .time: return .time
        case .inCompartment(let molecule, let compartment):
            return pool(molecule, inCompartment: compartment).map { concentration($0) } ?? .number(0)
        case .body(.damage): return damage(g)
        case .body(.pressure): return .number(0)
        case .body(let age):
            return start(of: age, g).map { .time - .name($0) } ?? ages[g][age].map { .name($0) } ?? .time
        }
    }

    private func sum(_ indices: [Int], _ g: Int) -> Formula {
        guard let first = indices.first else { return .number(0) }
        return indices.dropFirst().reduce(.name(species[g][first])) { $0 + .name(species[g][$1]) }
    }

    private func perCell(_ indices: [Int], _ g: Int) -> Formula {
        indices.isEmpty ? .number(0) : sum(indices, g) / number(g)
    }

    /// An expression over signals as one cell of a group has it.
    func formula(_ expression: Expression, _ g: Int) -> Formula {
        switch expression {
        case .number(let value): .number(value)
        case .signal(let signal): formula(signal, g)
        case .negative(let a): .call(.negative, [formula(a, g)])
        case .sum(let a, let b): formula(a, g) + formula(b, g)
        case .difference(let a, let b): formula(a, g) - formula(b, g)
        case .product(let a, let b): formula(a, g) * formula(b, g)
        case .quotient(let a, let b): formula(a, g) / formula(b, g)
        case .power(let a, let b): .call(.power, [formula(a, g), formula(b, g)])
        case .function(let function, let arguments): formula(function, arguments.map { formula($0, g) })
        }
    }

    private func formula(_ function: Expression.Function, _ arguments: [Formula]) -> Formula {
        switch function {
        case .exp: .call(.exp, arguments)
        case .log: .call(.ln, arguments)
        case .sqrt: .call(.root, [.number(2)] + arguments)
        case .min: .call(.min, arguments)
        case .max: .call(.max, arguments)
        }
    }

    /// (signal/half-max)^hill, 0 for what is not there.
    func dose(_ signal: Formula, _ halfMax: Double, _ hill: Double) -> Formula {
        let ratio = Formula.call(.max, [signal, .number(0)]) / .number(halfMax)
        return hill == 1 ? ratio : .call(.power, [ratio, .number(hill)])
    }

    /// A rule's input as a group's cells read it, with its antagonists.
    private func signal(_ input: RuleInput, _ g: Int) -> Formula {
        let type = model.cellTypes[groups[g].type].name
        return model.blocks.filter { $0.cellType == type && $0.signal == input.signal }.reduce(
            formula(input.signal, g)
        ) { read, block in
            read / (.number(1) + dose(formula(block.by.signal, g), block.by.halfMax, block.by.hill))
        }
    }

    /// How far its signals drive a rule: 0...1, beyond 1 only where MuSyC's efficacy says so.
    func fraction(_ rule: Rule, _ g: Int) -> Formula {
        let one = Formula.number(1)
        func hill(_ input: RuleInput) -> Formula {
            let isBlocked = model.blocks.contains {
                $0.cellType == rule.cellType && $0.signal == input.signal
            }
            if !isBlocked, let mean = meanHill(of: input, g) { return mean }
            let given = dose(signal(input, g), input.halfMax, input.hill)
            return given / (one + given)
        }
        switch rule.interaction {
        case _ where rule.inputs.count == 1: return hill(rule.inputs[0])
        case .independent: return one - .call(.times, rule.inputs.map { one - hill($0) })
        case .all: return .call(.times, rule.inputs.map(hill))
        case .additive:
            let doses = rule.inputs.map { dose(signal($0, g), $0.halfMax, 1) }
            let given = dose(.call(.plus, doses), 1, rule.inputs.first?.hill ?? 1)
            return given / (one + given)
        case .musyc(let potency, let efficacy):
            guard rule.inputs.count == 2 else { return .number(0) }
            let u = rule.inputs.map { dose(signal($0, g), $0.halfMax, $0.hill) }
            return musyc(u, rule.inputs.map(\.hill), potency: potency, efficacy: efficacy)
        }
    }

    /// Steady shares of the scheme of four states, as the tissue's rules have them.
    ///
    /// - Source: Meyer et al. 2019 Cell Systems 8:97, the scheme as in facts/validation.md V16.
    private func musyc(_ u: [Formula], _ hills: [Double], potency: Double, efficacy: Double) -> Formula {
        let (one, two) = (Formula.number(1), Formula.number(2))
        func raised(_ hill: Double) -> Formula { .call(.power, [.number(potency), .number(hill)]) }
        let on12 = raised(hills[1]) * u[1]
        let on21 = raised(hills[0]) * u[0]
        let (d1, d2) = (one + on12, one + on21)
        let both = (on12 * u[0] / d1 + on21 * u[1] / d2) / (two - on12 / d1 - on21 / d2)
        let (first, second) = ((u[0] + both) / d1, (u[1] + both) / d2)
        return (first + second + .number(efficacy) * both) / (one + first + second + both)
    }
}
