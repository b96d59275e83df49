import Biology

/// The unit in which people read a kind of quantity, and the factor to it from the coherent unit.
///
/// The only conversion on the way out: every file of a run folder is in these units.
public struct PeopleUnit: Hashable, Sendable {
    public let name: String
    /// People's value = coherent value × factor.
    public let factor: Double

    /// The unit for values kept in a coherent unit; a unit without another name stays as it is.
    public init(coherent unit: String) {
        switch unit {
        case ConcentrationKind.coherentUnit:
            name = "nM"
            factor = 1 / Concentration.moleculesPerCubicMicrometreInNanomolar
        case "":
            name = "1"
            factor = 1
        default:
            name = unit
            factor = 1
        }
    }

    public static let concentration = PeopleUnit(coherent: ConcentrationKind.coherentUnit)

    func convert(_ values: [Double]) -> [Double] { factor == 1 ? values : values.map { $0 * factor } }
}
