import Biology
import CSBML

/// A formula, and how large it is written out: functions put in place may share parts in memory.
struct SizedFormula {
    var formula: Formula
    var size: Int
    var depth: Int

    init(_ formula: Formula, parts: [SizedFormula] = []) {
        self.formula = formula
        size = parts.reduce(1) { $0 + $1.size }
        depth = 1 + (parts.map(\.depth).max() ?? 0)
    }
}

/// What is wrong with a formula.
struct SBMLFormulaFault: Error {
    var kind: NetworkFileProblem.Kind = .malformed
    var problem: String
    var fix: String
}

/// A model's functions, and how much has been written out of them.
struct SBMLFormulas {
    /// Chosen: a hundred times the largest model seen; functions of functions grow without bound otherwise.
    static let most = 1_000_000
    /// Chosen: what follows may recurse that deep.
    static let deepest = 1000

    struct Function {
        var arguments: [String]
        var body: SizedFormula
    }
    var elements: [String: SBMLElement] = [:]
    var known: [String: Function] = [:]
    var underWay: [String] = []
    private var produced = 0

    /// Counts a formula's parts; refuses what would grow past every bound.
    mutating func made(
        _ formula: Formula, _ parts: [SizedFormula] = []
    ) throws(SBMLFormulaFault) -> SizedFormula {
        let made = SizedFormula(formula, parts: parts)
        produced += 1
        guard made.size <= Self.most, produced <= Self.most, made.depth <= Self.deepest else {
            throw SBMLFormulaFault(
                problem: "with its functions written out, a formula has more than \(Self.most) parts "
                    + "or \(Self.deepest) levels",
                fix: "use functions less deeply inside each other, or assignment rules in their place")
        }
        return made
    }

    /// A function's body with its arguments put in place.
    mutating func put(
        _ arguments: [String: SizedFormula], into formula: Formula
    ) throws(SBMLFormulaFault) -> SizedFormula {
        switch formula {
        case .number, .time: return try made(formula)
        case .name(let name):
            guard let argument = arguments[name] else { return try made(formula) }
            return argument
        case .call(let function, let operands):
            let operands = try all(operands, arguments)
            return try made(.call(function, operands.map(\.formula)), operands)
        case .draw(let distribution, let operands):
            let operands = try all(operands, arguments)
            return try made(.draw(distribution, operands.map(\.formula)), operands)
        case .delayed(let inner, let by):
            let parts = try all([inner, by], arguments)
            return try made(.delayed(parts[0].formula, by: parts[1].formula), parts)
        case .rate(let name):
            guard let argument = arguments[name] else { return try made(formula) }
            guard case .name(let target) = argument.formula else { throw Self.rateOfFormula }
            return try made(.rate(of: target))
        case .piecewise(let pieces, let otherwise):
            let values = try all(pieces.map(\.value), arguments)
            let conditions = try all(pieces.map(\.condition), arguments)
            let last = try all(otherwise.map { [$0] } ?? [], arguments)
            let put = zip(values, conditions).map { Formula.Piece(value: $0.formula, condition: $1.formula) }
            return try made(.piecewise(put, otherwise: last.first?.formula), values + conditions + last)
        }
    }

    private mutating func all(
        _ formulas: [Formula], _ arguments: [String: SizedFormula]
    ) throws(SBMLFormulaFault) -> [SizedFormula] {
        var made: [SizedFormula] = []
        for formula in formulas { made.append(try put(arguments, into: formula)) }
        return made
    }

    static var rateOfFormula: SBMLFormulaFault {
        SBMLFormulaFault(problem: "'rateOf' of a formula", fix: "give it the id of a variable")
    }
}

extension SBMLReading {
    /// What names mean inside a formula besides the model's own.
    enum Scope {
        /// Names of a reaction's own parameters, and theirs in the network.
        case model(locals: [String: String])
        case function(arguments: Set<String>)
    }

    /// The formula of an element, or `nil` where it has none or a wrong one.
    mutating func formula(
        _ get: (OpaquePointer?) -> OpaquePointer?, of element: SBMLElement, locals: [String: String] = [:]
    ) -> Formula? {
        guard let node = unsafe element.part(get) else { return nil }
        do {
            return try convert(node, .model(locals: locals)).formula
        } catch {
            report(error.problem, at: element, error.kind, fix: error.fix)
            return nil
        }
    }

    mutating func readFunctions() {
        let functions = unsafe parts(call.Model_getNumFunctionDefinitions, call.Model_getFunctionDefinition)
        for function in functions {
            formulas.elements[unsafe function.text(call.FunctionDefinition_getId)] = function
        }
        for function in functions {
            let name = unsafe function.text(call.FunctionDefinition_getId)
            // A function without mathematics (Level 3 Version 2) is wrong only where it is used.
            guard unsafe function.part(call.FunctionDefinition_getBody) != nil else { continue }
            do { _ = try self.function(name) } catch {
                report(error.problem, at: function, error.kind, fix: error.fix)
            }
        }
    }

    /// A function by its name, read at its first use: they may stand in any order.
    private mutating func function(_ name: String) throws(SBMLFormulaFault) -> SBMLFormulas.Function {
        if let known = formulas.known[name] { return known }
        guard let element = formulas.elements[name] else {
            throw SBMLFormulaFault(problem: "there is no function '\(name)'", fix: "define it")
        }
        guard !formulas.underWay.contains(name) else {
            throw SBMLFormulaFault(problem: "the function '\(name)' calls itself", fix: "write it without recursion")
        }
        guard formulas.underWay.count < XMLScanner.deepest else {
            throw SBMLFormulaFault(problem: "functions that call each other too deeply", fix: "join some of them")
        }
        guard let body = unsafe element.part(call.FunctionDefinition_getBody) else {
            throw SBMLFormulaFault(
                kind: .unsupported, problem: "the function '\(name)', which has no mathematics, in a formula",
                fix: "give it a body")
        }
        let arguments = unsafe element.parts(
            call.FunctionDefinition_getNumArguments, call.FunctionDefinition_getArgument
        ).map { unsafe $0.text(call.ASTNode_getName) }
        formulas.underWay.append(name)
        defer { formulas.underWay.removeLast() }
        let function = SBMLFormulas.Function(
            arguments: arguments, body: try convert(body, .function(arguments: Set(arguments))))
        formulas.known[name] = function
        return function
    }

    /// A node of the library's mathematics as a formula, functions written out.
    func kind(of node: SBMLElement) -> ASTNodeType_t { unsafe call.ASTNode_getType(node.pointer) }

    mutating func convert(_ node: SBMLElement, _ scope: Scope) throws(SBMLFormulaFault) -> SizedFormula {
        let kind = kind(of: node)
        if let number = constant(node, kind) { return try formulas.made(.number(number)) }
        switch kind {
        case AST_NAME_TIME: return try formulas.made(.time)
        case AST_NAME: return try formulas.made(.name(name(of: node, scope)))
        case AST_FUNCTION_RATE_OF:
            let target = try operands(node, scope, 1...1, "rateOf")[0]
            guard case .name(let name) = target.formula else { throw SBMLFormulas.rateOfFormula }
            return try formulas.made(.rate(of: name))
        case AST_FUNCTION_DELAY:
            let parts = try operands(node, scope, 2...2, "delay")
            return try formulas.made(.delayed(parts[0].formula, by: parts[1].formula), parts)
        case AST_FUNCTION_PIECEWISE: return try piecewise(node, scope)
        case AST_FUNCTION: return try use(unsafe node.text(call.ASTNode_getName), node, scope)
        default: return try operation(node, kind, scope)
        }
    }

    private func constant(_ node: SBMLElement, _ kind: ASTNodeType_t) -> Double? {
        switch kind {
        case AST_INTEGER, AST_REAL, AST_RATIONAL: unsafe node.number(call.ASTNode_getValue)
        case AST_REAL_E:
            // The library multiplies by a power of ten, which rounds twice.
            unsafe Double("\(node.number(call.ASTNode_getMantissa))e\(call.ASTNode_getExponent(node.pointer))")
        case AST_NAME_AVOGADRO: 6.022_141_79e23  // As SBML Level 3 core fixes it, section 3.4.6.
        case AST_CONSTANT_E: 2.718_281_828_459_045
        case AST_CONSTANT_PI: Double.pi
        case AST_CONSTANT_TRUE: 1
        case AST_CONSTANT_FALSE: 0
        default: nil
        }
    }

    private func name(of node: SBMLElement, _ scope: Scope) throws(SBMLFormulaFault) -> String {
        let name = unsafe node.text(call.ASTNode_getName)
        switch scope {
        case .function(let arguments):
            guard arguments.contains(name) else {
                throw SBMLFormulaFault(
                    problem: "'\(name)' in a function is none of its arguments", fix: "make it an argument")
            }
            return name
        case .model(let locals):
            if let local = locals[name] { return local }
            guard names.isValue(name) else {
                throw SBMLFormulaFault(
                    problem: "a formula holds '\(name)', which has no value in this model",
                    fix: "name a compartment, species, parameter, reaction or stoichiometry")
            }
            guard !names.rateless.contains(name) else {
                throw SBMLFormulaFault(
                    kind: .unsupported, problem: "the rate of the reaction '\(name)', which has no kinetic law",
                    fix: "give the reaction a kinetic law")
            }
            return name
        }
    }

    private mutating func use(
        _ name: String, _ node: SBMLElement, _ scope: Scope
    ) throws(SBMLFormulaFault) -> SizedFormula {
        var given = try operands(node, scope, 0...Int.max, name)
        if let distribution = SBMLDraw.standing(for: name) {
            guard SBMLDraw.argumentCounts(distribution).contains(given.count) else {
                throw SBMLFormulaFault(
                    problem: "'\(distribution)' with \(given.count) arguments", fix: "see the package 'distrib'")
            }
            if [.cauchy, .laplace].contains(distribution), given.count == 1 {
                given.insert(try formulas.made(.number(0)), at: 0)
            }
            return try formulas.made(.draw(distribution, given.map(\.formula)), given)
        }
        let function = try function(name)
        guard function.arguments.count == given.count, Set(function.arguments).count == given.count else {
            throw SBMLFormulaFault(
                problem: "the function '\(name)' takes \(function.arguments.count) arguments, not \(given.count)",
                fix: "give each argument once")
        }
        let arguments = Dictionary(uniqueKeysWithValues: zip(function.arguments, given))
        return try formulas.put(arguments, into: function.body.formula)
    }

    private mutating func piecewise(_ node: SBMLElement, _ scope: Scope) throws(SBMLFormulaFault) -> SizedFormula {
        let parts = try operands(node, scope, 0...Int.max, "piecewise")
        let pieces = stride(from: 0, to: parts.count - 1, by: 2).map {
            Formula.Piece(value: parts[$0].formula, condition: parts[$0 + 1].formula)
        }
        let otherwise = parts.count % 2 == 1 ? parts.last?.formula : nil
        return try formulas.made(.piecewise(pieces, otherwise: otherwise), parts)
    }

    /// The converted children of a node, as many as it must have.
    mutating func operands(
        _ node: SBMLElement, _ scope: Scope, _ counts: ClosedRange<Int>, _ name: String
    ) throws(SBMLFormulaFault) -> [SizedFormula] {
        try converted(children(of: node), scope, counts, name)
    }

    /// The converted terms of a sum, a product or the like, however many.
    ///
    /// libSBML hands out a sum of many as sums of two, each the first term of the next, as deep as there are terms.
    mutating func terms(
        _ node: SBMLElement, _ kind: ASTNodeType_t, _ scope: Scope, _ name: String
    ) throws(SBMLFormulaFault) -> [SizedFormula] {
        var first = children(of: node)
        var others: [SBMLElement] = []
        while first.count == 2, self.kind(of: first[0]) == kind {
            others.append(first[1])
            first = children(of: first[0])
        }
        // Chosen: a formula that people write stays as it is nested; only what is deep is made flat.
        if others.count < 64 { return try operands(node, scope, 0...Int.max, name) }
        return try converted(first + others.reversed(), scope, 0...Int.max, name)
    }

    private func children(of node: SBMLElement) -> [SBMLElement] {
        unsafe node.parts(call.ASTNode_getNumChildren, call.ASTNode_getChild)
    }

    private mutating func converted(
        _ children: [SBMLElement], _ scope: Scope, _ counts: ClosedRange<Int>, _ name: String
    ) throws(SBMLFormulaFault) -> [SizedFormula] {
        guard counts.contains(children.count) else {
            throw SBMLFormulaFault(
                problem: "'\(name)' with \(children.count) arguments", fix: "see MathML in the SBML specification")
        }
        var made: [SizedFormula] = []
        for child in children { made.append(try convert(child, scope)) }
        return made
    }
}
