import Biology
import Foundation
import Results
import Simulation
import Testing

@testable import Analysis

@Suite struct DrawingTests {
    @Test(arguments: [
        (0.0, 1.0, ["0", "0.2", "0.4", "0.6", "0.8", "1"]), (0, 12, ["0", "2.5", "5", "7.5", "10", "12.5"]),
        (-3, 7, ["−4", "−2", "0", "2", "4", "6", "8"]), (5, 5, ["5", "6", "7", "8", "9", "10"]),
    ])
    func marksLinearAxesRoundly(low: Double, high: Double, labels: [String]) {
        let scale = Scale(linear: low, high, start: 0, end: 300)
        #expect(scale.ticks.map(scale.label) == labels)
        #expect(scale(scale.low) == 0 && scale(scale.high) == 300)
    }

    @Test(arguments: [
        (0.3, 40.0, ["0.2", "0.5", "1", "2", "5", "10", "20", "50"]),
        (1e-8, 2e3, ["10⁻⁸", "10⁻⁶", "10⁻⁴", "0.01", "1", "100"]),
        (3, 3, ["2", "5"]),
    ])
    func marksLogarithmicAxesRoundly(low: Double, high: Double, labels: [String]) {
        let scale = Scale(logarithmic: low, high, start: 0, end: 300)
        #expect(labels == scale.ticks.map(scale.label))
        #expect(scale.ticks.allSatisfy { (-0.01...300.01).contains(scale($0)) })
        #expect(scale.low <= low && scale.high >= high)
        #expect((2...8).contains(scale.ticks.count))
    }

    @Test func namesUnitsByTheSizeOfTheValues() {
        #expect(ReadingUnit("nM", largest: 0.02).text(0.0123) == "12.3 pM")
        #expect(ReadingUnit("nM", largest: 20).text(12.34) == "12.3 nM")
        #expect(ReadingUnit("nM", largest: 2e-5).text(1e-5) == "10 fM")
        #expect(ReadingUnit("molecules", largest: 3e6).label("bound") == "bound (10³ molecules)")
        #expect(ReadingUnit("s", largest: 43200).name == "h")
        #expect(ReadingUnit("1", largest: 1).label("occupancy") == "occupancy")
    }

    @Test func writesNumbersForPeople() {
        #expect(Words.number(0.004216) == "0.00422")
        #expect(Words.number(12345, digits: 3) == "12,345")
        #expect(Words.number(-2.137e-7) == "−2.14 × 10⁻⁷")
        #expect(Words.number(.nan) == "–")
        #expect(Words.duration(90) == "90 s" && Words.duration(7200) == "2 h")
    }

    @Test func findsTheNearestSecretor() {
        var state: UInt64 = 1
        func random() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) * 0x1p-53
        }
        let periods: [Double?] = [100, nil, 300]
        let box = [100.0, 10, 300]
        let centres = (0..<40).map { _ in box.map { $0 * random() } }
        let nearest = NearestSecretor(centres, periods: periods)
        for _ in 0..<300 {
            let point = box.map { $0 * (1.4 * random() - 0.2) }
            let expected = centres.map { centre in
                let gaps = (0..<3).map { axis in
                    let gap = abs(centre[axis] - point[axis])
                    return periods[axis].map { min(gap, abs($0 - gap)) } ?? gap
                }
                return gaps.reduce(0) { $0 + $1 * $1 }.squareRoot()
            }.min()
            #expect(abs(nearest.distance(from: point) - (expected ?? 0)) < 1e-9)
        }
        #expect(NearestSecretor([], periods: periods).distance(from: [0, 0, 0]) == .infinity)
    }

    @Test func takesQuantilesBetweenValues() {
        #expect(Quantile.of([1, 2, 3, 4], 0.5) == 2.5)
        #expect(Quantile.of([7], 0.9) == 7)
        #expect(Quantile.of([], 0.5).isNaN)
    }

    @Test func makesPicturesThatOthersRead() throws {
        let pixels = (0..<1000).map { UInt8($0 < 700 ? 5 : $0 % 256) }
        let palette = (0...255).map { [UInt8($0), UInt8(255 - $0), 7] }
        let png = PNG.bytes(width: 40, height: 25, pixels: pixels, palette: palette)
        #expect(png.count < 2200)
        let script = """
            import sys, zlib, struct
            data = sys.stdin.buffer.read()
            assert data[:8] == b'\\x89PNG\\r\\n\\x1a\\n'
            at, chunks = 8, {}
            while at < len(data):
                size, name = struct.unpack('>I4s', data[at:at + 8])
                body = data[at + 8:at + 8 + size]
                assert struct.unpack('>I', data[at + 8 + size:at + 12 + size])[0] == zlib.crc32(name + body)
                chunks[name] = body
                at += 12 + size
            rows = zlib.decompress(chunks[b'IDAT'])
            pixels = [rows[r * 41 + 1 + c] for r in range(25) for c in range(40)]
            print(pixels == [5 if i < 700 else i % 256 for i in range(1000)], len(chunks[b'PLTE']))
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [ProcessInfo.processInfo.environment["PARACRINE_PYTHON"] ?? "python3", "-c", script]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        input.fileHandleForWriting.write(Data(png))
        try input.fileHandleForWriting.close()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        if process.terminationStatus == 127 {
            print("skipped: no Python (set PARACRINE_PYTHON)")
            return
        }
        #expect(String(decoding: said, as: UTF8.self) == "True 768\n")
    }

    @Test func knowsWhoSecretes() {
        var model = Model(
            name: "m",
            space: Space(size: [.micrometres(100), .micrometres(50), .micrometres(10)], spacing: .micrometres(10)),
            run: RunPlan(duration: .hours(1), seed: 1))
        model.space.periodic = [.y]
        model.molecules = [Molecule(name: "IL-2", diffusion: .squareMicrometresPerSecond(10))]
        var secretor = CellType(name: "Th", radius: .micrometres(5))
        secretor.secretes["IL-2"] = Spread(1)
        var silent = CellType(name: "B", radius: .micrometres(5))
        silent.secretes["IL-2"] = Spread(0)
        model.cellTypes = [secretor, silent, CellType(name: "NK", radius: .micrometres(5))]
        model.rules = [
            Rule(
                cellType: "NK", inputs: [RuleInput(signal: .time, halfMax: 1)], behaviour: .secretion("IL-2"), from: 0,
                to: 2)
        ]
        let context = ReportContext(model)
        #expect(context.secretors == ["IL-2": ["Th", "NK"]])
        #expect(context.periods == [nil, 50, nil])
    }

    @Test func showsTheLayerThatMostSecretorsReachInto() {
        var cells = CellFrame(time: 0, typeNames: ["secretor", "other"])
        (cells.ids, cells.types) = ([0, 1, 2, 3, 4], [0, 0, 1, 1, 1])
        (cells.x, cells.y, cells.z) = ([5, 5, 5, 5, 5], [5, 5, 5, 5, 5], [11, 38, 38, 39, 75])
        cells.radius = [3, 3, 3, 3, 3]
        let field = RecordedField(
            time: 0, molecule: "IL-2", voxels: [1, 1, 8], spacing: 10, values: Array(repeating: 1, count: 8))
        #expect(SliceFigure(field, cells: cells, secretors: [0]).layer == 3)
        #expect(SliceFigure(field, cells: cells, secretors: []).layer == 3)
        #expect(SliceFigure(field, cells: nil, secretors: []).layer == 3)
        cells.z[2] = 75
        cells.z[3] = 75
        #expect(SliceFigure(field, cells: cells, secretors: []).layer == 7)
        #expect(SliceFigure(field, cells: cells, secretors: [0]).layer == 3)
    }

    @Test func showsOccupancyBeforeNumbersAndStates() {
        var cells = CellFrame(time: 0, typeNames: ["Th"])
        cells.columns = [
            ("A.bound", "molecules"), ("B.bound", "molecules"), ("pSTAT5", "1"), ("IL-2", "nM"), ("A.occupancy", "1"),
        ]
        .map { CellFrame.Column(name: $0.0, unit: $0.1, values: []) }
        #expect(CellTypeFigure.columns(of: cells).map(\.name) == ["A.occupancy", "B.bound", "pSTAT5"])
    }
}
