import Biology

/// Reads the networks of MaBoSS (bnd): nodes with their logic, rates and attributes.
///
/// Source: the grammar of MaBoSS (its file BooleanGrammar.y, BSD 3-clause), and its reference card.
struct MaBoSSNetwork {
    private var text: LogicalText
    private(set) var network: BooleanNetwork
    private var places: [String: Int] = [:]
    /// Every use of a name, to be looked up when all nodes are known.
    private var uses: [(name: String, place: Int)] = []
    private var reported: Set<String> = []

    init(_ bytes: [UInt8], file: String, name: String) {
        text = LogicalText(bytes, file: file, dialect: .maboss)
        network = BooleanNetwork(name: name)
    }

    /// Everything but the values of "$names", which are left open as parameters.
    mutating func read() throws(NetworkFileProblems) {
        do throws(LogicalText.Fault) {
            try text.move(to: 0, limit: text.bytes.count)
            while text.token != .end { try node() }
            if network.nodes.isEmpty {
                throw LogicalText.Fault(
                    place: 0, problem: "there is no node in this file", fix: "write Node NAME { logic = ...; }")
            }
        } catch {
            text.report(error)
        }
        if text.problems.isEmpty { lookUp() }
        guard text.problems.isEmpty else { throw NetworkFileProblems(text.problems) }
    }

    private mutating func node() throws(LogicalText.Fault) {
        guard case .word(let keyword) = text.token, keyword.lowercased() == "node" else {
            if case .word(let keyword) = text.token, ["division", "death"].contains(keyword.lowercased()) {
                throw LogicalText.Fault(
                    place: text.start, kind: .unsupported, problem: "'\(keyword)', a rule for populations",
                    fix: "say in the model of the tissue when cells divide and die")
            }
            throw unexpected("'Node'")
        }
        try text.advance()
        let place = text.start
        guard case .word(let name) = text.token, !name.hasPrefix("$"), !name.hasPrefix("@") else {
            throw unexpected("a node's name")
        }
        guard places[name] == nil else {
            throw LogicalText.Fault(place: place, problem: "a second node '\(name)'", fix: "give each node one block")
        }
        try text.advance()
        var node = BooleanNode(name)
        var expression = LogicalExpression()
        try take("{")
        while text.token != .sign("}") { try attribute(&node, &expression) }
        try text.advance()
        uses += expression.names
        places[name] = network.nodes.count
        network.nodes.append(node)
    }

    private mutating func attribute(
        _ node: inout BooleanNode, _ expression: inout LogicalExpression
    ) throws(LogicalText.Fault) {
        let place = text.start
        guard case .word(let name) = text.token, !name.hasPrefix("$"), !name.hasPrefix("@") else {
            throw unexpected("an attribute, such as logic")
        }
        try text.advance()
        try take("=")
        if text.token == .quoted {
            try text.advance()
        } else {
            let value = try expression.read(&text)
            guard expression.attributes.updateValue(value, forKey: "@" + name) == nil else {
                throw LogicalText.Fault(
                    place: place, problem: "a second '\(name)' of '\(node.name)'", fix: "give it once")
            }
            switch name {
            case "logic": node.target = value.formula
            case "rate_up": node.rateUp = value.formula
            case "rate_down": node.rateDown = value.formula
            default: break
            }
        }
        try take(";")
    }

    private mutating func take(_ sign: String) throws(LogicalText.Fault) {
        guard text.token == .sign(sign) else { throw unexpected("'\(sign)'") }
        try text.advance()
    }

    private func unexpected(_ due: String) -> LogicalText.Fault {
        LogicalText.Fault(
            place: text.start, problem: "\(LogicalExpression.shown(text.token)) where \(due) is due",
            fix: "write Node NAME { logic = ...; rate_up = ...; rate_down = ...; }")
    }

    /// Every name is a node's, or a variable's that the configuration gives.
    private mutating func lookUp() {
        for use in uses where !use.name.hasPrefix("$") && places[use.name] == nil {
            guard reported.insert(use.name).inserted else { continue }
            let isMore = text.report(
                LogicalText.Fault(
                    place: use.place, problem: "there is no node '\(use.name)'",
                    fix: Suggestion.didYouMean(use.name, among: places.keys) ?? "add it: Node \(use.name) { }"))
            if !isMore { return }
        }
    }

    /// Gives the variables their values.
    mutating func setVariables(_ values: [String: Double]) throws(NetworkFileProblems) {
        var used: Set<String> = []
        for use in uses where use.name.hasPrefix("$") && used.insert(use.name).inserted {
            if let value = values[use.name] {
                network.parameters.append(NetworkParameter(name: use.name, value: value))
                continue
            }
            let isMore = text.report(
                LogicalText.Fault(
                    place: use.place, problem: "the variable '\(use.name)' has no value",
                    fix: Suggestion.didYouMean(use.name, among: values.keys)
                        ?? "give it in the configuration (cfg): \(use.name) = 1;"))
            if !isMore { break }
        }
        guard text.problems.isEmpty else { throw NetworkFileProblems(text.problems) }
    }
}
