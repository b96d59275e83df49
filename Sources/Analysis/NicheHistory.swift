import Results
import Simulation

/// The niches of every recorded molecule over the recorded times, as `niches.csv` and the report show them.
struct NicheHistory {
    private(set) var censuses: [NicheCensus] = []
    private let typeNames: [String]

    /// Reads the fields one time after the other; cells stand where they last stood.
    init(_ reader: ResultReader, _ context: ReportContext, cells: CellFrame?) throws {
        typeNames = cells?.typeNames ?? []
        guard !context.nicheThresholds.isEmpty else { return }
        for file in reader.fieldFiles {
            try add(reader.fields(file), context, cells)
        }
    }

    private mutating func add(_ fields: [RecordedField], _ context: ReportContext, _ cells: CellFrame?) {
        for field in fields {
            for threshold in context.nicheThresholds[field.molecule] ?? [] where index(field.molecule, threshold) == nil
            {
                let names = context.secretors[field.molecule] ?? []
                let secretors = typeNames.indices.filter { names.contains(typeNames[$0]) }
                censuses.append(
                    NicheCensus(
                        field.molecule, threshold: threshold, cells: cells, secretorTypes: Set(secretors),
                        periods: context.periods))
            }
        }
        var maps: [(census: Int, field: RecordedField, map: NicheMap)] = []
        for (i, census) in censuses.enumerated() {
            guard let field = fields.first(where: { $0.molecule == census.molecule }) else { continue }
            maps.append((i, field, census.map(field)))
        }
        for (census, field, map) in maps {
            let others = maps.filter { $0.field.molecule != field.molecule }.map(\.map)
            censuses[census].add(field, map, others: others)
        }
    }

    private func index(_ molecule: String, _ threshold: Double) -> Int? {
        censuses.firstIndex { $0.molecule == molecule && $0.threshold == threshold }
    }

    static let fileName = "niches.csv"

    /// One row a niche and time; `nil` where no niche was looked for.
    var table: String? {
        guard !censuses.isEmpty else { return nil }
        var text = CSVTable.line(
            [
                "time (h)", "molecule", "threshold (nM)", "niche", "volume (µm³)", "radius (µm)", "reach (µm)",
                "secretors", "secretor ids", "shared with other molecules (1)", "age (h)",
            ] + typeNames.map { "\($0) inside" })
        for census in censuses {
            var born: [Int: Double] = [:]
            for niche in census.niches {
                let start = born[niche.number] ?? niche.time
                born[niche.number] = start
                let numbers = [niche.volume, niche.radius, niche.reach]
                let ids = niche.secretors.map(String.init).joined(separator: " ")
                text += CSVTable.line(
                    [
                        CSVTable.number(niche.time / 3600), census.molecule, CSVTable.number(census.threshold),
                        "\(niche.number + 1)",
                    ] + numbers.map(CSVTable.number)
                        + [
                            "\(niche.secretors.count)", ids, CSVTable.number(niche.shared),
                            CSVTable.number((niche.time - start) / 3600),
                        ] + niche.inside.map { "\($0)" })
            }
        }
        return text
    }
}
