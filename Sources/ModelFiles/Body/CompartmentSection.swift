import Biology

extension ModelReader {
    /// Notes the names of compartments and tissues, and which molecules go where.
    mutating func collectBodyNames(_ file: Entry) {
        func fields(_ key: String) -> [Branch.Field] {
            guard case .table(let fields)? = file.fields.first(where: { $0.key == key })?.value.content else {
                return []
            }
            return fields
        }
        let reserved = ["diffusion", "decay", "mass", "starts", "walls", "complex", "catalogue", NetworkPlace.medium]
        var seen: Set<String> = []
        for (kind, field) in fields("compartments").map({ ("a compartment", $0) })
            + fields("tissues").map({ ("a tissue", $0) })
        {
            guard reading.checkName(field.key, at: field.keyPlace) else { continue }
            if reserved.contains(field.key) || !seen.insert(field.key).inserted {
                findings.error(
                    field.keyPlace,
                    "\(kind) has the name '\(field.key)', which \(reserved.contains(field.key) ? "is a word of the language" : "is taken")",
                    fix: "choose another name")
            }
            if kind == "a tissue" {
                reading.vocabulary.organs.append(field.key)
            } else {
                reading.vocabulary.compartments.append(
                    Vocabulary.NamedCompartment(name: field.key, volume: volume(of: field)))
            }
        }
        let names = vocabulary.compartments.map(\.name)
        for field in fields("molecules") {
            guard case .table(let inside) = field.value.content else { continue }
            reading.vocabulary.carried[field.key] = names.filter { name in inside.contains { $0.key == name } }
        }
    }

    /// What `volume` says, without complaint: it is read again with it.
    private func volume(of field: Branch.Field) -> Double? {
        guard case .table(let inside) = field.value.content,
            case .text(let scalar)? = inside.first(where: { $0.key == "volume" })?.value.content
        else { return nil }
        if let parameter = reading.parameters[scalar.text.trimmingSpaces] { return parameter.value }
        let measured = try? QuantityText.parse(scalar.text.trimmingSpaces)
        return measured.flatMap { $0.dimension == VolumeKind.dimension && $0.value > 0 ? $0.value : nil }
    }

    /// Reads everything that is outside the tissue, or makes several of it.
    mutating func readBody(_ file: Entry, into model: inout Model, space: Space?, plan: RunPlan?) {
        model.compartments = readCompartments(file, plan: plan)
        readOrgans(file, into: &model)
        if model.organs == nil { model.vessels = readVessels(file, space: space) }
        model.recruitments = readRecruitments(file)
    }

    /// Reads `compartments:`.
    mutating func readCompartments(_ file: Entry, plan: RunPlan?) -> [Compartment]? {
        guard let section = file.table("compartments") else { return nil }
        if section.fields.isEmpty {
            findings.error(section.place, "'compartments' has no compartment", fix: "add 'blood: {volume: 2 mL}'")
        }
        if section.fields.count > ModelReader.mostCompartments {
            findings.error(
                section.place, "\(section.fields.count) compartments are more than \(ModelReader.mostCompartments)",
                fix: "join those that mix fast")
        }
        if plan?.fields == .quasiSteady {
            findings.error(
                section.place, "compartments need fields that remember, and 'fields: quasi-steady' has no memory",
                fix: "write 'fields: dynamic' under run, or remove the compartments")
        }
        return section.entries().compactMap { field, entry in
            places[entry.path] = field.keyPlace
            let volume = entry.requiredQuantity("volume", of: Volume.self, .positive, example: "2 mL")
            let cells = entry.branch("cells").map { readStore($0, path: entry.path(of: "cells")) }
            entry.expectNothingElse()
            return volume.map { Compartment(name: field.key, volume: $0, cells: cells ?? [:]) }
        }
    }

    /// The engine's exponential has room for so many.
    static let mostCompartments = 13

    /// How many cells of each type a compartment has.
    private func readStore(_ branch: Branch, path: String) -> [String: Double] {
        var cells: [String: Double] = [:]
        for field in reading.entry(branch, path: path)?.fields ?? [] {
            guard vocabulary.cellTypes.contains(field.key) else {
                reading.undefined(
                    "cell type", field.key, among: vocabulary.cellTypes, section: "cells", at: field.keyPlace)
                continue
            }
            let fieldPath = "\(path).\(field.key)"
            guard let text = reading.text(field.value, path: fieldPath),
                let number = reading.number(text, in: field.value, path: fieldPath, .cells, .notNegative)
            else { continue }
            cells[field.key] = number.rounded()
        }
        return cells
    }

    // MARK: - Molecules in compartments

    /// What stands under the compartments' names in a molecule's table.
    func readKinetics(_ entry: Entry, mass: MassSource) -> [CompartmentKinetics]? {
        let found = vocabulary.compartments.compactMap { compartment -> CompartmentKinetics? in
            entry.table(compartment.name).map { readKinetics($0, in: compartment, mass: mass) }
        }
        // Only compartments have tables here beside these.
        for field in entry.fields where !["walls", "complex"].contains(field.key) {
            guard case .table = field.value.content else { continue }
            let names = vocabulary.compartments.map(\.name)
            guard entry.branch(field.key) != nil, !names.contains(field.key) else { continue }
            reading.undefined("compartment", field.key, among: names, section: "compartments", at: field.keyPlace)
        }
        return found.isEmpty ? nil : found
    }

    private func readKinetics(
        _ entry: Entry, in compartment: Vocabulary.NamedCompartment, mass: MassSource
    ) -> CompartmentKinetics {
        var kinetics = CompartmentKinetics(compartment.name)
        kinetics.starts = entry.quantity("starts", of: Concentration.self, .notNegative, mass: mass) ?? .zero
        kinetics.exchange = entry.quantity("exchange", of: FirstOrderRate.self, .notNegative) ?? .zero
        kinetics.permeability = entry.quantity("permeability", of: Permeability.self, .notNegative) ?? .zero
        kinetics.clearance = readClearance(entry, volume: compartment.volume)
        if let transfers = entry.table("transfers") { kinetics.transfers = readTransfers(transfers, from: compartment) }
        entry.expectNothingElse()
        return kinetics
    }

    /// A volume cleared per time, or a half-life.
    private func readClearance(_ entry: Entry, volume: Double?) -> FirstOrderRate {
        let halfLife = entry.quantity("half-life", of: Time.self, .positive)
        let path = entry.path(of: "clearance")
        guard let branch = entry.branch("clearance") else {
            return halfLife.map { FirstOrderRate(coherent: ModelReader.ln2 / $0.value) } ?? .zero
        }
        if halfLife != nil {
            findings.error(
                branch.place, "'\(entry.path)' says both a clearance and a half-life", fix: "keep one of the two")
        }
        guard let text = reading.text(branch, path: path),
            let cleared = reading.number(
                text, in: branch, path: path, .clearance, .notNegative)
        else { return .zero }
        return volume.map { FirstOrderRate(coherent: cleared / $0) } ?? .zero
    }

    private static let ln2 = 0.693147180559945309417

    private func readTransfers(_ entry: Entry, from: Vocabulary.NamedCompartment) -> [String: FirstOrderRate] {
        let names = vocabulary.compartments.map(\.name)
        var transfers: [String: FirstOrderRate] = [:]
        for field in entry.fields {
            guard names.contains(field.key), field.key != from.name else {
                if field.key == from.name {
                    findings.error(
                        field.keyPlace, "'\(entry.path)' goes from '\(from.name)' to itself",
                        fix: "name another compartment")
                } else {
                    reading.undefined(
                        "compartment", field.key, among: names, section: "compartments", at: field.keyPlace)
                }
                continue
            }
            transfers[field.key] = reading.quantity(
                field.value, path: entry.path(of: field.key), of: FirstOrderRate.self, .notNegative)
        }
        return transfers
    }

    /// What is said of exchange must be possible somewhere, and where two parts meet their complex must be possible.
    func checkExchange(_ model: Model) {
        for molecule in model.molecules {
            guard let pair = molecule.association else { continue }
            let names = [pair.first, pair.second].map { name in
                Set((model.molecule(name)?.compartments ?? []).map(\.compartment))
            }
            for name in names[0].intersection(names[1]).sorted() where model.kinetics(of: molecule, in: name) == nil {
                findings.error(
                    places["molecules.\(molecule.name)"] ?? root.place,
                    "'\(pair.first)' and '\(pair.second)' meet in '\(name)', but their complex '\(molecule.name)' does not go there",
                    fix: "add '\(name): {}' to molecules.\(molecule.name), or '\(name): {half-life: 5 h}'")
            }
        }
        let sites = model.tissues.map(\.model)
        for molecule in model.molecules {
            for kinetics in molecule.compartments ?? [] where kinetics.permeability.value > 0 {
                let isOpen = sites.contains { tissue in
                    (tissue.vessels ?? []).contains { $0.compartment == kinetics.compartment }
                        || Face.all.contains { tissue.wall(of: molecule, at: $0) == .exchange(kinetics.compartment) }
                }
                if isOpen { continue }
                findings.error(
                    places["molecules.\(molecule.name)"] ?? root.place,
                    "molecules.\(molecule.name).\(kinetics.compartment).permeability: no vessel or wall exchanges with '\(kinetics.compartment)'",
                    fix:
                        "add a vessel that carries it, write 'walls: {z+: exchange with \(kinetics.compartment)}', or write 'exchange: 0.05 /h' for everywhere"
                )
            }
        }
    }
}
