import Biology
import Networks
import Simulation

/// A network in a tissue's medium: it reacts in every voxel, with what is dissolved there.
///
/// Its shared species are the fields'; its other values stay in their voxels. Both are part of the engine's step: at each
/// stage own values are solved for what is dissolved, and what the network makes and takes stands in the fields' losses,
/// with its slope in their solver. Every molecule that it makes or takes is in the ledger as associated.
final class MediumNetwork {
    let network: ModelNetwork
    private let places: NetworkInPlaces
    private let grid: VoxelGrid
    private let team: ThreadTeam
    /// By shared species, the index of its field.
    let fields: [Int]
    /// Molecules/µm³ in one unit of the network's amounts.
    private let density: Double
    /// What one unit of its time is, s.
    private let clock: Double
    private let tolerance: Double
    /// Own values, [value][element].
    private var now: Buffer<Double>
    private var previous: Buffer<Double>
    private let stage: Buffer<Double>
    private var base: Buffer<Double>
    private var rates: [Buffer<Double>]
    private let works: [NetworkInPlaces.Work]
    /// By chunk: what is made of each shared species, the error, and whether a stage was not found.
    private let sums: Buffer<Double>
    private let outputScales: [Double]

    private var own: Int { places.own.count }
    private static let lanes = NetworkInPlaces.lanes

    /// `nil` where the network is elsewhere.
    init?(_ network: ModelNetwork, model: Model, grid: VoxelGrid, team: ThreadTeam) throws(NetworkFailure) {
        guard case .reactions(let reactions) = network.content, let place = network.place,
            place.name == NetworkPlace.medium
        else { return nil }
        let shared = place.molecules.keys.sorted()
        self.network = network
        (self.grid, self.team) = (grid, team)
        places = try NetworkInPlaces(reactions, dissolved: shared, outputs: network.variables)
        fields = shared.map { name in
            model.molecules.firstIndex { $0.name == place.molecules[name] } ?? 0
        }
        density = (network.units.amount ?? 1) / (grid.voxelVolume * Double(grid.voxels))
        clock = network.clock.value
        tolerance = model.run.tolerance
        let size = places.own.count * grid.elements
        (now, previous, stage, base) = (
            Buffer(count: size), Buffer(count: size), Buffer(count: size), Buffer(count: size)
        )
        rates = (0..<3).map { _ in Buffer(count: size) }
        let places = places
        works = (0..<grid.chunks).map { _ in places.work() }
        sums = Buffer(count: grid.chunks * (shared.count + 1))
        outputScales = network.variables.map { network.scale(of: $0) }
        for (k, value) in places.start.enumerated() {
            for row in 0..<grid.rows {
                for x in 0..<grid.nx { now[k * grid.elements + row * grid.stride + x] = value }
            }
        }
        previous.copy(from: now)
    }

    /// Chosen: half of what a small machine has, 4 GB.
    private static let mostBytes = 4e9

    /// Whether so many own values in every voxel fit into memory: seven numbers each, and a matrix a chunk.
    static func fits(_ own: Int, in space: Space) -> Bool {
        let grid = VoxelGrid(
            nx: space.voxels[0], ny: space.voxels[1], nz: space.voxels[2], spacing: space.spacing.value)
        let values = Double(own) * Double(grid.elements) * 7 * 8
        return values + Double(own) * Double(own) * 64 * Double(grid.chunks) <= mostBytes
    }

    // MARK: - A step

    /// What own values are without the middle stage's rate, and where they were heading.
    func beginMiddle(_ length: Double, ahead: Double) {
        for i in 0..<now.count {
            unsafe base.pointer[i] = now.pointer[i] + StepWeights.diagonal * length * rates[0].pointer[i]
            unsafe stage.pointer[i] = now.pointer[i] + ahead * (now.pointer[i] - previous.pointer[i])
        }
    }

    /// The same for the last stage.
    func beginLast(_ length: Double, line: Double) {
        for i in 0..<now.count {
            unsafe base.pointer[i] =
                now.pointer[i] + StepWeights.outer * length * (rates[0].pointer[i] + rates[1].pointer[i])
            unsafe stage.pointer[i] = now.pointer[i] + line * (stage.pointer[i] - now.pointer[i])
        }
    }

    func beginStart() { stage.copy(from: now) }

    /// Solves own values at stage s for the fields in `stage`, and adds to the fields' losses, slopes and flows.
    ///
    /// `time` and `tau` in s; with τ = 0 own values are as they stand.
    func evaluate(_ s: Int, _ fields: [MoleculeField], time: Double, tau: Double) {
        team.run(chunks: grid.chunks) { chunk in
            let at = chunk * (self.fields.count + 1)
            for k in 0...self.fields.count { unsafe sums.pointer[at + k] = 0 }
            for row in grid.chunkRows(chunk) {
                for x in stride(from: 0, to: grid.nx, by: Self.lanes) {
                    react(s, fields, time: time, tau: tau, from: row * grid.stride + x, works[chunk], sums: at)
                }
            }
        }
        for (k, m) in self.fields.enumerated() {
            var made = 0.0
            for chunk in 0..<grid.chunks { made += sums[chunk * (self.fields.count + 1) + k] }
            fields[m].flows[s].associated += made * grid.voxelVolume
        }
    }

    /// Eight voxels of a row; those beyond its end are copies of its first, and of no account.
    private func react(
        _ s: Int, _ fields: [MoleculeField], time: Double, tau: Double, from first: Int, _ work: NetworkInPlaces.Work,
        sums at: Int
    ) {
        let count = min(Self.lanes, grid.nx - first % grid.stride)
        let last = Self.lanes - 1
        for (k, m) in self.fields.enumerated() {
            for lane in 0...last {
                let i = first + (lane < count ? lane : 0)
                unsafe work.dissolved[k * Self.lanes + lane] = fields[m].stage.pointer[i] / density
            }
        }
        for k in 0..<own {
            for lane in 0...last {
                let i = k * grid.elements + first + (lane < count ? lane : 0)
                unsafe work.own[k * Self.lanes + lane] = stage.pointer[i]
                unsafe work.base[k * Self.lanes + lane] = base.pointer[i]
            }
        }
        let isFound = places.solve(work, time: time / clock, tau: tau / clock, tolerance: 0.01 * tolerance)
        if !isFound { unsafe sums.pointer[at + self.fields.count] = 1 }
        for k in 0..<own {
            for lane in 0..<count {
                let i = k * grid.elements + first + lane
                unsafe stage.pointer[i] = work.own[k * Self.lanes + lane]
                unsafe rates[s].pointer[i] = work.ownRates[k * Self.lanes + lane] / clock
            }
        }
        for (k, m) in self.fields.enumerated() {
            let field = fields[m]
            for lane in 0..<count {
                let gain = unsafe work.rates[k * Self.lanes + lane] * density / clock
                unsafe field.losses[s].pointer[first + lane] -= gain
                unsafe field.association?.pointer[first + lane] += max(0, -work.slopes[k * Self.lanes + lane]) / clock
                unsafe sums.pointer[at + k] += gain
            }
        }
    }

    /// Whether own values were found in every voxel at the last evaluation.
    var isFound: Bool { (0..<grid.chunks).allSatisfy { sums[($0 + 1) * (fields.count + 1) - 1] == 0 } }

    /// New own values in `base`, and their largest error relative to the largest of each.
    func finish(_ length: Double) -> Double {
        let (b, e) = (StepWeights.step, StepWeights.companion)
        var worst = 0.0
        for k in 0..<own {
            var (largest, error) = (0.0, 0.0)
            for i in k * grid.elements..<(k + 1) * grid.elements {
                let (r0, r1, r2) = unsafe (rates[0].pointer[i], rates[1].pointer[i], rates[2].pointer[i])
                let old = unsafe now.pointer[i]
                let new = old + length * (b[0] * r0 + b[1] * r1 + b[2] * r2)
                unsafe base.pointer[i] = new
                largest = max(largest, abs(old), abs(new))
                let own = abs(length * ((b[0] - e[0]) * r0 + (b[1] - e[1]) * r1 + (b[2] - e[2]) * r2))
                // No comparison finds what is not a number.
                error = own.isFinite ? max(error, own) : .infinity
            }
            if largest > 0 { worst = max(worst, error / largest) }
        }
        return worst
    }

    /// The step is taken, and the rates at its end are those at the start of the next.
    func accept() {
        (previous, now, base) = (now, base, previous)
        rates.swapAt(0, 2)
    }

    func keep(in archive: StateArchive) throws(StateProblem) {
        for values in [now, previous, stage] + rates { try values.keep("medium.\(network.name)", in: archive) }
    }

    // MARK: - Reading

    /// The mean over the voxels of a value, an amount being that of the whole, in its coherent unit; `nil` for what it has
    /// not.
    ///
    /// `weights` are those of the state before the step, after it, and the rates at both; `fields`, what is dissolved, by
    /// molecule.
    func value(
        of name: String, _ weights: (Double, Double, Double, Double), fields: [Buffer<Double>], time: Double
    ) -> Double? {
        guard let output = places.outputs.firstIndex(of: name) else { return nil }
        var sum = 0.0
        let work = works[0]
        for row in 0..<grid.rows {
            for x in stride(from: 0, to: grid.nx, by: Self.lanes) {
                let first = row * grid.stride + x
                let count = min(Self.lanes, grid.nx - x)
                look(first, count, weights, fields, work)
                let values = unsafe places.values(work, time: time / clock)
                for lane in 0..<count { unsafe sum += values[output * Self.lanes + lane] }
            }
        }
        return sum / Double(grid.voxels) * outputScales[output]
    }

    private func look(
        _ first: Int, _ count: Int, _ w: (Double, Double, Double, Double), _ fields: [Buffer<Double>],
        _ work: NetworkInPlaces.Work
    ) {
        for lane in 0..<Self.lanes {
            let i = first + (lane < count ? lane : 0)
            for (k, m) in self.fields.enumerated() {
                unsafe work.dissolved[k * Self.lanes + lane] = fields[m].pointer[i] / density
            }
            for k in 0..<own {
                let j = k * grid.elements + i
                unsafe work.own[k * Self.lanes + lane] =
                    w.1 == 1
                    ? now.pointer[j]
                    : w.0 * previous.pointer[j] + w.1 * now.pointer[j] + w.2 * rates[2].pointer[j]
                        + w.3 * rates[0].pointer[j]
            }
        }
    }
}

extension TissueEngine {
    /// The networks in a tissue's medium.
    ///
    /// - Throws: where one of them does not run at every place.
    static func media(_ model: Model, grid: VoxelGrid, team: ThreadTeam) throws(NetworkFailure) -> [MediumNetwork] {
        var media: [MediumNetwork] = []
        for network in model.networks {
            if let medium = try MediumNetwork(network, model: model, grid: grid, team: team) { media.append(medium) }
        }
        return media
    }

    /// A value of a network in the medium at a time within the last step; `nil` where it is elsewhere.
    public func value(of name: String, inNetwork network: String, at time: Double) -> Double? {
        guard let medium = media.first(where: { $0.network.name == network }) else { return nil }
        return medium.value(of: name, hermite(time), fields: observe(time).fields, time: time)
    }
}
