import Biology

/// Reads bnet, the format of BoolNet and PyBoolNet: one line a node, "target, rule".
///
/// Source: Müssel, Hopfensitz & Kestler (2010), BoolNet, doi:10.1093/bioinformatics/btq124, from memory.
struct BnetFile {
    private var text: LogicalText
    private var expression = LogicalExpression()
    private var network: BooleanNetwork
    private var places: [String: Int] = [:]
    /// Where each name is first used in a rule.
    private var uses: [String] = []

    static func read(_ bytes: [UInt8], file: String, name: String) throws(NetworkFileProblems) -> BooleanNetwork {
        var reading = BnetFile(
            text: LogicalText(bytes, file: file, dialect: .bnet), network: BooleanNetwork(name: name))
        return try reading.read()
    }

    private init(text: LogicalText, network: BooleanNetwork) {
        self.text = text
        self.network = network
    }

    private mutating func read() throws(NetworkFileProblems) -> BooleanNetwork {
        var start = 0
        while start < text.bytes.count {
            let end = text.bytes[start...].firstIndex { $0 == 10 || $0 == 13 } ?? text.bytes.count
            do {
                try line(start, end)
            } catch {
                if !text.report(error) { break }
            }
            start = end + 1
        }
        // Names without a rule are inputs.
        for name in uses where places[name] == nil {
            places[name] = network.nodes.count
            network.nodes.append(BooleanNode(name))
        }
        if text.problems.isEmpty, network.nodes.isEmpty {
            text.report(
                LogicalText.Fault(place: 0, problem: "there is no rule in this file", fix: "write lines 'target, rule'")
            )
        }
        guard text.problems.isEmpty else { throw NetworkFileProblems(text.problems) }
        return network
    }

    private mutating func line(_ start: Int, _ end: Int) throws(LogicalText.Fault) {
        try text.move(to: start, limit: end)
        let place = text.start
        guard text.token != .end else { return }
        guard case .word(let target) = text.token else {
            throw LogicalText.Fault(
                place: place, problem: "\(LogicalExpression.shown(text.token)) where a node's name is due",
                fix: "write 'target, rule'")
        }
        try text.advance()
        guard text.token == .sign(",") else {
            throw LogicalText.Fault(
                place: text.start, problem: "\(LogicalExpression.shown(text.token)) where ',' is due",
                fix: "write 'target, rule'")
        }
        try text.advance()
        if network.nodes.isEmpty, target.lowercased() == "targets" || target.lowercased() == "target",
            case .word(let factors) = text.token,
            factors.lowercased() == "factors" || factors.lowercased() == "functions"
        {
            return
        }
        expression.forgetNames()
        let rule = try expression.read(&text)
        if text.token == .sign(",") {
            throw LogicalText.Fault(
                place: text.start, kind: .unsupported, problem: "a third column: rules with probabilities",
                fix: "give each node one rule, or write rates in MaBoSS's format")
        }
        guard text.token == .end else {
            throw LogicalText.Fault(
                place: text.start, problem: "\(LogicalExpression.shown(text.token)) is not expected here",
                fix: "join names with & (and) or | (or)")
        }
        guard places[target] == nil else {
            throw LogicalText.Fault(
                place: place, problem: "a second rule for '\(target)'", fix: "give each node one rule")
        }
        places[target] = network.nodes.count
        network.nodes.append(BooleanNode(target, target: rule.formula))
        uses += expression.names.map(\.name)
    }
}
