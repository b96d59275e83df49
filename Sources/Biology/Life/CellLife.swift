/// What cells of a type do beside secreting, binding and following rules.
///
/// Every rate is of a Poisson process and met by the time step once: a cell draws how much of it has to add up before it
/// acts, so that when it acts does not depend on the step.
public struct CellLife: Hashable, Sendable, Codable {
    public var motion: Motion?
    public var division: Division?
    /// At most one of each kind.
    public var deaths: [Death]
    public var changes: [TypeChange]
    public var kills: [Killing]
    public var eats: [Engulfing]
    /// The time after which a cell of this type is gone: bodies of dead cells.
    public var vanishes: Time?

    public init() {
        motion = nil
        division = nil
        deaths = []
        changes = []
        kills = []
        eats = []
        vanishes = nil
    }

    public var isEmpty: Bool { self == CellLife() }

    /// The value of a behaviour without signals, in its coherent unit; `nil` where the type does not state it.
    public func stated(_ behaviour: Behaviour) -> Double? {
        switch behaviour {
        case .secretion, .expression, .state, .recruitment, .adhesion: nil
        case .speed: motion?.speed.value
        case .persistence: motion?.persistence.value
        case .attraction(let receptor): motion?.towards.first { $0.receptor == receptor }?.sensitivity
        case .division: division?.hazard.rate.value
        case .death(let kind): deaths.first { $0.kind == kind }?.hazard.rate.value
        case .change(let type): changes.first { $0.into == type }?.hazard.rate.value
        case .killing(let type): kills.first { $0.target == type }?.attaches.value
        case .engulfing(let type): eats.first { $0.target == type }?.rate.value
        }
    }
}

/// How often something happens to a cell.
public struct Hazard: Hashable, Sendable, Codable {
    public var rate: FirstOrderRate
    /// Not before the cell has been of its type for so long.
    public var refractory: Time

    public init(rate: FirstOrderRate, refractory: Time = .zero) {
        self.rate = rate
        self.refractory = refractory
    }
}

// MARK: - Motion

/// A persistent random walk: straight at `speed`, turning at random times, on average every `persistence`.
///
/// Without attractants a new direction is any; with them it is drawn from the von Mises–Fisher distribution around
/// κ = Σ sensitivity · (bound receptors ahead − behind), so that the mean of its cosine is coth κ − 1/κ, or κ/3 where κ is
/// small. Mean squared displacement: 2 S² P (t − P(1 − e^(−t/P))) (Fürth), with motility S²P/3 in space and S²P/2 in a slab.
public struct Motion: Hashable, Sendable, Codable {
    public var speed: Speed
    public var persistence: Time
    public var towards: [Attraction]

    public init(speed: Speed, persistence: Time, towards: [Attraction] = []) {
        self.speed = speed
        self.persistence = persistence
        self.towards = towards
    }
}

/// A cell goes up the difference of a receptor's occupancy across itself, or down it where `sensitivity` is negative.
///
/// Bound receptors ahead less those behind: R K (c₊ − c₋)/(c + K)², with c₊ − c₋ over the cell's diameter.
/// - Source: facts/validation.md V18 (Tranquillo, Lauffenburger & Zigmond 1988).
public struct Attraction: Hashable, Sendable, Codable {
    public var receptor: String
    /// Per receptor of difference.
    public var sensitivity: Double

    public init(receptor: String, sensitivity: Double) {
        self.receptor = receptor
        self.sensitivity = sensitivity
    }
}

public enum SpeedKind: QuantityKind {
    public static let dimension = Dimension.permeability
    public static let coherentUnit = "µm/s"
}
public typealias Speed = Quantity<SpeedKind>

// MARK: - Division and death

/// A cell commits at a rate, passes its phases, and is two; each daughter has half of everything.
public struct Division: Hashable, Sendable, Codable {
    /// Of committing, from the state between divisions.
    public var hazard: Hazard
    /// Passed after committing, in this order; none where a cell divides as it commits.
    public var phases: [CellPhase]
    /// How receptors are handed on, where not halved.
    public var daughters: [String: Inheritance]
    /// Daughters start with half the volume and grow to their type's over this time; at once where `nil`.
    public var growth: Time?

    public init(hazard: Hazard, phases: [CellPhase] = []) {
        self.hazard = hazard
        self.phases = phases
        self.daughters = [:]
        self.growth = nil
    }
}

/// A phase of the cycle with its duration, log-normal from cell to cell.
public struct CellPhase: Hashable, Sendable, Codable {
    public var name: String
    /// s.
    public var duration: Spread

    public init(name: String, duration: Spread) {
        self.name = name
        self.duration = duration
    }
}

public enum Inheritance: String, Hashable, Sendable, CaseIterable, Codable {
    /// Each daughter has half of the receptors, free and bound.
    case halve
    /// Bound ligand is shared; free receptors are made anew, so that each daughter has its mother's number.
    case copy
}

public struct Death: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, CaseIterable, Codable { case apoptosis, necrosis }
    public var kind: Kind
    public var hazard: Hazard
    /// The type of its body; `nil` where nothing remains.
    public var body: String?
    /// Let go into the medium as it dies, molecules by name.
    public var releases: [String: Amount]

    public init(kind: Kind, hazard: Hazard, body: String? = nil, releases: [String: Amount] = [:]) {
        self.kind = kind
        self.hazard = hazard
        self.body = body
        self.releases = releases
    }
}

/// A cell becomes one of another type where it stands; what both types have is kept, what the new one lacks is taken in.
public struct TypeChange: Hashable, Sendable, Codable {
    public var into: String
    public var hazard: Hazard

    public init(into: String, hazard: Hazard) {
        self.into = into
        self.hazard = hazard
    }
}

// MARK: - Touch

/// Cells attach to cells of another type that they touch, and hit them until they die or let go.
///
/// Hits add up on the target, whoever gave them, and are repaired with a half-life.
public struct Killing: Hashable, Sendable, Codable {
    public var target: String
    /// Of attaching to a target that is touched, for each of them, while the cell holds none.
    public var attaches: FirstOrderRate
    /// The target's property that this is multiplied by: a state without dimension, such as MHC-I.
    public var recognises: String?
    /// Mean time between hits while attached; zero hits once as it attaches.
    public var every: Time
    /// Hits that kill.
    public var hits: Int
    /// Mean time until it lets go of a target that lives on; `nil`: never.
    public var lasts: Time?
    /// Half-life of damage; `nil`: it stays.
    public var repair: Time?

    public init(target: String, attaches: FirstOrderRate, hits: Int = 1) {
        self.target = target
        self.attaches = attaches
        self.recognises = nil
        self.every = .zero
        self.hits = hits
        self.lasts = nil
        self.repair = nil
    }
}

/// Cells take in cells of another type that they touch, dead or alive.
public struct Engulfing: Hashable, Sendable, Codable {
    public var target: String
    /// For each target that is touched.
    public var rate: FirstOrderRate

    public init(target: String, rate: FirstOrderRate) {
        self.target = target
        self.rate = rate
    }
}
