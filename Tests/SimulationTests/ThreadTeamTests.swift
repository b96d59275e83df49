import Simulation
import Synchronization
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A team of threads runs every chunk once, however short the loop and however long the pause before it.
@Suite struct ThreadTeamTests {
    /// Counts how often each chunk ran.
    final class Tally: Sendable {
        let counts: [Counter]
        init(_ chunks: Int) { counts = (0..<chunks).map { _ in Counter() } }
        final class Counter: Sendable { let value = Atomic<Int>(0) }
        func mark(_ chunk: Int) { counts[chunk].value.add(1, ordering: .relaxed) }
        var seen: [Int] { counts.map { $0.value.load(ordering: .relaxed) } }
    }

    @Test(arguments: [1, 2, 3, 4], [0, 1, 2, 7, 1000])
    func everyChunkRunsOnce(threads: Int, chunks: Int) {
        let team = ThreadTeam(count: threads)
        defer { team.dismiss() }
        let tally = Tally(chunks)
        team.run(chunks: chunks) { tally.mark($0) }
        #expect(tally.seen.allSatisfy { $0 == 1 })
    }

    @Test(arguments: [2, 4])
    func manyShortLoopsFollowEachOther(threads: Int) {
        let team = ThreadTeam(count: threads)
        defer { team.dismiss() }
        let tally = Tally(5)
        for _ in 0..<5000 { team.run(chunks: 5) { tally.mark($0) } }
        #expect(tally.seen == Array(repeating: 5000, count: 5))
    }

    /// A loop's writes are seen by the loop after it, whoever ran the chunks.
    @Test func whatOneLoopWroteTheNextReads() {
        let team = ThreadTeam(count: 3)
        defer { team.dismiss() }
        let tally = Tally(64)
        for round in 1...500 {
            team.run(chunks: 64) { tally.mark($0) }
            let wrong = Tally(1)
            team.run(chunks: 64) { chunk in
                if tally.seen[63 - chunk] != round { wrong.mark(0) }
            }
            #expect(wrong.seen[0] == 0)
        }
    }

    @Test func parkedMembersWake() {
        let team = ThreadTeam(count: 4)
        defer { team.dismiss() }
        let tally = Tally(16)
        for _ in 0..<20 {
            // Far beyond the 20 µs of spinning.
            usleep(3000)
            team.run(chunks: 16) { tally.mark($0) }
        }
        #expect(tally.seen.allSatisfy { $0 == 20 })
    }

    /// Chunks that take long are shared: more than one thread takes part.
    @Test func membersTakePart() {
        let team = ThreadTeam(count: 2)
        defer { team.dismiss() }
        let own = pthread_self()
        let others = Tally(1)
        for _ in 0..<50 where others.seen[0] == 0 {
            team.run(chunks: 8) { _ in
                if pthread_equal(pthread_self(), own) == 0 { others.mark(0) }
                usleep(1000)
            }
        }
        #expect(others.seen[0] > 0)
    }

    @Test func teamsComeAndGo() {
        for _ in 0..<50 {
            let team = ThreadTeam(count: 3)
            let tally = Tally(3)
            team.run(chunks: 3) { tally.mark($0) }
            team.dismiss()
            #expect(tally.seen == [1, 1, 1])
        }
    }
}
