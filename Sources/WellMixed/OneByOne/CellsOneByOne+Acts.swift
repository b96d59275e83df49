import Biology
import Foundation
import Networks
import Simulation

extension CellsOneByOne {
    /// Something that happens to a cell at a rate.
    func happen(_ act: CellPlace.Act, to seat: Int, _ moment: ChanceMoment) throws(NetworkFailure) {
        switch act {
        case .commit: try commit(seat, moment)
        case .die(let kind): try die(seat, life(of: seat)?.deaths.first { $0.kind == kind }, moment)
        case .change(let into): try turn(seat, into: into, moment)
        case .attached(let killer): try attach(to: seat, killer: killer, moment)
        }
    }

    func life(of seat: Int) -> CellLife? { model.cellTypes[seats[seat].kind.type].life }

    // MARK: - Division

    private func commit(_ seat: Int, _ moment: ChanceMoment) throws(NetworkFailure) {
        guard life(of: seat)?.division?.phases.isEmpty == false else { return try divide(seat, moment) }
        enter(0, seat, moment)
    }

    private func enter(_ phase: Int, _ seat: Int, _ moment: ChanceMoment) {
        guard let phases = life(of: seat)?.division?.phases else { return }
        if let ready = seats[seat].ready { moment[ready] = 0 }
        if let start = seats[seat].phaseStart { moment[start] = moment.time }
        let spread = phases[phase].duration
        let lasts = stream.logNormal(mean: spread.mean, variation: spread.variation)
        schedule(Due(time: moment.time + lasts, seat: seat, version: versions[seat], kind: .phaseEnd(phase)))
    }

    func endPhase(_ phase: Int, of seat: Int, _ moment: ChanceMoment) throws(NetworkFailure) {
        let count = life(of: seat)?.division?.phases.count ?? 0
        if phase + 1 < count { enter(phase + 1, seat, moment) } else { try divide(seat, moment) }
    }

    /// The mother is the first daughter; of what is counted each molecule goes to one of the two.
    private func divide(_ seat: Int, _ moment: ChanceMoment) throws(NetworkFailure) {
        let mother = seats[seat]
        let other = try takeSeat(mother.kind, id: newID(), moment)
        let daughter = seats[other]
        let counted = zip(mother.surface, daughter.surface).map { ($0, $1) }
        for case (let from?, let to?) in counted { share(from, to, moment) }
        for (from, to) in zip(mother.inside, daughter.inside) {
            for (from, to) in zip(from.counted, to.counted) { share(from, to, moment) }
            for (from, to) in zip(from.halved, to.halved) {
                moment[from] *= 0.5
                moment[to] = moment[from]
            }
            for (from, to) in zip(from.kept, to.kept) { moment[to] = moment[from] }
        }
        for (state, from) in mother.states {
            if let to = daughter.states[state] { moment[to.place] = moment[from.place] }
        }
        for (from, to) in zip(mother.drawn, daughter.drawn) {
            if isHalved(from, seat) { moment[from.place] *= 0.5 }
            moment[to.place] = moment[from.place]
        }
        for (from, to) in zip(mother.memory, daughter.memory) { moment[to.place] = moment[from.place] }
        takeDamage(from: mother, to: daughter, moment)
        if let free = daughter.isFree { moment[free] = 1 }
        copyReceptors(seat, other, moment)
        for one in [seat, other] {
            if let born = seats[one].born { moment[born] = moment.time }
            startLife(one, moment)
        }
    }

    /// A daughter states half of what her mother stated where nothing makes the receptor and it is not copied.
    private func isHalved(_ drawn: Seat.Drawn, _ seat: Int) -> Bool {
        guard case .receptor(let r) = drawn.kind, drawn.declared == nil else { return false }
        if case .turnover = model.receptors[r].supply { return false }
        return life(of: seat)?.division?.daughters[model.receptors[r].name] != .copy
    }

    /// Each molecule of one place goes to another with a probability of ½.
    private func share(_ from: ChancePlace, _ to: ChancePlace, _ moment: ChanceMoment) {
        let whole = moment[from]
        let given = Formula.Distribution.binomial.draw([whole, 0.5], from: &stream)
        moment[from] = whole - given
        moment[to] = given
    }

    private func takeDamage(from old: Seat, to new: Seat, _ moment: ChanceMoment) {
        for (from, to) in [(old.damage, new.damage), (old.hitTime, new.hitTime), (old.repair, new.repair)] {
            if let to { moment[to] = from.map { moment[$0] } ?? 0 }
        }
    }

    /// Free receptors that daughters make up to their mother's number.
    private func copyReceptors(_ mother: Int, _ daughter: Int, _ moment: ChanceMoment) {
        let ways = life(of: mother)?.division?.daughters ?? [:]
        let copied = model.receptors.indices.filter { ways[model.receptors[$0].name] == .copy }
        if copied.isEmpty { return }
        let values = moment.read()
        for seat in [mother, daughter] {
            for r in copied {
                guard let free = freeSpecies(r, seat), let place = seats[seat].surface[free] else { continue }
                let wanted = seats[seat].stated[r].map { values[$0] } ?? ownNumber(r, seat, moment)
                moment[place] += max(0, wanted.rounded() - total(r, seat, moment))
            }
        }
    }

    private func ownNumber(_ receptor: Int, _ seat: Int, _ moment: ChanceMoment) -> Double {
        let drawn = seats[seat].drawn.first { $0.kind == .receptor(receptor) && $0.declared == nil }
        return drawn.map { moment[$0.place] } ?? 0
    }

    private func freeSpecies(_ receptor: Int, _ seat: Int) -> Int? {
        reduction.surfaces[seats[seat].kind.type].index(.surface(.free(model.receptors[receptor].name)))
    }

    /// Receptors of a kind on a cell, free and bound.
    private func total(_ receptor: Int, _ seat: Int, _ moment: ChanceMoment) -> Double {
        let kinds = reduction.surfaces[seats[seat].kind.type].species
        return zip(kinds, seats[seat].surface).reduce(0) { sum, one in
            guard one.0.isOnSurface, let place = one.1 else { return sum }
            return sum + Double(one.0.receptors.count { $0 == receptor }) * moment[place]
        }
    }

    // MARK: - Coming

    /// One more cell, from outside.
    func arrive(_ kind: CellKind, _ moment: ChanceMoment) throws(NetworkFailure) {
        let id = newID()
        let seat = try takeSeat(kind, id: id, moment)
        let receptors = draw(seat, id: id, moment)
        setFree(seat, receptors, moment)
        if let born = seats[seat].born { moment[born] = moment.time }
        for state in seats[seat].states.values { moment[state.place] = state.first }
        begin(seat, id: id, moment)
        if let damage = seats[seat].damage { moment[damage] = 0 }
    }

    private func setFree(_ seat: Int, _ receptors: [Double], _ moment: ChanceMoment) {
        for (s, kind) in reduction.surfaces[seats[seat].kind.type].species.enumerated() {
            guard case .surface(.free) = kind.kind, let place = seats[seat].surface[s] else { continue }
            moment[place] = receptors[kind.receptors[0]].rounded()
        }
    }

    /// What a cell that is new of its type starts with, its numbers and its surface aside.
    private func begin(_ seat: Int, id: Int, _ moment: ChanceMoment) {
        if let free = seats[seat].isFree { moment[free] = 1 }
        startInside(seat, id: id, moment)
        startLife(seat, moment)
        remember([seat], moment)
    }

    // MARK: - Going

    func die(_ seat: Int, _ death: Death?, _ moment: ChanceMoment) throws(NetworkFailure) {
        for release in death.map({ reduction.releases($0) }) ?? [] {
            let p = reduction.pool(release.molecule, around: seats[seat].group)
            let pool = reduction.pools[p]
            let into = pool.isHeld ? pool.accounts[.left] : pool.species
            for name in [into, pool.accounts[.secreted]] {
                if let name { moment[rows.known(name)] += release.amount }
            }
        }
        if let body = death?.body, let into = model.cellTypes.firstIndex(where: { $0.name == body }) {
            return try turn(seat, into: into, moment)
        }
        vanish(seat, moment)
    }

    /// A cell is no more; what is bound to it counts as taken inside.
    func vanish(_ seat: Int, _ moment: ChanceMoment) {
        for s in seats[seat].surface.indices { takeInside(s, of: seat, moment) }
        unhold(seat, moment)
        leaveSeat(seat, moment)
    }

    private func takeInside(_ species: Int, of seat: Int, _ moment: ChanceMoment) {
        let kind = reduction.surfaces[seats[seat].kind.type].species[species]
        guard kind.isOnSurface, let place = seats[seat].surface[species] else { return }
        for ligand in kind.ligands {
            let pool = reduction.pools[reduction.pool(ligand, around: seats[seat].group)]
            guard let name = pool.internalised[seats[seat].kind.type] else { continue }
            moment[rows.known(name)] += moment[place]
        }
        moment[place] = 0
    }

    /// A cell is of another type: what both have is kept, what the new one lacks goes inside, what it had not it gets.
    private func turn(_ seat: Int, into type: Int, _ moment: ChanceMoment) throws(NetworkFailure) {
        let old = seats[seat]
        let id = Int(moment[old.id])
        let other = try takeSeat(CellKind(type: type, tissue: old.kind.tissue), id: id, moment)
        let new = seats[other]
        let values = old.followed.contains { $0 != nil } ? moment.read() : []
        for (s, kind) in reduction.surfaces[old.kind.type].species.enumerated() {
            guard let to = reduction.surfaces[type].index(kind.kind), let place = new.surface[to] else {
                takeInside(s, of: seat, moment)
                continue
            }
            moment[place] = old.surface[s].map { moment[$0] } ?? old.followed[s].map { values[$0] } ?? 0
            if let from = old.surface[s] { moment[from] = 0 }
        }
        getReceptors(other, of: seat, draw(other, id: id, moment), moment)
        if let born = new.born { moment[born] = old.born.map { moment[$0] } ?? moment.time }
        takeDamage(from: old, to: new, moment)
        keepStates(from: old, to: new, moment)
        let held = old.inside.map { inside in
            Dictionary(inside.values.map { ($0.name, moment[$0.place]) }) { first, _ in first }
        }
        unhold(seat, moment)
        leaveSeat(seat, moment)
        begin(other, id: id, moment)
        for inside in new.inside {
            guard let same = old.inside.firstIndex(where: { $0.network == inside.network }) else { continue }
            for (name, place) in inside.values { if let value = held[same][name] { moment[place] = value } }
        }
    }

    /// What both types have is kept, what the new one alone has is as it is at first.
    private func keepStates(from old: Seat, to new: Seat, _ moment: ChanceMoment) {
        if new.states.isEmpty { return }
        let values = moment.read()
        for (state, to) in new.states {
            moment[to.place] =
                old.states[state].map { moment[$0.place] } ?? old.ruledStates[state].map { values[$0] } ?? to.first
        }
    }

    /// Those that a cell lacked it gets; of those that it had and nothing makes it states what it came with.
    private func getReceptors(_ seat: Int, of old: Int, _ numbers: [Double], _ moment: ChanceMoment) {
        for r in numbers.indices {
            guard let free = freeSpecies(r, seat), let place = seats[seat].surface[free] else { continue }
            if total(r, seat, moment) == 0 {
                moment[place] = numbers[r].rounded()
                continue
            }
            if case .turnover = model.receptors[r].supply { continue }
            let states = { (drawn: Seat.Drawn) in drawn.kind == .receptor(r) && drawn.declared == nil }
            guard let own = seats[seat].drawn.first(where: states) else { continue }
            if let had = seats[old].drawn.first(where: states) {
                moment[own.place] = moment[had.place]
            } else if let stated = seats[old].stated[r] {
                moment[own.place] = moment.read()[stated]
            }
        }
    }

    // MARK: - Touch

    /// One of several, by weight; `nil` where all weigh nothing.
    private func choose(_ weighted: [(seat: Int, weight: Double)]) -> Int? {
        let total = weighted.reduce(0) { $0 + $1.weight }
        guard total > 0 else { return nil }
        var left = stream.uniform() * total
        for one in weighted where one.weight > 0 {
            if left < one.weight { return one.seat }
            left -= one.weight
        }
        return weighted.last { $0.weight > 0 }?.seat
    }

    /// One that holds none, of those of a type who may do something to a cell, at its own rate.
    private func chooseTaker(_ behaviour: Behaviour, _ kind: CellKind, _ moment: ChanceMoment) -> Int? {
        let stated = model.cellTypes[kind.type].life?.stated(behaviour) ?? 0
        let takers = taken(kind, moment)
        let values = takers.contains { seats[$0].rates[behaviour] != nil } ? moment.read() : []
        return choose(
            takers.map { taker in
                let free = seats[taker].isFree.map { moment[$0] } ?? 0
                return (taker, free * (seats[taker].rates[behaviour].map { values[$0] } ?? stated))
            })
    }

    func eat(_ meal: Reduction.Meal, _ moment: ChanceMoment) {
        let kind = CellKind(type: meal.eater, tissue: meal.prey.tissue)
        let behaviour = Behaviour.engulfing(model.cellTypes[meal.prey.type].name)
        guard chooseTaker(behaviour, kind, moment) != nil else { return }
        guard let eaten = choose(taken(meal.prey, moment).map { ($0, 1) }) else { return }
        vanish(eaten, moment)
    }

    private func attach(to target: Int, killer type: Int, _ moment: ChanceMoment) throws(NetworkFailure) {
        let kind = CellKind(type: type, tissue: seats[target].kind.tissue)
        let name = model.cellTypes[seats[target].kind.type].name
        guard let killing = model.cellTypes[type].life?.kills.first(where: { $0.target == name }),
            let killer = chooseTaker(.killing(name), kind, moment)
        else { return }
        let hold = Hold(target: target, killing: killing, serial: nextSerial())
        holds[killer] = hold
        holders[target, default: []].append(killer)
        if let free = seats[killer].isFree { moment[free] = 0 }
        guard killing.every.value > 0 else { return try hit(by: killer, moment) }
        plan(.hit, after: killing.every.value, by: killer, hold, moment)
        if let lasts = killing.lasts?.value { plan(.release, after: lasts, by: killer, hold, moment) }
    }

    private func plan(_ kind: Due.Kind, after mean: Double, by killer: Int, _ hold: Hold, _ moment: ChanceMoment) {
        let time = moment.time + mean * exponential()
        schedule(Due(time: time, seat: killer, version: hold.serial, kind: kind))
    }

    /// Hits add up on the target, less what has been repaired.
    func hit(by killer: Int, _ moment: ChanceMoment) throws(NetworkFailure) {
        guard let hold = holds[killer], let damage = seats[hold.target].damage, let at = seats[hold.target].hitTime,
            let repair = seats[hold.target].repair
        else { return }
        let left = moment[damage] * exp(moment[repair] * (moment[at] - moment.time))
        moment[damage] = left + 1
        moment[at] = moment.time
        moment[repair] = hold.killing.repair.map { 0.6931471805599453 / $0.value } ?? 0
        if moment[damage].rounded() >= Double(hold.killing.hits) {
            return try die(hold.target, life(of: hold.target)?.deaths.first, moment)
        }
        if hold.killing.every.value == 0 { return letGo(killer, moment) }
        plan(.hit, after: hold.killing.every.value, by: killer, hold, moment)
    }

    func letGo(_ killer: Int, _ moment: ChanceMoment) {
        guard let hold = holds.removeValue(forKey: killer) else { return }
        holders[hold.target]?.removeAll { $0 == killer }
        if let free = seats[killer].isFree { moment[free] = 1 }
    }

    /// A cell that goes holds none, and is held by none.
    private func unhold(_ seat: Int, _ moment: ChanceMoment) {
        letGo(seat, moment)
        for killer in holders.removeValue(forKey: seat) ?? [] { letGo(killer, moment) }
    }
}
