import Biology
import Foundation
import Results
import Simulation
import Testing

@testable import Analysis

/// Niches and ranges of exact profiles, and niches that come, merge, part and go.
@Suite struct NicheTests {
    /// c = Σ e^(−r/L)/r around points, in a box of voxels of 10 µm.
    private static func field(
        _ sources: [[Double]], length: Double, voxels: [Int], spacing: Double = 10, at time: Double = 0,
        strength: Double = 1
    ) -> RecordedField {
        var field = RecordedField(
            time: time, molecule: "L", voxels: voxels, spacing: spacing,
            values: [Double](repeating: 0, count: voxels.reduce(1, *)))
        for voxel in field.values.indices {
            let place = field.centre(voxel)
            field.values[voxel] = sources.reduce(0) { sum, source in
                let r = max(
                    spacing / 4, zip(place, source).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot())
                return sum + strength * exp(-r / length) / r
            }
        }
        return field
    }

    private static func cells(_ centres: [[Double]], types: [Int]) -> CellFrame {
        var frame = CellFrame(time: 0, typeNames: ["sender", "other"])
        frame.ids = Array(centres.indices)
        frame.types = types
        (frame.x, frame.y, frame.z) = (centres.map { $0[0] }, centres.map { $0[1] }, centres.map { $0[2] })
        frame.radius = centres.map { _ in 5 }
        return frame
    }

    @Test(arguments: [25.0, 45, 80])
    func radiusAndReachAreThoseOfTheProfile(radius: Double) {
        let centre = [152.0, 147, 149]
        let threshold = exp(-radius / 40) / radius
        var census = NicheCensus(
            "L", threshold: threshold, cells: Self.cells([centre, [152, 147, 149 + radius - 12]], types: [0, 1]),
            secretorTypes: [0], periods: [nil, nil, nil])
        let field = Self.field([centre], length: 40, voxels: [30, 30, 30])
        census.add(field, census.map(field), others: [])
        let niche = census.niches[0]
        #expect(census.niches.count == 1)
        #expect(abs(niche.radius - radius) < 2, "\(niche.radius) µm")
        #expect(abs(niche.reach - radius) < 1, "\(niche.reach) µm")
        #expect(niche.secretors == [0] && niche.inside == [1, 1] && niche.shared == 0)
        #expect(census.secretorsWithout == 0)
    }

    /// Through a periodic wall a niche is one, and its reach is measured through it.
    @Test func aNicheGoesThroughAPeriodicWall() {
        let images = [[5.0, 150, 150], [305, 150, 150]]
        let field = Self.field(images, length: 40, voxels: [30, 30, 30])
        let cells = Self.cells([images[0]], types: [0])
        let threshold = exp(-50.0 / 40) / 50
        var walled = NicheCensus("L", threshold: threshold, cells: cells, secretorTypes: [0], periods: [nil, nil, nil])
        walled.add(field, walled.map(field), others: [])
        var joined = NicheCensus("L", threshold: threshold, cells: cells, secretorTypes: [0], periods: [300, nil, nil])
        joined.add(field, joined.map(field), others: [])
        #expect(walled.niches.count == 2 && joined.niches.count == 1)
        #expect(abs(joined.niches[0].radius - 50) < 2 && abs(joined.niches[0].reach - 50) < 1)
    }

    /// Two niches grow, merge, part and vanish: numbers stay with the larger, times are those of the frames.
    @Test func nichesAreFollowed() {
        let sources = [[75.0, 75, 75], [165, 75, 75]]
        let cells = Self.cells(sources, types: [0, 0])
        var census = NicheCensus("L", threshold: 0.01, cells: cells, secretorTypes: [0], periods: [nil, nil, nil])
        for (step, strength) in [0.0, 0.6, 3, 0.6, 0].enumerated() {
            let field = Self.field(
                sources, length: 40, voxels: [24, 15, 15], at: Double(step) * 600, strength: strength)
            census.add(field, census.map(field), others: [])
        }
        let seen = census.niches.map { [Int($0.time), $0.number, $0.secretors.count] }
        #expect(seen == [[600, 0, 1], [600, 1, 1], [1200, 0, 2], [1800, 0, 1], [1800, 2, 1]])
        #expect(census.times == [0, 600, 1200, 1800, 2400])
        #expect(census.secretorsWithout == 2)
    }

    @Test func sharedIsWhatOtherMoleculesCover() {
        let values = [2.0, 2, 2, 2, 0, 0]
        let others = [0.0, 0, 0, 2, 2, 2]
        func map(_ values: [Double]) -> NicheMap {
            NicheMap(values, voxels: [6, 1, 1], spacing: 1, isPeriodic: [false, false, false], threshold: 1)
        }
        var census = NicheCensus("L", threshold: 1, cells: nil, secretorTypes: [], periods: [nil, nil, nil])
        let field = RecordedField(time: 0, molecule: "L", voxels: [6, 1, 1], spacing: 1, values: values)
        census.add(field, map(values), others: [map(others)])
        #expect(census.niches[0].shared == 0.25 && census.niches[0].reach.isNaN)
    }

    // MARK: - Ranges

    /// Half of what an even medium takes from a point source it takes within 1.678 L: (1 + x) e^(−x) = ½.
    @Test func halfIsCapturedWithinItsRadius() throws {
        let centre = [200.0, 200, 200]
        let field = Self.field([centre], length: 20, voxels: [100, 100, 100], spacing: 4)
        let captured = field.values.indices.map { voxel in
            let place = field.centre(voxel)
            return (
                distance: zip(place, centre).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot(),
                rate: field.values[voxel]
            )
        }
        let half = try #require(SignalRange.weightedMedian(captured))
        #expect(abs(half - 1.678 * 20) < 0.5, "\(half) µm")
    }

    @Test func theMedianStandsBetweenCells() {
        #expect(SignalRange.weightedMedian([(10, 1), (20, 1)]) == 10)
        #expect(SignalRange.weightedMedian([(10, 1), (20, 3)]) == 10 + 10.0 / 3)
        #expect(SignalRange.weightedMedian([(10, 0)]) == nil)
        #expect(SignalRange.weightedMedian([]) == nil)
    }

    /// λ ∝ n^(−1/2) and R^(−1/2) over two decades each: the fit gives back the length of exact profiles.
    @Test func fittedRangesFollowDensityAndReceptors() throws {
        let (diffusion, kOn) = (10.0, 0.05148)
        var points: [(x: Double, y: Double)] = []
        for uptake in [1e-1, 3.16e-1, 1, 3.16, 10] {
            // k_on R n: of n = 1e-5 … 1e-3 /µm³ at R = 1e4 as of R = 1e3 … 1e5 at n = 1e-4 /µm³.
            let length = (diffusion / (kOn * uptake)).squareRoot()
            let centre = [3.05, 2.98, 3.01].map { $0 * length }
            let field = Self.field([centre], length: length, voxels: [30, 30, 30], spacing: length / 5)
            let fitted = try #require(SignalRange.screeningLength(field, [centre], [nil, nil, nil]))
            #expect(abs(fitted / length - 1) < 1e-4, "\(fitted) µm of \(length)")
            points.append((log(uptake), log(fitted)))
        }
        let slope = (points[4].y - points[0].y) / (points[4].x - points[0].x)
        #expect(abs(slope + 0.5) < 1e-4)
    }

    @Test func severalSendersAreFittedTogether() throws {
        let senders = [[100.0, 100, 100], [130, 100, 100], [100, 140, 95]]
        let field = Self.field(senders, length: 22, voxels: [40, 40, 40], spacing: 5)
        let fitted = try #require(SignalRange.screeningLength(field, senders, [nil, nil, nil]))
        #expect(abs(fitted - 22) < 0.01, "\(fitted) µm")
    }

    /// In a periodic box a point feels every image of a secretor; a length that the box is too small for is not told.
    @Test(arguments: [(15.0, true), (30, true), (45, true), (80, false), (150, false)])
    func joinedFacesAreSeenThrough(length: Double, isTold: Bool) throws {
        var images: [[Double]] = []
        for x in -3...3 {
            for y in -3...3 {
                for z in -3...3 { images.append([x, y, z].map { 100 + 200 * Double($0) }) }
            }
        }
        let field = Self.field(images, length: length, voxels: [20, 20, 20], spacing: 10)
        let fitted = SignalRange.screeningLength(field, [[100, 100, 100]], [200, 200, 200])
        if isTold {
            #expect(abs(try #require(fitted) / length - 1) < 0.02, "\(fitted ?? 0) µm of \(length)")
        } else {
            #expect(fitted == nil, "\(fitted ?? 0) µm of \(length)")
        }
    }

    @Test func aFieldThatDoesNotTellIsNotFitted() {
        let flat = RecordedField(
            time: 0, molecule: "L", voxels: [20, 20, 20], spacing: 10, values: [Double](repeating: 1, count: 8000))
        let centre = [100.0, 100, 100]
        #expect(SignalRange.screeningLength(flat, [centre], [nil, nil, nil]) == nil)
        #expect(SignalRange.screeningLength(flat, [], [nil, nil, nil]) == nil)
        let slab = Self.field([[100, 100, 5]], length: 30, voxels: [20, 20, 1])
        #expect(SignalRange.screeningLength(slab, [[100, 100, 5]], [nil, nil, nil]) == nil)
    }
}
