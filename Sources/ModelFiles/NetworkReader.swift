import Biology

/// Reads one network that the model file says in words.
///
/// Its numbers come out in µm, s and molecules. A name reads only what stands above it: compartments, parameters, species
/// and then rules; reactions and events read all of them.
struct NetworkReader {
    /// Where what counts molecules or cells stands, in a network that names no compartment.
    static let everywhere = "everywhere"

    let entry: Entry
    let name: String
    let reading: Reading
    var network: ReactionNetwork
    var dimensions: [String: Dimension] = [:]
    /// What a formula may read so far.
    var names: [String: FormulaText.Term] = [:]
    /// Named, but not readable.
    var failed: Set<String> = []
    /// Every name of the network, whether read already or not, with what it is.
    private var owners: [String: String] = [:]
    /// Where its species meet dissolved molecules.
    var place: NetworkPlace?

    var findings: Findings { reading.findings }
    var owner: String { "the network '\(name)'" }

    init(_ entry: Entry, name: String, reading: Reading) {
        self.entry = entry
        self.name = name
        self.reading = reading
        network = ReactionNetwork(name: name)
        network.units = NetworkUnits(time: 1, amount: 1, volume: 1)
        for parameter in reading.parameters.values {
            names[parameter.name] = .value(parameter.value, parameter.dimension)
        }
    }

    mutating func read() -> ModelNetwork? {
        if let written = reading.networkPlace(entry) { take(written) }
        let sections = (
            compartments: entry.table("compartments"), parameters: entry.table("parameters"),
            species: entry.table("species"), reactions: entry.table("reactions"), events: entry.table("events")
        )
        for (section, kind) in [
            (sections.compartments, "a compartment"), (sections.parameters, "a parameter"),
            (sections.species, "a species"),
            (sections.reactions, "a reaction"), (sections.events, "an event"),
        ] {
            for field in section?.fields ?? [] { claim(field.key, kind, at: field.keyPlace) }
        }
        if let section = sections.compartments { readCompartments(section) }
        if let section = sections.parameters { readParameters(section) }
        if let section = sections.species { readSpecies(section) }
        if let branch = entry.branch("rules") { readRules(branch) }
        if let section = sections.reactions { readReactions(section) }
        if let section = sections.events { readEvents(section) }
        entry.expectNothingElse()
        if entry.fields.isEmpty {
            findings.error(
                entry.place, "the network '\(name)' is empty",
                fix: "name its file: 'file: NAME.xml', or write species, parameters and reactions")
        }
        return ModelNetwork(
            name: name, content: .reactions(network), clock: .seconds(1), dimensions: dimensions, place: place)
    }

    /// The place is a compartment of the network, as large as the model says, and its molecules are species in it.
    private mutating func take(_ written: WrittenNetworkPlace) {
        place = written.place
        claim(written.place.name, "the place", at: written.at)
        network.compartments.append(NetworkCompartment(name: written.place.name, size: nil))
        define(written.place.name, Dimension(length: 3))
        for (species, at) in written.species where claim(species, "a molecule", at: at) {
            network.species.append(
                NetworkSpecies(name: species, compartment: written.place.name, initial: .unset))
            define(species, .concentration)
        }
    }

    // MARK: - Names

    /// Notes a name with what it is; reports one that cannot be, or is there already.
    @discardableResult mutating func claim(_ key: String, _ kind: String, at place: Place) -> Bool {
        guard reading.checkName(key, at: place) else {
            failed.insert(key)
            return false
        }
        if FormulaText.words.contains(key) || key == NetworkReader.everywhere {
            findings.error(
                place, "'\(key)' is a word of the language of networks", fix: "choose another name for \(kind)")
            failed.insert(key)
            return false
        }
        let other = reading.parameters[key] == nil ? owners[key] : "a parameter of the model"
        if let other {
            findings.error(
                place, "\(kind) of \(owner) has the name '\(key)', which is \(other) already", fix: "rename one of them"
            )
            return false
        }
        owners[key] = kind
        return true
    }

    mutating func define(_ key: String, _ dimension: Dimension) {
        names[key] = .variable(dimension)
        dimensions[key] = dimension == .none ? nil : dimension
    }

    // MARK: - Formulas

    /// Reads a formula that starts at an offset of a branch's text.
    func formula(_ clause: Clause, in branch: Branch, path: String) -> FormulaText.Checked? {
        for parameter in reading.parameters.keys where clause.text.contains(parameter) {
            reading.used.insert(parameter)
        }
        do {
            return try FormulaText.parse(clause.text, names: names, owner: owner)
        } catch {
            report(error, clause, in: branch, path: path)
            return nil
        }
    }

    /// Reports what is wrong with a piece of text, unless it follows from a mistake that was reported already.
    func report(_ problem: TextProblem, _ clause: Clause, in branch: Branch, path: String) {
        func names(_ word: String) -> Bool { problem.problem.hasSuffix("the name '\(word)' to read here") }
        if failed.contains(where: names) { return }
        let later = owners.keys.first { names($0) && self.names[$0] == nil }
        let place = branch.place(at: clause.offset + problem.offset)
        if let later {
            let kind = owners[later] ?? ""
            let isLate = ["a parameter", "a species"].contains(kind)
            findings.error(
                place,
                "\(path): '\(later)' is \(isLate ? "defined further down" : "\(kind), which has no value to read")",
                fix: isLate
                    ? "a value reads only what stands above it: compartments, parameters, species and then rules"
                    : "read a species, a parameter or a rule")
            return
        }
        findings.error(place, "\(path): \(problem.problem.shortenedTo(300))", fix: problem.fix.shortenedTo(400))
    }

    /// A value at the start: a quantity, or a formula of what stands above.
    func startValue(_ clause: Clause, in branch: Branch, path: String) -> FormulaText.Checked? {
        if let measured = try? QuantityText.parse(clause.text) {
            return FormulaText.Checked(formula: .number(measured.value), dimension: measured.dimension)
        }
        let isRate = clause.text.hasPrefix("half-life ") || clause.text.hasPrefix("time constant ")
        let isNumber = clause.text.unicodeScalars.first.map { "0123456789".unicodeScalars.contains($0) } == true
        if isRate || (isNumber && !clause.text.contains { "*()^".contains($0) } && !clause.text.contains(" / ")) {
            // Says what is wrong with a quantity.
            _ = reading.measure(clause.text, in: branch, at: clause.offset, path: path)
            return nil
        }
        guard let checked = formula(clause, in: branch, path: path) else { return nil }
        guard !checked.isCondition else {
            findings.error(
                branch.place(at: clause.offset), "\(path): a condition is not a value",
                fix: "choose values with it: if(A > B, VALUE, OTHER VALUE)")
            return nil
        }
        return checked
    }

    // MARK: - Values at the start

    private mutating func readCompartments(_ section: Entry) {
        for field in section.fields where field.key != place?.name {
            let path = section.path(of: field.key)
            guard let text = reading.text(field.value, path: path),
                let size = reading.number(text, in: field.value, path: path, Dimension(length: 3), .positive)
            else {
                failed.insert(field.key)
                network.compartments.append(NetworkCompartment(name: field.key, size: 1))
                continue
            }
            network.compartments.append(NetworkCompartment(name: field.key, size: size))
            define(field.key, Dimension(length: 3))
        }
    }

    private mutating func readParameters(_ section: Entry) {
        for field in section.fields {
            let path = section.path(of: field.key)
            guard !failed.contains(field.key), let text = reading.text(field.value, path: path),
                let value = startValue(Clause(text: text, offset: 0), in: field.value, path: path)
            else {
                failed.insert(field.key)
                continue
            }
            if case .number(let number) = value.formula {
                network.parameters.append(NetworkParameter(name: field.key, value: number))
            } else {
                network.parameters.append(NetworkParameter(name: field.key, value: nil))
                network.initialAssignments.append(NetworkAssignment(field.key, value.formula))
            }
            define(field.key, value.dimension)
        }
    }

    private mutating func readSpecies(_ section: Entry) {
        for field in section.fields {
            let path = section.path(of: field.key)
            guard !failed.contains(field.key), let text = reading.text(field.value, path: path) else {
                failed.insert(field.key)
                continue
            }
            let parts = Clause(text: text, offset: 0).split(at: "in")
            let start = startValue(parts?.before ?? Clause(text: text, offset: 0), in: field.value, path: path)
            guard let start,
                let compartment = compartment(parts?.after, of: start.dimension, in: field.value, path: path)
            else {
                failed.insert(field.key)
                continue
            }
            guard isCountable(start.dimension, text, at: field.value.place, path: path) else {
                failed.insert(field.key)
                continue
            }
            let isConcentration = start.dimension.isPerVolume
            var species = NetworkSpecies(
                name: field.key, compartment: compartment, initial: .unset,
                meaning: isConcentration ? .concentration : .amount)
            if case .number(let number) = start.formula {
                guard reading.check(number, .notNegative, text: text, place: field.value.place, path: path) else {
                    failed.insert(field.key)
                    continue
                }
                species.initial = isConcentration ? .concentration(number) : .amount(number)
            } else {
                network.initialAssignments.append(NetworkAssignment(field.key, start.formula))
            }
            network.species.append(species)
            define(field.key, start.dimension)
        }
    }

    /// Whether a species may be measured so.
    private func isCountable(_ dimension: Dimension, _ text: String, at place: Place, path: String) -> Bool {
        let volume = Dimension(length: 3)
        let counted = dimension.isPerVolume ? dimension * volume : dimension
        if [.none, .amount, .cells, Dimension(mass: 1)].contains(counted) { return true }
        findings.error(
            place,
            "\(path): a species is an amount, a concentration, a number of cells or a plain number, found \(dimension) (\"\(text.shortened)\")",
            fix: "write it as 10 nM or 1000 molecules; other things are parameters")
        return false
    }

    /// Where a species is: as written, or the only compartment.
    private mutating func compartment(
        _ written: Clause?, of dimension: Dimension, in branch: Branch, path: String
    ) -> String? {
        let known = network.compartments.map(\.name).filter { $0 != NetworkReader.everywhere }
        if let written {
            if known.contains(written.text) { return written.text }
            findings.error(
                branch.place(at: written.offset), "\(path): \(owner) has no compartment '\(written.text.shortened)'",
                fix: Suggestion.didYouMean(written.text, among: known)
                    ?? (known.isEmpty
                        ? "add 'compartments: {\(written.text.shortened): 500 fL}' to it"
                        : "use one of: \(known.joined(separator: ", "))"))
            return nil
        }
        if known.count == 1 { return known[0] }
        guard dimension.isPerVolume else {
            // What is counted needs no volume.
            if known.isEmpty, network.compartments.isEmpty {
                network.compartments.append(NetworkCompartment(name: NetworkReader.everywhere, size: 1))
            }
            return known.first ?? NetworkReader.everywhere
        }
        findings.error(
            branch.place,
            known.isEmpty
                ? "\(path): a concentration needs a volume to be in, and \(owner) has no compartment"
                : "\(path): \(owner) has \(known.count) compartments, and this does not say in which of them it is",
            fix: known.isEmpty
                ? "add 'compartments: {cytoplasm: 500 fL}' to it, or count molecules"
                : "write it as 10 nM in \(known[0])")
        return nil
    }
}

extension Dimension {
    /// So much in a volume: a concentration, or cells per volume.
    var isPerVolume: Bool { length == -3 }
}
