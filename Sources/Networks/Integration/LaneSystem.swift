/// A system of equations M dy/dt = f(t, y), the same for a block of independent copies called lanes (one a cell).
///
/// M is diagonal, of ones and zeros: a zero marks an algebraic unknown, whose row says 0 = f. The system must have index
/// 1: the algebraic rows determine the algebraic unknowns. A system is immutable and shared by threads; all that changes
/// is in the arguments. Values are laid out [unknown][lane], lanes fastest; a block has 1 lane or a multiple of 8.
/// Nothing in here may allocate, and a lane's results may depend on that lane alone.
///
/// To add a kind of system: conform, and hand it to ``LaneIntegrator`` or ``NetworkPopulation``.
public protocol LaneSystem: Sendable {
    /// How many unknowns a lane has.
    var unknowns: Int { get }
    /// How many numbers a lane has that are constant between discontinuities: parameters, what the cell is exposed to.
    var inputs: Int { get }
    /// Doubles a lane needs for intermediate results: one array, lent to every call, content undefined.
    var scratch: Int { get }
    /// Where M has a zero; one an unknown.
    var isAlgebraic: [Bool] { get }
    /// Where ∂f/∂y may be other than 0.
    var pattern: SparsePattern { get }
    /// How f depends on time at fixed values.
    var timeDependence: TimeDependence { get }

    /// What an unknown is called in messages.
    func name(ofUnknown index: Int) -> String

    /// result = f(t, y), [unknown][lane]; a value that is not finite makes the integrator take a shorter step.
    func rates(_ point: LanePoint, into result: UnsafeMutablePointer<Double>)

    /// result = ∂f/∂y, [entry of pattern][lane].
    ///
    /// It must be exact: the integrator's order rests on it. An entry that is not finite is taken for 0.
    func jacobian(_ point: LanePoint, into result: UnsafeMutablePointer<Double>)

    /// result = ∂f/∂t at fixed values, [unknown][lane]; asked only of systems whose dependence is `exact`.
    func timeDerivative(_ point: LanePoint, into result: UnsafeMutablePointer<Double>)
}

extension LaneSystem {
    public func name(ofUnknown index: Int) -> String { "unknown \(index)" }
}

/// How a system depends on time at fixed values.
public enum TimeDependence: Hashable, Sendable {
    case none
    /// The system computes ∂f/∂t.
    case exact
    /// The integrator takes ∂f/∂t by differences: for delays, whose derivative no formula gives.
    case byDifferences
}

/// Where a system is evaluated: a time, the values there and what the calls may write into.
@safe public struct LanePoint {
    public var time: Double
    public var lanes: Int
    /// [unknown][lane].
    public var values: UnsafePointer<Double>
    /// [input][lane].
    public var inputs: UnsafePointer<Double>
    /// [scratch][lane].
    public var scratch: UnsafeMutablePointer<Double>
    /// What was before, for delays; `nil` where the integrator was not asked to keep it.
    public var past: (any LanePast)?

    public init(
        time: Double, lanes: Int, values: UnsafePointer<Double>, inputs: UnsafePointer<Double>,
        scratch: UnsafeMutablePointer<Double>, past: (any LanePast)? = nil
    ) {
        self.time = time
        self.lanes = lanes
        unsafe self.values = values
        unsafe self.inputs = inputs
        unsafe self.scratch = scratch
        self.past = past
    }
}

/// What a block was earlier: its values between accepted steps, and its inputs.
public protocol LanePast: AnyObject {
    /// Writes the values at a time, [unknown][lane], and the inputs that held then, [input][lane].
    ///
    /// Before the start: the values and inputs of the start. After the last accepted step: the last step's polynomial,
    /// continued, so keep steps no longer than the smallest delay. At a discontinuity: what holds after it.
    func write(
        at time: Double, values: UnsafeMutablePointer<Double>, inputs: UnsafeMutablePointer<Double>)
}

/// The places of a sparse matrix, row by row; an entry's index is its place in `columns`.
public struct SparsePattern: Hashable, Sendable {
    /// Row r has the entries `starts[r]..<starts[r + 1]`; one more than there are rows.
    public let starts: [Int]
    /// The column of each entry, rising in each row.
    public let columns: [Int]

    /// `rows`: for each row, the columns in which it has an entry, in any order; a column named twice counts once.
    public init(rows: [[Int]]) {
        var (starts, columns) = ([0], [Int]())
        for row in rows {
            columns += Set(row).sorted()
            starts.append(columns.count)
        }
        self.starts = starts
        self.columns = columns
    }

    public var rows: Int { starts.count - 1 }
    public var count: Int { columns.count }

    /// The index of the entry at a row and column.
    public func entry(_ row: Int, _ column: Int) -> Int? {
        let range = starts[row]..<starts[row + 1]
        let place = columns[range].partitioningIndex { $0 >= column }
        return place < range.upperBound && columns[place] == column ? place : nil
    }
}

extension ArraySlice {
    /// The first index whose element satisfies a condition that holds for all that follow it.
    fileprivate func partitioningIndex(_ condition: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if condition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
