extension Model {
    /// The molecules whose presence a rule reads: through receptors, complexes, states, and rules that set its states.
    public func inducers(ofRule index: Int) -> [String] { molecules(behind: [], rules: [index]) }

    /// The molecules that a state of a cell type follows from in the same way.
    public func inducers(ofState name: String, cellType: String) -> [String] {
        var (found, rules): ([String], [Int]) = ([], [])
        collect(.state(name), cellType: cellType, into: &found, rules: &rules)
        return molecules(behind: found, rules: rules)
    }

    private func molecules(behind known: [String], rules first: [Int]) -> [String] {
        var found = known
        var seen: Set<Int> = []
        var next = first
        while let rule = next.popLast() {
            guard seen.insert(rule).inserted else { continue }
            for input in rules[rule].inputs {
                collect(input.signal, cellType: rules[rule].cellType, into: &found, rules: &next)
            }
        }
        return molecules.map(\.name).filter(found.contains)
    }

    private func collect(
        _ signal: Signal, cellType: String, into found: inout [String], rules next: inout [Int]
    ) {
        for signal in signals(behind: signal, in: cellType) {
            collectDirectly(signal, cellType: cellType, into: &found, rules: &next)
        }
    }

    private func collectDirectly(
        _ signal: Signal, cellType: String, into found: inout [String], rules next: inout [Int]
    ) {
        switch signal {
        case .concentration(let molecule), .inCompartment(let molecule, _): found.append(molecule)
        case .bound(_, let ligand): found.append(ligand)
        case .receptor(_, .free), .receptor(_, .total), .contact, .time, .network, .body: break
        case .receptor(let name, _):
            found += receptor(name)?.ligands.filter(\.signals).map(\.ligand) ?? []
        case .complex(let name):
            guard let complex = complex(name) else { return }
            for part in [complex.first, complex.second] {
                switch part {
                case .free: break
                case .bound(_, let ligand): found.append(ligand)
                case .complex(let inner): collect(.complex(inner), cellType: cellType, into: &found, rules: &next)
                }
            }
        case .state(let name):
            next += rules.indices.filter {
                rules[$0].cellType == cellType && rules[$0].behaviour == .state(name)
            }
        }
    }
}
