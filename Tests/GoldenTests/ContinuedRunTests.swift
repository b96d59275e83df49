import Foundation
import Testing

/// A run that is stopped, killed or cut off goes on, and its files are those of a run that never was.
@Suite struct ContinuedRunTests {
    /// Cells that walk, divide, die and signal, recorded often, with a checkpoint every five minutes of an hour.
    private static let model = """
        paracrine: 1
        model: a run to interrupt
        parameters: {q: 10 molecules/s}
        space: {box: 150 x 150 x 150 µm, grid: 10 µm}
        molecules: {CXCL12: {diffusion: 50 µm²/s, decay: half-life 10 min}}
        receptors: {CXCR4: {ligand: CXCL12, k_on: 1e7 /M/s, k_off: 2e-3 /s, k_endo: 1e-4 /s}}
        cells:
          stroma: {count: 20, radius: 5 µm, secretes: {CXCL12: q}, divides: {rate: 1 /h}, dies: {rate: 0.5 /h, cleared: 10 min}}
          T:
            count: 40
            radius: 5 µm
            receptors: {CXCR4: 5000 ± 30 %}
            state: {pERK: CXCR4.bound / (CXCR4.bound + 100 receptors)}
            motion: {speed: 5 µm/min, persistence: 2 min, towards: {CXCR4: 0.01 /receptor}}
        rules:
          - T: CXCR4.bound increases motion.speed from 5 µm/min to 9 µm/min, half-max 50 receptors, delay 7 min
        mechanics: {}
        place: {stroma: random, T: random}
        run: {for: 1 h, seed: 5}
        record:
          cells: {every: 10 min, columns: [CXCR4.bound, pERK]}
          fields: {CXCL12: every 20 min}
          series: every 2 min
          communication: {every: 20 min}
          checkpoints: {every: 5 min, keep: 3}
        expect:
          - mass of CXCL12 balances within 1e-9
          - mean CXCR4.bound of T > 1 receptors at 25 min
        """

    private func write(_ program: Program) throws {
        try Data(Self.model.utf8).write(to: program.folder.appending(path: "m.paracrine.yaml"))
    }

    /// Every file that the model and the seed alone decide, with its bytes.
    private func records(_ folder: URL) throws -> [String: Data] {
        var found: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name.hasSuffix(".csv") {
            found[name] = try Data(contentsOf: folder.appending(path: name))
        }
        for name in ["model.json", "expectations.json", "frames.xdmf"] {
            found[name] = try? Data(contentsOf: folder.appending(path: name))
        }
        let frames = folder.appending(path: "frames")
        for name in try FileManager.default.contentsOfDirectory(atPath: frames.path) {
            found[name] = try Data(contentsOf: frames.appending(path: name))
        }
        return found
    }

    private func whole(_ program: Program) throws -> [String: Data] {
        let outcome = try program.run(["run", "m.paracrine.yaml", "--out", "whole", "--quiet"])
        #expect(outcome.code == 0, "\(outcome.text)")
        return try records(program.folder.appending(path: "whole"))
    }

    private func expectSame(_ found: [String: Data], _ wanted: [String: Data], _ how: String) {
        for name in Set(found.keys).union(wanted.keys).sorted() where found[name] != wanted[name] {
            Issue.record("\(how): \(name) has \(found[name]?.count ?? -1) bytes, not \(wanted[name]?.count ?? -1)")
        }
    }

    @Test func twoHalvesAreTheWhole() throws {
        try Program.inFolder { program in
            try write(program)
            let wanted = try whole(program)
            #expect(wanted.count > 10)
            var outcome = try program.run([
                "run", "m.paracrine.yaml", "--out", "r", "--until", "31 min", "--threads", "1",
            ])
            #expect(
                outcome.code == 0 && outcome.output.contains("Go on:   paracrine run --continue r"), "\(outcome.text)")
            outcome = try program.run(["run", "--continue", "r", "--until", "47 min", "--threads", "2"])
            #expect(outcome.code == 0, "\(outcome.text)")
            outcome = try program.run(["run", "--continue", "r"])
            #expect(outcome.code == 0 && !outcome.output.contains("Go on:"), "\(outcome.text)")
            expectSame(try records(program.folder.appending(path: "r")), wanted, "31 + 16 + 13 min")
            outcome = try program.run(["run", "--continue", "r"])
            #expect(outcome.code == 0 && outcome.output.contains("Nothing is left to do"), "\(outcome.text)")
            // Killed when all is there but its report.
            let report = program.folder.appending(path: "r/report.html").path
            try FileManager.default.removeItem(atPath: report)
            outcome = try program.run(["run", "--continue", "r"])
            #expect(outcome.code == 0 && FileManager.default.fileExists(atPath: report), "\(outcome.text)")
            let kept = try FileManager.default.contentsOfDirectory(
                atPath: program.folder.appending(path: "r/checkpoints").path)
            #expect(kept.count == 3, "\(kept)")
        }
    }

    /// Six moments; 200 where the slow studies are asked for.
    @Test func killedAtAnyMomentItGoesOnToTheSameBytes() throws {
        let times = ProcessInfo.processInfo.environment["PARACRINE_NIGHTLY"] == "1" ? 200 : 6
        try Program.inFolder { program in
            try write(program)
            let start = ContinuousClock.now
            let wanted = try whole(program)
            let length = ContinuousClock.now - start
            var chance = SystemRandomNumberGenerator()
            for number in 0..<times {
                let folder = "r\(number)"
                let streams = (
                    output: program.folder.appending(path: "o"), messages: program.folder.appending(path: "e")
                )
                let process = try program.start(
                    Program.binary, ["run", "m.paracrine.yaml", "--out", folder, "--quiet"], streams: streams)
                Thread.sleep(forTimeInterval: Double.random(in: 0...1, using: &chance) * (length / .seconds(1)))
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                let place = program.folder.appending(path: folder)
                // Killed before there was a run at all: there is nothing to continue.
                guard FileManager.default.fileExists(atPath: place.appending(path: "manifest.json").path) else {
                    continue
                }
                let outcome = try program.run(["run", "--continue", folder, "--quiet"])
                #expect(outcome.code == 0, "\(outcome.text)")
                expectSame(try records(place), wanted, "kill \(number)")
                try FileManager.default.removeItem(at: place)
            }
        }
    }

    @Test func whatIsDamagedIsPassedOver() throws {
        try Program.inFolder { program in
            try write(program)
            let wanted = try whole(program)
            _ = try program.run(["run", "m.paracrine.yaml", "--out", "r", "--until", "31 min", "--quiet"])
            let checkpoints = program.folder.appending(path: "r/checkpoints")
            let latest = checkpoints.appending(path: "latest.state")
            try (try Data(contentsOf: latest)).dropLast(1000).write(to: latest)
            var outcome = try program.run(["run", "--continue", "r", "--until", "33 min", "--quiet"])
            #expect(outcome.code == 0, "\(outcome.text)")
            // With none left it begins again, in its own folder.
            for name in try FileManager.default.contentsOfDirectory(atPath: checkpoints.path) {
                try Data("no state".utf8).write(to: checkpoints.appending(path: name))
            }
            outcome = try program.run(["run", "--continue", "r", "--quiet"])
            #expect(outcome.code == 0 && outcome.messages.contains("begins again"), "\(outcome.text)")
            expectSame(try records(program.folder.appending(path: "r")), wanted, "from the beginning")
        }
    }

    @Test func whatWouldMakeItAnotherRunIsRefused() throws {
        try Program.inFolder { program in
            try write(program)
            _ = try program.run(["run", "m.paracrine.yaml", "--out", "r", "--until", "6 min", "--quiet"])
            for more in [["--set", "q=1 molecules/s"], ["--seed", "3"], ["--out", "x"], ["--replicates", "2"]] {
                let outcome = try program.run(["run", "--continue", "r"] + more)
                #expect(outcome.code == 64 && outcome.messages.contains(more[0]), "\(outcome.text)")
            }
            let outcome = try program.run(["run", "--continue", "m.paracrine.yaml"])
            #expect(outcome.code == 74, "\(outcome.text)")
        }
    }

    @Test func aBranchWithNothingSetIsTheRunAndOneWithoutSenderIsNot() throws {
        try Program.inFolder { program in
            try write(program)
            let wanted = try whole(program)
            func branch(_ more: [String], _ out: String) throws -> [String] {
                let outcome = try program.run(["branch", "whole@30min", "--out", out, "--quiet"] + more)
                #expect(outcome.code == 0 || outcome.code == 1, "\(outcome.text)")
                let text = try String(contentsOf: program.folder.appending(path: "\(out)/series.csv"), encoding: .utf8)
                return text.split(separator: "\n").map(String.init)
            }
            let run = String(decoding: try #require(wanted["series.csv"]), as: UTF8.self).split(separator: "\n").map(
                String.init)
            let same = try branch([], "same")
            #expect(same.first == run.first && same.suffix(14) == run.suffix(14))
            let without = try branch(["--set", "q=0 molecules/s"], "without")
            #expect(without.count == same.count && without.last != same.last)
            // From where both began, only what follows from the change differs.
            #expect(without[1].split(separator: ",")[0] == same[1].split(separator: ",")[0])
            let refused = try program.run(["branch", "whole@30min", "--set", "space.grid=15 µm"])
            #expect(refused.code == 64 && refused.messages.contains("grid"), "\(refused.text)")
            let late = try program.run(["branch", "whole@3h"])
            #expect(late.code == 64, "\(late.text)")
        }
    }
}
