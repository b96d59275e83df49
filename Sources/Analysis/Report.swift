public import Results
import Simulation

/// One page that shows what a run gave: `report.html`, which needs no other file, and its drawings in `figures/`.
public enum Report {
    /// Writes the report of a run into its folder and returns the page's path.
    public static func write(_ folder: RunFolder, context: ReportContext) throws -> String {
        let run = try ReportedRun(folder, context)
        if let niches = run.niches.table { try folder.write(niches, to: NicheHistory.fileName) }
        var page = ReportPage(context: context, run: run)
        var names = Set<String>()
        for section in run.sections() {
            var drawn: [DrawnFigure] = []
            for var figure in section.figures {
                figure.name = unused(RunFolder.fileName(figure.name), &names)
                drawn.append(DrawnFigure(figure))
            }
            for (name, text) in drawn.flatMap(\.files) { try folder.write(text, to: name) }
            page.add(section, drawn)
        }
        try folder.write(page.html(), to: "report.html")
        return folder.file("report.html")
    }

    /// A file's name without spaces that no other figure has.
    private static func unused(_ name: String, _ names: inout Set<String>) -> String {
        let name = name.replacing(" ", with: "-").replacing(",", with: "").replacing("#", with: "-")
        var candidate = name
        var number = 2
        while !names.insert(candidate.lowercased()).inserted {
            candidate = "\(name)-\(number)"
            number += 1
        }
        return candidate
    }
}

/// Figures that belong together.
struct ReportSection {
    var heading: String
    /// What the figures and tables show.
    var sentences: [String] = []
    /// What is not shown, and why.
    var absences: [String]
    var figures: [Figure]
    var tables: [ReportTable] = []
}

/// All that a report is drawn from.
struct ReportedRun {
    let manifest: RunManifest
    let cells: CellFrame?
    let fields: [RecordedField]
    let series: SeriesTable
    let ledger: LedgerTable
    let expectations: [ExpectationResult]
    let niches: NicheHistory
    let communication: [CommunicationRow]
    let secretion: [SecretionRow]
    let replicates: SeriesBands?
    let context: ReportContext

    init(_ folder: RunFolder, _ context: ReportContext) throws {
        let reader = try ResultReader(folder)
        manifest = reader.manifest
        cells = try reader.lastCells()
        fields = try reader.lastFields()
        series = try reader.series()
        ledger = try reader.ledger()
        expectations = try folder.expectations()
        niches = try NicheHistory(reader, context, cells: cells)
        communication = try reader.communication()
        secretion = try reader.secretion()
        replicates = try reader.bands()
        self.context = context
    }

    func sections() -> [ReportSection] {
        let slices = slices()
        let (distances, byType) = (distances(), byType())
        let courses = SeriesFigures(
            series, typeNames: cells?.typeNames ?? [], molecules: ledger.last.map(\.molecule), replicates: replicates
        ).figures()
        let ranges = ranges()
        let ledgers = ledger.last.compactMap { LedgerFigure(ledger: $0, time: ledger.rows.last?.time ?? 0).figure() }
        func absence(_ figures: [Figure], _ words: String) -> [String] { figures.isEmpty ? [words] : [] }
        if manifest.isMixed { return mixedSections(courses, ledgers) }
        return [
            ReportSection(
                heading: "In the tissue",
                absences: absence(
                    slices, "No field was recorded; add 'fields:' under 'record:' in the model file to see one."),
                figures: slices),
            ReportSection(
                heading: "What the cells meet and bind",
                absences: absence(
                    distances,
                    "No cell beside the secretors met a molecule that was recorded; name the molecule among the columns of "
                        + "'cells:' to see it against the distance from secretors.")
                    + absence(
                        byType,
                        "No receptor was occupied, or none was recorded; name RECEPTOR.occupancy among the columns of "
                            + "'cells:' to see it by cell type."),
                figures: distances + byType),
            CommunicationSection(self, ranges: ranges).section,
            nicheSection(ranges),
            ReportSection(
                heading: "Over time", absences: absence(courses, "Fewer than two times were recorded."),
                figures: courses),
            ReportSection(
                heading: "Where the molecules went", absences: absence(ledgers, "No molecules were handled."),
                figures: ledgers),
        ]
    }

    /// Of a run without space, which has no fields, niches or distances.
    private func mixedSections(_ courses: [Figure], _ ledgers: [Figure]) -> [ReportSection] {
        let byChance =
            manifest.options["--leap"].map { "by chance in leaps of \($0), which is not exact" }
            ?? "molecule by molecule, exactly by chance"
        let way = manifest.engine == .ssa ? byChance : "as ordinary differential equations"
        let words =
            "Space is left out but for volumes: molecules are dissolved evenly in the box, and what a cell meets at its "
            + "surface is what is everywhere. The model ran \(way). 'paracrine mix --compare' says where space matters."
        return [
            ReportSection(
                heading: "Over time", sentences: [words],
                absences: courses.isEmpty ? ["Fewer than two times were recorded."] : [], figures: courses),
            ReportSection(
                heading: "Where the molecules went",
                absences: ledgers.isEmpty ? ["No molecules were handled."] : [], figures: ledgers),
        ]
    }

    private func ranges() -> [SignalRange] {
        // Distances are within one tissue.
        guard let cells, cells.tissueNames.isEmpty else { return [] }
        return context.bindings.keys.sorted().filter { !secretors(of: $0).isEmpty }.map { molecule in
            SignalRange(
                molecule, field: fields.first { $0.molecule == molecule }, cells: cells,
                secretors: secretors(of: molecule), context: context)
        }
    }

    private func nicheSection(_ ranges: [SignalRange]) -> ReportSection {
        NicheSection(
            history: niches, ranges: ranges, typeNames: cells?.typeNames ?? [], context: context, fields: fields,
            cells: cells
        ).section
    }

    private func slices() -> [Figure] {
        let slices = fields.map {
            SliceFigure($0, cells: cells?.inTissue(ofField: $0.molecule), secretors: secretors(of: $0.molecule))
        }
        guard let first = slices.first, first.isCrowded else { return slices.map { $0.figure(.fieldAndCells) } }
        return slices.map { $0.figure(.fieldAndSecretors) } + [first.figure(.cells)]
    }

    private func secretors(of molecule: String) -> Set<Int> {
        let names =
            context.secretors[molecule]
            // "IL-6 in gut" is IL-6's.
            ?? context.secretors.first { molecule.hasPrefix("\($0.key) in ") }?.value ?? []
        let types = (cells?.typeNames ?? []).enumerated()
        return Set(types.filter { names.contains($0.element) }.map(\.offset))
    }

    private func distances() -> [Figure] {
        guard let cells else { return [] }
        let molecules =
            fields.map(\.molecule)
            + context.secretors.keys.sorted().filter { name in
                // Distances are within one tissue.
                cells.tissueNames.isEmpty && !fields.contains { $0.molecule == name }
            }
        return molecules.compactMap { molecule in
            DistanceFigure(
                molecule, cells: cells.inTissue(ofField: molecule), field: fields.first { $0.molecule == molecule },
                secretors: secretors(of: molecule), periods: context.periods)?.figure()
        }
    }

    private func byType() -> [Figure] {
        guard let cells else { return [] }
        return CellTypeFigure.columns(of: cells).compactMap { CellTypeFigure(column: $0, cells: cells).figure() }
    }
}
