/// Decision diagrams of many functions of a network's bits.
struct Diagrams: Sendable {
    /// One a function: a branch, or the complement of a value's place.
    var roots: [Int32] = []
    var branches: [Branch] = []
    var values: [Double] = []

    struct Branch: Sendable, Hashable {
        var bit: Int32
        /// Rises along every path of a function.
        var order: Int32
        var low: Int32
        var high: Int32
    }

    /// Adds a function, in the bits of the network.
    mutating func add(_ root: DiagramBuilder.Reference, of builder: DiagramBuilder) {
        var moved: [Int32: Int32] = [:]
        roots.append(add(root, of: builder, &moved))
    }

    private mutating func add(_ old: Int32, of builder: DiagramBuilder, _ moved: inout [Int32: Int32]) -> Int32 {
        if let new = moved[old] { return new }
        let new: Int32
        if old < 0 {
            values.append(builder.values[Int(~old)])
            new = ~Int32(values.count - 1)
        } else {
            let branch = builder.branches[Int(old)]
            let low = add(branch.low, of: builder, &moved)
            let high = add(branch.high, of: builder, &moved)
            branches.append(
                Branch(
                    bit: Int32(builder.variables[Int(branch.variable)]), order: branch.variable, low: low, high: high))
            new = Int32(branches.count - 1)
        }
        moved[old] = new
        return new
    }

    /// A function's value at a state.
    func value(_ function: Int, at state: BooleanState) -> Double {
        var place = roots[function]
        while place >= 0 {
            let branch = branches[Int(place)]
            place = state[Int(branch.bit)] ? branch.high : branch.low
        }
        return values[Int(~place)]
    }

    func isZero(_ function: Int) -> Bool { roots[function] < 0 && values[Int(~roots[function])] == 0 }

    /// The bits a function depends on, rising.
    func regulators(of function: Int) -> [Int] {
        var seen: Set<Int32> = []
        var bits: Set<Int> = []
        var left = [roots[function]]
        while let place = left.popLast() {
            guard place >= 0, seen.insert(place).inserted else { continue }
            let branch = branches[Int(place)]
            bits.insert(Int(branch.bit))
            left += [branch.low, branch.high]
        }
        return bits.sorted()
    }
}
