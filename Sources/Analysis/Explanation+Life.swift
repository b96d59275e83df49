import Biology
import Foundation

extension Explanation {
    /// How cells move, and what they feel of a gradient.
    static func motion(_ tissue: MeanTissue) -> Section {
        var items: [Item] = []
        for type in tissue.livingTypes {
            guard let motion = type.life?.motion else { continue }
            items += walk(type, motion, tissue)
            for attraction in motion.towards { items += sense(attraction, type, motion, tissue) }
            items += stepOfMotion(type, motion, tissue)
        }
        if let mechanics = tissue.model.mechanics { items += overlaps(mechanics, tissue) }
        return Section(title: "Motion", items: items)
    }

    private static func walk(_ type: CellType, _ motion: Motion, _ tissue: MeanTissue) -> [Item] {
        let dimensions = tissue.model.space.voxels[2] == 1 ? 2.0 : 3.0
        let (s, p) = (motion.speed.value, motion.persistence.value)
        let figures = [Figure("S", s * 60, "µm/min"), Figure("P", p, "s")]
        let hour = 3600.0
        let squared = 2 * s * s * p * (hour - p * (1 - exp(-hour / p)))
        return [
            Item(
                "motility of \(type.name)", "S² P / \(Int(dimensions))", figures, s * s * p / dimensions * 60,
                "µm²/min",
                .plain, s == 0 ? "moves only as rules say" : ""),
            Item(
                "displacement of a \(type.name) in an hour, if nothing draws it",
                "√(2 S² P (t − P (1 − e^(−t/P)))), t = 1 h", figures, squared.squareRoot(), "µm"),
        ]
    }

    /// What a gradient of 1 % across the cell is to it where half of its receptors are bound.
    private static func sense(
        _ attraction: Attraction, _ type: CellType, _ motion: Motion, _ tissue: MeanTissue
    ) -> [Item] {
        guard let receptor = tissue.model.receptor(attraction.receptor),
            let number = tissue.receptors(attraction.receptor, on: type)
        else { return [] }
        return receptor.ligands.filter { $0.signals && $0.kOn.value > 0 }.flatMap { binding -> [Item] in
            let difference = number * 0.01 / 4
            let kappa = abs(attraction.sensitivity * difference)
            let cosine = kappa > 1e-4 ? 1 / tanh(kappa) - 1 / kappa : kappa / 3
            let sense = Figure("sensitivity", attraction.sensitivity, "/receptor")
            return [
                Item(
                    "bound \(receptor.name) ahead less behind, 1 % of \(binding.ligand) across a \(type.name) at c = K",
                    "R · 1 % · c K / (c + K)²",
                    [Figure("R", number, "receptors"), Figure("K", picomolar(binding.kD), "pM")], difference,
                    "receptors",
                    .plain, "less above and below K; nothing where all are bound"),
                Item(
                    "drift of a \(type.name) \(attraction.sensitivity < 0 ? "down" : "up") that gradient",
                    "S (coth κ − 1/κ), κ = sensitivity · difference",
                    [Figure("S", motion.speed.value * 60, "µm/min"), sense, Figure("κ", kappa, "")],
                    motion.speed.value * 60 * cosine, "µm/min", cosine < 0.01 ? .note : .plain,
                    cosine < 0.01 ? "below 1 % of its speed: this gradient hardly draws it" : ""),
            ]
        }
    }

    /// The clock of motion against how far and how straight a cell goes.
    private static func stepOfMotion(_ type: CellType, _ motion: Motion, _ tissue: MeanTissue) -> [Item] {
        let step = tissue.motionStep
        let speeds = tissue.values(of: .speed, in: type, stated: motion.speed.value)
        let way = (speeds.max() ?? 0) * step / type.radius.value
        let turns = tissue.values(of: .persistence, in: type, stated: motion.persistence.value)
        let share = step / (turns.min() ?? motion.persistence.value)
        let clock = Figure("motion step", step, "s")
        return [
            Item(
                "way of a \(type.name) in a motion step, in its radii", "S · motion step / a",
                [Figure("S", (speeds.max() ?? 0) * 60, "µm/min"), clock, Figure("a", type.radius.value, "µm")], way, "",
                way > 0.5 ? .warning : .serves,
                way > 0.5 ? "it jumps past cells that it should touch: make the motion step shorter" : ""),
            Item(
                "motion step against the persistence of \(type.name)", "motion step / P",
                [clock, Figure("P", turns.min() ?? 0, "s")], share, "", share > 0.5 ? .warning : .serves,
                share > 0.5 ? "it turns more often than it is moved: make the motion step shorter" : ""),
        ]
    }

    /// How stiff cells are against how hard they crawl.
    private static func overlaps(_ mechanics: Mechanics, _ tissue: MeanTissue) -> [Item] {
        let stiffness = perSecond("stiffness", mechanics.stiffness.value)
        let items = [
            Item(
                "half-life of an overlap of two cells", "ln 2 / (2 stiffness)", [stiffness],
                log(2) / (2 * mechanics.stiffness.value), "s")
        ]
        return items
            + tissue.livingTypes.compactMap { type in
                guard let motion = type.life?.motion else { return nil }
                let speed = tissue.values(of: .speed, in: type, stated: motion.speed.value).max() ?? 0
                let share = speed / mechanics.stiffness.value / type.radius.value
                return Item(
                    "overlap at which another cell stops a \(type.name), in its radii", "S / (stiffness a)",
                    [Figure("S", speed * 60, "µm/min"), stiffness, Figure("a", type.radius.value, "µm")], share, "",
                    share > 0.5 ? .warning : .serves,
                    share > 0.5 ? "it crawls through other cells: make them stiffer" : "")
            }
    }

    // MARK: - Numbers of cells

    /// How long cells live, how many come and go, and how many there will be.
    static func lives(_ tissue: MeanTissue) -> Section {
        var items: [Item] = []
        for type in tissue.livingTypes {
            guard let life = type.life, life.vanishes == nil else { continue }
            items += growth(type, life, tissue) + losses(type, life, tissue)
            for kill in life.kills { items += killing(kill, by: type) }
            for meal in life.eats { items.append(eating(meal, by: type)) }
        }
        if tissue.model.isAlive { items += crowd(tissue) }
        return Section(title: "Lives of cells", items: items)
    }

    private static func growth(_ type: CellType, _ life: CellLife, _ tissue: MeanTissue) -> [Item] {
        guard let division = life.division else { return [] }
        let rate = division.hazard.rate.value
        let wait = division.hazard.refractory.value
        let passage = division.phases.reduce(0) { $0 + $1.duration.mean }
        let figures = [
            perHour("rate", rate), Figure("not before", wait, "s"), Figure("phases", passage, "s"),
        ]
        var items = [
            Item(
                "from one division of a \(type.name) to the next", "not before + 1/rate + Σ phases", figures,
                rate > 0 ? wait + 1 / rate + passage : nil, "s", .plain, rate > 0 ? "" : "divides only as rules say"),
            Item(
                "\(type.name) that commit to division in an hour, at the start", "n · rate · 1 h",
                [Figure("n", Double(tissue.count(of: type)), "cells"), perHour("rate", rate)],
                Double(tissue.count(of: type)) * rate * 3600, "cells"),
        ]
        let net = tissue.growth(of: type)
        if net > 0 {
            items.append(
                Item(
                    "doubling time of \(type.name), with its death",
                    "ln 2 / (λ − death), 2 rate/(rate + λ) e^(−λ (not before + Σ phases)) = 1",
                    figures + [perHour("death", tissue.loss(of: type))], log(2) / net, "s"))
        }
        return items
    }

    private static func losses(_ type: CellType, _ life: CellLife, _ tissue: MeanTissue) -> [Item] {
        let count = Figure("n", Double(tissue.count(of: type)), "cells")
        var items: [Item] = []
        if !life.deaths.isEmpty {
            let rate = life.deaths.reduce(0) { $0 + $1.hazard.rate.value }
            let names = life.deaths.map { Behaviour.death($0.kind).description }
            items.append(
                Item(
                    "half-life of a \(type.name)", "ln 2 / (\(names.joined(separator: " + ")))",
                    [perHour("rate", rate)], rate > 0 ? log(2) / rate : nil, "s", .plain,
                    rate > 0 ? "" : "dies only as rules say, or killed"))
            items.append(
                Item(
                    "\(type.name) that die in an hour, at the start", "n · rate · 1 h", [count, perHour("rate", rate)],
                    count.value * rate * 3600, "cells"))
        }
        for change in life.changes {
            let rate = change.hazard.rate.value
            items.append(
                Item(
                    "\(type.name) that become \(change.into) in an hour, at the start", "n · rate · 1 h",
                    [count, perHour("rate", rate)], count.value * rate * 3600, "cells", .plain,
                    change.hazard.refractory > .zero
                        ? "none in the first \(text(change.hazard.refractory.value, "s"))" : ""))
        }
        return items
    }

    private static func killing(_ kill: Killing, by type: CellType) -> [Item] {
        let (attaches, hits) = (kill.attaches.value, Double(kill.hits))
        let hitting = hits * kill.every.value
        let isOneByOne = kill.every == .zero
        let letsGo = kill.lasts.map { $0.value < hitting } ?? false
        let wait = attaches > 0 ? (isOneByOne ? hits / attaches : 1 / attaches + hitting) : nil
        let shown = kill.recognises.map { "where \($0) is 1" } ?? ""
        return [
            Item(
                "a \(type.name) kills a \(kill.target) that it touches, in",
                isOneByOne ? "hits / rate" : "1/rate + hits · every",
                [perHour("rate", attaches), Figure("hits", hits, ""), Figure("every", kill.every.value, "s")], wait,
                "s",
                letsGo ? .note : .plain,
                letsGo
                    ? "on average it lets go before the last hit: mostly several kill together"
                    : attaches > 0 ? shown : "attaches only as rules say")
        ]
    }

    private static func eating(_ meal: Engulfing, by type: CellType) -> Item {
        Item(
            "a \(type.name) eats a \(meal.target) that it touches, in", "1/rate", [perHour("rate", meal.rate.value)],
            meal.rate.value > 0 ? 1 / meal.rate.value : nil, "s", .plain,
            meal.rate.value > 0 ? "" : "eats only as rules say")
    }

    // MARK: - Crowding

    /// Numbers at the end as rates stand, and as fast as rules allow; what of the box they fill then.
    private static func crowd(_ tissue: MeanTissue) -> [Item] {
        let duration = Figure("t", tissue.model.run.duration.value, "s")
        let start = tissue.numbers { _ in 0 }
        let stated = tissue.numbers { tissue.growth(of: $0) * duration.value }
        let fastest = tissue.numbers { tissue.fastestGrowth(of: $0) * duration.value }
        let many = fastest.reduce(0, +)
        var items = [
            Item(
                "cells at the end, killing and rules aside", "Σ n e^(λ t)",
                [Figure("n", start.reduce(0, +), "cells"), duration], stated.reduce(0, +), "cells"),
            Item(
                "cells at the end, as fast as rules allow", "Σ n e^(λ t)",
                [Figure("n", start.reduce(0, +), "cells"), duration], many, "cells", many > 1e6 ? .warning : .plain,
                many > 1e6 ? "above 1e6: run shorter, or let a rule of 'pressure' slow division" : ""),
        ]
        // Random close packing of spheres and of discs: 0.64 and 0.82, from memory.
        let densest = tissue.isSlab ? 0.82 : 0.64
        let filled = tissue.filled(by: stated)
        items.append(
            Item(
                "share of the box that cells fill at the end, killing and rules aside",
                tissue.isSlab ? "Σ n π a² / area" : "Σ n (4/3) π a³ / volume",
                [Figure("n", stated.reduce(0, +), "cells")], filled, "", filled > densest ? .warning : .plain,
                filled > densest
                    ? "denser than \(tissue.isSlab ? "discs" : "spheres") packed at random, \(densest): cells overlap"
                    : ""))
        return items
    }

    private static func perHour(_ symbol: String, _ value: Double) -> Figure { Figure(symbol, value * 3600, "/h") }
}
