import Biology

/// A table of the model file whose fields are asked for one by one; what nobody asked for is an error.
final class Entry {
    /// Where in the model: "molecules.IL-2"; empty for the whole file.
    let path: String
    let place: Place
    let fields: [Branch.Field]
    let reading: Reading
    private var asked: [String] = []

    init(path: String, place: Place, fields: [Branch.Field], reading: Reading) {
        self.path = path
        self.place = place
        self.fields = fields
        self.reading = reading
    }

    func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// The value of a key, or `nil` where the key is absent.
    func branch(_ key: String) -> Branch? {
        asked.append(key)
        return fields.first { $0.key == key }?.value
    }

    /// The value of a key that must be there.
    func required(_ key: String, example: String) -> Branch? {
        if let branch = branch(key) { return branch }
        // A key that is nearly this one is reported as unknown.
        let isMistyped = fields.contains {
            !asked.contains($0.key) && Suggestion.nearest(to: $0.key, among: [key]) != nil
        }
        if isMistyped { return nil }
        let isFromCatalogue = CatalogueNames.sections.contains { path.hasPrefix($0.key + ".") }
        if isFromCatalogue, reading.isWithoutItsCatalogue { return nil }
        let owner = path.isEmpty ? "the model" : "'\(path)'"
        let why = reading.catalogueLacks[self.path(of: key)].map { ", and \($0)" } ?? ""
        reading.findings.error(place, "\(owner) has no '\(key)'\(why)", fix: "add '\(key): \(example)'")
        return nil
    }

    /// The table under a key.
    func table(_ key: String) -> Entry? {
        guard let branch = branch(key) else { return nil }
        return reading.entry(branch, path: path(of: key))
    }

    func requiredTable(_ key: String, example: String) -> Entry? {
        guard let branch = required(key, example: example) else { return nil }
        return reading.entry(branch, path: path(of: key))
    }

    /// The named things in this table, each a table of its own.
    func entries() -> [(field: Branch.Field, entry: Entry)] {
        fields.compactMap { field in
            asked.append(field.key)
            return reading.entry(field.value, path: path(of: field.key), keyPlace: field.keyPlace).map { (field, $0) }
        }
    }

    func text(_ key: String) -> String? {
        guard let branch = branch(key) else { return nil }
        return reading.text(branch, path: path(of: key))
    }

    /// One of the words of a closed choice.
    func choice<Choice>(_ key: String, _ choices: [(String, Choice)]) -> Choice? {
        guard let branch = branch(key), let text = reading.text(branch, path: path(of: key)) else { return nil }
        return reading.choice(text, choices, at: branch.place, path: path(of: key))
    }

    /// The quantity under a key, or `nil` where it is absent or wrong.
    func quantity<Kind: QuantityKind>(
        _ key: String, of _: Quantity<Kind>.Type, _ bound: Bound, mass: MassSource? = nil
    ) -> Quantity<Kind>? {
        guard let branch = branch(key) else { return nil }
        return reading.quantity(branch, path: path(of: key), of: Quantity<Kind>.self, bound, mass: mass)
    }

    func requiredQuantity<Kind: QuantityKind>(
        _ key: String, of _: Quantity<Kind>.Type, _ bound: Bound, example: String
    ) -> Quantity<Kind>? {
        guard let branch = required(key, example: example) else { return nil }
        return reading.quantity(branch, path: path(of: key), of: Quantity<Kind>.self, bound)
    }

    /// Reports every key that was not asked for.
    func expectNothingElse() {
        for field in fields where !asked.contains(field.key) {
            if let meaning = Later.keys[field.key] {
                reading.findings.error(
                    field.keyPlace, Later.problem(field.key, meaning),
                    fix: "remove '\(field.key)' and what stands under it")
                continue
            }
            let owner = path.isEmpty ? "the model" : "'\(path)'"
            var known: [String] = []
            for key in asked where !known.contains(key) { known.append(key) }
            let fix = Suggestion.didYouMean(field.key, among: known).map { "\($0) Otherwise remove the line" }
            reading.findings.error(
                field.keyPlace, "\(owner) has an unknown key '\(field.key.shortened)'",
                fix: fix ?? "remove it; the keys here are: \(known.joined(separator: ", "))")
        }
    }
}

/// What a number may be.
enum Bound {
    case any, notNegative, positive, share
}

/// Whose mass turns pg/mL into molecules.
struct MassSource {
    var molecule: String
    var mass: MolarMass?
}
