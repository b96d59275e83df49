import Biology
import Foundation
import Tables

/// The masks of obstacles that a model file names, read from beside it.
struct MasksBeside {
    /// Of the model file.
    let folder: String

    /// Chosen: a million voxels as text, with room for digits.
    private static let mostBytes = 128 << 20

    var reader: MaskReader {
        let masks = self
        return MaskReader { path throws(UnreadableMask) in try masks.read(path) }
    }

    private func read(_ path: String) throws(UnreadableMask) -> [MaskPoint] {
        let full = PathParts.join(folder, path)
        if let (problem, fix) = problem(of: full) {
            throw UnreadableMask(problems: [.init(file: path, problem: problem, fix: fix)])
        }
        let table: NumberTable
        do throws(TableError) {
            table = try NumberTable.read(path: full, columns: ["x", "y", "z"])
        } catch {
            throw UnreadableMask(problems: [
                .init(file: path, line: error.line ?? 0, problem: error.problem, fix: error.fix)
            ])
        }
        guard table.problems.isEmpty else {
            throw UnreadableMask(
                problems: table.problems.map {
                    .init(
                        file: path, line: $0.line, problem: "a bad row: \($0.what)",
                        fix: "correct the row: x, y and z of a voxel in µm")
                })
        }
        return zip(table.lines, table.rows).map { MaskPoint(line: $0, position: $1) }
    }

    /// Why a file may not be read, or cannot be.
    private func problem(of path: String) -> (problem: String, fix: String)? {
        guard FileManager.default.fileExists(atPath: path) else {
            return ("this file is not there", "put it beside the model file, or correct its name")
        }
        guard PathParts.isInside(path, folder: folder) else {
            return ("this file leads out of the model's folder", "copy it beside the model")
        }
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
        guard attributes?[.type] as? FileAttributeType == .typeRegular else {
            return ("this is not a file that can be read", "name a table in CSV with the columns x, y and z")
        }
        guard let size = attributes?[.size] as? Int, size <= MasksBeside.mostBytes else {
            return ("this file is too large for a mask", "list only the voxels that are filled, one row each")
        }
        return nil
    }
}
