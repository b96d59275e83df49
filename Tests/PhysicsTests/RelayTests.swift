import Biology
import Foundation
import Simulation
import Testing
import Tissue

/// V14: a wave of cells that secrete what they sense, through a model file.
@Suite struct RelayTests {
    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Validation/Fronts/V14-relay.paracrine.yaml")
    /// √(Dγ), µm/s.
    private static let unit = (100 * 1e-3).squareRoot()

    /// Where the concentration falls below 10 pM, µm, at every minute until it has come as far as `end`.
    private func front(_ settings: [String], until end: Double, hours: Double = 3) throws -> [(time: Double, x: Double)]
    {
        let run = try ModelRun(file: Self.file, settings)
        let level = Concentration.nanomolar(0.01).value
        var found: [(time: Double, x: Double)] = []
        while run.engine.time < hours * 3600 {
            try run.engine.step(until: hours * 3600)
            let next = Double(found.count + 1) * 60
            guard run.engine.time >= next else { continue }
            let frame = run.engine.cells(at: next, columns: [.concentration("relay")])
            let order = frame.ids.indices.sorted { frame.x[$0] < frame.x[$1] }
            let values = frame.columns[0].values
            let last = order.lastIndex { values[$0] >= level } ?? 0
            guard last + 1 < order.count else { break }
            let (a, b) = (order[last], order[last + 1])
            let share = values[a] > level ? (values[a] - level) / (values[a] - values[b]) : 0
            found.append((next, frame.x[a] + share * (frame.x[b] - frame.x[a])))
            if found[found.count - 1].x >= end { break }
        }
        return found
    }

    /// The slope of the least-squares line.
    private func slope(_ points: [(x: Double, y: Double)]) -> Double {
        let n = Double(points.count)
        let (mx, my) = (points.reduce(0) { $0 + $1.x } / n, points.reduce(0) { $0 + $1.y } / n)
        return points.reduce(0) { $0 + ($1.x - mx) * ($1.y - my) } / points.reduce(0) { $0 + ($1.x - mx) * ($1.x - mx) }
    }

    /// Three seconds each in debug.
    @Test(arguments: [(0.05, 4.129), (0.1, 2.667), (0.25, 1.155)])
    func frontRunsAtItsSpeed(_ theta: Double, _ speed: Double) throws {
        let course = try front(["q=\(0.00602214 / theta) molecules/s"], until: theta < 0.2 ? 4500 : 2800)
        // Past the wall that lit it.
        let running = course.filter { $0.x > 1500 }.map { (x: $0.time, y: $0.x) }
        #expect(running.count > 10)
        let found = slope(running) / Self.unit
        #expect(abs(found / speed - 1) < 0.03, "θ = \(theta): \(found) against \(speed)")
        let start = try #require(running.first)
        let exponent = slope(running.dropFirst(5).map { (x: log($0.x - start.x), y: log($0.y - start.y)) })
        #expect(abs(exponent - 1) < 0.02, "θ = \(theta): it goes with time to the power \(exponent)")
    }

    @Test(arguments: [0.5, 0.6]) func frontStopsFromAHalf(_ theta: Double) throws {
        let course = try front(["q=\(0.00602214 / theta) molecules/s"], until: 6000, hours: 2)
        let (last, before) = (try #require(course.last), course[course.count - 31])
        #expect(last.x < 1500, "\(last)")
        // At θ = ½ it creeps up to where the wall no longer helps, more and more slowly; above, it stands.
        let (now, earlier) = (last.x - before.x, before.x - course[course.count - 61].x)
        #expect(now < 0.75 * earlier + 1, "\(earlier) µm, then \(now) µm in half an hour")
    }

    @Test func withoutRelayItGoesWithTheRootOfTime() throws {
        let course = try front(["q=1e-30 molecules/s", "decay=0 /s"], until: 6000, hours: 2)
        let exponent = slope(course.filter { $0.time > 600 }.map { (x: log($0.time), y: log($0.x)) })
        #expect(abs(exponent - 0.5) < 0.02, "\(exponent)")
    }
}
