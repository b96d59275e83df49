/// How often a sampled value comes back.
public enum Oscillation {
    /// The mean time between upward crossings of the middle of the range, `nil` for what does not repeat itself.
    ///
    /// The middle is that of the logarithm where values stay above 0. Values repeat themselves where there are three
    /// crossings at least, as far apart from each other to 5 %, and the later swing is not smaller than nine tenths of the
    /// earlier one.
    ///
    /// `step`: the time between samples.
    public static func period(of values: [Double], step: Double) -> Double? {
        guard let least = values.min(), let greatest = values.max(), greatest > least else { return nil }
        // Chosen: a ripple of less than this is rest.
        guard greatest - least > 1e-6 * max(abs(greatest), abs(least)) else { return nil }
        let middle = least > 0 ? (least * greatest).squareRoot() : (least + greatest) / 2
        var crossings: [Double] = []
        for index in values.indices.dropLast() where values[index] < middle && values[index + 1] >= middle {
            let share = (middle - values[index]) / (values[index + 1] - values[index])
            crossings.append((Double(index) + share) * step)
        }
        let gaps = zip(crossings, crossings.dropFirst()).map { $1 - $0 }
        guard let first = gaps.first, gaps.count >= 2, gaps.allSatisfy({ abs($0 - first) < 0.05 * first }) else {
            return nil
        }
        let half = values.count / 2
        func swing(_ part: ArraySlice<Double>) -> Double { (part.max() ?? 0) - (part.min() ?? 0) }
        guard swing(values[half...]) > 0.9 * swing(values[..<half]) else { return nil }
        return gaps.reduce(0, +) / Double(gaps.count)
    }
}
