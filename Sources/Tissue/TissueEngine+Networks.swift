public import Biology
import Networks
import Simulation

extension TissueEngine {
    /// Puts the networks inside cells at their start, with the cells as placed.
    func startNetworks() {
        guard let networks else { return }
        networks.compile(model) { phenotype.compiler(model, type: $0, population) }
        prepareFirstSignals()
        networks.start(signalSource, team: team)
    }

    /// Lets the networks inside cells follow the step that has just been taken.
    func advanceNetworks() throws(RunFailure) {
        guard let networks else { return }
        do throws(NetworkFailure) {
            try networks.advance(signalSource, to: clock.now, team: team)
        } catch {
            throw fail(error)
        }
    }

    func fail(_ failure: NetworkFailure) -> RunFailure {
        RunFailure(time: clock.now, problem: "a network inside cells stopped: \(failure.problem)", fix: failure.fix)
    }

    /// Why the networks inside a model's cells cannot run, with the path of the first that cannot; `nil` where they can.
    public static func networkProblem(_ model: Model) -> (path: String, problem: String, fix: String)? {
        CellNetworks.problem(model)
    }
}
