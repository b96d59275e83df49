/// States of rest joined over a parameter.
public struct Branch: Hashable, Sendable {
    /// In the order of the branch; the parameter need not rise.
    public var points: [BranchPoint]
    /// In the same order.
    public var specials: [SpecialPoint]
    /// Why it ends where it begins, and where it ends.
    public var ends: [End]

    public enum End: String, Hashable, Sendable, Codable {
        /// The parameter reached the end of its range.
        case range = "end of the range"
        /// An unknown fell below its lowest value.
        case lowest = "a value below its lowest"
        /// It came back to where it began.
        case closed
        /// No further step was found.
        case stuck = "no further step"
        /// As many points as were asked for.
        case points = "most points"
        /// The user stopped it.
        case stopped
    }

    public init(points: [BranchPoint], specials: [SpecialPoint], ends: [End]) {
        self.points = points
        self.specials = specials
        self.ends = ends
    }
}

public struct BranchPoint: Hashable, Sendable {
    public var parameter: Double
    public var equilibrium: Equilibrium

    public init(parameter: Double, equilibrium: Equilibrium) {
        self.parameter = parameter
        self.equilibrium = equilibrium
    }
}

/// Where a branch changes its stability or turns.
public struct SpecialPoint: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, Codable {
        /// The branch turns back: two states meet and are gone beyond it.
        case fold
        /// A pair of eigenvalues crosses the imaginary axis: oscillations begin.
        case hopf
        /// A real eigenvalue crosses 0 where the branch does not turn: another branch crosses here.
        case branching = "branch point"
    }
    public var kind: Kind
    public var parameter: Double
    public var equilibrium: Equilibrium
    /// Of the oscillations that begin at a Hopf point, radians per unit of time.
    public var angularFrequency: Double?
    /// It lies after this point of its branch.
    public var after: Int

    public init(
        kind: Kind, parameter: Double, equilibrium: Equilibrium, angularFrequency: Double? = nil, after: Int
    ) {
        self.kind = kind
        self.parameter = parameter
        self.equilibrium = equilibrium
        self.angularFrequency = angularFrequency
        self.after = after
    }
}
