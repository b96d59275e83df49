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
            switch path.lowercased() {
            case let name where name.hasSuffix(".bnet") || name.hasSuffix(".bnd"):
                return .logic(try BooleanNetworkFile.read(full, configuration: configuration(of: full)).network)
            case _ where isLogical(full): return .logic(try BooleanNetworkFile.read(full).network)
            default: return .reactions(try SBMLFile.read(full))
            }
        } catch {
            throw UnreadableNetwork(
                problems: error.problems.map {
                    .init(file: $0.file, line: $0.line, column: $0.column, problem: $0.problem, fix: $0.fix)
                })
        }
    }

    /// Why a file may not be read, or cannot be.
    private func problem(of path: String) -> (problem: String, fix: String)? {
        let known = [".xml", ".sbml", ".bnet", ".bnd"]
        guard known.contains(where: path.lowercased().hasSuffix) else {
            return ("this is no file of a network", "name one that ends in \(known.joined(separator: ", "))")
        }
        guard FileManager.default.fileExists(atPath: path) else {
            return ("this file is not there", "put it beside the model file, or correct its name")
        }
        guard PathParts.isInside(path, folder: folder) else {
            return ("this file leads out of the model's folder", "copy it beside the model")
        }
        return nil
    }

    /// The configuration of a MaBoSS network: the file of the same name that ends in ".cfg", where there is one.
    private func configuration(of path: String) -> String? {
        guard path.lowercased().hasSuffix(".bnd") else { return nil }
        let configuration = String(path.dropLast(4)) + ".cfg"
        guard FileManager.default.fileExists(atPath: configuration),
            PathParts.isInside(configuration, folder: folder)
        else { return nil }
        return configuration
    }

    /// Whether an SBML file holds a logical network: it then names the package "qual" at its beginning.
    private func isLogical(_ path: String) -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? file.close() }
        let head = String(decoding: (try? file.read(upToCount: 4096)) ?? Data(), as: UTF8.self)
        return head.contains("/qual/version1")
    }
}
