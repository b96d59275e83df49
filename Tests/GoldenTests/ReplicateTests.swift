import Foundation
import Testing

/// What `paracrine run --replicates` leaves behind.
@Suite struct ReplicateTests {
    private func table(_ text: String) -> [[Double]] {
        text.split(separator: "\n").dropFirst().map { $0.split(separator: ",").map { Double($0) ?? .nan } }
    }

    /// One whose types are drawn, so that replicates differ.
    private func prepare(_ program: Program) throws { _ = try program.run(["new", "m", "--template", "antagonist"]) }

    private static let short = ["--until", "20 min", "--set", "record.series=every 5 min", "--quiet"]

    @Test func theFirstIsTheRunItselfOnAnyNumberOfThreads() throws {
        try Program.inFolder { program in
            try prepare(program)
            #expect(try program.run(["run", "m", "--out", "one"] + Self.short).code == 0)
            for threads in ["1", "3"] {
                let outcome = try program.run(
                    ["run", "m", "--replicates", "4", "--threads", threads, "--out", threads] + Self.short)
                #expect(outcome.code == 0 && outcome.messages.isEmpty, "\(outcome.text)")
                #expect(outcome.output.contains("Replicates: 4 of 4 finished"), "\(outcome.text)")
                for file in ["model.json", "series.csv", "ledger.csv", "expectations.json", "frames/cells-000000.h5"] {
                    let bytes = try [threads, "one"].map {
                        try Data(contentsOf: program.folder.appending(path: "\($0)/\(file)"))
                    }
                    #expect(bytes[0] == bytes[1], "\(threads) threads: \(file)")
                }
                #expect(program.has("\(threads)/report.html"))
            }
            for file in ["replicates.csv", "replicates.json"] {
                #expect(try program.read("1/\(file)") == program.read("3/\(file)"), "\(file)")
            }
        }
    }

    /// Each replicate run by itself from its seed, and put together here.
    @Test func bandsAreThoseOfTheRunsOneByOne() throws {
        try Program.inFolder { program in
            try prepare(program)
            let outcome = try program.run(["run", "m", "--replicates", "3", "--json", "--out", "all"] + Self.short)
            #expect(outcome.code == 0, "\(outcome.text)")
            let summary = try #require(
                try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
            let replicates = try #require(summary["replicates"] as? [String: Any])
            let seeds = try #require(replicates["seeds"] as? [NSNumber]).map(\.uint64Value)
            #expect(Set(seeds).count == 3)
            var runs: [[[Double]]] = []
            for seed in seeds {
                #expect(try program.run(["run", "m", "--seed", "\(seed)", "--out", "\(seed)"] + Self.short).code == 0)
                runs.append(table(try program.read("\(seed)/series.csv")))
            }
            let bands = table(try program.read("all/replicates.csv"))
            #expect(bands.count == runs[0].count && bands.count == 5)
            var differing = 0
            for (row, band) in bands.enumerated() {
                #expect(band[0] == runs[0][row][0])
                for column in 1..<runs[0][row].count {
                    let values = runs.map { $0[row][column] }.sorted()
                    if values[0] < values[2] { differing += 1 }
                    let wanted = [
                        (values[0] + values[1] + values[2]) / 3, values[0] + 0.2 * (values[1] - values[0]),
                        values[1] + 0.8 * (values[2] - values[1]),
                    ]
                    for (found, wanted) in zip(band[(3 * column - 2)...], wanted) {
                        #expect(abs(found - wanted) <= 1e-12 * max(1, abs(wanted)), "row \(row) column \(column)")
                    }
                }
            }
            #expect(differing > 0, "replicates are not the same run")
        }
    }

    @Test func whatIsFinishedIsKeptWhenStopped() throws {
        try Program.inFolder { program in
            try prepare(program)
            let outcome = try program.run([
                "run", "m", "--replicates", "3", "--out", "r", "--quiet", "--threads", "2", "--set", "run.for=1e6 h",
                "--set", "record.series=every 10 h",
            ]) { process in
                for _ in 0..<600 where !program.has("r/series.csv") { Thread.sleep(forTimeInterval: 0.1) }
                Thread.sleep(forTimeInterval: 0.3)
                kill(process.processIdentifier, SIGINT)
            }
            let finished = (0...3).first { outcome.output.contains("Replicates: \($0) of 3 finished") }
            #expect(outcome.code == 130 && finished != nil && finished != 3, "\(outcome.text)")
            #expect(program.has("r/report.html") && program.has("r/replicates.json"))
            #expect(program.has("r/replicates.csv") == ((finished ?? 0) > 1), "there is no band of one")
        }
    }

    /// Killed whenever: what had finished is kept, and the end is the same bytes as undisturbed.
    @Test func theyGoOn() throws {
        try Program.inFolder { program in
            try prepare(program)
            let line = ["run", "m", "--replicates", "5", "--quiet", "--set", "run.for=3 h", "--threads", "2"]
            _ = try program.run(line + ["--out", "whole"])
            for wait in [0.2, 1, 2] {
                _ = try program.run(line + ["--out", "r"]) { process in
                    for _ in 0..<600 where !program.has("r/manifest.json") { Thread.sleep(forTimeInterval: 0.05) }
                    Thread.sleep(forTimeInterval: wait)
                    kill(process.processIdentifier, SIGKILL)
                }
                let outcome = try program.run(["run", "--continue", "r", "--quiet"])
                let isOver = ["5 of 5 finished", "Nothing is left"].contains(where: outcome.output.contains)
                #expect(outcome.code == 0 && isOver, "\(outcome.text)")
                for name in ["replicates.csv", "replicates.json", "series.csv", "ledger.csv"] {
                    #expect(try program.read("r/\(name)") == program.read("whole/\(name)"), "\(name) after \(wait) s")
                }
                #expect(!program.has("r/checkpoints/replicate-1.state"))
                let again = try program.run(["run", "--continue", "r"])
                #expect(again.output.contains("Nothing is left to do"), "\(again.text)")
                try FileManager.default.removeItem(at: program.folder.appending(path: "r"))
            }
        }
    }

    @Test func mistakesAreAnsweredWithAFix() throws {
        try Program.inFolder { program in
            try prepare(program)
            var said = ""
            for line in [
                ["run", "m", "--replicates", "0"],
                ["run", "m", "--replicates", "10000", "--set", "record.series=every 1 s", "--set", "run.for=10 h"],
            ] {
                said += try program.run(line).text + "\n"
            }
            #expect(!program.has("m.paracrine-run"))
            try expectGolden(said, "replicate-mistakes")
        }
    }
}
