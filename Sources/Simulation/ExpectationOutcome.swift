public import Biology

/// What a line of `expect:` found, and whether it holds.
public struct ExpectationOutcome: Hashable, Sendable {
    public let expectation: Expectation
    /// In the coherent unit of the expectation's dimension; `nil` where there was nothing to measure.
    public let value: Double?

    public var passed: Bool {
        guard let value else { return false }
        switch expectation.target {
        case .less(let bound): return value < bound
        case .greater(let bound): return value > bound
        case .near(let wanted, let relative): return abs(value - wanted) <= relative * abs(wanted)
        case .within(let bound): return abs(value) <= bound
        }
    }

    /// What was measured before; `nil` where there was nothing to measure.
    public init(_ expectation: Expectation, value: Double?) {
        (self.expectation, self.value) = (expectation, value)
    }

    /// Measures the expectation's subject at a time within the engine's last step.
    init(_ expectation: Expectation, engine: any Engine, model: Model, time: Double) {
        self.expectation = expectation
        value = expectation.response.measure(engine, model, time: time)
    }
}

extension Response {
    /// Measures at a time within the engine's last step, in the coherent unit; `nil` where there is nothing to measure.
    func measure(_ engine: any Engine, _ model: Model, time: Double) -> Double? {
        switch subject {
        case .imbalance(let molecule):
            return engine.ledgers(at: time).first { $0.molecule == molecule }?.relativeImbalance
        case .ledger(let molecule, let entry):
            return engine.ledgers(at: time).first { $0.molecule == molecule }?[entry]
        case .cells(let statistic, let signal, let type):
            let values = Response.values(signal, type, engine, model, time)
            // Where one cell stands for many, the total is theirs.
            if statistic == .total, let count = Response.count(of: type, engine, model, time) {
                return Response.evaluate(.mean, values).map { count * $0 }
            }
            return Response.evaluate(statistic, values)
        case .fraction(let type, let signal, let comparison, let threshold):
            let values = Response.values(signal, type, engine, model, time)
            let count = values.count { comparison == .less ? $0 < threshold : $0 > threshold }
            return values.isEmpty ? nil : Double(count) / Double(values.count)
        case .count(let type):
            if let count = Response.count(of: type, engine, model, time) { return count }
            let frame = engine.cells(at: time, columns: [])
            return Double(frame.types.count { frame.typeNames[$0] == type })
        case .fieldAt(let molecule, let point):
            return engine.concentrations(of: molecule, at: [point.map(\.value)], time: time).first
        case .fieldFrom(let molecule, let distance, let type):
            let points = Response.around(type, distance.value, engine, model, time)
            let found = engine.concentrations(of: molecule, at: points, time: time)
            return found.isEmpty ? nil : found.reduce(0, +) / Double(found.count)
        case .capturedShare(let molecule, let type):
            let captured = engine.captured(molecule, at: time)
            let total = captured.reduce(0, +)
            guard total > 0, let index = model.cellTypes.firstIndex(where: { $0.name == type }) else { return nil }
            return captured[index] / total
        case .network(let network, let name): return engine.value(of: name, inNetwork: network, at: time)
        case .inCompartment(let molecule, let compartment):
            return engine.concentration(of: molecule, in: compartment, at: time)
        case .nicheRadius(let molecule, let threshold):
            let field = engine.field(molecule, at: time)
            let isPeriodic = Axis.allCases.map(model.space.periodic.contains)
            return NicheMap(
                field.values, voxels: field.voxels, spacing: field.spacing, isPeriodic: isPeriodic,
                threshold: threshold
            ).largestRadius
        }
    }

    /// How many cells of a type there are where one stands for many; `nil` where each is seen.
    private static func count(
        of type: String, _ engine: any Engine, _ model: Model, _ time: Double
    ) -> Double? {
        model.cellTypes.firstIndex { $0.name == type }.flatMap { engine.count(ofType: $0, at: time) }
    }

    /// Of every cell of a type; none if the type lacks the signal.
    private static func values(
        _ signal: Signal, _ type: String, _ engine: any Engine, _ model: Model, _ time: Double
    ) -> [Double] {
        guard let cellType = model.cellTypes.first(where: { $0.name == type }), model.has(signal, cellType) else {
            return []
        }
        let frame = engine.cells(at: time, columns: [signal])
        return zip(frame.types, frame.columns[0].values).filter { frame.typeNames[$0.0] == type }.map(\.1)
    }

    private static func evaluate(_ statistic: Expectation.Statistic, _ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        switch statistic {
        case .mean: return values.reduce(0, +) / Double(values.count)
        case .total: return values.reduce(0, +)
        case .minimum: return values.min()
        case .maximum: return values.max()
        case .median:
            let sorted = values.sorted()
            let middle = sorted.count / 2
            return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        }
    }

    /// 26 directions around every cell of a type, at a distance, as far as they lie in the box.
    private static func around(
        _ type: String, _ distance: Double, _ engine: any Engine, _ model: Model, _ time: Double
    ) -> [[Double]] {
        let frame = engine.cells(at: time, columns: [])
        let size = model.space.size.map(\.value)
        var points: [[Double]] = []
        for i in frame.ids.indices where frame.typeNames[frame.types[i]] == type {
            for direction in directions(isFlat: model.space.voxels[2] == 1) {
                let point = zip([frame.x[i], frame.y[i], frame.z[i]], direction).map { $0 + distance * $1 }
                if zip(point, size).allSatisfy({ $0 >= 0 && $0 <= $1 }) { points.append(point) }
            }
        }
        return points
    }

    private static func directions(isFlat: Bool) -> [[Double]] {
        let steps = [-1.0, 0, 1]
        return steps.flatMap { z in steps.flatMap { y in steps.map { x in [x, y, z] } } }.compactMap { d in
            let length = (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]).squareRoot()
            return length == 0 || (isFlat && d[2] != 0) ? nil : d.map { $0 / length }
        }
    }
}
