import Biology

extension ModelReader {
    /// `networks:`, each said here or in a file of its own.
    mutating func readNetworks(_ section: Entry) -> [ModelNetwork] {
        var networks: [ModelNetwork] = []
        for (field, entry) in section.entries() {
            let before = findings.errorCount
            let network: ModelNetwork?
            if entry.branch("file") != nil {
                network = readNetworkFile(entry, name: field.key)
            } else {
                var reader = NetworkReader(entry, name: field.key, reading: reading)
                network = reader.read()
            }
            places["networks.\(field.key)"] = field.keyPlace
            if findings.errorCount > before { reading.vocabulary.failedNetworks.insert(field.key) }
            if let network {
                reading.vocabulary.networks[field.key] = network
                networks.append(network)
            }
        }
        return networks
    }

    // MARK: - Files

    private func readNetworkFile(_ entry: Entry, name: String) -> ModelNetwork? {
        let clock = entry.quantity("time unit", of: Time.self, .positive)
        let written = reading.networkPlace(entry)
        let path = entry.path(of: "file")
        let file = entry.branch("file").flatMap { branch in
            reading.text(branch, path: path).flatMap {
                reading.pathInside(
                    $0, at: branch.place, path: path, fix: "put the file beside the model file and write its name")
            }
        }
        entry.expectNothingElse()
        guard let file, let place = entry.branch("file")?.place else { return nil }
        let content: ModelNetwork.Content
        do {
            content = try networkFiles.read(file)
        } catch {
            for one in error.problems {
                if one.line == 0 {
                    findings.error(place, "\(path): \(one.file): \(one.problem)", fix: one.fix)
                } else {
                    let there = Place(file: one.file, line: one.line, column: max(1, one.column))
                    findings.error(there, one.problem, fix: one.fix)
                }
            }
            return nil
        }
        if clock == nil, content.clock == nil {
            findings.error(
                entry.place, "'\(entry.path)': \(file) does not say what its unit of time is",
                fix: "add 'time unit: 1 s' below the file, with the unit that its numbers are in")
        }
        return ModelNetwork(
            name: name, file: file, content: content, clock: clock ?? content.clock ?? .seconds(1),
            dimensions: content.knownDimensions, place: written.flatMap { checked($0, in: content, file) })
    }

    /// What a file's species that are dissolved molecules must be.
    private func checked(
        _ written: WrittenNetworkPlace, in content: ModelNetwork.Content, _ file: String
    ) -> NetworkPlace? {
        guard case .reactions(let network) = content else {
            findings.error(
                written.at, "\(file) is a logical network, whose nodes are no molecules",
                fix: "remove 'in' and 'molecules', or name a file of reactions")
            return nil
        }
        let dimensions = content.knownDimensions
        let set = Set((network.assignmentRules + network.rateRules + network.events.flatMap(\.assignments)).map(\.name))
        for (key, at) in written.species {
            guard network.species.contains(where: { $0.name == key }) else {
                let known = network.species.map(\.name)
                findings.error(
                    at, "\(file) has no species '\(key.shortened)'",
                    fix: Suggestion.didYouMean(key, among: known)
                        ?? "use one of: \(known.prefix(30).joined(separator: ", "))")
                continue
            }
            if dimensions[key] == nil {
                findings.error(
                    at, "\(file) does not say in which unit '\(key)' is, so it cannot be a dissolved molecule",
                    fix: "give the file units of substance and volume, or write its reactions here")
            }
            if set.contains(key) || !network.algebraicRules.isEmpty {
                findings.error(
                    at, "\(file) sets '\(key)' by a rule or an event, and only reactions change dissolved molecules",
                    fix: "write it as a reaction in the file")
            }
        }
        return written.place
    }

    // MARK: - In cells

    /// `cells: T: network:`, each network with what its inputs follow.
    func readCellNetworks(_ section: Entry, cellType: String) -> [CellNetwork] {
        section.entries().compactMap { field, entry in
            guard let network = vocabulary.networks[field.key] else {
                if !vocabulary.failedNetworks.contains(field.key) {
                    reading.undefined(
                        "network", field.key, among: vocabulary.networks.keys.sorted(), section: "networks",
                        at: field.keyPlace)
                }
                return nil
            }
            if let place = network.place {
                findings.error(
                    field.keyPlace,
                    "the network '\(field.key)' is in \(place.name), so it cannot be inside cells of '\(cellType)' as well",
                    fix: "remove it here, or write a network for the cells under another name")
            }
            let inputs = entry.fields.compactMap { readInput($0, of: network, path: entry.path(of: $0.key), cellType) }
            return CellNetwork(network: field.key, inputs: inputs)
        }
    }

    private func readInput(
        _ field: Branch.Field, of network: ModelNetwork, path: String, _ cellType: String
    ) -> NetworkInput? {
        let isKnown = network.possibleInputs.contains(field.key)
        if !isKnown, !vocabulary.failedNetworks.contains(network.name) {
            let isOther = network.variables.contains(field.key)
            findings.error(
                field.keyPlace,
                isOther
                    ? "the network '\(network.name)' computes '\(field.key)' itself, so it cannot be given"
                    : "the network '\(network.name)' has no input '\(field.key.shortened)'",
                fix: Suggestion.didYouMean(field.key, among: network.possibleInputs)
                    ?? "use a parameter that nothing in the network changes: \(network.possibleInputs.prefix(30).joined(separator: ", "))"
            )
        }
        guard let text = reading.text(field.value, path: path) else { return nil }
        do {
            let checked = try ExpressionText.parse(
                text, names: signalsAndParameters(of: cellType, in: text), cellTypes: Set(vocabulary.cellTypes),
                vocabulary: "\(cellType) has")
            let wanted = network.dimension(of: field.key)
            guard isKnown else { return nil }
            guard checked.dimension == wanted else {
                let isPlain = wanted == .none
                findings.error(
                    field.value.place,
                    "\(path): expected \(isPlain ? "a plain number" : "\(wanted)"), found \(checked.dimension == .none ? "a plain number" : "\(checked.dimension)") (\"\(text.shortened)\")",
                    fix: isPlain
                        ? "divide it by what 1 stands for in the network, such as (\(text.shortened)) / 1 \(QuantityText.exampleUnits(checked.dimension).first ?? "nM")"
                        : "write an expression in units of \(wanted)")
                return nil
            }
            return NetworkInput(name: field.key, expression: checked.expression)
        } catch {
            let failed = vocabulary.failedStates[cellType] ?? []
            if failed.contains(where: { error.problem.hasSuffix("no signal '\($0)'") }) { return nil }
            if vocabulary.failedNetworks.contains(where: { error.problem.contains("no signal '\($0).") }) { return nil }
            findings.error(
                field.value.place(at: error.offset), "\(path): \(error.problem.shortenedTo(300))",
                fix: error.fix.shortenedTo(400))
            return nil
        }
    }

    /// What an expression of a cell type may read; parameters that stand in `text` count as used.
    func signalsAndParameters(of cellType: String, in text: String) -> [String: NamedTerm] {
        var names = vocabulary.signals(of: cellType)
        for parameter in reading.parameters.values {
            if text.contains(parameter.name) { reading.used.insert(parameter.name) }
            names[parameter.name] = .value(parameter.value, parameter.dimension)
        }
        return names
    }
}

extension ModelNetwork.Content {
    /// What the file says its unit of time is.
    var clock: Time? {
        switch self {
        case .reactions(let network): network.units.time.flatMap { $0.isFinite && $0 > 0 ? .seconds($0) : nil }
        case .logic: nil
        }
    }

    /// What names of a file measure, as far as the file says what its units are.
    var knownDimensions: [String: Dimension] {
        var found: [String: Dimension] = [:]
        switch self {
        case .reactions(let network):
            let units = network.units
            for compartment in network.compartments where compartment.dimensions == 3 && units.volume != nil {
                found[compartment.name] = Dimension(length: 3)
            }
            let solid = Set(network.compartments.filter { $0.dimensions == 3 }.map(\.name))
            for species in network.species where units.amount != nil {
                if species.meaning == .amount {
                    found[species.name] = .amount
                } else if units.volume != nil, solid.contains(species.compartment) {
                    found[species.name] = .concentration
                }
            }
        case .logic: break
        }
        return found
    }
}
