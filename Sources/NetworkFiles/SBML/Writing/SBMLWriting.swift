import Biology
import CSBML

/// A network as a text in SBML Level 3 Version 2.
struct SBMLWriting {
    private let network: ReactionNetwork
    private var ids: SBMLIds
    private var mathematics: MathMLText { MathMLText(ids: ids.ids) }
    /// Stoichiometries that stand in the reactions themselves; other parameters are listed.
    private var stoichiometries: Set<String> = []
    /// Rules for stoichiometries that are formulas.
    private var moreRules: [String] = []

    init(_ network: ReactionNetwork) {
        self.network = network
        ids = SBMLIds(network)
        var uses: [String: Int] = [:]
        for participant in network.reactions.flatMap({ $0.reactants + $0.products }) {
            if case .name(let name) = participant.stoichiometry { uses[name, default: 0] += 1 }
        }
        let parameters = Set(network.parameters.map(\.name))
        stoichiometries = Set(uses.filter { $0.value == 1 && parameters.contains($0.key) }.keys)
    }

    /// Whether it draws random numbers, for which the package "distrib" is needed.
    private var hasDraws: Bool { network.formulas.contains { $0.hasDraw } }

    mutating func text() -> String {
        let reactions = list("listOfReactions", network.reactions.map { reaction($0) })
        let compartments = list("listOfCompartments", network.compartments.map { compartment($0) })
        let species = list("listOfSpecies", network.species.map { self.species($0) })
        let parameters = list(
            "listOfParameters",
            network.parameters.filter { !stoichiometries.contains($0.name) }.map { parameter($0) })
        let parts =
            [
                unitDefinitions(), compartments, species, parameters, initialAssignments(), rules(), constraints(),
                reactions,
            ]
            + [list("listOfEvents", network.events.map { event($0) })]
        let distrib =
            hasDraws
            ? " xmlns:distrib=\"http://www.sbml.org/sbml/level3/version1/distrib/version1\" distrib:required=\"true\""
            : ""
        let units = network.units
        let said =
            (units.time == nil ? "" : " timeUnits=\"time_unit\"")
            + (units.amount == nil ? "" : " substanceUnits=\"amount_unit\" extentUnits=\"amount_unit\"")
            + (units.volume == nil ? "" : " volumeUnits=\"volume_unit\"")
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"\(distrib)>
            <model\(network.name.isEmpty ? "" : named(network.name, ids.new(network.name)))\(said)>
            \(parts.filter { !$0.isEmpty }.joined(separator: "\n"))
            </model>
            </sbml>

            """
    }

    private func list(_ name: String, _ items: [String]) -> String {
        items.isEmpty ? "" : "<\(name)>\n\(items.joined(separator: "\n"))\n</\(name)>"
    }

    /// The attributes of an id, and of the name where it differs.
    private func named(_ name: String, _ id: String?) -> String {
        (id.map { " id=\"\($0)\"" } ?? "")
            + (id == name || name.isEmpty ? "" : " name=\"\(SBMLWriting.escaped(name))\"")
    }

    static func escaped(_ words: String) -> String {
        var text = ""
        for scalar in words.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            default: text.unicodeScalars.append(scalar.value < 32 ? " " : scalar)
            }
        }
        return text
    }

    private func written(_ value: Double) -> String {
        value.isNaN ? "NaN" : value.isInfinite ? (value > 0 ? "INF" : "-INF") : "\(value)"
    }

    private func unitDefinitions() -> String {
        func unit(_ id: String, _ kind: String, _ size: Double) -> String {
            """
            <unitDefinition id="\(id)"><listOfUnits><unit kind="\(kind)" exponent="1" scale="0" \
            multiplier="\(written(size))"/></listOfUnits></unitDefinition>
            """
        }
        let units = network.units
        // Molecules are items; a mole has 6.02214076e23 of them (SI, exact).
        let amount = units.amount.map {
            $0 < 1e6 ? unit("amount_unit", "item", $0) : unit("amount_unit", "mole", $0 / 6.022_140_76e23)
        }
        let all = [
            units.time.map { unit("time_unit", "second", $0) }, amount,
            units.volume.map { unit("volume_unit", "litre", $0 / 1e15) },
        ]
        return list("listOfUnitDefinitions", all.compactMap { $0 })
    }
}

/// The elements of the model.
extension SBMLWriting {
    private func compartment(_ compartment: NetworkCompartment) -> String {
        let size = compartment.size.map { " size=\"\(written($0))\"" } ?? ""
        return """
            <compartment\(named(compartment.name, ids[compartment.name])) \
            spatialDimensions="\(written(compartment.dimensions))"\(size) constant="\(compartment.isConstant)"/>
            """
    }

    private func species(_ species: NetworkSpecies) -> String {
        let initial =
            switch species.initial {
            case .amount(let value): " initialAmount=\"\(written(value))\""
            case .concentration(let value): " initialConcentration=\"\(written(value))\""
            case .unset: ""
            }
        let factor = species.conversionFactor.map { " conversionFactor=\"\(ids[$0])\"" } ?? ""
        return """
            <species\(named(species.name, ids[species.name])) compartment="\(ids[species.compartment])"\(initial) \
            hasOnlySubstanceUnits="\(species.meaning == .amount)" boundaryCondition="\(species.isBoundary)" \
            constant="\(species.isConstant)"\(factor)/>
            """
    }

    private func parameter(_ parameter: NetworkParameter) -> String {
        let value = parameter.value.map { " value=\"\(written($0))\"" } ?? ""
        return "<parameter\(named(parameter.name, ids[parameter.name]))\(value) constant=\"\(parameter.isConstant)\"/>"
    }

    private func initialAssignments() -> String {
        list(
            "listOfInitialAssignments",
            network.initialAssignments.map {
                "<initialAssignment symbol=\"\(ids[$0.name])\">\(mathematics.math($0.formula))</initialAssignment>"
            })
    }

    private func rules() -> String {
        func rule(_ element: String, _ rule: NetworkAssignment) -> String {
            "<\(element) variable=\"\(ids[rule.name])\">\(mathematics.math(rule.formula))</\(element)>"
        }
        let all =
            network.assignmentRules.map { rule("assignmentRule", $0) } + moreRules
            + network.rateRules.map { rule("rateRule", $0) }
            + network.algebraicRules.map { "<algebraicRule>\(mathematics.math($0))</algebraicRule>" }
        return list("listOfRules", all)
    }

    private func constraints() -> String {
        list(
            "listOfConstraints",
            network.constraints.map {
                let words = SBMLWriting.escaped($0.message)
                let message =
                    words.isEmpty ? "" : "<message><p xmlns=\"http://www.w3.org/1999/xhtml\">\(words)</p></message>"
                return "<constraint>\(mathematics.math($0.condition))\(message)</constraint>"
            })
    }

    private mutating func reaction(_ reaction: NetworkReaction) -> String {
        let id = reaction.name.isEmpty ? ids.new("reaction") : ids[reaction.name]
        let reactants = list("listOfReactants", reaction.reactants.map { participant($0, of: id) })
        let products = list("listOfProducts", reaction.products.map { participant($0, of: id) })
        let known = Set(network.species.map(\.name))
        let changed = Set((reaction.reactants + reaction.products).map(\.species))
        let others = reaction.rate.names.intersection(known).subtracting(changed).sorted()
        let modifiers = list(
            "listOfModifiers", others.map { "<modifierSpeciesReference species=\"\(ids[$0])\"/>" })
        let law = "<kineticLaw>\(mathematics.math(reaction.rate))</kineticLaw>"
        let body = [reactants, products, modifiers, law].filter { !$0.isEmpty }.joined(separator: "\n")
        return "<reaction\(named(reaction.name, id)) reversible=\"\(reaction.isReversible)\">\n\(body)\n</reaction>"
    }

    private mutating func participant(_ participant: NetworkReaction.Participant, of reaction: String) -> String {
        let start = "<speciesReference species=\"\(ids[participant.species])\""
        switch participant.stoichiometry {
        case .number(let value): return "\(start) stoichiometry=\"\(written(value))\" constant=\"true\"/>"
        case .name(let name) where stoichiometries.contains(name):
            let parameter = network.parameters.first { $0.name == name }
            let value = parameter?.value.map { " stoichiometry=\"\(written($0))\"" } ?? ""
            return "\(start) id=\"\(ids[name])\"\(value) constant=\"\(parameter?.isConstant ?? true)\"/>"
        case let formula:
            // Only a rule can give a stoichiometry a formula.
            let id = ids.new("\(reaction)_\(participant.species)")
            moreRules.append(
                "<assignmentRule variable=\"\(id)\">\(mathematics.math(formula))</assignmentRule>")
            return "\(start) id=\"\(id)\" constant=\"false\"/>"
        }
    }

    private func event(_ event: NetworkEvent) -> String {
        let id = event.name.isEmpty ? nil : ids[event.name]
        let delay = event.delay.map { "<delay>\(mathematics.math($0))</delay>" } ?? ""
        let priority = event.priority.map { "<priority>\(mathematics.math($0))</priority>" } ?? ""
        let assignments = list(
            "listOfEventAssignments",
            event.assignments.map {
                "<eventAssignment variable=\"\(ids[$0.name])\">\(mathematics.math($0.formula))</eventAssignment>"
            })
        return """
            <event\(named(event.name, id)) useValuesFromTriggerTime="\(event.usesValuesOfTrigger)">
            <trigger initialValue="\(event.isTrueBefore)" persistent="\(event.isPersistent)">\
            \(mathematics.math(event.trigger))</trigger>
            \([priority, delay, assignments].filter { !$0.isEmpty }.joined(separator: "\n"))
            </event>
            """
    }
}
