/// The unit in which values of a size read best, and the factor to it from the unit in the files.
struct ReadingUnit {
    var name: String
    var factor: Double

    /// For values of `unit` up to `largest` in size.
    init(_ unit: String, largest: Double) {
        switch unit {
        case "nM": self = ReadingUnit.first([("µM", 1e-3), ("nM", 1), ("pM", 1e3), ("fM", 1e6)], largest)
        case "s":
            self = ReadingUnit.first([("d", 1 / 86400.0), ("h", 1 / 3600.0), ("min", 1 / 60.0), ("s", 1)], largest, 3)
        case "1": self.init(name: "", factor: 1)
        default:
            let powers: [(least: Double, power: Int, factor: Double)] = [
                (1e10, 9, 1e-9), (1e7, 6, 1e-6), (1e4, 3, 1e-3),
            ]
            let found = powers.first { largest >= $0.least }
            self.init(
                name: found.map { "10\(Words.superscript($0.power)) \(unit)" } ?? unit, factor: found?.factor ?? 1)
        }
    }

    /// For shares 0...1.
    static let percent = ReadingUnit(name: "%", factor: 100)

    private init(name: String, factor: Double) {
        self.name = name
        self.factor = factor
    }

    /// The first unit in which the largest value is at least `least`; the last where none is, the second for zero.
    private static func first(_ units: [(String, Double)], _ largest: Double, _ least: Double = 1) -> ReadingUnit {
        let found = units.first { largest * $0.1 >= least } ?? (largest > 0 ? units[units.count - 1] : units[1])
        return ReadingUnit(name: found.0, factor: found.1)
    }

    /// "12.3 pM" of a value in the unit of the files.
    func text(_ value: Double, digits: Int = 3) -> String {
        let number = Words.number(value * factor, digits: digits)
        return name.isEmpty ? number : "\(number)\(name.hasPrefix("10") ? " ×" : "") \(name)"
    }

    /// An axis' label: "IL-2 (pM)".
    func label(_ quantity: String) -> String { name.isEmpty ? quantity : "\(quantity) (\(name))" }
}
