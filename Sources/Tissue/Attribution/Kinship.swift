/// How the participants of a tagged field follow from those before a tick of life.
struct Kinship {
    /// Of each participant now, the one it comes from; `nil` for what is new.
    private(set) var origins: [Int?] = []
    private let before: TaggedCells
    private let after: TaggedCells
    private var shares: [Double] = []
    /// Whether it takes over what its origin has taken in: of one type with it, and the first to come from it.
    private var isHeir: [Bool] = []
    /// Of each participant before: whether an heir is there.
    private var hasHeir: [Bool]
    /// Of each slot before: how much of what it held is still on cells.
    private var kept: [Double]
    private let oldTypes: [Int]

    /// `turnover`: `nil` where cells have only moved.
    init(_ before: TaggedCells, _ after: TaggedCells, _ turnover: CellTurnover?, oldTypes: [Int]) {
        (self.before, self.after, self.oldTypes) = (before, after, oldTypes)
        hasHeir = Array(repeating: false, count: before.count)
        kept = Array(repeating: 0, count: before.slotStarts[before.count])
        var places = Array(repeating: -1, count: oldTypes.count)
        for (at, cell) in before.coupling.cells.enumerated() { places[cell] = at }
        for at in 0..<after.count {
            let cell = after.coupling.cells[at]
            let oldCell = turnover.map { $0.origin(of: cell) } ?? cell
            let origin = oldCell.flatMap { places[$0] >= 0 ? places[$0] : nil }
            origins.append(origin)
            shares.append(turnover?.shares[cell] ?? 1)
            var inherits = false
            if let origin, let oldCell {
                let isSame = oldTypes[oldCell] == after.population.types[cell]
                inherits = isSame && !hasHeir[origin]
                if inherits { hasHeir[origin] = true }
            }
            isHeir.append(inherits)
        }
        var kept = kept
        forEachSlot { _, from, share, _ in kept[from] += share }
        self.kept = kept
    }

    func oldType(_ at: Int) -> Int { oldTypes[before.coupling.cells[at]] }

    /// Calls `body` for every slot now that has one it comes from, with its share of what that held, and whether it
    /// takes over what that has taken in.
    func forEachSlot(_ body: (_ slot: Int, _ from: Int, _ share: Double, _ isHeir: Bool) -> Void) {
        for at in 0..<after.count {
            guard let origin = origins[at] else { continue }
            let type = after.population.types[after.coupling.cells[at]]
            let old = before.networks[oldType(origin)].slots
            for (s, slot) in after.networks[type].slots.enumerated() {
                guard let from = old.firstIndex(where: { $0.name == slot.name }) else { continue }
                body(after.slotStarts[at] + s, before.slotStarts[origin] + from, shares[at], isHeir[at])
            }
        }
    }

    /// Calls `body` for every slot before of whose bound molecules a share went inside, or whose count of those taken in
    /// has no heir: the participant and the slot's number.
    func forEachLeft(_ body: (_ at: Int, _ slot: Int, _ boundGone: Double, _ isTakenGone: Bool) -> Void) {
        for at in 0..<before.count {
            for s in before.networks[oldType(at)].slots.indices {
                let gone = max(0, 1 - kept[before.slotStarts[at] + s])
                if gone > 0 || !hasHeir[at] { body(at, s, gone, !hasHeir[at]) }
            }
        }
    }
}

extension TaggedCells {
    /// Takes over what each cell holds and has taken in; what is left of others stays with their type.
    func inherit(from old: TaggedCells, _ kin: Kinship) {
        let tags = tags
        (gone, goneOwn) = (old.gone, old.goneOwn)
        kin.forEachSlot { slot, from, share, isHeir in
            for k in 0..<tags {
                now[slot * tags + k] = share * old.now[from * tags + k]
                if isHeir { taken[slot * tags + k] = old.taken[from * tags + k] }
            }
        }
        before.copy(from: now)
        takenBefore.copy(from: taken)
        kin.forEachLeft { at, s, boundGone, isTakenGone in
            let first = (old.slotStarts[at] + s) * tags
            for k in 0..<tags {
                let amount = boundGone * old.now[first + k] + (isTakenGone ? old.taken[first + k] : 0)
                gone[kin.oldType(at)][s][plan.senderOfTag[k]].captured += amount
                guard plan.isByCell, k == Int(old.plan.tagOfCell[old.coupling.cells[at]]) else { continue }
                goneOwn[kin.oldType(at)][s][plan.senderOfTag[k]].captured += amount
            }
        }
        worstGap = old.worstGap
    }
}
