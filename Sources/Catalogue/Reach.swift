/// How far a cytokine gets among cells that take it up, from the numbers of the catalogue.
///
/// Steady state around a point source: λ = √(D/(k_on R n)) among n consumers a volume with R receptors each, and √(D/k)
/// where it only decays; the cell that makes it takes the share k_on R/(k_on R + 4πDa) itself, a being its radius.
public struct Reach: Hashable, Sendable, Codable {
    /// One choice of receptors on the consumers.
    public struct Consumers: Hashable, Sendable, Codable {
        /// Receptors of each cell.
        public var receptors: Double
        /// Which cell has that many, or that the number is chosen.
        public var from: String
        /// Screening length in µm at each of ``Reach/densities``.
        public var lengths: [Double]
        /// Share that a cell of radius ``Reach/radius`` which makes it takes up itself.
        public var captured: Double
    }

    /// Consumers in a cubic millimetre: loose tissue, inflamed tissue, packed lymphoid tissue (chosen, decades apart).
    public static let densities: [Double] = [1e4, 1e5, 1e6]
    /// Of the cell that makes it, in µm (chosen: a lymphocyte after activation).
    public static let radius = 5.0
    /// Receptors to show where the catalogue knows none (chosen).
    static let chosenReceptors: [Double] = [1e3, 1e4]

    public var diffusion: Measurement
    /// The k_on, or the K_D from which it follows.
    public var association: Measurement?
    /// k_on in µm³/s.
    public var associationRate: Double?
    public var consumers: [Consumers]
    /// The decay or half-life that a model takes; that of its class where it has none of its own.
    public var decay: Measurement?
    /// In 1/s.
    public var decayRate: Double?
    /// Whether the decay is that of the whole class.
    public var isDecayOfClass: Bool
    /// Length in µm over which it falls by decay alone.
    public var decayLength: Double?

    /// Whether diffusion and decay were found in one setting; their length is that of no one setting where not.
    public var isOfOneSetting: Bool {
        guard let decay else { return true }
        return !isDecayOfClass
            && (diffusion.source == decay.source && diffusion.source.seen != .none
                || (diffusion.condition == decay.condition && diffusion.species == decay.species))
    }

    /// In µm, with D in µm²/s, k_on in µm³/s and cells in a cubic millimetre.
    public static func screeningLength(
        diffusion: Double, association: Double, receptors: Double, density: Double
    ) -> Double {
        (diffusion / (association * receptors * density * 1e-9)).squareRoot()
    }

    /// The share a cell of a radius in µm takes of what it makes.
    public static func captured(diffusion: Double, association: Double, receptors: Double, radius: Double) -> Double {
        let taken = association * receptors
        return taken / (taken + 4 * Double.pi * diffusion * radius)
    }
}

extension ParameterCatalogue {
    /// How far a cytokine gets, by the numbers a model takes; `nil` where nothing of it diffuses.
    public func reach(of cytokine: Cytokine) -> Reach? {
        let numbers = ModelNumbers(self, of: cytokine)
        guard !cytokine.isMembraneBound, let diffusion = numbers.diffusing(cytokine), let d = diffusion.value.typical
        else { return nil }
        let complexes = receptorComplexes(of: cytokine).filter { $0.role == .signalling }
        let chains = complexes.map { $0.subunits.map(\.symbol) } + complexes.flatMap(\.subunits).map { [$0.symbol] }
        let association = chains.lazy.compactMap {
            Site(chains: $0, ligand: cytokine.name, numbers: numbers).associating
        }.first
        let decay = numbers.decaying(cytokine)
        return Reach(
            diffusion: diffusion, association: association?.number, associationRate: association?.rate,
            consumers: association.map { consumers(of: cytokine, $0.number.receptor, $0.rate, diffusion: d) } ?? [],
            decay: decay?.number, decayRate: decay?.rate, isDecayOfClass: decay?.isOfClass ?? false,
            decayLength: decay.map { (d / $0.rate).squareRoot() })
    }

    private func consumers(
        of cytokine: Cytokine, _ receptor: String, _ rate: Double, diffusion: Double
    ) -> [Reach.Consumers] {
        let counted =
            measurements(of: cytokine.name, parameter: .receptors, receptor: receptor)
            + (receptor.contains("+") ? [] : measurements(of: receptor, parameter: .receptors, receptor: receptor))
        var known: [(Double, String)] = []
        for number in counted {
            guard let count = number.value.typical, count > 0, !known.contains(where: { $0.0 == count }) else {
                continue
            }
            known.append((count, number.cell))
        }
        let all = known.isEmpty ? Reach.chosenReceptors.map { ($0, "chosen") } : known.sorted { $0.0 > $1.0 }
        let shown = all.count <= 4 ? all : [all[0], all[all.count / 3], all[2 * all.count / 3], all[all.count - 1]]
        return shown.map { count, from in
            Reach.Consumers(
                receptors: count, from: from,
                lengths: Reach.densities.map {
                    Reach.screeningLength(diffusion: diffusion, association: rate, receptors: count, density: $0)
                },
                captured: Reach.captured(
                    diffusion: diffusion, association: rate, receptors: count, radius: Reach.radius))
        }
    }
}
