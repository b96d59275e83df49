import CSBML

/// The names of a model: what each is, and which stand for something that a formula may hold.
struct SBMLNames {
    enum Kind: String {
        case compartment, species, parameter, stoichiometry, reaction, function, event
    }
    private(set) var kinds: [String: Kind] = [:]
    /// Names that do not change.
    var constants: Set<String> = []
    /// Reactions that have no rate.
    var rateless: Set<String> = []

    /// Returns what has the name already, or `nil`.
    mutating func add(_ name: String, _ kind: Kind) -> Kind? {
        guard !name.isEmpty else { return nil }
        if let known = kinds[name] { return known }
        kinds[name] = kind
        return nil
    }

    /// Whether a formula may hold the name.
    func isValue(_ name: String) -> Bool {
        switch kinds[name] {
        case .compartment, .species, .parameter, .stoichiometry, .reaction: true
        case .function, .event, nil: false
        }
    }

    /// Whether a rule or event may give the name a value.
    func isVariable(_ name: String) -> Bool { isValue(name) && kinds[name] != .reaction }

    /// A name of its own for a parameter of one reaction.
    mutating func local(_ parameter: String, of reaction: String) -> String {
        var name = "\(reaction)_\(parameter)"
        while kinds[name] != nil { name += "_" }
        kinds[name] = .parameter
        constants.insert(name)
        return name
    }
}

extension SBMLReading {
    /// The ids of all elements, before any formula is read.
    mutating func readNames() {
        add(unsafe parts(call.Model_getNumFunctionDefinitions, call.Model_getFunctionDefinition), .function) {
            unsafe $0.text($0.call.FunctionDefinition_getId)
        }
        add(unsafe parts(call.Model_getNumCompartments, call.Model_getCompartment), .compartment) {
            unsafe $0.text($0.call.Compartment_getId)
        }
        add(unsafe parts(call.Model_getNumSpecies, call.Model_getSpecies), .species) {
            unsafe $0.text($0.call.Species_getId)
        }
        add(unsafe parts(call.Model_getNumParameters, call.Model_getParameter), .parameter) {
            unsafe $0.text($0.call.Parameter_getId)
        }
        let reactions = unsafe parts(call.Model_getNumReactions, call.Model_getReaction)
        add(reactions, .reaction) { unsafe $0.text($0.call.Reaction_getId) }
        for reaction in reactions {
            let sides =
                unsafe reaction.parts(call.Reaction_getNumReactants, call.Reaction_getReactant)
                + reaction.parts(call.Reaction_getNumProducts, call.Reaction_getProduct)
            add(sides, .stoichiometry) { unsafe $0.text($0.call.SpeciesReference_getId) }
        }
        add(unsafe parts(call.Model_getNumEvents, call.Model_getEvent), .event) { unsafe $0.text($0.call.Event_getId) }
    }

    private mutating func add(_ elements: [SBMLElement], _ kind: SBMLNames.Kind, _ name: (SBMLElement) -> String) {
        for element in elements {
            let name = name(element)
            guard let taken = names.add(name, kind) else { continue }
            report("the id '\(name)' of a \(kind) is also that of a \(taken)", at: element, fix: "give each its own id")
        }
    }

    /// Parts of the model.
    func parts(
        _ count: (OpaquePointer?) -> UInt32, _ get: (OpaquePointer?, UInt32) -> OpaquePointer?
    ) -> [SBMLElement] {
        unsafe model.parts(count, get)
    }
}
