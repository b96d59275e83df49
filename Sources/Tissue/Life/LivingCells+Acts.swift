import Biology

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension LivingCells {
    // MARK: - What happens

    func happen(_ event: LifeEvents.Event, _ end: Double) {
        let cell = event.cell
        switch event.kind {
        case .slot(let slot): happen(slot: Int(slot), cell, event.time, end)
        case .phaseEnd: endPhase(cell, event.time, end)
        case .hit: hit(cell, event.time, end)
        case .release: letGo(cell, event.time, end)
        case .vanish: vanish(cell, event.time, end)
        }
    }

    private func happen(slot: Int, _ cell: Int, _ time: Double, _ end: Double) {
        let plan = plans[types[cell]]
        columns.left[cell * columns.slots + slot] = -1
        switch plan.slots[slot].act {
        case .commit: plan.phases.isEmpty ? divide(cell, time, end) : enter(0, cell, time, end)
        case .die(let death): die(cell, plan.deaths[death], time, end)
        case .change(let into): change(cell, into: into, time, end)
        case .attach(let attack):
            if let target = touches.choose(cell, slot, uniform(cell)), isThere(target, plan.attacks[attack].target) {
                attach(cell, to: target, attack, time, end)
            } else {
                foresee(slot, of: cell, from: time, to: end)
            }
        case .eat(let prey):
            if let target = touches.choose(cell, slot, uniform(cell)), isThere(target, plan.prey[prey]) {
                tally.eaten[types[target]] += 1
                vanish(target, time, end)
            }
            foresee(slot, of: cell, from: time, to: end)
        }
    }

    private func enter(_ phase: Int, _ cell: Int, _ time: Double, _ end: Double) {
        let phases = plans[types[cell]].phases
        columns.phase[cell] = Int32(phase)
        columns.phaseStart[cell] = time
        columns.phaseEnd[cell] = time + duration(phases[phase].duration, cell)
        push(columns.phaseEnd[cell], cell, .phaseEnd, end)
    }

    private func endPhase(_ cell: Int, _ time: Double, _ end: Double) {
        let next = Int(columns.phase[cell]) + 1
        if next < plans[types[cell]].phases.count {
            enter(next, cell, time, end)
        } else {
            divide(cell, time, end)
        }
    }

    /// The mother is the first daughter; the second is a new cell.
    private func divide(_ cell: Int, _ time: Double, _ end: Double) {
        tally.divisions[types[cell]] += 1
        hasTurnedOver = true
        // What a mother holds, her first daughter holds; her slots start anew.
        let daughter = ids.count
        let direction = direction(cell)
        ids.append(nextID)
        nextID += 1
        types.append(types[cell])
        versions.append(0)
        isGone.append(false)
        origins.append(origins[cell])
        shares[cell] *= 0.5
        shares.append(shares[cell])
        apart.append(apart[cell] + direction)
        apart[cell] -= direction
        columns.append(born: time)
        versions[cell] += 1
        for one in [cell, daughter] {
            columns.born[one] = time
            columns.since[one] = time
            columns.isDaughter[one] = true
            columns.phase[one] = -1
            columns.phaseStart[one] = time
            columns.phaseEnd[one] = .infinity
            for slot in 0..<columns.slots {
                columns.rate[one * columns.slots + slot] = columns.rate[cell * columns.slots + slot]
                columns.left[one * columns.slots + slot] = -1
            }
        }
        columns.damage[daughter] = columns.damage[cell]
        columns.damageTime[daughter] = columns.damageTime[cell]
        columns.repair[daughter] = columns.repair[cell]
        foresee(cell, from: time, to: end)
        foresee(daughter, from: time, to: end)
    }

    /// Any direction, in the plane of a slab.
    private func direction(_ cell: Int) -> SIMD3<Double> {
        let (u, angle) = (2 * uniform(cell) - 1, 2 * Double.pi * uniform(cell))
        if isSlab { return SIMD3(cos(angle), sin(angle), 0) }
        let across = (1 - u * u).squareRoot()
        return SIMD3(across * cos(angle), across * sin(angle), u)
    }

    private func die(_ cell: Int, _ end: LifePlan.End, _ time: Double, _ last: Double) {
        tally.deaths[types[cell]] += 1
        for release in end.releases {
            released.append(
                Release(cell: origins[cell], type: types[cell], molecule: release.molecule, amount: release.amount))
        }
        if let body = end.body { turn(cell, into: body, time, last) } else { vanish(cell, time, last) }
    }

    private func change(_ cell: Int, into type: Int, _ time: Double, _ end: Double) {
        tally.changes[types[cell]] += 1
        turn(cell, into: type, time, end)
    }

    private func turn(_ cell: Int, into type: Int, _ time: Double, _ end: Double) {
        hasTurnedOver = true
        leave(cell)
        types[cell] = type
        versions[cell] += 1
        columns.since[cell] = time
        columns.isDaughter[cell] = false
        columns.phase[cell] = -1
        columns.phaseStart[cell] = time
        columns.phaseEnd[cell] = .infinity
        setRates(cell)
        foresee(cell, from: time, to: end)
        freeHolders(of: cell, time, end)
    }

    private func vanish(_ cell: Int, _ time: Double, _ end: Double) {
        isGone[cell] = true
        hasTurnedOver = true
        leave(cell)
        freeHolders(of: cell, time, end)
    }

    private func isThere(_ cell: Int, _ type: Int) -> Bool { !isGone[cell] && types[cell] == type }

    /// A cell that will not be held as what it was: those that hold it let go.
    private func freeHolders(of cell: Int, _ time: Double, _ end: Double) {
        for holder in holders.removeValue(forKey: cell) ?? [] where !isGone[holder] { letGo(holder, time, end) }
    }

    /// A cell holds no longer.
    private func leave(_ cell: Int) {
        let target = Int(columns.held[cell])
        if target >= 0 { holders[target]?.removeAll { $0 == cell } }
        columns.held[cell] = -1
        columns.hitTime[cell] = .infinity
        columns.releaseTime[cell] = .infinity
    }

    // MARK: - Attacks

    private func attach(_ cell: Int, to target: Int, _ attack: Int, _ time: Double, _ end: Double) {
        let plan = plans[types[cell]].attacks[attack]
        // While it holds one, it neither attaches nor eats: what has gone by counts up to now.
        count(cell, to: time)
        holders[target, default: []].append(cell)
        columns.held[cell] = Int32(target)
        columns.attack[cell] = Int32(attack)
        columns.releaseTime[cell] = plan.lasts.isFinite ? time + plan.lasts * exponential(cell) : .infinity
        columns.hitTime[cell] = plan.every > 0 ? time + plan.every * exponential(cell) : time
        versions[cell] += 1
        foresee(cell, from: time, to: end)
    }

    private func hit(_ cell: Int, _ time: Double, _ end: Double) {
        let target = Int(columns.held[cell])
        let attack = plans[types[cell]].attacks[Int(columns.attack[cell])]
        columns.damage[target] = columns.damage(of: target, at: time) + 1
        columns.damageTime[target] = time
        columns.repair[target] = attack.repair
        tally.hits[types[target]] += 1
        if columns.damage[target].rounded() >= attack.hits {
            tally.kills[types[cell]] += 1
            return die(target, plans[types[target]].killed, time, end)
        }
        // One that hits as it attaches lets go at once, and may attach again.
        if attack.every == 0 { return letGo(cell, time, end) }
        columns.hitTime[cell] = time + attack.every * exponential(cell)
        push(columns.hitTime[cell], cell, .hit, end)
    }

    private func letGo(_ cell: Int, _ time: Double, _ end: Double) {
        count(cell, to: time)
        leave(cell)
        versions[cell] += 1
        foresee(cell, from: time, to: end)
    }
}
