import Biology
import Simulation

extension TaggedCells {
    /// Molecules since the start of the run.
    struct Count {
        var captured = 0.0
        var bound = 0.0
    }

    /// By receiving type, slot and sender.
    struct Counts {
        var all: [[[Count]]]
        /// Of them, those that the receiving cell had secreted itself.
        var own: [[[Count]]]
    }

    /// Adds up all cells at a time within the last step.
    ///
    /// The whole of every slot is what the engine's own observation says, so sums agree with the ledger's.
    func counts(at seen: Attribution.Moment, own molecules: OwnMolecules?) -> Counts {
        var counts = Counts(all: gone, own: goneOwn)
        for at in 0..<count {
            let cell = coupling.cells[at]
            let type = population.types[cell]
            let ownTag = Int(plan.tagOfCell[cell])
            for (s, slot) in networks[type].slots.enumerated() {
                let place = slotStarts[at] + s
                let whole = self.whole(cell, slot, seen)
                for tag in 0..<tags {
                    let sender = plan.senderOfTag[tag]
                    let found = self.count(place, tag, whole, seen)
                    counts.all[type][s][sender].captured += found.captured
                    counts.all[type][s][sender].bound += found.bound
                    guard tag == ownTag else { continue }
                    let part = plan.isByCell ? found : molecules?.count(place, at: seen) ?? Count()
                    counts.own[type][s][sender].captured += part.captured
                    counts.own[type][s][sender].bound += part.bound
                }
            }
        }
        return counts
    }

    /// What single cells of some types captured from each sender since the start, in order of their ids.
    func captured(
        at seen: Attribution.Moment, ofTypes types: [Int]
    ) -> [(cell: Int, sender: Int, captured: Double)] {
        let wanted = (0..<count).filter { types.contains(population.types[coupling.cells[$0]]) }
            .sorted { population.ids[coupling.cells[$0]] < population.ids[coupling.cells[$1]] }
        return wanted.flatMap { at in
            let cell = coupling.cells[at]
            var bySender = plan.senders.map { _ in 0.0 }
            for (s, slot) in networks[population.types[cell]].slots.enumerated() {
                let whole = self.whole(cell, slot, seen)
                for tag in 0..<tags {
                    bySender[plan.senderOfTag[tag]] += count(slotStarts[at] + s, tag, whole, seen).captured
                }
            }
            return bySender.enumerated().map { (cell, $0, $1) }
        }
    }

    /// All tags of one slot together: bound now, and taken in since the start of the step.
    private func whole(
        _ cell: Int, _ slot: SlotNetwork.Slot, _ seen: Attribution.Moment
    ) -> (bound: Double, before: Double, now: Double, leaving: Double) {
        let i = population.offsets[cell] + slot.species
        let (before, now) = (slot.number * seen.before[i], slot.number * seen.now[i])
        return (slot.number * seen.numbers[i], before, now, slot.leaving)
    }

    /// One tag of one slot.
    private func count(
        _ place: Int, _ tag: Int, _ whole: (bound: Double, before: Double, now: Double, leaving: Double),
        _ seen: Attribution.Moment
    ) -> Count {
        let i = place * tags + tag
        let (first, last) = (before[i], now[i])
        // The share of the whole goes from that at the start to that at the end.
        let early = whole.before > 0 ? first / whole.before : whole.now > 0 ? last / whole.now : 0
        let late = whole.now > 0 ? last / whole.now : early
        let bound = ((1 - seen.share) * early + seen.share * late) * whole.bound
        let w = seen.weights
        let takenIn =
            w.0 * takenBefore[i] + w.1 * taken[i] + whole.leaving * (w.2 * first + w.3 * last)
        return Count(captured: bound + takenIn, bound: bound)
    }
}

extension OwnMolecules {
    /// One slot at a time within the last step, straight between its ends.
    func count(_ place: Int, at seen: Attribution.Moment) -> TaggedCells.Count {
        let share = seen.share
        let bound = (1 - share) * before[place] + share * now[place]
        let takenIn = (1 - share) * takenBefore[place] + share * taken[place]
        return TaggedCells.Count(captured: bound + takenIn, bound: bound)
    }
}
