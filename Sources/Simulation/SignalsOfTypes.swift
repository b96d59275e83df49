public import Biology

extension Model {
    /// Whether cells of a type have a signal: a state that is theirs, a receptor that they carry.
    ///
    /// Where they have not, a cell frame holds NaN, not 0.
    public func has(_ signal: Signal, _ type: CellType) -> Bool {
        switch signal {
        case .concentration, .inCompartment, .contact, .time, .body: true
        case .state(let name): type.states.contains { $0.name == name }
        case .receptor(let receptor, _), .bound(let receptor, _): carries(receptor, type)
        case .network(let network, _): type.networks.contains { $0.network == network }
        case .complex(let name):
            complexes.first { $0.name == name }.map { has($0.first, type) && has($0.second, type) } ?? false
        }
    }

    private func has(_ part: SurfaceSpecies, _ type: CellType) -> Bool {
        switch part {
        case .free(let receptor), .bound(let receptor, _): carries(receptor, type)
        case .complex(let name): has(Signal.complex(name), type)
        }
    }

    /// Whether a type states a number of a receptor, or has a rule that makes it.
    func carries(_ receptor: String, _ type: CellType) -> Bool {
        type.receptors[receptor] != nil
            || rules.contains { $0.cellType == type.name && $0.behaviour == .expression(receptor) }
    }
}

extension Model {
    /// The coherent unit of a signal, as results name it: "" for none.
    public func unit(of signal: Signal) -> String {
        switch signal {
        case .concentration, .inCompartment: "molecules/µm³"
        case .receptor(_, .occupancy): ""
        case .receptor, .bound, .complex: "molecules"
        case .contact: "cells"
        case .time: "s"
        case .body(let signal): Model.unit(of: signal.dimension)
        case .state(let name):
            Model.unit(of: cellTypes.lazy.flatMap(\.states).first { $0.name == name }?.dimension ?? .none)
        case .network(let network, let name): Model.unit(of: self.network(network)?.dimension(of: name) ?? .none)
        }
    }

    static func unit(of dimension: Dimension) -> String {
        let powers = [
            ("molecules", dimension.amount), ("cells", dimension.cells), ("kDa", dimension.mass),
            ("µm", dimension.length),
            ("s", dimension.time),
        ]
        return powers.filter { $0.1 != 0 }.map { $0.1 == 1 ? $0.0 : "\($0.0)^\($0.1)" }.joined(separator: "·")
    }
}
