import Biology

extension ModelReader {
    /// `record.communication`: who signalled to whom.
    func readCommunication(_ record: Entry, space: Space?, duration: Time?) -> CommunicationRecord? {
        guard let entry = record.table("communication") else { return nil }
        let every = entry.requiredQuantity("every", of: Time.self, .positive, example: "10 min")
        if let every {
            checkFrames(every, duration, at: entry.branch("every")?.place, path: entry.path(of: "every"))
        }
        var communication = CommunicationRecord(every: every ?? .seconds(1))
        communication.molecules = readNames(
            "molecules", in: entry, kind: "molecule", among: vocabulary.molecules, section: "molecules")
        communication.senders = entry.choice("senders", Senders.allCases.map { ($0.rawValue, $0) }) ?? .types
        communication.receivers = readNames(
            "receivers", in: entry, kind: "cell type", among: vocabulary.cellTypes, section: "cells")
        if let groups = entry.table("groups") {
            for field in groups.fields {
                let path = groups.path(of: field.key)
                guard let read = readGroup(field, path: path, in: groups, space: space) else { continue }
                communication.groups.append(read)
            }
        }
        if communication.senders == .cells, let first = entry.branch("groups") {
            findings.error(
                first.place, "\(entry.path(of: "groups")): groups have no meaning where every cell is a sender",
                fix: "remove 'groups', or 'senders: cells'")
        }
        entry.expectNothingElse()
        return every == nil ? nil : communication
    }

    /// A list of names that must be known.
    private func readNames(
        _ key: String, in entry: Entry, kind: String, among known: [String], section: String
    ) -> [String] {
        guard let branch = entry.branch(key) else { return [] }
        let path = entry.path(of: key)
        var names: [String] = []
        for item in reading.list(branch, path: path) ?? [] {
            guard let name = reading.text(item, path: path) else { continue }
            if !known.contains(name) {
                reading.undefined(kind, name, among: known, section: section, at: item.place)
            } else if names.contains(name) {
                findings.error(item.place, "\(path): '\(name)' stands here twice", fix: "name it once")
            } else {
                names.append(name)
            }
        }
        return names
    }

    /// `rim: Tsec within 30 µm of (10, 20, 30) µm`.
    private func readGroup(_ field: Branch.Field, path: String, in section: Entry, space: Space?) -> CellGroup? {
        let isNamed = reading.checkName(field.key, at: field.keyPlace)
        if vocabulary.cellTypes.contains(field.key) || field.key == "outside" {
            findings.error(
                field.keyPlace,
                "'\(path)' has the name of \(field.key == "outside" ? "what no cell secretes" : "a cell type")",
                fix: "give the group a name of its own")
            return nil
        }
        guard let text = reading.text(field.value, path: path) else { return nil }
        guard let (type, rest) = Clause(text: text, offset: 0).split(at: "within"),
            let (distance, point) = rest.split(at: "of")
        else {
            findings.error(
                field.value.place, "\(path): '\(text.shortened)' does not say which cells",
                fix: "write it as CELLTYPE within 30 µm of (10, 20, 30) µm")
            return nil
        }
        let isKnown = vocabulary.cellTypes.contains(type.text)
        if !isKnown {
            reading.undefined(
                "cell type", type.text, among: vocabulary.cellTypes, section: "cells",
                at: field.value.place(at: type.offset))
        }
        let radius = reading.number(
            distance.text, in: field.value, at: distance.offset, path: path, .length, .positive)
        let centre = space.flatMap { space -> [Length]? in
            if point.text == "centre" { return space.size.map { .micrometres($0.value / 2) } }
            return PlacementReader(section: section, space: space, reading: reading).readPoint(
                point, in: field.value, path: path)
        }
        guard let radius, let centre, isKnown, isNamed else { return nil }
        return CellGroup(name: field.key, cellType: type.text, centre: centre, radius: .micrometres(radius))
    }
}
