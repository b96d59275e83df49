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
        return best(.diffusion) { $0.subject == cytokine.name }.map { number($0) }
            ?? .lacking("the catalogue has no diffusion of \(cytokine.name)")
    }

    /// Its own decay or half-life in tissue or medium, else that of its class; a half-life in plasma is that of a kidney.
    private func decay(_ cytokine: Cytokine) -> CatalogueAnswer {
        if let own = best(.decay, where: { $0.subject == cytokine.name }) { return number(own) }
        if let life = best(.halfLife, where: { $0.subject == cytokine.name && $0.condition.contains("tissue") }),
            let time = life.value.typical, time > 0
        {
            return .number(
                CatalogueNumber(
                    value: ModelNumbers.logOf2 / time, dimension: .rate, text: "half-life \(life.text)",
                    subject: ModelNumbers.subject(life), grade: life.grade.rawValue, source: life.source.cited,
                    isWeak: life.isUngraded))
        }
        for group in classes(of: cytokine) {
            if let common = best(.decay, where: { $0.subject == group }) { return number(common, isOfClass: true) }
        }
        return .lacking("the catalogue has no decay of \(cytokine.name)")
    }

    /// ln 2, to Double precision.
    private static let logOf2 = 0.693147180559945309417

    /// The classes whose numbers may stand for a cytokine that has none of its own, the nearest first.
    private func classes(of cytokine: Cytokine) -> [String] {
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
        let holders = kinds(cell) + (cell.lineage == .platelet ? [] : ["nucleated cell"])
        let partners = ligands.compactMap { cytokine($0) }
        let sites = partners.map { Site(chains: chains, ligand: $0.name, numbers: self).binding }
        for site in [Set(chains)] + sites {
            let found = best(.receptors, kinds: holders) {
                Set($0.receptor.split(separator: "+").map(String.init)) == site
            }
            if let found { return number(found) }
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
