/// Responses against dose, each a share of the highest: a model's curves beside measured points.
public struct DoseResponseFigure {
    /// One cell type, one colour.
    public struct Series: Sendable {
        public var name: String
        /// Doses, nM, with responses in one unit of the model's own.
        public var curve: [(dose: Double, response: Double)]
        /// Doses, nM, with responses in one unit of the measurement.
        public var data: [(dose: Double, response: Double)]

        public init(
            name: String, curve: [(dose: Double, response: Double)], data: [(dose: Double, response: Double)]
        ) {
            self.name = name
            self.curve = curve
            self.data = data
        }
    }

    public var series: [Series]
    public var title: String
    /// What the response is, for the axis.
    public var response: String

    public init(_ series: [Series], title: String, response: String) {
        self.series = series
        self.title = title
        self.response = response
    }

    /// A whole SVG file.
    public var text: String {
        let doses = series.flatMap { $0.curve + $0.data }.map(\.dose).filter { $0 > 0 && $0.isFinite }
        let x = Scale(logarithmic: doses.min() ?? 1, doses.max() ?? 10, start: 66, end: 500)
        let y = Scale(linear: 0, 1.2, start: 300, end: 14, isExact: true)
        var plot = Plot(
            SVG(width: 600, height: 352, title: title), x: x, y: y, xLabel: "dose (nM)",
            yLabel: "\(response), share of the highest")
        for (i, one) in series.enumerated() {
            plot.curve(points(one.curve), colour: Colour.category(i))
            plot.dots(points(one.data), radius: 3, colour: Colour.category(i), opacity: 0.8)
            plot.svg.text(
                Words.short(one.name, 16), 510, 30 + 20 * Double(i), SVG.Font(colour: Colour.category(i), isBold: true))
        }
        return plot.svg.text(id: "dose-response")
    }

    private func points(_ pairs: [(dose: Double, response: Double)]) -> [Plot.Point] {
        let largest = pairs.map(\.response).max() ?? 0
        return pairs.map { Plot.Point(x: $0.dose, y: largest > 0 ? $0.response / largest : .nan) }
    }
}
