import Biology
import Foundation
import NetworkFiles
import Networks

/// A command that reads one network, or a model, from a file.
protocol ReadsNetwork {
    var networkFile: String { get }
}

extension SteadyCommand: ReadsNetwork { var networkFile: String { source.file } }
extension ScanCommand: ReadsNetwork { var networkFile: String { source.file } }
extension SensitivityCommand: ReadsNetwork { var networkFile: String { source.file } }
extension ContinuationCommand: ReadsNetwork { var networkFile: String { source.file } }
extension MixCommand: ReadsNetwork { var networkFile: String { source.model } }
extension SimulateSBML: ReadsNetwork { var networkFile: String { model } }

/// A file of another program's network as read: what `mix`, `steady`, `scan`, `sbml` and `import` work on.
struct LoadedNetwork {
    let path: String
    /// Without folder and ending: results are named for it.
    let stem: String
    /// The configuration beside a MaBoSS network, where there is one.
    let configuration: String?
    let content: ModelNetwork.Content

    /// Reads a file; its ending and, of XML, its text say which format it is in.
    ///
    /// - Throws: `NetworkFileProblems` with everything that is wrong, or `Stop` where it is no such file.
    init(_ path: String) throws {
        guard LoadedNetwork.isNetwork(path) else {
            throw Stop(
                .usage,
                "\(path): error: this is not a file of a network\n  fix: give SBML (.xml, .sbml), .bnet or .bnd")
        }
        self.path = path
        stem = PathParts(path).stem
        configuration = LoadedNetwork.configuration(beside: path)
        content = try LoadedNetwork.content(path, configuration: configuration)
    }

    /// The reactions, where it has reactions.
    var network: ReactionNetwork {
        get throws {
            guard case .reactions(let network) = content else {
                throw Stop(
                    .model,
                    "\(path): error: this is a logical network, without reactions\n  fix: give a network of reactions")
            }
            return network
        }
    }

    /// A network that cannot be run, with the place in its file that says so where there is one.
    static func located(_ failure: NetworkFailure, in path: String) -> NetworkFileProblem {
        // Run well mixed, its names stand behind that of the network.
        let plain = String(PathParts(path).stem.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        let names = failure.names.flatMap { name in
            let prefix = ["\(plain)_", "_\(plain)_"].first { name.hasPrefix($0) }
            return [name] + (prefix.map { [String(name.dropFirst($0.count))] } ?? [])
        }
        let place = isNetwork(path) && !names.isEmpty ? SBMLFile.place(ofAny: Set(names), in: path) : nil
        return NetworkFileProblem(
            failure.kind == .unsupported ? .unsupported : .malformed, file: path, line: place?.line ?? 0,
            column: place?.column ?? 0, problem: failure.problem, fix: failure.fix)
    }

    /// Whether a path is that of a network rather than of a model, by its ending.
    static func isNetwork(_ path: String) -> Bool { (reactionEndings + logicEndings).contains { hasEnding(path, $0) } }

    private static let reactionEndings = [".xml", ".sbml"]
    private static let logicEndings = [".bnet", ".bnd"]

    private static func hasEnding(_ path: String, _ ending: String) -> Bool { path.lowercased().hasSuffix(ending) }

    /// The configuration of a MaBoSS network: the file of the same name that ends in ".cfg", where there is one.
    static func configuration(beside path: String) -> String? {
        guard hasEnding(path, ".bnd") else { return nil }
        let configuration = String(path.dropLast(4)) + ".cfg"
        return FileManager.default.fileExists(atPath: configuration) ? configuration : nil
    }

    /// What is in a file; `configuration` is of a MaBoSS network.
    static func content(
        _ path: String, configuration: String? = nil
    ) throws(NetworkFileProblems) -> ModelNetwork.Content {
        let isLogic = logicEndings.contains { hasEnding(path, $0) }
        guard try isLogic ? true : SBMLFile.isLogical(path) else { return .reactions(try SBMLFile.read(path)) }
        return .logic(try BooleanNetworkFile.read(path, configuration: configuration).network)
    }
}
