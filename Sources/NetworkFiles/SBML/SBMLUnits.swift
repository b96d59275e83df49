import Biology
import CSBML
import Foundation

/// What one unit of a model's numbers is.
extension SBMLReading {
    mutating func readUnits() {
        // Level 3 says so on the model; before, three names have a meaning that the model may change.
        let (time, amount, volume) =
            unsafe level == 3
            ? (
                model.text(call.Model_getTimeUnits), model.text(call.Model_getSubstanceUnits),
                model.text(call.Model_getVolumeUnits)
            )
            : ("time", "substance", "volume")
        network.units = NetworkUnits(
            time: size(of: time, usual: ["time": "second"], base: ["second": 1]),
            amount: size(
                of: amount, usual: ["substance": "mole"], base: ["mole": 6.022_140_76e23, "item": 1]),
            volume: size(
                of: volume, usual: ["volume": "litre"], base: ["litre": 1e15, "metre": 1e6], isVolume: true))
    }

    /// How large a unit is, in the units that `base` counts; `nil` where it is something else, or not said.
    ///
    /// A volume is litres, or lengths to the third power.
    private func size(
        of name: String, usual: [String: String], base: [String: Double], isVolume: Bool = false
    ) -> Double? {
        guard !name.isEmpty else { return nil }
        guard let definition = definition(named: name) else {
            return base[level == 3 ? name : usual[name] ?? name].flatMap { name == "metre" ? nil : $0 }
        }
        let units = unsafe definition.parts(call.UnitDefinition_getNumUnits, call.UnitDefinition_getUnit)
        var total = 1.0
        var powers: [String: Double] = [:]
        for unit in units {
            let kind = unsafe Self.kinds[call.Unit_getKind(unit.pointer).rawValue]
            let exponent = unsafe unit.number(call.Unit_getExponentAsDouble)
            let factor = unsafe unit.number(call.Unit_getMultiplier) * pow(10, Double(call.Unit_getScale(unit.pointer)))
            guard let kind else { return nil }
            total *= pow(factor * (base[kind] ?? 1), exponent)
            if kind != "dimensionless" { powers[kind, default: 0] += exponent }
        }
        powers = powers.filter { $0.value != 0 }
        let isRight =
            powers.count == 1
            && powers.allSatisfy { base[$0.key] != nil && $0.value == (isVolume && $0.key == "metre" ? 3 : 1) }
        return isRight && total.isFinite && total > 0 ? total : nil
    }

    private func definition(named name: String) -> SBMLElement? {
        unsafe name.withCString { unsafe call.Model_getUnitDefinitionById(model.pointer, $0) }.map {
            unsafe SBMLElement($0, model.library)
        }
    }

    /// Kinds of units that amounts, volumes and times are made of.
    private static let kinds: [UnitKind_t.RawValue: String] = [
        UNIT_KIND_SECOND.rawValue: "second", UNIT_KIND_MOLE.rawValue: "mole", UNIT_KIND_ITEM.rawValue: "item",
        UNIT_KIND_LITRE.rawValue: "litre", UNIT_KIND_LITER.rawValue: "litre", UNIT_KIND_METRE.rawValue: "metre",
        UNIT_KIND_METER.rawValue: "metre", UNIT_KIND_DIMENSIONLESS.rawValue: "dimensionless",
    ]
}
