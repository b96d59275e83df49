extension Model {
    /// Everything that a response could feel if it were taken out: what it reads, and what that follows from, and so on.
    ///
    /// Whatever is not in here has no path to the response, so taking it out changes nothing at all.
    public func causes(of response: Response) -> Set<Knockout> {
        var found: Set<Knockout> = []
        var next = read(by: response.subject)
        while let thing = next.popLast() {
            if found.insert(thing).inserted { next += causes(of: thing) }
        }
        return found
    }

    private func read(by subject: Expectation.Subject) -> [Knockout] {
        switch subject {
        case .imbalance(let molecule), .ledger(let molecule, _), .fieldAt(let molecule, _),
            .nicheRadius(let molecule, _), .inCompartment(let molecule, _):
            [.molecule(field(named: molecule).molecule)]
        case .fieldFrom(let molecule, _, let type), .capturedShare(let molecule, let type):
            [.molecule(molecule), .cellType(type)]
        case .cells(_, let signal, let type), .fraction(let type, let signal, _, _):
            [.cellType(type)] + read(signal, in: type)
        case .count(let type): [.cellType(type)]
        case .network: []
        }
    }

    /// What a signal of a cell type reads.
    private func read(_ signal: Signal, in type: String) -> [Knockout] {
        signals(behind: signal, in: type).flatMap { readDirectly($0, in: type) }
    }

    private func readDirectly(_ signal: Signal, in type: String) -> [Knockout] {
        switch signal {
        case .concentration(let molecule), .inCompartment(let molecule, _): return [.molecule(molecule)]
        case .receptor(let receptor, _): return [.receptor(receptor)]
        case .bound(let receptor, let ligand): return [.receptor(receptor), .molecule(ligand)]
        case .complex(let name): return receptors(of: name).map { .receptor($0) }
        case .contact(let other): return [.cellType(other)]
        case .time: return []
        // Ages, phases, pressure and damage follow from who is there and does what.
        case .body: return [.cellType(type)]
        case .state(let name): return rules(on: .state(name), of: type)
        case .network: return []
        }
    }

    /// A signal and all that follow through states' expressions and networks' inputs, each once.
    ///
    /// A state may read a network that reads the state.
    func signals(behind signal: Signal, in type: String) -> [Signal] {
        guard let cellType = cellType(type) else { return [signal] }
        var found: [Signal] = []
        var next = [signal]
        while let signal = next.popLast() {
            guard !found.contains(signal) else { continue }
            found.append(signal)
            switch signal {
            case .state(let name): next += cellType.states.first { $0.name == name }?.expression.signals ?? []
            case .network(let name, _):
                let inputs = cellType.networks.first { $0.network == name }?.inputs ?? []
                next += inputs.flatMap(\.expression.signals)
            default: break
            }
        }
        return found
    }

    private func causes(of thing: Knockout) -> [Knockout] {
        switch thing {
        case .molecule(let name): return causes(ofMolecule: name)
        case .receptor(let name):
            let ligands = receptor(name)?.ligands.map { Knockout.molecule($0.ligand) } ?? []
            let partners = complexes.map { receptors(of: $0.name) }.filter { $0.contains(name) }.flatMap { $0 }
            let makers = rules.indices.filter { rules[$0].behaviour == .expression(name) }
            return ligands + partners.map { .receptor($0) } + makers.map { .rule($0) }
        case .cellType(let name): return causes(ofCellType: name)
        case .rule(let index):
            let rule = rules[index]
            let blockers = blocks.indices.filter { block in
                blocks[block].cellType == rule.cellType
                    && rule.inputs.contains { $0.signal == blocks[block].signal }
            }
            return rule.inputs.flatMap { read($0.signal, in: rule.cellType) } + blockers.map { .block($0) }
        case .block(let index): return read(blocks[index].by.signal, in: blocks[index].cellType)
        }
    }

    /// Who brings a molecule, who takes it, and what it binds in the medium.
    private func causes(ofMolecule name: String) -> [Knockout] {
        let takers = receptors.filter { receptor in receptor.ligands.contains { $0.ligand == name } }.map(\.name)
        let makers = rules.indices.filter { rules[$0].behaviour == .secretion(name) }
        let types = cellTypes.filter { type in
            (type.secretes[name]?.mean ?? 0) > 0
                || type.life?.deaths.contains { $0.releases[name] != nil } == true
                || makers.contains { rules[$0].cellType == type.name }
                || takers.contains { type.receptors[$0] != nil || isMade($0, by: type.name) }
        }
        let bound = molecules.compactMap { molecule -> [String]? in
            guard let parts = molecule.association else { return nil }
            let all = [molecule.name, parts.first, parts.second]
            return all.contains(name) ? all : nil
        }
        let reacting = networks.compactMap(\.place).map { Array($0.molecules.values) }.filter { $0.contains(name) }
        return takers.map { .receptor($0) } + makers.map { .rule($0) } + types.map { .cellType($0.name) }
            + (bound + reacting).flatMap { $0 }.map { .molecule($0) }
    }

    private func isMade(_ receptor: String, by type: String) -> Bool {
        rules.contains { $0.cellType == type && $0.behaviour == .expression(receptor) }
    }

    /// The receptors and chains in a complex, through others too.
    private func receptors(of complex: String) -> [String] {
        guard let complex = self.complex(complex) else { return [] }
        return [complex.first, complex.second].flatMap { part -> [String] in
            switch part {
            case .free(let receptor), .bound(let receptor, _): [receptor]
            case .complex(let name): receptors(of: name)
            }
        }
    }
}

// MARK: - Living cells

extension Model {
    /// Who and what decides how many cells of a type there are, and where they are.
    private func causes(ofCellType name: String) -> [Knockout] {
        guard isAlive else { return [] }
        // What pushes others decides where they stand.
        let pushing = mechanics == nil ? [] : cellTypes.map { Knockout.cellType($0.name) }
        let acting = cellTypes.filter { $0.life?.acts(on: name) == true }
        let behaviours: [Behaviour] = [.change(name), .killing(name), .engulfing(name)]
        let others = acting.flatMap { type in
            behaviours.flatMap { rules(on: $0, of: type.name) } + [.cellType(type.name)]
        }
        let recognised = acting.flatMap { $0.life?.kills ?? [] }.filter { $0.target == name }.compactMap(\.recognises)
        return pushing + others + recognised.flatMap { read(.state($0), in: name) } + causes(ofLife: name)
    }

    /// The rules that change what a type itself does, and the receptors that it follows.
    private func causes(ofLife name: String) -> [Knockout] {
        guard let life = cellType(name)?.life else { return [] }
        let own = rules.indices.filter { rules[$0].cellType == name && life.stated(rules[$0].behaviour) != nil }
        // How long it holds on to others, whom it eats and whom it becomes decides about itself.
        let touched = life.kills.map(\.target) + life.eats.map(\.target)
        return own.map { .rule($0) } + (life.motion?.towards ?? []).map { .receptor($0.receptor) }
            + touched.map { .cellType($0) }
    }

    private func rules(on behaviour: Behaviour, of type: String) -> [Knockout] {
        rules.indices.filter { rules[$0].cellType == type && rules[$0].behaviour == behaviour }.map { .rule($0) }
    }
}

extension CellLife {
    /// Whether these cells become a type, die into it, kill it or eat it.
    fileprivate func acts(on type: String) -> Bool {
        changes.contains { $0.into == type } || deaths.contains { $0.body == type }
            || kills.contains { $0.target == type } || eats.contains { $0.target == type }
    }
}

extension Expression {
    /// Every signal it reads; one that stands there twice comes twice.
    public var signals: [Signal] {
        switch self {
        case .number: []
        case .signal(let signal): [signal]
        case .negative(let inner): inner.signals
        case .sum(let a, let b), .difference(let a, let b), .product(let a, let b), .quotient(let a, let b),
            .power(let a, let b):
            a.signals + b.signals
        case .function(_, let arguments): arguments.flatMap(\.signals)
        }
    }
}
