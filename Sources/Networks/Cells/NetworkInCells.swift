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
    /// Advances every cell to a time with what is given.
    func advance(to end: Double, team: ThreadTeam) throws(NetworkFailure)
}
