import Biology
import Simulation

/// Cells as columns of numbers, in spatial order; ids say which is which.
@safe final class CellPopulation {
    private(set) var ids: [Int]
    private(set) var types: [Int]
    /// Centres, µm.
    private(set) var positions: [SIMD3<Double>]
    private(set) var radii: [Double]
    /// Reactions by cell type.
    let networks: [SurfaceNetwork]
    /// Where each cell's species start in the columns below; one more entry than cells.
    private(set) var offsets: [Int]
    /// Numbers of each species on each cell, at the end and the start of the last step, in the stage, and its base.
    private(set) var now: Buffer<Double>
    private(set) var previous: Buffer<Double>
    private(set) var stage: Buffer<Double>
    private(set) var base: Buffer<Double>
    /// Their rates at the start, the middle stage and the end of the step, molecules/s.
    private(set) var rates: [Buffer<Double>]
    /// Secretion now, molecules/s: [cell][molecule].
    private(set) var secretion: Buffer<Double>
    /// Receptors stated now: [cell][receptor].
    private(set) var expression: Buffer<Double>
    /// Each cell's own draw over its type's mean, for what rules scale: as `secretion` and `expression` were at the start.
    private(set) var initialSecretion: [Double]
    private(set) var initialExpression: [Double]
    /// By cell type, each species on the surface with each molecule bound in it.
    let holders: [[(species: Int, molecule: Int)]]
    let moleculeCount: Int
    let receptorCount: Int

    var count: Int { ids.count }
    var speciesCount: Int { offsets[count] }

    init(_ model: Model, _ placed: [PlacedCell], grid: VoxelGrid) {
        let space = placed.indices.sorted { a, b in
            CellPopulation.order(placed[a].position, placed[a].id, grid)
                < CellPopulation.order(placed[b].position, placed[b].id, grid)
        }
        let cells = space.map { placed[$0] }
        ids = cells.map(\.id)
        types = cells.map(\.typeIndex)
        positions = cells.map(\.position)
        radii = cells.map(\.radius)
        moleculeCount = model.molecules.count
        receptorCount = model.receptors.count
        networks = model.cellTypes.map { type in
            SurfaceNetwork(model, expressed: model.receptorsExpressed(by: type))
        }
        holders = networks.map { network in
            network.species.enumerated().filter(\.element.isOnSurface).flatMap { s, species in
                species.ligands.map { (species: s, molecule: $0) }
            }
        }
        offsets = CellPopulation.offsets(types, networks)
        let total = offsets[cells.count]
        now = Buffer(count: total)
        previous = Buffer(count: total)
        stage = Buffer(count: total)
        base = Buffer(count: total)
        rates = (0..<3).map { _ in Buffer(count: total) }
        secretion = Buffer(count: cells.count * moleculeCount)
        expression = Buffer(count: cells.count * receptorCount)
        initialSecretion = cells.flatMap(\.secretion)
        initialExpression = cells.flatMap(\.receptors)
        for (i, value) in initialSecretion.enumerated() { secretion[i] = value }
        for (i, value) in initialExpression.enumerated() { expression[i] = value }
        for cell in cells.indices { setFree(cell, cells[cell].receptors) }
    }

    private static func offsets(_ types: [Int], _ networks: [SurfaceNetwork]) -> [Int] {
        let sizes = networks.map(\.count)
        var offsets = [0]
        offsets.reserveCapacity(types.count + 1)
        for type in types { offsets.append(offsets[offsets.count - 1] + sizes[type]) }
        return offsets
    }

    /// Gives a cell without any bound ligand its receptors, all free.
    private func setFree(_ cell: Int, _ receptors: [Double]) {
        for (s, species) in networks[types[cell]].species.enumerated() {
            guard case .surface(.free) = species.kind else { continue }
            now[offsets[cell] + s] = receptors[species.receptors[0]]
        }
    }

    /// Voxel row first, then x: cells that follow each other read the same memory.
    ///
    /// Ties keep the order of ids.
    static func order(_ position: SIMD3<Double>, _ id: Int, _ grid: VoxelGrid) -> (Int, Double, Int) {
        (Int(position.z / grid.spacing) * grid.ny + Int(position.y / grid.spacing), position.x, id)
    }

    /// The step is taken: `base` holds the new numbers, and the rates at its end are those at the start of the next.
    func accept() {
        (previous, now, base) = (now, base, previous)
        rates.swapAt(0, 2)
    }

    /// Cells may be others than were placed: everything is made for those that come out.
    func keep(in archive: StateArchive) throws(StateProblem) {
        try archive.keep("cells.ids", &ids)
        try archive.keep("cells.types", &types)
        try archive.keep("cells.radii", &radii)
        var places = positions.flatMap { [$0.x, $0.y, $0.z] }
        try archive.keep("cells.positions", &places)
        if archive.isRestoring {
            guard types.allSatisfy(networks.indices.contains), types.count == count, radii.count == count,
                places.count == 3 * count
            else { throw StateProblem("cells", "are of types that the model has not") }
            positions = (0..<count).map { SIMD3(places[3 * $0], places[3 * $0 + 1], places[3 * $0 + 2]) }
            makeRoom()
        }
        try now.keep("cells.numbers", in: archive)
        try previous.keep("cells.numbers before", in: archive)
        for rate in rates { try rate.keep("cells.rates", in: archive) }
        try secretion.keep("cells.secretion", in: archive)
        try expression.keep("cells.expression", in: archive)
        try archive.keep("cells.first secretion", &initialSecretion)
        try archive.keep("cells.first expression", &initialExpression)
    }

    /// A cell's own secretion is another from now on; rules change it from there.
    func restate(secretion rate: Double, of at: Int) {
        secretion[at] = rate
        initialSecretion[at] = rate
    }

    /// What a cell's own receptors are, for rules that change them.
    func restate(expression number: Double, of at: Int) { initialExpression[at] = number }

    /// Columns for the cells as they are, all zero.
    private func makeRoom() {
        offsets = CellPopulation.offsets(types, networks)
        let total = offsets[count]
        now = Buffer(count: total)
        previous = Buffer(count: total)
        stage = Buffer(count: total)
        base = Buffer(count: total)
        rates = (0..<3).map { _ in Buffer(count: total) }
        secretion = Buffer(count: count * moleculeCount)
        expression = Buffer(count: count * receptorCount)
    }

    // MARK: - Counting

    /// Molecules of each kind bound to all cells' surfaces, into `totals`.
    func countBound(_ u: Buffer<Double>, into totals: inout [Double]) {
        for m in totals.indices { totals[m] = 0 }
        for cell in 0..<count {
            let offset = offsets[cell]
            for holder in holders[types[cell]] {
                let number = unsafe u.pointer[offset + holder.species]
                totals[holder.molecule] += number
            }
        }
    }

    /// The same by molecule and cell type.
    func boundByType(_ u: Buffer<Double>) -> [[Double]] {
        var totals = Array(repeating: Array(repeating: 0.0, count: networks.count), count: moleculeCount)
        for cell in 0..<count {
            let type = types[cell]
            for holder in holders[type] { totals[holder.molecule][type] += u[offsets[cell] + holder.species] }
        }
        return totals
    }

    // MARK: - Living

    /// Takes over where cells stand and how large they are; order and numbers stay.
    func move(to positions: [SIMD3<Double>], radii: [Double]) {
        self.positions = positions
        self.radii = radii
    }

    /// Takes over the cells after a tick of life; everything that each has follows it.
    ///
    /// - Returns: What was bound and went inside with cells that are gone or lack the receptor now, by molecule and type.
    func turnOver(_ turnover: CellTurnover, _ model: Model) -> [[Double]] {
        let before = (types: types, offsets: offsets, now: now, secretion: secretion, expression: expression)
        let (secreted, expressed) = (initialSecretion, initialExpression)
        // Of each cell before, what is left on those that come from it.
        let kept = Buffer<Double>(count: before.now.count)
        ids = turnover.ids
        types = turnover.types
        positions = turnover.positions
        radii = turnover.radii
        makeRoom()
        initialSecretion = Array(repeating: 0, count: count * moleculeCount)
        initialExpression = Array(repeating: 0, count: count * receptorCount)
        let maps = SpeciesMaps(networks)
        for cell in 0..<count {
            guard let origin = turnover.origin(of: cell) else {
                let newcomer = turnover.newcomer(at: cell)
                state(cell, secretion: newcomer.secretion, receptors: newcomer.receptors)
                setFree(cell, newcomer.receptors)
                continue
            }
            let old = before.types[origin]
            for r in 0..<moleculeCount {
                secretion[cell * moleculeCount + r] = before.secretion[origin * moleculeCount + r]
                initialSecretion[cell * moleculeCount + r] = secreted[origin * moleculeCount + r]
            }
            for r in 0..<receptorCount {
                expression[cell * receptorCount + r] = before.expression[origin * receptorCount + r]
                initialExpression[cell * receptorCount + r] = expressed[origin * receptorCount + r]
            }
            for (s, from) in maps[from: old, to: types[cell]].enumerated() where from >= 0 {
                let number = turnover.shares[cell] * before.now[before.offsets[origin] + Int(from)]
                now[offsets[cell] + s] = number
                kept[before.offsets[origin] + Int(from)] += number
            }
            if old != types[cell] { become(cell, model, turnover.seed) }
            if turnover.shares[cell] < 1 { inherit(cell, from: old, model) }
        }
        previous.copy(from: now)
        var taken = Array(repeating: Array(repeating: 0.0, count: networks.count), count: moleculeCount)
        for (cell, type) in before.types.enumerated() {
            for holder in holders[type] {
                let at = before.offsets[cell] + holder.species
                taken[holder.molecule][type] += before.now[at] - kept[at]
            }
        }
        return taken
    }

    private func state(_ cell: Int, secretion rates: [Double], receptors: [Double]) {
        for (m, rate) in rates.enumerated() {
            secretion[cell * moleculeCount + m] = rate
            initialSecretion[cell * moleculeCount + m] = rate
        }
        for (r, number) in receptors.enumerated() {
            expression[cell * receptorCount + r] = number
            initialExpression[cell * receptorCount + r] = number
        }
    }

    /// A cell is of a new type: it secretes as that does, makes receptors as that does, and gets those it lacked.
    private func become(_ cell: Int, _ model: Model, _ seed: UInt64) {
        let (type, id) = (model.cellTypes[types[cell]], ids[cell])
        for (m, rate) in PlacedCell.secretion(model, type, id: id, seed: seed).enumerated() {
            secretion[cell * moleculeCount + m] = rate
            initialSecretion[cell * moleculeCount + m] = rate
        }
        for (r, number) in PlacedCell.receptors(model, type, id: id, seed: seed).enumerated() {
            let at = cell * receptorCount + r
            let free = networks[types[cell]].index(.surface(.free(model.receptors[r].name)))
            initialExpression[at] = number
            guard let free else {
                expression[at] = number
                continue
            }
            let held = total(of: r, on: cell)
            if held == 0 {
                now[offsets[cell] + free] = number
                expression[at] = number
            } else if case .turnover = model.receptors[r].supply {
                expression[at] = number
            }
        }
    }

    /// A daughter states half of what its mother stated where nothing makes the receptor; all of it where it is copied.
    private func inherit(_ cell: Int, from type: Int, _ model: Model) {
        let daughters = model.cellTypes[type].life?.division?.daughters ?? [:]
        for r in 0..<receptorCount {
            let receptor = model.receptors[r]
            let at = cell * receptorCount + r
            if daughters[receptor.name] == .copy {
                guard let free = networks[types[cell]].index(.surface(.free(receptor.name))) else { continue }
                now[offsets[cell] + free] += max(0, expression[at] - total(of: r, on: cell))
            } else if case .turnover = receptor.supply {
                continue
            } else {
                expression[at] *= 0.5
            }
        }
    }

    /// Receptors of a kind on a cell's surface, free and bound.
    func total(of receptor: Int, on cell: Int) -> Double {
        var total = 0.0
        for (s, species) in networks[types[cell]].species.enumerated() where species.isOnSurface {
            let held = species.receptors.count { $0 == receptor }
            if held > 0 { total += Double(held) * now[offsets[cell] + s] }
        }
        return total
    }
}

/// Where each species of one cell type stands among those of another.
private struct SpeciesMaps {
    private let types: Int
    private let maps: [[Int32]]

    init(_ networks: [SurfaceNetwork]) {
        types = networks.count
        maps = networks.flatMap { old in
            networks.map { new in
                new.species.map { species in old.index(species.kind).map(Int32.init) ?? -1 }
            }
        }
    }

    subscript(from old: Int, to new: Int) -> [Int32] { maps[old * types + new] }
}
