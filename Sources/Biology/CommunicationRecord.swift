/// Who signalled to whom, as it is to be recorded.
///
/// Every molecule that cells capture is attributed to the cells that secreted it; recording never changes the solution.
public struct CommunicationRecord: Hashable, Sendable, Codable {
    /// Length of the intervals that captures are counted in.
    public var every: Time
    /// Molecules to attribute; empty for every one that cells secrete.
    public var molecules: [String]
    public var senders: Senders
    /// Cells that are counted under a name of their own instead of their type's.
    public var groups: [CellGroup]
    /// Cell types whose cells are also written one by one as receivers.
    public var receivers: [String]

    public init(every: Time) {
        self.every = every
        molecules = []
        senders = .types
        groups = []
        receivers = []
    }
}

/// Who counts as one sender.
public enum Senders: String, Hashable, Sendable, CaseIterable, Codable {
    /// All cells of a type, or of a group.
    case types
    /// Every secreting cell by itself, as "Tsec 17" with the cell's id.
    case cells
}

/// The cells of one type within a distance of a point, under a name of their own.
public struct CellGroup: Hashable, Sendable, Codable {
    public var name: String
    public var cellType: String
    /// x, y and z.
    public var centre: [Length]
    public var radius: Length

    public init(name: String, cellType: String, centre: [Length], radius: Length) {
        self.name = name
        self.cellType = cellType
        self.centre = centre
        self.radius = radius
    }
}
