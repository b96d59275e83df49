/// Names for the parts of a reduction: each once, and each an identifier that any program reads (letters, digits, "_").
struct NetworkNames {
    private var taken: Set<String> = []

    /// A name made of these words: "IL-2R", "bound" and "IL-2" give "IL_2R_bound_IL_2".
    mutating func name(_ words: String...) -> String {
        var plain = words.map(NetworkNames.identifier).joined(separator: "_")
        if plain.first.map({ $0.isNumber }) ?? true { plain = "_" + plain }
        var candidate = plain
        var number = 2
        while !taken.insert(candidate).inserted {
            candidate = "\(plain)_\(number)"
            number += 1
        }
        return candidate
    }

    /// Greek letters by their names; everything else that is no ASCII letter or digit as "_".
    private static func identifier(_ word: String) -> String {
        word.unicodeScalars.map { scalar in
            if let greek = greek[scalar] { return greek }
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            return isPlain ? String(scalar) : "_"
        }.joined()
    }

    private static let greek: [Unicode.Scalar: String] = [
        "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
        "ι": "iota", "κ": "kappa", "λ": "lambda", "µ": "mu", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho",
        "σ": "sigma", "τ": "tau", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Δ": "Delta", "Ω": "Omega",
    ]
}
