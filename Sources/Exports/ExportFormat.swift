/// What an export writes.
public enum ExportFormat: String, CaseIterable, Sendable {
    case h5ad
    case vtk
    case openvt
    case liana
    case cellphonedb
    case graphml
    case omeZarr = "ome-zarr"
    case vega
    case counts

    /// In a few words, with who reads it.
    public var summary: String {
        switch self {
        case .h5ad: "cells as AnnData (anndata, scanpy, squidpy)"
        case .vtk: "cells and fields as .vtu, .vti and .pvd (ParaView, pyvista)"
        case .openvt: "cell positions as the CSV of OpenVT"
        case .liana: "who signalled to whom, in LIANA's columns"
        case .cellphonedb: "who signalled to whom, in CellPhoneDB's wide form"
        case .graphml: "who signalled to whom, as a graph (networkx, Cytoscape)"
        case .omeZarr: "fields as OME-Zarr 0.4 (napari, zarr)"
        case .vega: "time courses and communication as Vega-Lite plots"
        case .counts: "expression counts, beside the true communication"
        }
    }

    /// What follows the run's name in the name of the file or folder.
    func ending(_ times: ExportTimes) -> String {
        switch self {
        case .h5ad: times == .every ? "-h5ad" : ".h5ad"
        case .vtk: "-vtk"
        case .openvt: "-cell_positions.csv"
        case .liana: "-liana.csv"
        case .cellphonedb: "-cellphonedb.txt"
        case .graphml: ".graphml"
        case .omeZarr: ".ome.zarr"
        case .vega: "-vega"
        case .counts: "-counts"
        }
    }

    /// Why a choice of times means nothing to this format; `nil` where it does.
    func refusal(of times: ExportTimes) -> ExportProblem? {
        switch (self, times) {
        case (.vega, .at), (.vega, .every):
            ExportProblem("time courses always span the whole run", fix: "leave out --at and --all")
        case (.cellphonedb, .every), (.graphml, .every):
            ExportProblem(
                "'\(rawValue)' holds one interval or the whole run",
                fix: "leave out --all, or export one interval with --at TIME ('liana' holds them all)")
        case (.counts, .every):
            ExportProblem("counts are drawn at one time", fix: "leave out --all, or give --at TIME")
        default: nil
        }
    }
}

/// Which of the recorded times an export holds.
public enum ExportTimes: Hashable, Sendable {
    /// The last recorded; of communication, the whole run together.
    case last
    /// Recorded at this time, s since the start; of communication, the interval it lies in.
    case at(Double)
    case every
}

/// An export that cannot be made from this run, or not as asked.
public struct ExportProblem: Error, Hashable, Sendable, CustomStringConvertible {
    public let problem: String
    public let fix: String

    init(_ problem: String, fix: String) {
        self.problem = problem
        self.fix = fix
    }

    public var description: String { "error: \(problem)\n  fix: \(fix)" }
}
