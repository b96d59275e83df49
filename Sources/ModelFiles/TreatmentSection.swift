import Biology

extension ModelReader {
    /// Reads `treatments:`, one dose a line.
    mutating func readTreatments(_ file: Entry, into model: inout Model, plan: RunPlan?) {
        guard let branch = file.branch("treatments"), let items = reading.list(branch, path: "treatments") else {
            return
        }
        if !items.isEmpty, plan?.fields == .quasiSteady {
            findings.error(
                branch.place, "a dose needs a field that remembers it, and 'fields: quasi-steady' has no memory",
                fix: "write 'fields: dynamic' under run, or remove the treatments")
        }
        for (index, item) in items.enumerated() {
            let path = "treatments[\(index)]"
            places[path] = item.place
            guard let text = reading.text(item, path: path) else { continue }
            let line = TreatmentLine(branch: item, path: path, duration: plan?.duration, reading: reading)
            if let treatment = line.read(text) { model.treatments.append(treatment) }
        }
    }
}

/// Reads one line of `treatments:`: how much of what, and when.
private struct TreatmentLine {
    static let forms = "write it as 10 nM MOLECULE at 2 h, or 1 nM/h MOLECULE from 2 h to 6 h"

    let branch: Branch
    let path: String
    let duration: Time?
    let reading: Reading

    func read(_ text: String) -> Treatment? {
        let line = Clause(text: text, offset: 0)
        if let (head, times) = line.split(at: "from") {
            guard let (from, to) = times.split(at: "to") else {
                error(times, "'\(text.shortened)' does not say until when")
                return nil
            }
            let start = time(from)
            let end = time(to)
            guard let (amount, molecule) = split(head, text),
                let rate = number(amount, .infusion, .notNegative, mass: nil), let start, let end
            else { return nil }
            guard start.value < end.value else {
                error(from, "it ends at \(to.text), not after it starts")
                return nil
            }
            return Treatment(
                molecule: molecule, dose: .infusion(Infusion(coherent: rate), from: start, to: end), text: text)
        }
        guard let (head, when) = line.split(at: "at") else {
            error(line, "'\(text.shortened)' does not say when")
            return nil
        }
        let at = time(when)
        guard let (amount, molecule) = split(head, text),
            let dose = number(amount, .concentration, .notNegative, mass: reading.vocabulary.mass(of: molecule)),
            let at
        else { return nil }
        return Treatment(molecule: molecule, dose: .bolus(Concentration(coherent: dose), at: at), text: text)
    }

    private func error(_ clause: Clause, _ problem: String) {
        reading.findings.error(branch.place(at: clause.offset), "\(path): \(problem)", fix: TreatmentLine.forms)
    }

    private func number(_ clause: Clause, _ dimension: Dimension, _ bound: Bound, mass: MassSource?) -> Double? {
        reading.number(clause.text, in: branch, at: clause.offset, path: path, dimension, bound, mass: mass)
    }

    /// "10 nM anti-IL-2": the amount, and the molecule after its last space.
    private func split(_ head: Clause, _ text: String) -> (amount: Clause, molecule: String)? {
        let scalars = Array(head.text.unicodeScalars)
        guard let space = scalars.lastIndex(of: " ") else {
            error(head, "'\(text.shortened)' does not say how much of what")
            return nil
        }
        let name = String(String.UnicodeScalarView(scalars[(space + 1)...]))
        guard reading.vocabulary.molecules.contains(name) else {
            reading.undefined(
                "molecule", name, among: reading.vocabulary.molecules, section: "molecules",
                at: branch.place(at: head.offset + space + 1))
            return nil
        }
        let amount = String(String.UnicodeScalarView(scalars[..<space])).trimmingSpaces
        return (Clause(text: amount, offset: head.offset), name)
    }

    /// A time before the end of the run.
    private func time(_ clause: Clause) -> Time? {
        guard let seconds = number(clause, .time, .notNegative, mass: nil) else { return nil }
        if let duration, seconds > duration.value * (1 + 1e-12) {
            reading.findings.error(
                branch.place(at: clause.offset),
                "\(path): \(clause.text) is after the end of the run, \(QuantityText.describe(duration.value, .time))",
                fix: "treat earlier, or run longer")
            return nil
        }
        return .seconds(seconds)
    }
}
