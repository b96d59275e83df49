import Foundation
import Simulation

/// Senders against receivers: which share of all that was captured went from whom to whom.
struct CommunicationMatrixFigure {
    let summary: CommunicationSummary

    private let left = 128.0
    private let top = 52.0
    private let height = 54.0

    private var width: Double { min(92, max(62, 640 / Double(summary.receivers.count + 1))) }
    private var right: Double { left + width * Double(summary.receivers.count) }
    private var bottom: Double { top + height * Double(summary.senders.count) }
    private var largest: Double {
        let all = summary.senders.flatMap { sender in
            summary.receivers.map { summary.captured(from: sender, by: $0) }
        }
        return all.max() ?? 0
    }

    /// `nil` where nothing was captured.
    func figure() -> Figure? {
        guard !summary.receivers.isEmpty, largest > 0 else { return nil }
        let name = Words.short(summary.molecule)
        var svg = SVG(
            width: right + width + 16, height: bottom + height + 30,
            title: "Share of the captured \(name) from every sender to every receiver")
        svg.text("captured by", left, 13, SVG.Font(size: 11, colour: Colour.faint))
        svg.text("secreted by", 0, top - 8, SVG.Font(size: 11, colour: Colour.faint))
        for (column, receiver) in (summary.receivers + ["all"]).enumerated() {
            let middle = left + width * (Double(column) + 0.5)
            let most = Int(width / 7)
            svg.name(receiver, middle, top - 8, most: most, SVG.Font(isBold: true, anchor: .middle))
        }
        for (row, sender) in summary.senders.enumerated() {
            let y = top + height * Double(row)
            svg.name(sender, left - 10, y + height / 2 + 4, most: 17, SVG.Font(isBold: true, anchor: .end))
            for (column, receiver) in summary.receivers.enumerated() {
                draw(sender, receiver, left + width * Double(column), y, on: &svg)
            }
            total(summary.captured(from: sender), right, y, on: &svg)
        }
        svg.text("all", left - 10, bottom + height / 2 + 4, SVG.Font(isBold: true, anchor: .end))
        for (column, receiver) in summary.receivers.enumerated() {
            total(summary.captured(by: receiver), left + width * Double(column), bottom, on: &svg)
        }
        total(summary.captured, right, bottom, on: &svg)
        svg.line(left, bottom, right + width, bottom, SVG.Stroke(colour: Colour.faint))
        svg.line(right, top, right, bottom + height, SVG.Stroke(colour: Colour.faint))
        svg.text(
            "↻ by the very cell that secreted it (autocrine)", min(left, 40), bottom + height + 20,
            SVG.Font(size: 11, colour: Colour.faint))
        return Figure(
            name: "communication-\(summary.molecule)", heading: "\(summary.molecule): who captured whose",
            caption: caption,
            svg: svg, numbers: numbers, isWide: summary.receivers.count > 4)
    }

    private func share(_ amount: Double) -> String {
        summary.shareOfCaptured(amount).map(CommunicationSection.share) ?? "–"
    }

    private func draw(_ sender: String, _ receiver: String, _ x: Double, _ y: Double, on svg: inout SVG) {
        let captured = summary.captured(from: sender, by: receiver)
        let autocrine = summary.autocrine(from: sender, by: receiver)
        let rgb = Colour.viridis(max(0, captured) / largest)
        let endocrine = summary.endocrine(from: sender, by: receiver)
        let route = endocrine > 0 ? ", \(Words.number(endocrine, digits: 5)) of them endocrine" : ""
        let words = "\(sender) → \(receiver): \(Words.number(captured, digits: 5)) molecules\(route)"
        svg.rectangle(
            x, y, width, height, fill: Colour.hex(rgb), stroke: SVG.Stroke(colour: Colour.paper, width: 1.5),
            title: words)
        let ink = Colour.isLight(rgb) ? Colour.inkOnColour : Colour.paper
        let middle = x + width / 2
        let lift = autocrine > 0 ? -7.0 : 0
        svg.text(
            share(captured), middle, y + 25 + lift, SVG.Font(size: 13.5, colour: ink, isBold: true, anchor: .middle))
        svg.text(
            CommunicationSection.molecules(captured), middle, y + 40 + lift,
            SVG.Font(size: 10, colour: ink, anchor: .middle))
        if autocrine > 0 {
            svg.text("↻ \(share(autocrine))", middle, y + 47, SVG.Font(size: 10.5, colour: ink, anchor: .middle))
        }
    }

    private func total(_ amount: Double, _ x: Double, _ y: Double, on svg: inout SVG) {
        let middle = x + width / 2
        svg.text(share(amount), middle, y + 25, SVG.Font(size: 13.5, anchor: .middle))
        svg.text(
            CommunicationSection.molecules(amount), middle, y + 40,
            SVG.Font(size: 10, colour: Colour.faint, anchor: .middle))
    }

    private var caption: String {
        let pairs = summary.senders.flatMap { sender in
            summary.receivers.map { (sender, $0, summary.captured(from: sender, by: $0)) }
        }
        let first = pairs.max { $0.2 < $1.2 }.map { sender, receiver, amount in
            "Most went from \(sender) to \(receiver): \(share(amount)). "
        }
        return (first ?? "")
            + "In each field: the share of all the \(summary.molecule) that was captured, and molecules; rows and columns add "
            + "up to the totals at the edge."
    }

    private var numbers: FigureNumbers {
        var numbers = FigureNumbers([
            "sender", "receiver", "captured (molecules)", "autocrine (molecules)", "endocrine (molecules)",
            "share of captured (1)", "share of secreted (1)",
        ])
        for sender in summary.senders {
            for receiver in summary.receivers {
                let captured = summary.captured(from: sender, by: receiver)
                numbers.add(
                    [sender, receiver],
                    [
                        captured, summary.autocrine(from: sender, by: receiver),
                        summary.endocrine(from: sender, by: receiver),
                        summary.shareOfCaptured(captured) ?? .nan,
                        summary.shareOfSecreted(captured, by: sender) ?? .nan,
                    ])
            }
        }
        return numbers
    }
}
