import Biology

extension Explanation {
    /// How far each molecule reaches through these cells, and how strongly each type draws on it.
    static func reach(_ tissue: MeanTissue) -> Section {
        var items: [Item] = []
        for molecule in tissue.model.molecules where molecule.diffusion.value > 0 {
            let consumers = tissue.presentTypes.filter { tissue.capture(of: molecule.name, by: $0).binding > 0 }
            for type in consumers { items += draws(type, on: molecule, tissue) }
            items += together(molecule, tissue)
        }
        return Section(title: "Reach", items: items)
    }

    private static func draws(_ type: CellType, on molecule: Molecule, _ tissue: MeanTissue) -> [Item] {
        let capture = tissue.capture(of: molecule.name, by: type).binding
        let diffusion = Figure("D", molecule.diffusion.value, "µm²/s")
        let uptake = Figure("k_on R", capture, "µm³/s")
        let decay = perSecond("decay", molecule.decay.value)
        let formula = "√(D / (k_on R n + decay))"
        let limit = 4 * Double.pi * molecule.diffusion.value * type.radius.value
        let number = capture / limit
        let all = tissue.screeningLength(of: molecule, capture: capture * tissue.density)
        let alone = tissue.screeningLength(of: molecule, capture: capture * tissue.density(of: type))
        return [
            Item(
                "Damköhler number of \(type.name) for \(molecule.name)", "k_on R / (4π D a)",
                [uptake, diffusion, Figure("a", type.radius.value, "µm")], number, "", number > 1 ? .note : .serves,
                number > 1
                    ? "diffusion limits uptake; where such cells touch, their exchange is good to 10 % only"
                    : "up to 1: the correction pair by pair misses at most 4 % of exchange, where cells touch"),
            Item(
                "screening length of \(molecule.name), if every cell were \(type.name)", formula,
                [diffusion, uptake, Figure("n", tissue.density, "cells/µm³"), decay], all, "µm"),
            Item(
                "screening length of \(molecule.name), by \(type.name) alone", formula,
                [diffusion, uptake, Figure("n", tissue.density(of: type), "cells/µm³"), decay], alone, "µm"),
        ]
    }

    private static func together(_ molecule: Molecule, _ tissue: MeanTissue) -> [Item] {
        let capture = tissue.captureRate(of: molecule.name)
        let diffusion = Figure("D", molecule.diffusion.value, "µm²/s")
        let decay = perSecond("decay", molecule.decay.value)
        let length = tissue.screeningLength(of: molecule, capture: capture.binding)
        let steady = tissue.screeningLength(of: molecule, capture: capture.steady)
        let box = tissue.model.space.size.map(\.value).max() ?? 0
        let unknown = capture.isKnown ? "" : "without the receptors whose numbers stand in the table"
        let nothing = "nothing takes it away: it spreads until a wall or the end of the run"
        let far = "longer than half the box: the walls decide as much as the cells"
        return [
            Item(
                "screening length of \(molecule.name), all cells together", "√(D / (Σ k_on R n + decay))",
                [diffusion, perSecond("Σ k_on R n", capture.binding), decay], length, "µm",
                length > box / 2 ? .note : .plain,
                length.isInfinite ? nothing : length > box / 2 ? far : unknown),
            Item(
                "screening length of \(molecule.name), all cells together, after unbinding",
                "√(D / (Σ k_on R n k_endo/(k_endo + k_off) + decay))",
                [diffusion, perSecond("Σ …", capture.steady), decay], steady, "µm", .plain,
                steady.isInfinite ? nothing : unknown),
        ]
    }

    /// What each secretor shows at its surface, and how much it takes back.
    static func secretors(_ tissue: MeanTissue) -> Section {
        var items: [Item] = []
        for molecule in tissue.model.molecules where molecule.diffusion.value > 0 {
            for type in tissue.presentTypes {
                guard let secretion = tissue.secretion(of: molecule.name, by: type) else { continue }
                items += secretes(type, molecule, secretion, tissue)
            }
            items += level(molecule, tissue)
        }
        return Section(title: "Secretors", items: items)
    }

    private static func secretes(
        _ type: CellType, _ molecule: Molecule, _ secretion: MeanTissue.Secretion, _ tissue: MeanTissue
    ) -> [Item] {
        let rate = Figure("Q", secretion.rate, "molecules/s")
        let diffusion = Figure("D", molecule.diffusion.value, "µm²/s")
        let radius = Figure("a", type.radius.value, "µm")
        let limit = 4 * Double.pi * molecule.diffusion.value * type.radius.value
        let own = tissue.capture(of: molecule.name, by: type)
        let length = tissue.screeningLength(
            of: molecule, capture: tissue.captureRate(of: molecule.name).binding)
        let uptake = Figure("k_on R", own.binding, "µm³/s")
        let surface = secretion.rate / (limit * (1 + type.radius.value / length) + own.binding)
        var items = [
            Item(
                "\(molecule.name) at the surface of an isolated \(type.name)", "Q / (4π D a)",
                [rate, diffusion, radius],
                picomolar(secretion.rate / limit), "pM", .plain,
                secretion.isByRule ? "at the highest rate that a rule sets" : ""),
            Item(
                "\(molecule.name) at the surface of a \(type.name) among these cells",
                "Q / (4π D a (1 + a/L) + k_on R)",
                [rate, diffusion, radius, Figure("L", length, "µm"), uptake], picomolar(surface), "pM"),
        ]
        if own.binding > 0 {
            items.append(
                Item(
                    "share of \(molecule.name) that a \(type.name) captures itself", "k_on R / (k_on R + 4π D a)",
                    [uptake, diffusion, radius], own.binding / (own.binding + limit), ""))
            items.append(
                Item(
                    "share of \(molecule.name) that a \(type.name) captures itself, after unbinding",
                    "k_on R f / (k_on R f + 4π D a), f = k_endo/(k_endo + k_off)",
                    [Figure("k_on R f", own.steady, "µm³/s"), diffusion, radius], own.steady / (own.steady + limit), "")
            )
        }
        return items
    }

    /// The box's mean level if uptake stays far from saturation, against what saturates it.
    private static func level(_ molecule: Molecule, _ tissue: MeanTissue) -> [Item] {
        let secreted = tissue.presentTypes.reduce(0) {
            $0 + (tissue.secretion(of: molecule.name, by: $1)?.rate ?? 0) * tissue.density(of: $1)
        }
        guard secreted > 0 else { return [] }
        let removal = tissue.captureRate(of: molecule.name).steady + molecule.decay.value
        let mean = picomolar(secreted / removal)
        let half = tissue.model.receptors.flatMap(\.ligands).filter { $0.ligand == molecule.name }
            .map { picomolar($0.effectiveKD) }.min()
        let saturates = half.map { mean > $0 } ?? false
        let lost = "walls aside, nothing takes it away for good: it accumulates"
        return [
            Item(
                "mean \(molecule.name) in the box at steady state, if uptake is not saturated",
                "Σ Q n / (Σ k_on R n k_endo/(k_endo + k_off) + decay)",
                [Figure("Σ Q n", secreted, "molecules/µm³/s"), perSecond("removal", removal)], mean, "pM",
                saturates || removal == 0 ? .warning : .plain,
                removal == 0
                    ? lost
                    : saturates
                        ? "above the half-saturation \(text(half ?? 0, "pM")): receptors saturate, and the lengths above"
                            + " are too short" : "")
        ]
    }
}
