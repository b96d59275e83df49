import Biology
import Simulation

/// Where the molecules of a kind came from and where they are, as two bars of the same length.
struct LedgerFigure {
    let ledger: Ledger
    let time: Double

    private struct Part {
        var name: String
        var amount: Double
        var colour: String
    }

    /// What came in and where it went, molecules; a gain by association is income, a loss is outgo.
    private var sides: [(name: String, parts: [Part])] {
        let associated = ledger[.associated]
        let income = [
            Part(name: "at start", amount: ledger[.atStart], colour: "#c3c9d1"),
            Part(name: "secreted", amount: ledger[.secreted], colour: Colour.categories[1]),
            Part(name: "entered", amount: ledger[.entered], colour: Colour.categories[5]),
            Part(name: "released", amount: max(0, associated), colour: Colour.categories[3]),
        ]
        let outgo = [
            Part(name: "dissolved", amount: ledger[.dissolved], colour: Colour.categories[5]),
            Part(name: "on cells", amount: ledger[.bound], colour: Colour.categories[0]),
            Part(name: "internalised", amount: ledger[.internalised], colour: Colour.categories[2]),
            Part(name: "decayed", amount: ledger[.decayed], colour: "#8a94a3"),
            Part(name: "left", amount: ledger[.left], colour: Colour.categories[4]),
            Part(name: "joined another", amount: max(0, -associated), colour: Colour.categories[3]),
        ]
        return [("came", income), ("went", outgo)].map { side in
            (side.0, side.1.filter { $0.amount > 0 })
        }
    }

    /// `nil` if there never was any of the molecule.
    func figure() -> Figure? {
        let sides = sides
        let whole = sides.map { $0.parts.reduce(0) { $0 + $1.amount } }.max() ?? 0
        guard whole > 0, whole.isFinite else { return nil }
        let title = "Where \(Words.short(ledger.molecule)) came from and went"
        var svg = SVG(width: 720, height: 172, title: title)
        for (row, side) in sides.enumerated() {
            draw(side.parts, of: whole, named: side.name, y: 8 + Double(row) * 76, on: &svg)
        }
        return Figure(
            name: "ledger-\(ledger.molecule)", heading: "\(ledger.molecule): where it came from and went",
            caption: caption,
            svg: svg, numbers: numbers(whole), isWide: true)
    }

    private func numbers(_ whole: Double) -> FigureNumbers {
        var numbers = FigureNumbers(["side", "part", "molecules", "share (1)"])
        for side in sides {
            for part in side.parts { numbers.add([side.name, part.name], [part.amount, part.amount / whole]) }
        }
        return numbers
    }

    /// A bar with its parts named below it, in order.
    private func draw(_ parts: [Part], of whole: Double, named name: String, y: Double, on svg: inout SVG) {
        let (left, right) = (52.0, 704.0)
        svg.text(name, 0, y + 20, SVG.Font(isBold: true))
        var x = left
        var (wordX, wordY) = (left, y + 46)
        for part in parts {
            let width = (right - left) * part.amount / whole
            let words = "\(part.name) \(Words.share(part.amount / whole))"
            let amount = "\(words): \(Words.number(part.amount, digits: 4)) molecules"
            let edge = width > 3 ? SVG.Stroke(colour: "#fff", width: 1) : nil
            svg.rectangle(x, y, width, 30, fill: part.colour, stroke: edge, title: amount)
            x += width
            let length = Double(words.count) * 6.4 + 24
            if wordX + length > right { (wordX, wordY) = (left, wordY + 17) }
            svg.rectangle(wordX, wordY - 9, 9, 9, fill: part.colour)
            svg.text(words, wordX + 13, wordY, SVG.Font(size: 11.5))
            wordX += length
        }
    }

    private var caption: String {
        let verdict =
            ledger.relativeImbalance <= Ledger.tolerance
            ? "The ledger closes" : "The ledger does NOT close"
        return "\(verdict): of \(Words.number(ledger.handled, digits: 4)) molecules up to \(Words.duration(time)), "
            + "\(Words.number(ledger.imbalance, digits: 2)) are unaccounted for "
            + "(\(Words.number(ledger.relativeImbalance, digits: 2)) of all; allowed \(Words.number(Ledger.tolerance, digits: 1)))."
    }
}
