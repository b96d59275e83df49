import Foundation

/// What a case of the SBML Test Suite asks: times, what to write and how close it must be.
///
/// The format of its files NNNNN-settings.txt: one "key: value" a line.
public struct SuiteSettings: Hashable, Sendable {
    public var start: Double
    public var duration: Double
    public var steps: Int
    /// What is asked, in the order of the columns.
    public var variables: [String]
    /// Species of which amounts are asked, whatever their names mean.
    public var amounts: Set<String>
    public var concentrations: Set<String>
    /// How far a value may be off; `nil` for stochastic cases.
    public var absolute: Double?
    /// How far a value may be off, as a share of the expected one.
    public var relative: Double?
    /// Of stochastic cases: columns such as "X-mean" and "X-sd".
    public var outputs: [String]

    /// Chosen: a million rows are more than any table of results is read with.
    static let mostSteps = 1_000_000

    /// Reads a settings file.
    public static func read(_ path: String) throws(NetworkFileProblems) -> SuiteSettings {
        try SuiteSettings(text: String(decoding: SBMLFile.bytes(of: path, named: path), as: UTF8.self), named: path)
    }

    /// Reads the text of a settings file; `name` is for messages.
    public init(text: String, named name: String) throws(NetworkFileProblems) {
        var values: [String: (text: String, line: Int)] = [:]
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let key = line[..<colon].trimmingCharacters(in: .whitespaces)
            values[key] = (line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces), index + 1)
        }
        var problems: [NetworkFileProblem] = []
        func number(_ key: String, _ range: ClosedRange<Double>) -> Double {
            let (text, line) = values[key] ?? ("", 0)
            if let value = Double(text), range.contains(value) { return value }
            problems.append(
                NetworkFileProblem(
                    .malformed, file: name, line: line, problem: "'\(key): \(text.prefix(40))' is no number that fits",
                    fix: "write '\(key): NUMBER'"))
            return 0
        }
        func list(_ key: String) -> [String] {
            (values[key]?.text ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        let largest = Double.greatestFiniteMagnitude
        start = number("start", -largest...largest)
        duration = number("duration", 0...largest)
        steps = Int(number("steps", 0...Double(SuiteSettings.mostSteps)))
        variables = list("variables")
        amounts = Set(list("amount"))
        concentrations = Set(list("concentration"))
        outputs = list("output")
        absolute = values["absolute"].flatMap { Double($0.text) }
        relative = values["relative"].flatMap { Double($0.text) }
        guard problems.isEmpty else { throw NetworkFileProblems(problems) }
    }

    /// The times asked, the start among them.
    public var times: [Double] {
        (0...steps).map { steps == 0 ? start : start + duration * Double($0) / Double(steps) }
    }
}
