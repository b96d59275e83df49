/// A formula over the names of a reaction network: what its rates, rules and events are made of.
///
/// Numbers are in the network's own units. A comparison is 1 where it holds and 0 where it does not, and whatever is not
/// 0 counts as true, so that a formula has one kind of value.
public indirect enum Formula: Hashable, Sendable, Codable {
    case number(Double)
    /// A species (what its name means: ``NetworkSpecies/meaning``), a compartment's size, a parameter, a stoichiometry,
    /// or a reaction's rate.
    case name(String)
    /// Since the start, in the network's unit of time.
    case time
    case call(Function, [Formula])
    /// The first value whose condition holds.
    case piecewise([Piece], otherwise: Formula?)
    /// The value a formula had some time ago.
    case delayed(Formula, by: Formula)
    /// The rate of change of a name.
    case rate(of: String)
    /// A random number, drawn anew each time it is evaluated.
    case draw(Distribution, [Formula])

    public struct Piece: Hashable, Sendable, Codable {
        public var value: Formula
        public var condition: Formula

        public init(value: Formula, condition: Formula) {
            self.value = value
            self.condition = condition
        }
    }

    /// Functions of numbers; those marked n-ary take any number of arguments, none included.
    public enum Function: String, Hashable, Sendable, Codable, CaseIterable {
        // n-ary
        case plus, times, min, max, and, or, xor
        // two
        case minus, divide, power, quotient, remainder, implies
        /// logarithm(base, x).
        case logarithm
        /// root(degree, x).
        case root
        // one
        case negative, not, abs, floor, ceiling, factorial, exp, ln
        case sin, cos, tan, sec, csc, cot, sinh, cosh, tanh, sech, csch, coth
        case arcsin, arccos, arctan, arcsec, arccsc, arccot, arcsinh, arccosh, arctanh, arcsech, arccsch, arccoth
        // chains of comparisons, two or more arguments, as in a < b < c
        case equal, different, less, lessOrEqual, greater, greaterOrEqual
    }

    public enum Distribution: String, Hashable, Sendable, Codable, CaseIterable {
        /// Arguments as in the SBML package "distrib", version 1, with the optional truncation last: normal(mean, sd[, low,
        /// high]), uniform(low, high), bernoulli(p), binomial(n, p), cauchy(location, scale), chisquare(k),
        /// exponential(rate), gamma(shape, scale), laplace(location, scale), lognormal(mean, sd), poisson(rate),
        /// rayleigh(scale).
        case normal, uniform, bernoulli, binomial, cauchy, chisquare, exponential, gamma, laplace, lognormal, poisson
        case rayleigh
    }
}

extension Formula {
    public static func + (a: Formula, b: Formula) -> Formula { .call(.plus, [a, b]) }
    public static func - (a: Formula, b: Formula) -> Formula { .call(.minus, [a, b]) }
    public static func * (a: Formula, b: Formula) -> Formula { .call(.times, [a, b]) }
    public static func / (a: Formula, b: Formula) -> Formula { .call(.divide, [a, b]) }
}

extension Formula {
    /// The formulas right inside this one.
    public var parts: [Formula] {
        switch self {
        case .number, .name, .time, .rate: []
        case .call(_, let operands), .draw(_, let operands): operands
        case .piecewise(let pieces, let otherwise):
            pieces.flatMap { [$0.value, $0.condition] } + (otherwise.map { [$0] } ?? [])
        case .delayed(let inner, let by): [inner, by]
        }
    }

    /// Every name that it holds.
    public var names: Set<String> {
        switch self {
        case .name(let name), .rate(let name): [name]
        default: parts.reduce(into: []) { $0.formUnion($1.names) }
        }
    }

    /// Whether it, or a part of it, looks back in time.
    public var hasDelay: Bool {
        if case .delayed = self { return true }
        return parts.contains(where: \.hasDelay)
    }

    /// Whether it, or a part of it, draws a random number.
    public var hasDraw: Bool {
        if case .draw = self { return true }
        return parts.contains(where: \.hasDraw)
    }
}
