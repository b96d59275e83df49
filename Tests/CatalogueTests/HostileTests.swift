import Foundation
import GRDB
import Testing

@testable import Catalogue

/// A folder of tables for one test.
struct Overlay: ~Copyable {
    let folder: URL

    init(_ tables: [String: String]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "paracrine-catalogue-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in tables {
            try Data(text.utf8).write(to: folder.appending(path: name))
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func catalogue() throws(InvalidCatalogue) -> ParameterCatalogue { try .builtin(overlays: [folder]) }

    /// What is wrong, as "file:line:column problem".
    func problems() -> [String] {
        do {
            _ = try catalogue()
            return []
        } catch {
            return error.problems.map {
                "\($0.file.split(separator: "/").last ?? ""):\($0.line):\($0.column) \($0.problem)"
            }
        }
    }
}

@Suite struct OverlayTests {
    static let head = "subject,parameter,receptor,cell,value,unit,species,condition,source,grade,note\n"
    static let sources = "source,citation,identifier,seen\nours,Our notebook 12,,read\n"

    @Test func aLabsOwnNumberComesFirst() throws {
        let overlay = try Overlay([
            "sources.csv": Self.sources,
            "measurements.csv": Self.head + "IL2,diffusion,,,30,um^2/s,human,our gel,ours,measured,\n",
        ])
        let catalogue = try overlay.catalogue()
        let first = try #require(catalogue.measurements(of: "IL-2", parameter: .diffusion).first)
        #expect(first.value.typical == 30 && first.layer == 1 && first.source.text == "Our notebook 12")
        #expect(catalogue.version.hasPrefix("2026.2+") && catalogue.version.count == "2026.2+".count + 16)
        #expect(try overlay.catalogue().version == catalogue.version, "the same tables, the same version")
        #expect(try Builtin.get().version == "2026.2")
    }

    @Test func aLineTakesThePlaceOfTheOneBelow() throws {
        let overlay = try Overlay([
            "sources.csv": Self.sources,
            "cells.csv":
                "cell,is a,lineage,leukocyte,monokine source,functions,source,grade\n"
                + "Th1 cell,CD4 T cell,T lymphocyte,yes,no,ours,ours,measured\n"
                + "organoid cell,,parenchyma,no,no,grows,ours,measured\n",
            "relations.csv": "cytokine,relation,what,source,grade\nTNF-alpha,made by,organoid,ours,measured\n",
        ])
        let catalogue = try overlay.catalogue()
        #expect(catalogue.cellType(named: "Th1")?.functions == "ours")
        #expect(catalogue.cells.filter { $0.name == "Th1 cell" }.count == 1)
        let tnf = try #require(catalogue.cytokine(named: "TNF"))
        #expect(catalogue.relations(of: tnf).contains { $0.what == "organoid cell" && !$0.source.isMemory })
    }

    @Test func everyMistakeIsReportedAtOnceWithItsPlace() throws {
        let overlay = try Overlay([
            "measurements.csv": Self.head
                + "IL-2,diffusion,,,30,nM,human,gel,memory,measured,\n"
                + "IL-222,diffusin,,,3 0,µm²/s,human,gel,nobody,good,\n"
                + "IL-2,receptors,,,100,,martian,,memory,textbook,\n",
            "mesurements.csv": "x\n",
        ])
        let expected = [
            "mesurements.csv:0:0 this is not a table of the catalogue",
            "measurements.csv:2:41 grade: 'measured' from memory: no source was read",
            "measurements.csv:2:21 unit: diffusion is length²/time, 'nM' is concentration",
            "measurements.csv:3:1 subject: 'IL-222' is no known cytokine or receptor chain or cell type",
            "measurements.csv:3:8 parameter: 'diffusin' is not known here",
            "measurements.csv:3:21 value: '3 0' does not end where its number ends",
        ]
        let found = overlay.problems()
        for problem in expected { #expect(found.contains(problem), "\(problem) in \(found)") }
        #expect(found.count == 13, "\(found)")
    }

    @Test func aCircleOfKindsAndAStolenNameAreRefused() throws {
        let overlay = try Overlay([
            "cells.csv": "cell,is a,lineage,leukocyte,monokine source,functions,source,grade\n"
                + "leukocyte,Th1 cell,mixed,yes,no,x,memory,textbook\n",
            "synonyms.csv": "name,synonym,of,source\nIL-2,IL-4,cytokine,memory\nIL-2,our name,receptor,memory\n",
        ])
        let found = overlay.problems()
        #expect(found.contains { $0.hasPrefix("cells.csv:2:") && $0.contains("kind of itself") })
        #expect(found.contains("synonyms.csv:2:6 synonym: 'IL-4' is a name of IL-4 already"))
        #expect(found.contains("synonyms.csv:3:15 of: 'IL-2' is no receptor"))
    }
}

@Suite struct HostileTests {
    static let nasty = [
        "'; DROP TABLE measurements; --", "\" OR 1=1 --", "%' UNION SELECT * FROM sources --", "\u{0}\u{1}\u{7F}",
        "\u{1B}[2J\u{1B}]0;gone\u{7}", "\u{202E}drawkcab", String(repeating: "A", count: 1_000_000), "*", "%", "_",
        "../../etc/passwd", String(repeating: "(", count: 10_000), "🧬", "é\u{301}\u{301}\u{301}", "\n\n\n",
    ]

    @Test(arguments: nasty.indices)
    func searchAndLookUpOnlyAnswer(number: Int) throws {
        let text = Self.nasty[number]
        let catalogue = try Builtin.get()
        let before = catalogue.measurements.count
        _ = catalogue.search(text)
        #expect(catalogue.entry(named: text) == nil)
        _ = catalogue.suggestions(for: text)
        _ = catalogue.searchSuggestions(text)
        #expect(catalogue.measurements(of: text, receptor: text, cell: text).isEmpty)
        #expect(catalogue.measurements.count == before && catalogue.setAside(of: text).isEmpty)
    }

    @Test(arguments: nasty.indices)
    func tablesOfNastyTextAreRefusedOrHarmless(number: Int) throws {
        let text = Self.nasty[number].replacingOccurrences(of: "\"", with: "\"\"")
        let overlay = try Overlay([
            "synonyms.csv": "name,synonym,of,source\nIL-2,\"\(text)\",cytokine,memory\n",
            "sources.csv": "source,citation,identifier,seen\nours,\"\(text)\",,read\n",
        ])
        guard let catalogue = try? overlay.catalogue() else { return }
        #expect(catalogue.measurements.count == (try Builtin.get().measurements.count))
        let cytokine = try #require(catalogue.cytokine(named: "IL-2"))
        let page = catalogue.sheet(of: cytokine).text
        #expect(!page.unicodeScalars.contains { $0 != "\n" && isControl($0) }, "nothing a terminal would obey")
    }

    @Test func layoutMistakesAreReportedNotFollowed() throws {
        let cases: [(String, String)] = [
            ("", "the table is empty"), ("source\n", "the column 'citation' is missing"),
            ("source,citation,identifier,seen,seen\n", "the column 'seen' stands twice"),
            ("source,citation,identifier,sene\n", "there is no column 'sene'"),
            ("source,citation,identifier,seen\na,b\n", "the line has 2 fields, the first line names 4"),
            ("source,citation,identifier,seen\na,\"b,,read\n", "a quote that opens here is never closed"),
            ("source,citation,identifier,seen\na,b\u{1}c,,read\n", "the field holds the control character U+1"),
        ]
        for (text, problem) in cases {
            let found = try Overlay(["sources.csv": text]).problems()
            #expect(found.contains { $0.contains(problem) }, "\(problem) in \(found)")
        }
        let bytes: [UInt8] = Array("source,citation,identifier,seen\na,".utf8) + [0xFF, 0xFE] + Array(",,read\n".utf8)
        let read = TableText.rows(of: .sources, bytes, file: "t.csv", layer: 1)
        #expect(read.problems.map(\.problem) == ["the field is not UTF-8"])
    }

    @Test func hugeFieldsAndManyLinesAreBounded() throws {
        let huge = "source,citation,identifier,seen\na," + String(repeating: "b", count: 3_000_000) + ",,read\n"
        #expect(try Overlay(["sources.csv": huge]).problems().contains { $0.contains("at most 2000 are read") })
        let many = "source,citation,identifier,seen\n" + String(repeating: "a,b,,read\n", count: 50_000)
        let found = try Overlay(["sources.csv": many]).problems()
        #expect(found.count == TableRules.most)
        #expect(found.last?.contains("line 1001 says the same") == true)
        #expect(InvalidCatalogue(problems: []).description.isEmpty)
        let large = String(repeating: "x", count: TableText.longestFile + 1)
        #expect(try Overlay(["sources.csv": large]).problems().contains { $0.contains("this table cannot be read") })
    }

    @Test func onlyPlainFilesOfAFolderAreRead() throws {
        #expect(throws: InvalidCatalogue.self) {
            try ParameterCatalogue.builtin(overlays: [URL(filePath: "/nowhere/at/all")])
        }
        let empty = try Overlay([:])
        #expect(empty.problems().contains { $0.contains("there is no table in this folder") })
        let overlay = try Overlay([:])
        try FileManager.default.createDirectory(
            at: overlay.folder.appending(path: "cells.csv"), withIntermediateDirectories: false)
        #expect(overlay.problems().contains { $0.contains("this table cannot be read") })
    }
}

@Suite struct ExportTests {
    @Test func tablesComeBackAsTheyWent() throws {
        let catalogue = try Builtin.get()
        let overlay = try Overlay(Dictionary(uniqueKeysWithValues: catalogue.tableFiles.map { ($0.name, $0.text) }))
        let again = try overlay.catalogue()
        #expect(again.tableFiles.map(\.text) == catalogue.tableFiles.map(\.text))
        #expect(again.measurements.map(\.value) == catalogue.measurements.map(\.value))
    }

    @Test func databaseOpensReadOnlyInAReadOnlyFolder() throws {
        let overlay = try Overlay([:])
        let path = overlay.folder.appending(path: "catalogue.db").path
        try Builtin.get().writeDatabase(to: path)
        let manager = FileManager.default
        try manager.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
        try manager.setAttributes([.posixPermissions: 0o555], ofItemAtPath: overlay.folder.path)
        defer { try? manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: overlay.folder.path) }
        var configuration = Configuration()
        configuration.readonly = true
        let file = try DatabaseQueue(path: path, configuration: configuration)
        let found = try file.read { database in
            try String.fetchOne(database, sql: "SELECT name FROM names WHERE kind = 'cytokine' AND key = 'ifng'")
        }
        #expect(found == "IFN-γ")
        let low = try file.read { database in
            try Double.fetchOne(
                database,
                sql: "SELECT low FROM measurements WHERE subject = 'IL-4' AND parameter = 'K_D' AND grade = 'measured'")
        }
        #expect(abs((low ?? 0) - 0.815 * 0.602214076) < 1e-12)
        #expect(throws: DatabaseError.self) { try file.write { try $0.execute(sql: "DELETE FROM measurements") } }
    }

    @Test func theDatabaseInUseIsOnlyRead() throws {
        let catalogue = try ParameterCatalogue.builtin()
        #expect(catalogue.database.rows("PRAGMA query_only").first?[0] == 1)
        let overlay = try Overlay([:])
        try catalogue.writeDatabase(to: overlay.folder.appending(path: "catalogue.db").path)
        #expect(catalogue.database.rows("PRAGMA query_only").first?[0] == 1)
    }
}
