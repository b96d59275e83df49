import Biology
import Results
import Simulation

/// What one sender type's cells gave one receiver type's over an interval: the row of every communication table here.
struct Exchange {
    /// Of the interval, s.
    var start: Double
    var end: Double
    var molecule: String
    var sender: String
    var receiver: String
    /// Or the complex that holds it or took it in.
    var receptor: String
    /// Molecules, by route.
    var autocrine = 0.0
    var paracrine = 0.0
    var endocrine = 0.0
    var fromOutside = 0.0
    /// What the sender secreted meanwhile, molecules; NaN where that is not known.
    var secreted = Double.nan
    /// What all cells captured of the molecule meanwhile, molecules.
    var capturedByAll = 0.0
    /// Mean of the receiver's cells when the interval ends; NaN where it was not recorded.
    var meanOccupancy = Double.nan
    /// Of the sender on all the receiver's cells when the interval ends, molecules, and of all senders and receptors.
    var bound = 0.0
    var boundByAll = 0.0
    /// By state that follows from the molecule: the receiver's mean times the share of what is bound.
    var responses: [String: Double] = [:]

    var shareOfBound: Double { boundByAll > 0 ? bound / boundByAll : .nan }
    var captured: Double { autocrine + paracrine + endocrine + fromOutside }
    var shareOfSecreted: Double { secreted > 0 ? captured / secreted : .nan }
    var shareOfCaptured: Double { capturedByAll > 0 ? captured / capturedByAll : .nan }

    /// The measured columns that tables and graphs share.
    static let measures = [
        "captured", "autocrine", "paracrine", "endocrine", "from_outside", "share_of_secreted", "share_of_captured",
        "mean_occupancy", "bound", "share_of_bound",
    ]
    var measured: [Double] {
        [
            captured, autocrine, paracrine, endocrine, fromOutside, shareOfSecreted, shareOfCaptured, meanOccupancy,
            bound,
            shareOfBound,
        ]
    }
}

extension ExportedRun {
    /// The exchanges of the intervals asked for, in the order in which they were recorded; of `last`, the whole run's.
    func exchanges(_ times: ExportTimes) throws -> [Exchange] {
        let rows = try recordedCommunication(times)
        let secreted = try recordedSecretion(times)
        var exchanges: [Exchange] = []
        var places: [[String]: Int] = [:]
        for row in rows {
            let key = ["\(row.start)", row.molecule, row.sender, row.receiver, row.receptor]
            let place = places[key] ?? exchanges.count
            if place == exchanges.count {
                places[key] = place
                exchanges.append(
                    Exchange(
                        start: row.start, end: row.end, molecule: row.molecule, sender: row.sender,
                        receiver: row.receiver, receptor: row.receptor))
            }
            switch row.route {
            case .autocrine: exchanges[place].autocrine += row.captured
            case .paracrine: exchanges[place].paracrine += row.captured
            case .endocrine: exchanges[place].endocrine += row.captured
            case .outside: exchanges[place].fromOutside += row.captured
            }
            exchanges[place].bound += row.bound
        }
        var totals: [[String]: Double] = [:]
        var bound: [[String]: Double] = [:]
        for exchange in exchanges {
            totals[["\(exchange.start)", exchange.molecule], default: 0] += exchange.captured
            bound[["\(exchange.start)", exchange.molecule, exchange.receiver], default: 0] += exchange.bound
        }
        let means = try RecordedMeans(self, at: exchanges.map(\.end))
        for i in exchanges.indices {
            let exchange = exchanges[i]
            exchanges[i].capturedByAll = totals[["\(exchange.start)", exchange.molecule]] ?? 0
            exchanges[i].secreted = secreted[["\(exchange.start)", exchange.molecule, exchange.sender]] ?? .nan
            exchanges[i].meanOccupancy = means.mean(
                "\(exchange.receptor).occupancy", of: exchange.receiver, at: exchange.end)
            exchanges[i].boundByAll = bound[["\(exchange.start)", exchange.molecule, exchange.receiver]] ?? 0
            for state in states where isDriven(state, by: exchange.molecule, on: exchange.receiver) {
                exchanges[i].responses[state] =
                    exchanges[i].shareOfBound * means.mean(state, of: exchange.receiver, at: exchange.end)
            }
        }
        return exchanges
    }

    /// The model's dimensionless states, each name once.
    var states: [String] {
        var seen: Set<String> = []
        return model.cellTypes.flatMap(\.states).filter { $0.dimension == .none }.map(\.name).filter {
            seen.insert($0).inserted
        }
    }

    private func isDriven(_ state: String, by molecule: String, on cells: String) -> Bool {
        let type = CommunicationRow.type(ofCells: cells, among: model.cellTypes.map(\.name))
        return model.inducers(ofState: state, cellType: type).contains(molecule)
    }

    // MARK: - What was recorded

    private func recordedCommunication(_ times: ExportTimes) throws -> [CommunicationRow] {
        let rows = try reader.communication()
        guard let first = rows.first, let last = rows.last else {
            throw ExportProblem(
                "this run recorded no communication", fix: "add 'communication: {every: 10 min}' under 'record:'")
        }
        switch times {
        case .every: return rows
        case .last:
            return rows.map { row in
                var row = row
                // On the cells at the end is only what is there then.
                if row.end != last.end { row.bound = 0 }
                (row.start, row.end) = (first.start, last.end)
                return row
            }
        case .at(let time):
            let found = rows.filter { interval($0.start, $0.end, holds: time, first.start) }
            guard !found.isEmpty else {
                throw ExportProblem(
                    "no interval of the recorded communication holds \(QuantityText.describe(time, .time))",
                    fix: "give a time from \(QuantityText.describe(first.start, .time)) to "
                        + QuantityText.describe(last.end, .time))
            }
            return found
        }
    }

    /// Intervals hold their end, not their start: "at 1 h" is the interval that ends then.
    private func interval(_ start: Double, _ end: Double, holds time: Double, _ first: Double) -> Bool {
        let isAfterStart = time > start && !ExportedRun.isSame(time, start) || start == first && time >= start
        return isAfterStart && (time < end || ExportedRun.isSame(time, end))
    }

    /// What each sender secreted in the interval asked for, molecules, by molecule and sender.
    func secretedByType(_ times: ExportTimes) throws -> [[String]: Double] {
        let rows = try reader.secretion()
        let first = rows.first?.start ?? 0
        var secreted: [[String]: Double] = [:]
        for row in rows {
            if case .at(let time) = times, !interval(row.start, row.end, holds: time, first) { continue }
            secreted[[row.molecule, row.sender], default: 0] += row.secreted
        }
        return secreted
    }

    /// Molecules by start of the interval, molecule and sender.
    private func recordedSecretion(_ times: ExportTimes) throws -> [[String]: Double] {
        let rows = try reader.secretion()
        let start = rows.first?.start ?? 0
        var secreted: [[String]: Double] = [:]
        for row in rows {
            secreted[["\(times == .last ? start : row.start)", row.molecule, row.sender], default: 0] += row.secreted
        }
        return secreted
    }
}

/// Means of what was recorded of cells, by type.
private struct RecordedMeans {
    /// By time, then cells' name in who signalled to whom and column.
    private var means: [Double: [[String]: Double]] = [:]

    init(_ run: ExportedRun, at times: [Double]) throws {
        let wanted = Set(times)
        for file in run.reader.cellFiles {
            let recorded = try run.reader.time(of: file)
            guard let time = wanted.first(where: { ExportedRun.isSame($0, recorded) }) else { continue }
            means[time] = RecordedMeans.means(try run.reader.cells(file))
        }
    }

    /// Over the type's cells that have it; NaN where none was recorded.
    func mean(_ column: String, of type: String, at time: Double) -> Double {
        means[time]?[[type, column]] ?? .nan
    }

    private static func means(_ frame: CellFrame) -> [[String]: Double] {
        var means: [[String]: Double] = [:]
        let names = frame.typeNames.flatMap { type in
            frame.tissueNames.isEmpty ? [type] : frame.tissueNames.map { CommunicationRow.name(type, tissue: $0) }
        }
        for name in names {
            let cells = frame.cells(named: name)
            for column in frame.columns {
                let values = cells.map { column.values[$0] }.filter(\.isFinite)
                if !values.isEmpty { means[[name, column.name]] = values.reduce(0, +) / Double(values.count) }
            }
        }
        return means
    }
}
