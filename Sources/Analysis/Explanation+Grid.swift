import Biology
import Foundation

extension Explanation {
    /// Whether voxels are small enough for the fields and large enough for the near-field correction.
    static func grid(_ tissue: MeanTissue) -> Section {
        let spacing = Figure("h", tissue.spacing, "µm")
        var items: [Item] = []
        for molecule in tissue.model.molecules where molecule.diffusion.value > 0 {
            let length = tissue.screeningLength(of: molecule, capture: tissue.captureRate(of: molecule.name).binding)
            guard length.isFinite else { continue }
            let ratio = length / tissue.spacing
            items.append(
                Item(
                    "screening length of \(molecule.name) in voxels", "L / h", [Figure("L", length, "µm"), spacing],
                    ratio, "", ratio < 2 ? .warning : .serves,
                    ratio < 2
                        ? "below 2: the field between cells is coarse; use 'grid: \(text(length / 2, "µm"))' or less"
                        : ""))
        }
        for type in tissue.presentTypes {
            let ratio = tissue.spacing / type.radius.value
            let serves = (1...4).contains(ratio)
            items.append(
                Item(
                    "voxel against the radius of \(type.name)", "h / a",
                    [spacing, Figure("a", type.radius.value, "µm")], ratio, "", serves ? .serves : .warning,
                    serves ? "validated from 1 to 4" : "validated from 1 to 4 only"))
        }
        items += crowding(tissue)
        items += noise(tissue)
        return Section(title: "Does the grid serve?", items: items)
    }

    private static func crowding(_ tissue: MeanTissue) -> [Item] {
        guard tissue.cellCount > 0 else { return [] }
        let h = tissue.spacing
        let count = Figure("N", Double(tissue.cellCount), "cells")
        let volume = Figure("V", tissue.volume, "µm³")
        let filled = tissue.presentTypes.reduce(0) {
            $0 + Double(tissue.count(of: $1)) * 4 / 3 * .pi * pow($1.radius.value, 3)
        }
        let share = filled / tissue.volume
        let reach = 3 * h
        let pairs = Neighbours.meanWithin(reach, tissue.census)
        let spread = tissue.density * 4 / 3 * .pi * pow(reach, 3)
        var items = [
            Item(
                "cells in a voxel", "N h³ / V", [count, Figure("h", h, "µm"), volume], tissue.density * h * h * h, ""),
            Item(
                "share of the box that cells fill", "Σ 4/3 π a³ / V", [volume], share, "",
                share > 0.64 ? .warning : .plain,
                share > 0.64
                    ? "spheres cannot be packed so densely at random (0.64): cells overlap"
                    : "cells do not hinder diffusion here: give the D of the tissue, not of water"),
            Item(
                "neighbours of a cell within 3 voxels", pairs == nil ? "n 4/3 π (3h)³" : "counted",
                pairs == nil ? [Figure("n", tissue.density, "cells/µm³"), Figure("h", h, "µm")] : [],
                pairs ?? spread, "", .plain, "corrected pair by pair"),
        ]
        if tissue.model.space.voxels.contains(1) {
            items.append(
                Item(
                    "thickness of the slab", "1 voxel", [], h, "µm", .note,
                    "a slab keeps what it holds: levels and ranges are higher than in the full tissue above"))
        }
        return items
    }

    private static func noise(_ tissue: MeanTissue) -> [Item] {
        let voxel = pow(tissue.spacing, 3)
        let perPicomolar = Concentration.picomolar(1).value
        var items = [
            Item(
                "molecules in a voxel at 1 pM", "1 pM · h³",
                [Figure("1 pM", perPicomolar, "molecules/µm³"), Figure("h", tissue.spacing, "µm")],
                perPicomolar * voxel, "molecules")
        ]
        for molecule in tissue.model.molecules where molecule.diffusion.value > 0 {
            guard let highest = tissue.highestSurfaceLevel(of: molecule.name) else { continue }
            let number = highest * voxel
            items.append(
                Item(
                    "molecules of \(molecule.name) in a voxel at its secretors' surface level", "c h³",
                    [Figure("c", picomolar(highest), "pM"), Figure("h", tissue.spacing, "µm")], number, "molecules",
                    number < 1 ? .warning : .plain,
                    number < 1 ? "below 1: chance matters, and a concentration is a mean over many such tissues" : ""))
        }
        return items
    }
}

/// Counts neighbours among placed cells.
enum Neighbours {
    /// Cells whose neighbours are counted: chosen, a mean over these is good to a few percent and takes no time.
    static let sample = 2000

    /// Mean number of other cells within a distance (µm), walls as they are; `nil` where nothing is placed.
    static func meanWithin(_ distance: Double, _ census: CellCensus) -> Double? {
        let (x, y, z) = (census.x, census.y, census.z)
        guard x.count > 1 else { return nil }
        func bin(_ i: Int) -> [Int] { [x[i], y[i], z[i]].map { Int(($0 / distance).rounded(.down)) } }
        var bins: [[Int]: [Int]] = [:]
        for i in x.indices { bins[bin(i), default: []].append(i) }
        let step = max(1, x.count / sample)
        var found = 0
        var asked = 0
        for i in stride(from: 0, to: x.count, by: step) {
            asked += 1
            let home = bin(i)
            for shift in 0..<27 {
                let place = [home[0] + shift % 3 - 1, home[1] + shift / 3 % 3 - 1, home[2] + shift / 9 - 1]
                for j in bins[place] ?? [] where j != i {
                    let (dx, dy, dz) = (x[j] - x[i], y[j] - y[i], z[j] - z[i])
                    if dx * dx + dy * dy + dz * dz <= distance * distance { found += 1 }
                }
            }
        }
        return Double(found) / Double(asked)
    }
}
