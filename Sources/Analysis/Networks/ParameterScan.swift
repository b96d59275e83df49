public import Results

/// What is measured of a network over one or two parameters.
public struct ParameterScan: Sendable, Codable {
    public struct Point: Hashable, Sendable, Codable {
        /// One a parameter.
        public var parameters: [Double]
        /// One a measure; `nil` for what could not be measured.
        public var values: [Double?]

        public init(parameters: [Double], values: [Double?]) {
            self.parameters = parameters
            self.values = values
        }
    }

    public var network: String
    /// One or two names.
    public var parameters: [String]
    /// "end T_1", "period Tumor".
    public var measures: [String]
    public var points: [Point]
    public var notes: [String]

    public init(network: String, parameters: [String], measures: [String], points: [Point], notes: [String]) {
        self.network = network
        self.parameters = parameters
        self.measures = measures
        self.points = points
        self.notes = notes
    }
}

/// A scan as files: a table and a page.
public struct ParameterScanReport {
    private let scan: ParameterScan
    private let origin: [String]

    public init(_ scan: ParameterScan, origin: [String]) {
        self.scan = scan
        self.origin = origin
    }

    /// Writes `scan.csv` and `scan.html` with its drawings; returns the page's path.
    public func write(_ folder: ResultFolder) throws -> String {
        var text = CSVTable.line(scan.parameters + scan.measures)
        for point in scan.points {
            text += CSVTable.line(
                point.parameters.map(CSVTable.number) + point.values.map { $0.map(CSVTable.number) ?? "" })
        }
        try folder.write(text, to: "scan.csv")
        var page = FigurePage(
            title: "\(scan.network) over \(Words.list(scan.parameters, "and"))",
            about: "The network run once for each value, everything else as it was.")
        page.facts = [("runs", "\(scan.points.count)"), ("measures", "\(scan.measures.count)")]
        page.notes = scan.notes
        page.footer = origin
        let figures = scan.measures.indices.compactMap { figure($0) }
        try page.add("Measures", "", figures, to: folder)
        try folder.write(page.html, to: "scan.html")
        return folder.file("scan.html")
    }

    private func figure(_ index: Int) -> Figure? {
        let seen = scan.points.compactMap { point in point.values[index].map { (point.parameters, $0) } }
            .filter { $0.1.isFinite }
        guard !seen.isEmpty else { return nil }
        var numbers = FigureNumbers(scan.parameters + [scan.measures[index]])
        for point in scan.points { numbers.add([], point.parameters + [point.values[index] ?? .nan]) }
        let svg = scan.parameters.count == 1 ? curve(index, seen) : map(index, seen)
        let missing = scan.points.count - seen.count
        return Figure(
            name: "scan-\(index + 1)", heading: scan.measures[index],
            caption: "Between \(Words.number(seen.map(\.1).min() ?? 0)) and \(Words.number(seen.map(\.1).max() ?? 0))."
                + (missing > 0 ? " \(missing) of \(scan.points.count) points have nothing to measure." : ""),
            svg: svg, numbers: numbers)
    }

    private func curve(_ index: Int, _ seen: [([Double], Double)]) -> SVG {
        let (xs, ys) = (scan.points.map { $0.parameters[0] }, seen.map(\.1))
        let title = "\(Words.short(scan.measures[index], 40)) over \(Words.short(scan.parameters[0], 24))"
        var plot = Plot(
            SVG(width: 470, height: 300, title: title), x: scale(xs, start: 78, end: 452, isExact: true),
            y: scale(ys, start: 248, end: 16, isExact: false), xLabel: Words.short(scan.parameters[0], 50),
            yLabel: Words.short(scan.measures[index], 34))
        let points = scan.points.sorted { $0.parameters[0] < $1.parameters[0] }.map {
            Plot.Point(x: $0.parameters[0], y: $0.values[index] ?? .nan)
        }
        plot.curve(points, colour: Colour.category(0))
        plot.dots(points, radius: 2.6, colour: Colour.category(0), opacity: 1)
        return plot.svg
    }

    /// Logarithmic over more than a power of ten above 0.
    private func scale(_ values: [Double], start: Double, end: Double, isExact: Bool) -> Scale {
        let (low, high) = (values.min() ?? 0, values.max() ?? 1)
        if low > 0, high > 10 * low {
            return Scale(logarithmic: low, high, start: start, end: end, isExact: isExact)
        }
        let least = isExact || low < 0 ? low : min(0, low)
        return Scale(linear: least, high, start: start, end: end, isExact: isExact)
    }

    private func map(_ index: Int, _ seen: [([Double], Double)]) -> SVG {
        let axes = scan.parameters.map { DoseAxis(name: $0, unit: "") }
        let values = Dictionary(seen.map { ($0.0, $0.1) }) { first, _ in first }
        let title = "\(Words.short(scan.measures[index], 40)) over two parameters"
        return SurfaceFigure(axes: axes, values: values, doses: scan.points.map(\.parameters), palette: .range)
            .svg(title: title, scaleLabel: "")
    }
}
