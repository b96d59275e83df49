import Results
import Simulation

/// What a slice shows, in numbers.
extension SliceFigure {
    /// The voxels of the layer.
    func numbers(_ values: [Double]) -> FigureNumbers {
        var numbers = FigureNumbers(["x (µm)", "y (µm)", "\(field.molecule) (nM)"])
        for (place, value) in values.enumerated() {
            let (column, row) = (place % field.voxels[0], place / field.voxels[0])
            numbers.add([], [(Double(column) + 0.5) * field.spacing, (Double(row) + 0.5) * field.spacing, value])
        }
        return numbers
    }

    /// The cells that reach into the layer.
    var numbersOfCells: FigureNumbers {
        var numbers = FigureNumbers(["id", "type", "x (µm)", "y (µm)", "z (µm)", "radius (µm)"])
        guard let cells else { return numbers }
        for index in cells.ids.indices where cutRadius(cells, index) != nil {
            numbers.add(
                ["\(cells.ids[index])", cells.typeNames[cells.types[index]]],
                [cells.x[index], cells.y[index], cells.z[index], cells.radius[index]])
        }
        return numbers
    }

    /// Of the disc that the layer cuts out of a cell, µm; `nil` if the cell does not reach into it.
    func cutRadius(_ cells: CellFrame, _ index: Int) -> Double? {
        let off = isSlab ? 0 : max(0, bottom - cells.z[index], cells.z[index] - ceiling)
        let radius = cells.radius[index]
        return off < radius ? (radius * radius - off * off).squareRoot() : nil
    }
}
