import Exports
import Foundation
import PythonReaders
import Results
import Testing

/// Expression counts with the truth beside them.
@Suite struct CountTests {
    private let scratch: ScratchFolder
    private let reader: ResultReader

    init() throws {
        scratch = try ScratchFolder()
        reader = try MadeUpRun.record(in: scratch.path, hasCommunication: true, cellCount: 2000)
    }

    private struct Counts {
        var names: [String]
        /// By gene, with the type of each cell.
        var values: [String: [Double]] = [:]
        var types: [String] = []
    }

    private func draw(depth: Double, dispersion: Double = 0, seed: UInt64 = 7) throws -> (Counts, folder: String) {
        let folder = try MadeUpRun.export(
            .counts, of: reader, in: scratch, sampling: CountSampling(depth: depth, dispersion: dispersion, seed: seed))
        let lines = try String(contentsOfFile: "\(folder)/counts.csv", encoding: .utf8).split(separator: "\n")
        let rows = lines.map { $0.split(separator: ",").map(String.init) }
        var counts = Counts(names: Array(rows[0].dropFirst(5)))
        for (column, name) in rows[0].enumerated().dropFirst(5) {
            counts.values[name] = rows.dropFirst().map { Double($0[column]) ?? .nan }
        }
        counts.types = rows.dropFirst().map { $0[1] }
        return (counts, folder)
    }

    /// Genes share the depth; what a type does not do it has no counts of; 4 standard errors.
    @Test func countsFollowTheCells() throws {
        let (counts, folder) = try draw(depth: 200)
        #expect(counts.names == ["IL-2", "IL-2R"])
        for name in counts.names {
            let values = try #require(counts.values[name]).filter { $0 > 0 }
            let mean = values.reduce(0, +) / Double(values.count)
            #expect(abs(mean - 100) < 4 * (100.0 / Double(values.count)).squareRoot(), "\(name): \(mean)")
        }
        let ligand = try #require(counts.values["IL-2"])
        #expect(zip(ligand, counts.types).allSatisfy { $0 == 0 || $1 == "Tsec" }, "only Tsec secretes")
        #expect(zip(ligand, counts.types).contains { $0 > 0 && $1 == "Tsec" })
        let truth = try String(contentsOfFile: "\(folder)/truth.csv", encoding: .utf8)
        let table = try MadeUpRun.export(.liana, of: reader, in: scratch)
        #expect(try truth == String(contentsOfFile: table, encoding: .utf8))
    }

    /// Each Tsec carries 100 receptors exactly, so its counts scatter by sampling alone: the variance is that of the law.
    @Test(arguments: [(8.0, 0.0), (80, 0), (8, 0.5), (80, 0.5), (80, 3)])
    func countsScatterAsTheirLawSays(depth: Double, dispersion: Double) throws {
        let (counts, _) = try draw(depth: depth, dispersion: dispersion)
        let all = zip(counts.values["IL-2R"] ?? [], counts.types)
        let values = all.filter { $0.1 == "Tsec" }.map(\.0)
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        let deviations = values.map { ($0 - mean) * ($0 - mean) }
        let variance = deviations.reduce(0, +) / (n - 1)
        let law = mean + dispersion * mean * mean
        // The standard error of a variance, from its own fourth moment.
        let fourth = deviations.reduce(0) { $0 + $1 * $1 } / n
        let error = ((fourth - variance * variance) / n).squareRoot()
        #expect(n == 1000 && abs(variance - law) < 4 * error + 0.1 * law, "\(mean): \(variance), \(law) ± \(error)")
    }

    @Test func aSeedGivesTheSameCountsAndAnotherGivesOthers() throws {
        let (first, _) = try draw(depth: 100)
        let (again, _) = try draw(depth: 100)
        let (other, _) = try draw(depth: 100, seed: 8)
        #expect(first.values == again.values)
        #expect(first.values["IL-2R"] != other.values["IL-2R"])
    }

    @Test func scanpyNormalisesTheCounts() throws {
        let (_, folder) = try draw(depth: 200)
        let script = """
            data = scanpy.read_h5ad(sys.argv[1] + '/counts.h5ad')
            print(data.shape, data.X.dtype, data.var['kind'].tolist(), data.uns['depth'], data.uns['dispersion'], data.uns['sampling_seed'])
            print([round(float(x), 6) for x in data.layers['expected'].mean(axis=0)])
            scanpy.pp.normalize_total(data)
            scanpy.pp.log1p(data)
            scanpy.tl.rank_genes_groups(data, 'type', groups=['Tsec'], method='wilcoxon')
            print(data.uns['rank_genes_groups']['names']['Tsec'][0])
            """
        guard let text = try Python.output(of: script, folder, needing: "scanpy") else { return }
        #expect(
            text == """
                (2000, 2) int32 ['ligand', 'receptor'] 200.0 0.0 7
                [50.0, 100.0]
                IL-2

                """)
    }

    @Test(arguments: [(0.0, 0.0), (-1, 0), (2e6, 0), (.nan, 0), (.infinity, 0), (10, -1), (10, .nan), (10, 101)])
    func impossibleSamplingIsRefused(depth: Double, dispersion: Double) {
        #expect(throws: ExportProblem.self) { try CountSampling(depth: depth, dispersion: dispersion, seed: 1) }
    }
}
