import Foundation

/// Numbers and names as people read them.
enum Words {
    /// A number with this many significant digits: "12.3", "0.0042", "1,340", "2.1 × 10⁻⁷".
    static func number(_ value: Double, digits: Int = 3) -> String {
        guard value.isFinite else { return "–" }
        if value == 0 { return "0" }
        let exponent = Int(log10(abs(value)).rounded(.down))
        if exponent < -3 || exponent > 6 {
            let mantissa = value / pow(10, Double(exponent))
            return "\(fixed(mantissa, decimals: digits - 1)) × 10\(superscript(exponent))"
        }
        return fixed(value, decimals: max(0, digits - 1 - exponent))
    }

    /// "1.23 × 10⁶", whatever its size.
    static func scientific(_ value: Double, digits: Int = 3) -> String {
        guard value.isFinite, value != 0 else { return number(value) }
        var exponent = Int(log10(abs(value)).rounded(.down))
        if abs(value) / pow(10, Double(exponent)) > 10 - 0.5 * pow(10, Double(1 - digits)) { exponent += 1 }
        return "\(fixed(value / pow(10, Double(exponent)), decimals: digits - 1)) × 10\(superscript(exponent))"
    }

    /// With at most this many decimals, none of them an idle zero.
    static func fixed(_ value: Double, decimals: Int) -> String {
        let factor = pow(10, Double(decimals))
        let rounded = (value * factor).rounded() / factor
        let text = rounded.magnitude.formatted(
            .number.precision(.fractionLength(0...decimals)).locale(Locale(identifier: "en_GB")))
        return (rounded < 0 ? "−" : "") + text
    }

    static func superscript(_ number: Int) -> String {
        let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
        return (number < 0 ? "⁻" : "")
            + String(number).compactMap(\.wholeNumberValue).map { String(digits[$0]) }.joined()
    }

    /// Seconds as a person would say them: "850 ms", "42 s", "3.5 min", "12 h".
    static func duration(_ seconds: Double) -> String {
        switch abs(seconds) {
        case ..<1: "\(number(seconds * 1000)) ms"
        case ..<120: "\(number(seconds)) s"
        case ..<7200: "\(number(seconds / 60)) min"
        case ..<259_200: "\(number(seconds / 3600)) h"
        default: "\(number(seconds / 86400)) d"
        }
    }

    /// A name cut to what fits a label.
    static func short(_ name: String, _ length: Int = 28) -> String {
        name.count <= length ? name : name.prefix(length - 1) + "…"
    }

    /// "Tsec", "Tsec or NK", "Tsec, NK or Th".
    static func list(_ names: [String], _ word: String = "or") -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " \(word) " + last
    }

    /// "1 cell", "9,757 cells".
    static func cells(_ count: Int) -> String { "\(number(Double(count), digits: 9)) \(count == 1 ? "cell" : "cells")" }

    static func share(_ value: Double) -> String { "\(number(value * 100)) %" }

    /// Text that may stand in HTML and SVG, between tags and in attributes.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\t", "\n": result += " "
            case _ where scalar.value < 32 || scalar.value == 127 || scalar.value & 0xFFFE == 0xFFFE: break
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension Words {
    /// To a tenth, as short as it gets.
    static func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? String(tenths / 10) : (Double(tenths) / 10).description
    }
}
