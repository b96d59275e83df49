import Foundation
import Results
import Simulation
import Testing

@testable import Analysis

/// A made-up communication with known shares: 1000 molecules of Tsec, 600 to Treg, 300 to Tresp, 50 to Tsec of which
/// 20 to the very cell; 100 from outside, all to Treg.
enum MadeUpCommunication {
    static let molecule = "IL-2"

    static var rows: [CommunicationRow] {
        let parts: [(String, String, CommunicationRow.Route, Double, Double)] = [
            ("Tsec", "Tsec", .autocrine, 20, 4), ("Tsec", "Tsec", .paracrine, 30, 6),
            ("Tsec", "Tresp", .paracrine, 300, 50), ("Tsec", "Treg", .paracrine, 600, 90),
            ("outside", "Treg", .outside, 100, 10),
        ]
        // A quarter in the first interval, the rest in the second; only what is bound at the end counts.
        return [(0.0, 1800.0, 0.25, 0.5), (1800, 3600, 0.75, 1)].flatMap { start, end, share, bound in
            parts.map { part in
                CommunicationRow(
                    start: start, end: end, molecule: molecule, sender: part.0, receiver: part.1, route: part.2,
                    receptor: "IL-2R", captured: part.3 * share, bound: part.4 * bound)
            }
        }
    }

    static var secretion: [SecretionRow] {
        [(0.0, 1800.0), (1800, 3600)].map { start, end in
            SecretionRow(start: start, end: end, molecule: molecule, sender: "Tsec", secreted: 500)
        }
    }

    static func summary() throws -> CommunicationSummary {
        try #require(
            CommunicationSummary(molecule, rows: rows, secretion: secretion, typeNames: ["Tsec", "Tresp", "Treg"]))
    }
}

@Suite struct CommunicationReportTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    /// The report of a made-up niche with the made-up communication in it.
    private func report(replicates: String = "") throws -> RunFolder {
        let folder = try RunFolder(named: "communication", in: scratch.path)
        try MadeUpNiche(count: 200).record(into: folder) { recorder in
            for start in [0.0, 1800] {
                let rows = MadeUpCommunication.rows.filter { $0.start == start }
                let secretion = MadeUpCommunication.secretion.filter { $0.start == start }
                try recorder.record(CommunicationFrame(rows: rows, secretion: secretion))
            }
        }
        if !replicates.isEmpty { try folder.write(replicates, to: "replicates.csv") }
        _ = try Report.write(folder, context: MadeUpNiche().context())
        return folder
    }

    @Test func sumsWhatWasCaptured() throws {
        let summary = try MadeUpCommunication.summary()
        #expect(summary.senders == ["Tsec", "outside"])
        #expect(summary.receivers == ["Tsec", "Tresp", "Treg"])
        #expect(summary.captured == 1050)
        #expect(summary.captured(from: "Tsec", by: "Treg") == 600)
        #expect(summary.captured(by: "Treg") == 700)
        #expect(summary.autocrine(from: "Tsec", by: "Tsec") == 20)
        #expect(summary.shareOfSecreted(600, by: "Tsec") == 0.6)
        #expect(summary.shareOfSecreted(100, by: "outside") == nil)
        #expect(summary.shareOfCaptured(525) == 0.5)
        let rows = summary.receivers.reduce(0) { $0 + summary.captured(by: $1) }
        let columns = summary.senders.reduce(0) { $0 + summary.captured(from: $1) }
        #expect(rows == summary.captured && columns == summary.captured)
        #expect(summary.intervals.map { $0.bySender["Tsec"] } == [237.5, 712.5])
    }

    @Test func splitsTheResponseByWhatIsBoundAtTheEnd() throws {
        let summary = try MadeUpCommunication.summary()
        let shares = summary.links.filter { $0.receiver == "Treg" }.map { summary.shareOfBound($0) }
        #expect(shares == [0.9, 0.1])
    }

    @Test func saysItInWords() throws {
        let html = try report().read("report.html").replacing("&nbsp;", with: " ")
        for words in [
            "Of the 1,000 IL-2 molecules that Tsec secreted, 60 % were captured by Treg, 30 % by Tresp and 5 % by Tsec "
                + "(2 % by the very cell that secreted them); 5 % were captured by nobody.",
            "Of the IL-2 that no cell secreted (there at the start, through walls, or a dose), 100 by Treg were captured.",
            "Who signalled to whom",
        ] { #expect(html.contains(words), "\(words)") }
    }

    @Test func tableAddsUpToTheFile() throws {
        let folder = try report()
        let recorded = try ResultReader(folder).communication()
        let lines = try folder.read("figures/communication-IL-2.csv").split(separator: "\n")
        #expect(lines[0].hasPrefix("sender,receiver,captured (molecules),autocrine (molecules)"))
        let fields = lines.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let captured = fields.reduce(0) { $0 + (Double($1[2]) ?? .nan) }
        #expect(abs(captured - recorded.reduce(0) { $0 + $1.captured }) < 1e-9)
        let own = fields.reduce(0) { $0 + (Double($1[3]) ?? .nan) }
        #expect(own == recorded.filter { $0.route == .autocrine }.reduce(0) { $0 + $1.captured })
        let network = try folder.read("figures/network-IL-2.csv")
        #expect(network.contains("Tsec,Treg,paracrine,600\n") && network.contains("outside,Treg,outside,100\n"))
    }

    /// Two tissues: a type in each, and what blood brings from one to the other, and back.
    @Test func whatBloodBringsIsToldApart() throws {
        let parts: [(String, String, CommunicationRow.Route, Double)] = [
            ("T in gut", "T in gut", .autocrine, 10), ("T in gut", "T in gut", .paracrine, 20),
            ("T in gut", "T in gut", .endocrine, 30), ("T in gut", "T in liver", .endocrine, 40),
            ("outside", "T in liver", .outside, 50),
        ]
        let rows = parts.map { sender, receiver, route, captured in
            CommunicationRow(
                start: 0, end: 60, molecule: "IL-2", sender: sender, receiver: receiver, route: route,
                receptor: "IL-2R", captured: captured, bound: captured)
        }
        let secretion = SecretionRow(start: 0, end: 60, molecule: "IL-2", sender: "T in gut", secreted: 200)
        let summary = try #require(
            CommunicationSummary("IL-2", rows: rows, secretion: [secretion], typeNames: ["T"]))
        #expect(summary.hasEndocrine)
        #expect(summary.senders == ["T in gut", "outside"] && summary.receivers == ["T in gut", "T in liver"])
        #expect(summary.endocrine(from: "T in gut", by: "T in gut") == 30)
        let network = try #require(CommunicationNetworkFigure(summary: summary, typeNames: ["T"]).figure())
        for line in ["gut,T in gut,paracrine,20", "gut,T in gut,endocrine,30", "gut,T in liver,endocrine,40"] {
            #expect(network.numbers.csv.contains("T in \(line)\n"), "\(network.numbers.csv)")
        }
        #expect(network.svg.text(id: "a").contains("dotted: endocrine"))
    }

    /// Cells of one type are told apart by their tissue.
    @Test func cellsAreFoundByTheirName() {
        var frame = CellFrame(time: 0, typeNames: ["T", "T in situ"])
        (frame.ids, frame.types, frame.tissues) = ([0, 1, 2], [0, 0, 1], [0, 1, 1])
        frame.tissueNames = ["gut", "liver"]
        #expect(frame.cells(named: "T in gut") == [0] && frame.cells(named: "T") == [0, 1])
        #expect(frame.cells(named: "T in situ in liver") == [2] && frame.cells(named: "T in situ") == [2])
        #expect(frame.cells(named: "outside").isEmpty)
    }

    @Test func joinsTheSmallestOfManySenders() throws {
        let rows = (1...40).map { number in
            CommunicationRow(
                start: 0, end: 60, molecule: "IL-2", sender: "Tsec \(number)", receiver: "Treg", route: .paracrine,
                receptor: "IL-2R", captured: Double(number), bound: 1)
        }
        let summary = try #require(CommunicationSummary("IL-2", rows: rows, secretion: [], typeNames: ["Treg"]))
        #expect(summary.senders.count == CommunicationSummary.mostSenders)
        #expect(summary.captured(from: "29 others") == 435)
        #expect(summary.captured == 820)
    }

    @Test func everyFigureCanBeDownloaded() throws {
        let folder = try report()
        let html = try folder.read("report.html")
        let figures = html.components(separatedBy: "<figure").dropFirst()
        #expect(figures.count > 10)
        for figure in figures {
            #expect(figure.contains("href=\"data:image/svg+xml;base64,"))
            #expect(figure.contains("href=\"data:text/csv;charset=utf-8;base64,"))
        }
        for (match, ending) in zip(html.matches(of: #/data:text\/csv;charset=utf-8;base64,([^"]+)"/#), 0...) {
            let data = try #require(Data(base64Encoded: String(match.1)))
            let rows = String(decoding: data, as: UTF8.self).split(separator: "\n")
            #expect(rows.count > 1, "figure \(ending) has numbers")
        }
    }

    @Test func replicatesAreBands() throws {
        let without = try report().read("figures/series-1-IL-2-mean.svg")
        #expect(!without.contains("fill-opacity"))
        let name = "\"Treg: IL-2, mean"
        let header = "time (h),\(name) (nM) mean\",\(name) (nM) low\",\(name) (nM) high\"\n"
        let folder = try report(replicates: header + "0,0,0,0\n6,0.01,0.005,0.02\n12,0.02,0.01,0.03\n")
        let svg = try folder.read("figures/series-1-IL-2-mean.svg")
        #expect(svg.contains("fill-opacity=\"0.18\"") && svg.contains("stroke-dasharray"))
        let numbers = try folder.read("figures/series-1-IL-2-mean.csv")
        #expect(
            numbers.hasPrefix("time (h),Tsec (nM),Tresp (nM),Treg (nM),Treg mean (nM),Treg low (nM),Treg high (nM)\n"))
        #expect(numbers.contains(",0.01,0.005,0.02\n"))
    }
}
