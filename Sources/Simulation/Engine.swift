public import Biology

/// What every engine does: take steps of its own length, and say what it sees at any time within the last one.
///
/// Observing never changes what follows. To add an engine, conform to this in a room of its own.
public protocol Engine: AnyObject {
    /// Seconds since the start, at the end of the last step.
    var time: Double { get }
    /// Takes one step, to `until` at most.
    ///
    /// - Throws: ``RunFailure`` if no step is short enough, or a ledger does not close.
    func step(until: Double) throws(RunFailure)
    /// Lets happen what happens all at once at this very time: cells divide, die, come.
    ///
    /// A run calls it after every step, once everything before was observed; what is observed at this time is seen after it.
    func settle() throws(RunFailure)
    /// All cells by id, with the signals asked for, at a time within the last step.
    func cells(at time: Double, columns: [Signal]) -> CellFrame
    /// How many cells of a type (by its place in the model) there are where one stands for many, and they need not be
    /// whole; `nil` where ``cells(at:columns:)`` has every one.
    func count(ofType type: Int, at time: Double) -> Double?
    /// A molecule's field at a time within the last step.
    func field(_ molecule: String, at time: Double) -> FieldFrame
    /// A molecule's concentration at points (µm), as cells there would read it, molecules/µm³.
    func concentrations(of molecule: String, at points: [[Double]], time: Double) -> [Double]
    /// One ledger a molecule, at a time within the last step.
    func ledgers(at time: Double) -> [Ledger]
    /// What the cells of each type have captured of a molecule: taken in, or bound now; molecules, by type.
    func captured(_ molecule: String, at time: Double) -> [Double]
    /// Who sent what cells captured since the start, as far as the model records it.
    func communication(at time: Double) -> CommunicationFrame
    /// What rules made cells secrete since the start, one row a rule that changes secretion.
    func inductions(at time: Double) -> [InductionRow]
    /// A value of a network that lives in no cell, in the coherent unit of what it measures; `nil` where this engine
    /// runs no such network.
    func value(of name: String, inNetwork network: String, at time: Double) -> Double?
    /// A molecule's concentration in a compartment, molecules/µm³; `nil` where this engine has no such compartment.
    func concentration(of molecule: String, in compartment: String, at time: Double) -> Double?
}

/// An engine whose run can be continued: its whole state goes into an archive, and out of it into another engine that was
/// set up with the same model and the same placed cells.
public protocol ContinuableEngine: Engine {
    /// Puts all state into the archive, or takes it over from there; between two steps.
    ///
    /// - Throws: ``StateProblem`` where it does not fit, or cannot be kept; an engine that took part of it is of no further use.
    func keep(in archive: StateArchive) throws(StateProblem)
    /// Goes on from a state that came out of an archive, by the model of this engine and no longer by the one that led there.
    ///
    /// - Parameters:
    ///   - before: The model that led there, which differs in no more than rates, numbers and doses.
    ///   - time: Doses from this time on are still to come, s.
    func branch(from before: Model, at time: Double)
}

extension Engine {
    /// Nothing jumps.
    public func settle() throws(RunFailure) {}
    /// Every cell is one.
    public func count(ofType type: Int, at time: Double) -> Double? { nil }
    /// No compartments.
    public func concentration(of molecule: String, in compartment: String, at time: Double) -> Double? { nil }
}

/// A run that cannot go on: what happened, when, and what to do.
public struct RunFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Seconds since the start.
    public var time: Double
    public var problem: String
    public var fix: String

    public init(time: Double, problem: String, fix: String) {
        self.time = time
        self.problem = problem
        self.fix = fix
    }

    public var description: String { "error: at \(time) s of the run, \(problem)\n  fix: \(fix)" }
}
