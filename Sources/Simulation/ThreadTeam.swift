import CLanes
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A few threads that share loops: chunks are claimed in any order, and what a chunk does never depends on who ran it.
///
/// Members spin for some tens of µs after a loop and then park, so short regions cost well under a microsecond. Results are
/// the same for any number of threads as long as chunks are independent and their number does not depend on `count`.
public final class ThreadTeam: Sendable {
    /// Threads that work, the caller's among them.
    public let count: Int
    private let generation = Atomic<Int>(0)
    private let next = Atomic<Int>(0)
    /// Members at work in the loop that is open; ``closed`` is set where nobody may begin any more.
    private let gate = Atomic<Int>(ThreadTeam.closed)
    private let chunks = Atomic<Int>(0)
    private let work = WorkSlot()
    private let stopped = Atomic<Bool>(false)
    private let lock: ParkingPlace

    /// Starts the team's other members.
    ///
    /// - Precondition: `count` is at least 1.
    public init(count: Int) {
        precondition(count >= 1, "a team needs a thread, got \(count)")
        self.count = count
        lock = ParkingPlace()
        ThreadTeam.flushSubnormals()
        for _ in 1..<max(count, 1) { start() }
    }

    /// Lets subnormal numbers be zero on the calling thread; every thread that computes fields does so.
    public static func flushSubnormals() { cl_flush_subnormals() }

    /// Ends the members; the team cannot be used afterwards.
    public func dismiss() {
        stopped.store(true, ordering: .sequentiallyConsistent)
        generation.add(1, ordering: .sequentiallyConsistent)
        lock.wakeAll()
    }

    /// Runs `body` for every chunk 0..<chunks, each once, and returns when all are done.
    public func run(chunks: Int, _ body: (Int) -> Void) {
        if count == 1 || chunks <= 1 {
            for chunk in 0..<chunks { body(chunk) }
            return
        }
        unsafe publish(body, work.slot)
        self.chunks.store(chunks, ordering: .relaxed)
        next.store(0, ordering: .relaxed)
        gate.store(0, ordering: .releasing)
        generation.add(1, ordering: .sequentiallyConsistent)
        lock.wakeAll()
        claimChunks()
        // Nobody waits for members that have not begun: all chunks are claimed.
        gate.bitwiseOr(ThreadTeam.closed, ordering: .acquiringAndReleasing)
        var spins = 0
        while gate.load(ordering: .acquiring) != ThreadTeam.closed {
            spins += 1
            // Where there are more threads than processors, one that works may need this one.
            if spins < ThreadTeam.mostSpins { cl_pause() } else { sched_yield() }
        }
    }

    private static let closed = Int.min

    /// Chosen: some tens of µs, longer than the gap between two kernels of a step.
    private static let mostSpins = 2000

    /// Whether a member may begin in the loop that is open.
    private func enter() -> Bool {
        var now = gate.load(ordering: .relaxed)
        while now >= 0 {
            let (isIn, found) = gate.compareExchange(
                expected: now, desired: now + 1, ordering: .acquiringAndReleasing)
            if isIn { return true }
            now = found
        }
        return false
    }

    private func claimChunks() {
        let total = chunks.load(ordering: .relaxed)
        while true {
            let chunk = next.add(1, ordering: .relaxed).oldValue
            if chunk >= total { return }
            unsafe cl_run_work(work.slot, chunk)
        }
    }

    private func start() {
        let box = unsafe Unmanaged.passRetained(self)
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        let status = unsafe pthread_create(
            &thread, nil,
            { argument in
                #if canImport(Darwin)
                    let team = unsafe Unmanaged<ThreadTeam>.fromOpaque(argument).takeRetainedValue()
                #else
                    guard let argument = unsafe argument else { return nil }
                    let team = unsafe Unmanaged<ThreadTeam>.fromOpaque(argument).takeRetainedValue()
                #endif
                team.serve()
                return nil
            }, box.toOpaque())
        precondition(status == 0, "could not start a thread: error \(status)")
    }

    private func serve() {
        ThreadTeam.flushSubnormals()
        var seen = 0
        while true {
            seen = waitForWork(after: seen)
            if stopped.load(ordering: .sequentiallyConsistent) { return }
            if enter() {
                claimChunks()
                gate.subtract(1, ordering: .releasing)
            }
        }
    }

    /// Returns the new generation, having spun and then parked until there is one.
    private func waitForWork(after seen: Int) -> Int {
        for _ in 0..<ThreadTeam.mostSpins {
            let now = generation.load(ordering: .acquiring)
            if now != seen { return now }
            cl_pause()
        }
        lock.park { self.generation.load(ordering: .sequentiallyConsistent) != seen }
        return generation.load(ordering: .acquiring)
    }
}

/// Writes the two words of a closure that does not escape: it lives as long as the call that runs it.
@_silgen_name("cl_publish_work")
private func publish(_ body: (Int) -> Void, _ slot: UnsafeMutablePointer<cl_work>)

/// Where the loop that is being run is found.
@safe private final class WorkSlot: @unchecked Sendable {
    let slot = UnsafeMutablePointer<cl_work>.allocate(capacity: 1)

    deinit { unsafe slot.deallocate() }
}

/// Where members wait when there has been no work for a while.
@safe private final class ParkingPlace: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let waiting = Atomic<Int>(0)

    init() {
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(condition, nil)
    }

    /// Sleeps until `isReady`.
    func park(until isReady: () -> Bool) {
        unsafe pthread_mutex_lock(mutex)
        waiting.add(1, ordering: .sequentiallyConsistent)
        while !isReady() { unsafe pthread_cond_wait(condition, mutex) }
        waiting.subtract(1, ordering: .sequentiallyConsistent)
        unsafe pthread_mutex_unlock(mutex)
    }

    func wakeAll() {
        guard waiting.load(ordering: .sequentiallyConsistent) > 0 else { return }
        unsafe pthread_mutex_lock(mutex)
        unsafe pthread_cond_broadcast(condition)
        unsafe pthread_mutex_unlock(mutex)
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe pthread_cond_destroy(condition)
        unsafe mutex.deallocate()
        unsafe condition.deallocate()
    }
}
