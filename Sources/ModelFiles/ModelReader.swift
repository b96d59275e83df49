import Biology

/// Checks the tree of a model file section by section; every section is read before any mistake ends the reading.
struct ModelReader {
    let root: Branch
    let reading: Reading
    var places: [String: Place] = [:]
    /// Of each rule in the model, in its order.
    var rulePlaces: [Place] = []
    var hasBrokenRule = false

    var findings: Findings { reading.findings }
    var vocabulary: Vocabulary { reading.vocabulary }

    init(root: Branch, reading: Reading) {
        self.root = root
        self.reading = reading
    }

    /// Lines to be read as responses, beside the file.
    var responseLines: [String] = []
    var responses: [Response] = []
    /// Reads the files of networks.
    var networkFiles = ModelFile.withoutNetworkFiles
    /// Reads the masks of obstacles.
    var masks = ModelFile.withoutMasks

    /// The model; incomplete where something was wrong, and `nil` where nothing could be read.
    mutating func read() -> CheckedModel? {
        guard let file = reading.entry(root, path: "") else { return nil }
        guard readVersion(file) else { return nil }
        let name = file.required("model", example: "IL-2 niche").flatMap { reading.text($0, path: "model") }
        let about = file.text("about")
        _ = file.branch(PinnedCatalogue.key)
        let parameters = readParameters(file)
        let sections = (
            molecules: file.table("molecules"), receptors: file.table("receptors"), complexes: file.table("complexes"),
            networks: file.table("networks"),
            cells: tableUnlessOnlyNetworks("cells", file, "{CELLTYPE: {count: 10, radius: 5 µm}}")
        )
        collectNames(sections.molecules, sections.receptors, sections.complexes, sections.networks, sections.cells)
        collectLives(file, sections.cells)
        collectBodyNames(file)

        let hasOrgans = file.fields.contains { $0.key == "tissues" }
        let space =
            hasOrgans
            ? nil
            : tableUnlessOnlyNetworks("space", file, "{box: 200 x 200 x 200 µm, grid: 10 µm}").flatMap { readSpace($0) }
        let networks = sections.networks.map { readNetworks($0) } ?? []
        let molecules = sections.molecules.map { readMolecules($0, periodic: space?.periodic ?? []) } ?? []
        let receptors = sections.receptors.map { readReceptors($0) } ?? []
        let complexes = sections.complexes.map { readComplexes($0) } ?? []
        let cellTypes = sections.cells.map { readCells($0, space: space) } ?? []
        let plan = file.requiredTable("run", example: "{for: 12 h, seed: 1}").flatMap { readRun($0) }
        var model = Model(
            name: name ?? "",
            space: space ?? Space(size: [.micrometres(1), .micrometres(1), .micrometres(1)], spacing: .micrometres(1)),
            run: plan ?? RunPlan(duration: .seconds(1), seed: 0))
        model.about = about ?? ""
        model.parameters = parameters
        model.molecules = molecules
        model.receptors = receptors
        model.complexes = complexes
        model.networks = networks
        model.cellTypes = cellTypes + bodies(of: cellTypes)
        readLivingTissue(file, into: &model, hasSpace: space != nil, plan: plan)
        readBody(file, into: &model, space: space, plan: plan)
        readRules(file, into: &model)
        readCombinations(file, into: &model)
        let hasSpace = space != nil || model.organs?.isEmpty == false
        if space != nil { readPlacements(file, into: &model) } else { _ = file.branch("place") }
        checkExchange(model)
        completeNetworks(&model)
        readTreatments(file, into: &model, plan: plan)
        readRecord(file, into: &model, hasSpace: hasSpace, duration: plan?.duration)
        readExpectations(file, into: &model, hasSpace: hasSpace, duration: plan?.duration)
        if hasSpace || hasOnlyNetworks(file) { readResponses(model, duration: plan?.duration) }
        let asked = responses.compactMap(\.subject.signal)
        if !asked.isEmpty { model.asked = asked }
        file.expectNothingElse()
        if findings.errorCount == 0 {
            warnOfUnused(parameters)
            if !model.hasOnlyNetworks { warnOfNetworksOutside(model) }
        }
        return CheckedModel(model: model, warnings: [], places: places, responses: responses)
    }

    /// Whether the file has networks and neither space nor anything in it.
    private func hasOnlyNetworks(_ file: Entry) -> Bool {
        let keys = Set(file.fields.map(\.key))
        return keys.contains("networks")
            && keys.isDisjoint(with: ["space", "molecules", "receptors", "cells", "place"])
    }

    /// A table that every model has but one that consists of networks.
    private func tableUnlessOnlyNetworks(_ key: String, _ file: Entry, _ example: String) -> Entry? {
        hasOnlyNetworks(file) ? file.table(key) : file.requiredTable(key, example: example)
    }

    private func readVersion(_ file: Entry) -> Bool {
        guard let branch = file.branch("paracrine") else {
            findings.error(
                root.place, "the file does not say which version of the model language it is in",
                fix: "start it with 'paracrine: 1'")
            return false
        }
        guard let text = reading.text(branch, path: "paracrine") else { return false }
        guard text == "\(ModelFile.version)" else {
            findings.error(
                branch.place,
                "this is version '\(text.shortened)' of the model language; this program reads version \(ModelFile.version)",
                fix: "write 'paracrine: \(ModelFile.version)', or use the program that reads version \(text.shortened)")
            return false
        }
        return true
    }

    // MARK: - Parameters

    private func warnOfUnused(_ parameters: [Parameter]) {
        for parameter in parameters where !reading.used.contains(parameter.name) {
            findings.warning(
                places["parameters.\(parameter.name)"] ?? root.place, "parameter '\(parameter.name)' is used nowhere",
                fix: "write its name where its value should stand, or remove it")
        }
    }

    private func warnOfNetworksOutside(_ model: Model) {
        for network in model.freeNetworks where network.place == nil {
            findings.warning(
                places["networks.\(network.name)"] ?? root.place,
                "network '\(network.name)' lives in no cell, so only 'paracrine mix' runs it",
                fix: "put it into cells with 'cells: TYPE: network: {\(network.name): {}}', or remove it")
        }
    }

    private mutating func readParameters(_ file: Entry) -> [Parameter] {
        guard let section = file.table("parameters") else { return [] }
        var parameters: [Parameter] = []
        reading.vocabulary.failedParameters = Set(section.fields.map(\.key))
        for field in section.fields {
            let path = section.path(of: field.key)
            let isNamed = reading.checkName(field.key, at: field.keyPlace)
            let parameter =
                if case .table = field.value.content {
                    reading.entry(field.value, path: path, keyPlace: field.keyPlace).flatMap {
                        readParameter($0, name: field.key)
                    }
                } else {
                    readParameter(field.value, name: field.key, path: path)
                }
            guard let parameter, isNamed else { continue }
            parameters.append(parameter)
            reading.vocabulary.failedParameters.remove(field.key)
            places[path] = field.keyPlace
        }
        // Known only now: a parameter cannot stand for another.
        for parameter in parameters { reading.parameters[parameter.name] = parameter }
        return parameters
    }

    private func readParameter(_ branch: Branch, name: String, path: String) -> Parameter? {
        guard let text = reading.text(branch, path: path), let value = reading.measure(text, in: branch, path: path)
        else {
            return nil
        }
        return Parameter(name: name, value: value.value, dimension: value.dimension, text: text)
    }

    private func readParameter(_ entry: Entry, name: String) -> Parameter? {
        let value = entry.required("value", example: "10 molecules/s")
        let range = entry.branch("range")
        let isLogarithmic = entry.choice("scale", [("linear", false), ("log", true)]) ?? false
        entry.expectNothingElse()
        guard let value, var parameter = readParameter(value, name: name, path: entry.path(of: "value")) else {
            return nil
        }
        parameter.isLogarithmic = isLogarithmic
        guard let range, let text = reading.text(range, path: entry.path(of: "range")) else { return parameter }
        let unit = (try? QuantityText.parse(parameter.text))?.unit ?? .one
        guard let limits = readRange(text, in: range, path: entry.path(of: "range"), parameter.dimension, unit: unit)
        else { return nil }
        parameter.range = limits
        if !limits.contains(parameter.value) {
            findings.error(
                value.place,
                "\(entry.path(of: "value")): \(parameter.text.shortened) is outside its range \(text.shortened)",
                fix: "change the value or the range")
        }
        if isLogarithmic, limits.lowerBound <= 0 {
            findings.error(
                range.place, "\(entry.path(of: "range")): a logarithmic scale cannot start at \(text.shortened)",
                fix: "start the range above zero, or write 'scale: linear'")
        }
        return parameter
    }

    /// Reads a range; a missing unit of its start is that of its end, and `unit` where that has none.
    func readRange(
        _ text: String, in branch: Branch, at offset: Int = 0, path: String, _ dimension: Dimension, unit: Unit?
    ) -> ClosedRange<Double>? {
        guard let dots = text.range(of: "..") else {
            findings.error(
                branch.place(at: offset), "\(path): \"\(text.shortened)\" is not a range",
                fix: "write it as A .. B, such as 1 .. 100")
            return nil
        }
        let upperText = String(text[dots.upperBound...])
        let upperOffset =
            offset + text.unicodeScalars.distance(from: text.startIndex, to: dots.upperBound)
            + upperText.unicodeScalars.prefix { $0 == " " }.count
        let measured = try? QuantityText.parse(upperText.trimmingSpaces)
        let lowerUnit = measured.flatMap { $0.hasUnit ? $0.unit : nil } ?? unit
        let lower = reading.number(
            String(text[..<dots.lowerBound]).trimmingSpaces, in: branch, at: offset, path: path, dimension, .any,
            unitOf: lowerUnit)
        let upper = reading.number(
            upperText.trimmingSpaces, in: branch, at: upperOffset, path: path, dimension, .any, unitOf: unit)
        guard let lower, let upper else { return nil }
        guard lower < upper else {
            findings.error(
                branch.place(at: offset), "\(path): the range \(text.shortened) is empty",
                fix: "write the smaller value first")
            return nil
        }
        return lower...upper
    }

    // MARK: - Names

    /// Notes every name that is defined, so that a thing with a mistake in it is still known.
    private mutating func collectNames(
        _ molecules: Entry?, _ receptors: Entry?, _ complexes: Entry?, _ networks: Entry?, _ cells: Entry?
    ) {
        var owners: [String: String] = [:]
        for name in reading.parameters.keys { owners[name] = "a parameter" }
        func claim(_ field: Branch.Field, _ kind: String) {
            guard reading.checkName(field.key, at: field.keyPlace) else { return }
            if let owner = owners[field.key] {
                findings.error(
                    field.keyPlace, "\(kind) has the name '\(field.key)', which is \(owner) already",
                    fix:
                        "rename one of them; names are shared by parameters, molecules, receptors, complexes, networks and states"
                )
            }
            owners[field.key] = kind
        }
        for field in molecules?.fields ?? [] {
            claim(field, "a molecule")
            reading.vocabulary.molecules.append(field.key)
        }
        for field in receptors?.fields ?? [] {
            claim(field, "a receptor")
            reading.vocabulary.receptors.append(field.key)
        }
        for field in complexes?.fields ?? [] {
            claim(field, "a complex")
            reading.vocabulary.complexes.append(field.key)
        }
        for field in networks?.fields ?? [] { claim(field, "a network") }
        for field in cells?.fields ?? [] {
            if field.key == "other" || field.key == "table" {
                findings.error(
                    field.keyPlace, "'\(field.key)' is a word of the language",
                    fix: "choose another name for the cell type")
            } else if !refuseBody(field) {
                _ = reading.checkName(field.key, at: field.keyPlace)
            }
            reading.vocabulary.cellTypes.append(field.key)
            places["cells.\(field.key)"] = field.keyPlace
            if case .table(let fields) = field.value.content,
                case .table(let inside)? = fields.first(where: { $0.key == "network" })?.value.content
            {
                reading.vocabulary.cellNetworks[field.key] = inside.map(\.key)
            }
        }
        for field in cells?.fields ?? [] {
            // What a catalogue that could not be had would have put there may be any.
            if reading.isWithoutItsCatalogue { reading.vocabulary.expressed[field.key] = Set(vocabulary.receptors) }
            guard case .table(let fields) = field.value.content,
                case .table(let receptors)? = fields.first(where: { $0.key == "receptors" })?.value.content
            else { continue }
            // A mistyped receptor may stand for any.
            let named = Set(receptors.map(\.key))
            let known = Set(vocabulary.receptors)
            reading.vocabulary.expressed[field.key] = named.isSubset(of: known) ? named : known
        }
        refuseStateNames(cells, owners)
    }

    private func refuseStateNames(_ cells: Entry?, _ shared: [String: String]) {
        for field in cells?.fields ?? [] {
            guard case .table(let fields) = field.value.content,
                let states = fields.first(where: { $0.key == "state" }),
                case .table(let named) = states.value.content
            else { continue }
            for state in named where reading.checkName(state.key, at: state.keyPlace) {
                guard let owner = shared[state.key] else { continue }
                findings.error(
                    state.keyPlace, "a state has the name '\(state.key)', which is \(owner) already",
                    fix:
                        "rename one of them; names are shared by parameters, molecules, receptors, complexes, networks and states"
                )
            }
        }
    }
}
