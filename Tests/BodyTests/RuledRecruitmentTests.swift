import Biology
import Foundation
import ModelFiles
import Simulation
import Testing

@testable import Tissue

/// Rules on how fast cells come: Poisson numbers whose mean is the integral of the ruled rate over vessels and time.
@Suite struct RuledRecruitmentTests {
    private static func text(
        site: String = "vessels", unit: String = "µm²", base: String = "0", most: String = "1e-3", call: String = "",
        rules: [String] = ["TNF increases recruits.Mono from B to M, half-max 0.1 nM, hill 2"], combine: String = ""
    ) -> String {
        let lines = rules.map { rule in
            let spelled = rule.replacing("from B", with: "from \(base) cells/min/\(unit)")
                .replacing("to M", with: "to \(most) cells/min/\(unit)")
            return "  - Mono: \(spelled)"
        }
        return """
            paracrine: 1
            model: m
            compartments: {blood: {volume: 1 mL}}
            space: {box: 1000 x 200 x 100 µm, grid: 20 µm}
            vessels: {v: {carries: blood, line: "(0, 100, 50) µm; (1000, 100, 50) µm", radius: 10 µm}}
            molecules:
              TNF: {diffusion: 100 µm²/s}
              IL-10: {diffusion: 100 µm²/s}
            cells: {Mono: {radius: 5 µm, count: 0}}
            place: {other: random}
            recruits: {Mono: {from: blood, at: \(site), rate: \(base) cells/min/\(unit)\(call)}}
            rules:
            \(lines.joined(separator: "\n"))
            \(combine)
            run: {for: 30 min, seed: 1, rule step: 1 min}
            """
    }

    /// Who comes in half an hour over some seeds, with fields that are made, nM at a voxel's x.
    private func arrivals(
        _ text: String, seeds: Int = 40, tnf: @escaping (Double) -> Double,
        il10: @escaping (Double) -> Double = { _ in 0 }
    ) throws -> [Recruiting.Arrival] {
        var model = try ModelFile.read(text, named: "m").model
        let grid = VoxelGrid(nx: 50, ny: 10, nz: 5, spacing: 20)
        func field(_ level: (Double) -> Double) -> Buffer<Double> {
            let values = Buffer<Double>(count: grid.elements)
            for row in 0..<grid.rows {
                for x in 0..<grid.nx {
                    values[row * grid.stride + x] = Concentration.nanomolar(level((Double(x) + 0.5) * 20)).value
                }
            }
            return values
        }
        let fields = ["TNF": field(tnf), "IL-10": field(il10)]
        var all: [Recruiting.Arrival] = []
        for seed in 1...seeds {
            model.run.seed = UInt64(seed)
            var recruiting = Recruiting(model, tissues: [(model, grid)])
            while recruiting.next <= 1800 {
                all += try recruiting.arrivals(
                    at: recruiting.next, tissues: 0..<1, names: [nil], room: 1_000_000, box: { _ in grid }
                ) { _, molecule in fields[molecule] }[0]
            }
        }
        return all
    }

    /// Cells per seed in half an hour and their mean x, for a rate (cells/min/µm²) at a voxel's x along the tube.
    private func law(_ rate: (Double) -> Double) -> (count: Double, x: Double, spread: Double) {
        let places = (0..<50).map { (Double($0) + 0.5) * 20 }
        let parts = places.map { rate($0) * 2 * .pi * 10 * 20 * 30 }
        let count = parts.reduce(0, +)
        let x = zip(places, parts).reduce(0) { $0 + $1.0 * $1.1 } / count
        let spread = zip(places, parts).reduce(0) { $0 + ($1.0 - x) * ($1.0 - x) * $1.1 } / count
        return (count, x, spread.squareRoot())
    }

    private func expect(_ found: [Recruiting.Arrival], seeds: Int = 40, follow rate: (Double) -> Double) {
        let law = law(rate)
        let mean = Double(found.count) / Double(seeds)
        #expect(abs(mean - law.count) < 3 * (law.count / Double(seeds)).squareRoot(), "\(mean), law \(law.count)")
        let x = found.reduce(0) { $0 + $1.position.x } / Double(found.count)
        #expect(abs(x - law.x) < 3 * law.spread / Double(found.count).squareRoot(), "mean x \(x), law \(law.x)")
    }

    private static func hill(_ dose: Double, _ n: Double) -> Double { pow(dose, n) / (1 + pow(dose, n)) }
    /// 0 at one end and 0.4 nM at the other.
    private static func slope(_ x: Double) -> Double { 0.4 * x / 1000 }

    @Test func cellsComeWhereTheSignalIs() throws {
        let found = try arrivals(Self.text(), tnf: Self.slope)
        expect(found) { 1e-3 * Self.hill(Self.slope($0) / 0.1, 2) }
        // Around the tube they stand evenly.
        let y = found.reduce(0) { $0 + $1.position.y } / Double(found.count)
        #expect(abs(y - 100) < 3 * 15 / Double(2 * found.count).squareRoot())
    }

    @Test func whatCallsMultipliesTheRuledRate() throws {
        let text = Self.text(base: "2e-4", call: ", by: IL-10, between: 0.1 nM .. 0.3 nM")
        let found = try arrivals(text, tnf: Self.slope) { _ in 0.15 }
        expect(found) { 0.25 * (2e-4 + 8e-4 * Self.hill(Self.slope($0) / 0.1, 2)) }
    }

    @Test func aBlockerAndSeveralSignalsActAsInAnyRule() throws {
        let blocked = [
            "TNF increases recruits.Mono from B to M, half-max 0.1 nM, hill 2",
            "IL-10 blocks TNF, half-max 1 pM, hill 4",
        ]
        #expect(try arrivals(Self.text(rules: blocked), tnf: Self.slope) { _ in 100 }.isEmpty)
        let some = try arrivals(Self.text(rules: [blocked[0], "IL-10 blocks TNF, half-max 1 nM"]), tnf: { _ in 0.3 }) {
            2 * $0 / 1000
        }
        expect(some) { 1e-3 * Self.hill(3 / (1 + 2 * $0 / 1000), 2) }
        let together = [
            "TNF and IL-10 together increase recruits.Mono from B to M, half-max 0.1 nM and 0.2 nM, interaction all"
        ]
        let both = try arrivals(Self.text(rules: together), tnf: Self.slope) { _ in 0.2 }
        expect(both) { 0.5e-3 * Self.hill(Self.slope($0) / 0.1, 1) }
    }

    @Test func severalRulesCombine() throws {
        let rules = [
            "TNF increases recruits.Mono from B to M, half-max 0.1 nM",
            "IL-10 decreases recruits.Mono from B to 0 cells/min/µm², half-max 1 nM",
        ]
        let text = Self.text(base: "5e-4", rules: rules, combine: "combine: {recruits.Mono: product}")
        let found = try arrivals(text, tnf: Self.slope) { _ in 1 }
        expect(found) { (5e-4 + 5e-4 * Self.hill(Self.slope($0) / 0.1, 1)) * 0.5 }
    }

    @Test func everywhereItIsPerVolume() throws {
        let text = Self.text(site: "everywhere", unit: "µm³", most: "1e-6")
        let found = try arrivals(text, seeds: 20, tnf: Self.slope)
        let area = 2 * Double.pi * 10 / (200 * 100)
        expect(found, seeds: 20) { 1e-6 / area * Self.hill(Self.slope($0) / 0.1, 2) }
    }

    /// In the engine: the field that a cell makes calls, and the ledger closes.
    @Test func inTheTissueTheFieldCalls() throws {
        let text = Self.text(most: "1e-2").replacing(
            "Mono: {radius: 5 µm, count: 0}",
            with: """
                Mono: {radius: 5 µm, count: 0}, S: {count: 1, radius: 5 µm, secretes: {TNF: 2000 molecules/s}}
                """
        ).replacing("place: {other: random}", with: "place: {S: \"at (900, 100, 50) µm\", other: random}")
        let model = try ModelFile.read(text, named: "m").model
        let engine = BodyEngine(model, cells: try CellPlacement.place(model).cells, threads: 2)
        while engine.time < 1800 {
            try engine.step(until: 1800)
            try engine.settle()
        }
        let frame = engine.cells(at: 1800, columns: [])
        let came = frame.ids.indices.filter { frame.typeNames[frame.types[$0]] == "Mono" }
        #expect(came.count > 10)
        let x = came.reduce(0) { $0 + frame.x[$1] } / Double(came.count)
        #expect(x > 650, "\(x)")
        for ledger in engine.ledgers(at: 1800) { #expect(ledger.relativeImbalance < 1e-9) }
    }
}
