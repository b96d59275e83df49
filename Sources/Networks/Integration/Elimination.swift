import CLanes

/// How matrices M/(hγ) − J of one pattern are factorised: the order of pivots, the fill-in, and a flat program.
///
/// Rows are matched with unknowns so that every pivot has an entry: a differential unknown with its own row, whose
/// diagonal M fills, algebraic ones among themselves. Then the pivot that fills in least comes first (Markowitz), the
/// earlier unknown where two are equal.
@safe final class Elimination: @unchecked Sendable {
    /// The program; its arrays live as long as this object.
    let plan: cl_elimination
    /// Entries of the factors.
    let size: Int
    /// Where in the factors each entry of the Jacobian lies.
    let places: UnsafePointer<Int32>
    /// Where the diagonal of M adds, one a differential unknown.
    let massPlaces: UnsafePointer<Int32>
    let masses: Int
    private let storage: UnsafeMutablePointer<Int32>
    private let flags: UnsafeMutablePointer<UInt8>

    /// Whether the algebraic rows can determine the algebraic unknowns, by their pattern.
    let isSolvable: Bool

    /// `weights`: how large the entries of the Jacobian are, for a better choice of pivots of algebraic rows; `nil`
    /// where that is not known yet.
    /// - Throws: Where factors would take more products than ``mostProducts``.
    init(_ pattern: SparsePattern, isAlgebraic: [Bool], weights: [Double]? = nil) throws(NetworkFailure) {
        let n = pattern.rows
        let rowOfUnknown = match(pattern, isAlgebraic: isAlgebraic, weights: weights).compactMap { $0 }
        isSolvable = rowOfUnknown.count == n
        // Rows renamed by the unknown they are matched with, so that pivots lie on the diagonal.
        let matched = isSolvable ? rowOfUnknown : Array(0..<n)
        guard let factors = FactorRows(pattern, matched: matched) else {
            throw NetworkFailure(
                .unsupported,
                problem: "its \(n) values depend on each other so densely that a step takes more than "
                    + "\(Elimination.mostProducts) products",
                fix: "give a sum that many rates depend on a rate of its own, or split the network")
        }
        size = factors.columns.count
        let mass = (0..<n).filter { !isAlgebraic[$0] }.map { factors.diagonals[factors.position[$0]] }
        masses = mass.count
        let parts = [
            factors.starts, factors.diagonals, factors.columns, factors.targets(),
            factors.order.map { Int32(matched[$0]) }, factors.order.map(Int32.init),
            factors.places(of: pattern, matched: matched), mass,
        ]
        unsafe storage = .allocate(capacity: max(parts.reduce(0) { $0 + $1.count }, 1))
        unsafe flags = .allocate(capacity: max(n, 1))
        var offsets: [Int] = []
        var end = 0
        for part in parts {
            unsafe (storage + end).initialize(from: part, count: part.count)
            offsets.append(end)
            end += part.count
        }
        for (place, unknown) in factors.order.enumerated() {
            unsafe flags[place] = isAlgebraic[matched[unknown]] ? 1 : 0
        }
        unsafe plan = cl_elimination(
            rows: n, starts: storage + offsets[0], diagonals: storage + offsets[1], columns: storage + offsets[2],
            targets: storage + offsets[3], rowOf: storage + offsets[4], unknownOf: storage + offsets[5],
            isAlgebraic: flags)
        unsafe places = UnsafePointer(storage + offsets[6])
        unsafe massPlaces = UnsafePointer(storage + offsets[7])
    }

    /// Chosen: a program of 400 MB; 600 values that all depend on each other stay below it.
    static let mostProducts = 100_000_000

    deinit {
        unsafe storage.deallocate()
        unsafe flags.deallocate()
    }
}

/// The rows of the factors in pivot order, fill-in included.
private struct FactorRows {
    /// The unknown of each pivot, and the pivot of each unknown.
    let order, position: [Int]
    private(set) var starts: [Int32] = []
    private(set) var diagonals: [Int32] = []
    private(set) var columns: [Int32] = []

    /// `nil` where they take too many products.
    init?(_ pattern: SparsePattern, matched: [Int]) {
        var filled = FilledPattern(pattern.rows)
        for (unknown, row) in matched.enumerated() {
            filled.insert(unknown, unknown)
            for entry in pattern.starts[row]..<pattern.starts[row + 1] {
                filled.insert(unknown, pattern.columns[entry])
            }
        }
        guard let order = filled.eliminate() else { return nil }
        var position = [Int](repeating: 0, count: pattern.rows)
        for (place, unknown) in order.enumerated() { position[unknown] = place }
        (self.order, self.position) = (order, position)
        for (row, unknown) in order.enumerated() {
            let entries = filled.columns(of: unknown).map { Int32(position[$0]) }.sorted()
            starts.append(Int32(columns.count))
            diagonals.append(Int32(columns.count + entries.count { $0 < Int32(row) }))
            columns += entries
        }
        starts.append(Int32(columns.count))
    }

    /// Where each product of an elimination is subtracted, in the order of the elimination.
    func targets() -> [Int32] {
        var targets: [Int32] = []
        var placeOf = [Int32](repeating: 0, count: order.count)
        for row in order.indices {
            for entry in starts[row]..<starts[row + 1] { placeOf[Int(columns[Int(entry)])] = entry }
            for entry in starts[row]..<diagonals[row] {
                let pivot = Int(columns[Int(entry)])
                for source in diagonals[pivot] + 1..<starts[pivot + 1] {
                    targets.append(placeOf[Int(columns[Int(source)])])
                }
            }
        }
        return targets
    }

    /// Where each entry of the Jacobian lies.
    func places(of pattern: SparsePattern, matched: [Int]) -> [Int32] {
        var unknownOfRow = [Int](repeating: 0, count: matched.count)
        for (unknown, row) in matched.enumerated() { unknownOfRow[row] = unknown }
        var places: [Int32] = []
        for row in unknownOfRow.indices {
            let pivot = position[unknownOfRow[row]]
            let range = Int(starts[pivot])..<Int(starts[pivot + 1])
            for entry in pattern.starts[row]..<pattern.starts[row + 1] {
                let column = Int32(position[pattern.columns[entry]])
                places.append(Int32(range.lowerBound + columns[range].count { $0 < column }))
            }
        }
        return places
    }
}

/// The row of each unknown: its own where M has a one; for the others a row of the algebraic ones with an entry there.
///
/// Larger weights are matched first; rows already matched are moved aside along alternating paths (Kuhn's method).
private func match(_ pattern: SparsePattern, isAlgebraic: [Bool], weights: [Double]?) -> [Int?] {
    let n = pattern.rows
    var rowOfUnknown: [Int?] = (0..<n).map { isAlgebraic[$0] ? nil : $0 }
    let algebraic = (0..<n).filter { isAlgebraic[$0] }
    guard !algebraic.isEmpty else { return rowOfUnknown }
    func weight(_ entry: Int) -> Double { weights.map { $0[entry] } ?? 1 }
    // For each algebraic row its unknowns, the most promising first: its own, or the heaviest.
    var choices: [[Int]] = Array(repeating: [], count: n)
    for row in algebraic {
        let entries = (pattern.starts[row]..<pattern.starts[row + 1]).filter { isAlgebraic[pattern.columns[$0]] }
        let ranked = entries.sorted { a, b in
            let (first, second) = (weight(a), weight(b))
            if first != second { return first > second }
            if (pattern.columns[a] == row) != (pattern.columns[b] == row) { return pattern.columns[a] == row }
            return a < b
        }
        choices[row] = ranked.filter { weight($0) > 0 }.map { pattern.columns[$0] }
    }
    func augment(_ row: Int, _ seen: inout Set<Int>) -> Bool {
        for unknown in choices[row] where !seen.contains(unknown) {
            seen.insert(unknown)
            if rowOfUnknown[unknown].map({ augment($0, &seen) }) ?? true {
                rowOfUnknown[unknown] = row
                return true
            }
        }
        return false
    }
    for row in algebraic {
        var seen: Set<Int> = []
        _ = augment(row, &seen)
    }
    return rowOfUnknown
}

/// The places of a matrix as bits, by row and by column.
private struct FilledPattern {
    private let n: Int
    private let words: Int
    private var byRow: [UInt64]
    private var byColumn: [UInt64]

    init(_ n: Int) {
        self.n = n
        words = (n + 63) / 64
        byRow = Array(repeating: 0, count: n * words)
        byColumn = byRow
    }

    mutating func insert(_ row: Int, _ column: Int) {
        byRow[row * words + column / 64] |= 1 << UInt64(column % 64)
        byColumn[column * words + row / 64] |= 1 << UInt64(row % 64)
    }

    func columns(of row: Int) -> [Int] { bits(byRow, row) }

    private func bits(_ set: [UInt64], _ line: Int) -> [Int] {
        var found: [Int] = []
        for word in 0..<words {
            var rest = set[line * words + word]
            while rest != 0 {
                found.append(word * 64 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
        return found
    }

    /// Chooses pivots on the diagonal, adds what they fill in, and returns their order; `nil` where products are too many.
    mutating func eliminate() -> [Int]? {
        var left = Array(repeating: UInt64(0), count: words)
        for line in 0..<n { left[line / 64] |= 1 << UInt64(line % 64) }
        var order: [Int] = []
        var products = 0
        var cost = (0..<n).map { fillCost($0, left) }
        var waiting = Array(0..<n)
        while !waiting.isEmpty {
            var place = 0
            for candidate in waiting.indices where cost[waiting[candidate]] < cost[waiting[place]] { place = candidate }
            let pivot = waiting.remove(at: place)
            left[pivot / 64] &= ~(1 << UInt64(pivot % 64))
            let rows = bits(byColumn, pivot).filter { left[$0 / 64] >> UInt64($0 % 64) & 1 == 1 }
            let columns = bits(byRow, pivot).filter { left[$0 / 64] >> UInt64($0 % 64) & 1 == 1 }
            products += rows.count * columns.count
            if products > Elimination.mostProducts { return nil }
            for row in rows { for column in columns { insert(row, column) } }
            for line in Set(rows).union(columns) { cost[line] = fillCost(line, left) }
            order.append(pivot)
        }
        return order
    }

    /// Markowitz's (row entries − 1)(column entries − 1) among the lines left.
    private func fillCost(_ line: Int, _ left: [UInt64]) -> Int {
        var (inRow, inColumn) = (0, 0)
        for word in 0..<words {
            inRow += (byRow[line * words + word] & left[word]).nonzeroBitCount
            inColumn += (byColumn[line * words + word] & left[word]).nonzeroBitCount
        }
        return (inRow - 1) * (inColumn - 1)
    }
}
