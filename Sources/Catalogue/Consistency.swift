import GRDB

/// What the numbers of the catalogue say about each other, and what it lacks.
public struct Consistency: Hashable, Sendable, Codable {
    /// K_D beside k_off/k_on where all three are given for one receptor and its ligand.
    public struct Affinity: Hashable, Sendable, Codable {
        public var stated: Measurement
        public var association: Measurement
        public var dissociation: Measurement

        /// k_off/k_on, least and greatest, in molecules/µm³.
        public var computedLow: Double
        public var computedHigh: Double
        /// Whether the two agree within what they are good for.
        public var agrees: Bool
    }

    public var affinities: [Affinity]
    /// Sources that no fact names.
    public var orphanSources: [String]
    /// Cytokines without a maker, a listener, an action or a signalling receptor, and what is missing.
    public var gaps: [String]

    public var disagreements: [Affinity] { affinities.filter { !$0.agrees } }
}

extension ParameterCatalogue {
    /// Compares the numbers that depend on each other, and lists what is missing.
    public func consistency() -> Consistency {
        Consistency(affinities: affinities(), orphanSources: orphanSources(), gaps: gaps())
    }

    private func affinities() -> [Consistency.Affinity] {
        let numbers = measurements.filter { [.affinity, .association, .dissociation].contains($0.parameter) }
        var groups: [[String]: [Measurement]] = [:]
        for number in numbers { groups[[number.subject, number.receptor], default: []].append(number) }
        return numbers.filter { $0.parameter == .affinity }.flatMap { stated -> [Consistency.Affinity] in
            let group = groups[[stated.subject, stated.receptor]] ?? []
            let on = group.filter { $0.parameter == .association }
            let off = group.filter { $0.parameter == .dissociation }
            let own = pairs(on, off).filter { $0.0.source.id == stated.source.id }
            // A source that gives one of the two rates must not be compared with somebody else's other one.
            let isPartial = group.contains { $0.parameter != .affinity && $0.source.id == stated.source.id }
            return (own.isEmpty && !isPartial ? pairs(on, off) : own).compactMap {
                Consistency.Affinity(stated, on: $0.0, off: $0.1)
            }
        }
    }

    /// Rates of one source each, or with one that was computed from the other.
    private func pairs(_ on: [Measurement], _ off: [Measurement]) -> [(Measurement, Measurement)] {
        on.flatMap { on in
            off.filter { $0.source.id == on.source.id || $0.grade == .derived }.map { (on, $0) }
        }
    }

    private func orphanSources() -> [String] {
        let named = CatalogueTable.allCases.filter { $0 != .sources }.map {
            "SELECT source FROM \($0.rawValue)"
        }
        let sql =
            "SELECT source FROM sources WHERE source NOT IN (\(named.joined(separator: " UNION "))) ORDER BY rowid"
        return database.rows(sql).map { $0["source"] }
    }

    private func gaps() -> [String] {
        cytokines.flatMap { cytokine -> [String] in
            let kinds = Set(relations(of: cytokine).map(\.kind))
            var missing = [
                (Relation.Kind.madeBy, "who makes it"), (.heardBy, "who hears it"), (.does, "what it does"),
            ].filter { !kinds.contains($0.0) }.map(\.1)
            if !receptorComplexes(of: cytokine).contains(where: { $0.role == .signalling || $0.role == .antagonist }) {
                missing.append("its receptor")
            }
            return missing.map { "\(cytokine.name): not known \($0)" }
        }
    }
}

extension Consistency.Affinity {
    /// `nil` where one of the two rates is only a bound.
    init?(_ stated: Measurement, on: Measurement, off: Measurement) {
        guard let onLow = on.value.low, let onHigh = on.value.high, let offLow = off.value.low,
            let offHigh = off.value.high, onLow > 0
        else { return nil }
        let (low, high) = (offLow / onHigh, offHigh / onLow)
        self.init(
            stated: stated, association: on, dissociation: off, computedLow: low, computedHigh: high,
            agrees: Consistency.Affinity.agree(
                low, high, stated.value, isRough: [stated, on, off].contains { $0.value.isApproximate }))
    }

    /// Ranges that meet agree; written as "about", within a factor of √10 each way, else within 2 % (both chosen).
    private static func agree(_ low: Double, _ high: Double, _ stated: WrittenValue, isRough: Bool) -> Bool {
        let slack = isRough ? 10.0.squareRoot() : 1.02
        return low <= (stated.high ?? .infinity) * slack && high * slack >= stated.low ?? 0
    }
}
