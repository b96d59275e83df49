import Biology
import Foundation
import NetworkFiles

/// The files of networks that a model file names, read from beside it.
struct NetworkFilesBeside {
    /// Of the model file.
    let folder: String

    var reader: NetworkFileReader {
        let files = self
        return NetworkFileReader { path throws(UnreadableNetwork) in try files.read(path) }
    }

    private func read(_ path: String) throws(UnreadableNetwork) -> ModelNetwork.Content {
        let full = PathParts.join(folder, path)
        if let (problem, fix) = problem(of: full) {
            throw UnreadableNetwork(problems: [.init(file: path, problem: problem, fix: fix)])
        }
        do throws(NetworkFileProblems) {
            return try LoadedNetwork.content(full, configuration: configuration(of: full))
        } catch {
            throw UnreadableNetwork(
                problems: error.problems.map {
                    .init(file: $0.file, line: $0.line, column: $0.column, problem: $0.problem, fix: $0.fix)
                })
        }
    }

    /// Why a file may not be read, or cannot be.
    private func problem(of path: String) -> (problem: String, fix: String)? {
        guard LoadedNetwork.isNetwork(path) else {
            return ("this is no file of a network", "name one that ends in .xml, .sbml, .bnet or .bnd")
        }
        guard FileManager.default.fileExists(atPath: path) else {
            return ("this file is not there", "put it beside the model file, or correct its name")
        }
        guard PathParts.isInside(path, folder: folder) else {
            return ("this file leads out of the model's folder", "copy it beside the model")
        }
        return nil
    }

    /// The configuration beside a MaBoSS network, where there is one in the model's folder.
    private func configuration(of path: String) -> String? {
        LoadedNetwork.configuration(beside: path).flatMap { PathParts.isInside($0, folder: folder) ? $0 : nil }
    }
}
