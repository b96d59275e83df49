public import Biology

extension Run {
    /// Every time at which a run observes its engine, rising, the start and the end among them; s.
    ///
    /// For an engine that must know them before it starts.
    public static func times(_ model: Model, until: Double? = nil, responses: [Response] = []) -> [Double] {
        let end = end(model, until: until)
        var times: Set<Double> = [0, end]
        for (_, period) in periods(model) {
            var count = 0.0
            while count * period < end {
                times.insert(count * period)
                count += 1
            }
        }
        let asked = model.expectations.compactMap(\.time?.value) + responses.compactMap(\.time?.value)
        return times.union(asked.filter { $0 <= end }).sorted()
    }
}
