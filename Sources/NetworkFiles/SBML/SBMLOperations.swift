import Biology
import CSBML

/// The operators and functions of MathML as SBML uses it.
extension SBMLReading {
    mutating func operation(
        _ node: SBMLElement, _ kind: ASTNodeType_t, _ scope: Scope
    ) throws(SBMLFormulaFault) -> SizedFormula {
        if let function = SBMLOperations.anyNumber[kind.rawValue] {
            return try apply(function, try terms(node, kind, scope, function.rawValue))
        }
        if let function = SBMLOperations.one[kind.rawValue] {
            return try apply(function, try operands(node, scope, 1...1, function.rawValue))
        }
        if let function = SBMLOperations.two[kind.rawValue] {
            return try apply(function, try operands(node, scope, 2...2, function.rawValue))
        }
        if let function = SBMLOperations.comparisons[kind.rawValue] {
            let parts = try operands(node, scope, 0...Int.max, function.rawValue)
            // Of none or one there is nothing to compare: true, as Level 3 Version 2 says.
            return try parts.count < 2 ? formulas.made(.number(1)) : apply(function, parts)
        }
        switch kind {
        case AST_MINUS:
            let parts = try operands(node, scope, 1...2, "minus")
            return try apply(parts.count == 1 ? .negative : .minus, parts)
        case AST_FUNCTION_ROOT: return try based(.root, 2, node, scope)
        case AST_FUNCTION_LOG: return try based(.logarithm, 10, node, scope)
        case AST_LAMBDA: throw SBMLFormulaFault(problem: "'lambda' inside a formula", fix: "define a function")
        default:
            throw SBMLFormulaFault(
                kind: .unsupported, problem: "an element of MathML (libSBML's kind \(kind.rawValue)) in a formula",
                fix: "use the subset of MathML that SBML core allows")
        }
    }

    private mutating func apply(
        _ function: Formula.Function, _ parts: [SizedFormula]
    ) throws(SBMLFormulaFault) -> SizedFormula {
        try formulas.made(.call(function, parts.map(\.formula)), parts)
    }

    /// A function with a degree or base that may be left out.
    private mutating func based(
        _ function: Formula.Function, _ usual: Double, _ node: SBMLElement, _ scope: Scope
    ) throws(SBMLFormulaFault) -> SizedFormula {
        var parts = try operands(node, scope, 1...2, function.rawValue)
        if parts.count == 1 { parts.insert(try formulas.made(.number(usual)), at: 0) }
        return try apply(function, parts)
    }
}

/// Which of our functions libSBML's kinds are.
enum SBMLOperations {
    private static func table(_ pairs: [(ASTNodeType_t, Formula.Function)]) -> [ASTNodeType_t.RawValue: Formula
        .Function]
    {
        Dictionary(uniqueKeysWithValues: pairs.map { ($0.rawValue, $1) })
    }

    static let anyNumber = table([
        (AST_PLUS, .plus), (AST_TIMES, .times), (AST_FUNCTION_MIN, .min), (AST_FUNCTION_MAX, .max),
        (AST_LOGICAL_AND, .and), (AST_LOGICAL_OR, .or), (AST_LOGICAL_XOR, .xor),
    ])
    static let two = table([
        (AST_DIVIDE, .divide), (AST_POWER, .power), (AST_FUNCTION_POWER, .power), (AST_FUNCTION_QUOTIENT, .quotient),
        (AST_FUNCTION_REM, .remainder), (AST_LOGICAL_IMPLIES, .implies),
    ])
    static let comparisons = table([
        (AST_RELATIONAL_EQ, .equal), (AST_RELATIONAL_NEQ, .different), (AST_RELATIONAL_LT, .less),
        (AST_RELATIONAL_LEQ, .lessOrEqual), (AST_RELATIONAL_GT, .greater), (AST_RELATIONAL_GEQ, .greaterOrEqual),
    ])
    static let one = table([
        (AST_LOGICAL_NOT, .not), (AST_FUNCTION_ABS, .abs), (AST_FUNCTION_FLOOR, .floor),
        (AST_FUNCTION_CEILING, .ceiling), (AST_FUNCTION_FACTORIAL, .factorial), (AST_FUNCTION_EXP, .exp),
        (AST_FUNCTION_LN, .ln), (AST_FUNCTION_SIN, .sin), (AST_FUNCTION_COS, .cos), (AST_FUNCTION_TAN, .tan),
        (AST_FUNCTION_SEC, .sec), (AST_FUNCTION_CSC, .csc), (AST_FUNCTION_COT, .cot), (AST_FUNCTION_SINH, .sinh),
        (AST_FUNCTION_COSH, .cosh), (AST_FUNCTION_TANH, .tanh), (AST_FUNCTION_SECH, .sech),
        (AST_FUNCTION_CSCH, .csch), (AST_FUNCTION_COTH, .coth), (AST_FUNCTION_ARCSIN, .arcsin),
        (AST_FUNCTION_ARCCOS, .arccos), (AST_FUNCTION_ARCTAN, .arctan), (AST_FUNCTION_ARCSEC, .arcsec),
        (AST_FUNCTION_ARCCSC, .arccsc), (AST_FUNCTION_ARCCOT, .arccot), (AST_FUNCTION_ARCSINH, .arcsinh),
        (AST_FUNCTION_ARCCOSH, .arccosh), (AST_FUNCTION_ARCTANH, .arctanh), (AST_FUNCTION_ARCSECH, .arcsech),
        (AST_FUNCTION_ARCCSCH, .arccsch), (AST_FUNCTION_ARCCOTH, .arccoth),
    ])
}
