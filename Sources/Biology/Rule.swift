/// What a rule or a state may read of a cell and its surroundings.
public enum Signal: Hashable, Sendable, Codable {
    /// At the cell's surface, molecules/µm³.
    case concentration(String)
    /// In a compartment, molecules/µm³.
    case inCompartment(String, compartment: String)
    case receptor(String, ReceptorAspect)
    /// A receptor with this ligand bound, molecules.
    case bound(receptor: String, ligand: String)
    /// A surface complex, molecules.
    case complex(String)
    case state(String)
    /// Cells of a type that touch this one.
    case contact(String)
    /// Time since the start, s.
    case time
    /// A value of a network inside the cell, in the coherent unit of what it measures.
    case network(String, name: String)
    case body(BodySignal)

    enum ConcentrationCodingKeys: String, CodingKey { case _0 = "molecule" }
    enum InCompartmentCodingKeys: String, CodingKey {
        case _0 = "molecule"
        case compartment
    }
    enum ReceptorCodingKeys: String, CodingKey {
        case _0 = "receptor"
        case _1 = "aspect"
    }
    enum ComplexCodingKeys: String, CodingKey { case _0 = "complex" }
    enum StateCodingKeys: String, CodingKey { case _0 = "state" }
    enum ContactCodingKeys: String, CodingKey { case _0 = "cellType" }
    enum NetworkCodingKeys: String, CodingKey {
        case _0 = "network"
        case name
    }
    enum BodyCodingKeys: String, CodingKey { case _0 = "signal" }
}

/// What a cell feels of its own body.
public enum BodySignal: String, Hashable, Sendable, CaseIterable, Codable {
    /// Since it was born, or placed, s.
    case age
    /// Since it entered the phase of its cycle that it is in, s.
    case phaseTime = "phase time"
    /// Overlaps with others in its own radii, summed.
    case pressure
    /// Hits that have not been repaired.
    case damage

    public var dimension: Dimension {
        switch self {
        case .age, .phaseTime: .time
        case .pressure, .damage: .none
        }
    }

    /// The signal that a word means: "phase" is the phase time.
    public init?(word: String) {
        guard let signal = BodySignal(rawValue: word == "phase" ? BodySignal.phaseTime.rawValue : word) else {
            return nil
        }
        self = signal
    }

    /// What a model file must say for cells to feel it.
    public var need: String {
        switch self {
        case .age: "write 'age'"
        case .phaseTime: "write 'phase time', which cells have that divide: add 'divides' to the cell type"
        case .pressure: "add 'mechanics: {}' to the model: cells press on each other where there are forces"
        case .damage: "add the cell type to 'kills' of another: damage is what killers do"
        }
    }
}

public enum ReceptorAspect: String, Hashable, Sendable, CaseIterable, Codable {
    /// With a signalling ligand bound, molecules.
    case bound
    case free
    /// On the surface, free and bound, molecules.
    case total
    /// bound / total, 0...1.
    case occupancy
    /// Inside the cell, molecules.
    case internalised
}

/// An expression over signals; numbers are in coherent units, dimensions were checked when it was made.
public indirect enum Expression: Hashable, Sendable, Codable {
    case number(Double)
    case signal(Signal)
    case negative(Expression)
    case sum(Expression, Expression)
    case difference(Expression, Expression)
    case product(Expression, Expression)
    case quotient(Expression, Expression)
    case power(Expression, Expression)
    case function(Function, [Expression])

    enum NumberCodingKeys: String, CodingKey { case _0 = "value" }
    enum SignalCodingKeys: String, CodingKey { case _0 = "of" }
    enum NegativeCodingKeys: String, CodingKey { case _0 = "of" }
    enum SumCodingKeys: String, CodingKey {
        case _0 = "left"
        case _1 = "right"
    }
    enum DifferenceCodingKeys: String, CodingKey {
        case _0 = "left"
        case _1 = "right"
    }
    enum ProductCodingKeys: String, CodingKey {
        case _0 = "left"
        case _1 = "right"
    }
    enum QuotientCodingKeys: String, CodingKey {
        case _0 = "left"
        case _1 = "right"
    }
    enum PowerCodingKeys: String, CodingKey {
        case _0 = "base"
        case _1 = "exponent"
    }
    enum FunctionCodingKeys: String, CodingKey {
        case _0 = "name"
        case _1 = "arguments"
    }

    public enum Function: String, Hashable, Sendable, CaseIterable, Codable { case exp, log, sqrt, min, max }
}

/// What a rule may change.
public enum Behaviour: Hashable, Sendable {
    /// Secretion rate of a molecule, molecules/s.
    case secretion(String)
    /// The number of receptors a cell expresses, molecules.
    case expression(String)
    /// A state that is a plain number in the cell type.
    case state(String)
    /// µm/s.
    case speed
    /// Mean time between turns, s.
    case persistence
    /// Sensitivity to a receptor's occupancy difference, per receptor.
    case attraction(String)
    /// Rate of committing to division, 1/s.
    case division
    /// Rate of dying, 1/s.
    case death(Death.Kind)
    /// Rate of becoming a type, 1/s.
    case change(String)
    /// Rate of attaching to a touched cell of a type, 1/s.
    case killing(String)
    /// Rate of engulfing a touched cell of a type, 1/s.
    case engulfing(String)
    /// Rate at which cells of a type come out of a compartment, cells/(µm³·s) or cells/(µm²·s).
    case recruitment(String)
    /// How strongly a cell holds on to cells of a type, 1/s: two close their gap at the geometric mean of what each says.
    case adhesion(String)

    /// What it measures; `nil` for a state, which measures what its cell type says, and for recruitment, whose place does.
    public var dimension: Dimension? {
        switch self {
        case .secretion: .secretion
        case .expression: .amount
        case .state, .recruitment: nil
        case .speed: .permeability
        case .persistence: .time
        case .attraction: Dimension.none / .amount
        case .division, .death, .change, .killing, .engulfing, .adhesion: .rate
        }
    }
}

/// One hypothesis: signals change a behaviour of a cell type along a Hill curve.
public struct Rule: Hashable, Sendable, Codable {
    public var cellType: String
    public var inputs: [RuleInput]
    /// How several inputs act together; irrelevant for one.
    public var interaction: Interaction
    public var behaviour: Behaviour
    /// Without the signal, coherent unit of the behaviour.
    public var from: Double
    /// At saturation, coherent unit of the behaviour.
    public var to: Double
    /// The signal acts this much later.
    public var delay: Time
    /// The behaviour follows its target with this half-time; zero follows at once.
    public var halfTime: Time
    /// As the file wrote it.
    public var text: String

    public init(cellType: String, inputs: [RuleInput], behaviour: Behaviour, from: Double, to: Double) {
        self.cellType = cellType
        self.inputs = inputs
        self.interaction = .independent
        self.behaviour = behaviour
        self.from = from
        self.to = to
        self.delay = .zero
        self.halfTime = .zero
        self.text = ""
    }
}

public struct RuleInput: Hashable, Sendable, Codable {
    public var signal: Signal
    /// Coherent unit of the signal.
    public var halfMax: Double
    public var hill: Double

    public init(signal: Signal, halfMax: Double, hill: Double = 1) {
        self.signal = signal
        self.halfMax = halfMax
        self.hill = hill
    }
}

/// How the effects of several signals in one rule meet; f is each signal's Hill fraction, u = (signal/half-max)^hill.
public enum Interaction: Hashable, Sendable, Codable {
    /// Bliss: 1 − Π(1 − f).
    case independent
    /// Loewe dose addition, which needs one hill for all: (Σ signal/half-max)^hill through one Hill curve.
    case additive
    /// All are needed: Π f.
    case all
    /// MuSyC's four-state scheme for two signals: each multiplies the other's potency by `potency`; the effect of both is
    /// `efficacy` times the effect of one. Source: Meyer et al. 2019 Cell Systems 8:97 (facts/validation.md V16).
    case musyc(potency: Double, efficacy: Double)
}

/// Antagonism: in this cell type every rule that reads `signal` sees it multiplied by 1/(1 + (by/halfMax)^hill).
public struct SignalBlock: Hashable, Sendable, Codable {
    public var cellType: String
    public var signal: Signal
    public var by: RuleInput
    public var text: String

    public init(cellType: String, signal: Signal, by: RuleInput, text: String = "") {
        self.cellType = cellType
        self.signal = signal
        self.by = by
        self.text = text
    }
}

/// How several rules on one behaviour meet, each giving a value v; b is the behaviour's value without signals.
public enum Combination: String, Hashable, Sendable, CaseIterable, Codable {
    /// b · Π(v/b); needs b ≠ 0.
    case product
    /// b + Σ(v − b).
    case sum
    case max
    case min
}
