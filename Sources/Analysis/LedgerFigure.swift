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
            Part(name: "at start", amount: ledger[.atStart], colour: "#8a94a3"),
            Part(name: "secreted", amount: ledger[.secreted], colour: Colour.categories[0]),
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
        let (left, right) = (52.0, 700.0)
        let title = "Where \(Words.short(ledger.molecule)) came from and went"
        var svg = SVG(width: 720, height: 148, title: title)
        for (row, side) in sides.enumerated() {
            let y = 8 + Double(row) * 70
            svg.text(side.name, 0, y + 20, SVG.Font(isBold: true))
            var x = left
            var free = left
            for part in side.parts {
                let width = (right - left) * part.amount / whole
                let words = "\(part.name) \(Words.share(part.amount / whole))"
                svg.rectangle(
                    x, y, width, 30, fill: part.colour, stroke: SVG.Stroke(colour: "#fff", width: 1),
                    title: "\(words): \(Words.number(part.amount, digits: 4)) molecules")
                // A label that its part is too narrow for stands where the last one ended, with its colour beside it.
                let at = max(x, free)
                let length = Double(words.count) * 6.3 + 22
                if at + length <= right + 20 {
                    svg.rectangle(at, y + 37, 9, 9, fill: part.colour)
                    svg.text(words, at + 13, y + 46, SVG.Font(size: 11.5))
                    free = at + length
                }
                x += width
            }
        }
        return Figure(
            name: "ledger-\(ledger.molecule)", heading: "\(ledger.molecule): where it came from and went",
            caption: caption,
            svg: svg, isWide: true)
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
