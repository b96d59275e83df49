import Biology
import Foundation
import NetworkFiles
import Networks
import Results
import Simulation
import Tissue
import WellMixed

/// How a model runs without space.
struct Mixing: Sendable {
    var method: MixMethod
    var sampling: CellSampling = .fewest
    /// By chance, the share of itself by which no rate changes within one leap; `nil` is exact.
    var leap: Double?
}

/// Where a run with space goes on from.
enum RunStart {
    case beginning
    case checkpoint(CheckpointFolder.Checkpoint)
    case branch(LeavingPoint)
}

/// What advances a model: the tissue, or its reduction without space.
enum RunEngine: Sendable {
    case tissue
    case mixed(MixedRun)

    /// The one for a model with its cells: `mixing` says how it runs without space, `nil` with space.
    init(_ model: Model, cells: [PlacedCell], _ mixing: Mixing?) throws {
        self = try mixing.map { .mixed(try MixedRun(model, cells: cells, $0)) } ?? .tissue
    }

    var name: RunManifest.Engine {
        switch self {
        case .tissue: .tissue
        case .mixed(let run): run.mixing.method == .ode ? .ode : .ssa
        }
    }

    var notes: [String] {
        switch self {
        case .tissue: []
        case .mixed(let run): run.notes
        }
    }

    /// Stops with every response that has no answer without space.
    func refuseUnanswered(_ responses: [Response]) throws {
        guard case .mixed(let run) = self else { return }
        let refused = responses.compactMap { response in
            run.reduction.reasonToSkip(response.subject).map {
                "--response: error: '\(response.text)' has no answer without space: \($0)\n  fix: measure something else, or leave out --ode and --ssa"
            }
        }
        if !refused.isEmpty { throw Stop(.usage, refused.joined(separator: "\n")) }
    }

    /// Writes what runs without space as SBML, to a file that is not there yet.
    func writeSBML(_ path: String) throws {
        guard case .mixed(let run) = self else { return }
        guard !FileManager.default.fileExists(atPath: path) else {
            throw Stop(.file, "\(path): error: this file is there already\n  fix: name a new one")
        }
        guard !run.reduction.isOneByOne else {
            throw Stop(
                .usage,
                "--sbml: error: cells that are followed one by one are no network of reactions\n  fix: add --ode, or '--cells 1'"
            )
        }
        try Data(SBMLFile.text(of: run.reduction.network).utf8).write(to: URL(fileURLWithPath: path))
    }

    /// What of a model can be observed: all of it with space.
    func observed(_ model: Model) -> Model {
        if case .mixed(let run) = self { run.observed } else { model }
    }

    /// Runs a model with its cells to its end, or until the user stops it; the engine is left as it is then.
    ///
    /// `checkpoints`: Where a run with space keeps its state. `start`: What it goes on from.
    func run(
        _ model: Model, cells: [PlacedCell], threads: Int, recorders: [any Recorder], until: Double?,
        responses: [Response] = [], checkpoints: Checkpoints? = nil, from start: RunStart = .beginning,
        shown: (Run.Progress) -> Void
    ) throws -> (ending: Run.Ending, engine: any Engine) {
        switch self {
        case .tissue:
            let engine = model.spatialEngine(cells: cells, threads: threads)
            if case .branch(let point) = start { try point.begin(engine) }
            var run = Run(model, engine: engine, recorders: recorders, until: until, responses: responses)
            if case .checkpoint(let checkpoint) = start {
                try run.keep(in: StateArchive(restoring: checkpoint.state))
            }
            let ending = try run.go(checkpoints: checkpoints) { state in
                shown(state)
                return !Interruption.isRequested
            }
            if let reason = run.reasonNotKept {
                Console.complain("note: no checkpoint was written, so this run can only begin again: \(reason)")
            }
            return (ending, engine)
        case .mixed(let mixed):
            let engine = try mixed.engine(cells, until: until, responses: responses, shown: shown)
            var run = Run(mixed.observed, engine: engine, recorders: recorders, until: until, responses: responses)
            return (try run.go { _ in engine.hasMore }, engine)
        }
    }
}

/// A model reduced to a network, ready to run, and what can be observed of it without space.
struct MixedRun: Sendable {
    let mixing: Mixing
    let reduction: Reduction
    let contacts: [String: [Double]]
    /// The model without what asks where.
    let observed: Model
    /// What was taken for granted, and what is not answered.
    let notes: [String]

    init(_ model: Model, cells: [PlacedCell], _ mixing: Mixing) throws {
        self.mixing = mixing
        contacts = CellContacts(model, cells: cells).counts
        reduction = try Reduction(
            model, cells: cells, contacts: contacts, method: mixing.method, sampling: mixing.sampling)
        var (observed, left) = (model, [String]())
        if !model.record.fields.isEmpty { left.append("no fields are recorded: the medium is the same everywhere") }
        if model.record.communication != nil {
            left.append("who signals to whom is not recorded: mixed, every sender's molecules are everyone's")
        }
        observed.record.fields = []
        observed.record.communication = nil
        observed.expectations = []
        for expectation in model.expectations {
            if let reason = reduction.reasonToSkip(expectation.subject) {
                left.append("skipped: \(expectation.text) (\(reason))")
            } else {
                observed.expectations.append(expectation)
            }
        }
        if mixing.method == .ssa, !reduction.network.constraints.isEmpty {
            left.append("conditions of networks that must hold are not watched by chance")
        }
        if let leap = mixing.leap {
            left.append(
                "leaps, not exact: within one no rate changes by more than about \(Console.number(100 * leap)) % of itself"
            )
        }
        self.observed = observed
        notes = reduction.notes + left
    }

    func engine(
        _ cells: [PlacedCell], until: Double?, responses: [Response], shown: (Run.Progress) -> Void
    ) throws -> MixedEngine {
        let times = Run.times(observed, until: until, responses: responses)
        let end = times.last ?? 0
        var reduction = reduction
        let course = try reduction.course(times: times, seed: observed.run.seed, leap: mixing.leap) { time in
            shown(Run.Progress(time: time, end: end))
            return !Interruption.isRequested
        }
        guard course.times.count > 1 else { throw Stop(.interrupted, "") }
        return MixedEngine(reduction, cells: cells, contacts: contacts, course: course)
    }
}

extension Reduction {
    /// Why what a line of `expect:` measures has no answer here; `nil` where it has one.
    func reasonToSkip(_ subject: Expectation.Subject) -> String? {
        switch subject {
        case .fieldAt, .fieldFrom, .nicheRadius: return "it asks where, and there is no space"
        case .cells(_, .body, _): return "it asks of one cell, and one stands for all of a type"
        case .imbalance, .ledger, .capturedShare, .count, .network, .inCompartment: return nil
        case .cells(.mean, _, _), .cells(.total, _, _): return nil
        case .cells(_, _, let type), .fraction(let type, _, _, _):
            guard let index = model.cellTypes.firstIndex(where: { $0.name == type }) else { return nil }
            if isOneSum(index) { return "it asks how cells differ, and those that come and go are one sum" }
            let groups = groups.filter { $0.type == index }
            let cells = groups.reduce(0) { $0 + $1.members.count }
            let differ = method == .ssa || model.cellTypes[index].varies
            return differ && groups.count < cells
                ? "it asks how cells differ, and one stands for several; take --cells all" : nil
        }
    }
}

extension CellType {
    /// Whether its cells differ from each other at the start.
    fileprivate var varies: Bool {
        secretes.values.contains { $0.variation > 0 }
            || receptors.values.contains { number in
                if case .spread(let spread) = number { spread.variation > 0 } else { true }
            }
    }
}
