import Biology
import Foundation
import Results
import Simulation

/// The communication as GraphML: cell types are nodes, and every molecule that one type sends another is an edge.
struct CommunicationGraph {
    private let run: ExportedRun

    init(_ run: ExportedRun) { self.run = run }

    func write(_ times: ExportTimes, to path: String) throws {
        let exchanges = try run.exchanges(times)
        var nodes = run.cellNames.map { CommunicationRow.name($0.type, tissue: $0.tissue) }
        for name in exchanges.flatMap({ [$0.sender, $0.receiver] }) where !nodes.contains(name) { nodes.append(name) }
        var text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <graphml xmlns="http://graphml.graphdrawing.org/xmlns">

            """
        text += CommunicationGraph.key("cells", "node", "long")
        for name in ["molecule", "receptor"] { text += CommunicationGraph.key(name, "edge", "string") }
        for name in Exchange.measures + ["start", "end"] { text += CommunicationGraph.key(name, "edge", "double") }
        text += "<graph id=\"\(XMLText.escaped(run.reader.manifest.modelName))\" edgedefault=\"directed\">\n"
        let cells = try run.reader.lastCells()
        for node in nodes {
            let number = cells?.cells(named: node).count ?? 0
            let count = number > 0 ? CommunicationGraph.datum("cells", "\(number)") : ""
            text += "<node id=\"\(XMLText.escaped(node))\">\(count)</node>\n"
        }
        for (number, exchange) in exchanges.enumerated() {
            text += "<edge id=\"e\(number)\" source=\"\(XMLText.escaped(exchange.sender))\""
            text += " target=\"\(XMLText.escaped(exchange.receiver))\">"
            text += CommunicationGraph.datum("molecule", exchange.molecule)
            text += CommunicationGraph.datum("receptor", exchange.receptor)
            let numbers = zip(
                Exchange.measures + ["start", "end"], exchange.measured + [exchange.start, exchange.end])
            for (name, value) in numbers where value.isFinite {
                text += CommunicationGraph.datum(name, CSVTable.number(value))
            }
            text += "</edge>\n"
        }
        try ExportPlace.write(text + "</graph>\n</graphml>\n", to: path)
    }

    private static func key(_ name: String, _ owner: String, _ type: String) -> String {
        "<key id=\"\(name)\" for=\"\(owner)\" attr.name=\"\(name)\" attr.type=\"\(type)\"/>\n"
    }

    private static func datum(_ key: String, _ value: String) -> String {
        "<data key=\"\(key)\">\(XMLText.escaped(value))</data>"
    }
}
