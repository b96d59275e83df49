import Biology
import Foundation
import Testing

@testable import Catalogue

/// The catalogue that is in the program, read once.
enum Builtin {
    static let catalogue = try? ParameterCatalogue.builtin()

    static func get() throws -> ParameterCatalogue { try #require(catalogue) }
}

@Suite struct TableTests {
    @Test func builtinTablesKeepEveryRule() {
        let (tables, problems) = TableSet.builtin()
        let found = problems + TableRules(tables, NameIndex(tables)).problems(in: tables, from: 0)
        #expect(found.isEmpty, "\(InvalidCatalogue(problems: found))")
        for table in CatalogueTable.allCases { #expect(!tables[table].isEmpty, "\(table)") }
    }

    /// What a version holds never changes: a table that changes takes a new version and its fingerprint with it.
    @Test func versionSaysWhatTheTablesHold() throws {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for file in try Builtin.get().tableFiles {
            for byte in file.text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        let stated = "\(ParameterCatalogue.builtinVersion) \(String(hash, radix: 16))"
        #expect(stated == "2026.2 4ea7b9137d3f20b7")
    }

    @Test func holdsWhatTheFactsHold() throws {
        let catalogue = try Builtin.get()
        #expect(catalogue.cytokines.count >= 92)
        #expect(catalogue.cells.count >= 37)
        #expect(Set(catalogue.receptorComplexes.map(\.name)).count >= 90)
        let masses: Set<MeasuredParameter> = [.chainMass, .assemblyMass, .precursorLength]
        let kinetic = catalogue.measurements.filter { !masses.contains($0.parameter) }
        #expect(kinetic.count >= 263)
    }

    @Test(
        arguments: [
            ("10", 10, 10), ("0.3-1", 0.3, 1), ("5e-4-1e-3", 5e-4, 1e-3), ("~1e3-1e4", 1e3, 1e4), ("1 .. 100", 1, 100),
            ("~10", 10, 10), ("1500 ± 400", 1500, 1500),
        ] as [(String, Double, Double)])
    func readsValues(text: String, low: Double, high: Double) throws {
        let value = try WrittenValue(reading: text)
        #expect(value.low == low && value.high == high && value.text == text)
        #expect(value.isApproximate == text.hasPrefix("~"))
        #expect(value.deviation == (text.contains("±") ? 400 : nil))
    }

    @Test func aBoundIsNotAValue() throws {
        let below = try WrittenValue(reading: "<=0.1")
        #expect(below.low == nil && below.high == 0.1 && below.typical == nil)
        #expect(try WrittenValue(reading: "4-9").typical == 6)
        #expect(try WrittenValue(reading: "0-8").typical == 4)
    }

    @Test(arguments: [
        "", "ten", "1-", "-1", "3-1", "1 nM", "1e999", "1--2", "1;2", "1 ± ", "NaN", "inf", "0x10",
        String(repeating: "9", count: 5000),
    ])
    func refusesWhatIsNoValue(text: String) {
        #expect(throws: TextProblem.self) { try WrittenValue(reading: text) }
    }

    @Test func columnsCountScalarsNotBytes() {
        let text = "source,citation,identifier,seen\nγ-β,µm²,,read\n"
        let read = TableText.rows(of: .sources, Array(text.utf8), file: "t.csv", layer: 1)
        #expect(read.rows.first?.places == [1, 5, 9, 10])
    }

    @Test func quotesCommasAndLineEnds() {
        let text = "source,citation,identifier,seen\r\n a ,\"b, \"\"c\"\"\",,read\n\n\"d\ne\",f,,none"
        let read = TableText.rows(of: .sources, Array(text.utf8), file: "t.csv", layer: 1)
        #expect(read.rows.first?.fields == ["a", "b, \"c\"", "", "read"])
        #expect(read.problems.map(\.line) == [5], "the line break inside quotes is a control character")
        #expect(read.rows.first?.places == [1, 5, 16, 17])
    }
}

@Suite struct NameTests {
    @Test(arguments: [
        ("IFN-γ", "IFNG"), ("IFN-γ", "IFNg"), ("IFN-γ", "IFN-gamma"), ("IFN-γ", "ifn gamma"), ("IL-2", "il2"),
        ("IL-12", "IL12A+IL12B"), ("IL-12", "IL-12p70"), ("TNF", "TNF-α"), ("TNF", "TNFalpha"), ("CXCL8", "IL-8"),
        ("LT-α", "lymphotoxin alpha"), ("TGF-β1", "TGFb1"), ("TGF-β1", "TGF-beta"), ("GM-CSF", "CSF2"),
    ])
    func everySpellingIsOneCytokine(name: String, spelling: String) throws {
        #expect(try Builtin.get().cytokine(named: spelling)?.name == name)
    }

    @Test(arguments: [
        ("Th1 cell", "Th1"), ("Th1 cell", "Th1 cells"), ("Th1 cell", "Th1-cell"), ("Treg", "T-reg"),
        ("Treg", "regulatory T cells"), ("CD8 T cell", "CTL"), ("macrophage", "macrophages"),
        ("gamma-delta T cell", "γδ T cell"), ("tumour cell", "tumor cells"), ("endothelial cell", "endothelium"),
    ])
    func everySpellingIsOneCell(name: String, spelling: String) throws {
        #expect(try Builtin.get().cellType(named: spelling)?.name == name)
    }

    @Test func everyNameResolvesToItself() throws {
        let catalogue = try Builtin.get()
        for cytokine in catalogue.cytokines {
            for name in [cytokine.name, cytokine.symbols.joined(separator: "+")] + cytokine.synonyms {
                #expect(catalogue.cytokine(named: name)?.name == cytokine.name, "\(name)")
            }
        }
        for cell in catalogue.cells {
            for name in [cell.name, cell.modelName] + cell.synonyms {
                #expect(catalogue.cellType(named: name)?.name == cell.name, "\(name)")
            }
        }
    }

    @Test func suggestsWhatWasMeant() throws {
        let catalogue = try Builtin.get()
        #expect(catalogue.suggestions(for: "IFN-gama").contains("IFN-γ"))
        #expect(catalogue.suggestions(for: "macrofage").first == "macrophage")
        #expect(catalogue.suggestions(for: "completely unknown").isEmpty)
        #expect(catalogue.cytokine(named: "") == nil && catalogue.cellType(named: "cell") == nil)
    }

    @Test func preferredNumbersComeFirst() throws {
        let catalogue = try Builtin.get()
        let affinity = catalogue.measurements(of: "TNF", parameter: .affinity, receptor: "TNFRSF1A")
        #expect(affinity.first?.grade == .measured && affinity.first?.source.id == "grell-1998")
        let value = try #require(affinity.first?.value.typical)
        #expect(abs(value - 19e-3 * 0.602214076) < 1e-12)
        let treg = catalogue.measurements(of: "IL2RA", parameter: .receptors, cell: "Treg")
        // Its own number first, then that of what it is a kind of.
        #expect(treg.map(\.cell) == ["Treg", "CD4 T cell"] && treg.first?.value.typical == 3589)
        // A CD8 T cell is a T cell: what is said of T cells holds for it where nothing nearer is said.
        let secretion = catalogue.measurements(of: "TNF", parameter: .secretion, cell: "CD8 T cell")
        #expect(secretion.map(\.cell) == ["T cell"])
        let tissue = catalogue.measurements(of: "IL-2", parameter: .diffusion).filter {
            $0.condition.contains("tissue")
        }
        #expect(tissue.map(\.value.typical) == [10])
    }
}
