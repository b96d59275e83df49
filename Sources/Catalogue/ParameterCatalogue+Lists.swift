import GRDB

extension ParameterCatalogue {
    /// All cytokines, family by family.
    public var cytokines: [Cytokine] { database.rows("SELECT * FROM cytokines ORDER BY rowid").map(cytokine) }

    /// All cell types, lineage by lineage.
    public var cells: [CatalogueCell] { tables[.cells].compactMap { known.cells[$0["cell"]] } }

    public var citations: [Citation] { tables[.sources].compactMap { known.citations[$0["source"]] } }

    /// Every receptor complex with each of its ligands.
    public var receptorComplexes: [ReceptorComplex] {
        database.rows("SELECT * FROM complexes ORDER BY rowid").map(complex)
    }

    /// Complexes that bind a cytokine: signalling ones first.
    public func receptorComplexes(of cytokine: Cytokine) -> [ReceptorComplex] {
        let roles = ReceptorRole.allCases
        let found = database.rows("SELECT * FROM complexes WHERE ligand = ? ORDER BY rowid", [cytokine.name]).map(
            complex)
        return roles.flatMap { role in found.filter { $0.role == role } }
    }

    /// Complexes a chain is part of, with each of their ligands.
    public func receptorComplexes(with chain: ReceptorChain) -> [ReceptorComplex] {
        receptorComplexes.filter { $0.subunits.contains { $0.symbol == chain.symbol } }
    }

    /// What a cytokine does, who makes it, who hears it and what tradition calls it.
    public func relations(of cytokine: Cytokine) -> [Relation] {
        database.rows("SELECT * FROM relations WHERE cytokine = ? ORDER BY rowid", [cytokine.name]).map(relation)
    }

    /// The cytokines that a cell type makes or hears, with what is said of the kinds of cell it belongs to.
    ///
    /// "T cells make it" does not say that each of them does: ``Relation/what`` tells of whom it is said. What is said of
    /// leukocytes, lymphocytes or phagocytes at large is left out of what a cell makes.
    public func relations(of cell: CatalogueCell) -> [Relation] {
        let wide = cell.ancestors.filter { CatalogueCell.wideKinds.contains($0) }
        let names = [cell.name] + cell.ancestors
        let marks = names.map { _ in "?" }.joined(separator: ", ")
        let sql =
            "SELECT * FROM relations WHERE relation IN ('made by', 'heard by') AND what IN (\(marks)) ORDER BY rowid"
        return database.rows(sql, names).map(relation).filter { $0.kind == .heardBy || !wide.contains($0.what) }
    }

    /// Every relation of every cytokine.
    public var relations: [Relation] { database.rows("SELECT * FROM relations ORDER BY rowid").map(relation) }

    /// Every number of the catalogue, in the order of its table.
    public var measurements: [Measurement] {
        database.rows("SELECT * FROM measurements ORDER BY rowid").map(measurement)
    }

    /// Numbers that are not used, with the reason; all of them, or those of one subject.
    public func setAside(of subject: String? = nil) -> [SetAside] {
        database.rows("SELECT * FROM setaside ORDER BY rowid").map(setAside).filter {
            subject == nil || $0.subject == subject
        }
    }

    /// The numbers of a subject, the ones to prefer first.
    ///
    /// A subject is a cytokine, a receptor chain or a cell type by the catalogue's name, or a class such as "cytokines".
    /// Numbers of a lab's own tables come first, then those of the cell type itself before those of what it is a kind of,
    /// then by grade, then in the order of the table.
    ///
    /// - Parameters:
    ///   - subject: the catalogue's name of a cytokine, chain or cell type.
    ///   - parameter: what the number is of; all if `nil`.
    ///   - receptor: symbols joined by "+", in any order; all if `nil`.
    ///   - cell: a cell type by the catalogue's name; what is said of its ancestors holds for it; all if `nil`.
    /// - Returns: the numbers, the first being the one to use where only one can be.
    public func measurements(
        of subject: String, parameter: MeasuredParameter? = nil, receptor: String? = nil, cell: String? = nil
    ) -> [Measurement] {
        var sql = "SELECT * FROM measurements WHERE subject = ?"
        var arguments = [subject]
        if let parameter {
            sql += " AND parameter = ?"
            arguments.append(parameter.rawValue)
        }
        var found = database.rows(sql + " ORDER BY rowid", arguments).map(measurement)
        if let receptor {
            let wanted = Set(receptor.split(separator: "+"))
            found = found.filter { Set($0.receptor.split(separator: "+")) == wanted }
        }
        let kinds = cell.map { [$0] + (cellType(named: $0)?.ancestors ?? []) }
        if let kinds { found = found.filter { kinds.contains($0.cell) } }
        func rank(_ number: Measurement) -> (Int, Int, Grade, Int) {
            let distance = kinds?.firstIndex(of: number.cell) ?? 0
            return (-number.layer, distance, number.grade, number.value.isBound ? 1 : 0)
        }
        return found.enumerated().sorted { a, b in
            let (first, second) = (rank(a.element), rank(b.element))
            return first == second ? a.offset < b.offset : first < second
        }.map(\.element)
    }
}

extension ParameterCatalogue {
    /// The source a line names.
    private func source(_ row: Row) -> Citation {
        let id: String = row["source"]
        return known.citations[id] ?? Citation(id: id, text: "", identifier: "", seen: .none)
    }

    private func grade(_ row: Row) -> Grade { Grade(rawValue: row["grade"]) ?? .orderOfMagnitude }

    func cytokine(_ row: Row) -> Cytokine {
        let name: String = row["cytokine"]
        return Cytokine(
            name: name, symbols: split(row["symbols"], "+"), accessions: split(row["accessions"], "+"),
            synonyms: known.synonyms[.cytokine]?[name] ?? [], family: row["family"], assembly: row["assembly"],
            form: row["form"],
            source: source(row), grade: grade(row))
    }

    func complex(_ row: Row) -> ReceptorComplex {
        let name: String = row["complex"]
        let chains = split(name, "+").map { symbol -> ReceptorChain in
            var one = known.chains[symbol] ?? ReceptorChain(symbol: symbol)
            one.sharedWith.removeAll { $0 == name }
            return one
        }
        return ReceptorComplex(
            name: name, subunits: chains, ligand: row["ligand"],
            role: ReceptorRole(rawValue: row["role"]) ?? .signalling,
            receptorClass: row["class"], signalling: row["signalling"], source: source(row), grade: grade(row))
    }

    func relation(_ row: Row) -> Relation {
        Relation(
            cytokine: row["cytokine"], kind: Relation.Kind(rawValue: row["relation"]) ?? .does, what: row["what"],
            note: row["note"], source: source(row), grade: grade(row))
    }

    func measurement(_ row: Row) -> Measurement {
        let text: String = row["value"]
        let written =
            (try? WrittenValue(reading: text))
            ?? WrittenValue(text: text, low: nil, high: nil, deviation: nil, isApproximate: true)
        let value = WrittenValue(
            text: text, low: row["low"], high: row["high"], deviation: row["deviation"],
            isApproximate: written.isApproximate)
        return Measurement(
            subject: row["subject"], parameter: MeasuredParameter(rawValue: row["parameter"]) ?? .diffusion,
            receptor: row["receptor"], cell: row["cell"], written: written, value: value, unit: row["unit"],
            species: row["species"], condition: row["condition"], grade: grade(row), source: source(row),
            note: row["note"], caveat: Caveat(rawValue: row["caveat"]), layer: row["layer"])
    }

    func setAside(_ row: Row) -> SetAside {
        SetAside(
            subject: row["subject"], parameter: row["parameter"], value: row["value"], why: row["why"],
            source: source(row))
    }

    private func split(_ text: String, _ separator: Character) -> [String] {
        text.split(separator: separator).map(String.init)
    }
}
