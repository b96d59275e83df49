import Foundation
import Results

/// A folder of Vega-Lite 5 specifications with their data in them: the time courses, and who signalled to whom.
///
///     mean-IL-2R.bound.vl.json     the mean of a signal, one line a cell type
///     molecules-IL-2.vl.json       where the molecules are, one line each
///     communication.vl.json        sender × receiver, a panel a molecule; where communication was recorded
struct VegaLite {
    private let run: ExportedRun

    init(_ run: ExportedRun) { self.run = run }

    private static let schema: JSONTree = "https://vega.github.io/schema/vega-lite/v5.json"

    func write(to path: String) throws {
        let series = try run.reader.series()
        let hasCommunication = try !run.reader.communication().isEmpty
        guard !series.columns.isEmpty || hasCommunication else {
            throw ExportProblem("this run recorded no time courses", fix: "add 'series: every 1 min' under 'record:'")
        }
        try ExportPlace.makeFolder(path)
        var taken: Set<String> = []
        for group in VegaLite.groups(series) {
            let name = ExportPlace.fileName(group.name, &taken)
            try ExportPlace.write(courses(series.times, group).document, to: "\(path)/\(name).vl.json")
        }
        if hasCommunication {
            try ExportPlace.write(heatMap(try run.exchanges(.last)).document, to: "\(path)/communication.vl.json")
        }
    }

    /// Curves of one plot.
    private struct Group {
        var name: String
        var title: String
        var columns: [SeriesTable.Column]
    }

    /// Means of one signal together, and what happened to one molecule; "Treg: IL-2, mean" and "IL-2: bound".
    private static func groups(_ series: SeriesTable) -> [Group] {
        var groups: [Group] = []
        for column in series.columns {
            let parts = column.name.split(separator: ": ", maxSplits: 1).map(String.init)
            let isMean = column.name.hasSuffix(", mean") && parts.count == 2
            let name = isMean ? "mean-\(parts[1].dropLast(", mean".count))" : "molecules-\(parts.first ?? column.name)"
            if let index = groups.firstIndex(where: { $0.name == name && $0.columns.first?.unit == column.unit }) {
                groups[index].columns.append(column)
            } else {
                let quantity = isMean ? parts[1] : parts.first ?? column.name
                let title = column.unit == "1" ? quantity : "\(quantity) (\(column.unit))"
                groups.append(Group(name: name, title: title, columns: [column]))
            }
        }
        return groups
    }

    private func courses(_ times: [Double], _ group: Group) -> JSONTree {
        let values = group.columns.flatMap { column in
            zip(times, column.values).map { time, value -> JSONTree in
                ["hours": .number(time / 3600), "series": .text(column.name), "value": .number(value)]
            }
        }
        return [
            "$schema": VegaLite.schema, "title": .text(run.reader.manifest.modelName),
            "data": ["values": .list(values)], "width": 560, "height": 320,
            "mark": ["type": "line", "tooltip": true],
            "encoding": [
                "x": ["field": "hours", "type": "quantitative", "title": "time (h)"],
                "y": ["field": "value", "type": "quantitative", "title": .text(group.title)],
                "color": [
                    "field": "series", "type": "nominal", "title": .null, "sort": .null,
                    "scale": ["scheme": "tableau20"],
                    "legend": ["orient": "bottom", "columns": 2, "labelLimit": 320],
                ],
            ],
        ]
    }

    private func heatMap(_ exchanges: [Exchange]) -> JSONTree {
        let values = exchanges.map { exchange -> JSONTree in
            [
                "molecule": .text(exchange.molecule), "sender": .text(exchange.sender),
                "receiver": .text(exchange.receiver), "receptor": .text(exchange.receptor),
                "captured": .number(exchange.captured), "autocrine": .number(exchange.autocrine),
                "paracrine": .number(exchange.paracrine), "endocrine": .number(exchange.endocrine),
                "share": .number(exchange.shareOfCaptured),
            ]
        }
        return [
            "$schema": VegaLite.schema, "title": .text("\(run.reader.manifest.modelName): who signalled to whom"),
            "data": ["values": .list(values)], "mark": ["type": "rect", "tooltip": ["content": "data"]],
            "width": ["step": 48], "height": ["step": 32],
            "encoding": [
                "column": ["field": "molecule", "type": "nominal", "title": .null],
                "x": ["field": "receiver", "type": "nominal", "title": "receiver", "axis": ["labelAngle": -40]],
                "y": ["field": "sender", "type": "nominal", "title": "sender"],
                "color": [
                    "field": "captured", "aggregate": "sum", "type": "quantitative", "title": "molecules captured",
                ],
            ],
        ]
    }
}
