import Biology
import Foundation

extension Explanation {
    /// How long each part takes to reach its steady state, and how that compares with the run.
    static func times(_ tissue: MeanTissue) -> Section {
        var items: [Item] = []
        var slowest = 0.0
        for molecule in tissue.model.molecules where molecule.diffusion.value > 0 {
            let field = fieldTimes(molecule, tissue)
            items += field
            slowest = max(slowest, field.compactMap(\.value).max() ?? 0)
        }
        for receptor in tissue.model.receptors {
            for binding in receptor.ligands where binding.kOff.value + binding.endocytosis.value > 0 {
                slowest = max(slowest, 1 / (binding.kOff.value + binding.endocytosis.value))
            }
            if case .turnover(let loss) = receptor.supply, loss.value > 0 { slowest = max(slowest, 1 / loss.value) }
        }
        let duration = tissue.model.run.duration.value
        guard slowest > 0 else { return Section(title: "Time to steady state", items: items) }
        items.append(
            Item(
                "run, in units of the slowest of these and of the receptors", "duration / slowest",
                [Figure("duration", duration, "s"), Figure("slowest", slowest, "s")], duration / slowest, "",
                duration < 3 * slowest ? .note : .serves,
                duration < 3 * slowest ? "the run ends before everything is steady" : "steady well before the end"))
        return Section(title: "Time to steady state", items: items)
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
