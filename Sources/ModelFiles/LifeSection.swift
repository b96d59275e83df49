import Biology

/// Reads what cells of a type do beside secreting, binding and following rules.
///
/// A rate alone stands for a table with nothing but a rate: `dies: 0.01 /h` is `dies: {rate: 0.01 /h}`.
struct LifeReader {
    let entry: Entry
    let cellType: String
    let reading: Reading

    private var findings: Findings { reading.findings }

    /// Chosen: more hits than this are a mistake.
    static let maximumHits = 1000.0

    func read() -> CellLife? {
        var life = CellLife()
        life.motion = readMotion()
        life.division = readDivision()
        life.deaths = Death.Kind.allCases.compactMap { readDeath($0) }
        life.changes = readChanges()
        life.kills = readKills()
        life.eats = readMeals()
        return life.isEmpty ? nil : life
    }

    /// Notes that something is written that could not be read, so that nothing more is said about it.
    private func fail(_ path: String) { reading.vocabulary.failedValues.insert(path) }

    private func error(_ place: Place, _ path: String, _ problem: String, fix: String) {
        findings.error(place, "\(path): \(problem)", fix: fix)
    }

    // MARK: - Rates

    /// A rate alone, or a table with a rate and what `more` asks it for.
    private func readHazard(
        _ branch: Branch, path: String, example: String, more: (Entry) -> Void = { _ in }
    ) -> Hazard? {
        guard case .table = branch.content else {
            more(Entry(path: path, place: branch.place, fields: [], reading: reading))
            return reading.quantity(branch, path: path, of: FirstOrderRate.self, .notNegative).map { Hazard(rate: $0) }
        }
        guard let table = reading.entry(branch, path: path) else { return nil }
        let rate = table.requiredQuantity("rate", of: FirstOrderRate.self, .notNegative, example: example)
        let refractory = table.quantity("not before", of: Time.self, .notNegative)
        more(table)
        table.expectNothingElse()
        return rate.map { Hazard(rate: $0, refractory: refractory ?? .zero) }
    }

    // MARK: - Motion

    private func readMotion() -> Motion? {
        guard let branch = entry.branch("motion") else { return nil }
        let path = entry.path(of: "motion")
        guard let table = reading.entry(branch, path: path) else {
            fail(path)
            return nil
        }
        let speed = table.requiredQuantity("speed", of: Speed.self, .notNegative, example: "10 µm/min")
        let persistence = table.requiredQuantity("persistence", of: Time.self, .positive, example: "2 min")
        let towards = table.branch("towards").map { readAttractions($0, path: table.path(of: "towards")) }
        table.expectNothingElse()
        guard let speed, let persistence else {
            fail(path)
            return nil
        }
        return Motion(speed: speed, persistence: persistence, towards: towards ?? [])
    }

    private func readAttractions(_ branch: Branch, path: String) -> [Attraction] {
        guard let table = reading.entry(branch, path: path) else {
            fail(path)
            return []
        }
        return table.fields.compactMap { field in
            let fieldPath = table.path(of: field.key)
            let isFelt = canFeel(field)
            // A mistyped one may stand for any.
            if !isFelt { fail(path) }
            let text = reading.text(field.value, path: fieldPath)
            let sensitivity = text.flatMap {
                reading.number($0, in: field.value, path: fieldPath, Dimension.none / .amount, .any)
            }
            if sensitivity == nil { fail(fieldPath) }
            guard isFelt, let sensitivity else { return nil }
            return Attraction(receptor: field.key, sensitivity: sensitivity)
        }
    }

    /// Whether a receptor is on cells of this type and binds something.
    private func canFeel(_ field: Branch.Field) -> Bool {
        let path = "\(entry.path).motion.towards"
        guard isCarried(field, path: path) else { return false }
        guard reading.vocabulary.ligands[field.key]?.isEmpty == false else {
            error(
                field.keyPlace, path, "'\(field.key)' binds nothing, so nothing attracts by it",
                fix: "name a receptor with a ligand, or add 'ligand: MOLECULE' to receptors.\(field.key)")
            return false
        }
        return true
    }

    /// Whether a receptor is on cells of this type.
    private func isCarried(_ field: Branch.Field, path: String) -> Bool {
        guard reading.vocabulary.receptors.contains(field.key) else {
            reading.undefined(
                "receptor", field.key, among: reading.vocabulary.receptors, section: "receptors", at: field.keyPlace)
            return false
        }
        guard reading.vocabulary.expressed[cellType]?.contains(field.key) == true else {
            error(
                field.keyPlace, path, "\(cellType) has no receptor '\(field.key)'",
                fix: "add '\(field.key)' with its number to cells.\(cellType).receptors")
            return false
        }
        return true
    }

    // MARK: - Division

    private func readDivision() -> Division? {
        guard let branch = entry.branch("divides") else { return nil }
        let path = entry.path(of: "divides")
        var (phases, daughters, growth): ([CellPhase], [String: Inheritance], Time?) = ([], [:], nil)
        let hazard = readHazard(branch, path: path, example: "0.02 /h") { table in
            phases = table.table("phases").map { readPhases($0) } ?? []
            daughters = table.table("daughters").map { readDaughters($0) } ?? [:]
            growth = table.quantity("grows", of: Time.self, .positive)
        }
        guard let hazard else {
            fail(path)
            return nil
        }
        if !reading.vocabulary.hasMechanics {
            error(
                branch.place, path, "daughters would stand in each other, because nothing pushes cells apart",
                fix: "add 'mechanics: {}' to the model")
        }
        var division = Division(hazard: hazard, phases: phases)
        division.daughters = daughters
        division.growth = growth
        return division
    }

    private func readPhases(_ table: Entry) -> [CellPhase] {
        table.fields.compactMap { field in
            let path = table.path(of: field.key)
            let isNamed = reading.checkName(field.key, at: field.keyPlace)
            guard let text = reading.text(field.value, path: path),
                let duration = reading.spread(text, in: field.value, path: path, .time), isNamed
            else { return nil }
            guard duration.mean > 0 else {
                error(
                    field.value.place, path, "a phase of \(text.shortened) is none",
                    fix: "write how long it lasts, such as 8 h ± 20 %, or remove it")
                return nil
            }
            return CellPhase(name: field.key, duration: duration)
        }
    }

    private func readDaughters(_ table: Entry) -> [String: Inheritance] {
        var ways: [String: Inheritance] = [:]
        for field in table.fields {
            let path = table.path(of: field.key)
            let isCarried = isCarried(field, path: table.path)
            guard let text = reading.text(field.value, path: path),
                let way = reading.choice(
                    text, Inheritance.allCases.map { ($0.rawValue, $0) }, at: field.value.place, path: path)
            else { continue }
            if isCarried { ways[field.key] = way }
        }
        return ways
    }

    // MARK: - Death

    private func readDeath(_ kind: Death.Kind) -> Death? {
        let key = kind.key
        guard let branch = entry.branch(key) else { return nil }
        let path = entry.path(of: key)
        var (cleared, releases): (Time?, [String: Amount]) = (nil, [:])
        let hazard = readHazard(branch, path: path, example: "0.01 /h") { table in
            cleared = table.quantity("cleared", of: Time.self, .positive)
            releases = table.table("releases").map { readReleases($0) } ?? [:]
        }
        guard let hazard else {
            fail(path)
            return nil
        }
        let body = cleared.map { _ in kind.body(of: cellType) }
        if let body { reading.clearances[body] = cleared }
        return Death(kind: kind, hazard: hazard, body: body, releases: releases)
    }

    private func readReleases(_ table: Entry) -> [String: Amount] {
        var releases: [String: Amount] = [:]
        for field in table.fields {
            let path = table.path(of: field.key)
            let isKnown = reading.vocabulary.molecules.contains(field.key)
            if !isKnown {
                reading.undefined(
                    "molecule", field.key, among: reading.vocabulary.molecules, section: "molecules",
                    at: field.keyPlace)
            }
            let amount = reading.quantity(field.value, path: path, of: Amount.self, .notNegative)
            if isKnown, let amount { releases[field.key] = amount }
        }
        return releases
    }

    // MARK: - Change of type

    private func readChanges() -> [TypeChange] {
        guard let branch = entry.branch("becomes") else { return [] }
        let path = entry.path(of: "becomes")
        guard let table = reading.entry(branch, path: path) else {
            fail(path)
            return []
        }
        return table.fields.compactMap { field in
            let fieldPath = table.path(of: field.key)
            let isPossible = isOther(field, path: path, verb: "becomes", butBodies: "cells become bodies by 'dies'")
            let hazard = readHazard(field.value, path: fieldPath, example: "0.001 /h")
            if hazard == nil || !isPossible { fail(fieldPath) }
            guard isPossible, let hazard else { return nil }
            return TypeChange(into: field.key, hazard: hazard)
        }
    }

    /// Whether a key names another type than this one, and not bodies where `butBodies` says why.
    private func isOther(_ field: Branch.Field, path: String, verb: String, butBodies why: String?) -> Bool {
        let known = reading.vocabulary.cellTypes
        guard known.contains(field.key) else {
            reading.undefined("cell type", field.key, among: known, section: "cells", at: field.keyPlace)
            // A mistyped one may stand for any.
            fail(path)
            return false
        }
        guard field.key != cellType else {
            error(
                field.keyPlace, path, "\(cellType) \(verb) \(cellType) itself",
                fix: "name another cell type, or remove the line")
            return false
        }
        guard let why, reading.vocabulary.bodies.contains(field.key) else { return true }
        error(field.keyPlace, path, "\(cellType) \(verb) \(field.key), and \(why)", fix: "remove the line")
        return false
    }

    // MARK: - Killing and eating

    private func readKills() -> [Killing] {
        guard let branch = entry.branch("kills") else { return [] }
        let path = entry.path(of: "kills")
        guard let table = reading.entry(branch, path: path) else {
            fail(path)
            return []
        }
        return table.fields.compactMap { field in
            let fieldPath = table.path(of: field.key)
            let isPossible = isOther(field, path: path, verb: "kills", butBodies: "what is dead does not die")
            let killing = readKilling(field, path: fieldPath)
            if killing == nil || !isPossible { fail(fieldPath) }
            return isPossible ? killing : nil
        }
    }

    private func readKilling(_ field: Branch.Field, path: String) -> Killing? {
        guard case .table = field.value.content else {
            return reading.quantity(field.value, path: path, of: FirstOrderRate.self, .notNegative).map {
                Killing(target: field.key, attaches: $0)
            }
        }
        guard let table = reading.entry(field.value, path: path, keyPlace: field.keyPlace) else { return nil }
        let rate = table.requiredQuantity("rate", of: FirstOrderRate.self, .notNegative, example: "0.5 /min")
        let hits = table.branch("hits").map { readHits($0, path: table.path(of: "hits")) } ?? 1
        let every = table.quantity("every", of: Time.self, .positive)
        let lasts = table.quantity("lasts", of: Time.self, .positive)
        let repair = table.quantity("repair", of: Time.self, .positive)
        let recognised = table.branch("recognises").flatMap { branch in
            reading.text(branch, path: table.path(of: "recognises")).map { (name: $0, place: branch.place) }
        }
        table.expectNothingElse()
        if let recognised {
            reading.recognitions.append(
                Recognition(
                    target: field.key, state: recognised.name, place: recognised.place,
                    path: table.path(of: "recognises")))
        }
        guard let rate, let hits else { return nil }
        var killing = Killing(target: field.key, attaches: rate, hits: hits)
        killing.every = every ?? .zero
        killing.lasts = lasts
        killing.repair = repair
        killing.recognises = recognised?.name
        return killing
    }

    private func readHits(_ branch: Branch, path: String) -> Int? {
        guard let text = reading.text(branch, path: path),
            let hits = reading.number(text, in: branch, path: path, .none, .any)
        else { return nil }
        guard hits == hits.rounded(), hits >= 1, hits <= LifeReader.maximumHits else {
            error(
                branch.place, path, "\(text.shortened) is not a whole number of hits from 1 to 1000",
                fix: "write how many hits kill, such as 3")
            return nil
        }
        return Int(hits)
    }

    private func readMeals() -> [Engulfing] {
        guard let branch = entry.branch("eats") else { return [] }
        let path = entry.path(of: "eats")
        guard let table = reading.entry(branch, path: path) else {
            fail(path)
            return []
        }
        return table.fields.compactMap { field in
            let fieldPath = table.path(of: field.key)
            let isPossible = isOther(field, path: path, verb: "eats", butBodies: nil)
            let rate = reading.quantity(field.value, path: fieldPath, of: FirstOrderRate.self, .notNegative)
            if rate == nil || !isPossible { fail(fieldPath) }
            guard isPossible, let rate else { return nil }
            return Engulfing(target: field.key, rate: rate)
        }
    }
}

/// A state of the target that a killer looks for, checked once every type has been read.
struct Recognition {
    var target: String
    var state: String
    var place: Place
    var path: String
}

extension Death.Kind {
    /// The key it stands under.
    var key: String {
        switch self {
        case .apoptosis: "dies"
        case .necrosis: "necrosis"
        }
    }

    /// What the bodies of a type are called.
    func body(of type: String) -> String {
        switch self {
        case .apoptosis: "dead \(type)"
        case .necrosis: "necrotic \(type)"
        }
    }
}
