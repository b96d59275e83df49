import Foundation
import Simulation
import Testing

@testable import Results

@Suite struct SeriesBandsTests {
    private func series(_ values: [Double], beside: [Double]? = nil) -> SeriesTable {
        let recorder = SeriesRecorder()
        for (index, value) in values.enumerated() {
            var entries = [SeriesRow.Entry(name: "Treg: IL-2R.bound, mean", unit: "molecules", value: value)]
            if let beside { entries.append(.init(name: "IL-2, mean", unit: "molecules/µm³", value: beside[index])) }
            recorder.record(SeriesRow(time: 1800 * Double(index), entries: entries))
        }
        return recorder.table
    }

    /// Of eleven values from 0 to 10 a tenth lies below 1 and nine tenths below 9.
    @Test func bandsAreTheTenthAndTheNineTenths() throws {
        let bands = SeriesBands((0...10).reversed().map { series([0, Double($0)]) })
        #expect(bands.times == [0, 1800] && bands.columns.count == 1)
        let column = bands.columns[0]
        #expect(column.mean == [0, 5] && column.low == [0, 1] && column.high == [0, 9])
        #expect(SeriesBands([series([3, 4])]).columns[0].low == [3, 4], "one replicate is its own band")
    }

    /// A type that a replicate has no cell of, and a value that is no number.
    @Test func whatSomeLackIsOfTheOthers() {
        let bands = SeriesBands([series([1, .nan]), series([3, 5], beside: [0.602214076, 0]), series([5, 7])])
        #expect(bands.columns.map(\.name) == ["Treg: IL-2R.bound, mean", "IL-2, mean"])
        #expect(bands.columns[0].mean == [3, 6])
        #expect(bands.columns[1].mean == [1, 0] && bands.columns[1].unit == "nM")
    }

    @Test func theFileReadsBack() throws {
        let bands = SeriesBands([series([0.1, 1e-9], beside: [1, 2]), series([0.3, 7], beside: [3, .nan])])
        #expect(
            bands.csv.hasPrefix(
                "time (h),\"Treg: IL-2R.bound, mean (molecules) mean\",\"Treg: IL-2R.bound, mean (molecules) low\","))
        let read = try SeriesBands(bands.csv, path: "replicates.csv")
        #expect(read.csv == bands.csv && read.times == [0, 1800])
        #expect(
            read.columns.map(\.name) == bands.columns.map(\.name) && read.columns.map(\.unit) == ["molecules", "nM"])
        for broken in ["time (s),a mean,a low,a high\n", "time (h),a mean,a low\n", "time (h),a mean,b low,a high\n"] {
            #expect(throws: FileProblem.self) { try SeriesBands(broken, path: "r") }
        }
        #expect(throws: FileProblem.self) { try SeriesBands("time (h),a mean,a low,a high\n0,1\n", path: "r") }
    }
}
