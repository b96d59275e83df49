/// A kind of quantity: its dimension and the unit it is kept in.
public protocol QuantityKind: Sendable {
    static var dimension: Dimension { get }
    /// The unit that values are kept in: µm, s and molecules, multiplied together.
    static var coherentUnit: String { get }
}

/// A number with its kind, kept in µm, s and molecules.
public struct Quantity<Kind: QuantityKind>: Hashable, Comparable, Sendable {
    /// The value in ``QuantityKind/coherentUnit``.
    public let value: Double

    /// Creates a quantity from a value in the coherent unit.
    ///
    /// - Precondition: the value is finite.
    public init(coherent value: Double) {
        precondition(value.isFinite, "\(Kind.dimension) must be finite, is \(value)")
        self.value = value
    }

    public static func < (a: Self, b: Self) -> Bool { a.value < b.value }
    public static var zero: Self { Self(coherent: 0) }
}

/// A quantity is written with its unit: {"value": 10, "unit": "µm"}.
extension Quantity: Codable {
    private enum CodingKeys: String, CodingKey { case value, unit }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let unit = try container.decode(String.self, forKey: .unit)
        let value = try container.decode(Double.self, forKey: .value)
        guard unit == Kind.coherentUnit, value.isFinite else {
            throw DecodingError.dataCorruptedError(
                forKey: .unit, in: container,
                debugDescription: "\(Kind.dimension) is kept in \(Kind.coherentUnit), not \(unit)")
        }
        self.init(coherent: value)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(value, forKey: .value)
        try container.encode(Kind.coherentUnit, forKey: .unit)
    }
}

public enum LengthKind: QuantityKind {
    public static let dimension = Dimension.length
    public static let coherentUnit = "µm"
}
public enum TimeKind: QuantityKind {
    public static let dimension = Dimension.time
    public static let coherentUnit = "s"
}
public enum AmountKind: QuantityKind {
    public static let dimension = Dimension.amount
    public static let coherentUnit = "molecules"
}
public enum ConcentrationKind: QuantityKind {
    public static let dimension = Dimension.concentration
    public static let coherentUnit = "molecules/µm³"
}
public enum DiffusionKind: QuantityKind {
    public static let dimension = Dimension.diffusion
    public static let coherentUnit = "µm²/s"
}
public enum RateKind: QuantityKind {
    public static let dimension = Dimension.rate
    public static let coherentUnit = "/s"
}
public enum AssociationKind: QuantityKind {
    public static let dimension = Dimension.association
    public static let coherentUnit = "µm³/s"
}
public enum SurfaceAssociationKind: QuantityKind {
    public static let dimension = Dimension.surfaceAssociation
    public static let coherentUnit = "/molecule/s"
}
public enum SecretionKind: QuantityKind {
    public static let dimension = Dimension.secretion
    public static let coherentUnit = "molecules/s"
}
public enum PermeabilityKind: QuantityKind {
    public static let dimension = Dimension.permeability
    public static let coherentUnit = "µm/s"
}
public enum FluxKind: QuantityKind {
    public static let dimension = Dimension.flux
    public static let coherentUnit = "molecules/µm²/s"
}
/// Kept in kDa (numerically kg/mol).
public enum MolarMassKind: QuantityKind {
    public static let dimension = Dimension.molarMass
    public static let coherentUnit = "kDa"
}

public typealias Length = Quantity<LengthKind>
public typealias Time = Quantity<TimeKind>
public typealias Amount = Quantity<AmountKind>
public typealias Concentration = Quantity<ConcentrationKind>
public typealias DiffusionCoefficient = Quantity<DiffusionKind>
public typealias FirstOrderRate = Quantity<RateKind>
public typealias AssociationRate = Quantity<AssociationKind>
public typealias SurfaceAssociationRate = Quantity<SurfaceAssociationKind>
public typealias SecretionRate = Quantity<SecretionKind>
public typealias Permeability = Quantity<PermeabilityKind>
public typealias Flux = Quantity<FluxKind>
public typealias MolarMass = Quantity<MolarMassKind>

extension Quantity where Kind == LengthKind {
    public static func micrometres(_ value: Double) -> Self { Self(coherent: value) }
}
extension Quantity where Kind == TimeKind {
    public static func seconds(_ value: Double) -> Self { Self(coherent: value) }
    public static func hours(_ value: Double) -> Self { Self(coherent: value * 3600) }
}
extension Quantity where Kind == AmountKind {
    public static func molecules(_ value: Double) -> Self { Self(coherent: value) }
}
extension Quantity where Kind == ConcentrationKind {
    /// Molecules/µm³ in one nM, from the Avogadro constant (exact, SI 2019).
    public static let moleculesPerCubicMicrometreInNanomolar = 0.602214076

    public static func nanomolar(_ value: Double) -> Self {
        Self(coherent: value * moleculesPerCubicMicrometreInNanomolar)
    }
    public static func picomolar(_ value: Double) -> Self { nanomolar(value / 1000) }
    /// The value in nM.
    public var inNanomolar: Double { value / Self.moleculesPerCubicMicrometreInNanomolar }
    /// The value in pM.
    public var inPicomolar: Double { inNanomolar * 1000 }
}
extension Quantity where Kind == DiffusionKind {
    public static func squareMicrometresPerSecond(_ value: Double) -> Self { Self(coherent: value) }
}
extension Quantity where Kind == RateKind {
    public static func perSecond(_ value: Double) -> Self { Self(coherent: value) }
}
extension Quantity where Kind == AssociationKind {
    public static func perNanomolarPerSecond(_ value: Double) -> Self {
        Self(coherent: value / Concentration.moleculesPerCubicMicrometreInNanomolar)
    }
}
extension Quantity where Kind == SecretionKind {
    public static func moleculesPerSecond(_ value: Double) -> Self { Self(coherent: value) }
}
