import Foundation

/// The parts of a path as it is written.
///
/// NSString's own crash on a path of one letter (Foundation of Swift 6.3 on Linux).
struct PathParts {
    /// Empty for a name alone.
    let folder: String
    let name: String

    init(_ path: String) {
        var end = path.endIndex
        while end > path.startIndex, path[path.index(before: end)] == "/" { end = path.index(before: end) }
        let whole = path[..<end]
        guard let cut = whole.lastIndex(of: "/") else {
            folder = whole.isEmpty && !path.isEmpty ? "/" : ""
            name = String(whole)
            return
        }
        folder = cut == path.startIndex ? "/" : String(path[..<cut])
        name = String(whole[whole.index(after: cut)...])
    }

    /// The name up to its last point; a point at its start begins no ending.
    var stem: String {
        guard let point = name.lastIndex(of: "."), point > name.startIndex else { return name }
        return String(name[..<point])
    }

    /// A path within a folder; the name alone where there is none.
    static func join(_ folder: String, _ name: String) -> String {
        folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }
}

extension PathParts {
    /// Whether a path stays in a folder, through links too; "" is the folder one is in.
    static func isInside(_ path: String, folder: String) -> Bool {
        let home = URL(fileURLWithPath: folder.isEmpty ? "." : folder).resolvingSymlinksInPath().path
        let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        return real.hasPrefix(home.hasSuffix("/") ? home : home + "/")
    }
}
