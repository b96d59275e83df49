import Biology
import Foundation
import NetworkFiles
import Networks

/// One case of the SBML Test Suite, and the suite's own judgement of a result.
struct SuiteCase: Sendable {
    let id: String
    let folder: String
    let settings: SuiteSettings
    /// The header and the rows, the first column the time.
    let expected: (names: [String], rows: [[Double]])

    enum Outcome: Hashable {
        case passed
        case wrong(String)
        /// By name.
        case refused(String)
        /// Neither run nor refused.
        case failed(String)
    }

    init(_ id: String, in cases: String) throws {
        self.id = id
        folder = "\(cases)/\(id)"
        settings = try SuiteSettings.read("\(folder)/\(id)-settings.txt")
        expected = try SuiteCase.table("\(folder)/\(id)-results.csv")
    }

    /// The file of the highest level that there is.
    var model: String {
        let files = ["l3v2", "l3v1", "l2v5"].map { "\(folder)/\(id)-sbml-\($0).xml" }
        return files.first(where: FileManager.default.fileExists) ?? files[0]
    }

    var request: CourseRequest {
        CourseRequest(
            times: settings.times,
            outputs: settings.variables.map { name in
                CourseRequest.Output(
                    name,
                    settings.amounts.contains(name)
                        ? .amount : settings.concentrations.contains(name) ? .concentration : .asNamed)
            })
    }

    /// Runs the case as equations; errors a hundredth of what the case allows.
    func run() -> Outcome {
        do {
            let course = try OrdinaryCourse(SBMLFile.read(model)).run(
                request, relative: min(1e-6, (settings.relative ?? 1e-4) / 100),
                absolute: min(1e-9, (settings.absolute ?? 1e-7) / 100), seed: 1)
            return judge(course)
        } catch let problems as NetworkFileProblems {
            let words = problems.description
            return problems.isUnsupported ? .refused(words) : .failed(words)
        } catch let failure as NetworkFailure {
            return failure.kind == .unsupported ? .refused(failure.description) : .failed(failure.description)
        } catch {
            return .failed("\(error)")
        }
    }

    /// The suite's rule: every value within absolute + relative · |expected|.
    private func judge(_ course: TimeCourse) -> Outcome {
        let names = expected.names.dropFirst()
        guard course.times.count >= expected.rows.count else { return .wrong("\(course.times.count) rows") }
        var worst = (0.0, "")
        for (column, name) in names.enumerated() {
            guard let values = course.column(name) else { return .wrong("no column \(name)") }
            for (index, row) in expected.rows.enumerated() {
                let (due, value) = (row[column + 1], values[index])
                let allowed = (settings.absolute ?? 0) + (settings.relative ?? 0) * abs(due)
                let isRight = due.isNaN ? value.isNaN : due.isInfinite ? value == due : abs(value - due) <= allowed
                let share = isRight ? 0 : abs(value - due) / allowed
                if !isRight, share.isNaN || share >= worst.0 {
                    worst = (share.isNaN ? .infinity : share, "\(name) at \(row[0]): \(value) for \(due)")
                }
            }
        }
        return worst.1.isEmpty ? .passed : .wrong(worst.1)
    }

    static func table(_ path: String) throws -> (names: [String], rows: [[Double]]) {
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        var rows = text.split(whereSeparator: \.isNewline).map {
            $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        let names = rows.removeFirst()
        return (names, rows.map { $0.map { Double($0.lowercased()) ?? .nan } })
    }
}
