public import Biology

/// A model file to start from, written from a catalogue: cell types, their cytokines, and what is known of both.
public struct ModelDraft {
    /// Why there is nothing to write, one sentence each; empty where ``text`` is a model.
    public private(set) var problems: [String] = []
    public private(set) var text = ""

    private let catalogue: CatalogueReader
    private let cells: [String]
    private let cytokines: [String]
    private var receptors: [DraftReceptor] = []
    private var secretes: [String: [String]] = [:]
    private var parameters: [String] = []

    /// Writes a model named `name` of these cell types and cytokines, each by a name that the catalogue knows.
    public init(named name: String, cells: [String], cytokines: [String], catalogue: CatalogueReader) {
        self.catalogue = catalogue
        self.cells = cells.map { $0.replacing(" ", with: "-") }
        self.cytokines = cytokines.map { catalogue.identity($0, .molecule) ?? $0 }
        findProblems()
        guard problems.isEmpty else { return }
        receptors = findReceptors()
        text = written(name)
    }

    // MARK: - What is known

    private mutating func findProblems() {
        for name in cells + cytokines {
            if let problem = Name.problem(name) { problems.append(problem) }
        }
        for (kind, names) in [(CatalogueReader.Kind.cellType, cells), (.molecule, cytokines)] {
            var seen: [String: String] = [:]
            for name in names {
                guard let identity = catalogue.identity(name, kind) else {
                    problems.append("the catalogue does not know '\(name.shortened)'")
                    continue
                }
                if let other = seen[identity] { problems.append("'\(name)' and '\(other)' are one thing") }
                seen[identity] = name
            }
        }
        guard problems.isEmpty else { return }
        let needed = cells.map { CatalogueQuestion.radius(cell: $0) } + cytokines.map { .diffusion(molecule: $0) }
        for question in needed {
            if case .lacking(let why) = catalogue.answer(question) { problems.append(why) }
        }
        for cytokine in cytokines {
            let makers = cells.filter { number(.secretion(molecule: cytokine, cell: $0)) != nil }
            makers.forEach { secretes[$0, default: []].append(cytokine) }
            if makers.isEmpty {
                problems.append(
                    "the catalogue has no secretion of \(cytokine) by \(cells.joined(separator: " or ")), so nothing makes it"
                )
            }
        }
    }

    private func number(_ question: CatalogueQuestion) -> CatalogueNumber? {
        if case .number(let number) = catalogue.answer(question) { number } else { nil }
    }

    /// Receptors whose rates are known and that one of the cell types carries; two that bind by one chain count once.
    private func findReceptors() -> [DraftReceptor] {
        var found: [DraftReceptor] = []
        var sites: Set<String> = []
        for cytokine in cytokines {
            for name in catalogue.receptors(cytokine) {
                let on = number(.association(receptor: name, ligand: cytokine, statedDissociation: nil))
                let off = number(.dissociation(receptor: name, ligand: cytokine, statedAssociation: nil))
                let isCarried = cells.contains {
                    number(.receptors(receptor: name, ligands: [cytokine], cell: $0)) != nil
                }
                guard let on, let off, isCarried, sites.insert(on.subject).inserted else { continue }
                let endocytosis = number(.internalisation(receptor: name, ligand: cytokine))
                let binding = DraftReceptor.Binding(ligand: cytokine, kOn: on, kOff: off, endocytosis: endocytosis)
                if let index = found.firstIndex(where: { $0.identity == name }) {
                    found[index].bindings.append(binding)
                    continue
                }
                let short = cytokine + "R"
                let isShort = catalogue.identity(short, .receptor) == name
                found.append(
                    DraftReceptor(name: isShort ? short : name, identity: name, bindings: [binding]))
            }
        }
        return found
    }

    // MARK: - Writing

    private mutating func written(_ name: String) -> String {
        let body = moleculeLines() + receptorLines() + cellLines()
        var lines = [
            "paracrine: 1", "model: \(name)", "about: >",
            "  \(cells.joined(separator: ", ")) and \(cytokines.joined(separator: ", ")), with what the catalogue knows of them.",
            "  The box, the shares of cells and the length of the run are chosen; change them first.",
            "catalogue: \(catalogue.version)    # take a line below away and the catalogue's number stands in its place",
            "", "# Above each number: its grade, what it is of, and its source.",
        ]
        if !parameters.isEmpty { lines += ["", "parameters:    # what the catalogue gives as a range"] + parameters }
        lines += ["", "space:", "  box: 200 x 200 x 200 µm", "  grid: 10 µm"] + body + planLines()
        return lines.joined(separator: "\n") + "\n"
    }

    /// A key with its number, under a comment that says where it is from; a range becomes a parameter.
    private mutating func line(
        _ key: String, _ number: CatalogueNumber, as parameter: String, indent: Int
    ) -> [String] {
        let margin = String(repeating: " ", count: indent)
        let comment = ModelDraft.comment("\(number.grade): \(number.subject) (\(number.source))", indent: indent)
        guard let range = number.range, range.lowerBound > 0 else {
            return comment + ["\(margin)\(key): \(ModelDraft.words(number.value, number))"]
        }
        let (low, high) = (ModelDraft.words(range.lowerBound, number), ModelDraft.words(range.upperBound, number))
        let value = ModelDraft.words(number.value, number)
        parameters.append("  \(parameter): {value: \(value), range: \(low) .. \(high), scale: log}")
        return comment + ["\(margin)\(key): \(parameter)"]
    }

    private mutating func moleculeLines() -> [String] {
        var lines = ["", "molecules:"]
        for cytokine in cytokines {
            lines.append("  \(cytokine):")
            let keys: [(String, CatalogueQuestion)] = [
                ("diffusion", .diffusion(molecule: cytokine)), ("decay", .decay(molecule: cytokine)),
                ("mass", .mass(molecule: cytokine)),
            ]
            for (key, question) in keys {
                guard let number = number(question) else { continue }
                lines += line(key, number, as: "\(key)_\(cytokine)", indent: 4)
            }
        }
        return lines
    }

    private mutating func receptorLines() -> [String] {
        var lines: [String] = []
        for cytokine in cytokines where !receptors.contains(where: { $0.binds(cytokine) }) {
            lines += ModelDraft.comment(
                "Nothing here binds \(cytokine): the catalogue has no rates of a receptor together with its number on these cells.",
                indent: 0)
        }
        if receptors.isEmpty { return [""] + lines }
        lines = [""] + lines + ["receptors:"]
        for receptor in receptors {
            lines.append("  \(receptor.name):")
            let isOne = receptor.bindings.count == 1
            lines.append(isOne ? "    ligand: \(receptor.bindings[0].ligand)" : "    ligands:")
            for binding in receptor.bindings {
                if !isOne { lines.append("      \(binding.ligand):") }
                for (key, number) in binding.rates {
                    let name = "\(key)_\(receptor.name)" + (isOne ? "" : "_\(binding.ligand)")
                    lines += line(key, number, as: name, indent: isOne ? 4 : 8)
                }
            }
        }
        return lines
    }

    private mutating func cellLines() -> [String] {
        var lines = ["", "cells:"]
        let shares = self.shares
        for (index, cell) in cells.enumerated() {
            lines += ["  \(cell):", "    count: \(shares[index]) %    # chosen"]
            if let radius = number(.radius(cell: cell)) {
                lines += line("radius", radius, as: "radius_\(cell)", indent: 4)
            }
            var carried: [String] = []
            for receptor in receptors {
                let ligands = receptor.bindings.map(\.ligand)
                guard let number = number(.receptors(receptor: receptor.identity, ligands: ligands, cell: cell)) else {
                    continue
                }
                carried += line(receptor.name, number, as: "n_\(receptor.name)_\(cell)", indent: 6)
            }
            lines += carried.isEmpty ? ["    receptors: {}"] : ["    receptors:"] + carried
            var made: [String] = []
            for cytokine in secretes[cell] ?? [] {
                guard let number = number(.secretion(molecule: cytokine, cell: cell)) else { continue }
                made += line(cytokine, number, as: "q_\(cytokine)_\(cell)", indent: 6)
            }
            lines += made.isEmpty ? ["    secretes: {}"] : ["    secretes:"] + made
        }
        return lines
    }

    /// Whole percentages of each cell type, 100 in all: a tenth makes something where others only listen (chosen).
    private var shares: [Int] {
        let makers = cells.filter { secretes[$0] != nil }
        let others = cells.count - makers.count
        let made = others == 0 ? 100 : 10
        var left = (makers: made, others: 100 - made)
        var counts = (makers: makers.count, others: others)
        return cells.map { cell in
            if secretes[cell] != nil {
                let share = left.makers / counts.makers
                left.makers -= share
                counts.makers -= 1
                return share
            }
            let share = left.others / counts.others
            left.others -= share
            counts.others -= 1
            return share
        }
    }

    private func planLines() -> [String] {
        let widest = cells.compactMap { number(.radius(cell: $0))?.value }.max() ?? 5
        let pitch = [20.0, 25, 40, 50].first { $0 >= 2 * widest } ?? 100
        let carriers = receptors.map { receptor in
            let ligands = receptor.bindings.map(\.ligand)
            return cells.first { cell in
                let count = number(.receptors(receptor: receptor.identity, ligands: ligands, cell: cell))
                return (count?.value ?? 0) > 0
            }
        }
        let columns = cytokines + receptors.map { "\($0.name).bound" }
        var lines = [
            "", "place: {other: lattice \(Int(pitch)) µm}", "", "run: {for: 2 h, seed: 1}", "", "record:",
            "  cells: {every: 30 min, columns: [\(columns.joined(separator: ", "))]}",
            "  fields: {\(cytokines.map { "\($0): every 30 min" }.joined(separator: ", "))}", "", "expect:",
        ]
        for cytokine in cytokines {
            lines += ["  - mass of \(cytokine) balances within 1e-9", "  - secreted \(cytokine) > 0 molecules"]
        }
        for (receptor, carrier) in zip(receptors, carriers) {
            if let carrier { lines.append("  - mean \(receptor.name).bound of \(carrier) > 0 receptors") }
        }
        return lines
    }

    // MARK: - Words

    /// A value as people write it, with its spread from cell to cell.
    private static func words(_ value: Double, _ number: CatalogueNumber) -> String {
        let text =
            number.dimension == .amount
            ? "\(QuantityText.digits(value)) receptors" : QuantityText.describe(value, number.dimension)
        return number.variation > 0 ? "\(text) ± \(QuantityText.digits(100 * number.variation)) %" : text
    }

    /// Lines of at most 100 columns.
    private static func comment(_ text: String, indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent) + "#"
        var lines = [margin]
        for word in text.onOneLine.split(separator: " ") {
            if lines[lines.count - 1].count + word.count >= 100, lines[lines.count - 1] != margin {
                lines.append(margin)
            }
            lines[lines.count - 1] += " \(word)"
        }
        return lines
    }
}

/// A receptor of a draft with the ligands that bind it.
private struct DraftReceptor {
    struct Binding {
        var ligand: String
        var kOn: CatalogueNumber
        var kOff: CatalogueNumber
        var endocytosis: CatalogueNumber?

        var rates: [(String, CatalogueNumber)] {
            [("k_on", kOn), ("k_off", kOff)] + (endocytosis.map { [("k_endo", $0)] } ?? [])
        }
    }

    var name: String
    /// As the catalogue is asked for it.
    var identity: String
    var bindings: [Binding]

    func binds(_ ligand: String) -> Bool { bindings.contains { $0.ligand == ligand } }
}
