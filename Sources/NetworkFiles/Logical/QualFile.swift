import Biology

/// Reads SBML Level 3 with the package "qual": species with levels, and transitions that set them.
///
/// Source: Chaouiya et al. (2013), SBML qualitative models, doi:10.1186/1752-0509-7-135, and the specification of qual,
/// version 1, from memory. Where several function terms hold, the first one decides.
struct QualFile {
    private var text: LogicalText
    private var network: BooleanNetwork
    private var places: [String: Int] = [:]
    /// Species that a transition sets.
    private var set: Set<String> = []
    /// Threshold levels of the inputs of the transition at hand, by their ids.
    private var thresholds: [String: Double] = [:]

    private typealias Fault = LogicalText.Fault

    static func read(_ bytes: [UInt8], file: String, name: String) throws(NetworkFileProblems) -> BooleanNetwork {
        var reading = QualFile(
            text: LogicalText(bytes, file: file, dialect: .maboss), network: BooleanNetwork(name: name))
        do {
            let root = try QualElement.read(bytes)
            reading.read(root)
        } catch {
            reading.text.report(Fault(place: error.place, problem: error.problem, fix: error.fix))
        }
        guard reading.text.problems.isEmpty else { throw NetworkFileProblems(reading.text.problems) }
        return reading.network
    }

    private init(text: LogicalText, network: BooleanNetwork) {
        self.text = text
        self.network = network
    }

    private mutating func read(_ root: QualElement) {
        guard root.name == "sbml", let model = root.child("model") else {
            text.report(Fault(place: root.place, problem: "there is no <model> in this file", fix: "give SBML-qual"))
            return
        }
        if let name = model.attributes["name"] ?? model.attributes["id"], !name.isEmpty { network.name = name }
        let core = [
            "listOfReactions", "listOfRules", "listOfEvents", "listOfInitialAssignments", "listOfConstraints",
            "listOfSpecies", "listOfParameters",
        ]
        for list in model.children where core.contains(list.name) && !list.children.isEmpty {
            text.report(
                Fault(
                    place: list.place, kind: .unsupported, problem: "<\(list.name)> beside qualitative species",
                    fix: "split the model into a logical and a reaction network"))
        }
        for species in model.list("listOfQualitativeSpecies", of: "qualitativeSpecies") {
            do { try add(species) } catch { if !text.report(error) { return } }
        }
        if network.nodes.isEmpty {
            text.report(
                Fault(
                    place: model.place, problem: "there are no qualitative species in this model",
                    fix: "run it as a reaction network"))
        }
        for transition in model.list("listOfTransitions", of: "transition") {
            do { try read(transition: transition) } catch { if !text.report(error) { return } }
        }
    }

    private mutating func add(_ species: QualElement) throws(Fault) {
        guard let id = species.attributes["id"], !id.isEmpty else {
            throw Fault(place: species.place, problem: "a qualitative species without an id", fix: "give it one")
        }
        guard places[id] == nil else {
            throw Fault(place: species.place, problem: "a second species '\(id)'", fix: "give each an id of its own")
        }
        var node = BooleanNode(id)
        if let highest = try level("maxLevel", of: species) {
            guard (1...255).contains(highest) else {
                throw Fault(
                    place: species.place, kind: .unsupported, problem: "'\(id)' has \(highest) as its highest level",
                    fix: "give it 1 to 255")
            }
            node.highestLevel = highest
        }
        if let initial = try level("initialLevel", of: species) {
            guard (0...node.highestLevel).contains(initial) else {
                throw Fault(
                    place: species.place, problem: "'\(id)' starts at \(initial), above its highest level",
                    fix: "give it a level of 0 to \(node.highestLevel)")
            }
            network.starts.append(BooleanStart(id, at: initial))
        }
        places[id] = network.nodes.count
        network.nodes.append(node)
    }

    private func level(_ name: String, of element: QualElement) throws(Fault) -> Int? {
        guard let words = element.attributes[name] else { return nil }
        guard let value = Int(words.filter { $0 != " " }) else {
            throw Fault(
                place: element.place, problem: "\(name) is '\(words.prefix(40))'", fix: "give a whole number")
        }
        return value
    }

    // MARK: - Transitions

    private mutating func read(transition: QualElement) throws(Fault) {
        thresholds = [:]
        for input in transition.list("listOfInputs", of: "input") {
            _ = try place(of: input)
            if input.attributes["transitionEffect"] == "consumption" {
                throw Fault(
                    place: input.place, kind: .unsupported, problem: "an input that is consumed",
                    fix: "write transitionEffect=\"none\"")
            }
            if let id = input.attributes["id"], let threshold = try level("thresholdLevel", of: input) {
                thresholds[id] = Double(threshold)
            }
        }
        let outputs = transition.list("listOfOutputs", of: "output")
        guard let target = try target(of: transition) else { return }
        for output in outputs {
            let place = try place(of: output)
            if output.attributes["transitionEffect"] == "production" {
                throw Fault(
                    place: output.place, kind: .unsupported, problem: "an output that is produced",
                    fix: "write transitionEffect=\"assignmentLevel\"")
            }
            let name = network.nodes[place].name
            guard set.insert(name).inserted else {
                throw Fault(
                    place: output.place, kind: .unsupported, problem: "a second transition that sets '\(name)'",
                    fix: "join the transitions into one")
            }
            for level in target.levels where level > network.nodes[place].highestLevel {
                throw Fault(
                    place: transition.place, problem: "level \(level) for '\(name)', above its highest",
                    fix: "give levels of 0 to \(network.nodes[place].highestLevel)")
            }
            network.nodes[place].target = target.formula
        }
    }

    private func place(of part: QualElement) throws(Fault) -> Int {
        let name = part.attributes["qualitativeSpecies"] ?? ""
        if let place = places[name] { return place }
        throw Fault(
            place: part.place, problem: "there is no species '\(name)'",
            fix: Suggestion.didYouMean(name, among: places.keys) ?? "name a qualitative species of the model")
    }

    /// What a transition sets its outputs to; `nil` for one without terms, whose outputs nothing changes.
    private func target(of transition: QualElement) throws(Fault) -> (formula: Formula, levels: [Int])? {
        guard let terms = transition.child("listOfFunctionTerms") else { return nil }
        guard let standard = terms.child("defaultTerm"), let otherwise = try level("resultLevel", of: standard) else {
            throw Fault(
                place: terms.place, problem: "function terms without a default term",
                fix: "add <defaultTerm resultLevel=\"0\"/>")
        }
        var levels = [otherwise]
        var pieces: [Formula.Piece] = []
        for term in terms.children where term.name == "functionTerm" {
            guard let result = try level("resultLevel", of: term), let math = term.child("math")?.children.first else {
                throw Fault(
                    place: term.place, problem: "a function term without a result level or a condition",
                    fix: "give it resultLevel and <math>")
            }
            levels.append(result)
            pieces.append(Formula.Piece(value: .number(Double(result)), condition: try formula(math)))
        }
        if let low = levels.first(where: { $0 < 0 }) {
            throw Fault(place: terms.place, problem: "the level \(low)", fix: "give levels of at least 0")
        }
        let constant = Formula.number(Double(otherwise))
        return (pieces.isEmpty ? constant : .piecewise(pieces, otherwise: constant), levels)
    }

    private static let functions: [String: Formula.Function] = [
        "and": .and, "or": .or, "xor": .xor, "not": .not, "implies": .implies, "eq": .equal, "neq": .different,
        "gt": .greater, "lt": .less, "geq": .greaterOrEqual, "leq": .lessOrEqual, "plus": .plus, "times": .times,
        "minus": .minus,
    ]

    /// A condition; the scanner bounds how deep it is.
    private func formula(_ math: QualElement) throws(Fault) -> Formula {
        let words = math.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        switch math.name {
        case "true": return .number(1)
        case "false": return .number(0)
        case "cn":
            guard let value = Double(words), value.isFinite else {
                throw Fault(place: math.place, problem: "'\(words.prefix(40))' is not a number", fix: "write a number")
            }
            return .number(value)
        case "ci":
            if let threshold = thresholds[words] { return .number(threshold) }
            if places[words] != nil { return .name(words) }
            throw Fault(
                place: math.place, problem: "there is no species '\(words.prefix(40))'",
                fix: Suggestion.didYouMean(words, among: places.keys) ?? "name a qualitative species of the model")
        case "apply":
            guard let head = math.children.first, let function = Self.functions[head.name] else {
                throw Fault(
                    place: math.place, kind: .unsupported,
                    problem: "<\(math.children.first?.name ?? "nothing")> in a function term",
                    fix: "use and, or, not, xor and comparisons of levels")
            }
            var arguments: [Formula] = []
            for argument in math.children.dropFirst() { arguments.append(try formula(argument)) }
            let isOne = arguments.count == 1
            guard isOne || function != .not, arguments.count == 2 || function != .minus || isOne else {
                throw Fault(
                    place: math.place, problem: "<\(head.name)/> of \(arguments.count) values", fix: "give it one")
            }
            return .call(function == .minus && isOne ? .negative : function, arguments)
        default:
            throw Fault(
                place: math.place, kind: .unsupported, problem: "<\(math.name)> in a function term",
                fix: "use and, or, not, xor and comparisons of levels")
        }
    }
}
