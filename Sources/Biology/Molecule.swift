/// A molecule dissolved in the medium: a cytokine, a soluble receptor, an antibody, or a complex of two of them.
public struct Molecule: Hashable, Sendable, Codable {
    public var name: String
    public var diffusion: DiffusionCoefficient
    public var decay: FirstOrderRate
    public var mass: MolarMass?
    /// The uniform concentration at the start.
    public var starts: Concentration
    public var walls: [Face: Wall]
    /// Set where this molecule is two others bound to each other in the medium.
    public var association: SolubleAssociation?
    /// What becomes of it in compartments; `nil` where it keeps to the tissue.
    public var compartments: [CompartmentKinetics]?

    public init(name: String, diffusion: DiffusionCoefficient, decay: FirstOrderRate = .zero) {
        self.name = name
        self.diffusion = diffusion
        self.decay = decay
        self.mass = nil
        self.starts = .zero
        self.walls = [:]
        self.association = nil
        self.compartments = nil
    }
}

/// Two dissolved partners that bind each other: a cytokine and its blocking antibody or soluble receptor.
public struct SolubleAssociation: Hashable, Sendable, Codable {
    public var first: String
    public var second: String
    public var kOn: AssociationRate
    public var kOff: FirstOrderRate

    public init(first: String, second: String, kOn: AssociationRate, kOff: FirstOrderRate) {
        self.first = first
        self.second = second
        self.kOn = kOn
        self.kOff = kOff
    }
}
