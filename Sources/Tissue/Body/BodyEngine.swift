public import Biology
import Networks
public import Simulation

/// Tissues joined by compartments: blood that carries what one tissue lets out to another.
///
/// Time goes in windows. At the start of one, what each compartment will hold is forecast as a parabola, from the exact
/// exponential of its own kinetics, its leak into tissue, and what tissue gives, extrapolated along a line. Tissues then
/// step through the window on their own, the one that lags first; what they exchanged is handed over molecule for
/// molecule, and the compartments are moved over the window again with it. The difference from the forecast is the
/// error that sets the next window: second order in its length, and no molecule is lost whatever it is.
public final class BodyEngine: ContinuableEngine {
    let model: Model
    let tissues: [TissueEngine]
    /// By tissue; `nil` where there is only one, without a name.
    let names: [String?]
    var contents: CompartmentContents
    var window = BodyWindow()
    private var recruiting: Recruiting
    /// Ids below this are taken.
    private var nextID: Int
    /// Overrides error control, for tests of order; s.
    let fixedWindow: Double?
    /// The most that each compartment held of each molecule so far, molecules.
    private var most: [[Double]]
    public internal(set) var windows = 0

    /// The stretch of time that tissues step through.
    struct BodyWindow {
        var start = 0.0
        var end = 0.0
        var proposed = 0.0
        /// By tissue, molecule and compartment, net into the tissue at its start, molecules.
        var exchangedBefore: [[[Double]]] = []
        /// By molecule and compartment, forecast for its end, molecules.
        var forecast: [[Double]] = []
        /// By molecule and compartment, what tissue gave at the start of this window and the one before, molecules/s.
        var outflow: [[Double]] = []
        var outflowBefore: [[Double]] = []
        var lengthBefore = 0.0

        fileprivate mutating func keep(in archive: StateArchive) throws(StateProblem) {
            try archive.keep("window.start", &start)
            try archive.keep("window.end", &end)
            try archive.keep("window.proposed", &proposed)
            try archive.keep("window.length before", &lengthBefore)
            for tissue in exchangedBefore.indices { try archive.keep("window.exchanged", &exchangedBefore[tissue]) }
            try archive.keep("window.forecast", &forecast)
            try archive.keep("window.outflow", &outflow)
            try archive.keep("window.outflow before", &outflowBefore)
        }
    }

    /// Sets up every tissue.
    ///
    /// - Parameters:
    ///   - model: What to simulate.
    ///   - cells: Placed cells of all tissues, each with the tissue it stands in.
    ///   - threads: Threads that compute; results do not depend on it.
    /// - Precondition: the model was checked.
    public convenience init(_ model: Model, cells: [PlacedCell], threads: Int) {
        self.init(model, cells: cells, threads: threads, window: nil)
    }

    init(_ model: Model, cells: [PlacedCell], threads: Int, window fixed: Double?) {
        self.model = model
        fixedWindow = fixed
        let parts = model.tissues
        names = parts.map(\.name)
        let surroundings = TissueSurroundings.all(model, cells: cells)
        tissues = parts.enumerated().map { number, part in
            TissueEngine(
                part.model, cells: cells.filter { $0.tissue == number }, threads: threads, kernels: .best,
                surroundings: surroundings[number])
        }
        recruiting = Recruiting(
            model, tissues: zip(parts, tissues).map { (model: $0.model, grid: $1.grid) })
        nextID = (cells.map(\.id).max() ?? -1) + 1
        let contents = CompartmentContents(
            model, arriving: surroundings.first?.arriving ?? model.molecules.map { _ in [] })
        self.contents = contents
        most = contents.start.held
        let zero = contents.infused
        window.exchangedBefore = tissues.map { _ in zero }
        (window.outflow, window.outflowBefore, window.forecast) = (zero, zero, zero)
        let leaks = model.molecules.indices.map { leak($0).max() ?? 0 }
        let fastest = model.molecules.indices.reduce(0) { max($0, contents.fastest($1) + leaks[$1]) }
        // Chosen: a tenth of the fastest change, and a second where all is slow; it grows from there.
        window.proposed = fixed ?? (fastest > 0 ? min(1, 0.1 / fastest) : 1)
    }

    /// All of every tissue, of the compartments, and of who is on the way.
    public func keep(in archive: StateArchive) throws(StateProblem) {
        for tissue in tissues { try tissue.keep(in: archive) }
        try contents.keep(in: archive)
        try window.keep(in: archive)
        try recruiting.keep(in: archive)
        try archive.keep("body.next id", &nextID)
        try archive.keep("body.most", &most)
        try archive.keep("body.windows", &windows)
    }

    /// Every tissue, the compartments' doses, and cells given.
    public func branch(from before: Model, at time: Double) {
        for (tissue, part) in zip(tissues, before.tissues) { tissue.branch(from: part.model, at: time) }
        contents.branch(at: time)
        recruiting.branch(at: time)
    }

    public var time: Double { tissues.reduce(.infinity) { min($0, $1.time) } }

    /// Lets the tissue that lags take one step.
    public func step(until: Double) throws(RunFailure) {
        try checkNetworks()
        try settle()
        if time >= window.end { openWindow(until: until) }
        let laggard = tissues.indices.reduce(0) { tissues[$1].time < tissues[$0].time ? $1 : $0 }
        reserveIDs(tissues[laggard])
        try tissues[laggard].step(until: window.end)
        keepIDs(tissues[laggard])
        guard time >= window.end else { return }
        closeWindow()
        for ledger in ledgers(at: time) where !(ledger.relativeImbalance <= Ledger.tolerance) {
            throw RunFailure(
                time: time,
                problem: "the ledger of '\(ledger.molecule)' over all tissues and compartments is out by "
                    + "\(ledger.imbalance) molecules, \(ledger.relativeImbalance) of what was handled "
                    + "(limit \(Ledger.tolerance))",
                fix: "this is our fault: please report it with the model file")
        }
    }

    /// Lets cells come, divide and die in every tissue that has come to now.
    public func settle() throws(RunFailure) {
        let now = time
        var arrivals = tissues.map { _ in [Recruiting.Arrival]() }
        if now >= window.end, recruiting.next <= now {
            let present = tissues.reduce(0) { $0 + $1.population.count }
            arrivals = try recruiting.arrivals(
                at: now, tissues: tissues.indices, names: names, room: CellPlacement.largestCellCount - present,
                box: { tissues[$0].grid },
                field: { tissue, molecule in tissues[tissue].fields.first { $0.molecule.name == molecule }?.now })
        }
        for (t, tissue) in tissues.enumerated() where tissue.time == now {
            reserveIDs(tissue)
            for arrival in arrivals[t] {
                guard let life = tissue.life else { continue }
                life.newcomers.append(
                    model.newcomer(type: arrival.type, id: life.cells.newID(), at: arrival.position, tissue: t))
            }
            try tissue.settle()
            keepIDs(tissue)
        }
    }

    /// New cells of a tissue get ids that no cell of another has.
    private func reserveIDs(_ tissue: TissueEngine) { tissue.life?.cells.reserveIDs(below: nextID) }
    private func keepIDs(_ tissue: TissueEngine) { nextID = max(nextID, tissue.life?.cells.nextID ?? 0) }

    // MARK: - Windows

    private func openWindow(until: Double) {
        let now = window.end
        if now > window.start { commit() }
        window.start = now
        if contents.giveDoses(dueBy: now) {
            for tissue in tissues { tissue.compartmentsHaveJumped() }
            if fixedWindow == nil { window.proposed = min(window.proposed, 1) }
        }
        for m in model.molecules.indices {
            for k in contents.compartments.indices {
                window.outflow[m][k] = tissues.reduce(0) { $0 + $1.exchange(m, compartment: k).outflow }
                for t in tissues.indices {
                    window.exchangedBefore[t][m][k] = tissues[t].exchanged(m, compartment: k, at: now)
                }
            }
        }
        openSenders()
        let end = min(until, contents.nextDose ?? until, recruiting.next)
        var length = proposal(until: end)
        while !forecast(length), length > BodyEngine.shortest { length /= 2 }
        window.end = length >= end - now ? end : now + length
    }

    /// Chosen: far below any rate in the field's models.
    private static let shortest = 1e-6

    private func proposal(until end: Double) -> Double {
        let left = end - window.start
        let next = fixedWindow ?? window.proposed
        if next >= left { return left }
        return next * 1.01 >= left ? left : next * 2 > left && fixedWindow == nil ? left / 2 : next
    }

    /// Tells tissues what compartments will hold over some seconds; returns whether a parabola can say it.
    private func forecast(_ length: Double) -> Bool {
        var isGood = true
        let tolerance = BodyEngine.shareOfParabola * model.run.tolerance
        var inflow = CompartmentInflow(rate: window.outflow, slope: slopes(), leak: model.molecules.indices.map(leak))
        let first = contents.start.held
        let quarter = contents.forecast(after: 0.25 * length, inflow).held
        inflow.senders = senderInflow()
        let half = contents.forecast(after: 0.5 * length, inflow)
        let (middle, whole) = (half.held, contents.forecast(after: length, inflow))
        window.forecast = whole.held
        setSenders(length, half.senders, whole.senders)
        for m in model.molecules.indices where model.molecules[m].compartments != nil {
            for (k, compartment) in contents.compartments.enumerated() {
                let values = SIMD3(first[m][k], middle[m][k], window.forecast[m][k])
                let gap = abs(CompartmentCourse.parabola(values, at: 0.25) - quarter[m][k])
                if gap > tolerance * max(most[m][k], values.max()) { isGood = false }
                for tissue in tissues {
                    tissue.courses[m][k].set(from: window.start, length: length, values / compartment.volume.value)
                }
            }
        }
        return isGood || fixedWindow != nil
    }

    /// How what tissue gives changes, from the window before, molecules/s².
    private func slopes() -> [[Double]] {
        model.molecules.indices.map { m in
            contents.compartments.indices.map { k in
                let change = window.outflow[m][k] - window.outflowBefore[m][k]
                return window.lengthBefore > 0 ? change / window.lengthBefore : 0
            }
        }
    }

    /// Chosen: a parabola is cheap, so it is to be out by little beside the coupling.
    private static let shareOfParabola = 0.1

    /// What tissue takes of what each compartment holds of a molecule, 1/s.
    private func leak(_ molecule: Int) -> [Double] {
        contents.compartments.enumerated().map { k, compartment in
            tissues.reduce(0) { $0 + $1.exchange(molecule, compartment: k).conductance } / compartment.volume.value
        }
    }

    /// Networks in compartments are followed or the run stops.
    private func checkNetworks() throws(RunFailure) {
        guard let failure = contents.failure else { return }
        throw RunFailure(
            time: window.start, problem: "a network in a compartment stopped: \(failure.problem)", fix: failure.fix)
    }

    /// How far the forecast was out sets the next window.
    private func closeWindow() {
        windows += 1
        let length = window.end - window.start
        var worst = 0.0
        let found = contents.state(after: length, received: received(at: window.end)).held
        for m in found.indices {
            for k in found[m].indices {
                most[m][k] = max(most[m][k], found[m][k])
                if most[m][k] > 0 { worst = max(worst, abs(found[m][k] - window.forecast[m][k]) / most[m][k]) }
            }
        }
        let ratio = worst / model.run.tolerance
        // The forecast's error goes with the third power of the window.
        let factor = ratio > 0 ? min(2, max(0.2, 0.9 * StepClock.cubeRoot(1 / ratio))) : 2
        let isCut = length < window.proposed && factor >= 1
        window.proposed = isCut ? max(window.proposed, factor * length) : factor * length
    }

    /// Moves the compartments to the window's end for good.
    func commit() {
        let length = window.end - window.start
        contents.close(after: length, received: received(at: window.end), bySender: receivedBySender())
        (window.outflowBefore, window.outflow) = (window.outflow, window.outflowBefore)
        contents.senders.outflowBefore = contents.senders.outflow
        window.lengthBefore = length
    }

    /// What each compartment has got from tissue since the window's start, molecules, by molecule.
    func received(at time: Double) -> [[Double]] {
        model.molecules.indices.map { m in
            contents.compartments.indices.map { k in
                tissues.indices.reduce(0) {
                    $0 + window.exchangedBefore[$1][m][k] - tissues[$1].exchanged(m, compartment: k, at: time)
                }
            }
        }
    }
}
