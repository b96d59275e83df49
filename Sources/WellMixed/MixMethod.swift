/// How a model without space is advanced.
public enum MixMethod: String, Hashable, Sendable, CaseIterable, Codable {
    /// Means, as ordinary differential equations.
    case ode
    /// Molecules and cells one by one, by exact chance.
    case ssa
}

/// How many cells of each type stand for all of them.
public enum CellSampling: Hashable, Sendable {
    /// As few as lose nothing: one mean-field cell a type as ODEs; by chance one where its cells' sums obey the same
    /// exact law, and every cell on its own where not.
    case fewest
    /// So many of each type, evenly chosen, each for an equal share of the cells.
    case number(Int)
    /// Every cell on its own.
    case all
}

/// A model that has no meaning without space, or none that this program gives it: every reason, and what to do.
public struct MixRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Reason: Hashable, Sendable {
        /// Where in the model, such as "molecules.IL-2.walls".
        public var entry: String
        public var problem: String
        public var fix: String
    }
    public var reasons: [Reason]

    public var description: String {
        reasons.map { "\($0.entry): error: \($0.problem)\n  fix: \($0.fix)" }.joined(separator: "\n")
    }
}
