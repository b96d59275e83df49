/// Columns of numbers from a CSV file, row by row; rows that cannot be used are listed.
public struct NumberTable: Sendable {
    /// More rows are refused.
    ///
    /// Chosen: far beyond any assay, far below memory.
    public static let mostRows = 1_000_000
    /// Problems kept; each is a sentence.
    static let mostProblems = 1000

    /// One number a column asked for.
    public var rows: [[Double]]
    /// The line of each row in the file, from 1.
    public var lines: [Int]
    public var problems: [RowProblem]

    /// Reads the named columns of a file.
    ///
    /// - Throws: ``TableError`` where the file or its header cannot be used.
    public static func read(path: String, columns: [String]) throws(TableError) -> NumberTable {
        var reader = try CSVReader(ByteSource(path))
        guard let header = try reader.next(), header.problem == nil else {
            throw TableError(path: path, line: 1, problem: "there is no header line", fix: "give a table with one")
        }
        let names = header.ends.indices.map { header.text($0) ?? "�" }
        var places: [Int] = []
        for column in columns {
            let found = names.indices.filter { names[$0] == column }
            guard let place = found.first else { throw missingColumn(column, among: names, path, line: 1) }
            guard found.count == 1 else {
                throw TableError(
                    path: path, line: 1, problem: "there are \(found.count) columns '\(excerpt(column))'",
                    fix: "rename all but one")
            }
            places.append(place)
        }
        var table = NumberTable(rows: [], lines: [], problems: [])
        let mark: Character = reader.separator == UInt8(ascii: ";") ? "," : "."
        while let row = try reader.next() {
            if row.isBlank { continue }
            guard table.rows.count < mostRows else {
                throw TableError(
                    path: path, line: row.line, problem: "the table has more than \(mostRows) rows",
                    fix: "give the rows that belong together")
            }
            table.add(row, places, columns, count: names.count, decimalMark: mark)
        }
        return table
    }

    private mutating func add(
        _ row: CSVRow, _ places: [Int], _ columns: [String], count: Int, decimalMark: Character
    ) {
        var problem = row.problem
        if problem == nil, row.ends.count != count {
            problem = "has \(row.ends.count) fields where the header has \(count)"
        }
        var numbers: [Double] = []
        for (place, column) in zip(places, columns) where problem == nil {
            let text = row.text(place) ?? "�"
            // Where semicolons separate, a comma or a point may stand before the fraction.
            switch TableText.number(text, decimalMark: text.contains(".") ? "." : decimalMark) {
            case .value(let value): numbers.append(value)
            case .problem(let what): problem = "'\(excerpt(column))' \(what)"
            }
        }
        guard let problem else {
            rows.append(numbers)
            return lines.append(row.line)
        }
        if problems.count < NumberTable.mostProblems { problems.append(RowProblem(line: row.line, what: problem)) }
    }
}
