import Biology
import Foundation
import Results
import Simulation

/// Where the cells stood, in the columns of OpenVT's `cell_positions.csv`.
///
/// Source: the submissions of the OpenVT 2026 cell-sorting workshop (GitHub, jmosborne/OpenVt2026Workshop, CC3D_1/code):
/// `simID,time,cellID,cellType,x,y`, one row a cell and time. They are 2-D and leave units to the program: here time is
/// in s, positions in µm, and a box more than one voxel thick has a column z.
struct PositionTable {
    private let run: ExportedRun

    init(_ run: ExportedRun) { self.run = run }

    func write(_ times: ExportTimes, to path: String) throws {
        let isSlab = run.model.space.voxels[2] == 1
        var text = CSVTable.line(["simID", "time", "cellID", "cellType", "x", "y"] + (isSlab ? [] : ["z"]))
        for (_, file) in try run.cellFiles(times) {
            let frame = try run.reader.cells(file)
            for i in frame.ids.indices {
                let place = [frame.x[i], frame.y[i]] + (isSlab ? [] : [frame.z[i]])
                text += CSVTable.line(
                    [run.stem, CSVTable.number(frame.time), "\(frame.ids[i])", frame.typeNames[frame.types[i]]]
                        + place.map(CSVTable.number))
            }
        }
        try ExportPlace.write(text, to: path)
    }
}
