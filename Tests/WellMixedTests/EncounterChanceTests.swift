import Biology
import Foundation
import Networks
import Simulation
import Testing
import WellMixed

/// Cells that touch others, one by one, against exact laws.
@Suite struct EncounterChanceTests {
    private func text(_ cells: String, hours: Int = 10) -> String {
        """
        space: {box: 30 x 30 x 30 µm, grid: 10 µm}
        cells:
        \(cells.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
        place: {other: random}
        run: {for: \(hours) h, seed: 1}
        """
    }

    /// That one cell of 1 µm touches a given other.
    private static let share = 4 / 3 * Double.pi * pow(2.2, 3) / 27000

    /// Mean and variance of a number at the end of many runs, each with its standard error.
    private func expect(
        _ name: String, _ text: String, runs: Int, hours: Double, mean: Double, variance: Double
    ) throws {
        let network = try ChanceNetwork(MixedModels.reduce(MixedModels.read(text), .ssa).network)
        let request = CourseRequest(times: [0, hours * 3600], outputs: [.init(name)])
        let values = try (0..<runs).map { try network.run(request, seed: 5, copy: $0).row(1)[1] }
        let count = Double(runs)
        let found = values.reduce(0, +) / count
        let second = values.reduce(0) { $0 + pow($1 - found, 2) } / (count - 1)
        let fourth = values.reduce(0) { $0 + pow($1 - found, 4) } / count
        #expect(abs(found - mean) <= 3 * (second / count).squareRoot(), "\(found), not \(mean)")
        let error = ((fourth - second * second) / count).squareRoot()
        #expect(abs(second - variance) <= 3 * error, "\(second), not \(variance)")
    }

    /// Each target has had hits as Poisson's law says, whatever happens to others: those that live are a binomial number.
    @Test func hitsAreCountedOneByOne() throws {
        let cells = "T: {count: 40, radius: 1 µm}\nK: {count: 20, radius: 1 µm, kills: {T: {rate: 5 /h, hits: 2}}}"
        let had = 5 * 20 * Self.share * 10
        let alive = exp(-had) * (1 + had)
        try expect("cells_T", text(cells), runs: 3000, hours: 10, mean: 40 * alive, variance: 40 * alive * (1 - alive))
    }

    /// One killer and one target: it is found at a, held, and hit at b, so that it lives with (b e^(−at) − a e^(−bt))/(b − a).
    @Test func aTargetIsFoundThenHit() throws {
        let cells = "T: {count: 1, radius: 1 µm}\nK: {count: 1, radius: 1 µm, kills: {T: {rate: 100 /h, every: 4 h}}}"
        let (a, b) = (100 * Self.share, 0.25)
        let alive = (b * exp(-a * 10) - a * exp(-b * 10)) / (b - a)
        try expect("cells_T", text(cells), runs: 4000, hours: 10, mean: alive, variance: alive * (1 - alive))
    }

    /// A killer that dies, or is of another type, lets go: what it held is never hit.
    @Test func oneThatDiesLetsGo() throws {
        let cells =
            "T: {count: 1, radius: 1 µm}\nK: {count: 1, radius: 1 µm, dies: 0.2 /h, kills: {T: {rate: 100 /h, every: 4 h}}}"
        // It is killed where the killer finds it and hits before it dies.
        let (a, b, d) = (100 * Self.share, 0.25, 0.2)
        let killed = a / (a + d) * b / (b + d)
        try expect(
            "cells_T", text(cells, hours: 100), runs: 4000, hours: 100, mean: 1 - killed,
            variance: killed * (1 - killed))
    }

    /// Bodies go when their time is up or an eater comes: the mean is that of the equations, but for stages for a time.
    @Test func bodiesAreTakenInOneByOne() throws {
        let cells = """
            T: {count: 40, radius: 1 µm, dies: {rate: 0.3 /h, cleared: 3 h}}
            P: {count: 20, radius: 1 µm, eats: {dead T: 5 /h}}
            """
        let (death, eaten) = (0.3, 5 * 20 * Self.share)
        // Each is a body with this probability, on its own.
        let share =
            death * exp(-eaten * 6) * (exp((eaten - death) * 6) - exp((eaten - death) * 3)) / (eaten - death)
        try expect(
            "cells_dead_T", text(cells, hours: 6), runs: 2000, hours: 6, mean: 40 * share,
            variance: 40 * share * (1 - share))
    }
}
