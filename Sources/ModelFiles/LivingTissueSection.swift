import Biology

extension ModelReader {
    // MARK: - Names

    /// Notes which types divide, which are killed, and the bodies that the dying leave.
    mutating func collectLives(_ file: Entry, _ cells: Entry?) {
        reading.vocabulary.hasMechanics = file.fields.contains { $0.key == "mechanics" }
        var bodies: [(name: String, place: Place)] = []
        for field in cells?.fields ?? [] {
            guard case .table(let inside) = field.value.content else { continue }
            func table(_ key: String) -> [Branch.Field] {
                guard case .table(let fields)? = inside.first(where: { $0.key == key })?.value.content else {
                    return []
                }
                return fields
            }
            if inside.contains(where: { $0.key == "divides" }) { reading.vocabulary.dividing.insert(field.key) }
            reading.vocabulary.killed.formUnion(table("kills").map(\.key))
            reading.vocabulary.become.formUnion(table("becomes").map(\.key))
            for kind in Death.Kind.allCases where table(kind.key).contains(where: { $0.key == "cleared" }) {
                bodies.append((kind.body(of: field.key), field.keyPlace))
            }
        }
        for body in bodies where !vocabulary.cellTypes.contains(body.name) {
            reading.vocabulary.cellTypes.append(body.name)
            reading.vocabulary.bodies.insert(body.name)
            reading.vocabulary.expressed[body.name] = []
            places["cells.\(body.name)"] = body.place
        }
        // A mistyped one may stand for any.
        let known = Set(vocabulary.cellTypes)
        if !vocabulary.killed.isSubset(of: known) { reading.vocabulary.killed = known }
        if !vocabulary.become.isSubset(of: known) { reading.vocabulary.become = known }
    }

    /// Reports a cell type that has the name of bodies.
    func refuseBody(_ field: Branch.Field) -> Bool {
        guard let kind = Death.Kind.allCases.first(where: { field.key.hasPrefix($0.body(of: "")) }) else {
            return false
        }
        let type = field.key.dropFirst(kind.body(of: "").count)
        findings.error(
            field.keyPlace, "'\(field.key.shortened)' is what the bodies of '\(String(type).shortened)' are called",
            fix: "remove it, and write '\(kind.key): {rate: 0.01 /h, cleared: 8 h}' where that type is described")
        return true
    }

    /// The types of bodies that cells leave, in the order of the file.
    func bodies(of types: [CellType]) -> [CellType] {
        types.flatMap { type in
            (type.life?.deaths ?? []).compactMap { death in
                guard let name = death.body, let cleared = reading.clearances[name] else { return nil }
                var body = CellType(name: name, radius: type.radius)
                body.life = CellLife()
                body.life?.vanishes = cleared
                return body
            }
        }
    }

    // MARK: - Sections

    /// Reads `mechanics:` and `obstacles:`, and checks what cells do against the rest of the model.
    mutating func readLivingTissue(_ file: Entry, into model: inout Model, hasSpace: Bool, plan: RunPlan?) {
        model.mechanics = file.table("mechanics").map { readMechanics($0) }
        if let section = file.table("obstacles") {
            let obstacles = hasSpace ? readObstacles(section, space: model.space) : []
            model.obstacles = obstacles.isEmpty ? nil : obstacles
        }
        for recognition in reading.recognitions { check(recognition) }
        guard let plan else { return }
        checkMotionStep(file, plan, isNeeded: model.mechanics != nil || model.cellTypes.contains { $0.life != nil })
        checkReleases(model, plan)
    }

    private func readMechanics(_ entry: Entry) -> Mechanics {
        var mechanics = Mechanics()
        if let stiffness = entry.quantity("stiffness", of: FirstOrderRate.self, .positive) {
            mechanics.stiffness = stiffness
        }
        let path = entry.path(of: "reach")
        if let branch = entry.branch("reach"), let text = reading.text(branch, path: path),
            let reach = reading.number(text, in: branch, path: path, .none, .any)
        {
            mechanics.reach = reach
            if reach < 1 || reach > 2 {
                findings.error(
                    branch.place, "\(path): \(text.shortened) is not between 1 and 2 sums of radii",
                    fix: "write how far cells hold on to each other, such as 1.25")
            }
        }
        mechanics.adhesions = entry.table("adhesion").map { readAdhesions($0) } ?? []
        entry.expectNothingElse()
        return mechanics
    }

    /// "Tumour and Tumour: 0.01 /s", each pair once.
    private func readAdhesions(_ table: Entry) -> [Adhesion] {
        var pairs: Set<Set<String>> = []
        return table.fields.compactMap { field in
            let path = table.path(of: field.key)
            let strength = reading.quantity(field.value, path: path, of: FirstOrderRate.self, .notNegative)
            guard let (first, second) = Clause(text: field.key, offset: 0).split(at: "and") else {
                findings.error(
                    field.keyPlace, "\(table.path): '\(field.key.shortened)' does not name two cell types",
                    fix: "write it as Tumour and Tumour: 0.01 /s, or Tumour and CTL: 0.01 /s")
                return nil
            }
            let known = [first, second].map { clause in
                if vocabulary.cellTypes.contains(clause.text) { return true }
                reading.undefined(
                    "cell type", clause.text, among: vocabulary.cellTypes, section: "cells",
                    at: Place(
                        file: field.keyPlace.file, line: field.keyPlace.line,
                        column: field.keyPlace.column + clause.offset))
                return false
            }
            guard known == [true, true] else { return nil }
            guard pairs.insert([first.text, second.text]).inserted else {
                findings.error(
                    field.keyPlace, "\(table.path): \(first.text) and \(second.text) are named twice",
                    fix: "keep one of the two; the order does not matter")
                return nil
            }
            return strength.map { Adhesion(first.text, second.text, strength: $0) }
        }
    }

    // MARK: - Checks

    /// What a killer recognises must be a plain number of its target.
    private func check(_ recognition: Recognition) {
        let target = recognition.target
        guard vocabulary.cellTypes.contains(target),
            vocabulary.failedStates[target]?.contains(recognition.state) != true
        else { return }
        let states = vocabulary.states[target] ?? []
        guard let state = states.first(where: { $0.name == recognition.state }) else {
            findings.error(
                recognition.place, "\(recognition.path): \(target) has no state '\(recognition.state.shortened)'",
                fix: Suggestion.didYouMean(recognition.state, among: states.map(\.name))
                    ?? "add '\(recognition.state.shortened): 0.5' to cells.\(target).state")
            return
        }
        guard state.dimension != .none else { return }
        findings.error(
            recognition.place,
            "\(recognition.path): '\(state.name)' of \(target) is \(state.dimension), and the rate of attaching is multiplied by a plain number",
            fix: "name a state without a unit, such as one that is divided by its largest value")
    }

    /// A whole number of steps of motion must make a step of rules.
    private func checkMotionStep(_ file: Entry, _ plan: RunPlan, isNeeded: Bool) {
        guard case .table(let fields)? = file.branch("run")?.content else { return }
        let stated = fields.first { $0.key == "motion step" }
        // One that could not be read has been reported.
        guard stated == nil || plan.motionStep != nil else { return }
        guard isNeeded else {
            guard let stated else { return }
            findings.error(
                stated.keyPlace, "run.motion step: nothing in this model moves", fix: "remove 'motion step'")
            return
        }
        let step = (plan.motionStep ?? RunPlan.defaultMotionStep).value
        let steps = (plan.ruleStep.value / step).rounded()
        guard steps < 1 || abs(steps * step - plan.ruleStep.value) > 1e-9 * plan.ruleStep.value else { return }
        let said = QuantityText.describe(step, .time)
        let rule = QuantityText.describe(plan.ruleStep.value, .time)
        findings.error(
            stated?.value.place ?? fields.first { $0.key == "rule step" }?.value.place ?? root.place,
            stated == nil
                ? "run: the motion step, \(said) where nothing is said, does not divide the rule step of \(rule)"
                : "run.motion step: \(said) does not divide the rule step of \(rule)",
            fix: "write \(ModelReader.part(of: plan.ruleStep.value, upTo: step)), so that both end together")
    }

    /// The longest motion step up to `step` that divides a rule step, both in s, and can be written in four digits.
    private static func part(of ruleStep: Double, upTo step: Double) -> String {
        let fewest = max(1, (ruleStep / step).rounded(.up))
        guard fewest < 1e6 else { return "a whole part of it" }
        let found = (0..<1000).lazy.map { QuantityText.describe(ruleStep / (fewest + Double($0)), .time) }.first {
            guard let written = try? QuantityText.parse($0).value, written > 0 else { return false }
            let count = ruleStep / written
            return abs(count - count.rounded()) <= 1e-9 * count
        }
        return found.map { "'motion step: \($0)'" } ?? "a whole part of it"
    }

    /// What a dying cell lets go needs a field that remembers it.
    private func checkReleases(_ model: Model, _ plan: RunPlan) {
        guard plan.fields == .quasiSteady else { return }
        for type in model.cellTypes where type.life?.deaths.contains(where: { !$0.releases.isEmpty }) == true {
            findings.error(
                places["cells.\(type.name)"] ?? root.place,
                "what a dying \(type.name) releases needs a field that remembers it, and 'fields: quasi-steady' has no memory",
                fix: "write 'fields: dynamic' under run, or remove 'releases'")
        }
    }
}
