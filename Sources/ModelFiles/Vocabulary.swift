import Biology

/// The names a model file defines, collected before anything is checked, so that one mistake gives one message.
struct Vocabulary {
    var molecules: [String] = []
    /// Molecules with the masses that were stated.
    var masses: [String: MolarMass] = [:]
    var receptors: [String] = []
    /// Ligands of each receptor; a chain has none.
    var ligands: [String: [String]] = [:]
    var complexes: [String] = []
    var cellTypes: [String] = []
    /// Receptors that each cell type names, whether or not their number could be read.
    var expressed: [String: Set<String>] = [:]
    /// States by cell type, in the order of the file.
    var states: [String: [CellState]] = [:]
    /// States by cell type that were named but could not be read.
    var failedStates: [String: Set<String>] = [:]
    var failedParameters: Set<String> = []
    /// Paths of values that are written but could not be read: "cells.Tsec.secretes.IL-2".
    var failedValues: Set<String> = []

    func mass(of molecule: String) -> MassSource { MassSource(molecule: molecule, mass: masses[molecule]) }

    /// What a rule, a state or a line of `expect:` may read, by its name in the file.
    ///
    /// The states are those of `cellType`; `nil` leaves them out.
    func signals(of cellType: String?) -> [String: NamedTerm] {
        var signals: [String: NamedTerm] = ["time": .signal(.time, .time)]
        for molecule in molecules { signals[molecule] = .signal(.concentration(molecule), .concentration) }
        for receptor in receptors where cellType.map({ expressed[$0]?.contains(receptor) == true }) ?? true {
            for aspect in ReceptorAspect.allCases {
                let dimension = aspect == .occupancy ? Dimension.none : .amount
                signals["\(receptor).\(aspect.rawValue)"] = .signal(.receptor(receptor, aspect), dimension)
            }
            for ligand in ligands[receptor] ?? [] {
                signals["\(receptor).bound.\(ligand)"] = .signal(.bound(receptor: receptor, ligand: ligand), .amount)
            }
        }
        for complex in complexes { signals[complex] = .signal(.complex(complex), .amount) }
        if let cellType {
            for state in states[cellType] ?? [] { signals[state.name] = .signal(.state(state.name), state.dimension) }
        }
        return signals
    }

    /// What to do about a signal that a cell type does not have.
    func remedy(_ name: String, cellType: String) -> String {
        if case .signal(let signal, _)? = signals(of: nil)[name] {
            switch signal {
            case .receptor(let receptor, _), .bound(let receptor, _):
                return "add '\(receptor)' with its number to cells.\(cellType).receptors"
            default: break
            }
        }
        let known = signals(of: cellType).keys
        return Suggestion.didYouMean(name, among: known)
            ?? "use one of: \(known.sorted().prefix(30).joined(separator: ", "))"
    }

    /// The molecule whose mass a concentration signal is converted with.
    func mass(for signal: Signal) -> MassSource? {
        if case .concentration(let molecule) = signal { return mass(of: molecule) }
        return nil
    }
}

extension Signal {
    /// What the signal measures, given the states of the cell type that is read.
    func dimension(states: [CellState]) -> Dimension {
        switch self {
        case .concentration: .concentration
        case .receptor(_, .occupancy): .none
        case .receptor, .bound, .complex: .amount
        case .state(let name): states.first { $0.name == name }?.dimension ?? .none
        case .contact: .cells
        case .time: .time
        }
    }
}
