/// How long, how exactly and from which seed.
public struct RunPlan: Hashable, Sendable, Codable {
    public var duration: Time
    public var seed: UInt64
    public var fields: FieldMode
    /// Local error of a field or receptor step, relative to the field's maximum or the cell's receptors.
    public var tolerance: Double
    /// The clock of rules: signals are read and behaviours set this often.
    public var ruleStep: Time
    /// The clock of motion: cells move and push each other this often; ``defaultMotionStep`` where `nil`.
    public var motionStep: Time?

    /// Chosen: a cell at 10 µm/min moves 1 µm, a fifth of its radius.
    public static let defaultMotionStep = Time.seconds(6)
    /// Chosen: 1e-3 keeps the accumulated error of the examples below 1 %, tested by halving it.
    public static let defaultTolerance = 1e-3
    /// Chosen: expression and secretion change over many minutes, so a minute resolves them.
    public static let defaultRuleStep = Time.seconds(60)

    public init(duration: Time, seed: UInt64) {
        self.duration = duration
        self.seed = seed
        self.fields = .dynamic
        self.tolerance = RunPlan.defaultTolerance
        self.ruleStep = RunPlan.defaultRuleStep
        self.motionStep = nil
    }
}

public enum FieldMode: String, Hashable, Sendable, CaseIterable, Codable {
    /// ∂c/∂t is resolved.
    case dynamic
    /// ∂c/∂t = 0: fields follow cells at once.
    case quasiSteady = "quasi-steady"
}

/// What is written, and how often; it never changes the solution.
public struct RecordPlan: Hashable, Sendable, Codable {
    public var cells: CellRecord?
    public var fields: [FieldRecord]
    /// How often `series.csv` gets a row.
    public var series: Time?
    /// Who signalled to whom; `nil` where nobody asks.
    public var communication: CommunicationRecord?
    /// When the whole state is kept, for the run to be continued or branched from; `nil` where the model does not say.
    public var checkpoints: CheckpointPlan?

    public init() {
        cells = nil
        fields = []
        series = nil
        communication = nil
        checkpoints = nil
    }
}

/// When the whole state of a run is kept.
public struct CheckpointPlan: Hashable, Sendable, Codable {
    public var every: Time
    /// How many of the latest stay; `nil` for all.
    public var keep: Int?

    public init(every: Time, keep: Int? = nil) {
        self.every = every
        self.keep = keep
    }
}

public struct CellRecord: Hashable, Sendable, Codable {
    public var every: Time
    /// Beside id, type, position and radius, which are always written.
    public var columns: [Signal]

    public init(every: Time, columns: [Signal]) {
        self.every = every
        self.columns = columns
    }
}

public struct FieldRecord: Hashable, Sendable, Codable {
    public var molecule: String
    public var every: Time

    public init(molecule: String, every: Time) {
        self.molecule = molecule
        self.every = every
    }
}

/// A line of `expect:`, run by `paracrine test`.
public struct Expectation: Hashable, Sendable, Codable {
    public enum Subject: Hashable, Sendable, Codable {
        /// |imbalance| of the molecule's ledger relative to what was handled.
        case imbalance(molecule: String)
        /// A statistic of a signal over the cells of a type.
        case cells(Statistic, Signal, cellType: String)
        /// Share of a type's cells whose signal compares so with a threshold, 0...1.
        case fraction(cellType: String, Signal, Comparison, threshold: Double)
        /// How many cells of a type there are.
        case count(cellType: String)
        /// Field at a point of the box, as a cell there would read it, molecules/µm³.
        case fieldAt(molecule: String, point: [Length])
        /// Mean field at a distance from the centre of every cell of a type, molecules/µm³.
        case fieldFrom(molecule: String, distance: Length, cellType: String)
        /// Molecules of a kind of ledger entry up to then, molecules.
        case ledger(molecule: String, LedgerEntry)
        /// Share of the molecules captured by cells that one type captured, 0...1.
        case capturedShare(molecule: String, cellType: String)
        /// Radius of the largest connected region above a concentration (molecules/µm³), µm.
        case nicheRadius(molecule: String, threshold: Double)
        /// A value of a network that lives in no cell, in the coherent unit of what it measures.
        case network(String, name: String)
        /// Concentration in a compartment, molecules/µm³.
        case inCompartment(molecule: String, compartment: String)

        enum CellsCodingKeys: String, CodingKey {
            case _0 = "statistic"
            case _1 = "signal"
            case cellType
        }
        enum FractionCodingKeys: String, CodingKey {
            case cellType
            case _1 = "signal"
            case _2 = "comparison"
            case threshold
        }
        enum LedgerCodingKeys: String, CodingKey {
            case molecule
            case _1 = "entry"
        }
        enum NetworkCodingKeys: String, CodingKey {
            case _0 = "network"
            case name
        }
    }
    public enum Statistic: String, Hashable, Sendable, CaseIterable, Codable {
        case mean, median, minimum, maximum, total
    }
    public enum Comparison: String, Hashable, Sendable, Codable { case less = "<", greater = ">" }
    public enum Target: Hashable, Sendable, Codable {
        case less(Double)
        case greater(Double)
        /// |value − expected| ≤ relative · |expected|.
        case near(Double, relative: Double)
        /// |value| ≤ bound.
        case within(Double)

        enum LessCodingKeys: String, CodingKey { case _0 = "than" }
        enum GreaterCodingKeys: String, CodingKey { case _0 = "than" }
        enum NearCodingKeys: String, CodingKey {
            case _0 = "value"
            case relative
        }
        enum WithinCodingKeys: String, CodingKey { case _0 = "bound" }
    }

    public var subject: Subject
    public var target: Target
    /// `nil`: at the end of the run.
    public var time: Time?
    /// As the file wrote it.
    public var text: String
    /// Of the subject and of the target's numbers.
    public var dimension: Dimension

    public init(subject: Subject, target: Target, time: Time?, text: String, dimension: Dimension) {
        self.subject = subject
        self.target = target
        self.time = time
        self.text = text
        self.dimension = dimension
    }
}

/// What the ledger counts of a molecule, molecules.
///
/// Only models with compartments have the last three.
public enum LedgerEntry: String, Hashable, Sendable, CaseIterable, Codable {
    case atStart = "at start"
    case secreted
    /// In through walls, or by treatments.
    case entered
    case decayed
    /// Out through walls.
    case left
    /// Taken into cells with their receptor.
    case internalised
    /// Gained (or, negative, lost) by binding to and release from another dissolved molecule, or in a network's reactions.
    case associated
    /// In the medium now.
    case dissolved
    /// On cells now.
    case bound
    /// Gained (or, negative, lost) by exchange with compartments.
    case exchanged
    /// In compartments now.
    case carried = "in compartments"
    /// Cleared from compartments for good.
    case cleared

    /// What a ledger of tissue alone has.
    public static let ofTissue: [LedgerEntry] = [
        .atStart, .secreted, .entered, .decayed, .left, .internalised, .associated, .dissolved, .bound,
    ]
    /// What a ledger over tissues and compartments has: what they exchange cancels out.
    public static let ofBody = ofTissue + [.carried, .cleared]
}
