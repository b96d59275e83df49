import Biology
import CSBML

/// Reactions and events.
extension SBMLReading {
    mutating func readReactions() {
        let reactions = unsafe parts(call.Model_getNumReactions, call.Model_getReaction)
        for reaction in reactions {
            let law = unsafe reaction.part(call.Reaction_getKineticLaw)
            guard unsafe law?.part(call.KineticLaw_getMath) == nil else { continue }
            names.rateless.insert(unsafe reaction.text(call.Reaction_getId))
        }
        for reaction in reactions { readReaction(reaction) }
    }

    private mutating func readReaction(_ reaction: SBMLElement) {
        let name = unsafe reaction.text(call.Reaction_getId)
        var locals: [String: String] = [:]
        var rate = Formula.number(0)
        if let law = unsafe reaction.part(call.Reaction_getKineticLaw) {
            locals = readLocals(law, of: name)
            rate = unsafe formula(call.KineticLaw_getMath, of: law, locals: locals) ?? rate
        }
        if names.rateless.contains(name), text.packages.isPresent("fbc") {
            report(
                "the reaction '\(name)' has no kinetic law, as in a model for flux balance (package 'fbc')",
                at: reaction,
                .unsupported, fix: "give it a kinetic law")
        }
        let reactants = unsafe reaction.parts(call.Reaction_getNumReactants, call.Reaction_getReactant)
        let products = unsafe reaction.parts(call.Reaction_getNumProducts, call.Reaction_getProduct)
        network.reactions.append(
            unsafe NetworkReaction(
                name: name, reactants: reactants.map { participant($0) }, products: products.map { participant($0) },
                rate: rate, isFast: reaction.flag(call.Reaction_isSetFast) && reaction.flag(call.Reaction_getFast),
                isReversible: reaction.flag(call.Reaction_getReversible)))
    }

    /// A reaction's own parameters, each under a name of its own in the network; returns those names.
    private mutating func readLocals(_ law: SBMLElement, of reaction: String) -> [String: String] {
        var locals: [String: String] = [:]
        if level < 3 {
            for parameter in unsafe law.parts(call.KineticLaw_getNumParameters, call.KineticLaw_getParameter) {
                let value =
                    unsafe parameter.flag(call.Parameter_isSetValue) ? parameter.number(call.Parameter_getValue) : nil
                add(local: unsafe parameter.text(call.Parameter_getId), value, reaction, parameter, &locals)
            }
        } else {
            let parameters = unsafe law.parts(
                call.KineticLaw_getNumLocalParameters, call.KineticLaw_getLocalParameter)
            for parameter in parameters {
                let value =
                    unsafe parameter.flag(call.LocalParameter_isSetValue)
                    ? parameter.number(call.LocalParameter_getValue) : nil
                add(local: unsafe parameter.text(call.LocalParameter_getId), value, reaction, parameter, &locals)
            }
        }
        return locals
    }

    private mutating func add(
        local parameter: String, _ value: Double?, _ reaction: String, _ element: SBMLElement,
        _ locals: inout [String: String]
    ) {
        guard locals[parameter] == nil else {
            report(
                "the reaction '\(reaction)' has two parameters '\(parameter)'", at: element, fix: "take one of them out"
            )
            return
        }
        let name = names.local(parameter, of: reaction)
        locals[parameter] = name
        network.parameters.append(NetworkParameter(name: name, value: value, isConstant: true))
    }

    private mutating func participant(_ reference: SBMLElement) -> NetworkReaction.Participant {
        let species = unsafe reference.text(call.SpeciesReference_getSpecies)
        if names.kinds[species] != .species {
            report("a reaction with '\(species)', which is no species", at: reference, fix: "name a species")
        }
        if let mathematics = unsafe reference.part(call.SpeciesReference_getStoichiometryMath) {
            let stoichiometry = unsafe formula(call.StoichiometryMath_getMath, of: mathematics)
            return NetworkReaction.Participant(species, stoichiometry ?? .number(1))
        }
        // Level 3 has no usual stoichiometry, the others 1; Level 1 has a denominator.
        let number = unsafe reference.number(call.SpeciesReference_getStoichiometry)
        let denominator = unsafe level == 1 ? Double(call.SpeciesReference_getDenominator(reference.pointer)) : 1
        let isSaid = unsafe level < 3 || reference.flag(call.SpeciesReference_isSetStoichiometry)
        let value = isSaid ? number / denominator : nil
        let name = unsafe reference.text(call.SpeciesReference_getId)
        guard !name.isEmpty, level > 1 else {
            if value == nil {
                report(
                    "the species '\(species)' takes part in a reaction without a stoichiometry", at: reference,
                    .unsupported, fix: "say how many, such as stoichiometry=\"1\"")
            }
            return NetworkReaction.Participant(species, .number(value ?? 1))
        }
        let isConstant = unsafe level < 3 || reference.flag(call.SpeciesReference_getConstant)
        if isConstant { names.constants.insert(name) }
        network.parameters.append(NetworkParameter(name: name, value: value, isConstant: isConstant))
        return NetworkReaction.Participant(species, .name(name))
    }

    /// Events; one without a trigger, or with a trigger without mathematics (Level 3 Version 2), never happens.
    mutating func readEvents() {
        for element in unsafe parts(call.Model_getNumEvents, call.Model_getEvent) {
            guard let triggerElement = unsafe element.part(call.Event_getTrigger),
                let trigger = unsafe formula(call.Trigger_getMath, of: triggerElement)
            else { continue }
            var event = NetworkEvent(
                name: unsafe element.text(call.Event_getId), trigger: trigger, assignments: assignments(of: element))
            if level == 3 {
                event.isTrueBefore = unsafe triggerElement.flag(call.Trigger_getInitialValue)
                event.isPersistent = unsafe triggerElement.flag(call.Trigger_getPersistent)
            }
            if let delay = unsafe element.part(call.Event_getDelay) {
                event.delay = unsafe formula(call.Delay_getMath, of: delay)
            }
            if let priority = unsafe element.part(call.Event_getPriority) {
                event.priority = unsafe formula(call.Priority_getMath, of: priority)
            }
            event.usesValuesOfTrigger = unsafe element.flag(call.Event_getUseValuesFromTriggerTime)
            network.events.append(event)
        }
    }

    private mutating func assignments(of event: SBMLElement) -> [NetworkAssignment] {
        var given: Set<String> = []
        var assignments: [NetworkAssignment] = []
        for element in unsafe event.parts(call.Event_getNumEventAssignments, call.Event_getEventAssignment) {
            let name = unsafe element.text(call.EventAssignment_getVariable)
            guard let formula = unsafe formula(call.EventAssignment_getMath, of: element) else { continue }
            checkTarget(name, "an event's assignment", element, mayBeConstant: false, &given)
            assignments.append(NetworkAssignment(name, formula))
        }
        return assignments
    }
}
