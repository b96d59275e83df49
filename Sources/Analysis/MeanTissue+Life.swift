import Biology
import Foundation

extension MeanTissue {
    var isSlab: Bool { model.space.voxels[2] == 1 }
    /// s.
    var motionStep: Double { (model.run.motionStep ?? RunPlan.defaultMotionStep).value }

    /// Types that do something, and stand there at the start or may arise.
    var livingTypes: [CellType] {
        let arising = model.arising
        return model.cellTypes.filter { $0.life != nil && (count(of: $0) > 0 || arising.contains($0.name)) }
    }

    /// What a behaviour of a type may be: as stated and as its rules may set it, in its coherent unit.
    func values(of behaviour: Behaviour, in type: CellType, stated: Double) -> [Double] {
        [stated] + model.rules.filter { $0.cellType == type.name && $0.behaviour == behaviour }.map(\.to)
    }

    /// At which cells leave a type: by death and by becoming another, /s.
    func loss(of type: CellType) -> Double {
        let deaths = type.life?.deaths.reduce(0) { $0 + $1.hazard.rate.value } ?? 0
        return deaths + (type.life?.changes.reduce(0) { $0 + $1.hazard.rate.value } ?? 0)
    }

    /// Of the number of cells of a type, /s: by division less loss, as rates stand.
    func growth(of type: CellType) -> Double {
        guard let division = type.life?.division else { return -loss(of: type) }
        return division.growth(rate: division.hazard.rate.value) - loss(of: type)
    }

    /// The same with the fastest division and the slowest loss that rules may set, /s.
    func fastestGrowth(of type: CellType) -> Double {
        guard let life = type.life else { return 0 }
        func slowest(_ behaviour: Behaviour, _ stated: FirstOrderRate) -> Double {
            values(of: behaviour, in: type, stated: stated.value).min() ?? 0
        }
        let deaths = life.deaths.reduce(0) { $0 + slowest(.death($1.kind), $1.hazard.rate) }
        let changes = life.changes.reduce(0) { $0 + slowest(.change($1.into), $1.hazard.rate) }
        let division = life.division.map { division in
            let fastest = values(of: .division, in: type, stated: division.hazard.rate.value).max() ?? 0
            return division.growth(rate: fastest)
        }
        return (division ?? 0) - deaths - changes
    }

    /// Cells of each type at the start, times e to a power for each type; bodies do not count.
    func numbers(_ power: (CellType) -> Double) -> [Double] {
        model.cellTypes.map { $0.life?.vanishes == nil ? Double(count(of: $0)) * exp(power($0)) : 0 }
    }

    /// The share of the box, of its area in a slab, that so many cells of each type fill.
    func filled(by numbers: [Double]) -> Double {
        let each = model.cellTypes.map { type -> Double in
            let a = type.radius.value
            return isSlab ? .pi * a * a : 4 / 3 * .pi * a * a * a
        }
        let area = model.space.size[0].value * model.space.size[1].value
        return zip(numbers, each).reduce(0) { $0 + $1.0 * $1.1 } / (isSlab ? area : volume)
    }
}

extension Division {
    /// The rate λ at which cells that do not die grow in number, /s: 2 r/(r + λ) e^(−λτ) = 1 (Euler and Lotka), with the
    /// time to commit exponential at rate r after a refractory time, and τ that time with the phases at their means.
    func growth(rate: Double) -> Double {
        guard rate > 0 else { return 0 }
        let fixed = hazard.refractory.value + phases.reduce(0) { $0 + $1.duration.mean }
        var (low, high) = (0.0, rate)
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if 2 * rate / (rate + middle) * exp(-middle * fixed) > 1 { low = middle } else { high = middle }
        }
        return low
    }
}
