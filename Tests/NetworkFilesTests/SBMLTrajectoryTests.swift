import Biology
import Foundation
import NetworkFiles
import Networks
import Testing

@Suite struct SBMLTrajectoryTests {
    /// Every SBML file of reactions in ../shared/models against libRoadRunner's run of it (its files `reference/`).
    @Test func publishedModelsFollowTheirReferences() throws {
        guard let folder = SharedFiles.path("models/reference") else { return }
        let references = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        for reference in references {
            let model = "\(folder)/../\(reference.replacing("_ref.csv", with: ".xml"))"
            let (header, rows) = try table("\(folder)/\(reference)")
            let outputs = header.dropFirst().map { name in
                name.hasPrefix("[")
                    ? CourseRequest.Output(String(name.dropFirst().dropLast()), .concentration)
                    : CourseRequest.Output(name)
            }
            let request = CourseRequest(times: rows.map { $0[0] }, outputs: Array(outputs))
            let course = try OrdinaryCourse(SBMLFile.read(model)).run(
                request, relative: 1e-9, absolute: 1e-12, seed: 1)
            for (index, row) in rows.enumerated() {
                for (due, (name, value)) in zip(row.dropFirst(), zip(header.dropFirst(), course.row(index))) {
                    // 1e-12: ten times what the reference's integrator was told to leave.
                    #expect(
                        abs(value - due) <= 1e-4 * abs(due) + 1e-12,
                        "\(reference): \(name) at \(row[0]): \(value), \(due)")
                }
            }
        }
        #expect(references.count == 10)
    }

    /// The same after writing and reading: the writer loses nothing that a run needs.
    @Test func whatIsWrittenRunsTheSame() throws {
        guard let folder = SharedFiles.path("models") else { return }
        for file in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
            let path = "\(folder)/\(file)"
            guard file.hasSuffix(".xml"), try !SBMLFile.isLogical(path),
                let network = try? SBMLFile.read(path)
            else { continue }
            let text = try SBMLFile.text(of: network)
            let back = try SBMLFile.read(text: Array(text.utf8), named: file)
            let outputs = network.species.map { CourseRequest.Output($0.name, .amount) }
            let request = CourseRequest(times: [0, 1, 10], outputs: outputs)
            let first = try OrdinaryCourse(network).run(request, relative: 1e-8, absolute: 1e-10, seed: 1)
            let second = try OrdinaryCourse(back).run(request, relative: 1e-8, absolute: 1e-10, seed: 1)
            for (one, two) in zip(first.values, second.values) {
                #expect(abs(one - two) <= 1e-7 * abs(one) + 1e-9, "\(file)")
            }
        }
    }

    /// Header and rows; a line that begins with # is a remark.
    private func table(_ path: String) throws -> (names: [String], rows: [[Double]]) {
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        var rows = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }.map {
            $0.split(separator: ",").map(String.init)
        }
        let names = rows.removeFirst()
        return (names, rows.map { $0.map { Double($0) ?? .nan } })
    }
}
