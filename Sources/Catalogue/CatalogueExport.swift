import Foundation

extension ParameterCatalogue {
    /// The tables as files of CSV text by file name, what is laid over them included.
    public var tableFiles: [(name: String, text: String)] {
        CatalogueTable.allCases.map { table in
            let rows = [table.columns.map(\.name)] + tables[table].map(\.fields)
            let lines = rows.map { $0.map(ParameterCatalogue.field).joined(separator: ",") }
            return ("\(table.rawValue).csv", lines.map { $0 + "\n" }.joined())
        }
    }

    /// Quoted where a comma, a quote or a space at an end asks for it.
    private static func field(_ text: String) -> String {
        guard text.contains(where: { ",\"\n\r".contains($0) }) || text.hasPrefix(" ") else { return text }
        return "\"\(text.replacingOccurrences(of: "\"", with: "\"\""))\""
    }

    /// Every table as a list of lines, each a table of its columns; numbers also in µm, s, molecules and kDa.
    public var exported: ExportedCatalogue {
        var all: [String: [[String: String]]] = [:]
        for table in CatalogueTable.allCases where table != .measurements {
            let names = table.columns.map(\.name)
            all[table.rawValue] = tables[table].map { row in
                Dictionary(zip(names, row.fields).filter { !$0.1.isEmpty }, uniquingKeysWith: { $1 })
            }
        }
        return ExportedCatalogue(version: version, tables: all, measurements: measurements)
    }

    /// Writes the database, with its names and coherent numbers, to a new SQLite file.
    public func writeDatabase(to path: String) throws { try database.copy(to: path, index) }
}

/// The whole catalogue for other programs.
public struct ExportedCatalogue: Hashable, Sendable, Codable {
    public var version: String
    public var tables: [String: [[String: String]]]
    public var measurements: [Measurement]
}
