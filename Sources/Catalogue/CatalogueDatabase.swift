import Biology
import Foundation
import GRDB

/// The catalogue's tables in SQLite: written once, in memory, and only read from then on.
///
/// Nothing is cached on disk, so a read-only home or folder does not matter and nothing can be out of date.
final class CatalogueDatabase: Sendable {
    private let queue: DatabaseQueue

    /// - Precondition: the tables keep their rules.
    init(_ tables: TableSet, index: NameIndex, version: String) {
        do {
            queue = try DatabaseQueue()
            try queue.writeWithoutTransaction { database in
                try database.inTransaction {
                    try CatalogueDatabase.fill(database, tables, index, version)
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
            return try queue.read { try Row.fetchAll($0, sql: sql, arguments: StatementArguments(arguments)) }
        } catch {
            preconditionFailure("a query of the catalogue failed: \(error)")
        }
    }

    /// Writes the whole database to a file of its own.
    func copy(to path: String) throws {
        let file = try DatabaseQueue(path: path)
        try queue.backup(to: file)
        try file.close()
    }

    private static func fill(
        _ database: Database, _ tables: TableSet, _ index: NameIndex, _ version: String
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
            let marks = Array(repeating: "?", count: names.count).joined(separator: ", ")
            let statement = try database.makeStatement(sql: "INSERT INTO \(table.rawValue) VALUES (\(marks))")
            var factors: [String: Double] = [:]
            for row in tables[table] {
                var values: [DatabaseValue] = row.fields.map(\.databaseValue)
                if table == .measurements { values += coherent(row, &factors) }
                values.append(row.layer.databaseValue)
                try statement.execute(arguments: StatementArguments(values))
            }
        }
        try database.execute(sql: "CREATE INDEX measured ON measurements (subject, parameter)")
        try database.execute(sql: "CREATE INDEX related ON relations (cytokine)")
        try fillNames(database, index)
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
