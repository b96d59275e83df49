import Biology
import CSBML

/// Compartments, species, parameters, rules and initial assignments.
extension SBMLReading {
    mutating func readCompartments() {
        for compartment in unsafe parts(call.Model_getNumCompartments, call.Model_getCompartment) {
            let name = unsafe compartment.text(call.Compartment_getId)
            // Level 1 has a size of 1 where none is given, and nothing that is constant.
            let size: Double? =
                if unsafe compartment.flag(call.Compartment_isSetSize) {
                    unsafe compartment.number(call.Compartment_getSize)
                } else {
                    level == 1 ? 1 : nil
                }
            let isConstant = unsafe level > 1 && compartment.flag(call.Compartment_getConstant)
            if isConstant { names.constants.insert(name) }
            let dimensions = unsafe compartment.number(call.Compartment_getSpatialDimensionsAsDouble)
            network.compartments.append(
                NetworkCompartment(
                    name: name, size: size, isConstant: isConstant, dimensions: dimensions.isNaN ? 3 : dimensions))
        }
    }

    mutating func readSpecies() {
        let modelFactor =
            unsafe model.flag(call.Model_isSetConversionFactor) ? model.text(call.Model_getConversionFactor) : nil
        for species in unsafe parts(call.Model_getNumSpecies, call.Model_getSpecies) {
            let name = unsafe species.text(call.Species_getId)
            let initial: NetworkSpecies.Initial =
                if unsafe species.flag(call.Species_isSetInitialAmount) {
                    unsafe .amount(species.number(call.Species_getInitialAmount))
                } else if unsafe species.flag(call.Species_isSetInitialConcentration) {
                    unsafe .concentration(species.number(call.Species_getInitialConcentration))
                } else {
                    .unset
                }
            let compartment = unsafe species.text(call.Species_getCompartment)
            if names.kinds[compartment] != .compartment {
                report(
                    "the species '\(name)' is in '\(compartment)', which is no compartment", at: species,
                    fix: "name a compartment of the model")
            }
            let ownFactor =
                unsafe species.flag(call.Species_isSetConversionFactor)
                ? species.text(call.Species_getConversionFactor) : nil
            if let factor = ownFactor ?? modelFactor, names.kinds[factor] != .parameter {
                report("the conversion factor '\(factor)' is no parameter", at: species, fix: "name a parameter")
            }
            let isConstant = unsafe species.flag(call.Species_getConstant)
            if isConstant { names.constants.insert(name) }
            network.species.append(
                unsafe NetworkSpecies(
                    name: name, compartment: compartment, initial: initial,
                    meaning: species.flag(call.Species_getHasOnlySubstanceUnits) ? .amount : .concentration,
                    isBoundary: species.flag(call.Species_getBoundaryCondition), isConstant: isConstant,
                    conversionFactor: ownFactor ?? modelFactor))
        }
    }

    mutating func readParameters() {
        for parameter in unsafe parts(call.Model_getNumParameters, call.Model_getParameter) {
            let name = unsafe parameter.text(call.Parameter_getId)
            let isConstant = unsafe level > 1 && parameter.flag(call.Parameter_getConstant)
            if isConstant { names.constants.insert(name) }
            let value =
                unsafe parameter.flag(call.Parameter_isSetValue) ? parameter.number(call.Parameter_getValue) : nil
            network.parameters.append(NetworkParameter(name: name, value: value, isConstant: isConstant))
        }
    }

    /// Initial assignments and rules; those without mathematics (Level 3 Version 2) say nothing.
    mutating func readAssignments() {
        var atStart: Set<String> = []
        for element in unsafe parts(call.Model_getNumInitialAssignments, call.Model_getInitialAssignment) {
            let name = unsafe element.text(call.InitialAssignment_getSymbol)
            guard let formula = unsafe formula(call.InitialAssignment_getMath, of: element) else { continue }
            checkTarget(name, "an initial assignment", element, mayBeConstant: true, &atStart)
            network.initialAssignments.append(NetworkAssignment(name, formula))
        }
        var ruled: Set<String> = []
        for element in unsafe parts(call.Model_getNumRules, call.Model_getRule) {
            guard let formula = unsafe formula(call.Rule_getMath, of: element) else { continue }
            if unsafe element.flag(call.Rule_isAlgebraic) {
                network.algebraicRules.append(formula)
                continue
            }
            let name = unsafe element.text(call.Rule_getVariable)
            checkTarget(name, "a rule", element, mayBeConstant: false, &ruled)
            if unsafe element.flag(call.Rule_isRate) {
                network.rateRules.append(NetworkAssignment(name, formula))
            } else {
                if atStart.contains(name) {
                    report(
                        "both a rule and an initial assignment give '\(name)' its value", at: element,
                        fix: "take one of them out")
                }
                network.assignmentRules.append(NetworkAssignment(name, formula))
            }
        }
    }

    /// What gives a name its value must be alone in that, and the name one that can have it.
    mutating func checkTarget(
        _ name: String, _ giver: String, _ element: SBMLElement, mayBeConstant: Bool, _ given: inout Set<String>
    ) {
        if !names.isVariable(name) {
            report(
                "\(giver) for '\(name)', which is no compartment, species, parameter or stoichiometry", at: element,
                fix: "name one")
        } else if !mayBeConstant, names.constants.contains(name) {
            report("\(giver) for '\(name)', which is constant", at: element, fix: "say constant=\"false\" of it")
        }
        if !given.insert(name).inserted {
            report("\(giver) for '\(name)', which has one already", at: element, fix: "keep one")
        }
    }

    mutating func readConstraints() {
        for element in unsafe parts(call.Model_getNumConstraints, call.Model_getConstraint) {
            guard let condition = unsafe formula(call.Constraint_getMath, of: element) else { continue }
            let markup = unsafe element.ownText(call.Constraint_getMessageString)
            network.constraints.append(NetworkConstraint(condition: condition, message: Self.words(markup)))
        }
    }

    /// The words of a text with tags.
    private static func words(_ markup: String) -> String {
        var (words, isTag) = ("", false)
        for letter in markup {
            if letter == "<" { isTag = true }
            if !isTag { words.append(letter) }
            if letter == ">" { isTag = false }
        }
        for (reference, letter) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")] {
            words.replace(reference, with: letter)
        }
        return words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
