import Simulation

/// Who sent what who captured of one molecule, over a whole run.
struct CommunicationSummary {
    let molecule: String
    /// Cell types in the model's order, then groups or cells, then what no cell secreted.
    let senders: [String]
    let receivers: [String]
    let links: [Link]
    /// By sender, molecules.
    let secreted: [String: Double]
    /// Intervals in order of time.
    let intervals: [Interval]

    /// What one receptor of a receiver holds and took in from one sender, molecules.
    struct Link {
        var sender: String
        var receiver: String
        var receptor: String
        var captured: Double
        /// Of what was captured, by the very cell that had secreted it.
        var autocrine: Double
        /// Of it, what a compartment brought.
        var endocrine: Double
        /// On the receiver at the end.
        var bound: Double
    }

    struct Interval {
        /// Seconds since the start.
        var start: Double
        var end: Double
        /// Molecules captured in it.
        var bySender: [String: Double]
        var byReceiver: [String: Double]
    }

    private struct Key: Hashable {
        var sender: String
        var receiver: String
        var receptor: String
    }

    /// Chosen: more rows than these cannot be read, so that the smallest senders are joined in one.
    static let mostSenders = 12

    /// Sums the rows of one molecule; `nil` where nothing was secreted or captured.
    init?(_ molecule: String, rows: [CommunicationRow], secretion: [SecretionRow], typeNames: [String]) {
        let rows = rows.filter { $0.molecule == molecule }
        let secretion = secretion.filter { $0.molecule == molecule }
        guard rows.contains(where: { $0.captured != 0 }) || secretion.contains(where: { $0.secreted != 0 }) else {
            return nil
        }
        let names = CommunicationSummary.joined(rows, secretion)
        func name(_ sender: String) -> String { names[sender] ?? sender }
        var links: [Key: Link] = [:]
        var order: [Key] = []
        let end = rows.map(\.end).max() ?? 0
        for row in rows {
            let key = Key(sender: name(row.sender), receiver: row.receiver, receptor: row.receptor)
            if links[key] == nil { order.append(key) }
            var link =
                links[key]
                ?? Link(
                    sender: key.sender, receiver: key.receiver, receptor: key.receptor, captured: 0, autocrine: 0,
                    endocrine: 0, bound: 0)
            link.captured += row.captured
            if row.route == .autocrine { link.autocrine += row.captured }
            if row.route == .endocrine { link.endocrine += row.captured }
            if row.end == end { link.bound += row.bound }
            links[key] = link
        }
        var secreted: [String: Double] = [:]
        for row in secretion { secreted[name(row.sender), default: 0] += row.secreted }
        self.molecule = molecule
        self.secreted = secreted
        let found = order.compactMap { links[$0] }.filter { $0.captured != 0 || $0.bound != 0 }
        let active = secretion.filter { $0.secreted != 0 }.map { name($0.sender) }
        senders = CommunicationSummary.ordered(active + found.map(\.sender), typeNames)
        receivers = CommunicationSummary.ordered(found.map(\.receiver), typeNames)
        let (rankOfSender, rankOfReceiver) = (
            CommunicationSummary.ranks(senders), CommunicationSummary.ranks(receivers)
        )
        func rank(_ link: Link) -> (Int, Int, String) {
            (rankOfSender[link.sender] ?? 0, rankOfReceiver[link.receiver] ?? 0, link.receptor)
        }
        self.links = found.sorted { rank($0) < rank($1) }
        intervals = CommunicationSummary.intervals(rows, name)
    }

    private static func intervals(_ rows: [CommunicationRow], _ name: (String) -> String) -> [Interval] {
        var intervals: [Double: Interval] = [:]
        for row in rows {
            var interval =
                intervals[row.start] ?? Interval(start: row.start, end: row.end, bySender: [:], byReceiver: [:])
            interval.bySender[name(row.sender), default: 0] += row.captured
            interval.byReceiver[row.receiver, default: 0] += row.captured
            intervals[row.start] = interval
        }
        return intervals.values.sorted { $0.start < $1.start }
    }

    /// The name that senders beyond the largest go by.
    private static func joined(_ rows: [CommunicationRow], _ secretion: [SecretionRow]) -> [String: String] {
        var amounts: [String: Double] = [:]
        for row in rows where row.sender != CommunicationRow.outside {
            amounts[row.sender, default: 0] += row.captured
        }
        for row in secretion { amounts[row.sender, default: 0] += 0 }
        guard amounts.count > mostSenders else { return [:] }
        let rest = amounts.sorted { (-$0.value, $0.key) < (-$1.value, $1.key) }.dropFirst(mostSenders - 1).map(\.key)
        return Dictionary(rest.map { ($0, "\(rest.count) others") }, uniquingKeysWith: { first, _ in first })
    }

    /// Each name once: those of cell types as the model has them, in all tissues; others as they come, "outside" last.
    static func ordered(_ names: [String], _ typeNames: [String]) -> [String] {
        var seen: Set<String> = []
        let once = names.filter { seen.insert($0).inserted }
        let types = once.map { CommunicationRow.type(ofCells: $0, among: typeNames) }
        let ofTypes = typeNames.flatMap { type in zip(once, types).filter { $0.1 == type }.map(\.0) }
        let others = once.filter { !ofTypes.contains($0) && $0 != CommunicationRow.outside }
        return ofTypes + others + once.filter { $0 == CommunicationRow.outside }
    }

    private static func ranks(_ names: [String]) -> [String: Int] {
        Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    // MARK: - Sums

    /// Of all senders by all receivers, molecules.
    var captured: Double { links.reduce(0) { $0 + $1.captured } }

    /// From a sender, by a receiver or, where none is named, by all; molecules.
    func captured(from sender: String, by receiver: String? = nil) -> Double {
        sum(\.captured) { $0.sender == sender && (receiver == nil || $0.receiver == receiver) }
    }

    func captured(by receiver: String) -> Double { sum(\.captured) { $0.receiver == receiver } }

    func autocrine(from sender: String, by receiver: String) -> Double {
        sum(\.autocrine) { $0.sender == sender && $0.receiver == receiver }
    }

    func endocrine(from sender: String, by receiver: String) -> Double {
        sum(\.endocrine) { $0.sender == sender && $0.receiver == receiver }
    }

    /// Whether a compartment brought anything that a cell had secreted.
    var hasEndocrine: Bool { links.contains { $0.endocrine != 0 } }

    /// Of what is on a receiver at the end, the share that one link brought; `nil` where nothing is.
    func shareOfBound(_ link: Link) -> Double? {
        let all = sum(\.bound) { $0.receiver == link.receiver }
        return all > 0 ? link.bound / all : nil
    }

    /// Of what was captured in all; `nil` where that is nothing.
    func shareOfCaptured(_ amount: Double) -> Double? { captured > 0 ? amount / captured : nil }

    /// Of what a sender secreted; `nil` where that is nothing, as for what came from outside.
    func shareOfSecreted(_ amount: Double, by sender: String) -> Double? {
        secreted[sender].flatMap { $0 > 0 ? amount / $0 : nil }
    }

    private func sum(_ amount: KeyPath<Link, Double>, where isWanted: (Link) -> Bool) -> Double {
        links.reduce(0) { isWanted($1) ? $0 + $1[keyPath: amount] : $0 }
    }
}
