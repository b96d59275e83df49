import Biology

/// The catalogue that a model file pins: it names things and fills in the numbers that the file leaves out.
struct PinnedCatalogue {
    static let key = "catalogue"

    private let reader: CatalogueReader
    private let findings: Findings
    private var names: CatalogueNames
    private var taken: [TakenNumber] = []
    /// Why the catalogue has no number for a key that must be there, by its path.
    private(set) var lacks: [String: String] = [:]

    /// Opens the catalogue that a file names; `nil` where it names none, or one that cannot be had.
    init?(
        _ root: Branch, findings: Findings, open: (String) throws(TextProblem) -> CatalogueReader
    ) {
        guard let branch = root[PinnedCatalogue.key] else { return nil }
        guard let text = Reading(findings: findings).text(branch, path: PinnedCatalogue.key) else { return nil }
        do {
            reader = try open(text)
        } catch {
            findings.error(branch.place(at: error.offset), error.problem, fix: error.fix)
            return nil
        }
        self.findings = findings
        names = CatalogueNames(root, catalogue: reader, findings: findings)
    }

    /// Fills the tree in, then makes the settings, which may change what was filled in.
    mutating func complete(_ root: inout Branch, settings: [String]) {
        names.spell(&root, findings: findings)
        root.changeFields { section in
            guard CatalogueNames.sections.contains(where: { $0.key == section.key }) else { return }
            section.value.changeFields { $0.value.openIfEmpty() }
        }
        let settings = settings.map { names.spelled($0) }
        // What is set counts as written where it has a place: then the catalogue need not fill it in.
        Settings.apply(settings, to: &root, findings: Findings())
        completeMolecules(&root)
        completeReceptors(&root)
        completeCells(&root)
        Settings.apply(settings, to: &root, findings: findings)
    }

    /// The numbers of the catalogue that stand in the tree after all settings.
    func use(in root: Branch) -> CatalogueUse {
        let standing = taken.filter { number in
            var branch: Branch? = root
            for key in number.path.split(separator: ".") {
                branch = branch?[String(key)]
                if branch?.place.file == Settings.file { return false }
            }
            return branch != nil
        }
        return CatalogueUse(
            version: reader.version,
            numbers: standing.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) })
    }

    // MARK: - Filling in

    /// Asks for a key that is not there; whether a number was put in its place.
    private mutating func fill(_ key: String, in field: inout Branch.Field, path: String, _ question: CatalogueQuestion)
        -> Bool
    {
        guard case .table(let fields) = field.value.content, field.value[key] == nil else { return false }
        let path = "\(path).\(key)"
        switch reader.answer(question) {
        case .number(let number):
            taken.append(TakenNumber(path: path, number: number))
            let value = Branch(written: number, at: field.keyPlace)
            field.value.content = .table(fields + [Branch.Field(key: key, keyPlace: field.keyPlace, value: value)])
            return true
        case .lacking(let why): lacks[path] = why
        case .silent: break
        }
        return false
    }

    private mutating func completeMolecules(_ root: inout Branch) {
        root.change("molecules") { field in
            // Two molecules bound to each other are a model's own.
            guard field.value["complex"] == nil else { return }
            let path = "molecules.\(field.key)"
            _ = fill("diffusion", in: &field, path: path, .diffusion(molecule: field.key))
            _ = fill("decay", in: &field, path: path, .decay(molecule: field.key))
            _ = fill("mass", in: &field, path: path, .mass(molecule: field.key))
        }
    }

    private mutating func completeReceptors(_ root: inout Branch) {
        let parameters = root["parameters"]
        root.change("receptors") { field in
            let path = "receptors.\(field.key)"
            if let ligand = field.value["ligand"]?.text {
                completeBinding(&field, receptor: field.key, ligand: ligand, path: path, parameters)
            } else if field.value["ligands"] != nil {
                let name = field.key
                field.value.change("ligands") { inner in
                    inner.value.openIfEmpty()
                    completeBinding(
                        &inner, receptor: name, ligand: inner.key, path: "\(path).ligands.\(inner.key)", parameters)
                }
            }
        }
    }

    private mutating func completeBinding(
        _ field: inout Branch.Field, receptor: String, ligand: String, path: String, _ parameters: Branch?
    ) {
        func stated(_ key: String, _ dimension: Dimension) -> Double? {
            field.value[key]?.text.flatMap { text in
                let written = parameters?[text].flatMap { $0["value"]?.text ?? $0.text } ?? text
                let number = try? QuantityText.parse(written)
                return number?.dimension == dimension ? number?.value : nil
            }
        }
        let (on, off) = (stated("k_on", .association), stated("k_off", .rate))
        let hasOn = fill(
            "k_on", in: &field, path: path,
            .association(receptor: receptor, ligand: ligand, statedDissociation: off))
        let hasOff = fill(
            "k_off", in: &field, path: path,
            .dissociation(receptor: receptor, ligand: ligand, statedAssociation: on))
        let hasEndocytosis = fill(
            "k_endo", in: &field, path: path, .internalisation(receptor: receptor, ligand: ligand))
        if hasOn || hasOff, !hasEndocytosis, let why = lacks["\(path).k_endo"] {
            findings.warning(
                field.keyPlace, "\(path): \(why), so what is bound is not taken in",
                fix: "write k_endo: 0 /s if that is meant, or a rate")
        }
    }

    private mutating func completeCells(_ root: inout Branch) {
        let receptors = root["receptors"]?.fields ?? []
        let molecules = (root["molecules"]?.fields ?? []).filter { $0.value["complex"] == nil }
        root.change("cells") { field in
            let (cell, path) = (field.key, "cells.\(field.key)")
            _ = fill("radius", in: &field, path: path, .radius(cell: cell))
            complete("receptors", of: &field, path: path, unit: "receptors", receptors.map(\.key)) { index in
                let ligands = receptors[index].value["ligands"]?.fields.map(\.key) ?? []
                let one = receptors[index].value["ligand"]?.text
                return .receptors(
                    receptor: receptors[index].key, ligands: ligands + [one].compactMap(\.self), cell: cell)
            }
            complete("secretes", of: &field, path: path, unit: "molecules/s", molecules.map(\.key)) {
                .secretion(molecule: molecules[$0].key, cell: cell)
            }
        }
    }

    /// Fills in a whole table; one that is written is taken as it is.
    private mutating func complete(
        _ key: String, of field: inout Branch.Field, path: String, unit: String, _ names: [String],
        _ question: (Int) -> CatalogueQuestion
    ) {
        guard case .table(let fields) = field.value.content, field.value[key] == nil else { return }
        var table = Branch.Field(
            key: key, keyPlace: field.keyPlace, value: Branch(place: field.keyPlace, content: .table([])))
        for (index, name) in names.enumerated() {
            let inner = "\(path).\(key)"
            if !fill(name, in: &table, path: inner, question(index)), let why = lacks["\(inner).\(name)"] {
                findings.error(
                    field.keyPlace, "\(path): \(why)",
                    fix: "write \(key): with every number of this cell type, such as {\(name): 0 \(unit)}")
            }
        }
        if !table.value.fields.isEmpty { field.value.content = .table(fields + [table]) }
    }
}

extension Branch {
    /// A number of the catalogue as a file would write it, to the last digit.
    fileprivate init(written number: CatalogueNumber, at place: Place) {
        let unit: [Dimension: String] = [
            .diffusion: DiffusionKind.coherentUnit, .rate: RateKind.coherentUnit,
            .molarMass: MolarMassKind.coherentUnit,
            .association: "µm³/molecules/s", .length: LengthKind.coherentUnit, .amount: AmountKind.coherentUnit,
            .secretion: SecretionKind.coherentUnit,
        ]
        let spread = number.variation > 0 ? " ± \(number.variation)" : ""
        let text = "\(number.value) \(unit[number.dimension] ?? "")\(spread)"
        self.init(place: place, content: .text(Scalar(text: text, isVerbatim: false)))
    }

    /// Text without the spaces around it; `nil` for anything else.
    fileprivate var text: String? {
        if case .text(let scalar) = content { scalar.text.trimmingSpaces } else { nil }
    }

    /// An empty value counts as an empty table.
    fileprivate mutating func openIfEmpty() {
        if case .text(let scalar) = content, scalar.text.isEmpty { content = .table([]) }
    }

    /// Changes the fields of one of the tables in this one.
    fileprivate mutating func change(_ key: String, _ change: (inout Field) -> Void) {
        changeFields { if $0.key == key { $0.value.changeFields(change) } }
    }
}
