import CHDF5

extension HDF5File {
    /// Writes numbers as a dataset, with the groups above it.
    ///
    /// `values` are row-major, as many as `shape` has places; `nil` is one dimension and an empty shape a scalar.
    public func write<Number: HDF5Number>(
        _ values: [Number], to name: String, shape: [Int]? = nil, storage: HDF5Storage = .contiguous
    ) throws(HDF5Error) {
        try writeDataset(
            name, shape: shape ?? [values.count], count: values.count, stored: Number.format.stored, storage
        ) {
            dataset in
            unsafe values.withUnsafeBytes {
                unsafe H5Dwrite(dataset, Number.format.inMemory, h5_all(), h5_all(), h5_default(), $0.baseAddress)
            }
        }
    }

    /// Writes texts as a dataset of variable-length UTF-8; a text ends at its first NUL.
    public func write(
        _ values: [String], to name: String, shape: [Int]? = nil, storage: HDF5Storage = .contiguous
    ) throws(HDF5Error) {
        let type = try inLibrary { () throws(HDF5Error) in try variableText() }
        defer { try? inLibrary { () throws(HDF5Error) in _ = H5Tclose(type) } }
        try writeDataset(name, shape: shape ?? [values.count], count: values.count, stored: type, storage) { dataset in
            unsafe withTexts(values) {
                unsafe H5Dwrite(dataset, type, h5_all(), h5_all(), h5_default(), $0.baseAddress)
            }
        }
    }

    private func writeDataset(
        _ name: String, shape: [Int], count: Int, stored: @autoclosure () -> hid_t, _ storage: HDF5Storage,
        write: (hid_t) -> herr_t
    ) throws(HDF5Error) {
        precondition(isWritable, "\(path) is open for reading")
        precondition(shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == count, "shape \(shape) for \(count) values")
        try inLibrary { () throws(HDF5Error) in
            let space = try dataspace(shape)
            defer { H5Sclose(space) }
            let creation = try datasetCreation(storage, shape: shape)
            defer { H5Pclose(creation) }
            let link = try linkCreation()
            defer { H5Pclose(link) }
            let dataset = try unsafe H5Dcreate2(file(), name, stored(), space, link, creation, h5_default())
            guard dataset >= 0 else { throw error("cannot create '\(name)'", writeFix) }
            defer { H5Dclose(dataset) }
            guard count == 0 || write(dataset) >= 0 else { throw error("cannot write '\(name)'", writeFix) }
        }
    }

    func dataspace(_ shape: [Int]) throws(HDF5Error) -> hid_t {
        let extents = shape.map { hsize_t($0) }
        let space = shape.isEmpty ? H5Screate(H5S_SCALAR) : unsafe H5Screate_simple(Int32(shape.count), extents, nil)
        guard space >= 0 else { throw error("cannot describe shape \(shape)", writeFix) }
        return space
    }

    /// Layout and filters; deflate comes after shuffle, which makes numbers of like size compress better.
    ///
    /// No time of writing is kept: the same numbers are the same bytes.
    private func datasetCreation(_ storage: HDF5Storage, shape: [Int]) throws(HDF5Error) -> hid_t {
        let list = h5_dataset_creation()
        guard list >= 0, h5_forget_times(list) >= 0 else { throw error("cannot prepare a dataset", writeFix) }
        guard case .deflated(let chunk, let level) = storage, !shape.isEmpty, !shape.contains(0) else { return list }
        precondition(chunk.count == shape.count && chunk.allSatisfy { $0 > 0 }, "chunk \(chunk) for shape \(shape)")
        precondition((0...9).contains(level), "deflate level is 0...9, got \(level)")
        let extents = zip(chunk, shape).map { hsize_t(min($0, $1)) }
        guard unsafe H5Pset_chunk(list, Int32(extents.count), extents) >= 0, H5Pset_shuffle(list) >= 0,
            H5Pset_deflate(list, UInt32(level)) >= 0
        else {
            H5Pclose(list)
            throw error("cannot compress: this HDF5 library was built without deflate", "install one built with zlib")
        }
        return list
    }

    /// The type of variable-length UTF-8 text; the caller closes it.
    func variableText() throws(HDF5Error) -> hid_t {
        let type = H5Tcopy(h5_string())
        guard type >= 0, H5Tset_size(type, h5_variable_length()) >= 0, H5Tset_cset(type, H5T_CSET_UTF8) >= 0 else {
            throw error("cannot describe text", writeFix)
        }
        return type
    }
}

/// Calls `body` with one C string a text.
func withTexts(_ texts: [String], _ body: (UnsafeBufferPointer<UnsafePointer<UInt8>?>) -> herr_t) -> herr_t {
    var bytes: [UInt8] = []
    var starts: [Int] = []
    for text in texts {
        starts.append(bytes.count)
        bytes.append(contentsOf: text.utf8)
        bytes.append(0)
    }
    return unsafe bytes.withUnsafeBufferPointer { buffer in
        let pointers = unsafe starts.map { start in unsafe buffer.baseAddress.map { unsafe $0 + start } }
        return unsafe pointers.withUnsafeBufferPointer { unsafe body($0) }
    }
}
