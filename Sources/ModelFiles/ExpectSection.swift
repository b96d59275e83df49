import Biology

extension ModelReader {
    mutating func readExpectations(_ file: Entry, into model: inout Model, hasSpace: Bool, duration: Time?) {
        guard let branch = file.branch("expect"), let items = reading.list(branch, path: "expect") else { return }
        for (index, item) in items.enumerated() {
            let path = "expect[\(index)]"
            places[path] = item.place
            guard let text = reading.text(item, path: path) else { continue }
            let line = ExpectLine(
                branch: item, path: path, space: hasSpace ? model.space : nil, organs: model.organs ?? [],
                duration: duration, reading: reading)
            if let expectation = line.read(text) { model.expectations.append(expectation) }
        }
    }
}

extension ModelReader {
    /// Reads what was asked for with `--response`, in its words.
    mutating func readResponses(_ model: Model, duration: Time?) {
        for (index, text) in responseLines.enumerated() {
            let branch = Branch(
                place: Place(file: Settings.responses, line: index + 1, column: 1),
                content: .text(Branch.Scalar(text: text, isVerbatim: true)))
            guard let text = reading.text(branch, path: "response") else { continue }
            let line = ExpectLine(
                branch: branch, path: "response", space: model.space, organs: model.organs ?? [], duration: duration,
                reading: reading)
            if let response = line.readResponse(text) { responses.append(response) }
        }
    }
}

/// Reads one line of `expect:`: SUBJECT, a comparison, a quantity, and perhaps a time.
struct ExpectLine {
    static let forms =
        "write one of: mass of M balances within 1e-9; mean SIGNAL of T > Q; fraction of T with SIGNAL > Q < 20 %; number of T < N; M at (x, y, z) µm = Q within 2 %; M in COMPARTMENT > Q; M at 50 µm from T = Q within 2 %; secreted M = N within 1 %; share of M captured by T > 50 %; radius of niche M at Q < 100 µm; NETWORK.SPECIES = Q within 1 % at 2 h"

    let branch: Branch
    let path: String
    let space: Space?
    let organs: [Organ]
    let duration: Time?
    let reading: Reading

    private typealias Meaning = (subject: Expectation.Subject, dimension: Dimension, mass: MassSource?)

    func read(_ text: String) -> Expectation? {
        let whole = Clause(text: text, offset: 0)
        if text.contains(" falls as ") || text.contains(" rises as ") {
            error(whole, Later.problem("... as PARAMETER rises", "sweeps"), fix: "remove this line")
            return nil
        }
        guard let (line, time) = readTime(whole) else { return nil }
        if let parts = line.split(at: "balances within") { return readBalance(parts, text: text, time: time) }
        guard let comparison = lastComparison(line) else {
            error(line, "'\(text.shortened)' does not compare anything", fix: ExpectLine.forms)
            return nil
        }
        guard let meaning = readSubject(comparison.before) else { return nil }
        guard let target = readTarget(comparison.sign, comparison.after, meaning) else { return nil }
        return Expectation(
            subject: meaning.subject, target: target, time: time, text: text, dimension: meaning.dimension)
    }

    /// Reads what may stand before a comparison, without one.
    func readResponse(_ text: String) -> Response? {
        let whole = Clause(text: text, offset: 0)
        if let comparison = lastComparison(whole), !text.hasPrefix("fraction of") {
            error(
                comparison.after, "'\(text.shortened)' compares, and a response only measures",
                fix: "write \(comparison.before.text.shortened)")
            return nil
        }
        guard let (line, time) = readTime(whole) else { return nil }
        if let molecule = line.after("mass of") {
            error(molecule, "that mass balances is no response", fix: "write one such as secreted \(molecule.text)")
            return nil
        }
        guard let meaning = readSubject(line) else { return nil }
        return Response(subject: meaning.subject, time: time, text: text, dimension: meaning.dimension)
    }

    /// Splits "at TIME" from the end of a line; `nil` where the time is wrong.
    private func readTime(_ line: Clause) -> (line: Clause, time: Time?)? {
        guard let at = lastTime(line) else { return (line, nil) }
        guard let seconds = number(at.time, .time, .notNegative) else { return nil }
        if let duration, seconds > duration.value * (1 + 1e-12) {
            error(
                at.time,
                "\(at.time.text) is after the end of the run, \(QuantityText.describe(duration.value, .time))",
                fix: "expect it earlier, or run longer")
            return nil
        }
        return (at.before, .seconds(seconds))
    }

    private func error(_ clause: Clause, _ problem: String, fix: String) {
        reading.findings.error(branch.place(at: clause.offset), "\(path): \(problem)", fix: fix)
    }

    private func number(_ clause: Clause, _ dimension: Dimension, _ bound: Bound, mass: MassSource? = nil) -> Double? {
        reading.number(clause.text, in: branch, at: clause.offset, path: path, dimension, bound, mass: mass)
    }

    /// The time after the last "at", unless a comparison follows it, or it is a place.
    private func lastTime(_ line: Clause) -> (before: Clause, time: Clause)? {
        let pieces = line.pieces(at: "at")
        guard pieces.count > 1, let last = pieces.last, lastComparison(last) == nil, !last.text.contains(" within "),
            !last.text.hasPrefix("("), !last.text.contains(" from ")
        else { return nil }
        // "radius of niche IL-2 at 10 pM" names a level, not yet a time.
        guard pieces.count > 2 || !line.text.hasPrefix("radius of niche") else { return nil }
        let length = line.text.unicodeScalars.count - last.text.unicodeScalars.count
        let before = String(line.text.unicodeScalars.prefix(length)).trimmingSpaces
        guard before.hasSuffix(" at") else { return nil }
        return (Clause(text: String(before.dropLast(3)).trimmingSpaces, offset: line.offset), last)
    }

    private func lastComparison(_ line: Clause) -> (before: Clause, sign: String, after: Clause)? {
        var best: (before: Clause, sign: String, after: Clause)?
        for sign in ["<", ">", "="] {
            let pieces = line.pieces(at: sign)
            guard pieces.count > 1, let after = pieces.last, after.offset > (best?.after.offset ?? -1) else { continue }
            let length = line.text.unicodeScalars.count - after.text.unicodeScalars.count
            var before = String(line.text.unicodeScalars.prefix(length)).trimmingSpaces
            before = String(before.dropLast(1)).trimmingSpaces
            best = (Clause(text: before, offset: line.offset), sign, after)
        }
        return best
    }

    // MARK: - Targets

    private func readBalance(_ parts: (before: Clause, after: Clause), text: String, time: Time?) -> Expectation? {
        guard let molecule = parts.before.after("mass of") else {
            error(
                parts.before, "'\(parts.before.text.shortened)' cannot balance",
                fix: "write it as mass of M balances within 1e-9")
            return nil
        }
        let bound = number(parts.after, .none, .positive)
        guard isMolecule(molecule), let bound else { return nil }
        return Expectation(
            subject: .imbalance(molecule: molecule.text), target: .within(bound), time: time, text: text,
            dimension: .none)
    }

    private func readTarget(_ sign: String, _ clause: Clause, _ meaning: Meaning) -> Expectation.Target? {
        if let (value, tolerance) = clause.split(at: "within") {
            let expected = number(value, meaning.dimension, .any, mass: meaning.mass)
            let relative = number(tolerance, .none, .positive)
            guard sign == "=" else {
                error(
                    tolerance, "'within' belongs to '='",
                    fix: "write: = \(value.text.shortened) within \(tolerance.text.shortened)")
                return nil
            }
            guard let expected, let relative else { return nil }
            guard expected != 0 else {
                error(value, "nothing lies within a percentage of zero", fix: "write '<' or '>' and a bound")
                return nil
            }
            return .near(expected, relative: relative)
        }
        guard sign != "=" else {
            error(clause, "'= \(clause.text.shortened)' does not say how exactly", fix: "add 'within 2 %'")
            return nil
        }
        return number(clause, meaning.dimension, .any, mass: meaning.mass).map {
            sign == "<" ? .less($0) : .greater($0)
        }
    }

    // MARK: - Subjects

    private func readSubject(_ clause: Clause) -> Meaning? {
        for statistic in Expectation.Statistic.allCases {
            guard let rest = clause.after(statistic.rawValue) else { continue }
            return readStatistic(statistic, rest)
        }
        if let rest = clause.after("fraction of") { return readFraction(rest) }
        if let type = clause.after("number of") {
            return isCellType(type) ? (.count(cellType: type.text), .cells, nil) : nil
        }
        if let rest = clause.after("share of") { return readShare(rest) }
        if let rest = clause.after("radius of niche") { return readNiche(rest) }
        for entry in LedgerEntry.ofBody {
            guard let molecule = clause.after(entry.rawValue) else { continue }
            return isMolecule(molecule) ? (.ledger(molecule: molecule.text, entry), .amount, nil) : nil
        }
        if case .signal(.inCompartment(let molecule, let compartment), let dimension)? =
            reading.vocabulary.signals(of: nil)[clause.text]
        {
            return (
                .inCompartment(molecule: molecule, compartment: compartment), dimension,
                reading.vocabulary.mass(of: molecule)
            )
        }
        if let found = readNetworkValue(clause) { return found.meaning }
        if let (molecule, place) = clause.split(at: "at") { return readField(molecule, place) }
        error(clause, "'\(clause.text.shortened)' cannot be expected", fix: ExpectLine.forms)
        return nil
    }

    /// "IL2" or "plasma.IL2": a value of a network that lives in no cell; `nil` where the clause names none.
    private func readNetworkValue(_ clause: Clause) -> (meaning: Meaning?, Void)? {
        let free = reading.vocabulary.freeNetworks
        guard !clause.text.contains(" "), !free.isEmpty || !reading.vocabulary.failedNetworks.isEmpty else {
            return nil
        }
        func names(_ network: ModelNetwork) -> [String] { network.values.filter { $0 != NetworkReader.everywhere } }
        let found = free.flatMap { network in
            names(network).filter { $0 == clause.text || "\(network.name).\($0)" == clause.text }.map { (network, $0) }
        }
        if let (network, name) = found.first, found.count == 1 {
            return ((.network(network.name, name: name), network.dimension(of: name), nil), ())
        }
        // What a network that could not be read would have may be any.
        if found.isEmpty, !reading.vocabulary.failedNetworks.isEmpty { return (nil, ()) }
        if found.count > 1 {
            let spelled = found.map { "\($0.0.name).\($0.1)" }.joined(separator: ", ")
            error(clause, "'\(clause.text)' is in \(found.count) networks", fix: "write one of: \(spelled)")
            return (nil, ())
        }
        let owner = free.first { clause.text.hasPrefix($0.name + ".") }
        guard let network = owner ?? (free.count == 1 && space == nil ? free[0] : nil) else { return nil }
        let word = owner == nil ? clause.text : String(clause.text.dropFirst(network.name.count + 1))
        error(
            clause, "the network '\(network.name)' has nothing with the name '\(word.shortened)'",
            fix: Suggestion.didYouMean(word, among: names(network))
                ?? "use one of: \(names(network).prefix(30).joined(separator: ", "))")
        return (nil, ())
    }

    private func isMolecule(_ clause: Clause) -> Bool {
        if reading.vocabulary.molecules.contains(clause.text) { return true }
        reading.undefined(
            "molecule", clause.text, among: reading.vocabulary.molecules, section: "molecules",
            at: branch.place(at: clause.offset))
        return false
    }

    private func isCellType(_ clause: Clause) -> Bool {
        if reading.vocabulary.cellTypes.contains(clause.text) { return true }
        reading.undefined(
            "cell type", clause.text, among: reading.vocabulary.cellTypes, section: "cells",
            at: branch.place(at: clause.offset))
        return false
    }

    private func readSignal(_ clause: Clause, cellType: String) -> (Signal, Dimension)? {
        let names = reading.vocabulary.signals(of: cellType)
        if case .signal(let signal, let dimension)? = names[clause.text] { return (signal, dimension) }
        if let type = clause.after("contact with") { return isCellType(type) ? (.contact(type.text), .cells) : nil }
        if reading.vocabulary.failedStates[cellType]?.contains(clause.text) == true { return nil }
        if reading.vocabulary.isOfFailedNetwork(clause.text) { return nil }
        error(
            clause, "\(cellType) has no signal '\(clause.text.shortened)'",
            fix: reading.vocabulary.remedy(clause.text, cellType: cellType))
        return nil
    }

    private func readStatistic(_ statistic: Expectation.Statistic, _ clause: Clause) -> Meaning? {
        guard let (signalText, type) = clause.split(at: "of") else {
            error(
                clause, "'\(statistic.rawValue) \(clause.text.shortened)' does not say of which cells",
                fix: "write it as \(statistic.rawValue) SIGNAL of CELLTYPE")
            return nil
        }
        guard isCellType(type), let (signal, dimension) = readSignal(signalText, cellType: type.text) else {
            return nil
        }
        return (.cells(statistic, signal, cellType: type.text), dimension, reading.vocabulary.mass(for: signal))
    }

    private func readFraction(_ clause: Clause) -> Meaning? {
        guard let (type, condition) = clause.split(at: "with"), let comparison = lastComparison(condition),
            comparison.sign != "="
        else {
            error(
                clause, "'fraction of \(clause.text.shortened)' needs a condition",
                fix: "write it as fraction of CELLTYPE with SIGNAL > Q < 20 %")
            return nil
        }
        guard isCellType(type), let (signal, dimension) = readSignal(comparison.before, cellType: type.text) else {
            return nil
        }
        guard let threshold = number(comparison.after, dimension, .any, mass: reading.vocabulary.mass(for: signal)),
            let sign = Expectation.Comparison(rawValue: comparison.sign)
        else { return nil }
        return (.fraction(cellType: type.text, signal, sign, threshold: threshold), .none, nil)
    }

    private func readShare(_ clause: Clause) -> Meaning? {
        guard let (molecule, type) = clause.split(at: "captured by") else {
            error(
                clause, "'share of \(clause.text.shortened)' does not say captured by whom",
                fix: "write it as share of M captured by CELLTYPE > 50 %")
            return nil
        }
        let isKnown = (isMolecule(molecule), isCellType(type))
        guard isKnown == (true, true) else { return nil }
        return (.capturedShare(molecule: molecule.text, cellType: type.text), .none, nil)
    }

    private func readNiche(_ clause: Clause) -> Meaning? {
        guard isOfOneTissue(clause) else { return nil }
        guard let (molecule, level) = clause.split(at: "at") else {
            error(
                clause, "'radius of niche \(clause.text.shortened)' does not say above which concentration",
                fix: "write it as radius of niche M at 10 pM < 100 µm")
            return nil
        }
        let isKnown = isMolecule(molecule)
        let threshold = number(
            level, .concentration, .positive, mass: isKnown ? reading.vocabulary.mass(of: molecule.text) : nil)
        guard isKnown, let threshold else { return nil }
        return (.nicheRadius(molecule: molecule.text, threshold: threshold), .length, nil)
    }

    private func isOfOneTissue(_ clause: Clause) -> Bool {
        if organs.isEmpty { return true }
        error(
            clause, "niches and distances from cells are not measured where there are several tissues",
            fix: "expect M in TISSUE at (x, y, z) µm, or a signal of cells")
        return false
    }

    /// "M", or "M in TISSUE" where there are several: the molecule, and the space that it is asked for in.
    private func readFieldName(_ clause: Clause) -> (molecule: Clause, space: Space)? {
        guard !organs.isEmpty else {
            guard isMolecule(clause), let space else { return nil }
            return (clause, space)
        }
        guard let (molecule, tissue) = clause.split(at: "in") else {
            error(
                clause, "'\(clause.text.shortened)' does not say in which tissue",
                fix: "write it as M in \(organs[0].name)")
            return nil
        }
        guard isMolecule(molecule) else { return nil }
        guard let organ = organs.first(where: { $0.name == tissue.text }) else {
            reading.undefined(
                "tissue", tissue.text, among: organs.map(\.name), section: "tissues",
                at: branch.place(at: tissue.offset))
            return nil
        }
        return (molecule, organ.space)
    }

    private func readField(_ name: Clause, _ place: Clause) -> Meaning? {
        guard let (molecule, space) = readFieldName(name) else { return nil }
        let mass = reading.vocabulary.mass(of: molecule.text)
        if let (distanceText, type) = place.split(at: "from") {
            guard isOfOneTissue(place) else { return nil }
            let distance = number(distanceText, .length, .positive)
            guard isCellType(type), let distance else { return nil }
            return (
                .fieldFrom(molecule: molecule.text, distance: .micrometres(distance), cellType: type.text),
                .concentration, mass
            )
        }
        let section = Entry(path: path, place: branch.place, fields: [], reading: reading)
        guard
            let point = PlacementReader(section: section, space: space, reading: reading).readPoint(
                place, in: branch, path: path)
        else {
            return nil
        }
        return (.fieldAt(molecule: name.text, point: point), .concentration, mass)
    }
}
