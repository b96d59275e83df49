import Simulation

/// A column of plain values, one a cell, that grows: memory of its own that kernels read without checks.
@safe final class Column<Element: BitwiseCopyable> {
    private(set) var count = 0
    private(set) var capacity = 0
    private var base: UnsafeMutablePointer<Element>

    init() { unsafe base = UnsafeMutablePointer<Element>.allocate(capacity: 1) }

    deinit { unsafe base.deallocate() }

    /// The first element; valid until the column grows.
    @unsafe var pointer: UnsafeMutablePointer<Element> { unsafe base }

    subscript(index: Int) -> Element {
        get {
            precondition(index >= 0 && index < count, "element \(index) of \(count)")
            return unsafe base[index]
        }
        set {
            precondition(index >= 0 && index < count, "element \(index) of \(count)")
            unsafe base[index] = newValue
        }
    }

    var array: [Element] { (0..<count).map { unsafe base[$0] } }

    func append(_ element: Element) {
        reserve(count + 1)
        unsafe (base + count).initialize(to: element)
        count += 1
    }

    /// Makes room for so many elements, half as many again as before at least, so that growing is rare.
    func reserve(_ wanted: Int) {
        if wanted <= capacity { return }
        let grown = max(wanted, capacity + capacity / 2, 64)
        let raw = UnsafeMutableRawPointer.allocate(byteCount: grown * MemoryLayout<Element>.stride, alignment: 64)
        let moved = unsafe raw.bindMemory(to: Element.self, capacity: grown)
        unsafe moved.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = moved
        capacity = grown
    }

    /// Holds so many elements from now on; those that are new have this value.
    func resize(_ newCount: Int, filling value: Element) {
        reserve(newCount)
        if newCount > count { unsafe (base + count).update(repeating: value, count: newCount - count) }
        count = newCount
    }

    /// Element k becomes what element `origins[k]` was.
    func gather(_ origins: [Int32], by spare: Column<Element>) {
        spare.reserve(origins.count)
        let from = unsafe base
        let to = unsafe spare.base
        for (k, origin) in origins.enumerated() { unsafe to[k] = from[Int(origin)] }
        unsafe swap(&base, &spare.base)
        swap(&capacity, &spare.capacity)
        count = origins.count
    }
}

extension Column {
    /// Other content, of any length.
    fileprivate func take(_ values: [Element]) {
        guard let first = values.first else {
            count = 0
            return
        }
        resize(values.count, filling: first)
        for (i, value) in values.enumerated() { unsafe base[i] = value }
    }
}

extension Column where Element: StateValue {
    func keep(_ name: String, in archive: StateArchive) throws(StateProblem) {
        var values = array
        try archive.keep(name, &values)
        if archive.isRestoring { take(values) }
    }
}

extension Column<Bool> {
    func keep(_ name: String, in archive: StateArchive) throws(StateProblem) {
        var values = array
        try archive.keep(name, &values)
        if archive.isRestoring { take(values) }
    }
}
