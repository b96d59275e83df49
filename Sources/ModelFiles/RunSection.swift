import Biology

extension ModelReader {
    /// Chosen: more frames than this are a mistake in 'every'.
    static let maximumFrames = 1_000_000.0

    func readRun(_ entry: Entry) -> RunPlan? {
        let duration = entry.requiredQuantity("for", of: Time.self, .positive, example: "12 h")
        let seed = entry.required("seed", example: "1").flatMap { readSeed($0, path: entry.path(of: "seed")) }
        let fields = entry.choice("fields", FieldMode.allCases.map { ($0.rawValue, $0) })
        let tolerance = entry.branch("tolerance").flatMap { readTolerance($0, path: entry.path(of: "tolerance")) }
        let ruleStep = entry.quantity("rule step", of: Time.self, .positive)
        let motionStep = entry.quantity("motion step", of: Time.self, .positive)
        entry.expectNothingElse()
        guard let duration, let seed else { return nil }
        var plan = RunPlan(duration: duration, seed: seed)
        plan.fields = fields ?? .dynamic
        plan.tolerance = tolerance ?? RunPlan.defaultTolerance
        plan.ruleStep = ruleStep ?? RunPlan.defaultRuleStep
        plan.motionStep = motionStep
        return plan
    }

    private func readSeed(_ branch: Branch, path: String) -> UInt64? {
        guard let text = reading.text(branch, path: path) else { return nil }
        guard let seed = UInt64(text) else {
            findings.error(
                branch.place, "\(path): '\(text.shortened)' is not a whole number from 0 to \(UInt64.max)",
                fix: "write a whole number, such as 1")
            return nil
        }
        return seed
    }

    private func readTolerance(_ branch: Branch, path: String) -> Double? {
        guard let text = reading.text(branch, path: path),
            let tolerance = reading.number(text, in: branch, path: path, .none, .positive)
        else { return nil }
        guard tolerance >= 1e-9, tolerance <= 0.1 else {
            findings.error(
                branch.place, "\(path): \(text.shortened) is not between 1e-9 and 0.1",
                fix: "write a relative error such as 1e-3")
            return nil
        }
        return tolerance
    }

    // MARK: - Recording

    func readRecord(_ file: Entry, into model: inout Model, hasSpace: Bool, duration: Time?) {
        guard let entry = file.table("record") else { return }
        if let cells = entry.table("cells") {
            let every = cells.requiredQuantity("every", of: Time.self, .positive, example: "10 min")
            let columns = cells.branch("columns").map { readColumns($0, path: cells.path(of: "columns")) }
            cells.expectNothingElse()
            if let every {
                checkFrames(every, duration, at: cells.branch("every")?.place, path: cells.path(of: "every"))
                model.record.cells = CellRecord(every: every, columns: columns ?? [])
            }
        }
        if let fields = entry.table("fields") {
            for field in fields.fields {
                let path = fields.path(of: field.key)
                if !vocabulary.molecules.contains(field.key) {
                    reading.undefined(
                        "molecule", field.key, among: vocabulary.molecules, section: "molecules", at: field.keyPlace)
                    continue
                }
                guard let every = readEvery(field.value, path: path) else { continue }
                checkFrames(every, duration, at: field.value.place, path: path)
                model.record.fields += model.fieldNames(of: field.key).map { FieldRecord(molecule: $0, every: every) }
            }
        }
        if let series = entry.branch("series"), let every = readEvery(series, path: entry.path(of: "series")) {
            checkFrames(every, duration, at: series.place, path: entry.path(of: "series"))
            model.record.series = every
        }
        model.record.communication = readCommunication(entry, space: hasSpace ? model.space : nil, duration: duration)
        model.record.checkpoints = readCheckpoints(entry, duration: duration)
        entry.expectNothingElse()
    }

    private func readCheckpoints(_ record: Entry, duration: Time?) -> CheckpointPlan? {
        guard let entry = record.table("checkpoints") else { return nil }
        let every = entry.requiredQuantity("every", of: Time.self, .positive, example: "6 h")
        var keep: Int?
        if let branch = entry.branch("keep"), let text = reading.text(branch, path: entry.path(of: "keep")) {
            keep = Int(text).flatMap { $0 >= 1 ? $0 : nil }
            if keep == nil {
                findings.error(
                    branch.place, "\(entry.path(of: "keep")): '\(text.shortened)' is not a whole number of at least 1",
                    fix: "write how many of the latest stay, such as 2, or leave it out to keep all")
            }
        }
        entry.expectNothingElse()
        guard let every else { return nil }
        checkFrames(every, duration, at: entry.branch("every")?.place, path: entry.path(of: "every"))
        return CheckpointPlan(every: every, keep: keep)
    }

    /// "every 1 h".
    private func readEvery(_ branch: Branch, path: String) -> Time? {
        guard let text = reading.text(branch, path: path) else { return nil }
        guard let time = Clause(text: text, offset: 0).after("every") else {
            findings.error(
                branch.place, "\(path): '\(text.shortened)' does not say how often", fix: "write it as every 1 h")
            return nil
        }
        return reading.number(time.text, in: branch, at: time.offset, path: path, .time, .positive).map { .seconds($0) }
    }

    func checkFrames(_ every: Time, _ duration: Time?, at place: Place?, path: String) {
        guard let duration, let place, duration.value / every.value > ModelReader.maximumFrames else { return }
        findings.error(
            place,
            "\(path): every \(QuantityText.describe(every.value, .time)) for \(QuantityText.describe(duration.value, .time)) is more than \(QuantityText.digits(ModelReader.maximumFrames)) records",
            fix: "record less often")
    }

    /// Signals to write beside id, type, position and radius, which are always written and may be named.
    private func readColumns(_ branch: Branch, path: String) -> [Signal] {
        var names = vocabulary.signals(of: nil)
        for type in vocabulary.cellTypes {
            for (name, term) in vocabulary.signals(of: type) { names[name] = term }
        }
        let failed = vocabulary.failedStates.values.reduce(into: Set<String>()) { $0.formUnion($1) }
        var columns: [Signal] = []
        for item in reading.list(branch, path: path) ?? [] {
            guard let text = reading.text(item, path: path), !failed.contains(text),
                !vocabulary.isOfFailedNetwork(text),
                !["id", "type", "position", "radius"].contains(text)
            else { continue }
            if case .signal(let signal, _)? = names[text] {
                if !columns.contains(signal) { columns.append(signal) }
                continue
            }
            if let type = Clause(text: text, offset: 0).after("contact with"), vocabulary.cellTypes.contains(type.text)
            {
                columns.append(.contact(type.text))
                continue
            }
            findings.error(
                item.place, "\(path): no signal has the name '\(text.shortened)'",
                fix: Suggestion.didYouMean(text, among: names.keys)
                    ?? "use one of: \(names.keys.sorted().prefix(30).joined(separator: ", "))")
        }
        return columns
    }
}
