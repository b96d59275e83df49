public import Biology
public import Results

/// Writes a run for other programs.
public struct Export: Sendable {
    private let run: ExportedRun
    private let format: ExportFormat
    private let times: ExportTimes
    private let sampling: CountSampling

    /// Throws an ``ExportProblem`` where the format has no use for these times.
    public init(
        _ reader: ResultReader, _ model: Model, as format: ExportFormat, times: ExportTimes, sampling: CountSampling
    ) throws(ExportProblem) {
        if let refusal = format.refusal(of: times) { throw refusal }
        run = ExportedRun(reader: reader, model: model)
        self.format = format
        self.times = times
        self.sampling = sampling
    }

    /// Writes into this folder under the run's name, or under a numbered one where that is taken; returns the path.
    public func write(in folder: String) throws -> String {
        try write(ExportPlace(run.stem, ending: format.ending(times), in: folder))
    }

    /// Writes under a name that nothing has yet; returns the path.
    public func write(to path: String) throws -> String { try write(ExportPlace(path)) }

    private func write(_ place: ExportPlace) throws -> String {
        try place.fill { path in
            switch format {
            case .h5ad: try CellsAsAnnData(run).write(times, to: path)
            case .vtk: try VTKCollection(run).write(times, to: path)
            case .openvt: try PositionTable(run).write(times, to: path)
            case .liana: try LianaTable(run).write(times, to: path)
            case .cellphonedb: try CellPhoneDBTable(run).write(times, to: path)
            case .graphml: try CommunicationGraph(run).write(times, to: path)
            case .omeZarr: try OMEZarr(run).write(times, to: path)
            case .vega: try VegaLite(run).write(to: path)
            case .counts: try ExpressionCounts(run, sampling).write(times, to: path)
            }
        }
        return place.path
    }
}
