import Biology
import Foundation
import NetworkFiles
import Networks
import Testing

/// A published network of `../shared/models`, which the repository does not have.
enum PublishedNetwork {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/models")

    /// The network whose file's name begins so, with other values; `nil`, and a message, where it is not there.
    static func read(_ start: String, _ values: [String: Double] = [:]) throws -> ReactionNetwork? {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        guard let file = files.first(where: { $0.hasPrefix(start) }) else {
            print("skipped: no \(start)… in ../shared/models beside the repository")
            return nil
        }
        let changed = try SBMLFile.read(folder.appending(path: file).path).with(values)
        #expect(changed.unknown.isEmpty)
        return changed.network
    }

    static func isClose(_ found: Double?, _ exact: Double, _ share: Double) -> Bool {
        guard let found else { return false }
        return abs(found - exact) <= share * abs(exact)
    }
}

extension ReactionNetwork {
    /// Values at times, the start first.
    func course(_ names: [String], at times: [Double], absolute: Double = 1e-12) throws -> TimeCourse {
        try OrdinaryCourse(self).run(
            CourseRequest(times: times, outputs: names.map { .init($0) }), relative: 1e-8, absolute: absolute, seed: 1)
    }

    /// Where it rests, by names.
    func rests(starts: Int = 128, _ values: [String: Double] = [:]) throws -> [NamedRest] {
        let names = species.filter { !$0.isConstant && !$0.isBoundary }.map(\.name)
        let resting = try NetworkAtRest(self, varying: Array(values.keys), outputs: names.map { .init($0) })
        let problem = try resting.problem(values)
        return resting.search(starts: starts).run(problem).equilibria.map { state in
            let found = resting.outputs(at: state.values, setting: problem.setting)
            return NamedRest(
                values: Dictionary(zip(names, found)) { first, _ in first }, equilibrium: state)
        }
    }
}

struct NamedRest {
    var values: [String: Double]
    var equilibrium: Equilibrium

    subscript(name: String) -> Double { values[name] ?? .nan }
}
