public import Results

/// What taking things out of a model does to what is measured of it.
public struct KnockoutEffects: Sendable, Codable {
    public struct Response: Hashable, Sendable, Codable {
        public var name: String
        public var unit: String
        /// With everything in place.
        public var baseline: Estimate?

        public init(name: String, unit: String, baseline: Estimate?) {
            self.name = name
            self.unit = unit
            self.baseline = baseline
        }
    }

    public struct Effect: Hashable, Sendable, Codable {
        /// "molecule", "receptor", "cell type" or "rule".
        public var kind: String
        public var knockout: String
        public var response: String
        /// Nothing of the response follows from it: no effect, exactly.
        public var hasNoPath: Bool
        /// Without the thing; `nil` where there is nothing left to measure.
        public var value: Estimate?
        /// Without it − with it, by replicate from the same seed.
        public var difference: Estimate?

        public init(
            kind: String, knockout: String, response: String, hasNoPath: Bool, value: Estimate?, difference: Estimate?
        ) {
            self.kind = kind
            self.knockout = knockout
            self.response = response
            self.hasNoPath = hasNoPath
            self.value = value
            self.difference = difference
        }
    }

    public var model: String
    public var replicates: Int
    public var responses: [Response]
    public var effects: [Effect]
    public var notes: [String]

    public init(model: String, replicates: Int, responses: [Response], effects: [Effect], notes: [String]) {
        self.model = model
        self.replicates = replicates
        self.responses = responses
        self.effects = effects
        self.notes = notes
    }

    /// Effects on one response that could be measured, the largest first.
    func measured(_ response: Response) -> [Effect] {
        effects.filter { $0.response == response.name && $0.difference != nil }.sorted { a, b in
            let sizes = (abs(a.difference?.value ?? 0), abs(b.difference?.value ?? 0))
            return sizes.0 != sizes.1 ? sizes.0 > sizes.1 : a.knockout < b.knockout
        }
    }
}

/// Effects of knockouts as files: a table and a page.
public struct KnockoutReport {
    private let effects: KnockoutEffects
    private let origin: [String]

    public init(_ effects: KnockoutEffects, origin: [String]) {
        self.effects = effects
        self.origin = origin
    }

    /// Writes `knockouts.csv` and `knockout.html` with its drawings; returns the page's path.
    public func write(_ folder: ResultFolder) throws -> String {
        try folder.write(csv, to: "knockouts.csv")
        var page = FigurePage(
            title: "What if: \(effects.model)",
            about:
                "Each molecule, receptor, cell type and rule in turn is taken out of the model, everything else as it "
                + "was and from the same seeds. Bars are what is measured without it minus with it.")
        page.facts = [
            ("knockouts", "\(Set(effects.effects.map { "\($0.kind) \($0.knockout)" }).count)"),
            ("responses", "\(effects.responses.count)"), ("replicates", "\(effects.replicates)"),
        ]
        page.notes = effects.notes
        page.footer = origin
        let figures = effects.responses.enumerated().compactMap { figure($0.element, number: $0.offset + 1) }
        try page.add("Effects", "", figures, to: folder)
        for response in effects.responses { page.add(table(response)) }
        try folder.write(page.html, to: "knockout.html")
        return folder.file("knockout.html")
    }

    // MARK: - Figure

    private static let mostBars = 24

    private func figure(_ response: KnockoutEffects.Response, number: Int) -> Figure? {
        let all = effects.measured(response)
        let bars = all.prefix(KnockoutReport.mostBars)
        guard !bars.isEmpty else { return nil }
        let ends = bars.compactMap(\.difference).flatMap { seen -> [Double] in
            [0, seen.value, seen.low ?? seen.value, seen.high ?? seen.value]
        }
        let height = 24.0 * Double(bars.count)
        let unit = ReadingUnit(response.unit.isEmpty ? "1" : response.unit, largest: ends.map(\.magnitude).max() ?? 0)
        var svg = SVG(width: 470, height: height + 62, title: "Effects on \(response.name)")
        let x = Scale(
            linear: (ends.min() ?? 0) * unit.factor, (ends.max() ?? 1) * unit.factor, start: 176, end: 452)
        for tick in x.ticks {
            svg.line(x(tick), 10, x(tick), height + 14, SVG.Stroke(colour: Colour.grid))
            svg.text(x.label(tick), x(tick), height + 30, SVG.Font(size: 11, colour: Colour.faint, anchor: .middle))
        }
        for (index, bar) in bars.enumerated() {
            draw(bar, at: 12 + 24 * Double(index), x, unit, &svg)
        }
        svg.line(x(0), 10, x(0), height + 14, SVG.Stroke(colour: Colour.faint))
        svg.text(unit.label("change"), (x.start + x.end) / 2, height + 52, SVG.Font(anchor: .middle))
        return Figure(
            name: "knockout-\(number)", heading: response.name, caption: caption(response, all), svg: svg,
            numbers: numbers(response, all))
    }

    private func numbers(_ response: KnockoutEffects.Response, _ all: [KnockoutEffects.Effect]) -> FigureNumbers {
        let unit = response.unit.isEmpty ? "1" : response.unit
        var numbers = FigureNumbers(["kind", "knockout", "change (\(unit))", "low (\(unit))", "high (\(unit))"])
        for effect in all {
            let change = effect.difference
            numbers.add(
                [effect.kind, effect.knockout], [change?.value ?? .nan, change?.low ?? .nan, change?.high ?? .nan])
        }
        return numbers
    }

    private func draw(_ bar: KnockoutEffects.Effect, at y: Double, _ x: Scale, _ unit: ReadingUnit, _ svg: inout SVG) {
        guard let difference = bar.difference else { return }
        let value = difference.value * unit.factor
        svg.text(
            Words.short(bar.knockout, 24), 168, y + 14,
            SVG.Font(size: 11.5, colour: bar.hasNoPath ? Colour.faint : Colour.ink, anchor: .end))
        svg.rectangle(
            min(x(0), x(value)), y + 3, abs(x(value) - x(0)), 14, fill: Colour.category(value < 0 ? 1 : 0),
            title: "\(bar.kind) \(bar.knockout): \(difference.text())")
        guard let low = difference.low, let high = difference.high, low < high else { return }
        svg.line(x(low * unit.factor), y + 10, x(high * unit.factor), y + 10, SVG.Stroke(width: 1.5))
    }

    private func caption(_ response: KnockoutEffects.Response, _ all: [KnockoutEffects.Effect]) -> String {
        let unit = response.unit.isEmpty ? "" : " \(response.unit)"
        var text = response.baseline.map { "With everything in place it is \($0.text())\(unit)." } ?? ""
        if let largest = all.first, let change = largest.difference, change.value != 0 {
            text += " It follows most from the \(largest.kind) \(largest.knockout): without it, "
            text += "\(change.value > 0 ? "+" : "")\(Words.number(change.value))\(unit)."
        } else {
            text += " Nothing that was taken out changes it."
        }
        let inert = all.count { $0.hasNoPath }
        if inert > 0 { text += " \(inert) of \(all.count) have no path to it: exactly 0." }
        let gone = effects.effects.count { $0.response == response.name && $0.difference == nil }
        if gone > 0 { text += " \(gone) leave nothing to measure." }
        return all.count > KnockoutReport.mostBars ? text + " The \(KnockoutReport.mostBars) largest are drawn." : text
    }

    // MARK: - Tables

    private func table(_ response: KnockoutEffects.Response) -> FigurePage.Table {
        let rows =
            effects.measured(response) + effects.effects.filter { $0.response == response.name && $0.difference == nil }
        let baseline = response.baseline?.value ?? 0
        return FigurePage.Table(
            heading: response.name, columns: ["without", "", "is", "change", "relative"], numeric: 2..<5,
            rows: rows.map { effect in
                let relative = effect.difference.map { baseline != 0 ? Words.share($0.value / baseline) : "–" }
                return [
                    effect.knockout, effect.kind, effect.value?.text() ?? "nothing to measure",
                    effect.hasNoPath ? "0 (no path)" : effect.difference?.text() ?? "–", relative ?? "–",
                ]
            },
            caption: (response.unit.isEmpty ? "" : "In \(response.unit). ")
                + (effects.replicates > 1 ? "In brackets: 95 % of the mean over replicates." : ""))
    }

    private var csv: String {
        var text = CSVTable.line([
            "kind", "knockout", "response", "unit", "baseline", "without", "difference", "low", "high", "has path",
        ])
        func number(_ value: Double?) -> String { value.map(CSVTable.number) ?? "" }
        for effect in effects.effects {
            let response = effects.responses.first { $0.name == effect.response }
            text += CSVTable.line([
                effect.kind, effect.knockout, effect.response, response?.unit ?? "", number(response?.baseline?.value),
                number(effect.value?.value), number(effect.difference?.value), number(effect.difference?.low),
                number(effect.difference?.high), effect.hasNoPath ? "no" : "yes",
            ])
        }
        return text
    }
}
