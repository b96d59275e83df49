import Biology
import Foundation
import ModelFiles
import Networks
import Testing

/// Published figures of networks without cells, met through model files that consist of networks.
@Suite struct NetworkValidationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var file: String
        var control: String
        var testDescription: String { file }
    }

    static let cases = [
        Case(file: "V07-uptake", control: "networks.culture.parameters.k_t=0.014 /min"),
        Case(file: "V09-plasma", control: "networks.bolus.parameters.k10=0.09018 /min"),
        Case(file: "V11-memory", control: "networks.weak.events.on=at 0 h, signal = 0.1"),
        Case(file: "V20-tumour", control: "networks.few.parameters.n=2.202e-7 /cells/d"),
    ]

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Validation/Networks")

    /// What each line of `expect:` finds, and whether it holds.
    private func outcomes(_ file: String, _ settings: [String] = []) throws -> [(
        text: String, value: Double, holds: Bool
    )] {
        let url = Self.folder.appendingPathComponent("\(file).paracrine.yaml")
        let text = try String(contentsOf: url, encoding: .utf8)
        let model = try ModelFile.read(text, named: file, settings: settings).model
        #expect(model.hasOnlyNetworks)
        return try model.expectations.map { line in
            guard case .network(let name, let value) = line.subject, let network = model.network(name),
                case .reactions(let reactions) = network.content
            else { throw NetworkFailure(.malformed, problem: line.text, fix: "expect a network's value") }
            let time = (line.time ?? model.run.duration).value / network.clock.value
            let course = try OrdinaryCourse(reactions).run(
                CourseRequest(times: [0, time], outputs: [CourseRequest.Output(value)]), relative: 1e-8, absolute: 1e-6,
                seed: 1)
            let found = (course.row(1).first ?? .nan) * network.scale(of: value)
            return (line.text, found, Self.holds(found, line.target))
        }
    }

    private static func holds(_ value: Double, _ target: Biology.Expectation.Target) -> Bool {
        switch target {
        case .less(let bound): value < bound
        case .greater(let bound): value > bound
        case .near(let wanted, let relative): abs(value - wanted) <= relative * abs(wanted)
        case .within(let bound): abs(value) <= bound
        }
    }

    @Test(arguments: cases) func everyFigureIsMet(_ one: Case) throws {
        let outcomes = try outcomes(one.file)
        #expect(!outcomes.isEmpty)
        for outcome in outcomes { #expect(outcome.holds, "\(outcome.text): found \(outcome.value)") }
    }

    /// A check that cannot fail shows nothing.
    @Test(arguments: cases) func aChangedCauseMissesThem(_ one: Case) throws {
        #expect(try outcomes(one.file, [one.control]).contains { !$0.holds })
    }

    @Test func noFileIsLeftOut() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).map {
            $0.replacingOccurrences(of: ".paracrine.yaml", with: "")
        }
        #expect(names.sorted() == Self.cases.map(\.file).sorted())
    }
}
