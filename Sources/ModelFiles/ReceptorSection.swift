import Biology

extension ModelReader {
    mutating func readReceptors(_ section: Entry) -> [Receptor] {
        let entries = section.entries()
        for (field, entry) in entries {
            places[entry.path] = field.keyPlace
            reading.vocabulary.ligands[field.key] = ligands(of: entry)
        }
        return entries.compactMap { readReceptor($0.entry, name: $0.field.key) }
    }

    /// The ligands as named, whether or not they exist.
    private func ligands(of entry: Entry) -> [String] {
        for field in entry.fields {
            switch (field.key, field.value.content) {
            case ("ligand", .text(let scalar)): return [scalar.text.trimmingSpaces]
            case ("ligands", .table(let fields)): return fields.map(\.key)
            default: continue
            }
        }
        return []
    }

    private func readReceptor(_ entry: Entry, name: String) -> Receptor? {
        let before = findings.errorCount
        let bindings = readBindings(entry)
        let supply = readSupply(entry)
        let recycling = entry.quantity("recycling", of: FirstOrderRate.self, .notNegative)
        let degradation = entry.quantity("degradation", of: FirstOrderRate.self, .notNegative)
        entry.expectNothingElse()
        guard findings.errorCount == before else { return nil }
        return Receptor(
            name: name, ligands: bindings, supply: supply, recycling: recycling ?? .zero,
            degradation: degradation ?? .zero)
    }

    /// One ligand with its rates beside it, several in a table, or none for a chain.
    private func readBindings(_ entry: Entry) -> [LigandBinding] {
        let ligand = entry.branch("ligand")
        let several = entry.branch("ligands")
        if let ligand, several != nil {
            findings.error(ligand.place, "'\(entry.path)' has both 'ligand' and 'ligands'", fix: "keep one of the two")
        }
        if let ligand {
            guard let name = reading.text(ligand, path: entry.path(of: "ligand")) else { return [] }
            return [readBinding(entry, ligand: name, at: ligand.place)].compactMap(\.self)
        }
        guard let several, let table = reading.entry(several, path: entry.path(of: "ligands")) else { return [] }
        if table.fields.isEmpty {
            findings.error(
                several.place, "'\(table.path)' is empty",
                fix: "name a ligand, or remove the line for a chain without one")
        }
        return table.entries().compactMap { field, inner in
            let binding = readBinding(inner, ligand: field.key, at: field.keyPlace)
            inner.expectNothingElse()
            return binding
        }
    }

    private func readBinding(_ entry: Entry, ligand: String, at place: Place) -> LigandBinding? {
        let kOn = entry.requiredQuantity("k_on", of: AssociationRate.self, .notNegative, example: "111 /nM/h")
        let kOff = entry.requiredQuantity("k_off", of: FirstOrderRate.self, .notNegative, example: "0.83 /h")
        let endocytosis = entry.quantity("k_endo", of: FirstOrderRate.self, .notNegative)
        let isAntagonist = entry.choice("antagonist", [("no", false), ("yes", true)]) ?? false
        guard vocabulary.molecules.contains(ligand) else {
            reading.undefined("molecule", ligand, among: vocabulary.molecules, section: "molecules", at: place)
            return nil
        }
        guard let kOn, let kOff else { return nil }
        return LigandBinding(
            ligand: ligand, kOn: kOn, kOff: kOff, endocytosis: endocytosis ?? .zero, signals: !isAntagonist)
    }

    /// Held unless the file says otherwise; `turnover` is the rate at which free receptors are lost and replaced.
    private func readSupply(_ entry: Entry) -> ReceptorSupply {
        let stated = entry.branch("supply")
        let turnover = entry.branch("turnover")
        if let turnover {
            if let stated {
                findings.error(
                    stated.place, "'\(entry.path)' has both 'supply' and 'turnover'", fix: "keep one of the two")
            }
            let path = entry.path(of: "turnover")
            return reading.quantity(turnover, path: path, of: FirstOrderRate.self, .notNegative).map {
                .turnover(loss: $0)
            } ?? .held
        }
        guard let stated, let text = reading.text(stated, path: entry.path(of: "supply")) else { return .held }
        return reading.choice(
            text, [("held", .held), ("none", .none)], at: stated.place, path: entry.path(of: "supply")) ?? .held
    }

    // MARK: - Complexes

    mutating func readComplexes(_ section: Entry) -> [SurfaceComplex] {
        let entries = section.entries()
        for (field, entry) in entries { places[entry.path] = field.keyPlace }
        let complexes = entries.compactMap { readComplex($0.entry, name: $0.field.key) }
        var parts: [String: [String]] = [:]
        for complex in complexes {
            parts[complex.name] = [complex.first, complex.second].compactMap {
                if case .complex(let name) = $0 { name } else { nil }
            }
        }
        refuseCircles(parts, entries, kind: "complexes")
        return complexes
    }

    private func readComplex(_ entry: Entry, name: String) -> SurfaceComplex? {
        let partners = readPair(entry, "joins", example: "[IL-2R.bound, gamma-c]")
        let kOn = entry.requiredQuantity(
            "k_on", of: SurfaceAssociationRate.self, .notNegative, example: "1e-4 /receptor/s")
        let kOff = entry.requiredQuantity("k_off", of: FirstOrderRate.self, .notNegative, example: "0.1 /h")
        let endocytosis = entry.quantity("k_endo", of: FirstOrderRate.self, .notNegative)
        entry.expectNothingElse()
        let species = partners?.map { surfaceSpecies($0.text, at: $0.place) }
        guard let species, let first = species[0], let second = species[1], let kOn, let kOff else { return nil }
        return SurfaceComplex(
            name: name, first: first, second: second, kOn: kOn, kOff: kOff, endocytosis: endocytosis ?? .zero)
    }

    private func surfaceSpecies(_ text: String, at place: Place) -> SurfaceSpecies? {
        if vocabulary.receptors.contains(text) { return .free(text) }
        if vocabulary.complexes.contains(text) { return .complex(text) }
        let pieces = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let known = vocabulary.receptors + vocabulary.complexes
        guard pieces.count == 2 || pieces.count == 3, pieces[1] == "bound", vocabulary.receptors.contains(pieces[0])
        else {
            reading.undefined("receptor or complex", text, among: known, section: "receptors", at: place)
            return nil
        }
        let ligands = vocabulary.ligands[pieces[0]] ?? []
        if pieces.count == 2 {
            guard ligands.count == 1 else {
                findings.error(
                    place, "'\(text)' does not say which ligand: '\(pieces[0])' has \(ligands.count)",
                    fix: ligands.isEmpty ? "name the free chain: \(pieces[0])" : "write \(text).\(ligands[0])")
                return nil
            }
            return .bound(receptor: pieces[0], ligand: ligands[0])
        }
        guard ligands.contains(pieces[2]) else {
            reading.undefined(
                "ligand of '\(pieces[0])'", pieces[2], among: ligands, section: "receptors.\(pieces[0])", at: place)
            return nil
        }
        return .bound(receptor: pieces[0], ligand: pieces[2])
    }
}
