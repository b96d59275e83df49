import CHDF5

extension HDF5File {
    /// The extents of a dataset; empty for a scalar.
    public func shape(of name: String) throws(HDF5Error) -> [Int] {
        try withDataset(name) { dataset throws(HDF5Error) in try extents(of: dataset, name) }
    }

    public func elementKind(of name: String) throws(HDF5Error) -> HDF5ElementKind {
        try withDataset(name) { dataset throws(HDF5Error) in
            let type = H5Dget_type(dataset)
            guard type >= 0 else { throw error("'\(name)' has no readable type", damageFix) }
            defer { H5Tclose(type) }
            return HDF5ElementKind(type)
        }
    }

    /// A dataset's numbers, row-major, converted to `Number`.
    ///
    /// - Throws: ``HDF5Error`` where it holds something else, or fractions where `Number` is whole.
    public func read<Number: HDF5Number>(_ name: String, as _: Number.Type = Number.self) throws(HDF5Error) -> [Number]
    {
        try withDataset(name) { dataset throws(HDF5Error) in
            let count = try trustedCount(dataset, name, bytesEach: MemoryLayout<Number>.size)
            try requireNumbers(dataset, name, whole: Number.format.isInteger)
            return try numbers(dataset, name, count: count, memory: h5_all(), file: h5_all())
        }
    }

    /// One column of a two-dimensional dataset of numbers, top to bottom.
    public func readColumn<Number: HDF5Number>(
        _ column: Int, of name: String, as _: Number.Type = Number.self
    ) throws(HDF5Error) -> [Number] {
        try withDataset(name) { dataset throws(HDF5Error) in
            let shape = try extents(of: dataset, name)
            guard shape.count == 2, shape[1] > column, column >= 0 else {
                throw error("'\(name)' of shape \(shape) has no column \(column)", damageFix)
            }
            guard shape[0] <= HDF5File.largestElementCount else { throw tooLarge(name, shape) }
            try refuseForeignStorage(dataset, name)
            try requireNumbers(dataset, name, whole: Number.format.isInteger)
            guard shape[0] > 0 else { return [] }
            let memory = try dataspace([shape[0]])
            defer { H5Sclose(memory) }
            let file = H5Dget_space(dataset)
            defer { H5Sclose(file) }
            let start = [0, hsize_t(column)]
            let block = [hsize_t(shape[0]), 1]
            guard unsafe H5Sselect_hyperslab(file, H5S_SELECT_SET, start, nil, block, nil) >= 0 else {
                throw error("cannot select a column of '\(name)'", damageFix)
            }
            return try numbers(dataset, name, count: shape[0], memory: memory, file: file)
        }
    }

    /// A dataset's texts, row-major; bytes that are not UTF-8 become U+FFFD.
    public func readTexts(_ name: String) throws(HDF5Error) -> [String] {
        try withDataset(name) { dataset throws(HDF5Error) in
            let type = H5Dget_type(dataset)
            guard type >= 0 else { throw error("'\(name)' has no readable type", damageFix) }
            defer { H5Tclose(type) }
            guard HDF5ElementKind(type) == .text else { throw error("'\(name)' holds no text", damageFix) }
            if H5Tis_variable_str(type) > 0 { return try variableTexts(dataset, name, type) }
            let size = H5Tget_size(type)
            let count = try trustedCount(dataset, name, bytesEach: size)
            var bytes = [UInt8](repeating: 0, count: count * size)
            let status = unsafe bytes.withUnsafeMutableBytes {
                unsafe H5Dread(dataset, type, h5_all(), h5_all(), h5_default(), $0.baseAddress)
            }
            guard count == 0 || status >= 0 else { throw error("cannot read '\(name)'", damageFix) }
            return fixedTexts(bytes, size: size, count: count, type)
        }
    }
}

// MARK: - Inside the library

extension HDF5ElementKind {
    init(_ type: hid_t) {
        self =
            switch H5Tget_class(type) {
            case H5T_INTEGER: .integer
            case H5T_FLOAT: .float
            case H5T_STRING: .text
            case H5T_ENUM: .enumeration
            case H5T_COMPOUND: .compound
            default: .other
            }
    }
}

extension HDF5File {
    private func withDataset<Result: Sendable>(
        _ name: String, _ body: (hid_t) throws(HDF5Error) -> Result
    ) throws(HDF5Error) -> Result {
        try inLibrary { () throws(HDF5Error) in
            guard try objectKind(of: name) == .dataset else {
                throw error("has no dataset '\(name)'", "check that this is the file you mean")
            }
            let dataset = try unsafe H5Dopen2(file(), name, h5_default())
            guard dataset >= 0 else { throw error("cannot open '\(name)'", damageFix) }
            defer { H5Dclose(dataset) }
            return try body(dataset)
        }
    }

    private func extents(of dataset: hid_t, _ name: String) throws(HDF5Error) -> [Int] {
        let space = H5Dget_space(dataset)
        guard space >= 0 else { throw error("'\(name)' has no readable shape", damageFix) }
        defer { H5Sclose(space) }
        return try extents(ofSpace: space, name)
    }

    func extents(ofSpace space: hid_t, _ name: String) throws(HDF5Error) -> [Int] {
        let rank = H5Sget_simple_extent_ndims(space)
        guard rank >= 0, H5Sget_simple_extent_type(space) != H5S_NULL else {
            throw error("'\(name)' is empty", damageFix)
        }
        guard rank > 0 else { return [] }
        var extents = [hsize_t](repeating: 0, count: Int(rank))
        guard unsafe H5Sget_simple_extent_dims(space, &extents, nil) == rank else {
            throw error("'\(name)' has no readable shape", damageFix)
        }
        return extents.map { Int(clamping: $0) }
    }

    /// The number of elements, once reading them is known to need no more memory than the file can be worth.
    ///
    /// Deflate cannot shrink by more than about 1030 to 1, so a small file that claims a large array is not believed.
    private func trustedCount(_ dataset: hid_t, _ name: String, bytesEach: Int) throws(HDF5Error) -> Int {
        try refuseForeignStorage(dataset, name)
        let shape = try extents(of: dataset, name)
        var count = 1
        for extent in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            guard !overflow else { throw tooLarge(name, shape) }
            count = product
        }
        guard count <= HDF5File.largestElementCount else { throw tooLarge(name, shape) }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: bytesEach)
        guard !overflow, bytes <= 8 * HDF5File.largestElementCount else { throw tooLarge(name, shape) }
        let stored = Int(clamping: H5Dget_storage_size(dataset))
        let (plausible, unbounded) = stored.multipliedReportingOverflow(by: 1100)
        guard unbounded || bytes <= max(plausible, HDF5File.alwaysPlausible) else { throw tooLarge(name, shape) }
        return count
    }

    /// Bytes that an array may need whatever the file holds: fill values are stored nowhere.
    ///
    /// Chosen: 64 MiB can always be had.
    private static var alwaysPlausible: Int { 64 << 20 }

    private func tooLarge(_ name: String, _ shape: [Int]) -> HDF5Error {
        error(
            "'\(name)' claims the shape \(shape), more than this file holds or this program reads "
                + "(\(HDF5File.largestElementCount) elements)", damageFix)
    }

    /// Refuses data kept in other files and chunks too large to unpack.
    private func refuseForeignStorage(_ dataset: hid_t, _ name: String) throws(HDF5Error) {
        let list = H5Dget_create_plist(dataset)
        guard list >= 0 else { throw error("cannot read how '\(name)' is stored", damageFix) }
        defer { H5Pclose(list) }
        let layout = H5Pget_layout(list)
        guard layout != H5D_VIRTUAL, H5Pget_external_count(list) == 0 else {
            throw error("'\(name)' keeps its data in another file", "store the data itself in this file")
        }
        guard layout == H5D_CHUNKED else { return }
        let type = H5Dget_type(dataset)
        defer { H5Tclose(type) }
        var chunk = [hsize_t](repeating: 1, count: 32)
        let rank = unsafe H5Pget_chunk(list, 32, &chunk)
        let bytes = chunk.prefix(Int(max(rank, 0))).reduce(Double(H5Tget_size(type))) { $0 * Double($1) }
        guard rank > 0, bytes <= Double(1 << 30) else {
            throw error("'\(name)' is stored in chunks of more than 1 GiB", "write it again with smaller chunks")
        }
    }

    private func requireNumbers(_ dataset: hid_t, _ name: String, whole: Bool) throws(HDF5Error) {
        let type = H5Dget_type(dataset)
        guard type >= 0 else { throw error("'\(name)' has no readable type", damageFix) }
        defer { H5Tclose(type) }
        switch HDF5ElementKind(type) {
        case .integer, .enumeration: return
        case .float where !whole: return
        case .float: throw error("'\(name)' holds fractions where whole numbers are needed", damageFix)
        default: throw error("'\(name)' holds no numbers", damageFix)
        }
    }

    private func numbers<Number: HDF5Number>(
        _ dataset: hid_t, _ name: String, count: Int, memory: hid_t, file: hid_t
    ) throws(HDF5Error) -> [Number] {
        var values = [Number](repeating: .zero, count: count)
        guard count > 0 else { return values }
        let status = unsafe values.withUnsafeMutableBytes {
            unsafe H5Dread(dataset, Number.format.inMemory, memory, file, h5_default(), $0.baseAddress)
        }
        guard status >= 0 else { throw error("cannot read '\(name)'", damageFix) }
        return values
    }

    func fixedTexts(_ bytes: [UInt8], size: Int, count: Int, _ type: hid_t) -> [String] {
        let isPadded = H5Tget_strpad(type) == H5T_STR_SPACEPAD
        return (0..<count).map { index in
            var text = bytes[index * size..<(index + 1) * size].prefix { $0 != 0 }
            while isPadded, text.last == UInt8(ascii: " ") { text.removeLast() }
            return String(decoding: text, as: UTF8.self)
        }
    }

    /// Reads in batches so small that even if each text were the whole file, a batch would stay within 1 GiB.
    private func variableTexts(_ dataset: hid_t, _ name: String, _ type: hid_t) throws(HDF5Error) -> [String] {
        let count = try trustedCount(dataset, name, bytesEach: MemoryLayout<UInt>.size)
        guard count > 0 else { return [] }
        let shape = try extents(of: dataset, name)
        guard shape.count == 1 else {
            guard shape.isEmpty else { throw error("'\(name)' is a table of text, not a list", damageFix) }
            return try variableTexts(dataset, name, type, memory: h5_all(), file: h5_all(), count: 1)
        }
        let file = H5Dget_space(dataset)
        defer { H5Sclose(file) }
        var texts: [String] = []
        var bytes = 0
        let batch = min(65_536, max(64, (1 << 30) / max(1, try fileSize())))
        for start in stride(from: 0, to: count, by: batch) {
            let length = min(batch, count - start)
            let memory = try dataspace([length])
            defer { H5Sclose(memory) }
            guard unsafe H5Sselect_hyperslab(file, H5S_SELECT_SET, [hsize_t(start)], nil, [hsize_t(length)], nil) >= 0
            else {
                throw error("cannot select from '\(name)'", damageFix)
            }
            texts += try variableTexts(dataset, name, type, memory: memory, file: file, count: length)
            bytes += texts[start...].reduce(0) { $0 + $1.utf8.count }
            guard bytes <= 1 << 30 else { throw error("'\(name)' holds more than 1 GiB of text", damageFix) }
        }
        return texts
    }

    private func variableTexts(
        _ dataset: hid_t, _ name: String, _ type: hid_t, memory: hid_t, file: hid_t, count: Int
    ) throws(HDF5Error) -> [String] {
        var pointers = unsafe [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
        guard unsafe H5Dread(dataset, type, memory, file, h5_default(), &pointers) >= 0 else {
            throw error("cannot read '\(name)'", damageFix)
        }
        let texts = unsafe pointers.map { pointer in unsafe pointer.map { unsafe String(cString: $0) } ?? "" }
        let space = try dataspace([count])
        defer { H5Sclose(space) }
        unsafe H5Dvlen_reclaim(type, space, h5_default(), &pointers)
        return texts
    }

    func fileSize() throws(HDF5Error) -> Int {
        var size: hsize_t = 0
        guard try unsafe H5Fget_filesize(file(), &size) >= 0 else { throw error("has no readable size", damageFix) }
        return Int(clamping: size)
    }
}
