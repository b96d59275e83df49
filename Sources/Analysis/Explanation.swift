public import Biology
public import Simulation

/// What a model's numbers mean before anything runs: each figure with its formula and the numbers that went in.
public struct Explanation: Hashable, Sendable, Codable {
    public var model: String
    public var sections: [Section]

    /// Explains a checked model with the cells that will stand in it.
    public init(model: Model, census: CellCensus) {
        let tissue = MeanTissue(model: model, census: census)
        self.model = model.name
        sections = [
            Explanation.receptors(tissue), Explanation.reach(tissue), Explanation.secretors(tissue),
            Explanation.times(tissue), Explanation.motion(tissue), Explanation.lives(tissue),
            Explanation.compartments(tissue), Explanation.treatments(tissue), Explanation.grid(tissue),
            Explanation.networks(model), Explanation.size(tissue), Explanation.catalogue(model),
        ].filter { !$0.items.isEmpty }
    }

    /// Everything a person should look at before running.
    public var warnings: [Item] { sections.flatMap(\.items).filter { $0.verdict == .warning } }

    public struct Section: Hashable, Sendable, Codable {
        public var title: String
        public var items: [Item]
    }

    /// One figure.
    public struct Item: Hashable, Sendable, Codable {
        public var name: String
        /// As text, in the symbols of `inputs`.
        public var formula: String
        public var inputs: [Figure]
        /// In `unit`; absent where there is no finite value, and `remark` says why.
        public var value: Double?
        public var unit: String
        public var verdict: Verdict
        public var remark: String
    }

    /// A number that went in.
    public struct Figure: Hashable, Sendable, Codable {
        public var symbol: String
        public var value: Double
        public var unit: String

        init(_ symbol: String, _ value: Double, _ unit: String) {
            self.symbol = symbol
            self.value = value
            self.unit = unit
        }
    }

    public enum Verdict: String, Hashable, Sendable, Codable {
        /// A figure to know, not to judge.
        case plain
        /// Within what was validated.
        case serves
        /// Worth knowing before believing the result.
        case note
        /// Likely to mislead as it stands.
        case warning
    }
}

extension Explanation.Item {
    init(
        _ name: String, _ formula: String, _ inputs: [Explanation.Figure], _ value: Double?, _ unit: String,
        _ verdict: Explanation.Verdict = .plain, _ remark: String = ""
    ) {
        self.name = name
        self.formula = formula
        self.inputs = inputs.filter(\.value.isFinite)
        self.value = value.flatMap { $0.isFinite ? $0 : nil }
        self.unit = unit
        self.verdict = verdict
        self.remark = self.value == nil && remark.isEmpty ? "no finite value" : remark
    }
}

/// The cells that will stand in the box, as far as an explanation needs them.
public struct CellCensus: Hashable, Sendable {
    public var groups: [Group]
    /// Centres, µm, three columns of equal length; empty where nothing is placed yet.
    public var x: [Double]
    public var y: [Double]
    public var z: [Double]

    public struct Group: Hashable, Sendable {
        public var cellType: String
        public var count: Int
        /// Mean number a cell where it is known from the cells themselves, by receptor; else the model's own mean holds.
        public var receptors: [String: Double]

        public init(cellType: String, count: Int, receptors: [String: Double] = [:]) {
            self.cellType = cellType
            self.count = count
            self.receptors = receptors
        }
    }

    /// Counts cells that stand; receptor numbers are those the cells carry.
    public init(model: Model, cells: [PlacedCell]) {
        var counts = [Int](repeating: 0, count: model.cellTypes.count)
        var sums = counts.map { _ in [Double](repeating: 0, count: model.receptors.count) }
        for cell in cells {
            counts[cell.typeIndex] += 1
            for (i, number) in cell.receptors.enumerated() { sums[cell.typeIndex][i] += number }
        }
        let groups = model.cellTypes.indices.map { type in
            var group = Group(cellType: model.cellTypes[type].name, count: counts[type])
            guard counts[type] > 0 else { return group }
            for (receptor, sum) in zip(model.receptors, sums[type]) {
                group.receptors[receptor.name] = sum / Double(counts[type])
            }
            return group
        }
        self.init(groups: groups, x: cells.map(\.x), y: cells.map(\.y), z: cells.map(\.z))
    }

    public init(groups: [Group], x: [Double] = [], y: [Double] = [], z: [Double] = []) {
        precondition(x.count == y.count && y.count == z.count, "positions have three columns of equal length")
        self.groups = groups
        self.x = x
        self.y = y
        self.z = z
    }
}
