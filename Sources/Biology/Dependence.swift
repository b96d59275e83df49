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
            .nicheRadius(let molecule, _):
            [.molecule(molecule)]
        case .fieldFrom(let molecule, _, let type), .capturedShare(let molecule, let type):
            [.molecule(molecule), .cellType(type)]
        case .cells(_, let signal, let type), .fraction(let type, let signal, _, _):
            [.cellType(type)] + read(signal, in: type)
        case .network: []
        }
    }

    /// What a signal of a cell type reads.
    private func read(_ signal: Signal, in type: String) -> [Knockout] {
        signals(behind: signal, in: type).flatMap { readDirectly($0, in: type) }
    }

    private func readDirectly(_ signal: Signal, in type: String) -> [Knockout] {
        switch signal {
        case .concentration(let molecule): return [.molecule(molecule)]
        case .receptor(let receptor, _): return [.receptor(receptor)]
        case .bound(let receptor, let ligand): return [.receptor(receptor), .molecule(ligand)]
        case .complex(let name): return receptors(of: name).map { .receptor($0) }
        case .contact(let other): return [.cellType(other)]
        case .time, .body: return []
        case .state(let name):
            return rules.indices.filter { rules[$0].cellType == type && rules[$0].behaviour == .state(name) }
                .map { .rule($0) }
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
        case .cellType: return []
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
                || makers.contains { rules[$0].cellType == type.name }
                || takers.contains { type.receptors[$0] != nil || isMade($0, by: type.name) }
        }
        let bound = molecules.compactMap { molecule -> [String]? in
            guard let parts = molecule.association else { return nil }
            let all = [molecule.name, parts.first, parts.second]
            return all.contains(name) ? all : nil
        }
        return takers.map { .receptor($0) } + makers.map { .rule($0) } + types.map { .cellType($0.name) }
            + bound.flatMap { $0 }.map { .molecule($0) }
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
