// How axes, faces, behaviours and the box are named in a model's JSON; in the model file they have the same names.

extension Axis: Codable, CustomStringConvertible {
    /// "x", "y" or "z".
    public var description: String { ["x", "y", "z"][rawValue] }

    public init?(named name: String) {
        guard let axis = Axis.allCases.first(where: { $0.description == name }) else { return nil }
        self = axis
    }

    public init(from decoder: any Decoder) throws {
        self = try decoder.named("axis") { Axis(named: $0) }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Face: Codable, CodingKeyRepresentable, CustomStringConvertible {
    /// "x-" for the face at x = 0, "x+" for the one opposite.
    public var description: String { "\(axis)\(isUpper ? "+" : "-")" }

    public init?(named name: String) {
        guard let face = Face.all.first(where: { $0.description == name }) else { return nil }
        self = face
    }

    public var codingKey: any CodingKey { NameKey(description) }

    public init?(codingKey: some CodingKey) { self.init(named: codingKey.stringValue) }

    public init(from decoder: any Decoder) throws {
        self = try decoder.named("face") { Face(named: $0) }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Behaviour: Codable, CodingKeyRepresentable, CustomStringConvertible {
    /// As a rule names it: "secretes.IL-2", "receptors.IL-2R", "state.activation", "divides.rate", "becomes.Th1".
    public var description: String {
        switch self {
        case .secretion(let molecule): "secretes.\(molecule)"
        case .expression(let receptor): "receptors.\(receptor)"
        case .state(let name): "state.\(name)"
        case .speed: "motion.speed"
        case .persistence: "motion.persistence"
        case .attraction(let receptor): "motion.towards.\(receptor)"
        case .division: "divides.rate"
        case .death(.apoptosis): "dies.rate"
        case .death(.necrosis): "necrosis.rate"
        case .change(let type): "becomes.\(type)"
        case .killing(let type): "kills.\(type)"
        case .engulfing(let type): "eats.\(type)"
        case .recruitment(let type): "recruits.\(type)"
        case .adhesion(let type): "adhesion.\(type)"
        }
    }

    public init?(named text: String) {
        let pieces = text.split(separator: ".", maxSplits: 1).map(String.init)
        guard pieces.count == 2 else { return nil }
        switch pieces[0] {
        case "secretes": self = .secretion(pieces[1])
        case "receptors": self = .expression(pieces[1])
        case "state": self = .state(pieces[1])
        case "becomes": self = .change(pieces[1])
        case "kills": self = .killing(pieces[1])
        case "eats": self = .engulfing(pieces[1])
        case "recruits": self = .recruitment(pieces[1])
        case "adhesion": self = .adhesion(pieces[1])
        default:
            switch text {
            case "motion.speed": self = .speed
            case "motion.persistence": self = .persistence
            case "divides.rate": self = .division
            case "dies.rate": self = .death(.apoptosis)
            case "necrosis.rate": self = .death(.necrosis)
            default:
                let towards = "motion.towards."
                guard text.hasPrefix(towards) else { return nil }
                self = .attraction(String(text.dropFirst(towards.count)))
            }
        }
    }

    public var codingKey: any CodingKey { NameKey(description) }

    public init?(codingKey: some CodingKey) { self.init(named: codingKey.stringValue) }

    public init(from decoder: any Decoder) throws {
        self = try decoder.named("behaviour") { Behaviour(named: $0) }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Space: Codable {
    private enum CodingKeys: String, CodingKey { case size, spacing, periodic, walls }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let size = try container.decode([Length].self, forKey: .size)
        guard size.count == 3 else {
            throw DecodingError.dataCorruptedError(
                forKey: .size, in: container, debugDescription: "space has three edge lengths, got \(size.count)")
        }
        self.init(
            size: size, spacing: try container.decode(Length.self, forKey: .spacing),
            periodic: Set(try container.decode([Axis].self, forKey: .periodic)),
            walls: try container.decode([Face: Wall].self, forKey: .walls))
    }

    /// Joined axes are written in order, so that equal boxes give equal text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(size, forKey: .size)
        try container.encode(spacing, forKey: .spacing)
        try container.encode(Axis.allCases.filter { periodic.contains($0) }, forKey: .periodic)
        try container.encode(walls, forKey: .walls)
    }
}

/// A name as a key.
private struct NameKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
}

extension Decoder {
    /// A value that is written as its name.
    fileprivate func named<Value>(_ kind: String, _ read: (String) -> Value?) throws -> Value {
        let container = try singleValueContainer()
        let name = try container.decode(String.self)
        guard let value = read(name) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no \(kind) has the name '\(name)'")
        }
        return value
    }
}
