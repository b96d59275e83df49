import Biology
import Simulation

/// Cells that come while a run goes on: out of compartments, and as doses at the first tick from their time on.
struct Recruiting {
    /// A cell on its way into a tissue.
    struct Arrival {
        var type: Int
        var position: SIMD3<Double>
    }

    private let model: Model
    /// By tissue.
    private var sites: [[RecruitmentSites]]
    private var clocks: [[RecruitmentClock]]
    /// By compartment and cell type; `nil` where it never runs out.
    private(set) var stores: [[Double?]]
    private let doses: [CellDose]
    private var dosesDone = 0
    private var ticksDone = 0
    private let step: Double

    init(_ model: Model, tissues: [(model: Model, grid: VoxelGrid)]) {
        self.model = model
        step = model.run.ruleStep.value
        let recruitments = model.recruitments ?? []
        sites = tissues.map { tissue in
            recruitments.compactMap { RecruitmentSites($0, tissue.model, grid: tissue.grid) }
        }
        clocks = sites.map { $0.map { _ in RecruitmentClock() } }
        let given = model.cellDoses ?? []
        stores = (model.compartments ?? []).map { compartment in
            model.cellTypes.map { type in
                // What is only given is not there before.
                let isGiven = given.contains { $0.cellType == type.name && $0.into == compartment.name }
                return compartment.cells[type.name] ?? (isGiven ? 0 : nil)
            }
        }
        doses = (model.cellDoses ?? []).enumerated().sorted {
            ($0.element.at.value, $0.offset) < ($1.element.at.value, $1.offset)
        }.map(\.element)
    }

    /// Cells that are given before a time have been.
    mutating func branch(at time: Double) { dosesDone = doses.count { $0.at.value < time } }

    mutating func keep(in archive: StateArchive) throws(StateProblem) {
        for tissue in clocks.indices {
            for k in clocks[tissue].indices { try archive.keep("recruiting.before", &clocks[tissue][k].before) }
        }
        for k in stores.indices {
            for type in stores[k].indices { try archive.keep("recruiting.stores", &stores[k][type]) }
        }
        try archive.keep("recruiting.doses", &dosesDone)
        try archive.keep("recruiting.ticks", &ticksDone)
        guard (0...doses.count).contains(dosesDone) else { throw StateProblem("recruiting", "is of other doses") }
    }

    /// The tick of the clock of rules at which cells may come next, s.
    var next: Double { model.receivesCells ? Double(ticksDone) * step : .infinity }

    /// Who comes at a time into each tissue; `field` gives a molecule's in one.
    ///
    /// - Throws: ``RunFailure`` where more would come than there is `room` for.
    mutating func arrivals(
        at time: Double, tissues: Range<Int>, names: [String?], room: Int, box: (Int) -> VoxelGrid,
        field: (_ tissue: Int, _ molecule: String) -> Buffer<Double>?
    ) throws(RunFailure) -> [[Arrival]] {
        var all = tissues.map { _ in [Arrival]() }
        func check(_ count: Double, _ type: String) throws(RunFailure) {
            if Double(all.reduce(0) { $0 + $1.count }) + count <= Double(room) { return }
            throw RunFailure(
                time: time, problem: "\(count) cells of \(type) would come at once, more than there is room for",
                fix: "lower the rate of recruits.\(type) or the dose")
        }
        while dosesDone < doses.count, doses[dosesDone].at.value <= time {
            try check(doses[dosesDone].count, doses[dosesDone].cellType)
            give(doses[dosesDone], number: dosesDone, names: names, box: box, into: &all)
            dosesDone += 1
        }
        for tissue in tissues {
            for r in sites[tissue].indices {
                let fields = sites[tissue][r].molecules.compactMap { field(tissue, $0) }
                let rate = sites[tissue][r].total(fields)
                let mean = clocks[tissue][r].expected(rate: rate, since: ticksDone == 0 ? 0 : step)
                try check(min(mean, store(of: sites[tissue][r]) ?? .infinity), sites[tissue][r].recruitment.cellType)
                recruit(r, tissue, rate: rate, mean: mean, fields, into: &all[tissue])
            }
        }
        ticksDone += 1
        return all
    }

    /// How many cells of its type the compartment of a site has; `nil` where it never runs out.
    private func store(of site: RecruitmentSites) -> Double? {
        guard let k = model.compartments?.firstIndex(where: { $0.name == site.recruitment.compartment }) else {
            return nil
        }
        return stores[k][site.type]
    }

    private mutating func recruit(
        _ r: Int, _ tissue: Int, rate: Double, mean: Double, _ fields: [Buffer<Double>], into arrivals: inout [Arrival]
    ) {
        let site = sites[tissue][r]
        var stream = RandomStream(
            seed: model.run.seed, cell: r, step: ticksDone, purpose: .recruitment, index: tissue)
        // Where the mean is larger, the store is what limits.
        var count = stream.poisson(mean: min(mean, 1e9))
        // Where the rate has fallen to nothing since, nobody finds a place.
        guard rate > 0 else { return }
        if let k = model.compartments?.firstIndex(where: { $0.name == site.recruitment.compartment }),
            let store = stores[k][site.type]
        {
            count = min(count, store)
            stores[k][site.type] = store - count
        }
        for _ in 0..<Int(count) {
            let share = stream.uniform()
            arrivals.append(Arrival(type: site.type, position: sites[tissue][r].place(at: share, fields, &stream)))
        }
    }

    private mutating func give(
        _ dose: CellDose, number: Int, names: [String?], box: (Int) -> VoxelGrid, into all: inout [[Arrival]]
    ) {
        guard let type = model.cellTypes.firstIndex(where: { $0.name == dose.cellType }) else { return }
        if let k = model.compartments?.firstIndex(where: { $0.name == dose.into }) {
            stores[k][type]? += dose.count
            return
        }
        let tissue = names.firstIndex { $0 == dose.into } ?? 0
        let grid = box(tissue)
        var stream = RandomStream(
            seed: model.run.seed, cell: number, purpose: .arrival, index: tissue)
        for _ in 0..<Int(dose.count) {
            var position = SIMD3<Double>()
            for axis in 0..<3 {
                let within = grid.counts[axis] == 1 ? 0.5 : stream.uniform()
                position[axis] = within * Double(grid.counts[axis]) * grid.spacing
            }
            all[tissue].append(Arrival(type: type, position: position))
        }
    }
}
