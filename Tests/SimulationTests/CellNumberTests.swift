import Biology
import Simulation
import Testing

/// How many cells there are, in the time courses and in lines of `expect:`.
@Suite struct CellNumberTests {
    /// Two types of cells, of which B dies out and A comes up: at hour t there are t of A and 3 − t of B.
    private final class Tissue: Engine {
        var time = 0.0

        func step(until: Double) throws(RunFailure) { time = min(until, time + 1800) }

        func cells(at time: Double, columns: [Signal]) -> CellFrame {
            let hours = Int(time / 3600)
            var frame = CellFrame(time: time, typeNames: ["A", "B", "dead B"])
            frame.types = Array(repeating: 0, count: hours) + Array(repeating: 1, count: 3 - hours)
            frame.ids = Array(frame.types.indices)
            frame.columns = columns.map {
                CellFrame.Column(name: $0.name, unit: "", values: frame.types.map { Double($0) + 0.5 })
            }
            return frame
        }

        func field(_ molecule: String, at time: Double) -> FieldFrame {
            FieldFrame(time: time, molecule: molecule, voxels: [1, 1, 1], spacing: 1, values: [0])
        }
        func concentrations(of molecule: String, at points: [[Double]], time: Double) -> [Double] {
            points.map { _ in 0 }
        }
        func ledgers(at time: Double) -> [Ledger] { [] }
        func captured(_ molecule: String, at time: Double) -> [Double] { [] }
        func communication(at time: Double) -> CommunicationFrame {
            CommunicationFrame()
        }
        func inductions(at time: Double) -> [InductionRow] { [] }
        func value(of name: String, inNetwork network: String, at time: Double) -> Double? { nil }
        func concentration(of molecule: String, in compartment: String, at time: Double) -> Double? { nil }
    }

    private final class Rows: Recorder {
        var rows: [SeriesRow] = []
        func record(_ frame: CellFrame) {}
        func record(_ frame: FieldFrame) {}
        func record(_ row: SeriesRow) { rows.append(row) }
        func record(_ ledgers: [Ledger], at time: Double) {}
        func record(_ communication: CommunicationFrame) {}
        func record(_ inductions: [InductionRow]) {}
    }

    private static func model(isAlive: Bool) -> Model {
        let edge = Length.micrometres(10)
        var model = Model(
            name: "m", space: Space(size: [edge, edge, edge], spacing: edge), run: RunPlan(duration: .hours(3), seed: 1)
        )
        model.cellTypes = ["A", "B", "dead B"].map { CellType(name: $0, radius: .micrometres(1)) }
        for index in 0...1 {
            model.cellTypes[index].states = [CellState(name: "s", expression: .number(1), dimension: .none)]
        }
        if isAlive {
            model.cellTypes[1].life = CellLife()
            model.cellTypes[1].life?.deaths = [
                Death(kind: .apoptosis, hazard: Hazard(rate: .perSecond(1)), body: "dead B")
            ]
        }
        model.record.series = .hours(1)
        model.expectations = [("A", 2), ("B", 1), ("dead B", 0)].map { type, expected in
            Expectation(
                subject: .count(cellType: type), target: .near(expected, relative: 1e-9), time: .hours(2), text: type,
                dimension: .cells)
        }
        return model
    }

    private static func run(_ model: Model) throws -> (rows: [SeriesRow], ending: Run.Ending) {
        let rows = Rows()
        var run = Run(model, engine: Tissue(), recorders: [rows])
        let ending = try run.go { _ in true }
        return (rows.rows, ending)
    }

    @Test func livingCellsAreCountedInTheSeries() throws {
        let rows = try Self.run(Self.model(isAlive: true)).rows
        func values(_ name: String) -> [Double] {
            rows.flatMap { $0.entries.filter { $0.name == name } }.map(\.value)
        }
        #expect(values("A: cells") == [0, 1, 2, 3] && values("B: cells") == [3, 2, 1, 0])
        #expect(values("dead B: cells") == [0, 0, 0, 0])
        #expect(rows[0].entries.first { $0.name == "A: cells" }?.unit == "cells")
    }

    /// The columns of a table stay while types come and go; where there is no cell there is no mean.
    @Test func theColumnsStayWhileTypesComeAndGo() throws {
        let rows = try Self.run(Self.model(isAlive: true)).rows
        #expect(Set(rows.map { $0.entries.map(\.name) }).count == 1)
        let means = rows.compactMap { row in row.entries.first { $0.name == "A: s, mean" }?.value }
        #expect(means[0].isNaN && means.dropFirst() == [0.5, 0.5, 0.5])
        #expect(!rows[0].entries.contains { $0.name == "dead B: s, mean" })
    }

    @Test func whereNothingLivesTheColumnsAreAsBefore() throws {
        let rows = try Self.run(Self.model(isAlive: false)).rows
        #expect(!rows.flatMap(\.entries).contains { $0.name.hasSuffix("cells") || $0.value.isNaN })
    }

    @Test func aNumberIsExpectedAtItsTime() throws {
        let outcomes = try Self.run(Self.model(isAlive: true)).ending.expectations
        #expect(outcomes.map(\.value) == [2, 1, 0])
        // Nothing lies within a share of zero but zero itself.
        #expect(outcomes.map(\.passed) == [true, true, true])
    }
}
