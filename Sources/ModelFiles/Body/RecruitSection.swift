import Biology

extension ModelReader {
    /// Reads `recruits:`, what calls each type out of a compartment.
    func readRecruitments(_ file: Entry) -> [Recruitment]? {
        guard let section = file.table("recruits") else { return nil }
        if section.fields.isEmpty {
            findings.error(section.place, "'recruits' has no cell type", fix: "add one, or remove the line")
        }
        return section.entries().compactMap { field, entry in
            let isKnown = vocabulary.cellTypes.contains(field.key)
            if !isKnown {
                reading.undefined(
                    "cell type", field.key, among: vocabulary.cellTypes, section: "cells", at: field.keyPlace)
            }
            let from = entry.required("from", example: "blood").flatMap { branch in
                reading.text(branch, path: entry.path(of: "from")).flatMap {
                    isCompartment($0, branch.place) ? $0 : nil
                }
            }
            let sites: [(String, Site)] = [("everywhere", .everywhere), ("vessels", .vessels), ("walls", .walls)]
            let site = entry.choice("at", sites) ?? .everywhere
            let rate = entry.required("rate", example: "6e-9 cells/min/µm³").flatMap { branch in
                reading.text(branch, path: entry.path(of: "rate")).flatMap {
                    reading.number($0, in: branch, path: entry.path(of: "rate"), site.dimension, .notNegative)
                }
            }
            let call = readCall(entry)
            entry.expectNothingElse()
            guard isKnown, let from, let rate, let call else {
                reading.vocabulary.failedValues.insert("recruits.\(field.key)")
                return nil
            }
            return Recruitment(cellType: field.key, compartment: from, site: site.with(rate), call: call.call)
        }
    }

    private enum Site {
        case everywhere, vessels, walls

        var dimension: Dimension {
            self == .everywhere ? .influx : .influxPerArea
        }

        func with(_ rate: Double) -> Recruitment.Site {
            switch self {
            case .everywhere: .everywhere(perVolume: rate)
            case .vessels: .vessels(perArea: rate)
            case .walls: .walls(perArea: rate)
            }
        }
    }

    /// What calls, both `by` and `between` or neither; `nil` where they are wrong.
    private func readCall(_ entry: Entry) -> (call: Recruitment.Call?, Void)? {
        let by = entry.branch("by")
        let between = entry.branch("between")
        guard by != nil || between != nil else { return (nil, ()) }
        guard let by, let between else {
            findings.error(
                entry.place, "'\(entry.path)' says only half of what calls",
                fix: "write 'by: CCL2' and 'between: 0.1 nM .. 0.3 nM', or neither")
            return nil
        }
        guard let molecule = reading.text(by, path: entry.path(of: "by")) else { return nil }
        guard vocabulary.molecules.contains(molecule) else {
            reading.undefined("molecule", molecule, among: vocabulary.molecules, section: "molecules", at: by.place)
            return nil
        }
        let path = entry.path(of: "between")
        guard let text = reading.text(between, path: path),
            let range = readRange(text, in: between, path: path, .concentration, unit: nil)
        else { return nil }
        guard range.lowerBound >= 0 else {
            findings.error(between.place, "\(path): a concentration is below zero", fix: "start at 0 or above")
            return nil
        }
        return (
            Recruitment.Call(
                molecule: molecule, from: Concentration(coherent: range.lowerBound),
                to: Concentration(coherent: range.upperBound)), ()
        )
    }
}
