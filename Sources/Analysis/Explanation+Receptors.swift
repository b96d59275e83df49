import Biology
import Foundation

extension Explanation {
    /// Affinity, effective affinity, speed and supply of every receptor with every ligand.
    static func receptors(_ tissue: MeanTissue) -> Section {
        var items: [Item] = []
        for receptor in tissue.model.receptors {
            for binding in receptor.ligands { items += pair(receptor, binding, tissue) }
            if !receptor.ligands.isEmpty { items.append(supply(receptor)) }
        }
        for molecule in tissue.model.molecules {
            guard let pair = molecule.association else { continue }
            items.append(
                Item(
                    "K_D of \(pair.first) with \(pair.second) in the medium", "k_off / k_on",
                    [perSecond("k_off", pair.kOff.value), perNanomolar(pair.kOn.value)],
                    picomolar(pair.kOff.value / pair.kOn.value), "pM"))
        }
        for complex in tissue.model.complexes {
            items.append(
                Item(
                    "K_D of \(complex.name) on the surface", "k_off / k_on",
                    [
                        perSecond("k_off", complex.kOff.value), Figure("k_on", complex.kOn.value, "/molecule/s"),
                    ], complex.kOff.value / complex.kOn.value, "molecules", .note,
                    "joined complexes hold ligand longer than the figures for single receptors say"))
        }
        return Section(title: "Receptors", items: items)
    }

    private static func pair(_ receptor: Receptor, _ binding: LigandBinding, _ tissue: MeanTissue) -> [Item] {
        let name = "\(binding.ligand) on \(receptor.name)"
        let kOn = perNanomolar(binding.kOn.value)
        let (kOff, kE) = (perSecond("k_off", binding.kOff.value), perSecond("k_endo", binding.endocytosis.value))
        var items = [
            Item("K_D of \(name)", "k_off / k_on", [kOff, kOn], picomolar(binding.kD), "pM"),
            halfSaturation(receptor, binding),
            Item(
                "receptor relaxation, \(name)", "1 / (k_off + k_endo)", [kOff, kE],
                1 / (binding.kOff.value + binding.endocytosis.value), "s"),
        ]
        for type in tissue.presentTypes where type.receptors[receptor.name] != nil {
            let number = tissue.receptors(receptor.name, on: type)
            items.append(
                Item(
                    "low-dose uptake of \(name), one \(type.name)", "k_on R",
                    [Figure("k_on", binding.kOn.value, "µm³/s"), Figure("R", number ?? .nan, "receptors")],
                    number.map { binding.kOn.value * $0 }, "µm³/s", .plain,
                    number == nil ? "R stands in the table's column and its scale: known once cells are read" : ""))
        }
        if receptor.supply == .none, receptor.recycling == .zero, binding.endocytosis.value > 0 {
            let saturated = log(2) / binding.endocytosis.value
            items.append(
                Item(
                    "half of \(receptor.name) internalised at saturating \(binding.ligand)", "ln 2 / k_endo", [kE],
                    saturated, "s", .note, "no receptor is made: uptake ends with them"))
            if let level = tissue.highestSurfaceLevel(of: binding.ligand) {
                items.append(
                    Item(
                        "half of \(receptor.name) internalised beside a secretor of \(binding.ligand)",
                        "ln 2 / k_endo (1 + K / c), K = (k_off + k_endo) / k_on",
                        [kE, Figure("K", picomolar(binding.effectiveKD), "pM"), Figure("c", picomolar(level), "pM")],
                        saturated * (1 + binding.effectiveKD / level), "s", .note))
            }
        }
        return items
    }

    /// The ligand concentration of half-maximal steady uptake, which the supply of receptors decides.
    private static func halfSaturation(_ receptor: Receptor, _ binding: LigandBinding) -> Item {
        let name = "half-saturation of steady uptake, \(binding.ligand) on \(receptor.name)"
        let rates = [
            perSecond("k_off", binding.kOff.value), perSecond("k_endo", binding.endocytosis.value),
            perNanomolar(binding.kOn.value),
        ]
        let effective = picomolar(binding.effectiveKD)
        let (kE, kRec, kDeg) = (binding.endocytosis.value, receptor.recycling.value, receptor.degradation.value)
        let returned = kRec > 0 ? kRec / (kRec + kDeg) : 0
        switch receptor.supply {
        case .held:
            return Item(name, "(k_off + k_endo) / k_on", rates, effective, "pM")
        case .turnover(let loss):
            let spent = kE * (1 - returned)
            let formula = returned > 0 ? " · loss / (k_endo · share not recycled)" : " · loss / k_endo"
            return Item(
                name, "(k_off + k_endo) / k_on" + formula,
                rates + [perSecond("loss", loss.value)] + (returned > 0 ? [Figure("recycled", returned, "")] : []),
                spent > 0 ? effective * loss.value / spent : nil, "pM", .plain,
                spent > 0 ? "" : "uptake spends no receptors, so that it does not saturate")
        case .none where returned == 1:
            return Item(
                name, "(k_off + k_endo) / k_on / (1 + k_endo / k_rec)", rates + [perSecond("k_rec", kRec)],
                effective / (1 + kE / kRec), "pM")
        case .none:
            return Item(
                name, "none in the long run", rates, nil, "pM", .plain,
                "receptors are not replaced, so that no uptake is steady; at first it is \(text(effective, "pM"))")
        }
    }

    /// Which supply rule holds, in words.
    private static func supply(_ receptor: Receptor) -> Item {
        let name = "supply of \(receptor.name)"
        switch receptor.supply {
        case .held:
            return Item(
                name, "R + B = start", [], nil, "", .plain, "held: each internalised receptor is replaced at once")
        case .turnover(let loss):
            return Item(
                name, "ln 2 / loss", [perSecond("loss", loss.value)], log(2) / loss.value, "s", .plain,
                "turnover: free receptors are lost and made; the half-life is given")
        case .none:
            let returns = receptor.recycling.value > 0 ? ", only recycled" : ", none comes back"
            return Item(name, "dR/dt has no synthesis", [], nil, "", .plain, "none: no receptor is made" + returns)
        }
    }

    static func picomolar(_ coherent: Double) -> Double {
        coherent / Concentration.moleculesPerCubicMicrometreInNanomolar * 1000
    }

    static func perSecond(_ symbol: String, _ value: Double) -> Figure { Figure(symbol, value, "/s") }

    /// k_on in the unit whose quotient with /s reads in nM.
    private static func perNanomolar(_ value: Double) -> Figure {
        Figure("k_on", value * Concentration.moleculesPerCubicMicrometreInNanomolar, "/nM/s")
    }
}
