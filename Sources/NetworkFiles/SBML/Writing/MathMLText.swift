import Biology

/// Formulas as MathML, in the subset of SBML Level 3 Version 2 with the draws of "distrib".
struct MathMLText {
    /// The ids that names have in the file.
    let ids: [String: String]

    /// A whole `math` element.
    func math(_ formula: Formula) -> String {
        "<math xmlns=\"http://www.w3.org/1998/Math/MathML\">\(content(formula))</math>"
    }

    private func content(_ formula: Formula) -> String {
        switch formula {
        case .number(let value): number(value)
        case .name(let name): "<ci>\(ids[name] ?? name)</ci>"
        case .time: symbol("time", "symbols/time")
        case .call(let function, let operands): call(function, operands)
        case .piecewise(let pieces, let otherwise): piecewise(pieces, otherwise)
        case .delayed(let inner, let by): apply(symbol("delay", "symbols/delay"), [inner, by])
        case .rate(let name): apply(symbol("rateOf", "symbols/rateOf"), [.name(name)])
        case .draw(let distribution, let operands):
            apply(symbol(distribution.rawValue, "symbols/distrib/\(distribution.rawValue)"), operands)
        }
    }

    /// Digits alone, or with an exponent of ten; as many as give the same number back.
    private func number(_ value: Double) -> String {
        if value.isNaN { return "<notanumber/>" }
        if value.isInfinite { return value > 0 ? "<infinity/>" : "<apply><minus/><infinity/></apply>" }
        let parts = "\(value)".split(separator: "e")
        guard parts.count == 2 else { return "<cn>\(value)</cn>" }
        return "<cn type=\"e-notation\">\(parts[0])<sep/>\(parts[1])</cn>"
    }

    private func symbol(_ name: String, _ address: String) -> String {
        "<csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/\(address)\">\(name)</csymbol>"
    }

    private func apply(_ head: String, _ operands: [Formula]) -> String {
        "<apply>\(head)\(operands.map(content).joined())</apply>"
    }

    private func piecewise(_ pieces: [Formula.Piece], _ otherwise: Formula?) -> String {
        let body = pieces.map { "<piece>\(content($0.value))\(content($0.condition))</piece>" }.joined()
        let last = otherwise.map { "<otherwise>\(content($0))</otherwise>" } ?? ""
        return "<piecewise>\(body)\(last)</piecewise>"
    }

    private func call(_ function: Formula.Function, _ operands: [Formula]) -> String {
        switch function {
        case .logarithm where operands.count == 2:
            return apply("<log/><logbase>\(content(operands[0]))</logbase>", [operands[1]])
        case .root where operands.count == 2:
            return apply("<root/><degree>\(content(operands[0]))</degree>", [operands[1]])
        case .different where operands.count > 2:
            // The only comparison that SBML does not chain.
            let pairs = zip(operands, operands.dropFirst()).map { Formula.call(.different, [$0, $1]) }
            return call(.and, pairs)
        default: return apply("<\(MathMLText.element(function))/>", operands)
        }
    }

    private static func element(_ function: Formula.Function) -> String {
        switch function {
        case .remainder: "rem"
        case .negative: "minus"
        case .equal: "eq"
        case .different: "neq"
        case .less: "lt"
        case .lessOrEqual: "leq"
        case .greater: "gt"
        case .greaterOrEqual: "geq"
        case .logarithm: "log"
        default: function.rawValue
        }
    }
}
