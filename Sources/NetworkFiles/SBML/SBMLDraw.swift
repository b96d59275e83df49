import Biology

/// Draws of random numbers in SBML: functions of the package "distrib", version 1.
enum SBMLDraw {
    /// Begins the names that stand for the package's functions in what libSBML reads: it does not know the package.
    static let prefix = "paracrine_draw_"

    /// The distribution of a symbol's address.
    static func named(_ address: String) -> Formula.Distribution? {
        let start = "http://www.sbml.org/sbml/symbols/distrib/"
        return address.hasPrefix(start) ? Formula.Distribution(rawValue: String(address.dropFirst(start.count))) : nil
    }

    /// The distribution that a function's name stands for.
    static func standing(for name: String) -> Formula.Distribution? {
        name.hasPrefix(prefix) ? Formula.Distribution(rawValue: String(name.dropFirst(prefix.count))) : nil
    }

    /// How many arguments a distribution takes: its own, or with the two bounds of a truncated one.
    ///
    /// As in the specification of "distrib", version 1, from memory; one argument of `cauchy` and `laplace` is the
    /// scale, their location then 0.
    static func argumentCounts(_ distribution: Formula.Distribution) -> [Int] {
        switch distribution {
        case .normal, .binomial, .gamma, .lognormal: [2, 4]
        case .cauchy, .laplace: [1, 2, 4]
        case .chisquare, .exponential, .poisson, .rayleigh: [1, 3]
        case .uniform: [2]
        case .bernoulli: [1]
        }
    }
}
