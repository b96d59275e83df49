import Biology
import Foundation

extension Explanation {
    /// How long each part takes to reach its steady state, and how that compares with the run.
    static func times(_ tissue: MeanTissue) -> Section {
        var items: [Item] = []
        var parts: [(name: String, time: Double)] = []
        for molecule in tissue.model.molecules where molecule.diffusion.value > 0 {
            items += fieldTimes(molecule, tissue)
            items += clock(molecule, tissue)
            parts.append(("field of \(molecule.name)", relaxation(of: molecule, tissue)))
        }
        for receptor in tissue.model.receptors {
            for binding in receptor.ligands {
                let rate = binding.kOff.value + binding.endocytosis.value
                parts.append(("\(receptor.name) with \(binding.ligand)", 1 / rate))
            }
            if case .turnover(let loss) = receptor.supply {
                parts.append(("turnover of \(receptor.name)", 1 / loss.value))
            }
        }
        guard let slowest = parts.max(by: { $0.time < $1.time }) else {
            return Section(title: "Time to steady state", items: items)
        }
        let duration = tissue.model.run.duration.value
        let serves = duration >= 3 * slowest.time
        items.append(
            Item(
                "run, in units of its slowest part", "duration / time of the \(slowest.name)",
                [Figure("duration", duration, "s"), Figure("time", slowest.time, "s")], duration / slowest.time, "",
                serves ? .serves : .note,
                serves ? "steady before the end" : "the run ends before everything is steady"))
        return Section(title: "Time to steady state", items: items)
    }

    /// How long a field takes to follow, s: 1/(Σ k_on R n + decay) or, if nothing removes it, to even out.
    private static func relaxation(of molecule: Molecule, _ tissue: MeanTissue) -> Double {
        let box = tissue.model.space.size.map(\.value).max() ?? 0
        let removal = tissue.captureRate(of: molecule.name).binding + molecule.decay.value
        return removal > 0 ? 1 / removal : box * box / (.pi * .pi * molecule.diffusion.value)
    }

    /// Whether the field is quick against the clock of rules.
    private static func clock(_ molecule: Molecule, _ tissue: MeanTissue) -> [Item] {
        let time = relaxation(of: molecule, tissue)
        let step = tissue.model.run.ruleStep.value
        let ratio = time / step
        let misleads = tissue.model.run.fields == .quasiSteady && ratio > 1
        let follows = "the field does not follow cells at once: 'fields: dynamic' is right, and quasi-steady is not"
        let quick = "the field follows cells within a tenth of a rule step: quasi-steady fields serve too"
        return [
            Item(
                "field of \(molecule.name) against the clock of rules", "time / rule step",
                [Figure("time", time, "s"), Figure("rule step", step, "s")], ratio, "", misleads ? .warning : .plain,
                ratio > 1 ? follows : ratio < 0.1 ? quick : "")
        ]
    }

    private static func fieldTimes(_ molecule: Molecule, _ tissue: MeanTissue) -> [Item] {
        let d = molecule.diffusion.value
        let diffusion = Figure("D", d, "µm²/s")
        let length = tissue.screeningLength(of: molecule, capture: tissue.captureRate(of: molecule.name).binding)
        var items: [Item] = []
        if length.isFinite {
            items.append(
                Item(
                    "field of \(molecule.name) over its screening length", "L² / D",
                    [Figure("L", length, "µm"), diffusion], length * length / d, "s"))
        }
        if molecule.decay.value > 0 {
            items.append(
                Item(
                    "decay of \(molecule.name)", "1 / decay", [perSecond("decay", molecule.decay.value)],
                    1 / molecule.decay.value, "s"))
        }
        let box = tissue.model.space.size.map(\.value).max() ?? 0
        if length > box / .pi {
            items.append(
                Item(
                    "\(molecule.name) evens out along the longest edge", "(edge / π)² / D",
                    [Figure("edge", box, "µm"), diffusion], box * box / (.pi * .pi * d), "s"))
        }
        if tissue.cellCount > 1 {
            let distance = pow(1 / tissue.density, 1.0 / 3)
            // r²/(4D·0.2275), 0.2275 = (erfc⁻¹(1/2))²: facts V02.
            items.append(
                Item(
                    "\(molecule.name) half built up at a neighbour", "r² / (4 D · 0.2275), r = n^(−1/3)",
                    [Figure("r", distance, "µm"), diffusion], distance * distance / (4 * d * 0.2275), "s"))
        }
        return items
    }
}
