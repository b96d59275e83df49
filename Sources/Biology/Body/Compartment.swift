/// A well-mixed volume outside the tissue: blood, lymph, the rest of the body.
public struct Compartment: Hashable, Sendable, Codable {
    public var name: String
    public var volume: Volume
    /// Cells in it at the start, by type.
    ///
    /// Recruitment drains them; a type that is not named never runs out.
    public var cells: [String: Double]

    public init(name: String, volume: Volume, cells: [String: Double] = [:]) {
        self.name = name
        self.volume = volume
        self.cells = cells
    }
}

/// What becomes of a molecule in a compartment: every process is of first order.
public struct CompartmentKinetics: Hashable, Sendable, Codable {
    public var compartment: String
    public var starts: Concentration
    /// The share of what is in the compartment that is cleared for good, 1/s: clearance / volume, or ln 2 / half-life.
    public var clearance: FirstOrderRate
    /// The share that goes over to another compartment, 1/s, by its name.
    public var transfers: [String: FirstOrderRate]
    /// With tissue, everywhere in it: rate × (concentration in the compartment − in the tissue) per volume of tissue.
    public var exchange: FirstOrderRate
    /// Of vessels and walls that exchange with the compartment: flux per area and difference of concentration.
    public var permeability: Permeability

    public init(_ compartment: String) {
        self.compartment = compartment
        starts = .zero
        clearance = .zero
        transfers = [:]
        exchange = .zero
        permeability = .zero
    }
}

extension Dimension {
    public static let volume = Dimension(length: 3)
    public static let clearance = Dimension(length: 3, time: -1)
    /// Cells that come into tissue.
    public static let influx = Dimension(length: -3, time: -1, cells: 1)
    /// Cells that come out of a vessel or wall.
    public static let influxPerArea = Dimension(length: -2, time: -1, cells: 1)
}

public enum VolumeKind: QuantityKind {
    public static let dimension = Dimension.volume
    public static let coherentUnit = "µm³"
}
public typealias Volume = Quantity<VolumeKind>

extension Model {
    /// Nothing where a molecule keeps out of the compartment.
    public func kinetics(of molecule: Molecule, in compartment: String) -> CompartmentKinetics? {
        molecule.compartments?.first { $0.compartment == compartment }
    }

    public func compartment(_ name: String) -> Compartment? { compartments?.first { $0.name == name } }
}
