import Biology
import Foundation
import Simulation
import Synchronization

/// Many runs for the sake of a few numbers each: several at once, each on threads of its own.
///
/// A run's numbers are the same for any number of threads, so the ensemble's are too.
struct Ensemble {
    /// One run: a model with its cells, and what to measure of it.
    struct Member {
        var model: Model
        var cells: [PlacedCell]
        var responses: [Response]
        /// Ends earlier than the model says, s.
        var until: Double?
        /// How it runs without space; `nil` is with space.
        var mixing: Mixing?
    }

    /// What a member came to.
    enum Outcome {
        /// One value a response, in its coherent unit, `nil` for what could not be measured; and what rules induced.
        case measured([Double?], [InductionRow])
        case failed(Stop)
        /// The user stopped before its end.
        case stopped
    }

    let threads: Int
    let isQuiet: Bool

    private struct Progress<Value> {
        var values: [Value?]
        var done = 0
        var shares: [Double]
    }

    /// Runs `count` members, made one by one as they are needed.
    func run(_ count: Int, member: @Sendable (Int) throws -> Member) -> [Outcome] {
        each(count) { index, threads, shown in
            Ensemble.outcome(threads: threads, member: { try member(index) }, shown: shown)
        }.map { $0 ?? .stopped }
    }

    /// Calls `body` for 0..<`count`, several at once, with the threads each may use and what to tell its progress (0...1).
    ///
    /// `nil` for what was not begun before the user stopped.
    func each<Value: Sendable>(
        _ count: Int, _ body: @Sendable (_ index: Int, _ threads: Int, _ shown: (Double) -> Void) -> Value
    ) -> [Value?] {
        let state = Mutex(
            Progress<Value>(
                values: Array(repeating: nil, count: count), shares: Array(repeating: 0, count: count)))
        let line = Mutex(ProgressLine(isQuiet: isQuiet))
        let atOnce = max(1, min(threads, count))
        let team = ThreadTeam(count: atOnce)
        defer { team.dismiss() }
        // Where there are fewer runs than threads, each run gets several.
        let each = max(1, threads / atOnce)
        team.run(chunks: count) { index in
            guard !Interruption.isRequested else { return }
            let value = body(index, each) { share in
                let (done, partly) = state.withLock { state in
                    state.shares[index] = share
                    return (state.done, state.shares.reduce(0, +))
                }
                line.withLock { $0.show(runs: done, partly: partly, of: count) }
            }
            state.withLock { state in
                state.values[index] = value
                state.done += 1
                state.shares[index] = 1
            }
        }
        line.withLock { $0.finish() }
        return state.withLock { $0.values }
    }

    private static func outcome(
        threads: Int, member: () throws -> Member, shown: (Double) -> Void
    ) -> Outcome {
        do {
            var member = try member()
            member.model.expectations = []
            member.model.record = RecordPlan()
            // The series is drawn for nobody; once is enough.
            member.model.record.series = member.model.run.duration
            let way = try RunEngine(member.model, cells: member.cells, member.mixing)
            let (ending, engine) = try way.run(
                member.model, cells: member.cells, threads: threads, recorders: [], until: member.until,
                responses: member.responses
            ) { state in
                shown(state.time / state.end)
            }
            return ending.wasStopped ? .stopped : .measured(ending.responses, engine.inductions(at: ending.time))
        } catch {
            return .failed(Stop(error))
        }
    }
}
