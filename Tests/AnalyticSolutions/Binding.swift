import Foundation

/// One receptor and one ligand in one well-mixed volume: A + B ⇌ C.
///
/// - Source: facts/validation.md V06 (closed forms, re-derived).
public struct Binding: Sendable {
    /// Per concentration and time, in the units of the amounts below.
    public var kOn: Double
    /// Per time.
    public var kOff: Double

    public init(kOn: Double, kOff: Double) {
        self.kOn = kOn
        self.kOff = kOff
    }

    /// The dissociation constant k_off/k_on, concentration.
    public var kD: Double { kOff / kOn }

    /// Bound / total receptors at a held ligand concentration.
    public func occupancy(at ligand: Double) -> Double { ligand / (ligand + kD) }

    /// The rate at which a held ligand concentration brings occupancy to equilibrium, per time.
    public func relaxationRate(at ligand: Double) -> Double { kOn * ligand + kOff }

    /// Occupancy a time after an empty receptor met a held ligand concentration.
    public func occupancy(at ligand: Double, after time: Double) -> Double {
        occupancy(at: ligand) * -expm1(-relaxationRate(at: ligand) * time)
    }

    /// Bound at equilibrium where both are limited: the smaller root of x² − (A + B + K_D)x + AB, concentration.
    ///
    /// Written so that it keeps its digits when one of the two is in excess.
    public func bound(receptors: Double, ligand: Double) -> Double {
        let sum = receptors + ligand + kD
        return 2 * receptors * ligand / (sum + (sum * sum - 4 * receptors * ligand).squareRoot())
    }
}

/// Agonist A and antagonist B that compete for one receptor.
///
/// - Source: facts/validation.md V17 (Gaddum–Schild, closed form).
public enum Competition {
    /// Share of receptors that hold the agonist: α/(1 + α + β), both in units of their K_D.
    public static func occupancy(agonist: Double, antagonist: Double) -> Double {
        agonist / (1 + agonist + antagonist)
    }

    /// How much more agonist the antagonist (in units of its K_D) makes necessary: 1 + β.
    public static func doseRatio(antagonist: Double) -> Double { 1 + antagonist }
}
