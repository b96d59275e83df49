import Biology
import HDF5

/// Reads cells from an AnnData file, in the encodings of anndata 0.7 and later (dataframe 0.1.0 and 0.2.0).
///
/// Source: the anndata on-disk format, https://anndata.readthedocs.io/en/latest/fileformat-prose.html
struct AnnData {
    let path: String
    private let file: HDF5File

    /// A column of a data frame.
    private enum Column {
        /// `nil` where a text is missing.
        case texts([String?])
        /// NaN where a number is missing.
        case numbers([Double])

        var count: Int {
            switch self {
            case .texts(let texts): texts.count
            case .numbers(let numbers): numbers.count
            }
        }

        /// A row as a label: cluster 3 is "3".
        func text(_ row: Int) -> String? {
            switch self {
            case .texts(let texts): return texts[row]
            case .numbers(let numbers):
                let number = numbers[row]
                guard !number.isNaN else { return nil }
                return Int(exactly: number).map { "\($0)" } ?? "\(number)"
            }
        }
    }

    private struct Numbers {
        var name: String
        var values: [Double]
    }

    init(_ path: String) throws(TableError) {
        self.path = path
        file = try inTable { () throws(HDF5Error) in try HDF5File.open(at: path) }
    }

    /// Reads the columns, then goes through the rows.
    func read(_ asked: TablePlacement, _ markers: [String]) throws(TableError) -> CellTable {
        try checkEncoding("obs")
        let (placement, substitutes) = try withColumnsThatExist(asked)
        let labels = try column(placement.typeColumn, of: "obs")
        let rows = labels.count
        let ids = try placement.idColumn.map { name throws(TableError) in try column(name, of: "obs", rows: rows) }
        let positions = try positions(placement, rows: rows)
        let brightness = try markers.map { name throws(TableError) in try marker(name, rows: rows) }
        var builder = CellTableBuilder(path, lineWord: "row", placement, markers: markers, is3D: positions.count == 3)
        for row in 0..<rows {
            let line = row + 1
            let label = labels.text(row) ?? ""
            let id = ids?.text(row) ?? ""
            if builder.isMissing(label: label) {
                builder.leaveOut(line, "'\(excerpt(placement.typeColumn))' is missing")
            } else if let name = placement.idColumn, TableText.missing.contains(id) {
                builder.leaveOut(line, "'\(excerpt(name))' is missing")
            } else if let bad = (positions + brightness).first(where: { !$0.values[row].isFinite }) {
                builder.leaveOut(line, "'\(excerpt(bad.name))' is \(bad.values[row].isNaN ? "missing" : "infinite")")
            } else {
                try builder.add(
                    line: line, id: ids == nil ? nil : id, position: positions.map { $0.values[row] }, label: label,
                    brightness: brightness.map { $0.values[row] })
            }
        }
        var table = try builder.finish()
        table.substitutes = substitutes
        return table
    }

    /// The placement with AnnData's own positions and names for columns `obs` has not, and a note on each.
    ///
    /// So a model written for a CSV file also reads the AnnData file of the same cells.
    private func withColumnsThatExist(_ asked: TablePlacement) throws(TableError) -> (TablePlacement, [String]) {
        let own = try inTable { () throws(HDF5Error) in try file.children(of: "obs") }
        var (placement, notes) = (asked, [String]())
        if let absent = asked.positionColumns?.first(where: { !own.contains($0) }),
            try inTable({ () throws(HDF5Error) in try file.kind(of: "obsm/spatial") }) == .dataset
        {
            placement.positionColumns = nil
            notes.append("\(path): 'obs' has no column '\(excerpt(absent))': positions are those of 'obsm/spatial'")
        }
        if let id = asked.idColumn, id != "index", !own.contains(id) {
            placement.idColumn = "index"
            notes.append("\(path): 'obs' has no column '\(excerpt(id))': cells are named by its index")
        }
        return (placement, notes)
    }

    // MARK: - Encodings

    private func checkEncoding(_ frame: String) throws(TableError) {
        switch try inTable({ () throws(HDF5Error) in try file.kind(of: frame) }) {
        case .group: break
        case .dataset:
            throw fault(
                "'\(frame)' is a compound array, as anndata before 0.7 wrote it",
                "read it with anndata and write it again with 'write_h5ad'")
        default:
            throw fault("there is no '\(frame)' in this HDF5 file", "give an AnnData file, with its cells in 'obs'")
        }
        let type = try text("encoding-type", of: frame) ?? "dataframe"
        let version = try text("encoding-version", of: frame) ?? "0.1.0"
        guard type == "dataframe", ["0.1.0", "0.2.0"].contains(version) else {
            throw fault(
                "'\(frame)' is encoded as \(excerpt(type)) \(excerpt(version)), and this build reads dataframe 0.1.0 and 0.2.0",
                "read it with anndata and write it again with 'write_h5ad'")
        }
    }

    /// Any kind of column, with as many rows as the first one read.
    private func column(_ name: String, of frame: String, rows: Int? = nil) throws(TableError) -> Column {
        let place = try place(of: name, in: frame)
        let column: Column
        if try inTable({ () throws(HDF5Error) in try file.kind(of: place) }) == .group {
            column = try encodedColumn(place)
        } else if try inTable({ () throws(HDF5Error) in try file.contains("\(frame)/__categories/\(name)") }) {
            column = try categorical(codes: place, categories: "\(frame)/__categories/\(name)")
        } else {
            column = try plainColumn(place)
        }
        guard column.count == rows ?? column.count else {
            throw fault(
                "'\(place)' has \(column.count) rows where others have \(rows ?? 0)",
                "write the file again with anndata")
        }
        return column
    }

    /// Where a column of a data frame is kept; "index" is its index, whatever that is called.
    private func place(of name: String, in frame: String) throws(TableError) -> String {
        let columns = try inTable { () throws(HDF5Error) in try file.children(of: frame) }.filter {
            $0 != "__categories"
        }
        if columns.contains(name) { return "\(frame)/\(name)" }
        if name == "index", let index = try text("_index", of: frame), columns.contains(index) {
            return "\(frame)/\(index)"
        }
        throw missingColumn(name, among: columns, "\(path)/\(frame)")
    }

    private func plainColumn(_ place: String) throws(TableError) -> Column {
        try inTable { () throws(HDF5Error) in
            guard try file.shape(of: place).count == 1 else {
                throw HDF5Error(
                    path: path, problem: "'\(place)' is no column", fix: "write the file again with anndata")
            }
            if try file.elementKind(of: place) == .text { return .texts(try file.readTexts(place)) }
            return .numbers(try file.read(place))
        }
    }

    /// A column that is a group: categories with codes, or values with a mask.
    private func encodedColumn(_ place: String) throws(TableError) -> Column {
        let type = try text("encoding-type", of: place) ?? "none"
        switch type {
        case "categorical": return try categorical(codes: "\(place)/codes", categories: "\(place)/categories")
        case "nullable-integer", "nullable-boolean", "nullable-string-array":
            let values = try plainColumn("\(place)/values")
            let mask: [Int] = try inTable { () throws(HDF5Error) in try file.read("\(place)/mask") }
            guard mask.count == values.count else {
                throw fault("the mask of '\(place)' has another length", damageFix)
            }
            switch values {
            case .texts(let texts): return .texts(zip(texts, mask).map { $1 == 0 ? $0 : nil })
            case .numbers(let numbers): return .numbers(zip(numbers, mask).map { $1 == 0 ? $0 : .nan })
            }
        default:
            throw fault(
                "'\(place)' is encoded as \(excerpt(type)), which this build does not read",
                "turn the column into categories, texts or numbers with anndata")
        }
    }

    /// Codes that number the categories from 0; a negative code is missing.
    private func categorical(codes: String, categories: String) throws(TableError) -> Column {
        let numbers: [Int] = try inTable { () throws(HDF5Error) in try file.read(codes) }
        let names = try plainColumn(categories)
        guard let largest = numbers.max(), largest >= names.count else {
            let texts = (0..<names.count).map(names.text)
            return .texts(numbers.map { $0 < 0 ? nil : texts[$0] })
        }
        throw fault("'\(codes)' has the code \(largest), but there are \(names.count) categories", damageFix)
    }

    // MARK: - Positions and markers

    private func positions(_ placement: TablePlacement, rows: Int) throws(TableError) -> [Numbers] {
        if let columns = placement.positionColumns {
            return try columns.map { name throws(TableError) in
                Numbers(name: name, values: try numbers(name, try column(name, of: "obs", rows: rows)))
            }
        }
        let place = "obsm/spatial"
        guard try inTable({ () throws(HDF5Error) in try file.kind(of: place) }) == .dataset else {
            throw fault(
                "there is no array 'obsm/spatial' with the positions",
                "name the columns of 'obs' that hold them, as 'x:' and 'y:'")
        }
        let shape = try inTable { () throws(HDF5Error) in try file.shape(of: place) }
        guard shape.count == 2, shape[0] == rows, (2...3).contains(shape[1]) else {
            throw fault("'\(place)' has the shape \(shape), not \(rows) rows of 2 or 3 numbers", damageFix)
        }
        return try (0..<shape[1]).map { axis throws(TableError) in
            let values: [Double] = try inTable { () throws(HDF5Error) in try file.readColumn(axis, of: place) }
            return Numbers(name: "\(place) \(["x", "y", "z"][axis])", values: values)
        }
    }

    private func numbers(_ name: String, _ column: Column) throws(TableError) -> [Double] {
        guard case .numbers(let numbers) = column else {
            throw fault(
                "column '\(excerpt(name))' of 'obs' holds texts where numbers are needed", "name a column of numbers")
        }
        return numbers
    }

    /// A column of `obs`, or else a variable of `X`.
    private func marker(_ name: String, rows: Int) throws(TableError) -> Numbers {
        let own = try inTable { () throws(HDF5Error) in try file.children(of: "obs") }
        if own.contains(name) {
            return Numbers(name: name, values: try numbers(name, try column(name, of: "obs", rows: rows)))
        }
        try checkEncoding("var")
        let variables = try column("index", of: "var")
        let names = (0..<variables.count).map { variables.text($0) ?? "" }
        guard let index = names.firstIndex(of: name) else {
            throw missingColumn(name, among: names + own.filter { $0 != "__categories" }, path)
        }
        return Numbers(name: name, values: try matrixColumn(index, rows: rows, columns: names.count))
    }

    private func matrixColumn(_ index: Int, rows: Int, columns: Int) throws(TableError) -> [Double] {
        switch try inTable({ () throws(HDF5Error) in try file.kind(of: "X") }) {
        case .dataset:
            let shape = try inTable { () throws(HDF5Error) in try file.shape(of: "X") }
            guard shape == [rows, columns] else {
                throw fault("'X' has the shape \(shape), not \([rows, columns])", damageFix)
            }
            return try inTable { () throws(HDF5Error) in try file.readColumn(index, of: "X") }
        case .group:
            let old = try text("h5sparse_format", of: "X").map { "\($0)_matrix" } ?? "none"
            let type = try text("encoding-type", of: "X") ?? old
            guard ["csr_matrix", "csc_matrix"].contains(type) else {
                throw fault(
                    "'X' is encoded as \(excerpt(type)), which this build does not read", "write it as csr_matrix")
            }
            return try sparseColumn(index, rows: rows, columns: columns, isByRow: type == "csr_matrix")
        default: throw fault("there is no 'X' with the markers", "name a column of 'obs'")
        }
    }

    /// A column of a compressed sparse matrix; entries that are not stored are 0.
    private func sparseColumn(_ index: Int, rows: Int, columns: Int, isByRow: Bool) throws(TableError) -> [Double] {
        let starts: [Int] = try inTable { () throws(HDF5Error) in try file.read("X/indptr") }
        let indices: [Int] = try inTable { () throws(HDF5Error) in try file.read("X/indices") }
        let data: [Double] = try inTable { () throws(HDF5Error) in try file.read("X/data") }
        guard starts.count == (isByRow ? rows : columns) + 1, indices.count == data.count, starts.first == 0,
            starts.last == data.count, zip(starts, starts.dropFirst()).allSatisfy({ $0 <= $1 }),
            indices.allSatisfy({ (0..<(isByRow ? columns : rows)).contains($0) })
        else { throw fault("the sparse matrix 'X' does not fit together", damageFix) }
        var values = [Double](repeating: 0, count: rows)
        guard isByRow else {
            for entry in starts[index]..<starts[index + 1] { values[indices[entry]] = data[entry] }
            return values
        }
        for row in 0..<rows {
            for entry in starts[row]..<starts[row + 1] where indices[entry] == index { values[row] = data[entry] }
        }
        return values
    }

    // MARK: - Help

    private var damageFix: String { "the file may be damaged: write it again with anndata" }

    private func fault(_ problem: String, _ fix: String) -> TableError {
        TableError(path: path, problem: problem, fix: fix)
    }

    private func text(_ attribute: String, of name: String) throws(TableError) -> String? {
        guard case .text(let text)? = try inTable({ () throws(HDF5Error) in try file.attribute(attribute, of: name) })
        else {
            return nil
        }
        return text
    }
}

/// Says what went wrong in the HDF5 file as a fault of the table.
private func inTable<Result>(_ body: () throws(HDF5Error) -> Result) throws(TableError) -> Result {
    do throws(HDF5Error) {
        return try body()
    } catch {
        throw TableError(path: error.path, problem: error.problem, fix: error.fix)
    }
}
