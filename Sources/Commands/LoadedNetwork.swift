import Biology
import Foundation
import NetworkFiles

/// A file of a reaction network as read: what `mix`, `steady`, `scan`, `sbml` and `import` work on.
struct LoadedNetwork {
    let path: String
    /// Without folder and ending: results are named for it.
    let stem: String
    var network: ReactionNetwork

    /// Reads an SBML file.
    ///
    /// - Throws: `NetworkFileProblems` with everything that is wrong, or `Stop` where it is no such file.
    init(_ path: String) throws {
        guard LoadedNetwork.isNetwork(path) else {
            throw Stop(
                .usage,
                "\(path): error: this is not a file of a reaction network\n  fix: give SBML: NAME.xml or NAME.sbml")
        }
        self.path = path
        stem = PathParts(path).stem
        network = try SBMLFile.read(path)
    }

    private static let endings = [".xml", ".sbml"]

    /// Whether a path is that of a network rather than of a model, by its ending.
    static func isNetwork(_ path: String) -> Bool { endings.contains(where: path.lowercased().hasSuffix) }
}
