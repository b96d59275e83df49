import Biology
import Foundation
import Results
import Simulation

/// The communication in LIANA's columns, with what was measured beside them.
///
/// `source, target, ligand_complex, receptor_complex` are LIANA's; `start` and `end` of the interval are in s.
struct LianaTable {
    private let run: ExportedRun

    init(_ run: ExportedRun) { self.run = run }

    func write(_ times: ExportTimes, to path: String) throws {
        let states = run.states
        let header =
            ["source", "target", "ligand_complex", "receptor_complex"] + Exchange.measures
            + states.map { "response_\($0)" } + ["start", "end"]
        var text = CSVTable.line(header)
        for exchange in try run.exchanges(times) {
            let names = [exchange.sender, exchange.receiver, exchange.molecule, exchange.receptor]
            let responses = states.map { exchange.responses[$0] ?? .nan }
            let numbers = exchange.measured + responses + [exchange.start, exchange.end]
            text += CSVTable.line(names + numbers.map(CSVTable.number))
        }
        try ExportPlace.write(text, to: path)
    }
}

/// The communication in the wide form of CellPhoneDB's `means.txt`: one row a ligand and receptor, one column
/// `SENDER|RECEIVER` a pair of types, tabs between them; the values are molecules captured.
///
/// The thirteen columns before the pairs are those of CellPhoneDB 5.
struct CellPhoneDBTable {
    private let run: ExportedRun

    init(_ run: ExportedRun) { self.run = run }

    private static let fixed = [
        "id_cp_interaction", "interacting_pair", "partner_a", "partner_b", "gene_a", "gene_b", "secreted", "receptor_a",
        "receptor_b", "annotation_strategy", "is_integrin", "directionality", "classification",
    ]

    func write(_ times: ExportTimes, to path: String) throws {
        let exchanges = try run.exchanges(times)
        let types = run.cellNames.map { CommunicationRow.name($0.type, tissue: $0.tissue) }
        // Named groups and what came from outside send, too.
        let senders = CellPhoneDBTable.unique(types + exchanges.map(\.sender))
        let receivers = CellPhoneDBTable.unique(types + exchanges.map(\.receiver))
        let pairs = senders.flatMap { sender in receivers.map { "\(sender)|\($0)" } }
        var text = CellPhoneDBTable.line(CellPhoneDBTable.fixed + pairs)
        let interactions = CellPhoneDBTable.unique(exchanges.map { [$0.molecule, $0.receptor] })
        for (number, interaction) in interactions.enumerated() {
            var captured: [String: Double] = [:]
            for exchange in exchanges where [exchange.molecule, exchange.receptor] == interaction {
                captured["\(exchange.sender)|\(exchange.receiver)", default: 0] += exchange.captured
            }
            let (ligand, receptor) = (interaction[0], interaction[1])
            let names = [
                "paracrine-\(number + 1)", "\(ligand)_\(receptor)", "simple:\(ligand)", "simple:\(receptor)", ligand,
                receptor, "True", "False", "True", "measured", "False", "Ligand-Receptor", "",
            ]
            text += CellPhoneDBTable.line(names + pairs.map { CSVTable.number(captured[$0] ?? 0) })
        }
        try ExportPlace.write(text, to: path)
    }

    /// Names of this language hold no tabs.
    private static func line(_ fields: [String]) -> String { fields.joined(separator: "\t") + "\n" }

    private static func unique<Element: Hashable>(_ elements: [Element]) -> [Element] {
        var seen: Set<Element> = []
        return elements.filter { seen.insert($0).inserted }
    }
}
