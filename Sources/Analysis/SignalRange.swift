import Foundation
import Results
import Simulation

/// How far a molecule gets from the cells that secrete it, measured in a tissue.
struct SignalRange {
    let molecule: String
    /// Within this distance of the nearest secretor other cells capture half of what they capture, µm.
    let half: Double?
    /// Of c ∝ Σ e^(−r/L)/r over all secretors, fitted to the field, µm.
    let fitted: Double?

    init(
        _ molecule: String, field: RecordedField?, cells: CellFrame, secretors: Set<Int>, context: ReportContext
    ) {
        self.molecule = molecule
        let senders = cells.ids.indices.filter { secretors.contains(cells.types[$0]) }
            .map { [cells.x[$0], cells.y[$0], cells.z[$0]] }
        half = SignalRange.halfDistance(molecule, cells, secretors, senders, context)
        fitted = field.flatMap { SignalRange.screeningLength($0, senders, context.periods) }
    }

    // MARK: - Half of what is captured

    private static func halfDistance(
        _ molecule: String, _ cells: CellFrame, _ secretors: Set<Int>, _ senders: [[Double]], _ context: ReportContext
    ) -> Double? {
        guard !senders.isEmpty, let rates = captureRates(molecule, cells, context) else { return nil }
        let nearest = NearestSecretor(senders, periods: context.periods)
        let captured = cells.ids.indices.filter { !secretors.contains(cells.types[$0]) && rates[$0] > 0 }
            .map { (distance: nearest.distance(from: [cells.x[$0], cells.y[$0], cells.z[$0]]), rate: rates[$0]) }
        return weightedMedian(captured)
    }

    /// The distance at which the sum of the rates, from the nearest outwards, reaches its half; straight lines between.
    static func weightedMedian(_ captured: [(distance: Double, rate: Double)]) -> Double? {
        let sorted = captured.sorted { ($0.distance, $0.rate) < ($1.distance, $1.rate) }
        let half = sorted.reduce(0) { $0 + $1.rate } / 2
        guard half > 0 else { return nil }
        var sum = 0.0
        var last = 0.0
        for (distance, rate) in sorted {
            if sum + rate >= half { return last + (distance - last) * (half - sum) / rate }
            sum += rate
            last = distance
        }
        return sorted.last?.distance
    }

    /// What each cell captures of a molecule, molecules/s: what it takes in with bound receptors where their number was
    /// recorded, else what binds at the concentration it reads; `nil` where neither was.
    private static func captureRates(_ molecule: String, _ cells: CellFrame, _ context: ReportContext) -> [Double]? {
        let bindings = context.bindings[molecule] ?? []
        func column(_ name: String) -> [Double]? { cells.columns.first { $0.name == name }?.values }
        let taken = bindings.compactMap { binding -> [Double]? in
            guard binding.endocytosis > 0 else { return nil }
            let bound =
                column("\(binding.receptor).bound.\(molecule)")
                ?? (binding.isOnlyLigand ? column("\(binding.receptor).bound") : nil)
            return bound?.map { $0.isFinite ? $0 * binding.endocytosis : 0 }
        }
        if taken.count == bindings.count, !taken.isEmpty { return sum(taken) }
        guard let concentrations = column(molecule) else { return nil }
        let bound = bindings.map { binding in
            let free = column("\(binding.receptor).free") ?? column("\(binding.receptor).total")
            return cells.ids.indices.map { i -> Double in
                let type = cells.typeNames[cells.types[i]]
                let number = free?[i] ?? binding.means[type] ?? 0
                return number.isFinite && concentrations[i].isFinite ? number * binding.kOn * concentrations[i] : 0
            }
        }
        return bound.isEmpty ? nil : sum(bound)
    }

    private static func sum(_ columns: [[Double]]) -> [Double] {
        columns.dropFirst().reduce(columns[0]) { sums, column in zip(sums, column).map(+) }
    }

    // MARK: - Screening length

    /// Fits L of c = A Σ e^(−r/L)/r, the steady field of point secretors of one rate in an even medium, by least squares
    /// of log c; `nil` where the field does not tell.
    ///
    /// Voxels count that lie at least 2.5 voxels from every secretor, where the source is a point to the grid, nearer to
    /// one than half the way to a wall, which would reflect, and above a thousandth of the largest such value (chosen).
    /// Of a slab there is no such fit: its field does not fall as e^(−r/L)/r.
    static func screeningLength(_ field: RecordedField, _ senders: [[Double]], _ periods: [Double?]) -> Double? {
        let size = field.voxels.map { Double($0) * field.spacing }
        guard field.voxels[2] > 1, !senders.isEmpty else { return nil }
        // Chosen: more secretors than this stand too close together to tell a length from.
        guard senders.count <= 200 else { return nil }
        let nearest = NearestSecretor(senders, periods: periods)
        // Chosen: 2e6 voxels hold every distance many times; odd, so that rows of even length are not sampled in columns.
        let stride = field.values.count / 2_000_000 | 1
        var points: [(place: [Double], value: Double)] = []
        for voxel in Swift.stride(from: 0, to: field.values.count, by: stride) where field.values[voxel] > 0 {
            let place = field.centre(voxel)
            let distance = nearest.distance(from: place)
            let wall = (0..<3).filter { periods[$0] == nil }.map { min(place[$0], size[$0] - place[$0]) }.min()
            guard distance >= 2.5 * field.spacing, distance <= wall ?? .infinity,
                distance <= (0..<3).compactMap({ periods[$0] }).min().map({ $0 / 4 }) ?? .infinity
            else { continue }
            points.append((place, field.values[voxel]))
        }
        let largest = points.map(\.value).max() ?? 0
        points = points.filter { $0.value >= largest * 1e-3 }
        guard points.count >= 20 else { return nil }
        // Chosen: 3000 voxels fix the length to better than the model of point secretors does; fewer where images of many
        // secretors count too.
        let most = max(300, 600_000 / (27 * senders.count))
        let step = (points.count + min(most, 3000) - 1) / min(most, 3000)
        let sample = Swift.stride(from: 0, to: points.count, by: step).map { points[$0] }
        let sources = images(of: senders, periods)
        let distances = sample.map { point in
            sources.map { source in
                (0..<3).reduce(0) { $0 + (point.place[$1] - source[$1]) * (point.place[$1] - source[$1]) }.squareRoot()
            }
        }
        let length = bestLength(
            distances, sample.map { log($0.value) }, upTo: 100 * (size.max() ?? 0), from: field.spacing / 4)
        // Images further off would count too: the box is too small to tell such a length.
        if let length, let period = periods.compactMap(\.self).min(), length > period / 4 { return nil }
        return length
    }

    /// The senders, and the nearest images of each through joined faces, µm.
    private static func images(of senders: [[Double]], _ periods: [Double?]) -> [[Double]] {
        (0..<3).reduce(senders) { places, axis in
            guard let period = periods[axis] else { return places }
            return places.flatMap { place in
                [-period, 0, period].map { shift in
                    var image = place
                    image[axis] += shift
                    return image
                }
            }
        }
    }

    /// Golden section over log L; `nil` where the best is at an end, so that the field does not tell.
    private static func bestLength(
        _ distances: [[Double]], _ logs: [Double], upTo longest: Double, from shortest: Double
    ) -> Double? {
        func misfit(_ logLength: Double) -> Double {
            let length = exp(logLength)
            let residuals = zip(distances, logs).map { distances, value -> Double in
                // Scaled by the nearest, so that short lengths do not underflow.
                let least = distances.min() ?? 0
                let sum = distances.reduce(0) { $0 + exp(-($1 - least) / length) / $1 }
                return value - log(sum) + least / length
            }
            let mean = residuals.reduce(0, +) / Double(residuals.count)
            return residuals.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        }
        var (low, high) = (log(shortest), log(longest))
        let (first, last) = (low, high)
        let golden = (5.0.squareRoot() - 1) / 2
        var (a, b) = (high - golden * (high - low), low + golden * (high - low))
        var (atA, atB) = (misfit(a), misfit(b))
        while high - low > 1e-5 {
            if atA < atB {
                (high, b, atB) = (b, a, atA)
                a = high - golden * (high - low)
                atA = misfit(a)
            } else {
                (low, a, atA) = (a, b, atB)
                b = low + golden * (high - low)
                atB = misfit(b)
            }
        }
        let best = (low + high) / 2
        return best - first < 0.01 || last - best < 0.01 ? nil : exp(best)
    }
}
