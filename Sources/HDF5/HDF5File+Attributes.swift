import CHDF5

extension HDF5File {
    /// Sets an attribute of a group or dataset; one of the same name is replaced.
    public func setAttribute(_ attribute: String, to value: HDF5Value, of name: String = "/") throws(HDF5Error) {
        precondition(isWritable, "\(path) is open for reading")
        try withObject(name) { object throws(HDF5Error) in
            if unsafe H5Aexists(object, attribute) > 0 { unsafe H5Adelete(object, attribute) }
            switch value {
            case .text(let text): try writeTexts([text], shape: [], attribute, of: object)
            case .texts(let texts): try writeTexts(texts, shape: [texts.count], attribute, of: object)
            case .integer(let number): try writeNumbers([number], shape: [], attribute, of: object)
            case .integers(let numbers): try writeNumbers(numbers, shape: [numbers.count], attribute, of: object)
            case .number(let number): try writeNumbers([number], shape: [], attribute, of: object)
            case .numbers(let numbers): try writeNumbers(numbers, shape: [numbers.count], attribute, of: object)
            }
        }
    }

    /// The value of an attribute; `nil` where there is none of that name.
    public func attribute(_ attribute: String, of name: String = "/") throws(HDF5Error) -> HDF5Value? {
        try withObject(name) { object throws(HDF5Error) in
            guard !attribute.utf8.contains(0), unsafe H5Aexists(object, attribute) > 0 else { return nil }
            let id = unsafe H5Aopen(object, attribute, h5_default())
            guard id >= 0 else { throw error("cannot open attribute '\(attribute)' of '\(name)'", damageFix) }
            defer { H5Aclose(id) }
            return try value(of: id, "attribute \(attribute) of \(name)")
        }
    }

    /// The names of an object's attributes, sorted.
    public func attributeNames(of name: String = "/") throws(HDF5Error) -> [String] {
        try withObject(name) { object throws(HDF5Error) in
            var names: [String] = []
            var index: hsize_t = 0
            while names.count < 10_000 {
                var buffer = [UInt8](repeating: 0, count: 1024)
                let length = unsafe buffer.withUnsafeMutableBytes {
                    unsafe H5Aget_name_by_idx(
                        object, ".", H5_INDEX_NAME, H5_ITER_INC, index,
                        $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count, h5_default())
                }
                guard length >= 0 else { break }
                names.append(String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self))
                index += 1
            }
            return names.sorted()
        }
    }
}

// MARK: - Inside the library

extension HDF5File {
    private func withObject<Result: Sendable>(
        _ name: String, _ body: (hid_t) throws(HDF5Error) -> Result
    ) throws(HDF5Error) -> Result {
        try inLibrary { () throws(HDF5Error) in
            guard try objectKind(of: name) != nil else {
                throw error("has nothing named '\(name)'", "check that this is the file you mean")
            }
            let object = try unsafe H5Oopen(file(), name, h5_default())
            guard object >= 0 else { throw error("cannot open '\(name)'", damageFix) }
            defer { H5Oclose(object) }
            return try body(object)
        }
    }

    private func writeNumbers<Number: HDF5Number>(
        _ numbers: [Number], shape: [Int], _ attribute: String, of object: hid_t
    ) throws(HDF5Error) {
        try write(attribute, of: object, shape: shape, stored: Number.format.stored) { id in
            unsafe numbers.withUnsafeBytes { unsafe H5Awrite(id, Number.format.inMemory, $0.baseAddress) }
        }
    }

    private func writeTexts(_ texts: [String], shape: [Int], _ attribute: String, of object: hid_t) throws(HDF5Error) {
        let type = try variableText()
        defer { H5Tclose(type) }
        try write(attribute, of: object, shape: shape, stored: type) { id in
            unsafe withTexts(texts) { unsafe H5Awrite(id, type, $0.baseAddress) }
        }
    }

    private func write(
        _ attribute: String, of object: hid_t, shape: [Int], stored: hid_t, write: (hid_t) -> herr_t
    ) throws(HDF5Error) {
        let space = try dataspace(shape)
        defer { H5Sclose(space) }
        let id = unsafe H5Acreate2(object, attribute, stored, space, h5_default(), h5_default())
        guard id >= 0 else { throw error("cannot create attribute '\(attribute)'", writeFix) }
        defer { H5Aclose(id) }
        guard shape.contains(0) || write(id) >= 0 else {
            throw error("cannot write attribute '\(attribute)'", writeFix)
        }
    }

    private func value(of id: hid_t, _ what: String) throws(HDF5Error) -> HDF5Value? {
        let space = H5Aget_space(id)
        guard space >= 0 else { throw error("\(what) has no readable shape", damageFix) }
        defer { H5Sclose(space) }
        guard H5Sget_simple_extent_type(space) != H5S_NULL else { return nil }
        let shape = try extents(ofSpace: space, what)
        let size = shape.reduce(1.0) { $0 * Double($1) }
        guard size <= 100_000 else { throw error("\(what) has \(size) elements, more than 100000", damageFix) }
        let count = Int(size)
        let type = H5Aget_type(id)
        guard type >= 0 else { throw error("\(what) has no readable type", damageFix) }
        defer { H5Tclose(type) }
        switch HDF5ElementKind(type) {
        case .integer, .enumeration:
            let values: [Int] = try numbers(id, what, count: count)
            return shape.isEmpty ? .integer(values[0]) : .integers(values)
        case .float:
            let values: [Double] = try numbers(id, what, count: count)
            return shape.isEmpty ? .number(values[0]) : .numbers(values)
        case .text:
            let values = try texts(id, what, type, count: count)
            return shape.isEmpty ? .text(values[0]) : .texts(values)
        case .compound, .other: return nil
        }
    }

    private func numbers<Number: HDF5Number>(_ id: hid_t, _ what: String, count: Int) throws(HDF5Error) -> [Number] {
        var values = [Number](repeating: .zero, count: count)
        let status = unsafe values.withUnsafeMutableBytes {
            unsafe H5Aread(id, Number.format.inMemory, $0.baseAddress)
        }
        guard count == 0 || status >= 0 else { throw error("cannot read \(what)", damageFix) }
        return values
    }

    private func texts(_ id: hid_t, _ what: String, _ type: hid_t, count: Int) throws(HDF5Error) -> [String] {
        guard count > 0 else { return [] }
        guard H5Tis_variable_str(type) > 0 else {
            let size = H5Tget_size(type)
            guard size <= 1 << 20, size * count <= 1 << 28 else { throw error("\(what) is too long a text", damageFix) }
            var bytes = [UInt8](repeating: 0, count: count * size)
            let status = unsafe bytes.withUnsafeMutableBytes { unsafe H5Aread(id, type, $0.baseAddress) }
            guard status >= 0 else { throw error("cannot read \(what)", damageFix) }
            return fixedTexts(bytes, size: size, count: count, type)
        }
        // All texts might be one long one, shared: refuse what could outgrow the memory.
        let bytes = try Double(count) * Double(fileSize())
        guard count <= 1024 || bytes <= 0x1p32 else {
            throw error("\(what) holds \(count) texts, too many for an attribute", damageFix)
        }
        var pointers = unsafe [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
        guard unsafe H5Aread(id, type, &pointers) >= 0 else { throw error("cannot read \(what)", damageFix) }
        let texts = unsafe pointers.map { pointer in unsafe pointer.map { unsafe String(cString: $0) } ?? "" }
        let space = try dataspace([count])
        defer { H5Sclose(space) }
        unsafe H5Dvlen_reclaim(type, space, h5_default(), &pointers)
        return texts
    }
}
