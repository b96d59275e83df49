/// What will happen to cells within a tick, in order of time; at one time in order of cells and of kind.
struct LifeEvents {
    enum Kind: Hashable {
        case slot(Int32)
        case phaseEnd
        case hit
        case release
        case vanish

        var rank: Int32 {
            switch self {
            case .slot(let slot): slot
            case .phaseEnd: 1000
            case .hit: 1001
            case .release: 1002
            case .vanish: 1003
            }
        }
    }

    struct Event {
        let time: Double
        /// By which ties are broken: ids do not depend on the order of cells.
        let id: Int
        let cell: Int
        let kind: Kind
        /// Of the cell when this was foreseen: what it has become since makes it void.
        let version: Int32

        static func < (a: Event, b: Event) -> Bool {
            if a.time != b.time { return a.time < b.time }
            return a.id != b.id ? a.id < b.id : a.kind.rank < b.kind.rank
        }
    }

    private var heap: [Event] = []

    mutating func push(_ event: Event) {
        heap.append(event)
        var i = heap.count - 1
        while i > 0, heap[i] < heap[(i - 1) / 2] {
            heap.swapAt(i, (i - 1) / 2)
            i = (i - 1) / 2
        }
    }

    mutating func pop() -> Event? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if heap.isEmpty { return first }
        heap[0] = last
        var i = 0
        while true {
            var least = i
            for child in [2 * i + 1, 2 * i + 2] where child < heap.count && heap[child] < heap[least] { least = child }
            if least == i { return first }
            heap.swapAt(i, least)
            i = least
        }
    }
}
