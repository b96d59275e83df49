/// How a network runs by chance.
public enum ChanceMethod: Hashable, Sendable {
    /// As the network's rates say, molecule by molecule, in the way that is fastest for its size.
    case exact
    /// As the network's rates say, in this way; it makes no difference but in speed.
    case exactly(ReactionChoice)
    /// Many reactions at a time where molecules are many.
    ///
    /// Not exact: leaps are so long that no rate changes by more than about the share `error` of itself within one, as if
    /// an explicit Euler step took its mean. 0.03 is usual.
    case leaping(error: Double)
}
