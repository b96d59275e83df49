public import Simulation

/// A network inside every cell of a population: what each cell gives it, and what is read of it.
///
/// Numbers and time are in the network's own units. Results are the same for any number of threads.
///
/// ```swift
/// let network = try ReactionsInCells(stat1, inputs: ["engaged"], outputs: ["STAT1n"], cells: ids, relative: 1e-5, seed: 1)
/// network.given[cell] = receptors           // [input][cell]
/// try network.start(at: 0, team: team)
/// try network.advance(to: 60, team: team)
/// let nuclear = network.values[cell]        // [output][cell]
/// ```
public protocol NetworkInCells: AnyObject {
    /// What cells give it, [input][cell]; takes effect at the next call.
    var given: [Double] { get set }
    /// What was read of it at the end of the last call, [output][cell].
    var values: [Double] { get }
    /// Puts every cell at the network's start, with what is given.
    func start(at time: Double, team: ThreadTeam) throws(NetworkFailure)
    /// Takes over the cells after some have come, gone or divided, in their new order, with what is given them.
    func turnOver(_ cells: [LivingCell], given: [Double]) throws(NetworkFailure)
    /// What a cell's network holds, for the same network inside a cell of another type; not a number where it is given.
    func held(at place: Int) -> [Double]
    /// Advances every cell to a time with what is given.
    func advance(to end: Double, team: ThreadTeam) throws(NetworkFailure)
    /// Puts its state into an archive, or takes it over, with the cells, once it has started.
    func keep(in archive: StateArchive) throws(StateProblem)
}

/// Where a cell's network comes from when cells come, go, divide and change.
public struct LivingCell: Sendable {
    public enum Origin: Sendable {
        /// Its network starts now.
        case start
        /// Its place before, or its mother's.
        case place(Int)
        /// What the same network held while it was, or its mother was, of another type.
        case held([Double])
    }

    public var id: Int
    public var origin: Origin
    /// Whether it has half of what its origin had.
    ///
    /// Species that are amounts are halved; concentrations stay, since the cell's volume is halved too.
    public var isDaughter: Bool

    public init(id: Int, origin: Origin, isDaughter: Bool) {
        self.id = id
        self.origin = origin
        self.isDaughter = isDaughter
    }
}
