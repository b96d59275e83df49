import Biology

extension ModelNumbers {
    func answer(_ question: CatalogueQuestion) -> CatalogueAnswer {
        switch question {
        case .diffusion(let name): molecule(name, diffusion)
        case .decay(let name): molecule(name, decay)
        case .mass(let name): molecule(name, mass)
        case .association(let receptor, let ligand, let stated):
            binding(receptor, ligand) { $0.association(statedDissociation: stated) }
        case .dissociation(let receptor, let ligand, let stated):
            binding(receptor, ligand) { $0.dissociation(statedAssociation: stated) }
        case .internalisation(let receptor, let ligand): binding(receptor, ligand) { $0.internalisation }
        case .radius(let name): radius(name)
        case .receptors(let receptor, let ligands, let name): receptors(receptor, ligands, name)
        case .secretion(let name, let cell): secretion(name, cell)
        }
    }

    // MARK: - Molecules

    private func molecule(_ name: String, _ answer: (Cytokine) -> CatalogueAnswer) -> CatalogueAnswer {
        cytokine(name).map(answer) ?? .lacking("the catalogue has no cytokine '\(excerpt(name))'")
    }

    private func diffusion(_ cytokine: Cytokine) -> CatalogueAnswer {
        guard !cytokine.isMembraneBound else {
            return .lacking(
                "the catalogue has \(cytokine.name) on the membrane of its makers, where it does not diffuse")
        }
        return diffusing(cytokine).map { number($0) }
            ?? .lacking("the catalogue has no diffusion of \(cytokine.name)")
    }

    /// The diffusion that is taken.
    func diffusing(_ cytokine: Cytokine) -> Measurement? { best(.diffusion) { $0.subject == cytokine.name } }

    private func decay(_ cytokine: Cytokine) -> CatalogueAnswer {
        guard let found = decaying(cytokine) else { return .lacking("the catalogue has no decay of \(cytokine.name)") }
        let taken = found.number
        guard taken.parameter == .halfLife else { return number(taken, isOfClass: found.isOfClass) }
        return .number(
            CatalogueNumber(
                value: found.rate, dimension: .rate, text: "half-life \(taken.text)",
                subject: ModelNumbers.subject(taken), grade: taken.grade.rawValue, source: taken.source.cited,
                isWeak: taken.isWeak))
    }

    /// A decay or half-life, as a rate in 1/s.
    struct Decaying {
        var number: Measurement
        var rate: Double
        var isOfClass = false
    }

    /// Its own decay or half-life in tissue or medium, else that of its class; a half-life in plasma is that of a kidney.
    ///
    /// Of decay and half-life that of a lab's own tables; where both are, the decay.
    func decaying(_ cytokine: Cytokine) -> Decaying? {
        let own = best(.decay) { $0.subject == cytokine.name }
        let life = best(.halfLife) { number in
            number.subject == cytokine.name && (number.value.typical ?? 0) > 0
                && ["tissue", "medium"].contains { number.condition.lowercased().contains($0) }
        }
        if let life, let time = life.value.typical, life.layer > own?.layer ?? -1 {
            return Decaying(number: life, rate: ModelNumbers.logOf2 / time)
        }
        if let own, let rate = own.value.typical { return Decaying(number: own, rate: rate) }
        for group in ModelNumbers.classes(of: cytokine) {
            if let common = best(.decay, where: { $0.subject == group }), let rate = common.value.typical {
                return Decaying(number: common, rate: rate, isOfClass: true)
            }
        }
        return nil
    }

    /// ln 2, to Double precision.
    private static let logOf2 = 0.693147180559945309417

    /// The classes whose numbers may stand for a cytokine that has none of its own, the nearest first.
    static func classes(of cytokine: Cytokine) -> [String] {
        (cytokine.family == "type I interferon" ? [cytokine.family] : [])
            + (cytokine.family.hasSuffix("chemokine") ? ["chemokines"] : []) + ["cytokines"]
    }

    /// Of the assembly; the chain's where that is all there is of it.
    private func mass(_ cytokine: Cytokine) -> CatalogueAnswer {
        if let whole = best(.assemblyMass, where: { $0.subject == cytokine.name }) { return number(whole) }
        guard cytokine.assembly.hasPrefix("monomer") else { return .silent }
        return best(.chainMass) { $0.subject == cytokine.name }.map { number($0) } ?? .silent
    }

    // MARK: - Cells

    private func radius(_ name: String) -> CatalogueAnswer {
        guard let cell = cell(name) else {
            return .lacking("the catalogue has no cell type '\(excerpt(name))'")
        }
        return best(.diameter, kinds: kinds(cell)) { _ in true }.map { number($0, scale: 0.5) }
            ?? .lacking("the catalogue has no diameter of \(cell.name)")
    }

    /// A number that holds for nearly every cell stands for what a cell type is a kind of last.
    private func receptors(_ name: String, _ ligands: [String], _ cellName: String) -> CatalogueAnswer {
        guard let cell = cell(cellName), let chains = receptor(name).chains else { return .silent }
        let holders = kinds(cell) + (cell.lineage == .platelet ? [] : [CatalogueCell.anyCell])
        let partners = ligands.compactMap { cytokine($0) }
        let sites = partners.map { Site(chains: chains, ligand: $0.name, numbers: self).binding }
        for site in [Set(chains)] + sites {
            let found = best(.receptors, kinds: holders) {
                Set($0.receptor.split(separator: "+").map(String.init)) == site
            }
            if let found { return number(found, isOfClass: found.cell == CatalogueCell.anyCell) }
        }
        let hears = partners.contains { ligand in
            (relations[ligand.name] ?? []).contains { $0.kind == .heardBy && kinds(cell).contains($0.what) }
        }
        guard hears else { return .silent }
        return .lacking(
            "the catalogue says that \(cell.name) hears \(partners.map(\.name).joined(separator: ", ")), and has no number of \(chains.joined(separator: "+")) on it"
        )
    }

    /// Only of a cell type that is itself named as a maker: Treg are CD4 T cells and make no IL-2.
    private func secretion(_ name: String, _ cellName: String) -> CatalogueAnswer {
        guard let cell = cell(cellName), let cytokine = cytokine(name) else { return .silent }
        let makes = (relations[cytokine.name] ?? []).contains { $0.kind == .madeBy && $0.what == cell.name }
        let holders = makes ? kinds(cell) : [cell.name]
        if let own = best(.secretion, kinds: holders, where: { $0.subject == cytokine.name }) { return number(own) }
        guard makes else { return .silent }
        if let common = best(.secretion, kinds: holders, where: { $0.subject == "cytokines" }) {
            return number(common, isOfClass: true)
        }
        return .lacking("the catalogue says that \(cell.name) makes \(cytokine.name), and not how much")
    }

    // MARK: - Binding

    private func binding(
        _ name: String, _ ligandName: String, _ answer: (Site) -> CatalogueAnswer
    ) -> CatalogueAnswer {
        guard let ligand = cytokine(ligandName) else {
            return .lacking("the catalogue has no cytokine '\(excerpt(ligandName))'")
        }
        let (chains, choices) = receptor(name)
        guard let chains else {
            return .lacking(
                choices.isEmpty
                    ? "the catalogue has no receptor '\(excerpt(name))'"
                    : "the catalogue does not choose between \(choices.joined(separator: " and ")) for '\(excerpt(name))'"
            )
        }
        return answer(Site(chains: chains, ligand: ligand.name, numbers: self))
    }
}
