import CCatalogue
import Foundation

/// All tables with what is laid over them.
struct TableSet {
    private var rows: [CatalogueTable: [TableRow]] = [:]
    /// Of the bytes laid over the built-in tables; 0 for none.
    private(set) var fingerprint: UInt64 = 0

    subscript(table: CatalogueTable) -> [TableRow] {
        get { rows[table] ?? [] }
        set { rows[table] = newValue }
    }

    /// The tables in the program; tests hold that they are faultless.
    static func builtin() -> (tables: TableSet, problems: [CatalogueProblem]) {
        var set = TableSet()
        var problems: [CatalogueProblem] = []
        for index in 0..<catalogue_table_count() {
            let stored = unsafe catalogue_table(index)
            let name = unsafe String(cString: stored.name)
            let bytes = unsafe [UInt8](UnsafeBufferPointer(start: stored.bytes, count: stored.count))
            guard let table = CatalogueTable(rawValue: name) else { continue }
            let read = TableText.rows(of: table, bytes, file: "builtin/\(name).csv", layer: 0)
            set[table] = read.rows
            problems += read.problems
        }
        return (set, problems)
    }

    /// Lays a folder of tables over these: a line with the same key as one below takes its place.
    mutating func lay(_ folder: URL, layer: Int) -> [CatalogueProblem] {
        let path = folder.relativePath
        let files: [String]
        do {
            files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".csv") }
                .sorted()
        } catch {
            return [
                CatalogueProblem(
                    file: path, line: 0, column: 0, problem: "this folder of tables cannot be read",
                    fix: "name a folder that holds tables such as measurements.csv")
            ]
        }
        guard !files.isEmpty else {
            return [
                CatalogueProblem(
                    file: path, line: 0, column: 0, problem: "there is no table in this folder",
                    fix: "put tables there, such as measurements.csv; `paracrine catalogue export` shows their form")
            ]
        }
        var problems: [CatalogueProblem] = []
        var added: [TableRow] = []
        for file in files {
            let read = readFile(file, in: folder, layer: layer)
            added += read.rows
            problems += read.problems
        }
        var all = self
        for row in added { all.rows[row.table, default: []].append(row) }
        let index = NameIndex(all)
        merge(added.map { $0.named(by: index) })
        return problems
    }

    private mutating func readFile(
        _ file: String, in folder: URL, layer: Int
    ) -> (rows: [TableRow], problems: [CatalogueProblem]) {
        let shown = "\(folder.relativePath)/\(excerpt(file))"
        guard let table = CatalogueTable(rawValue: String(file.dropLast(4))) else {
            let known = CatalogueTable.allCases.map { "\($0.rawValue).csv" }
            let problem = CatalogueProblem(
                file: shown, line: 0, column: 0, problem: "this is not a table of the catalogue",
                fix: "its tables are \(known.joined(separator: ", "))")
            return ([], [problem])
        }
        let place = folder.appendingPathComponent(file)
        let attributes = try? FileManager.default.attributesOfItem(atPath: place.resolvingSymlinksInPath().path)
        guard let attributes, attributes[.type] as? FileAttributeType == .typeRegular,
            let size = (attributes[.size] as? NSNumber)?.intValue, size <= TableText.longestFile,
            let data = try? Data(contentsOf: place)
        else {
            let most = TableText.longestFile >> 20
            let problem = CatalogueProblem(
                file: shown, line: 0, column: 0, problem: "this table cannot be read",
                fix: "it must be a file of at most \(most) MiB that you may read")
            return ([], [problem])
        }
        mix(data)
        return TableText.rows(of: table, [UInt8](data), file: shown, layer: layer)
    }

    private mutating func merge(_ added: [TableRow]) {
        for table in CatalogueTable.allCases {
            var lines = self[table]
            var places: [String: Int] = [:]
            for (index, row) in lines.enumerated() { places[row.key] = index }
            for row in added where row.table == table {
                if let index = places[row.key], lines[index].layer < row.layer {
                    lines[index] = row
                } else {
                    lines.append(row)
                }
            }
            self[table] = lines
        }
    }

    /// FNV-1a, 64 bit: http://www.isthe.com/chongo/tech/comp/fnv/ (constants from memory, any good mixing serves).
    private mutating func mix(_ data: Data) {
        if fingerprint == 0 { fingerprint = 0xcbf2_9ce4_8422_2325 }
        for byte in data { fingerprint = (fingerprint ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
}
