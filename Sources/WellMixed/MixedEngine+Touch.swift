import Biology
import Foundation

extension MixedEngine {
    /// Whether cells of a group touch those of a type that they were placed beside, all the time.
    func stands(_ g: Int, beside type: String) -> Bool {
        !reduction.model.meet(reduction.model.cellTypes[reduction.groups[g].type], type)
    }

    /// How many cells of a type one of a group touches on average.
    func touched(_ type: String, _ g: Int, _ values: [Double]) -> Double {
        guard let other = reduction.model.cellTypes.firstIndex(where: { $0.name == type }) else { return 0 }
        let kind = CellKind(type: other, tissue: reduction.groups[g].tissue)
        if let total = reduction.totals[kind] {
            let share = reduction.encounters.share(reduction.groups[g].type, other, tissue: kind.tissue)
            return share * max(0, value(total, values) - (reduction.groups[g].type == other ? 1 : 0))
        }
        return reduction.groups(of: other, beside: g).reduce(0) { sum, near in
            sum + reduction.share(g, near) * max(0, count(near, values) - (near == g ? 1 : 0))
        }
    }

    /// Mean hits that have not been repaired.
    func damage(_ g: Int, _ values: [Double], time: Double) -> Double {
        if let place = reduction.places[g], let hits = place.damage, let at = place.hitTime, let repair = place.repair {
            return value(hits, values) * exp(value(repair, values) * (value(at, values) - time))
        }
        guard let marks = reduction.marks[g], count(g, values) > 0 else { return 0 }
        return marks.states.indices.reduce(0) {
            $0 + marks.damage($1) * value(reduction.markNames[g][$1], values)
        } / count(g, values)
    }
}
