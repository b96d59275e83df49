import Foundation
import Results
import Simulation

/// One niche at one recorded time.
struct Niche {
    /// The same for as long as it lasts.
    var number: Int
    /// s since the start.
    var time: Double
    /// µm³.
    var volume: Double
    /// Of the sphere (in a slab: the disc) of equal size, µm.
    var radius: Double
    /// From its nearest secretor to the farthest point of its border, µm; NaN without a secretor inside.
    var reach: Double
    /// Ids of the secretors inside; more than one where their niches have merged.
    var secretors: [Int]
    /// Cells inside by type.
    var inside: [Int]
    /// Share of its volume that also lies in a niche of another molecule.
    var shared: Double
}

/// The niches of one molecule above one threshold, followed over the recorded times.
struct NicheCensus {
    let molecule: String
    /// nM.
    let threshold: Double
    private let cells: CellFrame?
    private let secretorTypes: Set<Int>
    private let periods: [Double?]
    private(set) var niches: [Niche] = []
    /// Times at which the field was recorded, s.
    private(set) var times: [Double] = []
    /// Of every voxel the niche it belonged to at the time before, or -1.
    private var before: [Int32] = []
    private var known = 0

    init(
        _ molecule: String, threshold: Double, cells: CellFrame?, secretorTypes: Set<Int>, periods: [Double?]
    ) {
        self.molecule = molecule
        self.threshold = threshold
        self.cells = cells
        self.secretorTypes = secretorTypes
        self.periods = periods
    }

    /// `type`: Index into the cells' type names.
    func isSecretor(_ type: Int) -> Bool { secretorTypes.contains(type) }

    var isPeriodic: [Bool] { periods.map { $0 != nil } }

    func map(_ field: RecordedField) -> NicheMap {
        NicheMap(
            field.values, voxels: field.voxels, spacing: field.spacing, isPeriodic: isPeriodic, threshold: threshold)
    }

    /// Secretors whose niche, if they have one, is smaller than a voxel at the last time.
    var secretorsWithout: Int {
        guard let cells, let last = times.last else { return 0 }
        let with = niches.filter { $0.time == last }.reduce(0) { $0 + $1.secretors.count }
        return cells.types.count(where: secretorTypes.contains) - with
    }

    /// Adds what was recorded at a time later than those before; `others` are the niches of other molecules then.
    mutating func add(_ field: RecordedField, _ map: NicheMap, others: [NicheMap]) {
        times.append(field.time)
        let numbers = follow(map)
        var found = numbers.enumerated().map { region, number in
            Niche(
                number: number, time: field.time, volume: map.volume(of: region), radius: map.radius(of: region),
                reach: .nan, secretors: [], inside: [Int](repeating: 0, count: cells?.typeNames.count ?? 0),
                shared: 0)
        }
        var centres = [[[Double]]](repeating: [], count: found.count)
        for i in cells?.ids.indices ?? 0..<0 {
            guard let cells else { break }
            let centre = [cells.x[i], cells.y[i], cells.z[i]]
            let region = Int(map.niches[field.voxel(centre)])
            guard region >= 0 else { continue }
            found[region].inside[cells.types[i]] += 1
            if secretorTypes.contains(cells.types[i]) {
                found[region].secretors.append(cells.ids[i])
                centres[region].append(centre)
            }
        }
        for (region, reach) in reaches(field, map, centres).enumerated() { found[region].reach = reach }
        for (region, shared) in NicheCensus.shared(map, others).enumerated() { found[region].shared = shared }
        niches += found
        before = map.niches.map { $0 < 0 ? -1 : Int32(numbers[Int($0)]) }
    }

    /// The number of each region: that of the niche with which it shares the most voxels of the time before, each
    /// number given once, or else a new one.
    private mutating func follow(_ map: NicheMap) -> [Int] {
        // Region and number of the time before in one key: a voxel allocates nothing.
        var shared: [UInt64: Int] = [:]
        if before.count == map.niches.count {
            for (voxel, region) in map.niches.enumerated() where region >= 0 && before[voxel] >= 0 {
                shared[UInt64(region) << 32 | UInt64(before[voxel]), default: 0] += 1
            }
        }
        let overlaps = shared.map { (region: Int($0.key >> 32), number: Int($0.key & 0xFFFF_FFFF), voxels: $0.value) }
        var numbers = [Int](repeating: -1, count: map.sizes.count)
        var given: Set<Int> = []
        let ranked = overlaps.sorted { (-$0.voxels, $0.number, $0.region) < (-$1.voxels, $1.number, $1.region) }
        for overlap in ranked where numbers[overlap.region] < 0 && given.insert(overlap.number).inserted {
            numbers[overlap.region] = overlap.number
        }
        for region in numbers.indices where numbers[region] < 0 {
            numbers[region] = known
            known += 1
        }
        return numbers
    }

    /// The farthest point of each border from the nearest secretor inside; borders lie between voxel centres, where
    /// the concentration, falling exponentially from one to the other, is the threshold.
    private func reaches(_ field: RecordedField, _ map: NicheMap, _ centres: [[[Double]]]) -> [Double] {
        let nearest = centres.map { $0.isEmpty ? nil : NearestSecretor($0, periods: periods) }
        var reaches = [Double](repeating: .nan, count: centres.count)
        for (voxel, region) in map.niches.enumerated() where region >= 0 {
            guard let nearest = nearest[Int(region)] else { continue }
            let inside = field.values[voxel]
            NicheMap.visitNeighbours(of: voxel, field.voxels, isPeriodic) { neighbour, axis, step in
                guard map.niches[neighbour] < 0 else { return }
                let outside = max(field.values[neighbour], threshold * 1e-6)
                let share = inside > outside ? log(inside / threshold) / log(inside / outside) : 0.5
                var point = field.centre(voxel)
                point[axis] += Double(step) * min(max(share, 0), 1) * field.spacing
                let distance = nearest.distance(from: point)
                if !(reaches[Int(region)] >= distance) { reaches[Int(region)] = distance }
            }
        }
        return reaches
    }

    private static func shared(_ map: NicheMap, _ others: [NicheMap]) -> [Double] {
        var counts = [Int](repeating: 0, count: map.sizes.count)
        let fitting = others.filter { $0.niches.count == map.niches.count }
        if !fitting.isEmpty {
            for (voxel, region) in map.niches.enumerated()
            where region >= 0 && fitting.contains(where: { $0.niches[voxel] >= 0 }) { counts[Int(region)] += 1 }
        }
        return zip(counts, map.sizes).map { Double($0) / Double($1) }
    }
}

extension RecordedField {
    /// The voxel that holds a point; the nearest where it lies outside.
    func voxel(_ point: [Double]) -> Int {
        let place = zip(point, voxels).map { position, count in
            position.isFinite ? Int(min(max(position / spacing, 0), Double(count - 1))) : 0
        }
        return (place[2] * voxels[1] + place[1]) * voxels[0] + place[0]
    }

    /// Of a voxel, µm.
    func centre(_ voxel: Int) -> [Double] {
        let place = [voxel % voxels[0], voxel / voxels[0] % voxels[1], voxel / (voxels[0] * voxels[1])]
        return place.map { (Double($0) + 0.5) * spacing }
    }
}
