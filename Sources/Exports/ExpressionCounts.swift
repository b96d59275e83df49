import Biology
import Foundation
import Results
import Simulation

/// Counts as sequencing would see the cells, beside the communication that truly took place: a benchmark for tools that
/// infer one from the other.
///
///     counts.csv     cell, type, x, y, z (µm), one column a gene
///     counts.h5ad    the same for scanpy; layers/expected holds the means that were sampled
///     truth.csv      who signalled to whom, in LIANA's columns
///
/// Genes are the molecules that some type secretes (what the cell secreted in the interval), the receptors (their number
/// on the cell) and the recorded states. Every gene has the same share of the depth in the cells that have it, so
/// that what differs between cells is biology and sampling, not the unit of a gene.
struct ExpressionCounts {
    private let run: ExportedRun
    private let sampling: CountSampling

    init(_ run: ExportedRun, _ sampling: CountSampling) {
        self.run = run
        self.sampling = sampling
    }

    struct Gene {
        var name: String
        var kind: String
        /// One a cell, in the gene's own unit.
        var amounts: [Double]
    }

    func write(_ times: ExportTimes, to path: String) throws {
        guard let file = try run.cellFiles(times).first?.file else { return }
        let frame = try run.reader.cells(file)
        let exchanges = try run.exchanges(times)
        try ExportPlace.makeFolder(path)
        try LianaTable(run).write(times, to: "\(path)/truth.csv")
        let interval = (exchanges.first?.end ?? 0) - (exchanges.first?.start ?? 0)
        let genes =
            try ligands(frame, interval: interval, times) + receptors(frame) + states(frame)
        let expected = expected(genes)
        var counts = [Int32](repeating: 0, count: expected.count)
        for (i, id) in frame.ids.enumerated() {
            for gene in genes.indices {
                let place = i * genes.count + gene
                counts[place] = sampling.count(expected: expected[place], cell: id, gene: gene)
            }
        }
        try ExportPlace.write(table(frame, genes, counts), to: "\(path)/counts.csv")
        try document(frame, genes, counts, expected).write(to: "\(path)/counts.h5ad")
    }

    private func table(_ frame: CellFrame, _ genes: [Gene], _ counts: [Int32]) -> String {
        var text = CSVTable.line(["cell", "type", "x", "y", "z"] + genes.map(\.name))
        for (i, id) in frame.ids.enumerated() {
            let place = [frame.x[i], frame.y[i], frame.z[i]].map(CSVTable.number)
            let row = counts[i * genes.count..<(i + 1) * genes.count].map { "\($0)" }
            text += CSVTable.line(["\(id)", frame.typeNames[frame.types[i]]] + place + row)
        }
        return text
    }

    private func document(_ frame: CellFrame, _ genes: [Gene], _ counts: [Int32], _ expected: [Double]) -> AnnDataFile {
        var variables = AnnDataFile.Table(index: genes.map(\.name))
        variables.columns = [("kind", .texts(genes.map(\.kind)))]
        let notes: [(name: String, value: AnnDataFile.Note)] = [
            ("depth", .number(sampling.depth)), ("dispersion", .number(sampling.dispersion)),
            ("sampling_seed", .text("\(sampling.seed)")),
        ]
        var file = AnnDataFile(
            matrix: .counts(counts), observations: CellsAsAnnData.observations(frame), variables: variables,
            spatial: CellsAsAnnData.spatial(frame), notes: run.notes(at: frame.time) + notes)
        file.layers = [("expected", expected)]
        return file
    }

    /// Mean counts, cells × genes: each gene's amounts scaled to a mean of depth / genes over the cells that have any.
    private func expected(_ genes: [Gene]) -> [Double] {
        let cells = genes.first?.amounts.count ?? 0
        var expected = [Double](repeating: 0, count: cells * genes.count)
        for (g, gene) in genes.enumerated() {
            let total = gene.amounts.reduce(0, +)
            guard total > 0 else { continue }
            let carriers = gene.amounts.count { $0 > 0 }
            let scale = sampling.depth / Double(genes.count) * Double(carriers) / total
            for (i, amount) in gene.amounts.enumerated() { expected[i * genes.count + g] = amount * scale }
        }
        return expected
    }

    // MARK: - Genes

    /// What each cell secreted in the interval, molecules.
    ///
    /// Where senders were recorded by type, the type's total is shared among
    /// its cells as their own rates were at the start.
    private func ligands(_ frame: CellFrame, interval: Double, _ times: ExportTimes) throws -> [Gene] {
        let secreted = try run.secretedByType(times)
        return run.model.molecules.enumerated().compactMap { index, molecule -> Gene? in
            let rates = frame.ids.indices.map { i -> Double in
                let spread = run.model.cellType(frame.typeNames[frame.types[i]])?.secretes[molecule.name]
                return spread.map { run.draw($0, frame.ids[i], .secretion, index) } ?? 0
            }
            var amounts = rates.map { $0 * interval }
            for (type, tissue) in run.cellNames {
                let names = [type] + run.groups(of: type)
                let called = names.map { CommunicationRow.name($0, tissue: tissue) }
                let found = called.compactMap { secreted[[molecule.name, $0]] }
                guard !found.isEmpty else { continue }
                let total = found.reduce(0, +)
                let cells = frame.cells(named: called[0])
                let sum = cells.reduce(0) { $0 + rates[$1] }
                for i in cells { amounts[i] = sum > 0 ? total * rates[i] / sum : total / Double(cells.count) }
            }
            for (i, id) in frame.ids.enumerated() {
                let tissue = frame.tissueNames.isEmpty ? nil : frame.tissueNames[frame.tissues[i]]
                let cell = CommunicationRow.name("\(frame.typeNames[frame.types[i]]) \(id)", tissue: tissue)
                if let own = secreted[[molecule.name, cell]] { amounts[i] = own }
            }
            return amounts.contains { $0 > 0 } ? Gene(name: molecule.name, kind: "ligand", amounts: amounts) : nil
        }
    }

    /// Receptors on each cell: as recorded (`R.total`), or else as many as the cell had at the start.
    private func receptors(_ frame: CellFrame) throws -> [Gene] {
        try run.model.receptors.enumerated().compactMap { index, receptor -> Gene? in
            let recorded = frame.columns.first { $0.name == "\(receptor.name).total" }?.values
            let amounts = try frame.ids.indices.map { i -> Double in
                if let recorded { return recorded[i].isFinite ? recorded[i] : 0 }
                let type = frame.typeNames[frame.types[i]]
                switch run.model.cellType(type)?.receptors[receptor.name] {
                case nil: return 0
                case .spread(let spread): return run.draw(spread, frame.ids[i], .receptor, index)
                case .column:
                    throw ExportProblem(
                        "the number of \(receptor.name) on \(type) cells came from a table that the run does not keep",
                        fix: "add '\(receptor.name).total' to the columns of 'cells:' under 'record:' and run again")
                }
            }
            return amounts.contains { $0 > 0 } ? Gene(name: receptor.name, kind: "receptor", amounts: amounts) : nil
        }
    }

    private func states(_ frame: CellFrame) -> [Gene] {
        let names = Set(run.model.cellTypes.flatMap(\.states).map(\.name))
        return frame.columns.filter { names.contains($0.name) }.map { column in
            Gene(name: column.name, kind: "state", amounts: column.values.map { $0.isFinite ? max($0, 0) : 0 })
        }
    }
}

extension ExportedRun {
    /// Names under which some cells of a type are counted instead of the type's.
    func groups(of type: String) -> [String] {
        model.record.communication?.groups.filter { $0.cellType == type }.map(\.name) ?? []
    }

    /// As the placement of cells drew it, so that a cell is the same here as in the run.
    func draw(_ spread: Spread, _ id: Int, _ purpose: RandomStream.Purpose, _ index: Int) -> Double {
        var stream = RandomStream(seed: model.run.seed, cell: id, purpose: purpose, index: index)
        return stream.logNormal(mean: spread.mean, variation: spread.variation)
    }
}
