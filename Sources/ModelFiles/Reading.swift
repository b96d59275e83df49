import Biology

/// What is known while a model file is read: what was found wrong, and the parameters that may stand for a number.
final class Reading {
    let findings: Findings
    var parameters: [String: Parameter] = [:]
    var vocabulary = Vocabulary()
    /// Parameters that stood for a number somewhere.
    var used: Set<String> = []
    /// Why the pinned catalogue has no number for a key, by its path.
    var catalogueLacks: [String: String] = [:]
    /// Whether the file pins a catalogue that could not be had: neither what it would have filled in
    /// nor names that may be its synonyms are missed.
    var isWithoutItsCatalogue = false

    /// After what time bodies are gone, by their type.
    var clearances: [String: Time] = [:]
    /// States by which killers recognise their targets, in the order of the file.
    var recognitions: [Recognition] = []

    init(findings: Findings) { self.findings = findings }

    // MARK: - Structure

    func entry(_ branch: Branch, path: String, keyPlace: Place? = nil) -> Entry? {
        switch branch.content {
        case .table(let fields):
            return Entry(path: path, place: keyPlace ?? branch.place, fields: fields, reading: self)
        case .text(let scalar) where scalar.text.isEmpty:
            return Entry(path: path, place: keyPlace ?? branch.place, fields: [], reading: self)
        default:
            findings.error(
                branch.place, "\(path.isEmpty ? "the model file" : "'\(path)'") is \(branch.kind), expected a table",
                fix: path.isEmpty
                    ? "start it with 'paracrine: 1' and 'model: NAME'" : "write its keys below it, indented")
            return nil
        }
    }

    func text(_ branch: Branch, path: String) -> String? {
        guard case .text(let scalar) = branch.content else {
            findings.error(
                branch.place, "'\(path)' is \(branch.kind), expected text", fix: "write its value on the same line")
            return nil
        }
        guard !scalar.text.trimmingSpaces.isEmpty else {
            findings.error(
                branch.place, "'\(path)' is empty", fix: "write its value after the colon, or remove the line")
            return nil
        }
        return scalar.text.trimmingSpaces
    }

    func list(_ branch: Branch, path: String) -> [Branch]? {
        if case .list(let items) = branch.content { return items }
        if case .text(let scalar) = branch.content, scalar.text.isEmpty { return [] }
        findings.error(
            branch.place, "'\(path)' is \(branch.kind), expected a list", fix: "start each line below it with '- '")
        return nil
    }

    func choice<Choice>(_ text: String, _ choices: [(String, Choice)], at place: Place, path: String) -> Choice? {
        if let found = choices.first(where: { $0.0 == text }) { return found.1 }
        let names = choices.map(\.0)
        findings.error(
            place, "\(path): '\(text.shortened)' is not one of: \(names.joined(separator: ", "))",
            fix: Suggestion.didYouMean(text, among: names) ?? "write one of them")
        return nil
    }

    /// Reports a name that cannot be one.
    func checkName(_ name: String, at place: Place) -> Bool {
        guard let problem = Name.problem(name) else { return true }
        findings.error(
            place, problem.shortenedTo(200), fix: "choose a name of letters, digits, '-', '_' and '+', such as IL-2R")
        return false
    }

    /// A path that stays in the model's folder, or `nil` with a report.
    func pathInside(_ text: String, at place: Place, path: String, fix: String) -> String? {
        let pieces = text.split(separator: "/", omittingEmptySubsequences: false)
        guard !text.hasPrefix("/"), !text.hasPrefix("~"), !pieces.contains(".."), !text.contains("\\"),
            !text.contains("\0")
        else {
            findings.error(place, "\(path): '\(text.shortened)' leads out of the model's folder", fix: fix)
            return nil
        }
        return text
    }

    /// Reports a name that nothing has.
    func undefined(_ kind: String, _ name: String, among known: [String], section: String, at place: Place) {
        if isWithoutItsCatalogue { return }
        let suggestion = Suggestion.nearest(to: name, among: known).map { "did you mean '\($0)'?" }
        let others =
            known.isEmpty
            ? "define it under '\(section):'"
            : "define it under '\(section):', or use one of: \(known.joined(separator: ", "))"
        findings.error(
            place, "no \(kind) has the name '\(name.shortened)'", fix: remedy(forBody: name) ?? suggestion ?? others)
    }

    /// How cells of a type would leave bodies that a name means; `nil` where it means none.
    private func remedy(forBody name: String) -> String? {
        for kind in Death.Kind.allCases {
            let type = String(name.dropFirst(kind.body(of: "").count))
            guard kind.body(of: type) == name, vocabulary.cellTypes.contains(type) else { continue }
            return "add '\(kind.key): {rate: 0 /h, cleared: 8 h}' to cells.\(type), so that it leaves bodies"
        }
        return nil
    }

    // MARK: - Numbers

    func quantity<Kind: QuantityKind>(
        _ branch: Branch, path: String, of _: Quantity<Kind>.Type, _ bound: Bound, mass: MassSource? = nil
    ) -> Quantity<Kind>? {
        guard let text = text(branch, path: path) else { return nil }
        return number(text, in: branch, path: path, Kind.dimension, bound, mass: mass).map {
            Quantity<Kind>(coherent: $0)
        }
    }

    /// A number of a given dimension, in its coherent unit.
    ///
    /// `text` starts at `offset` in the text of `branch`; `other` is the unit of a number that has none.
    func number(
        _ text: String, in branch: Branch, at offset: Int = 0, path: String, _ dimension: Dimension, _ bound: Bound,
        mass: MassSource? = nil, unitOf other: Unit? = nil
    ) -> Double? {
        let place = branch.place(at: offset)
        guard let measured = measure(text, in: branch, at: offset, path: path) else { return nil }
        var value = measured.value
        var found = measured.dimension
        if !measured.hasUnit, let other {
            value = measured.number * other.factor
            found = other.dimension
        }
        if found == .massConcentration, dimension == .concentration, let mass {
            guard let molar = mass.mass else {
                findings.error(
                    place,
                    "\(path): \"\(text.shortened)\" needs the molar mass of '\(mass.molecule)', which is not stated",
                    fix: "add 'mass: NUMBER kDa' to molecules.\(mass.molecule), or write the concentration in pM")
                return nil
            }
            value /= molar.value
            found = dimension
        }
        let isCount = dimension == .amount || dimension == .cells
        guard found == dimension || (isCount && !measured.hasUnit && found == .none) else {
            wrongDimension(text, measured, expected: dimension, place: place, path: path)
            return nil
        }
        return check(value, bound, text: text, place: place, path: path) ? value : nil
    }

    /// A number with whatever unit it has, or the parameter that stands for it.
    func measure(_ text: String, in branch: Branch, at offset: Int = 0, path: String) -> MeasuredNumber? {
        let trimmed = text.trimmingSpaces
        if let parameter = parameters[trimmed] {
            used.insert(trimmed)
            return MeasuredNumber(
                number: parameter.value, unit: Unit(parameter.dimension, factor: 1),
                hasUnit: parameter.dimension != .none,
                unitText: "")
        }
        do {
            return try QuantityText.parse(trimmed)
        } catch {
            let isName = Name.problem(trimmed) == nil && error.offset == 0
            if isName, vocabulary.failedParameters.contains(trimmed) { return nil }
            findings.error(
                branch.place(at: offset + error.offset),
                isName
                    ? "\(path): no parameter has the name '\(trimmed.shortened)'"
                    : "\(path): \(error.problem.shortenedTo(200))",
                fix: isName
                    ? Suggestion.didYouMean(trimmed, among: parameters.keys)
                        ?? "write a number and its unit, or define it under 'parameters:'"
                    : error.fix)
            return nil
        }
    }

    private func wrongDimension(
        _ text: String, _ measured: MeasuredNumber, expected: Dimension, place: Place, path: String
    ) {
        let found = measured.hasUnit ? "\(measured.dimension)" : "no unit"
        let said = expected == .none ? "a plain number" : "\(expected)"
        let units = QuantityText.exampleUnits(expected)
        var fix = "write a plain number or a percentage"
        if expected != .none {
            let suggested = units.first { !measured.unitText.isEmpty && $0.hasPrefix(measured.unitText) } ?? units.first
            let number = QuantityText.digits(measured.number)
            fix = suggested.map { "did you mean \"\(number) \($0)\"?" } ?? "write it in units of \(expected)"
        }
        findings.error(place, "\(path): expected \(said), found \(found) (\"\(text.shortened)\")", fix: fix)
    }

    func check(_ value: Double, _ bound: Bound, text: String, place: Place, path: String) -> Bool {
        let problem: (String, String)? =
            switch bound {
            case _ where !value.isFinite: ("is too large to compute with", "check its exponent and its unit")
            case .any: nil
            case .notNegative: value < 0 ? ("is below zero", "write zero or more") : nil
            case .positive: value <= 0 ? ("is not above zero", "write a number above zero") : nil
            case .share: value < 0 || value > 1 ? ("is not between 0 and 1", "write a share from 0 % to 100 %") : nil
            }
        guard let problem else { return true }
        findings.error(place, "\(path): \(text.shortened) \(problem.0)", fix: problem.1)
        return false
    }

    /// "100 ± 50 %": a mean with its coefficient of variation.
    func spread(_ text: String, in branch: Branch, path: String, _ dimension: Dimension) -> Spread? {
        let separator = text.range(of: "±") ?? text.range(of: "+-")
        guard let separator else {
            return number(text, in: branch, path: path, dimension, .notNegative).map { Spread($0) }
        }
        let offset = text.unicodeScalars.distance(from: text.startIndex, to: separator.upperBound)
        let mean = number(
            String(text[..<separator.lowerBound]).trimmingSpaces, in: branch, path: path, dimension, .notNegative)
        let tail = String(text[separator.upperBound...])
        let start = offset + tail.unicodeScalars.prefix { $0 == " " }.count
        let variation = number(
            tail.trimmingSpaces, in: branch, at: start, path: "\(path) (spread)", .none, .notNegative)
        guard let mean, let variation else { return nil }
        guard variation <= 10 else {
            findings.error(
                branch.place(at: start),
                "\(path) (spread): a coefficient of variation of \(tail.trimmingSpaces.shortened) is above 1000 %",
                fix: "write the standard deviation as a percentage of the mean, such as ± 50 %")
            return nil
        }
        return Spread(mean, variation: variation)
    }
}

extension String {
    func shortenedTo(_ count: Int) -> String { self.count <= count ? self : prefix(count - 3) + "..." }

    /// The first place where a piece of text stands.
    func range(of piece: String) -> Range<String.Index>? {
        ranges(of: piece).first
    }
}
