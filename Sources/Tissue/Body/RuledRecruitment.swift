import Biology

/// How fast cells of one recruitment come at a place, from the molecules there: as stated, or as rules say, times the
/// share at which what calls them does.
struct RuledRecruitment {
    /// What is read, by name.
    let molecules: [String]
    private let declared: Double
    private let rules: [Ruling]
    private let combination: Combination
    private let call: Recruitment.Call?
    /// Room for one place's signals of one rule.
    private var signals: [Double]

    private struct Ruling {
        let rule: Rule
        /// By input, among `molecules`.
        let inputs: [Int]
        /// By input: what blocks it.
        let blocks: [[(molecule: Int, halfMax: Double, hill: Double)]]
    }

    init(_ recruitment: Recruitment, _ model: Model) {
        declared = recruitment.site.rate
        call = recruitment.call
        var molecules: [String] = recruitment.call.map { [$0.molecule] } ?? []
        func place(_ signal: Signal) -> Int? {
            guard case .concentration(let name) = signal else { return nil }
            if let known = molecules.firstIndex(of: name) { return known }
            molecules.append(name)
            return molecules.count - 1
        }
        let ruling = model.rulesOnRecruiting(recruitment.cellType)
        rules = ruling.map { rule in
            Ruling(
                rule: rule, inputs: rule.inputs.compactMap { place($0.signal) },
                blocks: rule.inputs.map { input in
                    model.blocks.filter { $0.cellType == rule.cellType && $0.signal == input.signal }.compactMap {
                        block in
                        place(block.by.signal).map { ($0, block.by.halfMax, block.by.hill) }
                    }
                })
        }
        combination = model.combinations[.recruitment(recruitment.cellType)] ?? .product
        self.molecules = molecules
        signals = Array(repeating: 0, count: ruling.map(\.inputs.count).max() ?? 0)
    }

    /// Whether cells come as fast everywhere, whatever there is.
    var isUniform: Bool { molecules.isEmpty }

    /// cells/(µm³·s) or cells/(µm²·s) at an element of the fields of `molecules`.
    mutating func rate(_ fields: [Buffer<Double>], _ element: Int) -> Double {
        let share = call.map { $0.share(fields[0][element]) } ?? 1
        if share == 0 { return 0 }
        var combined: Double?
        for ruling in rules {
            for (i, molecule) in ruling.inputs.enumerated() {
                var signal = fields[molecule][element]
                for block in ruling.blocks[i] {
                    signal /= 1 + Phenotype.dose(fields[block.molecule][element], block.halfMax, block.hill)
                }
                signals[i] = signal
            }
            let next = ruling.rule.from + (ruling.rule.to - ruling.rule.from) * Phenotype.fraction(ruling.rule, signals)
            combined = combined.map { combination.meet($0, next, declared: declared) } ?? next
        }
        return share * max(0, combined ?? declared)
    }
}
