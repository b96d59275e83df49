import Biology

/// What a run costs, each constant to be multiplied by the size of the model.
enum RunCost {
    /// Chosen, to be measured: the field, its stages, right-hand side, residual and the coarser grids, each a Double.
    static let bytesPerVoxel = 14.0 * 8
    /// Chosen, to be measured: position, weights on 64 voxels and their places, rates.
    static let bytesPerCell = 1000.0
    /// Chosen, to be measured: free, bound, internalised and their stages, each a Double.
    static let bytesPerCellAndReceptor = 12.0 * 8
    /// Chosen, to be measured: the pair list's entry.
    static let bytesPerPair = 24.0
    /// Chosen, to be measured: one implicit field step of one molecule on one thread, s per voxel.
    static let secondsPerVoxelStep = 150e-9
    /// Chosen, to be measured: one receptor step of one cell on one thread, s per cell and receptor.
    static let secondsPerCellStep = 300e-9
    /// Chosen, to be measured: adaptive steps lengthen to about this, s.
    static let typicalStep = 30.0
}

extension Explanation {
    /// Memory, computing time and disk, as far as they can be told beforehand.
    static func size(_ tissue: MeanTissue) -> Section {
        let model = tissue.model
        let voxels = Figure("voxels", Double(model.space.voxels.reduce(1, *)), "")
        let fields = Figure("molecules", Double(model.molecules.count), "")
        let cells = Figure("cells", Double(tissue.cellCount), "")
        let receptors = Figure("receptors", Double(model.receptors.reduce(0) { $0 + max(1, $1.ligands.count) }), "")
        let near = tissue.density * 4 / 3 * .pi * 27 * tissue.spacing * tissue.spacing * tissue.spacing
        let perCell =
            RunCost.bytesPerCell + receptors.value * RunCost.bytesPerCellAndReceptor + near * RunCost.bytesPerPair
        let memory = voxels.value * fields.value * RunCost.bytesPerVoxel + cells.value * perCell
        let steps = model.run.duration.value / min(RunCost.typicalStep, model.run.ruleStep.value)
        let step =
            voxels.value * fields.value * RunCost.secondsPerVoxelStep + cells.value * receptors.value
            * RunCost.secondsPerCellStep
        return Section(
            title: "Size",
            items: [
                Item(
                    "memory",
                    "voxels · molecules · \(text(RunCost.bytesPerVoxel, "B")) + cells · \(text(perCell, "B"))",
                    [voxels, fields, cells], memory, "B", memory > 8e9 ? .warning : .plain,
                    memory > 8e9 ? "more than 8 GB: use a coarser grid or a smaller box" : "an estimate"),
                Item(
                    "computing time on one thread",
                    "steps · (voxels · molecules · \(text(RunCost.secondsPerVoxelStep * 1e9, "ns"))"
                        + " + cells · receptors · \(text(RunCost.secondsPerCellStep * 1e9, "ns")))",
                    [Figure("steps", steps, ""), voxels, fields, cells, receptors], steps * step, "s", .plain,
                    "an estimate, within a factor of a few"),
                disk(tissue, voxels: voxels.value),
            ])
    }

    private static func disk(_ tissue: MeanTissue, voxels: Double) -> Item {
        let record = tissue.model.record
        let duration = tissue.model.run.duration.value
        var bytes = 0.0
        if let cells = record.cells {
            let columns = Double(cells.columns.count + 6)
            bytes += (duration / cells.every.value + 1) * Double(tissue.cellCount) * columns * 8
        }
        for field in record.fields { bytes += (duration / field.every.value + 1) * voxels * 8 }
        return Item(
            "results on disk, before compression", "Σ frames · values · 8 B", [Figure("duration", duration, "s")],
            bytes,
            "B", bytes > 20e9 ? .warning : .plain, bytes > 20e9 ? "more than 20 GB: record less often" : "")
    }
}
