import Biology

/// What a run costs, each constant to be multiplied by the size of the model.
enum RunCost {
    /// The field, its stages and losses, work space and the coarser grids.
    ///
    /// Measured with the constants for cells: 366 MB here, 386 MB found (1e5 cells, 100³ voxels, 2 molecules).
    static let bytesPerVoxel = 14.0 * 8
    /// Position, stencils, and what a cell reads and releases of each molecule.
    static let bytesPerCell = 1000.0
    /// Free, bound, internalised and their stages, each a Double.
    static let bytesPerCellAndReceptor = 12.0 * 8
    /// The pair list's entry, with what its set-up needs.
    static let bytesPerPair = 24.0
    /// One step of one molecule on one thread, s per voxel: measured, 7 V-cycles of 7 to 10 ns and as many passes again
    /// (1e5 cells, 100³ voxels: 0.77 s a step with the cells).
    static let secondsPerVoxelStep = 250e-9
    /// One step of one receptor of one cell on one thread, s: measured in the same run, six evaluations.
    static let secondsPerCellStep = 1.3e-6
    /// Adaptive steps under the clock of rules: measured, 720 ticks of the niche take two steps each, s.
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
