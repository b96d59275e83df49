/// How a receptor binds one ligand.
public struct LigandBinding: Hashable, Sendable, Codable {
    public var ligand: String
    public var kOn: AssociationRate
    public var kOff: FirstOrderRate
    /// Internalisation of the bound complex.
    public var endocytosis: FirstOrderRate
    /// Whether the bound receptor counts as `.bound`: an antagonist occupies it without a signal.
    public var signals: Bool

    public init(
        ligand: String, kOn: AssociationRate, kOff: FirstOrderRate, endocytosis: FirstOrderRate = .zero,
        signals: Bool = true
    ) {
        self.ligand = ligand
        self.kOn = kOn
        self.kOff = kOff
        self.endocytosis = endocytosis
        self.signals = signals
    }
}

/// Where a cell's receptors come from once some have been internalised.
public enum ReceptorSupply: Hashable, Sendable, Codable {
    /// The number on the surface, free and bound, is held: each internalised receptor is replaced at once.
    case held
    /// Free receptors are lost at `loss` and made at `loss` × the stated number.
    case turnover(loss: FirstOrderRate)
    /// None is made: internalised receptors come back only by recycling.
    case none
}

/// A receptor, decoy or chain on the surface of cells.
///
/// `ligands` is empty for a chain that only joins complexes (γc, gp130, βc).
public struct Receptor: Hashable, Sendable, Codable {
    public var name: String
    public var ligands: [LigandBinding]
    public var supply: ReceptorSupply
    /// Return of internalised receptors to the surface, free.
    public var recycling: FirstOrderRate
    /// Loss of internalised receptors.
    public var degradation: FirstOrderRate

    public init(
        name: String, ligands: [LigandBinding], supply: ReceptorSupply = .held, recycling: FirstOrderRate = .zero,
        degradation: FirstOrderRate = .zero
    ) {
        self.name = name
        self.ligands = ligands
        self.supply = supply
        self.recycling = recycling
        self.degradation = degradation
    }
}

/// One thing on a cell's surface that can join a complex.
public enum SurfaceSpecies: Hashable, Sendable, Codable {
    /// A free receptor or chain.
    case free(String)
    /// A receptor with a ligand bound.
    case bound(receptor: String, ligand: String)
    case complex(String)

    enum FreeCodingKeys: String, CodingKey { case _0 = "receptor" }
    enum ComplexCodingKeys: String, CodingKey { case _0 = "complex" }
}

/// Two surface species that join on the surface: stepwise assembly over shared chains.
///
/// The ligands in the partners stay bound. Internalisation takes all parts in.
public struct SurfaceComplex: Hashable, Sendable, Codable {
    public var name: String
    public var first: SurfaceSpecies
    public var second: SurfaceSpecies
    public var kOn: SurfaceAssociationRate
    public var kOff: FirstOrderRate
    public var endocytosis: FirstOrderRate

    public init(
        name: String, first: SurfaceSpecies, second: SurfaceSpecies, kOn: SurfaceAssociationRate, kOff: FirstOrderRate,
        endocytosis: FirstOrderRate = .zero
    ) {
        self.name = name
        self.first = first
        self.second = second
        self.kOn = kOn
        self.kOff = kOff
        self.endocytosis = endocytosis
    }
}
