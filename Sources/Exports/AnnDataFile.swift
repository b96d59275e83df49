import HDF5

/// A table of observations × variables as AnnData 0.1.0 lays it out in HDF5, which anndata and scanpy open.
///
///     /X              observations × variables
///     /obs, /var      dataframes, each with its index
///     /layers/NAME    observations × variables
///     /obsm/spatial   observations × 3, µm
///     /uns/NAME       one text or number each
struct AnnDataFile {
    enum Matrix {
        case numbers([Double])
        case counts([Int32])
    }

    /// A dataframe: named columns beside an index.
    struct Table {
        var index: [String]
        var columns: [(name: String, values: Column)] = []
    }

    enum Column {
        case numbers([Double])
        case integers([Int])
        case texts([String])
        /// Index into the names of the categories.
        case categories([Int], names: [String])
    }

    enum Note {
        case text(String)
        case number(Double)
    }

    var matrix: Matrix
    var observations: Table
    var variables: Table
    /// One row an observation: x, y, z.
    var spatial: [Double]
    var notes: [(name: String, value: Note)]
    /// Of the matrix' shape.
    var layers: [(name: String, values: [Double])] = []

    func write(to path: String) throws(HDF5Error) {
        let file = try HDF5File.create(at: path)
        try mark(file, "/", "anndata", "0.1.0")
        let shape = [observations.index.count, variables.index.count]
        switch matrix {
        case .numbers(let values): try array(values, shape, "X", in: file)
        case .counts(let values): try array(values, shape, "X", in: file)
        }
        try write(observations, "obs", in: file)
        try write(variables, "var", in: file)
        for group in ["obsm", "varm", "obsp", "varp", "layers", "uns"] {
            try file.createGroup(group)
            try mark(file, group, "dict", "0.1.0")
        }
        for layer in layers { try array(layer.values, shape, "layers/\(layer.name)", in: file) }
        try array(spatial, [observations.index.count, 3], "obsm/spatial", in: file)
        for (name, note) in notes {
            switch note {
            case .text(let text):
                try file.write([text], to: "uns/\(name)", shape: [])
                try mark(file, "uns/\(name)", "string", "0.2.0")
            case .number(let number):
                try file.write([number], to: "uns/\(name)", shape: [])
                try mark(file, "uns/\(name)", "numeric-scalar", "0.2.0")
            }
        }
        try file.close()
    }

    private func mark(_ file: HDF5File, _ name: String, _ encoding: String, _ version: String) throws(HDF5Error) {
        try file.setAttribute("encoding-type", to: .text(encoding), of: name)
        try file.setAttribute("encoding-version", to: .text(version), of: name)
    }

    private func write(_ table: Table, _ name: String, in file: HDF5File) throws(HDF5Error) {
        try file.createGroup(name)
        try mark(file, name, "dataframe", "0.2.0")
        try file.setAttribute("_index", to: .text("_index"), of: name)
        try file.setAttribute("column-order", to: .texts(table.columns.map(\.name)), of: name)
        try texts(table.index, "\(name)/_index", in: file)
        for column in table.columns {
            let path = "\(name)/\(column.name)"
            switch column.values {
            case .numbers(let values): try array(values, [values.count], path, in: file)
            case .integers(let values): try array(values, [values.count], path, in: file)
            case .texts(let values): try texts(values, path, in: file)
            case .categories(let codes, let names):
                try file.createGroup(path)
                try mark(file, path, "categorical", "0.2.0")
                // 0 is h5py's False: an integer serves anndata as well as its enumeration does.
                try file.setAttribute("ordered", to: .integer(0), of: path)
                try array(codes.map { Int32(clamping: $0) }, [codes.count], "\(path)/codes", in: file)
                try texts(names, "\(path)/categories", in: file)
            }
        }
    }

    private func array<Number: HDF5Number>(
        _ values: [Number], _ shape: [Int], _ name: String, in file: HDF5File
    ) throws(HDF5Error) {
        try file.write(values, to: name, shape: shape, storage: AnnDataFile.storage(shape))
        try mark(file, name, "array", "0.2.0")
    }

    private func texts(_ values: [String], _ name: String, in file: HDF5File) throws(HDF5Error) {
        try file.write(values, to: name)
        try mark(file, name, "string-array", "0.2.0")
    }

    /// Chosen as in the frames of a run: small arrays as they are, others in deflated chunks of whole rows.
    private static func storage(_ shape: [Int]) -> HDF5Storage {
        guard shape.reduce(1, *) >= 4096 else { return .contiguous }
        let row = shape.dropFirst().reduce(1, *)
        return .deflated(chunk: [max(1, min(shape[0], 65536 / max(1, row)))] + shape.dropFirst(), level: 4)
    }
}
