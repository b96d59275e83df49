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
    public var association: Measurement?
    public var consumers: [Consumers]
    public var decay: Measurement?
    /// Length in µm over which it falls by decay alone.
    public var decayLength: Double?

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
    /// How far a cytokine gets; `nil` where nothing of it diffuses.
    public func reach(of cytokine: Cytokine) -> Reach? {
        let diffusions = measurements(of: cytokine.name, parameter: .diffusion)
        guard !cytokine.isMembraneBound, let diffusion = diffusions.first, let d = diffusion.value.typical else {
            return nil
        }
        let complexes = receptorComplexes(of: cytokine).filter { $0.role == .signalling }
        let names = complexes.map(\.name) + complexes.flatMap(\.subunits).map(\.symbol)
        let association = names.lazy.compactMap { name in
            measurements(of: cytokine.name, parameter: .association, receptor: name).first { $0.value.typical != nil }
        }.first
        let decay = measurements(of: cytokine.name, parameter: .decay).first { $0.value.typical != nil }
        return Reach(
            diffusion: diffusion, association: association,
            consumers: association.map { consumers(of: cytokine, $0, diffusion: d) } ?? [], decay: decay,
            decayLength: decay?.value.typical.map { (d / $0).squareRoot() })
    }

    private func consumers(of cytokine: Cytokine, _ association: Measurement, diffusion: Double) -> [Reach.Consumers] {
        guard let rate = association.value.typical else { return [] }
        let receptor = association.receptor
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
