import Analysis
import Foundation
import ModelFiles
import Simulation
import Tissue

/// The dose responses of Examples/il2-sensitivity beside measured ones, and how far off they are.
enum SensitivityBenchmark {
    /// Types of the model, and as the measurement has them.
    private static let types = [("Treg", "Treg"), ("Th", "Thelper"), ("NK", "NK"), ("CD8", "CD8")]
    /// EC50 at 1 h that the laboratory fitted to the measurement, nM.
    private static let measured = [0.022, 0.39, 1.6, 2.1]

    private typealias Point = (dose: Double, response: Double)

    /// `arguments`: The measurement, il2_muteins_pSTAT5_singlecell_moments.csv, and where to write the figure.
    static func run(_ arguments: [String]) throws {
        let model = "../Examples/il2-sensitivity/il2-sensitivity.paracrine.yaml"
        let text = try String(contentsOfFile: model, encoding: .utf8)
        let doses = (-20...10).map { pow(10, Double($0) / 5) }
        let rows = try doses.map { try responses(text, dose: $0) }
        let data = try arguments.first.map { try points(String(contentsOfFile: $0, encoding: .utf8)) } ?? [:]
        let curves = types.indices.map { type in zip(doses, rows).map { Point(dose: $0, response: $1[type]) } }
        let halves = curves.map(halfMaximalDose)
        for (type, values) in zip(types, zip(halves, measured)) {
            print("\(type.0): half-maximal at " + String(format: "%.3g nM, measured %.3g nM", values.0, values.1))
        }
        let squares = zip(halves, measured).map { pow(log10($0 / $1), 2) }
        let misfit = (squares.reduce(0, +) / Double(squares.count)).squareRoot()
        print(String(format: "misfit: %.2f powers of ten (root mean square of log10 of the ratios)", misfit))
        let series = zip(types, curves).map {
            DoseResponseFigure.Series(name: $0.0, curve: $1, data: data[$0.1] ?? [])
        }
        let figure = DoseResponseFigure(series, title: "pSTAT5 after 1 h against the dose of IL-2", response: "pSTAT5")
        let path = arguments.dropFirst().first ?? "il2-sensitivity.svg"
        try figure.text.write(toFile: path, atomically: true, encoding: .utf8)
        print("curves, and the measurement as points: \(path)")
    }

    /// pSTAT5 of each type at the end.
    private static func responses(_ text: String, dose: Double) throws -> [Double] {
        let model = try ModelFile.read(text, named: "il2-sensitivity", settings: ["dose=\(dose) nM"]).model
        let engine = TissueEngine(model, cells: try CellPlacement.place(model, tables: []).cells, threads: 1)
        let end = model.run.duration.value
        while engine.time < end { try engine.step(until: end) }
        let frame = engine.cells(at: end, columns: [.state("pSTAT5")])
        return types.map { type in
            zip(frame.types, frame.columns[0].values).first { frame.typeNames[$0.0] == type.0 }?.1 ?? .nan
        }
    }

    /// Half of the response at the highest dose; straight lines in log dose.
    private static func halfMaximalDose(_ curve: [Point]) -> Double {
        let half = (curve.last?.response ?? 0) / 2
        guard let above = curve.firstIndex(where: { $0.response >= half }), above > 0 else { return .nan }
        let (a, b) = (curve[above - 1], curve[above])
        return a.dose * pow(b.dose / a.dose, (half - a.response) / (b.response - a.response))
    }

    /// Mean over days of pSTAT5 at 1 h by type and dose of IL-2.
    private static func points(_ text: String) -> [String: [Point]] {
        let rows = text.split(whereSeparator: \.isNewline).map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        guard let head = rows.first else { return [:] }
        func value(_ name: String, _ row: [String]) -> String? {
            head.firstIndex(of: name).flatMap { $0 < row.count ? row[$0] : nil }
        }
        var sums: [String: [Double: (sum: Double, count: Double)]] = [:]
        for row in rows.dropFirst() where value("Ligand", row) == "IL2" && value("Time", row) == "1.0" {
            guard let cell = value("Cell", row), let dose = value("Dose", row).flatMap(Double.init),
                let mean = value("Mean", row).flatMap(Double.init)
            else { continue }
            let old = sums[cell]?[dose] ?? (0, 0)
            sums[cell, default: [:]][dose] = (old.sum + mean, old.count + 1)
        }
        return sums.mapValues { doses in
            doses.sorted { $0.key < $1.key }.map { Point(dose: $0.key, response: $0.value.sum / $0.value.count) }
        }
    }
}
