import Biology

extension Placing {
    /// Lattices of one named type.
    mutating func placeLattices() throws(PlacementError) {
        for placement in model.placements {
            guard case .lattice(let pitch) = placement.pattern, placement.cellType != nil else { continue }
            let type = try type(of: placement)
            try placeOnLattice(pitch.value, [type], Placing.entry(placement))
        }
    }

    /// "other" on a lattice, once everything else stands.
    mutating func placeOtherOnLattice() throws(PlacementError) {
        guard let other else {
            for type in otherTypes {
                let name = model.cellTypes[type].name
                if model.cellTypes[type].count == nil {
                    notes.append("No cell of type '\(name)' is placed: no placement names it.")
                } else if model.cellTypes[type].count != .number(0), model.cellTypes[type].count != .share(0) {
                    throw PlacementError(
                        entry: "place", problem: "cell type '\(name)' has a count but no place",
                        fix: "write 'other: lattice 20 µm' or 'other: random' under 'place:'")
                }
            }
            return
        }
        guard case .lattice(let pitch) = other.pattern else { return }
        try placeOnLattice(pitch.value, otherTypes, Placing.entry(other))
    }

    /// Shares the free sites of a lattice out to types, by a permutation that depends on the seed alone.
    private mutating func placeOnLattice(_ pitch: Double, _ types: [Int], _ entry: String) throws(PlacementError) {
        guard let largest = types.map(radius).max() else { return }
        guard pitch >= 2 * largest * (1 - OverlapGrid.tolerance) else {
            throw PlacementError(
                entry: entry, problem: "cells of radius \(largest.short) µm overlap on a lattice of \(pitch.short) µm",
                fix: "use a pitch of at least \((2 * largest).short) µm")
        }
        let free = try latticeSites(pitch, entry).filter { grid.overlapped(by: $0, radius: largest) == nil }
        let counts = try latticeCounts(types, free: free.count, entry)
        let shuffled = free.indices.map { index in
            var stream = RandomStream(seed: model.run.seed, cell: firstID + index, purpose: .site)
            return (UInt64(stream.next()) << 32 | UInt64(stream.next()), index)
        }.sorted { $0 < $1 }
        var chosen = [Int](repeating: -1, count: free.count)
        var start = 0
        for (type, count) in zip(types, counts) {
            for (_, index) in shuffled[start..<start + count] { chosen[index] = type }
            start += count
        }
        for index in free.indices where chosen[index] >= 0 { add(chosen[index], at: free[index]) }
    }

    /// Sites (i + ½)·pitch, centred in the box, x fastest; one at mid-depth along a thin axis.
    private func latticeSites(_ pitch: Double, _ entry: String) throws(PlacementError) -> [SIMD3<Double>] {
        let counts = (0..<3).map { box.isThin[$0] ? 1 : (box.size[$0] / pitch + 1e-9).rounded(.down) }
        try requireRoom(for: counts.reduce(1, *), entry)
        guard counts.allSatisfy({ $0 >= 1 }) else {
            throw PlacementError(
                entry: entry, problem: "a lattice of \(pitch.short) µm has no site in the box of \(box.text)",
                fix: "use a smaller pitch or a larger box")
        }
        let n = counts.map { Int($0) }
        let corner = (box.size - SIMD3(counts) * pitch) / 2
        var sites: [SIMD3<Double>] = []
        sites.reserveCapacity(n[0] * n[1] * n[2])
        for k in 0..<n[2] {
            for j in 0..<n[1] {
                for i in 0..<n[0] { sites.append(corner + (SIMD3(Double(i), Double(j), Double(k)) + 0.5) * pitch) }
            }
        }
        return sites
    }

    /// How many of a lattice's free sites each type gets.
    ///
    /// A share is of all cells if every site were taken. Where it cannot be had only because cells placed before took
    /// room, the types keep their proportions and a note says so.
    private mutating func latticeCounts(_ types: [Int], free: Int, _ entry: String) throws(PlacementError) -> [Int] {
        let uncounted = types.filter { model.cellTypes[$0].count == nil }
        guard uncounted.count <= 1 else {
            let names = uncounted.map { "'\(model.cellTypes[$0].name)'" }.joined(separator: " and ")
            throw PlacementError(
                entry: entry, problem: "\(names) have no count", fix: "give each a 'count:', such as 30 % or 200 cells")
        }
        let total = Double(sites.count + free)
        let numbers = types.map { model.cellTypes[$0].count?.number ?? 0 }
        var shares = types.map { (model.cellTypes[$0].count?.share ?? 0) * total }
        let left = Double(free) - numbers.reduce(0, +)
        let wanted = shares.reduce(0, +)
        let isCrowded = wanted > left + 0.5
        guard left >= 0, !isCrowded || wanted - left <= Double(sites.count) + 0.5, wanted <= total * (1 + 1e-9) else {
            throw PlacementError(
                entry: entry,
                problem:
                    "\((numbers.reduce(0, +) + wanted).short) cells are wanted, but the lattice has \(free) free sites",
                fix: "lower the counts, or use a smaller pitch or a larger box")
        }
        if isCrowded {
            shares = shares.map { $0 * left / wanted }
            notes.append(
                "Cells placed before left \(free) sites for shares of \(wanted.short) cells: the types on the lattice "
                    + "keep their proportions.")
        }
        // Rounding the running sum keeps every count within one of its share and the total exact.
        var sum = 0.0
        var counts = zip(numbers, shares).map { number, share in
            let before = sum.rounded()
            sum += share
            return Int(number) + Int(min(sum, left).rounded() - min(before, left))
        }
        if let type = uncounted.first, let index = types.firstIndex(of: type) {
            counts[index] = free - counts.reduce(0, +)
        }
        return counts
    }

    /// What stands at random without overlap: named types first, then "other".
    mutating func placeScattered() throws(PlacementError) {
        var plans: [(type: Int, placement: Placement)] = []
        for placement in model.placements where placement.cellType != nil && placement.isScattered {
            plans.append((try type(of: placement), placement))
        }
        if let other, other.isScattered { plans += otherTypes.map { ($0, other) } }
        let counts = try scatteredCounts(plans)
        for (plan, count) in zip(plans, counts) {
            try scatter(count, of: plan.type, plan.placement)
        }
    }

    /// Numbers from counts; a share is of all cells, so the total N solves N = known + N·(sum of shares).
    private func scatteredCounts(_ plans: [(type: Int, placement: Placement)]) throws(PlacementError) -> [Int] {
        var known = Double(sites.count)
        var shares = 0.0
        for (type, placement) in plans {
            let entry = Placing.entry(placement)
            guard plans.count(where: { $0.type == type }) == 1 else {
                throw PlacementError(
                    entry: entry, problem: "'\(model.cellTypes[type].name)' is scattered twice, but has one count",
                    fix: "place it once, or make it two cell types")
            }
            switch model.cellTypes[type].count {
            case .number(let number): known += Double(number)
            case .share(let share):
                shares += share
                if case .lattice? = other?.pattern {
                    throw PlacementError(
                        entry: entry,
                        problem:
                            "the share of '\(model.cellTypes[type].name)' depends on a lattice that is filled after it",
                        fix: "give its count as a number of cells")
                }
            case nil:
                throw PlacementError(
                    entry: entry, problem: "'\(model.cellTypes[type].name)' has no count",
                    fix: "write 'count: 200 cells' for it under 'cells:'")
            }
        }
        guard shares == 0 || shares < 1 && known > 0 else {
            throw PlacementError(
                entry: "place",
                problem: "counts given only as shares of all cells do not say how many cells there are",
                fix: "give at least one count as a number of cells, and keep the shares below 100 % in all")
        }
        let total = known / (1 - shares)
        try requireRoom(for: total - Double(sites.count), "place")
        return plans.map { plan in
            switch model.cellTypes[plan.type].count {
            case .number(let number): number
            case .share(let share): Int((share * total).rounded())
            case nil: 0
            }
        }
    }

    private mutating func scatter(_ count: Int, of type: Int, _ placement: Placement) throws(PlacementError) {
        let radius = radius(type)
        let rooms = try scatterRooms(placement, radius: radius)
        for _ in 0..<count {
            var attempt = 0
            var p = SIMD3<Double>()
            repeat {
                guard attempt < Placing.mostAttempts else { throw crowded(count, type, placement) }
                var stream = RandomStream(
                    seed: model.run.seed, cell: firstID + sites.count, step: attempt, purpose: .position)
                for axis in 0..<3 {
                    let room = rooms[axis]
                    p[axis] = min(
                        room.upperBound, room.lowerBound + stream.uniform() * (room.upperBound - room.lowerBound))
                }
                attempt += 1
            } while grid.overlapped(by: p, radius: radius) != nil
            add(type, at: p)
        }
    }

    /// Chosen: random places are found within this many tries up to nine tenths of the jamming density.
    private static let mostAttempts = 5000

    /// Where along each axis centres may stand.
    private func scatterRooms(_ placement: Placement, radius: Double) throws(PlacementError) -> [ClosedRange<Double>] {
        var rooms = (0..<3).map { box.room($0, radius: radius) }
        guard case .layer(let axis, let from, let to) = placement.pattern else { return rooms }
        let room = rooms[axis.rawValue]
        let low = max(room.lowerBound, from.value)
        let high = min(room.upperBound, to.value)
        guard low <= high else {
            throw PlacementError(
                entry: Placing.entry(placement),
                problem:
                    "the layer from \(from.value.short) to \(to.value.short) µm along \(axis) has no room in the box, where "
                    + "centres stand from \(room.lowerBound.short) to \(room.upperBound.short) µm",
                fix: "let the layer reach into the box")
        }
        rooms[axis.rawValue] = low...high
        return rooms
    }

    private func crowded(_ count: Int, _ type: Int, _ placement: Placement) -> PlacementError {
        var packing = box.packing(count: Double(count), radius: radius(type))
        if case .layer(let axis, let from, let to) = placement.pattern, !box.isThin[axis.rawValue] {
            packing *= box.size[axis.rawValue] / max(to.value - from.value, 2 * radius(type))
        }
        let jamming = box.dimensions == 3 ? "38 % of a volume" : "55 % of an area"
        return PlacementError(
            entry: Placing.entry(placement),
            problem:
                "\(count) cells of '\(model.cellTypes[type].name)' of radius \(radius(type).short) µm find no place "
                + "without overlap; they alone would fill \((packing * 100).short) %, and random places without overlap fill "
                + "at most \(jamming)",
            fix: "place fewer or smaller cells, or use a lattice")
    }
}

extension Placement {
    /// Placed at random without overlap, by count.
    var isScattered: Bool {
        switch pattern {
        case .random, .layer: true
        case .lattice, .cluster, .points, .table: false
        }
    }
}

extension CellCount {
    /// Cells, where a number is stated.
    fileprivate var number: Double? { if case .number(let number) = self { Double(number) } else { nil } }
    /// 0...1, where a share is stated.
    fileprivate var share: Double? { if case .share(let share) = self { share } else { nil } }
}
