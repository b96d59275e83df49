public import Biology

/// What a number of the catalogue is of.
public enum MeasuredParameter: String, Hashable, Sendable, Codable, CaseIterable {
    case diffusion
    case secretion
    case consumption
    case decay
    case range
    case freeFraction = "free fraction"
    case affinity = "K_D"
    case association = "k_on"
    case dissociation = "k_off"
    case internalisation = "k_endo"
    case recycling
    case receptorTurnover = "receptor turnover"
    case receptorDegradation = "receptor degradation"
    case endosomalDegradation = "endosomal degradation"
    case ligandInducedDegradation = "ligand-induced degradation"
    case ligandInducedSynthesis = "ligand-induced synthesis"
    case receptorSynthesis = "receptor synthesis"
    case shedding
    case membraneRelease = "membrane release"
    case receptors
    case halfMaximalComplexes = "half-maximal complexes"
    case halfMaximalConcentration = "EC50"
    case leastGradient = "least gradient"
    case halfLife = "half-life"
    case clearance
    case clearanceRate = "clearance rate"
    case volumeOfDistribution = "volume of distribution"
    case chainMass = "chain mass"
    case assemblyMass = "assembly mass"
    case precursorLength = "precursor length"
    case diameter
    case speed
    case divisionTime = "division time"
    case lifespan
    case growthRate = "growth rate"
    case deathRate = "death rate"
    case kills

    /// What its unit must measure.
    public var dimension: Dimension {
        switch self {
        case .diffusion: .diffusion
        case .secretion, .consumption, .receptorSynthesis: .secretion
        case .decay, .dissociation, .internalisation, .recycling, .receptorTurnover, .receptorDegradation,
            .endosomalDegradation, .ligandInducedDegradation, .ligandInducedSynthesis, .shedding, .membraneRelease,
            .clearanceRate, .growthRate, .deathRate, .kills:
            .rate
        case .range, .diameter: .length
        case .freeFraction, .leastGradient, .precursorLength: .none
        case .affinity, .halfMaximalConcentration: .concentration
        case .association: .association
        case .receptors, .halfMaximalComplexes: .amount
        case .halfLife, .divisionTime, .lifespan: .time
        case .clearance: Dimension(length: 3, time: -1)
        case .volumeOfDistribution: Dimension(length: 3)
        case .chainMass, .assemblyMass: .molarMass
        case .speed: .permeability
        }
    }

    /// Whether the number belongs to a receptor and its ligand, so that a receptor must be named.
    public var needsReceptor: Bool {
        switch self {
        case .affinity, .association, .dissociation, .internalisation, .receptors: true
        default: false
        }
    }

    /// Whether the number belongs to a cell type, so that one must be named.
    public var needsCell: Bool {
        switch self {
        case .secretion, .receptors, .diameter, .speed, .divisionTime, .lifespan, .kills: true
        default: false
        }
    }
}
