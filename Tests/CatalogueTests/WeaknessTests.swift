import Biology
import Foundation
import Testing

@testable import Catalogue

/// Numbers that are weaker than their grade says are marked, on pages and in models.
@Suite struct WeaknessTests {
    private static let reader = try? Builtin.get().reader(pinned: "builtin@\(ParameterCatalogue.builtinVersion)")

    private func number(_ question: CatalogueQuestion) throws -> CatalogueNumber? {
        guard case .number(let number) = try #require(Self.reader).answer(question) else { return nil }
        return number
    }

    @Test(arguments: [
        CatalogueQuestion.decay(molecule: "FGF8"), .diffusion(molecule: "TNFSF10"), .diffusion(molecule: "FGF8"),
        .mass(molecule: "IL-25"), .secretion(molecule: "IL-12", cell: "macrophage"),
        .secretion(molecule: "IL-12", cell: "dendritic cell"), .secretion(molecule: "TGF-β1", cell: "Treg"),
        .secretion(molecule: "TNF", cell: "macrophage"), .secretion(molecule: "TNF", cell: "Th1"),
        .receptors(receptor: "TNFR1", ligands: ["TNF"], cell: "hepatocyte"),
    ])
    func isWeak(_ question: CatalogueQuestion) throws {
        let taken = try #require(try number(question))
        #expect(taken.isWeak, "\(taken)")
    }

    @Test(arguments: [
        CatalogueQuestion.diffusion(molecule: "IL-2"), .decay(molecule: "IL-10"),
        .secretion(molecule: "IL-2", cell: "Th1"), .receptors(receptor: "TNFR1", ligands: ["TNF"], cell: "macrophage"),
    ])
    func isNotWeak(_ question: CatalogueQuestion) throws {
        let taken = try #require(try number(question))
        #expect(!taken.isWeak, "\(taken)")
    }

    /// Only these results of arithmetic have no recollection in them.
    @Test func whatIsComputedFromMemoryRestsOnMemory() throws {
        let computed = try Builtin.get().measurements.filter { $0.source.seen == .calculation }
        let sound = computed.filter { $0.caveat != .memory }.map { "\($0.subject) \($0.parameter.rawValue)" }
        #expect(sound == ["IL-2 volume of distribution", "TNF k_off"])
    }

    @Test func averagesAndMaximaSayWhatTheyAre() throws {
        let numbers = try Builtin.get().measurements
        let averages = numbers.filter { $0.condition.contains("average over a population") }
        #expect(averages.count == 7 && numbers.filter { $0.caveat == .population } == averages)
        let most = numbers.filter { $0.caveat == .maximum }
        #expect(most.map(\.parameter) == [.consumption, .secretion] && most.allSatisfy { $0.subject == "cytokines" })
        #expect(most.allSatisfy { $0.condition.contains("maximum") })
        #expect(numbers.allSatisfy { !$0.note.contains("unit from memory") || $0.caveat == .memory })
    }

    /// Of one cell, even if said of a wider kind, before an average over many.
    @Test func aNumberOfOneCellOfAWiderKindComesBeforeAnOwnAverage() throws {
        let overlay = try Overlay([
            "sources.csv": OverlayTests.sources,
            "measurements.csv": OverlayTests.head.replacing(",note\n", with: ",note,caveat\n")
                + "IL-12,secretion,,dendritic cell,3,molecules/s,human,single cells,ours,measured,,\n"
                + "IL-12,secretion,,conventional dendritic cell,0.5,molecules/s,human,bulk,ours,measured,,"
                + "average over a population\n",
        ])
        let catalogue = try overlay.catalogue()
        let reader = try catalogue.reader(pinned: "builtin@\(catalogue.version)")
        guard
            case .number(let taken) = reader.answer(.secretion(molecule: "IL-12", cell: "conventional dendritic cell"))
        else {
            Issue.record("a number is known")
            return
        }
        #expect(taken.value == 3 && !taken.isWeak)
    }

    @Test func aPageOrAbstractIsNoModelThatWasRead() throws {
        let overlay = try Overlay([
            "sources.csv": "source,citation,identifier,seen\nshop,A page,,abstract\n",
            "measurements.csv": OverlayTests.head
                + "IL-2,K_D,IL2RA,,13,pM,human,a page,shop,model value,\n"
                + "IL-4,K_D,IL4R,,13,pM,human,an abstract,shop,measured,\n",
        ])
        #expect(overlay.problems() == ["measurements.csv:2:41 grade: 'model value' of a model whose file was not read"])
        let models = try Builtin.get().measurements.filter { $0.grade == .modelValue }
        #expect(models.allSatisfy { $0.source.seen == .read })
    }

    // MARK: - Pages

    @Test func aMassIsTheMiddleOfItsRangeAndSaysSo() throws {
        let catalogue = try Builtin.get()
        let sheet = catalogue.sheet(of: try #require(catalogue.cytokine(named: "M-CSF")))
        #expect(abs((sheet.mass ?? 0) - 5400.0.squareRoot()) < 1e-9)
        #expect(sheet.text.contains("mass        73.48 kDa (60-90 kDa, from memory): 1 pM is 73.48 pg/mL"))
        let derived = catalogue.sheet(of: try #require(catalogue.cytokine(named: "IL-25"))).text
        #expect(derived.contains("34 kDa (derived, rests on memory)"))
    }

    @Test func reachSaysWhereItsNumbersAreOfDifferentSettings() throws {
        let catalogue = try Builtin.get()
        let mixed = "D and the decay are of different settings"
        func page(_ name: String) throws -> String {
            catalogue.sheet(of: try #require(catalogue.cytokine(named: name))).text
                .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        #expect(try page("FGF8").contains(mixed))
        #expect(try !page("IL-2").contains(mixed))
    }

    /// Who makes and hears it is from memory until a lab cites it.
    @Test func pagesSayWhichRelationsAreFromMemory() throws {
        let builtin = try Builtin.get()
        let plain = builtin.sheet(of: try #require(builtin.cytokine(named: "OX40L")))
        let page = plain.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(page.contains("and who makes and hears it."))
        let heard = plain.relations.filter { [.madeBy, .heardBy, .does].contains($0.kind) }
        let lines = heard.map { "OX40L,\($0.kind.rawValue),\($0.what),ours,measured\n" }
        let head = "cytokine,relation,what,source,grade\n"
        func text(_ relations: [String]) throws -> (cytokine: String, cell: String) {
            let overlay = try Overlay([
                "sources.csv": OverlayTests.sources, "relations.csv": head + relations.joined(),
            ])
            let catalogue = try overlay.catalogue()
            let cytokine = try #require(catalogue.cytokine(named: "OX40L"))
            let cell = try #require(catalogue.cellType(named: plain.relations(.heardBy).first?.what ?? ""))
            return (
                catalogue.sheet(of: cytokine).text.split(whereSeparator: \.isWhitespace).joined(separator: " "),
                catalogue.sheet(of: cell).text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            )
        }
        let all = try text(lines)
        #expect(!all.cytokine.contains("who makes and hears it.") && all.cytokine.contains("Our notebook 12"))
        let some = try text(Array(lines.prefix(1)))
        #expect(some.cytokine.contains("\(heard.count - 1) of the \(heard.count) lines of who makes and hears it"))
        #expect(all.cell.contains("Our notebook 12") && all.cell.contains("lines of what it makes and hears"))
    }

    @Test func everySheetNamesItsSources() throws {
        let catalogue = try Builtin.get()
        for chain in catalogue.known.chains.values {
            let sheet = catalogue.sheet(of: chain)
            #expect(!sheet.citations.isEmpty && !sheet.citations[0].id.isEmpty, "\(chain.symbol)")
            #expect(Set(sheet.citations).isSuperset(of: sheet.complexes.map(\.source)))
        }
        let cell = catalogue.sheet(of: try #require(catalogue.cellType(named: "Th1")))
        let expected = Set((cell.makes + cell.hears).map(\.source) + cell.secretion.map(\.source) + [cell.cell.source])
        #expect(Set(cell.citations).isSuperset(of: expected))
    }

    /// The page in docs says what the tables hold.
    @Test func theDocumentedCountsAreThoseOfTheTables() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/catalogue.md"), encoding: .utf8)
        let catalogue = try Builtin.get()
        let report = catalogue.report()
        for grade in Grade.allCases {
            let row = try #require(page.split(separator: "\n").first { $0.hasPrefix("| \(grade.rawValue) |") })
            #expect(row.hasSuffix("| \(report.grades[grade.rawValue] ?? 0) |"), "\(row)")
        }
        let all = catalogue.measurements
        #expect(page.contains("read: \(report.fromMemory) of the \(all.count) numbers"))
        #expect(page.contains("another \(all.filter { $0.caveat == .memory }.count) rest on memory"))
        #expect(page.contains("version \(ParameterCatalogue.builtinVersion)\n"))
        #expect(
            page.contains("\(catalogue.cytokines.count) cytokines, their receptors and \(catalogue.cells.count) cell"))
    }
}
