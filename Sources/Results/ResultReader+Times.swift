import HDF5

extension ResultReader {
    /// When one of ``cellFiles`` or ``fieldFiles`` was recorded, s since the start; reads nothing else of it.
    public func time(of file: String) throws -> Double {
        let path = folder.file("frames/\(file)")
        let values: [Double] = try HDF5File.open(at: path).read("time")
        guard let time = values.first, time.isFinite else {
            throw FileProblem(
                path: path, problem: "it has no time", fix: "this is not a whole frame of a run: run the model again")
        }
        return time
    }

    /// The molecules whose fields one of ``fieldFiles`` holds.
    public func molecules(of file: String) throws -> [String] {
        try FrameFile.molecules(folder.file("frames/\(file)"))
    }
}
