import Biology

/// Reads what stands after "CellType:" in a rule.
struct RuleLine {
    static let form =
        "write it as CellType: SIGNAL increases BEHAVIOUR from Q to Q, half-max Q, hill N, or CellType: A blocks B, half-max Q"

    enum Meaning {
        case rule(Rule)
        case block(SignalBlock)
    }

    let line: Branch
    let cellType: String
    let path: String
    let model: Model
    let reading: Reading

    private var findings: Findings { reading.findings }

    mutating func read(_ text: String) -> Meaning? {
        let clauses = Clause.split(text)
        let verbs = ["increases", "increase", "decreases", "decrease", "blocks"]
        let found = verbs.compactMap { verb in clauses[0].split(at: verb).map { (verb: verb, parts: $0) } }
            .min { $0.parts.before.text.count < $1.parts.before.text.count }
        guard let found else {
            error(
                clauses[0].offset, "'\(clauses[0].text.shortened)' has no verb: increases, decreases or blocks",
                fix: RuleLine.form)
            return nil
        }
        let options = RuleOptions(clauses.dropFirst(), line: self)
        if found.verb == "blocks" {
            return readBlock(found.parts.before, found.parts.after, options).map { .block($0) }
        }
        return readRule(found.parts, increases: found.verb.hasPrefix("increase"), options).map { .rule($0) }
    }

    func error(_ offset: Int, _ problem: String, fix: String) {
        findings.error(line.place(at: offset), "\(path): \(problem)", fix: fix)
    }

    func number(_ clause: Clause, _ dimension: Dimension, _ bound: Bound, mass: MassSource? = nil) -> Double? {
        reading.number(clause.text, in: line, at: clause.offset, path: path, dimension, bound, mass: mass)
    }

    // MARK: - Signals

    private func readSignal(_ clause: Clause) -> Signal? {
        let names = reading.vocabulary.signals(of: cellType)
        if case .signal(let signal, _)? = names[clause.text] { return signal }
        if let type = clause.after("contact with") {
            if reading.vocabulary.cellTypes.contains(type.text) { return .contact(type.text) }
            error(
                type.offset, "no cell type '\(type.text.shortened)' to be in contact with",
                fix: Suggestion.didYouMean(type.text, among: reading.vocabulary.cellTypes)
                    ?? "use one of: \(reading.vocabulary.cellTypes.joined(separator: ", "))")
            return nil
        }
        if reading.vocabulary.failedStates[cellType]?.contains(clause.text) == true { return nil }
        if reading.vocabulary.isOfFailedNetwork(clause.text) { return nil }
        if let later = Later.words[clause.text] {
            error(
                clause.offset, Later.problem(clause.text, later),
                fix: "use a signal of this version: a concentration, a receptor, a state or contact")
            return nil
        }
        error(
            clause.offset, "\(cellType) has no signal '\(clause.text.shortened)'",
            fix: reading.vocabulary.remedy(clause.text, cellType: cellType))
        return nil
    }

    private func dimension(of signal: Signal) -> Dimension {
        reading.vocabulary.dimension(of: signal, cellType: cellType)
    }

    /// The signals with the half-max and hill of each; every mistake in them is reported.
    private func readInputs(_ subject: Clause, _ options: RuleOptions) -> [RuleInput]? {
        let signals = subject.pieces(at: "and").map { ($0, readSignal($0)) }
        guard let halfMax = options.halfMax else {
            error(subject.offset, "the rule has no half-max", fix: "add ', half-max Q': the signal of half the effect")
            return nil
        }
        let halves = halfMax.pieces(at: "and")
        guard halves.count == signals.count else {
            error(
                halfMax.offset, "\(signals.count) signals need \(signals.count) half-max values, found \(halves.count)",
                fix: "write one for each signal: half-max \(signals.map { _ in "Q" }.joined(separator: " and "))")
            return nil
        }
        let hills = options.hill?.pieces(at: "and")
        if let hills, hills.count != signals.count, let place = options.hill {
            error(
                place.offset, "\(signals.count) signals need \(signals.count) hill numbers, found \(hills.count)",
                fix: "write one for each signal: hill \(signals.map { _ in "N" }.joined(separator: " and "))")
            return nil
        }
        var inputs: [RuleInput] = []
        for (index, (_, signal)) in signals.enumerated() {
            let hill = hills.map { readHill($0[index]) } ?? 1
            guard let signal else { continue }
            let mass = reading.vocabulary.mass(for: signal)
            let half = number(halves[index], dimension(of: signal), .positive, mass: mass)
            guard let half, let hill else { continue }
            inputs.append(RuleInput(signal: signal, halfMax: half, hill: hill))
        }
        return inputs.count == signals.count ? inputs : nil
    }

    private func readHill(_ clause: Clause) -> Double? {
        guard let hill = number(clause, .none, .positive) else { return nil }
        guard hill <= 50 else {
            error(
                clause.offset, "a hill number of \(clause.text.shortened) is above 50",
                fix: "write a number up to 50; 4 is steep already")
            return nil
        }
        return hill
    }

    private func readBlock(_ blocker: Clause, _ blocked: Clause, _ options: RuleOptions) -> SignalBlock? {
        let signal = readSignal(blocked)
        let inputs = readInputs(blocker, options)
        for clause in [options.delay, options.halfTime, options.interaction].compactMap(\.self) {
            error(clause.offset, "'blocks' has only a half-max and a hill", fix: "remove '\(clause.text.shortened)'")
        }
        guard let signal, let inputs else { return nil }
        guard inputs.count == 1 else {
            error(
                blocker.offset, "one signal blocks another, found \(inputs.count) blockers",
                fix: "write one line for each blocker")
            return nil
        }
        guard inputs[0].signal != signal else {
            error(blocker.offset, "'\(blocked.text.shortened)' blocks itself", fix: "name two different signals")
            return nil
        }
        return SignalBlock(cellType: cellType, signal: signal, by: inputs[0])
    }

    // MARK: - Rules

    private func readRule(_ parts: (before: Clause, after: Clause), increases: Bool, _ options: RuleOptions) -> Rule? {
        var subject = parts.before
        let isTogether = subject.text.hasSuffix(" together")
        if isTogether { subject.text = String(subject.text.dropLast(" together".count)).trimmingSpaces }
        let isSeveral = subject.split(at: "and") != nil
        if isSeveral != isTogether {
            error(
                subject.offset, isSeveral ? "several signals act 'together'" : "one signal cannot act 'together'",
                fix: isSeveral
                    ? "write: \(subject.text.shortened) together ..., and add ', interaction KIND'"
                    : "remove 'together', or name two signals")
            return nil
        }
        let inputs = readInputs(subject, options)
        let interaction = readInteraction(options, subject: subject, inputs: inputs)
        let delay = options.delay.map { number($0, .time, .notNegative) } ?? 0
        let halfTime = options.halfTime.map { number($0, .time, .notNegative) } ?? 0
        guard let change = readChange(parts.after, increases: increases) else { return nil }
        if change.behaviour.isOfArrivals, !isKnownBeforeTheCell(subject, inputs ?? [], options) { return nil }
        guard let inputs, let interaction, let delay, let halfTime, !options.isBroken else { return nil }
        var rule = Rule(
            cellType: cellType, inputs: inputs, behaviour: change.behaviour, from: change.from, to: change.to)
        rule.interaction = interaction
        rule.delay = .seconds(delay)
        rule.halfTime = .seconds(halfTime)
        return rule
    }

    /// "BEHAVIOUR from Q to Q".
    private func readChange(_ clause: Clause, increases: Bool) -> (behaviour: Behaviour, from: Double, to: Double)? {
        guard let (name, range) = clause.split(at: "from"), let (fromText, toText) = range.split(at: "to") else {
            error(
                clause.offset, "'\(clause.text.shortened)' does not say from which value to which",
                fix: "write: BEHAVIOUR from Q to Q")
            return nil
        }
        guard let (behaviour, dimension, base) = readBehaviour(name) else { return nil }
        let from = number(fromText, dimension, behaviour.bound)
        let to = number(toText, dimension, behaviour.bound)
        guard let from, let to else { return nil }
        if let base, abs(base - from) > 1e-9 * max(abs(base), abs(from)) {
            error(
                fromText.offset,
                "the rule starts from \(fromText.text.shortened), but '\(name.text)' of \(cellType) is \(QuantityText.describe(base, dimension))",
                fix: "write the same value in both places")
            return nil
        }
        // A parameter may be set to where a rule does nothing.
        let isSet = [fromText.text, toText.text].contains { reading.parameters[$0] != nil }
        guard (increases ? to > from : to < from) || (isSet && to == from && fromText.text != toText.text) else {
            error(
                toText.offset,
                "'\(increases ? "increases" : "decreases")' from \(fromText.text.shortened) to \(toText.text.shortened) does not \(increases ? "increase" : "decrease")",
                fix: to == from
                    ? "write two different values"
                    : "write '\(increases ? "decreases" : "increases")', or swap the values")
            return nil
        }
        return (behaviour, from, to)
    }

    /// The behaviour with its dimension and its value without signals; no value where the cell type could not be read.
    private func readBehaviour(_ clause: Clause) -> (Behaviour, Dimension, base: Double?)? {
        let pieces = clause.text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let type = model.cellType(cellType)
        let name = pieces.count == 2 ? pieces[1] : ""
        switch pieces[0] {
        case "secretes" where pieces.count == 2:
            guard isKnown("molecule", name, among: reading.vocabulary.molecules, "molecules", clause) else {
                return nil
            }
            guard let type, !reading.vocabulary.failedValues.contains("cells.\(cellType).\(clause.text)") else {
                return (.secretion(name), .secretion, nil)
            }
            guard let rate = type.secretes[name] else {
                return missing(
                    clause, "\(cellType) does not secrete '\(name)'",
                    fix: "add 'secretes: {\(name): 0 molecules/s}' to cells.\(cellType)")
            }
            return (.secretion(name), .secretion, rate.mean)
        case "receptors" where pieces.count == 2:
            guard isKnown("receptor", name, among: reading.vocabulary.receptors, "receptors", clause) else {
                return nil
            }
            guard let type, !reading.vocabulary.failedValues.contains("cells.\(cellType).\(clause.text)") else {
                return (.expression(name), .amount, nil)
            }
            guard let base = baseNumber(type, name, clause) else { return nil }
            return (.expression(name), .amount, base)
        case "state" where pieces.count == 2:
            return stateBehaviour(name, clause)
        case "recruits" where pieces.count == 2: return recruitsBehaviour(name, clause)
        case "adhesion" where pieces.count == 2: return adhesionBehaviour(name, clause)
        default: return lifeBehaviour(clause)
        }
    }

    private func baseNumber(_ type: CellType, _ name: String, _ clause: Clause) -> Double? {
        switch type.receptors[name] {
        case .spread(let spread): return spread.mean
        case .column(_, let calibration):
            if case .mean(let mean) = calibration.scale { return mean.value }
            error(
                clause.offset, "the mean of '\(clause.text)' of \(cellType) is only known with its table",
                fix: "calibrate it with 'mean N receptors' in cells.\(cellType)")
            return nil
        case nil:
            error(
                clause.offset, "\(cellType) has no receptor '\(name)'",
                fix: "add 'receptors: {\(name): 0 receptors}' to cells.\(cellType)")
            return nil
        }
    }

    private func stateBehaviour(_ name: String, _ clause: Clause) -> (Behaviour, Dimension, base: Double?)? {
        let states = reading.vocabulary.states[cellType] ?? []
        if reading.vocabulary.failedStates[cellType]?.contains(name) == true { return nil }
        guard let state = states.first(where: { $0.name == name }) else {
            return missing(
                clause, "\(cellType) has no state '\(name)'",
                fix: Suggestion.didYouMean(name, among: states.map(\.name)) ?? "add it under cells.\(cellType).state")
        }
        guard case .number(let base) = state.expression else {
            return missing(
                clause, "state '\(name)' of \(cellType) is computed from signals; a rule cannot change it",
                fix: "give the state a plain number, or remove this rule")
        }
        return (.state(name), state.dimension, base)
    }

    func isKnown(_ kind: String, _ name: String, among known: [String], _ section: String, _ clause: Clause)
        -> Bool
    {
        if known.contains(name) { return true }
        reading.undefined(kind, name, among: known, section: section, at: line.place(at: clause.offset))
        return false
    }

    func missing(_ clause: Clause, _ problem: String, fix: String) -> (Behaviour, Dimension, base: Double?)? {
        error(clause.offset, problem, fix: fix)
        return nil
    }

    // MARK: - Interaction

    private func readInteraction(_ options: RuleOptions, subject: Clause, inputs: [RuleInput]?) -> Interaction? {
        let isSeveral = subject.split(at: "and") != nil
        guard let clause = options.interaction else {
            guard isSeveral else { return .independent }
            error(
                subject.offset, "several signals together need an interaction",
                fix: "add ', interaction independent', additive, all, or musyc potency P efficacy E")
            return nil
        }
        guard isSeveral else {
            error(clause.offset, "one signal has no interaction", fix: "remove 'interaction \(clause.text.shortened)'")
            return nil
        }
        switch clause.text {
        case "independent": return .independent
        case "all": return .all
        case "additive":
            if let inputs, Set(inputs.map(\.hill)).count > 1 {
                error(
                    clause.offset, "an additive interaction needs the same hill for all signals",
                    fix: "write the same hill number for each, or another interaction")
                return nil
            }
            return .additive
        default:
            return readMuSyC(clause, inputs: inputs)
        }
    }

    private func readMuSyC(_ clause: Clause, inputs: [RuleInput]?) -> Interaction? {
        let words = clause.text.split(separator: " ").map(String.init)
        guard words.count == 5, words[0] == "musyc", words[1] == "potency", words[3] == "efficacy" else {
            let known = ["independent", "additive", "all", "musyc"]
            let suggestion = words.first == "musyc" ? nil : Suggestion.didYouMean(words.first ?? "", among: known)
            error(
                clause.offset, "'\(clause.text.shortened)' is not an interaction",
                fix: suggestion ?? "write one of: independent, additive, all, musyc potency P efficacy E")
            return nil
        }
        let potency = number(Clause(text: words[2], offset: clause.offset), .none, .positive)
        let efficacy = number(Clause(text: words[4], offset: clause.offset), .none, .notNegative)
        if let inputs, inputs.count != 2 {
            error(clause.offset, "musyc is for two signals, found \(inputs.count)", fix: "write another interaction")
            return nil
        }
        guard let potency, let efficacy else { return nil }
        return .musyc(potency: potency, efficacy: efficacy)
    }
}

extension Behaviour {
    /// What its values may be.
    fileprivate var bound: Bound {
        switch self {
        case .state, .attraction: .any
        case .persistence: .positive
        default: .notNegative
        }
    }
}

/// The clauses after the first comma of a rule.
struct RuleOptions {
    var halfMax: Clause?
    var hill: Clause?
    var delay: Clause?
    var halfTime: Clause?
    var interaction: Clause?
    /// Whether a clause could not be understood.
    var isBroken = false

    init(_ clauses: ArraySlice<Clause>, line: RuleLine) {
        let known: [(word: String, field: WritableKeyPath<RuleOptions, Clause?>)] = [
            ("half-max", \.halfMax), ("hill", \.hill), ("delay", \.delay), ("half-time", \.halfTime),
            ("interaction", \.interaction),
        ]
        for clause in clauses {
            guard let (word, field) = known.first(where: { clause.after($0.word) != nil }),
                let rest = clause.after(word)
            else {
                let first = String(clause.text.prefix { $0 != " " })
                line.error(
                    clause.offset, "'\(clause.text.shortened)' is not expected in a rule",
                    fix: Suggestion.didYouMean(first, among: known.map(\.word))
                        ?? "use one of: half-max, hill, delay, half-time, interaction")
                isBroken = true
                continue
            }
            if self[keyPath: field] != nil {
                line.error(clause.offset, "'\(word)' is given twice", fix: "keep one of the two")
                isBroken = true
            }
            self[keyPath: field] = rest
        }
    }
}
