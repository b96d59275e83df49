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
            let line = TreatmentLine(
                branch: item, path: path, text: text, duration: plan?.duration, reading: reading)
            switch line.read() {
            case .molecules(let treatments)?: model.treatments += treatments
            case .cells(let doses)?: model.cellDoses = (model.cellDoses ?? []) + doses
            case nil: continue
            }
        }
    }
}

/// Reads one line of `treatments:`: how much of what, into what, and when.
private struct TreatmentLine {
    static let forms =
        "write it as 10 nM MOLECULE at 2 h, or 1 nM/h MOLECULE from 2 h to 6 h, and perhaps: into COMPARTMENT, or: , every 8 h, 3 times"
    /// Chosen: more doses than these belong into an infusion.
    static let mostDoses = 10_000.0

    let branch: Branch
    let path: String
    let text: String
    let duration: Time?
    let reading: Reading

    enum Meaning {
        case molecules([Treatment])
        case cells([CellDose])
    }

    func read() -> Meaning? {
        let clauses = Clause.split(text)
        guard let times = readSchedule(clauses) else { return nil }
        let line = clauses[0]
        if let (head, times2) = line.split(at: "from"), times2.split(at: "to") != nil || line.split(at: "at") == nil {
            return readInfusion(head, times2, times)
        }
        guard let (head, when) = line.split(at: "at") else {
            error(line, "'\(text.shortened)' does not say when")
            return nil
        }
        let at = time(when)
        guard let head = readHead(head) else { return nil }
        if head.isCells { return readCells(head, at: at, times) }
        guard let dose = concentration(head), let at, fits(at.value, times, when) else { return nil }
        return .molecules(
            times.map {
                Treatment(
                    molecule: head.name, dose: .bolus(Concentration(coherent: dose), at: .seconds(at.value + $0)),
                    into: head.compartment?.name, text: text)
            })
    }

    private func readInfusion(_ head: Clause, _ range: Clause, _ times: [Double]) -> Meaning? {
        guard let (from, to) = range.split(at: "to") else {
            error(range, "'\(text.shortened)' does not say until when")
            return nil
        }
        let start = time(from)
        let end = time(to)
        guard let head = readHead(head) else { return nil }
        if head.isCells {
            error(head.amount, "cells are given at a time")
            return nil
        }
        guard let rate = infusion(head), let start, let end else { return nil }
        guard start.value < end.value else {
            error(from, "it ends at \(to.text), not after it starts")
            return nil
        }
        guard fits(end.value, times, to) else { return nil }
        return .molecules(
            times.map {
                Treatment(
                    molecule: head.name,
                    dose: .infusion(
                        Infusion(coherent: rate), from: .seconds(start.value + $0), to: .seconds(end.value + $0)),
                    into: head.compartment?.name, text: text)
            })
    }

    private func readCells(_ head: Head, at: Time?, _ times: [Double]) -> Meaning? {
        guard let count = number(head.amount, .cells, .notNegative), let at else { return nil }
        guard count == count.rounded(), count <= 1e8 else {
            error(head.amount, "\(head.amount.text.shortened) is not a whole number of cells up to 1e8")
            return nil
        }
        let known = reading.vocabulary.organs + reading.vocabulary.compartments.map(\.name)
        if head.into == nil, !reading.vocabulary.organs.isEmpty {
            error(head.amount, "it does not say into which tissue or compartment: \(known.joined(separator: ", "))")
            return nil
        }
        guard fits(at.value, times, head.amount) else { return nil }
        return .cells(
            times.map {
                CellDose(
                    cellType: head.name, count: count, into: head.into, at: .seconds(at.value + $0),
                    text: text)
            })
    }

    // MARK: - How often

    /// ", every 8 h, 3 times": when each dose is given after the first, s.
    private func readSchedule(_ clauses: [Clause]) -> [Double]? {
        if clauses.count == 1 { return [0] }
        guard clauses.count == 3, let every = clauses[1].after("every"), clauses[2].text.hasSuffix(" times") else {
            error(clauses[1], "'\(clauses[1].text.shortened)' does not say how often, and how many times")
            return nil
        }
        let count = Clause(text: String(clauses[2].text.dropLast(6)).trimmingSpaces, offset: clauses[2].offset)
        let period = number(every, .time, .positive)
        let times = number(count, .none, .positive)
        guard let period, let times else { return nil }
        guard times == times.rounded(), times <= TreatmentLine.mostDoses else {
            error(
                count,
                "\(count.text) is not a whole number of doses up to \(QuantityText.digits(TreatmentLine.mostDoses))")
            return nil
        }
        return (0..<Int(times)).map { Double($0) * period }
    }

    /// Whether the last dose is before the end of the run.
    private func fits(_ first: Double, _ times: [Double], _ clause: Clause) -> Bool {
        let last = first + (times.last ?? 0)
        guard let duration, last > duration.value * (1 + 1e-12) else { return true }
        reading.findings.error(
            branch.place(at: clause.offset),
            "\(path): the last dose, at \(QuantityText.describe(last, .time)), is after the end of the run, \(QuantityText.describe(duration.value, .time))",
            fix: "give fewer, or run longer")
        return false
    }

    private func error(_ clause: Clause, _ problem: String) {
        reading.findings.error(branch.place(at: clause.offset), "\(path): \(problem)", fix: TreatmentLine.forms)
    }

    private func number(_ clause: Clause, _ dimension: Dimension, _ bound: Bound, mass: MassSource? = nil) -> Double? {
        reading.number(clause.text, in: branch, at: clause.offset, path: path, dimension, bound, mass: mass)
    }

    // MARK: - How much of what

    private struct Head {
        var amount: Clause
        var name: String
        var into: String?
        var compartment: Vocabulary.NamedCompartment?
        var isCells: Bool
    }

    /// "10 nM anti-IL-2", "3 mg IL-2 into blood" or "200 cells CTL into gut".
    private func readHead(_ whole: Clause) -> Head? {
        let (head, into) = whole.split(at: "into").map { ($0.before, $0.after as Clause?) } ?? (whole, nil)
        let scalars = Array(head.text.unicodeScalars)
        guard let space = scalars.lastIndex(of: " ") else {
            error(head, "'\(text.shortened)' does not say how much of what")
            return nil
        }
        let name = String(String.UnicodeScalarView(scalars[(space + 1)...]))
        let amount = Clause(
            text: String(String.UnicodeScalarView(scalars[..<space])).trimmingSpaces, offset: head.offset)
        let (vocabulary, place) = (reading.vocabulary, branch.place(at: head.offset + space + 1))
        let isCells = vocabulary.cellTypes.contains(name) && !vocabulary.molecules.contains(name)
        guard isCells || vocabulary.molecules.contains(name) else {
            reading.undefined("molecule", name, among: vocabulary.molecules, section: "molecules", at: place)
            return nil
        }
        let compartment = into.flatMap { into in vocabulary.compartments.first { $0.name == into.text } }
        if let into, compartment == nil, !isCells || !vocabulary.organs.contains(into.text) {
            let known = vocabulary.compartments.map(\.name) + (isCells ? vocabulary.organs : [])
            reading.undefined(
                "compartment", into.text, among: known, section: "compartments", at: branch.place(at: into.offset))
            return nil
        }
        if let compartment, !isCells, vocabulary.carried[name]?.contains(compartment.name) != true {
            error(
                whole,
                "'\(name)' does not go into '\(compartment.name)': add '\(compartment.name): {half-life: 5 min}' to molecules.\(name)"
            )
            return nil
        }
        return Head(amount: amount, name: name, into: into?.text, compartment: compartment, isCells: isCells)
    }

    /// What a dose adds, molecules/µm³: a concentration, or an amount or mass into a compartment.
    private func concentration(_ head: Head) -> Double? {
        amount(head, .concentration, per: Dimension.none)
    }

    private func infusion(_ head: Head) -> Double? { amount(head, .infusion, per: .time) }

    private func amount(_ head: Head, _ dimension: Dimension, per time: Dimension) -> Double? {
        let mass = reading.vocabulary.mass(of: head.name)
        guard let compartment = head.compartment,
            let measured = reading.measure(head.amount.text, in: branch, at: head.amount.offset, path: path)
        else {
            return number(head.amount, dimension, .notNegative, mass: time == .none ? mass : nil)
        }
        let isMass = measured.dimension == Dimension(mass: 1) / time
        guard measured.dimension == .amount / time || isMass else {
            return number(head.amount, dimension, .notNegative, mass: time == .none ? mass : nil)
        }
        guard reading.check(measured.value, .notNegative, text: head.amount.text, place: branch.place, path: path),
            let volume = compartment.volume
        else { return nil }
        guard isMass else { return measured.value / volume }
        guard let molar = mass.mass else {
            reading.findings.error(
                branch.place(at: head.amount.offset),
                "\(path): \"\(head.amount.text.shortened)\" needs the molar mass of '\(head.name)', which is not stated",
                fix: "add 'mass: NUMBER kDa' to molecules.\(head.name), or give it in nmol")
            return nil
        }
        return measured.value / molar.value / volume
    }

    /// A time before the end of the run.
    private func time(_ clause: Clause) -> Time? {
        guard let seconds = number(clause, .time, .notNegative) else { return nil }
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
