/// A state in which a system rests, and how it answers a small push.
public struct Equilibrium: Hashable, Sendable {
    /// One an unknown.
    public var values: [Double]
    /// By falling real part, per unit of time; conserved totals add none.
    public var eigenvalues: [Eigenvalue]

    public init(values: [Double], eigenvalues: [Eigenvalue]) {
        self.values = values
        self.eigenvalues = eigenvalues
    }

    /// What its eigenvalues say; `degenerate` where one of them is 0 to rounding.
    public enum Kind: String, Hashable, Sendable, Codable {
        case stableNode = "stable node"
        case stableFocus = "stable focus"
        case unstableNode = "unstable node"
        case unstableFocus = "unstable focus"
        case saddle
        case centre
        case degenerate
    }

    /// Real parts smaller than this are 0 to rounding.
    private var least: Double {
        // Chosen: a thousand roundings of the largest eigenvalue.
        1e-12 * (eigenvalues.lazy.map(\.magnitude).max() ?? 0)
    }

    /// How many directions lead away.
    public var unstableDirections: Int { eigenvalues.count { $0.real > least } }

    public var isStable: Bool { eigenvalues.allSatisfy { $0.real < -least } }

    /// A focus is one whose slowest direction, that with the largest real part, turns; a saddle never counts as one.
    public var kind: Kind {
        let undecided = eigenvalues.filter { abs($0.real) <= least }
        if !undecided.isEmpty, unstableDirections == 0 {
            return undecided.allSatisfy { abs($0.imaginary) > least } ? .centre : .degenerate
        }
        let turns = (eigenvalues.first?.imaginary ?? 0) != 0
        if isStable { return turns ? .stableFocus : .stableNode }
        if !undecided.isEmpty { return .degenerate }
        if unstableDirections < eigenvalues.count, !(turns && unstableDirections == 2) { return .saddle }
        return turns ? .unstableFocus : .unstableNode
    }
}
