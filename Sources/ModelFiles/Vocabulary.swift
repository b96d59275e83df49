import Biology

/// The names a model file defines, collected before anything is checked, so that one mistake gives one message.
struct Vocabulary {
    var molecules: [String] = []
    /// Molecules with the masses that were stated.
    var masses: [String: MolarMass] = [:]
    var compartments: [NamedCompartment] = []
    /// Tissues, where the model has several.
    var organs: [String] = []
    /// The compartments that each molecule names.
    var carried: [String: [String]] = [:]
    var receptors: [String] = []
    /// Ligands of each receptor; a chain has none.
    var ligands: [String: [String]] = [:]
    var complexes: [String] = []
    /// Those of the file, and then the bodies that theirs leave.
    var cellTypes: [String] = []
    /// Types of bodies: "dead Tumour".
    var bodies: Set<String> = []
    /// Types that say how they divide.
    var dividing: Set<String> = []
    /// Types that others kill.
    var killed: Set<String> = []
    /// Types that others become.
    var become: Set<String> = []
    /// Whether cells push each other.
    var hasMechanics = false
    /// Receptors that each cell type names, whether or not their number could be read.
    var expressed: [String: Set<String>] = [:]
    /// States by cell type, in the order of the file.
    var states: [String: [CellState]] = [:]
    /// States by cell type that were named but could not be read.
    var failedStates: [String: Set<String>] = [:]
    var failedParameters: Set<String> = []
    /// Networks that were read, incomplete where something is wrong with them.
    var networks: [String: ModelNetwork] = [:]
    var failedNetworks: Set<String> = []
    /// Networks that each cell type says it has inside.
    var cellNetworks: [String: [String]] = [:]
    /// Paths of values that are written but could not be read: "cells.Tsec.secretes.IL-2", "cells.Tsec.motion".
    var failedValues: Set<String> = []

    /// A compartment with its volume (µm³), where that could be read.
    struct NamedCompartment {
        var name: String
        var volume: Double?
    }

    func mass(of molecule: String) -> MassSource { MassSource(molecule: molecule, mass: masses[molecule]) }

    /// What a rule, a state or a line of `expect:` may read, by its name in the file.
    ///
    /// The states are those of `cellType`; `nil` leaves them out.
    func signals(of cellType: String?) -> [String: NamedTerm] {
        var signals: [String: NamedTerm] = ["time": .signal(.time, .time)]
        for molecule in molecules {
            signals[molecule] = .signal(.concentration(molecule), .concentration)
            for compartment in carried[molecule] ?? [] {
                let signal = Signal.inCompartment(molecule, compartment: compartment)
                signals["\(molecule) in \(compartment)"] = .signal(signal, .concentration)
            }
        }
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
        for signal in BodySignal.allCases where has(signal, cellType) {
            signals[signal.rawValue] = .signal(.body(signal), signal.dimension)
        }
        if let cellType {
            for state in states[cellType] ?? [] { signals[state.name] = .signal(.state(state.name), state.dimension) }
            for network in (cellNetworks[cellType] ?? []).compactMap({ networks[$0] }) {
                for name in network.variables {
                    let signal = Signal.network(network.name, name: name)
                    signals["\(network.name).\(name)"] = .signal(signal, network.dimension(of: name))
                }
            }
        }
        return signals
    }

    /// Whether cells of a type, or of any for `nil`, feel this of their body.
    private func has(_ signal: BodySignal, _ cellType: String?) -> Bool {
        switch signal {
        case .age: true
        case .phaseTime: cellType.map(dividing.contains) ?? !dividing.isEmpty
        case .pressure: hasMechanics
        case .damage: cellType.map(killed.contains) ?? !killed.isEmpty
        }
    }

    /// Whether a value, or a table that it stands in, is written but could not be read.
    func isBroken(_ path: String) -> Bool {
        failedValues.contains { path == $0 || path.hasPrefix($0 + ".") }
    }

    /// Networks that live in no cell.
    var freeNetworks: [ModelNetwork] {
        let inside = Set(cellNetworks.values.flatMap(\.self))
        return networks.values.filter { !inside.contains($0.name) }.sorted { $0.name < $1.name }
    }

    /// Whether a name is a value of a network that could not be read.
    func isOfFailedNetwork(_ name: String) -> Bool {
        failedNetworks.contains { name.hasPrefix($0 + ".") }
    }

    /// What a signal of a cell type measures.
    func dimension(of signal: Signal, cellType: String) -> Dimension {
        switch signal {
        case .concentration, .inCompartment: .concentration
        case .receptor(_, .occupancy): .none
        case .receptor, .bound, .complex: .amount
        case .state(let name): states[cellType]?.first { $0.name == name }?.dimension ?? .none
        case .contact: .cells
        case .time: .time
        case .body(let signal): signal.dimension
        case .network(let network, let name): networks[network]?.dimension(of: name) ?? .none
        }
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
        if let signal = BodySignal(word: name) { return signal.need }
        let known = signals(of: cellType).keys
        return Suggestion.didYouMean(name, among: known)
            ?? "use one of: \(known.sorted().prefix(30).joined(separator: ", "))"
    }

    /// The molecule whose mass a concentration signal is converted with.
    func mass(for signal: Signal) -> MassSource? {
        switch signal {
        case .concentration(let molecule), .inCompartment(let molecule, _): mass(of: molecule)
        default: nil
        }
    }
}
