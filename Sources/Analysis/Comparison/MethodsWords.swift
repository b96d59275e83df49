import Biology
import Results

/// The sentences of a model's methods.
struct MethodsWords {
    let model: Model
    let counts: [String: Int]?
    let engine: RunManifest.Engine
    /// The share of a leap, as it was given.
    let leap: String?

    // MARK: - Space and molecules

    var space: String {
        if model.hasOnlyNetworks { return "" }
        if let organs { return organs }
        let space = model.space
        let size = space.size.map { ModelWords.number($0.value) }.joined(separator: " × ")
        let voxels = space.voxels.map(String.init).joined(separator: " × ")
        var text = "The tissue was a box of \(size) µm, divided into \(voxels) cubic voxels with edges of "
        text += "\(ModelWords.text(space.spacing))"
        if space.voxels[2] == 1 { text += " (one layer: diffusion is two-dimensional)" }
        if engine != .tissue { text += "; of it only volumes counted, because its medium was mixed" }
        text += ". " + walls(space.walls, periodic: space.periodic)
        return text
    }

    func walls(_ walls: [Face: Wall], periodic: Set<Axis>) -> String {
        var parts = Axis.allCases.filter(periodic.contains).map { "the two faces of \($0) are joined (periodic)" }
        for face in Face.all {
            guard let wall = walls[face], wall != .noFlux else { continue }
            parts.append("the face \(face) is \(ModelWords.wall(wall))")
        }
        if parts.isEmpty { return "Nothing crossed its faces (no-flux)." }
        return "At its faces, \(Words.list(parts, "and")); nothing crosses any other (no-flux)."
    }

    var molecules: String { model.molecules.map(sentence).joined(separator: " ") }

    private func sentence(_ molecule: Molecule) -> String {
        var text = "\(molecule.name) diffused at \(ModelWords.text(molecule.diffusion)) and "
        text += molecule.decay > .zero ? "decayed at \(ModelWords.text(molecule.decay))" : "did not decay (0 /h)"
        if let mass = molecule.mass { text += ", with a mass of \(ModelWords.text(mass))" }
        text += "; it started at \(ModelWords.text(molecule.starts)) everywhere."
        if let parts = molecule.association {
            text += " It is \(parts.first) and \(parts.second) bound to each other in the medium "
            text += "(k_on \(ModelWords.text(parts.kOn)), k_off \(ModelWords.text(parts.kOff)))."
        }
        let own = Face.all.compactMap { face in
            molecule.walls[face].map { "\(face) \(ModelWords.wall($0))" }
        }
        return own.isEmpty ? text : "\(text) For it alone the faces were: \(Words.list(own, "and"))."
    }

    // MARK: - Receptors

    var receptors: String {
        (model.receptors.map(sentence) + model.complexes.map(sentence)).joined(separator: " ")
    }

    private func sentence(_ receptor: Receptor) -> String {
        let supply =
            switch receptor.supply {
            case .held: "each internalised receptor was replaced at once (supply held)"
            case .turnover: "receptors were made and lost (\(ModelWords.supply(receptor.supply)))"
            case .none: "no receptors were made (supply none)"
            }
        var after = [supply]
        if receptor.recycling > .zero {
            after.append("internalised ones returned to the surface at \(ModelWords.text(receptor.recycling))")
        }
        if receptor.degradation > .zero {
            after.append("internalised ones were lost at \(ModelWords.text(receptor.degradation))")
        }
        let ligands = receptor.ligands.map { ligand in
            var text = "\(ligand.ligand) (k_on \(ModelWords.text(ligand.kOn)), k_off \(ModelWords.text(ligand.kOff))"
            if ligand.kOn.value > 0 {
                let kD = Concentration(coherent: ligand.kOff.value / ligand.kOn.value)
                text += ", K_D \(Words.number(kD.inPicomolar)) pM"
            }
            text += ", internalisation of the bound receptor with its ligand \(ModelWords.text(ligand.endocytosis))"
            return text + (ligand.signals ? ")" : "; an antagonist: it occupies the receptor without a signal)")
        }
        let bound = ligands.isEmpty ? "binds no ligand itself" : "bound \(Words.list(ligands, "and"))"
        return "\(receptor.name) \(bound); \(Words.list(after, "and"))."
    }

    private func sentence(_ complex: SurfaceComplex) -> String {
        "On the surface of a cell \(ModelWords.species(complex.first)) and \(ModelWords.species(complex.second)) joined to "
            + "\(complex.name) (k_on \(ModelWords.text(complex.kOn)), k_off \(ModelWords.text(complex.kOff)), "
            + "internalisation \(ModelWords.text(complex.endocytosis)))."
    }

    // MARK: - Cells

    var cells: String {
        if model.hasOnlyNetworks { return "" }
        var sentences: [String] = []
        if let counts {
            let total = Words.cells(counts.values.reduce(0, +))
            let standing = model.cellTypes.filter { $0.life?.vanishes == nil || (counts[$0.name] ?? 0) > 0 }
            let each = standing.map { "\(Words.number(Double(counts[$0.name] ?? 0), digits: 9)) \($0.name)" }
            let place = (model.organs?.count ?? 1) > 1 ? "them" : "it"
            let how = model.isAlive ? "stood in \(place) at the start" : "stood still in \(place)"
            sentences.append("\(total) \(how): \(Words.list(each, "and")).")
        }
        sentences += model.cellTypes.filter { $0.life?.vanishes == nil }.map(sentence)
        let isOne = model.organs?.isEmpty ?? true
        var places = (isOne ? model.placements : []).map { "\($0.cellType ?? "all others"): \(sentence($0.pattern))" }
        for organ in model.organs ?? [] {
            places += organ.placements.map {
                "\($0.cellType ?? "all others") in \(organ.name): \(sentence($0.pattern))"
            }
        }
        if !places.isEmpty { sentences.append("Cells were placed as follows. \(places.joined(separator: ". ")).") }
        if model.cellTypes.contains(where: isVaried) {
            sentences.append("Numbers with ± differ from cell to cell: log-normal, with this coefficient of variation.")
        }
        return sentences.joined(separator: " ")
    }

    private func isVaried(_ type: CellType) -> Bool {
        type.secretes.values.contains { $0.variation > 0 }
            || type.receptors.values.contains {
                if case .spread(let spread) = $0 { spread.variation > 0 } else { false }
            }
    }

    private func sentence(_ type: CellType) -> String {
        var parts = ["had a radius of \(ModelWords.text(type.radius))"]
        if let count = type.count { parts.append("were to be \(ModelWords.count(count))\(share(count))") }
        for (name, number) in type.receptors.sorted(by: { $0.key < $1.key }) {
            parts.append("carried \(name): \(ModelWords.receptors(number))")
        }
        for (name, rate) in type.secretes.sorted(by: { $0.key < $1.key }) {
            parts.append("each secreted \(name) at \(ModelWords.spread(rate, .secretion))")
        }
        for state in type.states {
            parts.append("had the state \(state.name) = \(ModelWords.expression(state.expression))")
        }
        return "\(type.name) cells \(Words.list(parts, "and"))."
    }

    private func share(_ count: CellCount) -> String {
        if case .share = count { " of all cells" } else { "" }
    }

    private func sentence(_ pattern: Placement.Pattern) -> String {
        switch pattern {
        case .lattice, .cluster, .layer: return ModelWords.pattern(pattern)
        case .random: return "random, anywhere without overlap"
        case .points(let points):
            return points.count <= 20 ? ModelWords.pattern(pattern) : "at \(points.count) stated points"
        case .table(let table):
            let labels = table.labels.sorted { $0.key < $1.key }.map { label, shares in
                let types = shares.map { "\(ModelWords.number($0.share * 100)) % \($0.cellType)" }
                return "'\(label)' \(shares.isEmpty ? "left out" : "became \(Words.list(types, "and"))")"
            }
            var text =
                "from the table \(table.path) (columns \(Words.list(table.positionColumns ?? ["obsm/spatial"], "and"))"
            text += ", one unit of which is \(ModelWords.text(table.unitLength)); types from \(table.typeColumn)"
            text += labels.isEmpty ? ")" : "; \(Words.list(labels, "and")))"
            if let thickness = table.thickness { text += ", at random depth within \(ModelWords.text(thickness))" }
            return text
        }
    }

    // MARK: - What happens

    var rules: String {
        let lines = model.rules.map { model.words($0) } + model.blocks.map { model.words($0) }
        guard !lines.isEmpty else { return "" }
        var text = "Cells changed along Hill curves, read every \(ModelWords.text(model.run.ruleStep)). "
        text += lines.joined(separator: ". ") + "."
        let meet = model.combinations.map { "\($0.key) by \($0.value.rawValue)" }.sorted()
        if !meet.isEmpty { text += " Several rules of one behaviour met: \(Words.list(meet, "and"))." }
        return text
    }

    var treatments: String {
        guard !model.treatments.isEmpty else { return "" }
        return "Into the medium were given \(Words.list(model.treatments.map { model.words($0) }, "and"))."
    }

    var numerics: String {
        let run = model.run
        var text = "Runs covered \(ModelWords.text(run.duration)). "
        guard engine == .tissue else { return text + mixedNumerics }
        text +=
            run.fields == .dynamic
            ? "Concentrations followed ∂c/∂t = D∇²c − λc on the voxels (finite volumes), together with binding and "
                + "internalisation on every cell, by TR-BDF2 in steps chosen to keep the local error below "
            : "Concentrations were quasi-steady (∂c/∂t = 0) at every moment of binding and internalisation on the cells, "
                + "whose steps were chosen to keep the local error below "
        text +=
            "\(ModelWords.number(run.tolerance)) of the field's maximum or the cell's receptors [1]. Each cell met the "
        text +=
            "concentration at its own surface: the field of the voxels with a near-field correction for itself and its "
        text +=
            "neighbours. What was secreted, entered, decayed, left, bound and was internalised was counted in a ledger "
        text +=
            "that must close to 1e-9. Random numbers came from Philox4x32-10, keyed by seed, cell, step and purpose [2]."
        return text
    }

    var records: String {
        let record = model.record
        var parts: [String] = []
        if let cells = record.cells {
            parts.append(
                "\(Words.list(cells.columns.map(\.words), "and")) of every cell each \(ModelWords.text(cells.every))")
        }
        for field in record.fields {
            parts.append("the field of \(field.molecule) each \(ModelWords.text(field.every))")
        }
        if let series = record.series { parts.append("means over cells each \(ModelWords.text(series))") }
        if let asked = record.communication {
            parts.append("who captured whose molecules each \(ModelWords.text(asked.every))")
        }
        var text = parts.isEmpty ? "" : "Recorded were \(parts.joined(separator: "; ")). "
        if !model.expectations.isEmpty {
            text += "Expected were: \(model.expectations.map(\.text).joined(separator: "; "))."
        }
        return text
    }

    var references: [String] {
        var found = engine == .tissue ? MethodsWords.tissueReferences : mixedReferences
        let usesMuSyC = model.rules.contains { if case .musyc = $0.interaction { true } else { false } }
        if model.cellTypes.contains(where: { $0.life?.motion?.towards.isEmpty == false }) {
            found.append(
                "Gradient sensing by the difference of bound receptors: Tranquillo, Lauffenburger & Zigmond 1988, J Cell Biol 106:303."
            )
        }
        if usesMuSyC { found.append("MuSyC interaction: Meyer et al. 2019, Cell Systems 8:97.") }
        return found
    }

    private static let tissueReferences = [
        "TR-BDF2 after Bank et al. 1985, in the form of Hosea & Shampine 1996 (both named from memory in the program's source: look them up before citing).",
        philox,
    ]

    static let philox =
        "Salmon, Moraes, Dror & Shaw 2011, Parallel random numbers: as easy as 1, 2, 3, doi:10.1145/2063384.2063405."
}
