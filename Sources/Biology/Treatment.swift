/// A dose while a run goes on, into the medium or a compartment: an antibody, a drug, a cytokine from a syringe.
public struct Treatment: Hashable, Sendable, Codable {
    public var molecule: String
    /// The compartment it is given into; `nil` for the medium of every tissue.
    public var compartment: String?
    public var dose: Dose
    /// As the file wrote it.
    public var text: String

    public enum Dose: Hashable, Sendable, Codable {
        /// Everywhere at once; what is seen at that very time is still without it.
        case bolus(Concentration, at: Time)
        /// Everywhere at a steady rate.
        case infusion(Infusion, from: Time, to: Time)

        enum BolusCodingKeys: String, CodingKey {
            case _0 = "concentration"
            case at
        }
        enum InfusionCodingKeys: String, CodingKey {
            case _0 = "rate"
            case from
            case to
        }
    }

    public init(molecule: String, dose: Dose, into compartment: String? = nil, text: String = "") {
        self.molecule = molecule
        self.compartment = compartment
        self.dose = dose
        self.text = text
    }

    /// What has entered a volume up to a time, molecules/µm³.
    public func concentration(upTo time: Double) -> Double {
        switch dose {
        case .bolus(let amount, let at): time > at.value ? amount.value : 0
        case .infusion(let rate, let from, let to):
            rate.value * max(0, min(time, to.value) - from.value)
        }
    }
}

/// Gain of concentration, molecules/(µm³·s).
public enum InfusionKind: QuantityKind {
    public static let dimension = Dimension.infusion
    public static let coherentUnit = "molecules/µm³/s"
}
public typealias Infusion = Quantity<InfusionKind>

extension Dimension {
    /// Gain of concentration.
    public static let infusion = Dimension(length: -3, time: -1, amount: 1)
}
