import Biology

/// One thing that a model says: where a model file says it, and what.
struct ModelStatement: Hashable {
    /// "cells.Treg.receptors.IL-2R"; lines of a list share that of the list.
    var path: String
    /// "cells.Treg" where the path is in a thing that has a name, otherwise empty.
    var thing: String
    /// As people read it.
    var text: String
    /// Differs wherever the value does, to the last bit.
    var exact: String
    /// For lines of a list: two on one subject are the same line changed; otherwise empty.
    var subject = ""
    /// For lines of a list: every number written out, where the text may hide one behind a parameter.
    var spelledOut = ""
}

/// Everything a model says that a run depends on, or that is written or expected of it, beside its title.
struct ModelStatements {
    private(set) var all: [ModelStatement] = []
    private let model: Model
    /// Receptors whose ligands are spelled out as a table, as those with several are.
    private let spelledOut: Set<String>

    init(_ model: Model, spellingOut: Set<String> = []) {
        self.model = model
        spelledOut = spellingOut.union(ModelStatements.receptorsWithTables(model))
        if model.organs?.isEmpty ?? true { space() }
        for molecule in model.molecules { add(molecule) }
        for receptor in model.receptors { add(receptor) }
        for complex in model.complexes { add(complex) }
        for network in model.networks { add(network) }
        for type in model.cellTypes where type.life?.vanishes == nil { add(type) }
        if let mechanics = model.mechanics { add(mechanics) }
        for obstacle in model.obstacles ?? [] { add(obstacle) }
        rules()
        if model.organs?.isEmpty ?? true { for placement in model.placements { add(placement) } }
        body(model)
        run()
        record()
        for parameter in model.parameters { add(parameter) }
    }

    /// Receptors that do not have exactly one ligand.
    static func receptorsWithTables(_ model: Model) -> Set<String> {
        Set(model.receptors.filter { $0.ligands.count != 1 }.map(\.name))
    }

    // MARK: - Adding

    mutating func say(_ path: String, _ text: String, exact: String? = nil, thing: String = "") {
        all.append(ModelStatement(path: path, thing: thing, text: text, exact: exact ?? text))
    }

    mutating func say<Kind>(_ path: String, _ quantity: Quantity<Kind>, thing: String = "") {
        say(path, ModelWords.text(quantity), exact: "\(quantity.value) \(Kind.coherentUnit)", thing: thing)
    }

    /// A line of a list; its text is as the file has it, empty where the model was made otherwise.
    private mutating func list(_ path: String, _ text: String, _ words: String, exact: String, subject: String) {
        all.append(
            ModelStatement(
                path: path, thing: "", text: text.isEmpty ? words : text, exact: exact, subject: subject,
                spelledOut: words))
    }

    // MARK: - Sections

    private mutating func space() {
        let space = model.space
        let size = space.size.map { ModelWords.number($0.value) }.joined(separator: " x ")
        say("space.box", "\(size) µm", exact: "\(space.size.map(\.value))")
        say("space.grid", space.spacing)
        for axis in Axis.allCases where space.periodic.contains(axis) { say("space.walls.\(axis)", "periodic") }
        for face in Face.all {
            guard let wall = space.walls[face], wall != .noFlux else { continue }
            say("space.walls.\(face)", ModelWords.wall(wall), exact: "\(wall)")
        }
    }

    private mutating func add(_ molecule: Molecule) {
        let path = "molecules.\(molecule.name)"
        say("\(path).diffusion", molecule.diffusion, thing: path)
        say("\(path).decay", molecule.decay, thing: path)
        if let mass = molecule.mass { say("\(path).mass", mass, thing: path) }
        say("\(path).starts", molecule.starts, thing: path)
        for face in Face.all {
            guard let wall = molecule.walls[face] else { continue }
            say("\(path).walls.\(face)", ModelWords.wall(wall), exact: "\(wall)", thing: path)
        }
        guard let parts = molecule.association else { return }
        say("\(path).complex.of", [parts.first, parts.second].sorted().joined(separator: ", "), thing: path)
        say("\(path).complex.k_on", parts.kOn, thing: path)
        say("\(path).complex.k_off", parts.kOff, thing: path)
    }

    private mutating func add(_ receptor: Receptor) {
        let path = "receptors.\(receptor.name)"
        let isTable = spelledOut.contains(receptor.name)
        for ligand in receptor.ligands {
            let inner = isTable ? "\(path).ligands.\(ligand.ligand)" : path
            if !isTable { say("\(path).ligand", ligand.ligand, thing: path) }
            say("\(inner).k_on", ligand.kOn, thing: path)
            say("\(inner).k_off", ligand.kOff, thing: path)
            say("\(inner).k_endo", ligand.endocytosis, thing: path)
            if !ligand.signals { say("\(inner).antagonist", "yes", thing: path) }
        }
        say("\(path).supply", ModelWords.supply(receptor.supply), exact: "\(receptor.supply)", thing: path)
        say("\(path).recycling", receptor.recycling, thing: path)
        say("\(path).degradation", receptor.degradation, thing: path)
    }

    private mutating func add(_ complex: SurfaceComplex) {
        let path = "complexes.\(complex.name)"
        let parts = [complex.first, complex.second].map(ModelWords.species).sorted()
        say("\(path).joins", parts.joined(separator: ", "), thing: path)
        say("\(path).k_on", complex.kOn, thing: path)
        say("\(path).k_off", complex.kOff, thing: path)
        say("\(path).k_endo", complex.endocytosis, thing: path)
    }

    private mutating func add(_ type: CellType) {
        let path = "cells.\(type.name)"
        if let count = type.count { say("\(path).count", ModelWords.count(count), exact: "\(count)", thing: path) }
        say("\(path).radius", type.radius, thing: path)
        for (name, number) in type.receptors.sorted(by: { $0.key < $1.key }) {
            say("\(path).receptors.\(name)", ModelWords.receptors(number), exact: "\(number)", thing: path)
        }
        for (name, rate) in type.secretes.sorted(by: { $0.key < $1.key }) {
            say("\(path).secretes.\(name)", ModelWords.spread(rate, .secretion), exact: "\(rate)", thing: path)
        }
        for state in type.states {
            say(
                "\(path).state.\(state.name)", ModelWords.expression(state.expression),
                exact: "\(state.expression) \(state.dimension)", thing: path)
        }
        for use in type.networks {
            let inner = "\(path).network.\(use.network)"
            if use.inputs.isEmpty { say(inner, "inside", thing: path) }
            for input in use.inputs {
                say(
                    "\(inner).\(input.name)", ModelWords.expression(input.expression), exact: "\(input.expression)",
                    thing: path)
            }
        }
        if let life = type.life { add(life, path: path, in: model) }
    }

    private mutating func rules() {
        for rule in model.rules {
            var bare = rule
            bare.text = ""
            let signals = rule.inputs.map(\.signal.words).sorted().joined(separator: ", ")
            list(
                "rules", rule.text, model.words(rule), exact: "\(bare)",
                subject: "\(rule.cellType) \(rule.behaviour) \(signals)")
        }
        for block in model.blocks {
            var bare = block
            bare.text = ""
            list(
                "rules", block.text, model.words(block), exact: "\(bare)",
                subject: "\(block.cellType) blocks \(block.signal.words) \(block.by.signal.words)")
        }
        for (behaviour, combination) in model.combinations { say("combine.\(behaviour)", combination.rawValue) }
        for treatment in model.treatments {
            var bare = treatment
            bare.text = ""
            list(
                "treatments", treatment.text, model.words(treatment), exact: "\(bare)",
                subject: treatment.molecule)
        }
    }

    private mutating func add(_ placement: Placement) {
        guard case .table(let table) = placement.pattern else {
            let path = "place.\(placement.cellType ?? "other")"
            say(path, ModelWords.pattern(placement.pattern), exact: "\(placement.pattern)")
            return
        }
        say("place.table.file", table.path)
        for (axis, column) in zip(Axis.allCases, table.positionColumns ?? []) { say("place.table.\(axis)", column) }
        say("place.table.pixel", table.unitLength)
        say("place.table.type", table.typeColumn)
        if let id = table.idColumn { say("place.table.id", id) }
        for (label, shares) in table.labels {
            let types = shares.map { "\($0.cellType): \(ModelWords.number($0.share * 100)) %" }
            let text = shares.count == 1 ? shares[0].cellType : "{\(types.joined(separator: ", "))}"
            say("place.table.labels.\(label)", shares.isEmpty ? "leave out" : text, exact: "\(shares)")
        }
        if !table.origin.isEmpty { say("place.table.origin", ModelWords.point(table.origin), exact: "\(table.origin)") }
        if let thickness = table.thickness { say("place.table.thickness", thickness) }
    }

    private mutating func run() {
        say("run.for", model.run.duration)
        say("run.seed", "\(model.run.seed)")
        say("run.fields", model.run.fields.rawValue)
        say("run.tolerance", ModelWords.number(model.run.tolerance), exact: "\(model.run.tolerance)")
        say("run.rule step", model.run.ruleStep)
        if let step = model.run.motionStep { say("run.motion step", step) }
    }

    private mutating func record() {
        let record = model.record
        if let cells = record.cells {
            say("record.cells.every", cells.every)
            say("record.cells.columns", cells.columns.map(\.words).joined(separator: ", "))
        }
        for field in record.fields { say("record.fields.\(field.molecule)", field.every) }
        if let series = record.series { say("record.series", series) }
        if let asked = record.communication {
            say("record.communication.every", asked.every)
            say("record.communication.senders", asked.senders.rawValue)
            if !asked.molecules.isEmpty {
                say("record.communication.molecules", asked.molecules.joined(separator: ", "))
            }
            if !asked.receivers.isEmpty {
                say("record.communication.receivers", asked.receivers.joined(separator: ", "))
            }
            for group in asked.groups {
                say(
                    "record.communication.groups.\(group.name)",
                    "\(group.cellType) within \(ModelWords.text(group.radius)) of \(ModelWords.point(group.centre))",
                    exact: "\(group)")
            }
        }
        for line in model.expectations {
            var bare = line
            bare.text = ""
            list(
                "expect", line.text, model.words(line), exact: "\(bare)",
                subject: "\(line.subject) \(line.time.map { "\($0)" } ?? "")")
        }
    }

    private mutating func add(_ parameter: Parameter) {
        let path = "parameters.\(parameter.name)"
        say(
            path, ModelWords.value(parameter.value, parameter.dimension),
            exact: "\(parameter.value) \(parameter.dimension)", thing: path)
        if let range = parameter.range {
            let ends = [range.lowerBound, range.upperBound].map { ModelWords.value($0, parameter.dimension) }
            say("\(path).range", ends.joined(separator: " .. "), exact: "\(range)", thing: path)
        }
        if parameter.isLogarithmic { say("\(path).scale", "log", thing: path) }
    }
}
