import Biology

extension ReportContext {
    /// How one receptor captures a molecule.
    public struct Binding: Sendable {
        public var receptor: String
        /// µm³/s.
        public var kOn: Double
        /// Of the bound receptor, /s.
        public var endocytosis: Double
        /// Whether the receptor's `.bound` counts this molecule and no other.
        public var isOnlyLigand: Bool
        /// Mean number on a cell at the start, by cell type, where it is known.
        public var means: [String: Double]
    }

    /// √(D/(capture + decay)) of all cells together, µm.
    public struct Screening: Sendable {
        /// Capture: what binds.
        public var binding: Double
        /// Capture: what stays in after unbinding.
        public var steady: Double
    }

    /// The thresholds of the model's own expectations or, of a molecule without, the concentration at which its most
    /// sensitive receptor takes it up at half its rate, (k_off + k_endo)/k_on: nM.
    static func nicheThresholds(_ model: Model) -> [String: [Double]] {
        let factor = 1 / Concentration.moleculesPerCubicMicrometreInNanomolar
        var thresholds: [String: [Double]] = [:]
        for expectation in model.expectations {
            guard case .nicheRadius(let molecule, let threshold) = expectation.subject else { continue }
            let level = threshold * factor
            if !(thresholds[molecule] ?? []).contains(level) { thresholds[molecule, default: []].append(level) }
        }
        for molecule in model.molecules where thresholds[molecule.name] == nil {
            let levels = model.receptors.flatMap(\.ligands).filter { $0.ligand == molecule.name && $0.effectiveKD > 0 }
            if let lowest = levels.map(\.effectiveKD).min() { thresholds[molecule.name] = [lowest * factor] }
        }
        return thresholds
    }

    static func bindings(_ model: Model, _ census: CellCensus?) -> [String: [Binding]] {
        let tissue = census.map { MeanTissue(model: model, census: $0) }
        var bindings: [String: [Binding]] = [:]
        for receptor in model.receptors {
            var means: [String: Double] = [:]
            for type in model.cellTypes { means[type.name] = tissue?.receptors(receptor.name, on: type) }
            for ligand in receptor.ligands {
                bindings[ligand.ligand, default: []].append(
                    Binding(
                        receptor: receptor.name, kOn: ligand.kOn.value, endocytosis: ligand.endocytosis.value,
                        isOnlyLigand: receptor.ligands.count == 1 && ligand.signals, means: means))
            }
        }
        return bindings
    }

    static func screening(_ tissue: MeanTissue) -> [String: Screening] {
        var screening: [String: Screening] = [:]
        for molecule in tissue.model.molecules where molecule.diffusion.value > 0 {
            let capture = tissue.captureRate(of: molecule.name)
            guard capture.isKnown else { continue }
            screening[molecule.name] = Screening(
                binding: tissue.screeningLength(of: molecule, capture: capture.binding),
                steady: tissue.screeningLength(of: molecule, capture: capture.steady))
        }
        return screening
    }
}
