import Biology
import Foundation
import Simulation
import Testing
import Tissue

/// V18 and V22 through model files: walkers, what they sense, where they gather, and whom they kill.
@Suite struct WalkerTests {
    private static let isNightly = ProcessInfo.processInfo.environment["PARACRINE_NIGHTLY"] == "1"

    private func run(_ name: String, _ settings: [String] = []) throws -> ModelRun {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Validation/Cells")
        return try ModelRun(file: folder.appendingPathComponent("\(name).paracrine.yaml"), settings)
    }

    /// Cells at each of some times, s.
    private func frames(_ run: ModelRun, at times: [Double], columns: [Signal] = []) throws -> [CellFrame] {
        try times.map { time in
            while run.engine.time < time { try run.engine.step(until: time) }
            try run.engine.settle()
            return run.engine.cells(at: time, columns: columns)
        }
    }

    private func mean(_ values: [Double]) -> (value: Double, error: Double) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        return (mean, (variance / count).squareRoot())
    }

    /// How far the cells of a model file's text get along x in some seconds, µm.
    private func moved(_ text: String, by time: Double) throws -> (value: Double, error: Double) {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).yaml")
        try text.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let frames = try frames(try ModelRun(file: file), at: [0, time])
        return mean(frames[0].ids.indices.map { frames[1].x[$0] - frames[0].x[$0] })
    }

    // MARK: - V18

    /// R K Δc/(c + K)²: 0.98, 8.26, 25.0, 8.26 and 0.98 receptors across a cell, the most where c is K.
    @Test func occupancyDiffersAcrossACell() throws {
        let run = try run("V18-occupancy")
        let columns = ["K100n", "K10n", "K1n", "K100p", "K10p"].map { Signal.receptor($0, .bound) }
        let frame = try #require(try frames(run, at: [run.model.run.duration.value], columns: columns).last)
        for (column, expected) in zip(frame.columns, [0.98, 8.26, 25.0, 8.26, 0.98]) {
            #expect(abs(column.values[1] - column.values[0] - expected) < 0.006, "\(column.name)")
        }
        for outcome in try self.run("V18-occupancy").outcomes() { #expect(outcome.passed) }
    }

    /// 85.2, 1266, 3205, 11200 and 23200 µm² (Fürth).
    @Test func walkersSpreadAsFuerthSays() throws {
        let minutes = [0.0, 1, 5, 10, 30, 60]
        let frames = try frames(try run("V18-walk"), at: minutes.map { $0 * 60 })
        for (frame, expected) in zip(frames.dropFirst(), [85.2245, 1265.67, 3205.39, 11200, 23200]) {
            let squares = frame.ids.indices.map { k -> Double in
                let (x, y, z) = (
                    frame.x[k] - frames[0].x[k], frame.y[k] - frames[0].y[k], frame.z[k] - frames[0].z[k]
                )
                return x * x + y * y + z * z
            }
            let found = mean(squares)
            #expect(abs(found.value - expected) <= 3 * found.error, "\(found) at \(frame.time) s, not \(expected)")
        }
    }

    /// Mean of e^(−x/100 µm) over a density ∝ exp(θ e^(−x/100 µm)), and that density's ends over its mean.
    private func law(_ theta: Double) -> (mean: Double, first: Double, last: Double) {
        let points = (0..<20000).map { exp(-(Double($0) + 0.5) / 4000) }
        let weights = points.map { exp(theta * $0) }
        let sum = weights.reduce(0, +)
        return (
            zip(points, weights).reduce(0) { $0 + $1.0 * $1.1 } / sum, exp(theta) / sum * 20000,
            exp(theta * exp(-5)) / sum * 20000
        )
    }

    /// 7.587 and 0.3854 means at the ends, 19.68 to one, from an even start; those that sense nothing stay even.
    ///
    /// The law is an exponential family, so the mean of e^(−x/100 µm) says all that cells tell of θ = 3.
    @Test(.enabled(if: isNightly, "30 h of 1500 walkers run nightly"))
    func walkersGatherAsKellerAndSegelSay() throws {
        let run = try run("V18-keller-segel")
        // It relaxes in 3.06 h, so of the start nothing is left after 15 h.
        let frames = try frames(run, at: (60...120).map { Double($0) * 900 })
        let types = frames[0].types
        for (type, expected) in [(0, 3.0), (1, 0)] {
            let cells = types.indices.filter { types[$0] == type }
            let found = mean(
                cells.map { cell in frames.reduce(0) { $0 + exp(-$1.x[cell] / 100) } / Double(frames.count) })
            #expect(abs(found.value - law(expected).mean) <= 3 * found.error, "\(found), not \(law(expected).mean)")
        }
        let known = law(3)
        #expect(abs(known.first - 7.587) < 1e-3 && abs(known.last - 0.3854) < 1e-4)
        #expect(abs(known.first / known.last - 19.68) < 1e-2)
    }

    /// Bound receptors that signal guide: an antagonist blocks, and a gradient of it alone attracts nobody.
    @Test(arguments: [(0.0, 1.0), (1000, 1), (0, 0)]) func antagonistsBlindWalkers(block: Double, ligand: Double) throws
    {
        let isAlone = ligand == 0
        let text = """
            paracrine: 1
            model: a blocked receptor
            space: {box: 400 x 200 x 200 µm, grid: 20 µm, walls: no-flux}
            molecules:
              lig: {diffusion: 100 µm²/s, starts: \(ligand) nM\(isAlone ? "" : ", walls: {x-: fixed 0.2 nM, x+: fixed 1.8 nM}")}
              anti: {diffusion: 100 µm²/s, starts: \(isAlone ? 1 : block) nM\(isAlone ? ", walls: {x-: fixed 0.2 nM, x+: fixed 1.8 nM}" : "")}
            receptors:
              R: {ligands: {lig: {k_on: 1e6 /M/s, k_off: 1e-3 /s}, anti: {k_on: 1e6 /M/s, k_off: 1e-3 /s, antagonist: yes}}}
            cells:
              T: {count: 200, radius: 5 µm, receptors: {R: 1000}, motion: {speed: 10 µm/min, persistence: 1 min, towards: {R: 0.05 /receptor}}}
            place: {T: layer x 150 .. 250 µm}
            run: {for: 20 min, seed: 1}
            """
        let moved = try moved(text, by: 1200)
        if block == 0 && !isAlone {
            #expect(moved.value > 10 * moved.error, "\(moved)")
        } else {
            #expect(abs(moved.value) < 3 * moved.error, "\(moved)")
        }
    }

    /// What binds for good has all receptors wherever there is any of it: nothing to follow, in a slab too.
    @Test func whatBindsForGoodGuidesNobody() throws {
        let text = """
            paracrine: 1
            model: bound for good
            space: {box: 400 x 200 µm, grid: 20 µm, walls: no-flux}
            molecules: {lig: {diffusion: 100 µm²/s, starts: 1 nM, walls: {x-: fixed 0.2 nM, x+: fixed 1.8 nM}}}
            receptors: {R: {ligand: lig, k_on: 1e4 /M/s, k_off: 0 /s}}
            cells: {T: {count: 50, radius: 5 µm, receptors: {R: 1000}, motion: {speed: 10 µm/min, persistence: 1 min, towards: {R: 0.05 /receptor}}}}
            place: {T: layer x 150 .. 250 µm}
            run: {for: 10 min, seed: 1}
            """
        let moved = try moved(text, by: 600)
        #expect(moved.error > 1 && abs(moved.value) < 3 * moved.error, "\(moved)")
    }

    // MARK: - V22

    private static let targets = 26992.0

    /// Share killed when each target has had a Poisson number of hits.
    private func killed(_ hits: Int, _ mean: Double) -> Double {
        1 - exp(-mean) * (hits == 1 ? 1 : 1 + mean + mean * mean / 2)
    }

    /// Kills go with the number of killers where one hit kills, and with its cube where three do: slopes 1 ± 0.1, 3 ± 0.3.
    @Test(.enabled(if: isNightly, "27,000 targets for 24 h, ten times, run nightly"), arguments: [1, 3])
    func oneHitOrThree(hits: Int) throws {
        let rate = hits == 1 ? 0.0002 : 0.0009
        let seeds = hits == 1 ? 1 : 4
        var points: [(number: Double, kills: Double)] = []
        for number in [200.0, 600] {
            var kills = 0.0
            for seed in 1...seeds {
                let run = try run(
                    "V22-hits",
                    ["hits=\(hits)", "hit_rate=\(rate) /min", "n_CTL=\(Int(number) - 1) cells", "run.seed=\(seed)"])
                let end = try #require(try frames(run, at: [86400]).last)
                kills += Self.targets - Double(end.types.count { run.model.cellTypes[$0].name == "Target" })
            }
            let touch = 4 / 3 * Double.pi * pow(1.1 * 13, 3) / pow(300, 3)
            let share = killed(hits, rate * 1440 * number * touch)
            let trials = Self.targets * Double(seeds)
            #expect(abs(kills - trials * share) <= 3 * (trials * share * (1 - share)).squareRoot(), "\(kills)")
            points.append((number, kills))
        }
        let slope = log(points[1].kills / points[0].kills) / log(points[1].number / points[0].number)
        #expect(abs(slope - Double(hits)) <= (hits == 1 ? 0.1 : 0.3), "slope \(slope)")
    }

    /// 2 to 16 a day in vivo; none dies where there is no killer.
    @Test(.enabled(if: isNightly, "24 h of 400 cells run nightly"), arguments: [10, 0])
    func oneKillsSomeADay(killers: Int) throws {
        let run = try run("V22-kills", ["n_CTL=\(killers) cells"])
        let end = try #require(try frames(run, at: [86400]).last)
        let left = end.types.count { run.model.cellTypes[$0].name == "Infected" }
        if killers == 0 {
            #expect(left == 400)
        } else {
            #expect((2.0...16).contains(Double(400 - left) / Double(killers)), "\(left) left")
        }
    }

    /// IFN-γ is above half of the response at 800 µm where it is screened over 250 µm, and not where over 150 µm.
    @Test(arguments: [(5340, true), (16000, false)])
    func interferonReachesFar(consumers: Int, reaches: Bool) throws {
        let outcomes = try run("V22-reach", ["n_cells=\(consumers) cells"]).outcomes()
        #expect(outcomes.map(\.passed) == [reaches])
    }
}
