import Foundation
import HDF5
import Testing

/// A file name of its own in the temporary folder, removed at the end.
private func withFile(_ body: (String) throws -> Void) rethrows {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("paracrine-\(UUID().uuidString).h5").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
}

@Suite struct HDF5FileTests {
    @Test func numbersOfEveryFormatComeBack() throws {
        try withFile { path in
            let file = try HDF5File.create(at: path)
            try file.write([1.5, -2, .infinity], to: "double")
            try file.write([Float(0.1), 2], to: "a/b/float")
            try file.write([Int.min, 0, Int.max], to: "int")
            try file.write([Int32.min, 7], to: "int32")
            try file.write([UInt8(0), 255], to: "byte")
            try file.write([42.0], to: "scalar", shape: [])
            try file.write([Double](), to: "none")
            try file.close()
            let read = try HDF5File.open(at: path)
            #expect(try read.read("double") == [1.5, -2, Double.infinity])
            #expect(try read.read("/a/b/float", as: Double.self) == [Double(Float(0.1)), 2])
            #expect(try read.read("int") == [Int.min, 0, Int.max])
            #expect(try read.read("int32", as: Int.self) == [Int(Int32.min), 7])
            #expect(try read.read("byte", as: Double.self) == [0, 255])
            #expect(try read.read("scalar", as: Double.self) == [42])
            #expect(try read.shape(of: "scalar") == [])
            #expect(try read.read("none", as: Double.self) == [])
            #expect(try read.children() == ["a", "byte", "double", "int", "int32", "none", "scalar"])
            #expect(try read.children(of: "a/b") == ["float"])
        }
    }

    /// HDF5 would note the second of writing in each dataset.
    @Test func theSameNumbersAreTheSameBytesWheneverWritten() throws {
        var files: [Data?] = []
        for second in 0...1 {
            if second > 0 { Thread.sleep(forTimeInterval: 1.1) }
            try withFile { path in
                let file = try HDF5File.create(at: path)
                try file.write([1.5, 2], to: "a/plain")
                try file.write([1.5, 2], to: "a/deflated", storage: .deflated(chunk: [2], level: 4))
                try file.write(["Th"], to: "text")
                try file.close()
                files.append(FileManager.default.contents(atPath: path))
            }
        }
        #expect(files[0] != nil && files[0] == files[1])
    }

    @Test func deflatedArraysKeepShapeAndValuesAndTakeLessRoom() throws {
        try withFile { path in
            let values = (0..<60_000).map { Double($0 / 7) }
            let file = try HDF5File.create(at: path)
            try file.write(values, to: "field", shape: [30, 40, 50], storage: .deflated(chunk: [8, 40, 64], level: 4))
            try file.close()
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
            #expect(try #require(size) < 60_000 * 2)
            let read = try HDF5File.open(at: path)
            #expect(try read.shape(of: "field") == [30, 40, 50])
            #expect(try read.read("field") == values)
        }
    }

    @Test func textsComeBackWithUnicodeAndEmptyOnes() throws {
        try withFile { path in
            let texts = ["IFN-γ", "", "µm³", String(repeating: "x", count: 10_000)]
            let file = try HDF5File.create(at: path)
            try file.write(texts, to: "texts")
            try file.write([String](), to: "none")
            try file.write(["one"], to: "scalar", shape: [])
            try file.close()
            let read = try HDF5File.open(at: path)
            #expect(try read.readTexts("texts") == texts)
            #expect(try read.readTexts("none") == [])
            #expect(try read.readTexts("scalar") == ["one"])
            #expect(try read.elementKind(of: "texts") == .text)
        }
    }

    @Test func attributesOfEveryKindComeBackAndAreReplaced() throws {
        try withFile { path in
            let values: [(String, HDF5Value)] = [
                ("text", .text("molecules/µm³")), ("integer", .integer(-3)), ("number", .number(0.25)),
                ("texts", .texts(["x", "y"])), ("integers", .integers([1, 2, 3])), ("numbers", .numbers([1, 0.5])),
                ("no texts", .texts([])),
            ]
            let file = try HDF5File.create(at: path)
            try file.createGroup("cells")
            try file.setAttribute("text", to: .integer(1), of: "cells")
            for (name, value) in values { try file.setAttribute(name, to: value, of: "cells") }
            try file.close()
            let read = try HDF5File.open(at: path)
            for (name, value) in values { #expect(try read.attribute(name, of: "cells") == value) }
            #expect(try read.attribute("missing", of: "cells") == nil)
            #expect(try read.attributeNames(of: "cells") == values.map { $0.0 }.sorted())
        }
    }

    @Test func oneColumnOfATableIsReadAlone() throws {
        try withFile { path in
            let file = try HDF5File.create(at: path)
            try file.write([1.0, 2, 3, 4, 5, 6], to: "X", shape: [2, 3])
            #expect(try file.readColumn(1, of: "X") == [2.0, 5])
            #expect(throws: HDF5Error.self) { try file.readColumn(3, of: "X", as: Double.self) }
        }
    }

    @Test func missingThingsAreNamed() throws {
        try withFile { path in
            let file = try HDF5File.create(at: path)
            try file.createGroup("a")
            #expect(try file.kind(of: "a") == .group)
            #expect(try !file.contains("a/b/c"))
            #expect(try !file.contains("nothing\0"))
            let fault = #expect(throws: HDF5Error.self) { try file.read("a/b", as: Double.self) }
            #expect(
                fault?.description
                    == "\(path): error: has no dataset 'a/b'\n  fix: check that this is the file you mean")
        }
    }

    @Test func wrongElementsAreRefused() throws {
        try withFile { path in
            let file = try HDF5File.create(at: path)
            try file.write([1.5], to: "fractions")
            try file.write(["a"], to: "texts")
            #expect(throws: HDF5Error.self) { try file.read("fractions", as: Int.self) }
            #expect(throws: HDF5Error.self) { try file.read("texts", as: Double.self) }
            #expect(throws: HDF5Error.self) { try file.readTexts("fractions") }
        }
    }

    @Test func whatIsNotHDF5IsSaidToBeSo() throws {
        try withFile { path in
            try Data("id,x,y\n".utf8).write(to: URL(fileURLWithPath: path))
            let fault = #expect(throws: HDF5Error.self) { try HDF5File.open(at: path) }
            #expect(
                fault?.description
                    == "\(path): error: cannot read this as an HDF5 file\n  fix: check that it exists, may be read and "
                    + "is complete; copy it again if a download was cut short")
            #expect(throws: HDF5Error.self) { try HDF5File.create(at: "/nowhere/at/all.h5") }
        }
    }

    @Test func everyTruncationIsAnErrorNotACrash() throws {
        try withFile { path in
            let file = try HDF5File.create(at: path)
            try file.write((0..<3000).map(Double.init), to: "a/values", storage: .deflated(chunk: [100], level: 5))
            try file.write((0..<50).map { "label \($0)" }, to: "a/labels")
            try file.close()
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            for length in stride(from: 0, to: whole.count, by: 97) {
                try whole.prefix(length).write(to: URL(fileURLWithPath: path))
                #expect(throws: HDF5Error.self) {
                    let cut = try HDF5File.open(at: path)
                    _ = try cut.read("a/values", as: Double.self)
                    _ = try cut.readTexts("a/labels")
                }
            }
        }
    }

    @Test func threadsMayShareTheLibrary() async throws {
        await withTaskGroup(of: Bool.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    var good = true
                    try? withFile { path in
                        let values = (0..<1000).map { Double($0 * worker) }
                        let file = try HDF5File.create(at: path)
                        for name in 0..<20 { try file.write(values, to: "v\(name)") }
                        for name in 0..<20 { good = try good && file.read("v\(name)") == values }
                    }
                    return good
                }
            }
            for await good in group { #expect(good) }
        }
    }
}
