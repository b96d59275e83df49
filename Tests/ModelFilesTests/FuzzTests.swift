import Biology
import Foundation
import Testing

@testable import ModelFiles

/// Texts that nobody would write: the reader must answer each with a model or with located problems.
@Suite struct FuzzTests {
    /// SplitMix64.
    ///
    /// Source: Steele, Lea & Flood 2014, OOPSLA, doi:10.1145/2660193.2660195.
    private struct Chance: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
    }

    /// Inputs of the byte-wise fuzz: a few seconds, or as many as the night allows.
    private static var inputs: Int {
        let environment = ProcessInfo.processInfo.environment
        if let count = environment["PARACRINE_FUZZ"].flatMap(Int.init) { return count }
        return environment["PARACRINE_NIGHTLY"] == nil ? 1000 : 1_000_000
    }

    /// Pieces that mean something to YAML or to the language.
    private static let pieces: [[UInt8]] = [
        "&a ", "*a", "<<: ", "!!int ", "? ", "- ", ": ", "{", "}", "[", "]", "\n", "\n  ", "\t", "#", "'", "\"", "|",
        ">", "%",
        "---\n", "...", "\u{0}", "\u{FEFF}", "\u{85}", "1e999", "-1", "0", "99999999999999999999", "±", "µ", "μ", "^",
        "^9^9", "((((",
        "..", "/", "·", " and ", " at ", " from ", " to ", " within ", "half-life ", "together", "blocks", "IL-2",
        "IL-2R.bound",
        "NaN", "inf", "\u{202E}", "😀", "x", "time", "other", "table", "column ",
    ].map { Array($0.utf8) }

    private static func mutated(_ bytes: [UInt8], _ chance: inout Chance) -> [UInt8] {
        var bytes = bytes
        for _ in 0...Int.random(in: 0..<4, using: &chance) {
            let at = Int.random(in: 0...bytes.count, using: &chance)
            let length = Int.random(in: 0...min(30, bytes.count - at), using: &chance)
            switch Int.random(in: 0..<6, using: &chance) {
            case 0: bytes.removeSubrange(at..<at + length)
            case 1: bytes.insert(UInt8.random(in: 0...255, using: &chance), at: at)
            case 2:
                let from = Int.random(in: 0...bytes.count - length, using: &chance)
                bytes.insert(contentsOf: Array(bytes[from..<from + length]), at: at)
            case 3 where at < bytes.count: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
            default: bytes.insert(contentsOf: pieces.randomElement(using: &chance) ?? [], at: at)
            }
        }
        return bytes
    }

    /// What is wrong with the answer to a text; nothing where it is a model that comes back from its JSON, or is refused
    /// with places that the text has.
    private static func fault(_ text: String, settings: [String] = []) -> String? {
        let breaks: Set<Unicode.Scalar> = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]
        let lines = text.unicodeScalars.count { breaks.contains($0) } + 2
        let model: Model
        do {
            model = try ModelFile.read(text, named: "m.yaml", settings: settings, masks: Files.masks).model
        } catch {
            if error.diagnostics.isEmpty { return "refused without a problem" }
            return error.diagnostics.first {
                $0.place.line < 1 || $0.place.line > lines || $0.place.column < 1 || $0.problem.isEmpty
                    || $0.fix.isEmpty
                    || $0.problem.contains("\n")
            }?.description
        }
        do {
            return try ModelDocument.read(ModelDocument.json(model), named: "model.json") == model
                ? nil : "its JSON is another model"
        } catch {
            return error.description
        }
    }

    private static func texts() throws -> [String] {
        [try Files.everything(), try Files.living()] + (try Files.examples().map(\.text))
    }

    @Test func mutatedFilesAreAnswered() throws {
        let texts = try FuzzTests.texts().map { Array($0.utf8) }
        var chance = Chance(state: 20_260_924)
        for round in 0..<FuzzTests.inputs {
            let text = String(decoding: FuzzTests.mutated(texts[round % texts.count], &chance), as: UTF8.self)
            #expect(FuzzTests.fault(text) == nil, "input \(round)")
        }
    }

    /// Words that only the language gives a meaning: misspelt, each is an error where it stands.
    private static let keywords: Set<String> = [
        "paracrine", "model", "about", "parameters", "value", "range", "scale", "space", "box", "grid", "walls",
        "molecules", "diffusion", "decay", "mass", "starts", "complex", "receptors", "ligand", "ligands", "k_on",
        "k_off", "k_endo", "antagonist", "supply", "turnover", "recycling", "degradation", "complexes", "joins",
        "cells",
        "count", "radius", "secretes", "state", "rules", "combine", "place", "table", "file", "pixel", "type", "labels",
        "thickness", "origin", "run", "for", "seed", "fields", "tolerance", "record", "every", "columns", "series",
        "motion", "speed", "persistence", "towards", "divides", "rate", "phases", "grows", "daughters", "dies",
        "cleared",
        "necrosis", "releases", "becomes", "kills", "hits", "lasts", "repair", "recognises", "eats", "mechanics",
        "stiffness", "reach", "adhesion", "obstacles", "line", "mask", "expect", "networks", "network", "species",
        "reactions", "compartments", "events",
    ]

    @Test func everyKeyChangedGivesALocatedProblem() throws {
        var changes = 0
        for text in try FuzzTests.texts() {
            let lines = text.components(separatedBy: "\n")
            for (number, line) in lines.enumerated() {
                let code = line.prefix { $0 != "#" }
                for found in code.matches(of: /(?:^|[\s{,])([a-z_]+):(?=\s|$)/)
                where FuzzTests.keywords.contains(String(found.1)) {
                    var changed = lines
                    changed[number] = String(line[..<found.1.endIndex] + "x" + line[found.1.endIndex...])
                    let said = Files.problems(changed.joined(separator: "\n"))
                    #expect(said.contains("m.yaml:\(number + 1):"), "\(changed[number]): \(said)")
                    changes += 1
                }
            }
        }
        #expect(changes > 200, "\(changes) keys were changed")
    }

    @Test func everyLineRemovedOrGivenTwiceIsAnswered() throws {
        for text in try FuzzTests.texts() {
            let lines = text.components(separatedBy: "\n")
            for number in lines.indices {
                var changed = lines
                changed.remove(at: number)
                #expect(FuzzTests.fault(changed.joined(separator: "\n")) == nil, "without line \(number + 1)")
                changed = lines
                changed.insert(lines[number], at: number)
                #expect(FuzzTests.fault(changed.joined(separator: "\n")) == nil, "line \(number + 1) twice")
            }
        }
    }

    @Test func everyValueReplacedIsAnswered() throws {
        for text in try FuzzTests.texts() {
            let lines = text.components(separatedBy: "\n")
            for number in lines.indices {
                guard let colon = lines[number].lastIndex(of: ":") else { continue }
                for value in ["", " 3", " -1 s", " [a, b]", " {a: b}", " nonsense", " 1e400 µm", " ''", " &a b"] {
                    var changed = lines
                    changed[number] = lines[number][...colon] + value
                    #expect(FuzzTests.fault(changed.joined(separator: "\n")) == nil, "\(changed[number])")
                }
            }
        }
    }

    @Test func settingsAreAnswered() throws {
        let text = try Files.everything()
        for setting in [
            "", "=", "a", ".=", "..=1", "run=1", "parameters=1", "rules.0=1", "run.for=", "cells.Treg=", "\u{0}=\u{0}",
        ] {
            #expect(FuzzTests.fault(text, settings: [setting]) == nil, "\(setting)")
        }
    }

    @Test func hostileTextsAreAnsweredAtOnce() throws {
        let bomb = (0..<40).map { "a\($0): &a\($0) [*a\(max(0, $0 - 1)), *a\(max(0, $0 - 1))]" }.joined(separator: "\n")
        let hostile = [
            bomb, "? " + bomb, String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 50_000),
            String(repeating: "- ", count: 100_000), String(repeating: "? ", count: 50_000),
            String(repeating: "a: 1\n", count: 20_000),
            String(repeating: "x", count: 2_000_000),
            "paracrine: 1\nparameters:\n" + (0..<20_000).map { "  p\($0): q" }.joined(separator: "\n"),
            "paracrine: 1\nrules:\n" + String(repeating: "  - A: b and c and d increases x\n", count: 10_000),
            "a: \"\\u0000\"", "\u{FEFF}paracrine: 1",
        ]
        let clock = ContinuousClock()
        for text in hostile {
            let time = clock.measure { #expect(FuzzTests.fault(text) == nil, "\(text.prefix(40))") }
            #expect(time < .seconds(20), "\(text.prefix(40)) took \(time)")
        }
    }
}
