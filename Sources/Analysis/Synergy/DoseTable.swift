/// One thing that is dosed: a cytokine, a drug, or any other number of a model.
public struct DoseAxis: Hashable, Sendable, Codable {
    public var name: String
    /// Of the doses, as people wrote it; empty for plain numbers.
    public var unit: String

    public init(name: String, unit: String) {
        self.name = name
        self.unit = unit
    }

    /// "IL-2 (pM)".
    var label: String { unit.isEmpty ? name : "\(name) (\(unit))" }

    /// "3 pM".
    func text(_ dose: Double) -> String { Words.number(dose) + (unit.isEmpty ? "" : " \(unit)") }
}

/// What was seen at one combination of doses.
public struct DoseObservation: Hashable, Sendable, Codable {
    /// In the order of the axes, each in its unit, at least 0.
    public var doses: [Double]
    /// Observations of one replicate share their conditions: the seed of a run, the plate of an assay.
    public var replicate: Int
    public var response: Double

    public init(doses: [Double], replicate: Int = 0, response: Double) {
        self.doses = doses
        self.replicate = replicate
        self.response = response
    }
}

/// Responses to combinations of doses: what a synergy score is computed from.
public struct DoseTable: Hashable, Sendable {
    public var axes: [DoseAxis]
    /// Such as "mean pSTAT5 of Tresp".
    public var response: String
    /// Of the response; empty for plain numbers.
    public var unit: String
    public var observations: [DoseObservation]

    public init(axes: [DoseAxis], response: String, unit: String, observations: [DoseObservation]) {
        precondition(axes.count >= 2, "synergy is between two doses at least, got \(axes.count)")
        precondition(
            observations.allSatisfy { $0.doses.count == axes.count && $0.doses.allSatisfy { $0 >= 0 && $0.isFinite } },
            "an observation has one dose of at least 0 an axis")
        self.axes = axes
        self.response = response
        self.unit = unit
        self.observations = observations
    }

    /// Replicates seen, in order.
    var replicates: [Int] { Set(observations.map(\.replicate)).sorted() }

    /// Mean response at each combination of doses; of one replicate, or of all.
    func surface(replicate: Int? = nil) -> [[Double]: Double] {
        var sums: [[Double]: (sum: Double, count: Double)] = [:]
        for seen in observations where replicate == nil || seen.replicate == replicate {
            let before = sums[seen.doses] ?? (0, 0)
            sums[seen.doses] = (before.sum + seen.response, before.count + 1)
        }
        return sums.mapValues { $0.sum / $0.count }
    }

    /// The two axes alone: what was seen where every other dose is 0.
    func pair(_ first: Int, _ second: Int) -> DoseTable {
        let others = axes.indices.filter { $0 != first && $0 != second }
        return DoseTable(
            axes: [axes[first], axes[second]], response: response, unit: unit,
            observations: observations.filter { seen in others.allSatisfy { seen.doses[$0] == 0 } }.map {
                DoseObservation(
                    doses: [$0.doses[first], $0.doses[second]], replicate: $0.replicate, response: $0.response)
            })
    }

    /// What keeps a table from being scored: a sentence and its remedy; `nil` where nothing does.
    public var obstacle: (problem: String, fix: String)? {
        let doses = Set(observations.map(\.doses))
        guard doses.contains(axes.map { _ in 0 }) else {
            return ("no response without any dose is there", "add doses of 0 to every axis")
        }
        for (index, axis) in axes.enumerated() {
            let alone = doses.filter { one in
                one[index] > 0 && axes.indices.allSatisfy { $0 == index || one[$0] == 0 }
            }
            if alone.isEmpty {
                return (
                    "no response to \(axis.name) alone is there",
                    "add doses of \(axis.name) with every other dose 0"
                )
            }
        }
        if !doses.contains(where: { one in one.count(where: { $0 > 0 }) >= 2 }) {
            return ("no response to two doses together is there", "add combinations of doses above 0")
        }
        return nil
    }
}
