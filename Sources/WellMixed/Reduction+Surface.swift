import Biology

extension Reduction {
    /// The numbers of cells, and what each secretes and states before any rule.
    mutating func addCells() {
        labels = groupLabels()
        for (g, group) in groups.enumerated() {
            let type = model.cellTypes[group.type]
            let label = labels[g]
            let count = names.name("cells", label)
            counts.append(count)
            places.append(nil)
            if isOneByOne, model.mayBeFollowed(type) {
                living.append(nil)
                addPlace(g)
            } else if model.comesAndGoes(type) {
                living.append(addLivingSum(g, label))
            } else {
                living.append(nil)
                network.parameters.append(NetworkParameter(name: count, value: group.count))
            }
            species.append(surfaces[group.type].species.map { names.name(label, Reduction.words($0.kind)) })
            states.append([:])
            ruledRates.append([:])
            stated.append(model.receptors.map { _ in "" })
            secretion.append(model.molecules.map { _ in "" })
            for (m, molecule) in model.molecules.enumerated() where type.secretes[molecule.name] != nil {
                let name = names.name("secretion", molecule.name, label)
                secretion[g][m] = name
                if places[g] != nil {
                    places[g]?.drawn.append(.init(name: name, kind: .secretion(m), declared: nil))
                    network.parameters.append(
                        NetworkParameter(name: name, value: group.secretion[m], isConstant: false))
                } else {
                    network.parameters.append(NetworkParameter(name: name, value: group.secretion[m]))
                }
            }
        }
    }

    /// Of each group its type, with the tissue where it stands in several, and a number where it is one of several sums.
    private func groupLabels() -> [String] {
        struct Kind: Hashable { var type: Int, tissue: Int }
        var sums: [Kind: Int] = [:]
        for group in groups { sums[Kind(type: group.type, tissue: group.tissue), default: 0] += 1 }
        let tissues = sums.keys.reduce(into: [:]) { $0[$1.type, default: 0] += 1 }
        var before: [Kind: Int] = [:]
        return groups.map { group in
            let kind = Kind(type: group.type, tissue: group.tissue)
            before[kind, default: 0] += 1
            var label = model.cellTypes[group.type].name
            if tissues[group.type] ?? 0 > 1 { label += " in \(volumes[group.tissue].label)" }
            if sums[kind] ?? 0 > 1 { label += " \(before[kind] ?? 0)" }
            return label
        }
    }

    private static func words(_ kind: SurfaceReactions.Species.Kind) -> String {
        switch kind {
        case .internalised(let receptor): "\(receptor) internalised"
        case .surface(.free(let receptor)): "\(receptor) free"
        case .surface(.bound(let receptor, let ligand)): "\(receptor) bound \(ligand)"
        case .surface(.complex(let name)): name
        }
    }

    /// Everything that happens on cells.
    mutating func addSurfaces() {
        for (g, group) in groups.enumerated() {
            let surface = surfaces[group.type]
            addNumbers(g)
            for (m, molecule) in model.molecules.enumerated() where !secretion[g][m].isEmpty {
                let p = pool(m, around: g)
                react(
                    names.name(labels[g], "secretes", molecule.name), [], gain(p) + [account(p, .secreted)],
                    at: .name(counts[g]) * .name(secretion[g][m]))
            }
            for binding in surface.bindings { addBinding(binding, g) }
            for joining in surface.joinings { addJoining(joining, g) }
            for flow in surface.flows { addFlow(flow, g) }
            for synthesis in surface.syntheses { addSynthesis(synthesis, g) }
        }
    }

    /// Whether a receptor's number on the surface follows what a rule states.
    ///
    /// Then the free ones are what is left of it, and no species of their own.
    private func followsItsRule(_ receptor: Int, _ g: Int) -> Bool {
        guard case .held = model.receptors[receptor].supply else { return false }
        return !stated[g][receptor].isEmpty
    }

    private mutating func addNumbers(_ g: Int) {
        let (group, surface) = (groups[g], surfaces[groups[g].type])
        for (s, kind) in surface.species.enumerated() {
            guard case .surface(.free) = kind.kind else {
                addSpecies(species[g][s], 0, in: groups[g].tissue)
                continue
            }
            let receptor = kind.receptors[0]
            guard followsItsRule(receptor, g) else {
                addSpecies(species[g][s], whole(group.receptors[receptor] * group.count), in: group.tissue)
                continue
            }
            var left: Formula = .name(counts[g]) * .name(stated[g][receptor])
            if method == .ssa { left = .call(.floor, [left + .number(0.5)]) }
            for (other, holder) in surface.species.enumerated() where holder.isOnSurface && other != s {
                let held = holder.receptors.count { $0 == receptor }
                if held > 0 { left = left - .number(Double(held)) * .name(species[g][other]) }
            }
            _ = assigned(species[g][s], .call(.max, [left, .number(0)]))
        }
    }

    /// The species of a list that the network keeps by reactions.
    private func kept(_ indices: [Int], _ g: Int) -> [String] {
        indices.filter { isKept($0, g) }.map { species[g][$0] }
    }

    /// Whether the network keeps a species of a surface by reactions.
    func isKept(_ index: Int, _ g: Int) -> Bool {
        let kind = surfaces[groups[g].type].species[index]
        guard case .surface(.free) = kind.kind else { return true }
        return !followsItsRule(kind.receptors[0], g)
    }

    private mutating func addBinding(_ binding: SurfaceReactions.Binding, _ g: Int) {
        let label = species[g][binding.bound]
        let kOn = rateConstant("k_on", binding.bound, g, binding.kOn)
        let p = pool(binding.ligand, around: g)
        react(
            names.name("binding", "of", label), lose(p) + kept([binding.free], g),
            [species[g][binding.bound]] + lent(p), at: kOn * concentration(p) * .name(species[g][binding.free]))
        guard binding.kOff > 0 else { return }
        let kOff = rateConstant("k_off", binding.bound, g, binding.kOff)
        react(
            names.name("release", "of", label), [species[g][binding.bound]], gain(p) + kept([binding.free], g),
            at: kOff * .name(species[g][binding.bound]))
    }

    private mutating func addJoining(_ joining: SurfaceReactions.Joining, _ g: Int) {
        let label = species[g][joining.joined]
        let kOn = rateConstant("k_on", joining.joined, g, joining.kOn)
        let first = Formula.name(species[g][joining.first])
        var second = Formula.name(species[g][joining.second])
        // Two of one kind have one pair fewer by chance than their square says.
        if method == .ssa && joining.first == joining.second { second = second - .number(1) }
        react(
            names.name("joining", "of", label), kept([joining.first, joining.second], g), [label],
            at: kOn * first * second / number(g))
        guard joining.kOff > 0 else { return }
        let kOff = rateConstant("k_off", joining.joined, g, joining.kOff)
        react(
            names.name("parting", "of", label), [label], kept([joining.first, joining.second], g),
            at: kOff * .name(label))
    }

    private mutating func addFlow(_ flow: SurfaceReactions.Flow, _ g: Int) {
        let type = groups[g].type
        let inside = flow.internalised.map { internalised(pool($0, around: g), by: type) }
        react(
            names.name("loss", "of", species[g][flow.from]), [species[g][flow.from]], kept(flow.to, g) + inside,
            at: rateConstant("loss", flow.from, g, flow.rate) * .name(species[g][flow.from]))
    }

    private mutating func addSynthesis(_ synthesis: SurfaceReactions.Synthesis, _ g: Int) {
        let name = stated[g][synthesis.receptor]
        let number =
            !name.isEmpty
            ? Formula.name(name)
            : places[g] != nil
                ? drawn(.receptor(synthesis.receptor), g) : .number(groups[g].receptors[synthesis.receptor])
        react(
            names.name("synthesis", "of", species[g][synthesis.species]), [], [species[g][synthesis.species]],
            at: rateConstant("synthesis", synthesis.species, g, synthesis.rate) * number * .name(counts[g]))
    }

    /// A rate constant of a surface species, one for all groups of its type.
    private mutating func rateConstant(_ kind: String, _ s: Int, _ g: Int, _ value: Double) -> Formula {
        let surface = surfaces[groups[g].type]
        let key = "\(kind) \(Reduction.words(surface.species[s].kind)) \(value)"
        if let known = constants[key] { return .name(known) }
        let name = names.name(kind, Reduction.words(surface.species[s].kind))
        constants[key] = name
        return parameter(name, value)
    }
}
