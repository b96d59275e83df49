import Biology
import Foundation
import HDF5
import Simulation
import Tables
import Testing

/// Inputs changed at random from a seed: none may crash, hang or ask for much memory.
///
/// PARACRINE_FUZZ=n tries n inputs of each kind. HDF5 files are changed only in what they contain (names, types,
/// shapes, values, attributes) and by cutting them short: libhdf5 itself has faults on bytes changed within its structures.
@Suite struct FuzzTests {
    private static let count = Int(ProcessInfo.processInfo.environment["PARACRINE_FUZZ"] ?? "") ?? 2000

    /// Draws from a stream of its own for each input, so that a failure is found again by its number.
    private struct Mutator {
        var stream: RandomStream

        init(_ input: Int) { stream = RandomStream(seed: 2026, cell: input, purpose: .position) }

        mutating func below(_ bound: Int) -> Int { Int(stream.next()) % max(1, bound) }

        mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

        /// One to eight changes: a byte changed, a piece removed, doubled or replaced by something odd.
        mutating func change(_ bytes: [UInt8], odd: [[UInt8]]) -> [UInt8] {
            var bytes = bytes
            for _ in 0...below(8) {
                let start = below(bytes.count + 1)
                let end = min(bytes.count, start + below(20))
                switch below(5) {
                case 0 where start < bytes.count: bytes[start] = UInt8(truncatingIfNeeded: stream.next())
                case 1: bytes.removeSubrange(start..<end)
                case 2: bytes.insert(contentsOf: bytes[start..<end], at: start)
                case 3: bytes.replaceSubrange(start..<end, with: pick(odd))
                default: bytes.insert(contentsOf: pick(odd), at: start)
                }
            }
            return bytes
        }
    }

    private static let oddBytes: [[UInt8]] =
        [
            "\"", "\"\"", "\n", "\r", "\r\n", ",", ";", "\t", "\0", "NA", "NaN", "inf", "-1e999", "1e-999", "0x1p9",
            "99999999999999999999",
            "\u{FEFF}", "é", "\u{202E}", "\u{1F9EC}", "x,y,type\n", "1,5", " ", "=cmd()", "\u{1F}\u{8B}",
        ].map { Array($0.utf8) } + [[0xFF], [0xC3, 0x28], [0xFF, 0xFE], [0xF0, 0x80, 0x80, 0x80]]

    private static let texts = [
        "id,x,y,type,CD25\n1,2,3,a,5\n2,3,4,\"b, c\",6\n3,4,5,d,7\n",
        "id;x;y;type;CD25\n1;2,5;3;a;5\n2;3,5;4;\"b; c\";6,25\n",
        "\u{FEFF}id\tx\ty\ttype\tCD25\r\n1\t2\t3\ta\t5\r\n2\t3\t4\t\"b\r\nc\"\t6\r\n",
    ].map { Array($0.utf8) }

    /// Reads bytes; whatever comes back must hold together, whatever is thrown must be a located table error.
    private func expectSound(_ bytes: [UInt8], at path: String, _ input: Int, _ placement: TablePlacement) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        expectSoundFile(path, input, placement)
    }

    private func expectSoundFile(_ path: String, _ input: Int, _ placement: TablePlacement) {
        do {
            let table = try CellTable.read(path: path, placement: placement, columnsNeeded: ["CD25"])
            let cells = table.cells
            let count = cells.x.count
            #expect(count > 0 && cells.y.count == count && cells.labels.count == count, "input \(input)")
            #expect(cells.lines.count == count && cells.markers["CD25"]?.count == count, "input \(input)")
            #expect((cells.x + cells.y + (cells.markers["CD25"] ?? [])).allSatisfy { $0.isFinite }, "input \(input)")
            #expect(cells.labels.allSatisfy { $0 < cells.labelNames.count }, "input \(input)")
            #expect(Set(table.ids ?? []).count == table.ids?.count ?? 0, "input \(input)")
        } catch {
            #expect(
                !error.problem.isEmpty && !error.fix.isEmpty && error.description.utf8.count < 4000, "input \(input)")
        }
    }

    @Test func changedTextsAreReadOrRefused() throws {
        try withFile { path in
            for input in 0..<Self.count {
                var mutator = Mutator(input)
                let bytes = mutator.change(mutator.pick(Self.texts), odd: Self.oddBytes)
                try expectSound(bytes, at: path, input, plan(id: "id"))
            }
        }
    }

    @Test func changedGzipIsReadOrRefused() throws {
        let packed = try Self.texts.map { try gzip($0) } + [gzip((0..<200).flatMap { _ in Self.texts[0] })]
        try withFile { path in
            for input in 0..<Self.count {
                var mutator = Mutator(input)
                var bytes = mutator.change(mutator.pick(packed), odd: Self.oddBytes + packed)
                if mutator.below(4) > 0, bytes.count > 2 { bytes.replaceSubrange(0..<2, with: [0x1F, 0x8B]) }
                try expectSound(bytes, at: path, input, plan(id: "id"))
            }
        }
    }

    /// Writes one value of the file in a way it should not be.
    private func disturb(_ file: HDF5File, _ mutator: inout Mutator) throws {
        let places = [
            "obs/x", "obs/type/codes", "obs/type/categories", "obs/names", "obsm/spatial", "X", "var/names",
            "obs/__categories/type",
            "obs/CD25", "X/indptr", "X/indices", "X/data", "obs/type",
        ]
        let place = mutator.pick(places)
        let length = mutator.pick([0, 1, 3, 4, 5, 8])
        switch mutator.below(7) {
        case 0: try? file.write((0..<length).map { Double($0) - 1 }, to: place)
        case 1: try? file.write((0..<length).map { _ in mutator.pick([Double.nan, .infinity, -1e300, 0]) }, to: place)
        case 2: try? file.write((0..<length).map { _ in mutator.pick([Int.min, -1, 0, 1, 7, .max]) }, to: place)
        case 3: try? file.write((0..<length).map { _ in mutator.pick(["", "a\0b", "NA", "CD25", "é"]) }, to: place)
        case 4:
            try? file.write(
                (0..<length).map { UInt8($0) }, to: place, shape: mutator.pick([[1, length], [length, 1, 1]]))
        case 5: try? file.createGroup(place)
        default:
            let value = mutator.pick([
                HDF5Value.text("categorical"), .text("csr_matrix"), .text("csc_matrix"), .text("nullable-integer"),
                .text(""),
                .text("names"), .integer(3), .texts(["dataframe", "x"]), .numbers([.nan]), .texts([]),
            ])
            let target = mutator.pick(["/", "obs", "var", "obs/type", "X"])
            try? file.setAttribute(
                mutator.pick(["encoding-type", "encoding-version", "_index"]), to: value, of: target)
        }
    }

    @Test func changedAnnDataIsReadOrRefused() throws {
        try withFile("a.h5ad") { path in
            for input in 0..<Self.count {
                var mutator = Mutator(input)
                let skipped = mutator.below(4)
                let file = try HDF5File.create(at: path)
                for _ in 0...mutator.below(3) { try disturb(file, &mutator) }
                // What was disturbed first stays: later writes of the same name fail.
                fill(file, skipping: skipped, sparse: mutator.below(2) == 0)
                for _ in 0..<mutator.below(3) { try disturb(file, &mutator) }
                try file.close()
                let positions: [String]? = mutator.below(2) == 0 ? nil : ["x", "y"]
                expectSoundFile(path, input, plan(positions, id: mutator.below(2) == 0 ? "index" : nil))
            }
        }
    }

    private func fill(_ file: HDF5File, skipping: Int, sparse: Bool) {
        for frame in ["obs", "var"] {
            try? file.createGroup(frame)
            try? file.setAttribute("_index", to: .text("names"), of: frame)
        }
        if skipping != 1 { try? file.write(["c1", "c2", "c3", "c4"], to: "obs/names") }
        try? file.write(["CD25", "FoxP3"], to: "var/names")
        try? file.write([10.0, 20, 30, 40], to: "obs/x")
        try? file.write([1.0, 2, 3, 4], to: "obs/y")
        try? file.write([0, 1, -1, 0], to: "obs/type/codes")
        try? file.write(["Th", "Treg"], to: "obs/type/categories")
        try? file.setAttribute("encoding-type", to: .text("categorical"), of: "obs/type")
        if skipping != 2 { try? file.write((0..<8).map(Double.init), to: "obsm/spatial", shape: [4, 2]) }
        guard sparse else {
            try? file.write((0..<8).map(Double.init), to: "X", shape: [4, 2])
            return
        }
        try? file.write([5.0, 6, 7], to: "X/data")
        try? file.write([0, 1, 1], to: "X/indices")
        try? file.write([0, 2, 2, 2, 3], to: "X/indptr")
        try? file.setAttribute("encoding-type", to: .text("csr_matrix"), of: "X")
    }

    @Test func cutAnnDataIsRefused() throws {
        try withFile("a.h5ad") { path in
            try writeAnnData(path)
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            for (input, length) in stride(from: 0, to: whole.count, by: max(1, whole.count / 200)).enumerated() {
                try expectSound(Array(whole.prefix(length)), at: path, input, plan(nil))
            }
        }
    }
}
