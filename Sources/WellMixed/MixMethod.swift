/// How a model without space is advanced.
public enum MixMethod: String, Hashable, Sendable, CaseIterable {
    /// Means, as ordinary differential equations.
    case ode
    /// Molecules and cells one by one, by exact chance.
    case ssa
}
