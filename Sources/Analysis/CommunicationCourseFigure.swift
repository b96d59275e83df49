import Foundation
import Simulation

/// How fast a molecule was captured in every interval, by who had sent it or by who took it.
struct CommunicationCourseFigure {
    let summary: CommunicationSummary
    let typeNames: [String]
    let isBySender: Bool

    private var names: [String] { isBySender ? summary.senders : summary.receivers }

    private func amount(_ name: String, _ interval: CommunicationSummary.Interval) -> Double {
        (isBySender ? interval.bySender[name] : interval.byReceiver[name]) ?? 0
    }

    /// `nil` where there are not two intervals.
    func figure() -> Figure? {
        let intervals = summary.intervals.filter { $0.end > $0.start }
        guard intervals.count > 1, !names.isEmpty else { return nil }
        let rates = names.map { name in
            intervals.map { amount(name, $0) / ($0.end - $0.start) * 60 }
        }
        let (low, high) = (rates.joined().min() ?? 0, rates.joined().max() ?? 0)
        let unit = ReadingUnit("molecules/min", largest: max(abs(low), abs(high)))
        let end = intervals.map(\.end).max() ?? 0
        let clock = ReadingUnit("s", largest: end)
        let who = isBySender ? "by sender" : "by receiver"
        let x = Scale(
            linear: 0, end * clock.factor, start: 62, end: 390, isExact: true,
            steps: clock.name == "h" ? Scale.hours : [])
        let y = Scale(linear: min(0, low * unit.factor), max(0, high * unit.factor), start: 224, end: 14)
        let title = "\(Words.short(summary.molecule)) captured over time, \(who)"
        var plot = Plot(
            SVG(width: 520, height: 274, title: title), x: x, y: y, xLabel: clock.label("time"),
            yLabel: unit.label("captured"))
        var labels: [(name: String, y: Double, colour: String)] = []
        for (name, rates) in zip(names, rates) {
            let steps = zip(intervals, rates).flatMap { interval, rate in
                [interval.start, interval.end].map { Plot.Point(x: $0 * clock.factor, y: rate * unit.factor) }
            }
            plot.curve(steps, colour: colour(name))
            labels.append((name, (rates.last ?? 0) * unit.factor, colour(name)))
        }
        plot.labels(labels)
        return Figure(
            name: "captured-\(isBySender ? "by-sender" : "by-receiver")-\(summary.molecule)",
            heading: "\(summary.molecule) captured over time, \(who)",
            caption: "The mean of each recorded interval, "
                + (isBySender ? "by who had secreted it." : "by who captured it."),
            svg: plot.svg, numbers: numbers(intervals))
    }

    private func numbers(_ intervals: [CommunicationSummary.Interval]) -> FigureNumbers {
        var numbers = FigureNumbers(["start (h)", "end (h)"] + names.map { "\($0) (molecules)" })
        for interval in intervals {
            numbers.add([], [interval.start / 3600, interval.end / 3600] + names.map { amount($0, interval) })
        }
        return numbers
    }

    private func colour(_ name: String) -> String { CommunicationCourseFigure.colour(name, typeNames, names) }

    /// Of a cell type the same in every figure; grey for what no cell secreted.
    static func colour(_ name: String, _ typeNames: [String], _ names: [String]) -> String {
        if name == CommunicationRow.outside { return Colour.faint }
        // One type in two tissues is two senders, so that only the first has the type's colour.
        let type = CommunicationRow.type(ofCells: name, among: typeNames)
        let isFirst = names.first { CommunicationRow.type(ofCells: $0, among: typeNames) == type } == name
        let index =
            typeNames.firstIndex(of: isFirst ? type : name) ?? names.firstIndex(of: name).map { $0 + typeNames.count }
        return Colour.category(index ?? 0)
    }
}
