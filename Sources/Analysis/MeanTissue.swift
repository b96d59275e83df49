import Biology

/// A model's tissue as averages: how many cells in a volume, how fast each type captures.
///
/// Everything here is in µm, s and molecules.
struct MeanTissue {
    let model: Model
    let census: CellCensus

    /// Of the box, µm³.
    var volume: Double { model.space.size.reduce(1) { $0 * $1.value } }
    var spacing: Double { model.space.spacing.value }
    var cellCount: Int { census.groups.reduce(0) { $0 + $1.count } }
    /// Cells/µm³.
    var density: Double { Double(cellCount) / volume }
    /// Types that have at least one cell, in the model's order.
    var presentTypes: [CellType] { model.cellTypes.filter { count(of: $0) > 0 } }

    func count(of type: CellType) -> Int {
        census.groups.filter { $0.cellType == type.name }.reduce(0) { $0 + $1.count }
    }

    /// Cells of a type, /µm³.
    func density(of type: CellType) -> Double { Double(count(of: type)) / volume }

    /// Mean number of a receptor on a cell of a type at the start; `nil` while only a table's column knows it.
    func receptors(_ receptor: String, on type: CellType) -> Double? {
        for group in census.groups where group.cellType == type.name {
            if let measured = group.receptors[receptor] { return measured }
        }
        switch type.receptors[receptor] {
        case nil: return 0
        case .spread(let spread): return spread.mean
        case .column(_, let calibration):
            guard case .mean(let mean) = calibration.scale else { return nil }
            return mean.value
        }
    }

    /// How fast cells of a type take a molecule up where it is dilute.
    func capture(of molecule: String, by type: CellType) -> Capture {
        var capture = Capture()
        for receptor in model.receptors {
            for binding in receptor.ligands where binding.ligand == molecule {
                guard let number = receptors(receptor.name, on: type) else {
                    capture.isKnown = false
                    continue
                }
                let rate = binding.kOn.value * number
                capture.binding += rate
                capture.steady += rate * binding.retained
            }
        }
        return capture
    }

    /// Capture by all cells together, per volume, /s.
    func captureRate(of molecule: String) -> Capture {
        presentTypes.reduce(into: Capture()) { sum, type in
            let own = capture(of: molecule, by: type)
            sum.binding += own.binding * density(of: type)
            sum.steady += own.steady * density(of: type)
            sum.isKnown = sum.isKnown && own.isKnown
        }
    }

    /// √(D/(capture + decay)), µm; infinite where nothing takes the molecule away.
    func screeningLength(of molecule: Molecule, capture: Double) -> Double {
        (molecule.diffusion.value / (capture + molecule.decay.value)).squareRoot()
    }

    /// Mean secretion of a cell, molecules/s: as the cell type says it or, if that is nothing, the highest a rule sets.
    func secretion(of molecule: String, by type: CellType) -> Secretion? {
        let stated = type.secretes[molecule]?.mean ?? 0
        if stated > 0 { return Secretion(rate: stated, isByRule: false) }
        let ruled = model.rules.filter { $0.cellType == type.name && $0.behaviour == .secretion(molecule) }
        guard let highest = ruled.map({ max($0.from, $0.to) }).max(), highest > 0 else { return nil }
        return Secretion(rate: highest, isByRule: true)
    }

    /// The highest concentration that secretion alone gives at a cell's surface, Q/(4πDa), molecules/µm³.
    func highestSurfaceLevel(of name: String) -> Double? {
        guard let molecule = model.molecule(name), molecule.diffusion.value > 0 else { return nil }
        let rates = presentTypes.compactMap { type in
            secretion(of: name, by: type).map { $0.rate / type.radius.value }
        }
        return rates.max().map { $0 / (4 * .pi * molecule.diffusion.value) }
    }

    struct Secretion {
        /// molecules/s.
        var rate: Double
        var isByRule: Bool
    }

    /// Σ k_on R over the receptors that bind a molecule, of one cell (µm³/s) or of all in a volume (/s).
    struct Capture {
        /// What binds: k_on R.
        var binding = 0.0
        /// What stays in once receptors are at their steady state: k_on R k_e/(k_e + k_off).
        var steady = 0.0
        /// False while receptor numbers stand only in a table.
        var isKnown = true
    }
}

extension LigandBinding {
    /// The dissociation constant k_off/k_on, molecules/µm³.
    var kD: Double { kOff.value / kOn.value }
    /// The half-saturating concentration of steady uptake where surface numbers are held: (k_off + k_e)/k_on, molecules/µm³.
    var effectiveKD: Double { (kOff.value + endocytosis.value) / kOn.value }
    /// The share of bound ligand that is internalised rather than released: k_e/(k_e + k_off); 0 if neither happens.
    var retained: Double {
        let leaving = endocytosis.value + kOff.value
        return leaving > 0 ? endocytosis.value / leaving : 0
    }
}
