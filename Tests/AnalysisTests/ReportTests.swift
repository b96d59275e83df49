import Foundation
import Results
import Testing

@testable import Analysis

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct ReportTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    /// Writes the report of a made-up run; kept where PARACRINE_KEEP_REPORT names a folder, to be looked at.
    private func report(_ niche: MadeUpNiche, _ name: String, expecting: [ExpectationResult] = []) throws -> Written {
        let keep = ProcessInfo.processInfo.environment["PARACRINE_KEEP_REPORT"]
        let folder = try RunFolder(named: name, in: keep ?? scratch.path)
        try niche.record(into: folder)
        if !expecting.isEmpty { try folder.write(expecting) }
        let path = try Report.write(folder, context: niche.context())
        #expect(path == folder.file("report.html"))
        let written = try Written(folder)
        for (figure, text) in written.figures {
            #expect(isXML(text), "\(figure)")
            #expect(!text.contains("nan") && !text.contains("inf\""), "\(figure)")
        }
        return written
    }

    private struct Written {
        let folder: RunFolder
        let html: String
        let figures: [String: String]

        init(_ folder: RunFolder) throws {
            self.folder = folder
            html = try folder.read("report.html")
            var figures: [String: String] = [:]
            for name in folder.names(in: "figures") where name.hasSuffix(".svg") {
                figures[name] = try folder.read("figures/\(name)")
            }
            self.figures = figures
        }
    }

    private func isXML(_ text: String) -> Bool { XMLParser(data: Data(text.utf8)).parse() }

    @Test func showsANiche() throws {
        let expected = [
            ExpectationResult(text: "mass of IL-2 balances within 1e-9", value: 2.3e-13, unit: "", passed: true),
            ExpectationResult(text: "mean IL-2R.occupancy of Treg > 0.9 at 12 h", value: 0.61, unit: "", passed: false),
        ]
        let written = try report(MadeUpNiche(), "niche", expecting: expected)
        #expect(
            Set(written.figures.keys) == [
                "slice-IL-2.svg", "distance-IL-2.svg", "by-type-IL-2R.occupancy.svg", "ledger-IL-2.svg",
                "series-1-IL-2-mean.svg", "series-2-IL-2R.occupancy-mean.svg", "series-3-IL-2R.bound-mean.svg",
                "series-4-IL-2.svg",
            ])
        for words in [
            "falls to half of that at", "from the nearest Tsec", "1 of 2 hold", "The ledger closes",
            "Median at 12 h: Tsec", "112 cells of the table",
        ] { #expect(written.html.contains(words), "\(words)") }
        for text in ["pM", "x (µm)", "y (µm)", " µm</text>"] {
            #expect(written.figures["slice-IL-2.svg"]?.contains(text) == true, "\(text)")
        }
        #expect(written.html.utf8.count < 1_000_000)
    }

    @Test func needsNoOtherFile() throws {
        let html = try report(MadeUpNiche(count: 60), "alone").html
        #expect(!html.contains("<script") && !html.contains("<link") && !html.contains("@import"))
        let addresses = html.matches(of: #/(?:href|src)="([^"]*)"/#).map { String($0.1) }
        let inside = ["data:image/png;base64,", "data:image/svg+xml;base64,", "data:text/csv;charset=utf-8;base64,"]
        #expect(addresses.allSatisfy { address in inside.contains { address.hasPrefix($0) } })
        #expect(html.contains("<title>"))
    }

    @Test func doesNotRunWhatNamesSay() throws {
        var niche = MadeUpNiche(count: 200)
        niche.molecule = "<script>alert('x')</script>&\"/../../x"
        niche.receptor = "R<b>\u{1}\u{FFFE}"
        niche.typeNames = [
            "<img src=x onerror=y>", "]]>", "--> \" ' & a name that is much longer than any label could show",
        ]
        let written = try report(niche, "hostile")
        #expect(!written.html.contains("<script") && !written.html.contains("<img") && !written.html.contains("<b>"))
        #expect(written.figures.count == 8)
    }

    @Test(arguments: [0, 1, 2]) func showsHardlyAnyCells(count: Int) throws {
        var niche = MadeUpNiche(count: count)
        niche.secretorShare = 0.5
        let written = try report(niche, "few-\(count)")
        #expect(written.figures["slice-IL-2.svg"] != nil)
    }

    @Test func saysThatThereIsNothing() throws {
        var niche = MadeUpNiche(count: 100)
        niche.secretion = 0
        let written = try report(niche, "nothing")
        #expect(written.html.contains("No IL-2 in the medium at 12 h"))
        #expect(written.html.contains("No molecules were handled."))
        #expect(written.figures["slice-IL-2.svg"]?.contains(">none<") == true)
        #expect(written.figures["distance-IL-2.svg"] == nil)
    }

    @Test func showsARunThatRecordedNothing() throws {
        let folder = try RunFolder(named: "bare", in: scratch.path)
        let manifest = RunManifest(
            programVersion: "0.1.0", languageVersion: 1, modelName: "bare", modelHash: "", seed: 1, options: [:],
            threads: 1)
        let recorder = try ResultRecorder(folder: folder, manifest: manifest, modelJSON: "{}\n")
        try recorder.finish(.failed, reason: "the ledger is out by 1e-3", at: 60)
        _ = try Report.write(folder, context: ReportContext(modelName: "bare"))
        let html = try folder.read("report.html")
        #expect(html.contains("Failed at 60 s (the ledger is out by 1e-3): do not trust what follows."))
        #expect(html.contains("No field was recorded"))
        #expect(folder.names(in: "figures").isEmpty)
    }

    @Test func staysSmallForManyCellsInASlab() throws {
        var niche = MadeUpNiche(count: 100_000, side: 4000, spacing: 20, depth: 20)
        niche.times = [0, 86400 * 5]
        let clock = ContinuousClock()
        var written: Written?
        let spent = try clock.measure { written = try report(niche, "slab") }
        let size = try #require(written?.html.utf8.count)
        #expect(size < 8_000_000, "\(size) bytes in \(spent)")
        #expect(written?.html.contains("100,000") == true)
    }

    @Test func givesTheSameFiguresTwice() throws {
        let one = try report(MadeUpNiche(count: 300), "one")
        let two = try report(MadeUpNiche(count: 300), "two")
        #expect(one.figures == two.figures)
    }
}
