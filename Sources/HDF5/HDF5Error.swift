/// An HDF5 file that cannot be made, read or believed.
public struct HDF5Error: Error, Hashable, Sendable, CustomStringConvertible {
    public var path: String
    public var problem: String
    public var fix: String

    public init(path: String, problem: String, fix: String) {
        self.path = path
        self.problem = problem
        self.fix = fix
    }

    public var description: String { "\(path): error: \(problem)\n  fix: \(fix)" }
}
