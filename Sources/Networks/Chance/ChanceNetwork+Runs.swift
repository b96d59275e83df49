public import Simulation

extension ChanceNetwork {
    /// One run: copy number `copy` of a seed, the same whatever else runs beside it.
    ///
    /// It ends where `goOn`, asked at every time of the request, says no. A `companion` starts anew with the run, which is
    /// then exact whatever the `method`.
    ///
    /// - Throws: ``NetworkFailure`` where a name is not there, an amount is no whole number, or a rate is negative.
    public func run(
        _ request: CourseRequest, seed: UInt64, copy: Int = 0, method: ChanceMethod = .exact,
        companion: (any ChanceCompanion)? = nil, goOn: (Double) -> Bool = { _ in true }
    ) throws(NetworkFailure) -> TimeCourse {
        let readings = PreparedProgram(try still.terms(of: request.outputs), of: still)
        var course = TimeCourse(names: request.outputs.map(\.name))
        var failure: NetworkFailure?
        guard let first = request.times.first else { return course }
        // What a companion's cells are may grow, and chance must not depend on how many might be.
        let way = companion == nil ? method : .exactly(.compositionRejection)
        let run = try ChanceRun(self, readings, way, grain: request.grain, companion: companion)
        do throws(NetworkFailure) {
            try run.start(seed: seed, copy: copy, at: first)
            for time in request.times {
                try run.advance(to: time)
                run.read { _, value in course.values.append(value) }
                course.times.append(time)
                if !goOn(time) { break }
            }
        } catch { failure = error }
        if let failure { throw failure }
        return course
    }

    /// Many runs at once: copies 0..<count of a seed, of which only means, deviations and quantiles are kept.
    ///
    /// The same bytes for any number of threads.
    ///
    /// - Parameters:
    ///   - request: when and what.
    ///   - count: how many runs, at least 1.
    ///   - seed: of all of them; run r is what ``run(_:seed:copy:method:)`` gives for copy r.
    ///   - method: exact, or leaping.
    ///   - quantiles: shares of the runs, each in 0...1.
    ///   - team: the threads that share the runs.
    /// - Returns: what the runs have in common.
    /// - Throws: what the first run throws that does, in the order of the copies.
    public func runs(
        _ request: CourseRequest, count: Int, seed: UInt64, method: ChanceMethod = .exact, quantiles: [Double] = [],
        on team: ThreadTeam
    ) throws(NetworkFailure) -> ChanceSummary {
        precondition(count >= 1, "\(count) runs are none")
        precondition(quantiles.allSatisfy { (0...1).contains($0) }, "a quantile is of a share in 0...1")
        let readings = PreparedProgram(try still.terms(of: request.outputs), of: still)
        let chunks = (count + Self.runsPerChunk - 1) / Self.runsPerChunk
        var sums = RunSums(entries: request.times.count * request.outputs.count, counts: !quantiles.isEmpty)
        var first = 0
        while first < chunks {
            let wave = min(Self.chunksPerWave, chunks - first)
            var results = [Result<RunSums, NetworkFailure>?](repeating: nil, count: wave)
            unsafe results.withUnsafeMutableBufferPointer { results in
                guard let start = results.baseAddress else { return }
                let slots = unsafe SharedSlots(start: start)
                team.run(chunks: wave) { chunk in
                    let runs = (first + chunk) * Self.runsPerChunk..<min((first + chunk + 1) * Self.runsPerChunk, count)
                    unsafe slots.start[chunk] = chunkOfRuns(
                        runs, request, readings, seed, method, counts: !quantiles.isEmpty)
                }
            }
            for result in results {
                switch result {
                case .success(let chunk): sums.merge(chunk)
                case .failure(let failure): throw failure
                case nil: preconditionFailure("a chunk of runs was left out")
                }
            }
            first += wave
        }
        return ChanceSummary(names: request.outputs.map(\.name), times: request.times, shares: quantiles, sums: sums)
    }

    /// Runs that are summed up one after the other, and chunks held at once before they are put together in order; both
    /// chosen, and part of what a seed means in the last bits of a sum.
    private static let runsPerChunk = 32
    private static let chunksPerWave = 16

    private func chunkOfRuns(
        _ runs: Range<Int>, _ request: CourseRequest, _ readings: PreparedProgram, _ seed: UInt64,
        _ method: ChanceMethod,
        counts: Bool
    ) -> Result<RunSums, NetworkFailure> {
        var sums = RunSums(entries: request.times.count * request.outputs.count, counts: counts)
        guard let first = request.times.first else { return .success(sums) }
        do throws(NetworkFailure) {
            let run = try ChanceRun(self, readings, method, grain: request.grain)
            for copy in runs {
                try run.start(seed: seed, copy: copy, at: first)
                sums.runs += 1
                for (row, time) in request.times.enumerated() {
                    try run.advance(to: time)
                    run.read { name, value in sums.add(value, at: row * request.outputs.count + name) }
                }
                sums.happened += run.happened
            }
        } catch { return .failure(error) }
        return .success(sums)
    }
}

extension CourseRequest {
    /// Conditions that depend on time are looked at in at least a hundred places of a run.
    fileprivate var grain: Double {
        let (first, last) = (times.first ?? 0, times.last ?? 0)
        return max((last - first) / 100, first.ulp)
    }
}

/// Where threads leave their results, each in a place of its own.
@safe private struct SharedSlots: @unchecked Sendable {
    let start: UnsafeMutablePointer<Result<RunSums, NetworkFailure>?>
}

/// Means and spreads of runs, added one at a time.
///
/// Source: Welford (1962), Note on a method for calculating corrected sums of squares and products,
/// doi:10.1080/00401706.1962.10490022; put together as in Chan, Golub & LeVeque (1979), from memory.
struct RunSums {
    var runs = 0
    var happened = 0
    /// [time][name].
    private(set) var means: [Double]
    /// Sums of squared distances from the mean.
    private(set) var squares: [Double]
    private(set) var counts: [ValueCounts]

    init(entries: Int, counts: Bool) {
        means = Array(repeating: 0, count: entries)
        squares = means
        self.counts = Array(repeating: ValueCounts(), count: counts ? entries : 0)
    }

    /// Adds a value of the run that `runs` counts last.
    mutating func add(_ value: Double, at entry: Int) {
        let distance = value - means[entry]
        means[entry] += distance / Double(runs)
        squares[entry] += distance * (value - means[entry])
        if !counts.isEmpty { counts[entry].add(value) }
    }

    mutating func merge(_ other: RunSums) {
        let total = Double(runs + other.runs)
        let share = Double(other.runs) / total
        for entry in means.indices {
            let distance = other.means[entry] - means[entry]
            means[entry] += distance * share
            squares[entry] += other.squares[entry] + distance * distance * Double(runs) * share
        }
        for entry in counts.indices { counts[entry].merge(other.counts[entry]) }
        runs += other.runs
        happened += other.happened
    }
}

/// What many runs have in common.
public struct ChanceSummary: Hashable, Sendable {
    public var names: [String]
    /// In the network's unit of time.
    public var times: [Double]
    public var runs: Int
    /// Reactions that happened, in all runs together.
    public var happened: Int
    /// [time][name], names fastest.
    public var means: [Double]
    /// Standard deviations of a run from the mean (n − 1), [time][name]; 0 of one run.
    public var deviations: [Double]
    /// The shares of the runs that `quantiles` are of.
    public var shares: [Double]
    /// [share][time][name].
    public var quantiles: [[Double]]
    /// The largest relative error of a quantile: 0 where all different values were counted.
    public var resolution: Double

    init(names: [String], times: [Double], shares: [Double], sums: RunSums) {
        self.names = names
        self.times = times
        self.shares = shares
        runs = sums.runs
        happened = sums.happened
        means = sums.means
        deviations = sums.squares.map { sums.runs < 2 ? 0 : ($0 / Double(sums.runs - 1)).squareRoot() }
        quantiles = shares.map { share in sums.counts.map { $0.quantile(share) } }
        resolution = sums.counts.map(\.resolution).max() ?? 0
    }

    /// One name's means and deviations over time.
    public func column(_ name: String) -> (means: [Double], deviations: [Double])? {
        guard let place = names.firstIndex(of: name) else { return nil }
        let entries = times.indices.map { $0 * names.count + place }
        return (entries.map { means[$0] }, entries.map { deviations[$0] })
    }
}
