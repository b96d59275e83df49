import Biology
import Foundation
import GRDB

/// The catalogue's tables in SQLite: written once, in memory, and only read from then on.
///
/// Nothing is cached on disk, so a read-only home or folder does not matter and nothing can be out of date.
final class CatalogueDatabase: Sendable {
    private let queue: DatabaseQueue

    /// - Precondition: the tables keep their rules.
    init(_ tables: TableSet, version: String) {
        do {
            queue = try DatabaseQueue()
            try queue.writeWithoutTransaction { database in
                try database.inTransaction {
                    try CatalogueDatabase.fill(database, tables, version)
                    return .commit
                }
                try database.execute(sql: "PRAGMA query_only = ON")
            }
        } catch {
            preconditionFailure("the catalogue's tables do not fit its database: \(error)")
        }
    }

    /// Runs a query; its words are ours and its arguments are bound, so it can only fail by our mistake.
    func rows(_ sql: String, _ arguments: [any DatabaseValueConvertible] = []) -> [Row] {
        do {
            // Nobody writes any more, so no transaction is needed around a read.
            return try queue.unsafeRead { database in
                try Row.fetchAll(database.cachedStatement(sql: sql), arguments: StatementArguments(arguments))
            }
        } catch {
            preconditionFailure("a query of the catalogue failed: \(error)")
        }
    }

    /// Writes the whole database to a file of its own, with every spelling of every name.
    func copy(to path: String, _ index: NameIndex) throws {
        let file = try DatabaseQueue(path: path)
        try queue.backup(to: file)
        try file.write { try CatalogueDatabase.fillNames($0, index) }
        try file.close()
        // GRDB lifts the ban on writing when it has read for a backup.
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = ON") }
    }

    private static func fill(
        _ database: Database, _ tables: TableSet, _ version: String
    ) throws {
        try database.execute(sql: "CREATE TABLE catalogue (version TEXT NOT NULL)")
        try database.execute(sql: "INSERT INTO catalogue VALUES (?)", arguments: [version])
        for table in CatalogueTable.allCases {
            let numbers = table == .measurements ? ["low", "high", "deviation"] : []
            let names = table.columns.map(\.name) + numbers + ["layer"]
            let columns = names.map { name in
                "\"\(name)\" \(numbers.contains(name) ? "REAL" : name == "layer" ? "INTEGER NOT NULL" : "TEXT NOT NULL")"
            }
            try database.execute(sql: "CREATE TABLE \(table.rawValue) (\(columns.joined(separator: ", ")))")
            try insert(tables[table], width: names.count, into: table.rawValue, database)
        }
        try database.execute(sql: "CREATE INDEX measured ON measurements (subject, parameter)")
        try database.execute(sql: "CREATE INDEX related ON relations (cytokine)")
    }

    /// Sixteen lines a statement: four fifths of the time goes into starting one.
    private static func insert(_ rows: [TableRow], width: Int, into table: String, _ database: Database) throws {
        let line = "(\(Array(repeating: "?", count: width).joined(separator: ", ")))"
        var factors: [String: Double] = [:]
        for start in stride(from: 0, to: rows.count, by: 16) {
            let part = rows[start..<min(start + 16, rows.count)]
            let lines = Array(repeating: line, count: part.count).joined(separator: ", ")
            var values: [DatabaseValue] = []
            values.reserveCapacity(part.count * width)
            for row in part {
                for field in row.fields { values.append(field.databaseValue) }
                if row.table == .measurements { values += coherent(row, &factors) }
                values.append(row.layer.databaseValue)
            }
            let statement = try database.cachedStatement(sql: "INSERT INTO \(table) VALUES \(lines)")
            try statement.execute(arguments: StatementArguments(values))
        }
    }

    /// Least and greatest value and deviation in µm, s, molecules and kDa.
    private static func coherent(_ row: TableRow, _ factors: inout [String: Double]) -> [DatabaseValue] {
        let unit = row["unit"]
        let factor = factors[unit] ?? (try? UnitExpression.parse(unit).factor) ?? 1
        factors[unit] = factor
        guard let written = try? WrittenValue(reading: row["value"]) else { return [.null, .null, .null] }
        let value = written.scaled(by: factor)
        return [value.low, value.high, value.deviation].map { $0?.databaseValue ?? .null }
    }

    private static func fillNames(_ database: Database, _ index: NameIndex) throws {
        try database.execute(
            sql:
                "CREATE TABLE names (kind TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (kind, key))"
        )
        let statement = try database.makeStatement(sql: "INSERT INTO names VALUES (?, ?, ?)")
        for kind in NameIndex.Kind.allCases {
            for (key, name) in (index.names[kind] ?? [:]).sorted(by: { $0.key < $1.key }) {
                try statement.execute(arguments: [kind.rawValue, key, name])
            }
        }
    }
}
