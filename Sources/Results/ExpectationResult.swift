import Foundation

/// How a line of `expect:` came out, as `expectations.json` holds it.
public struct ExpectationResult: Codable, Hashable, Sendable {
    /// As the model file wrote it.
    public var text: String
    /// What the run gave, in `unit`; `nil` if it could not be measured.
    public var value: Double?
    public var unit: String
    public var passed: Bool

    public init(text: String, value: Double?, unit: String, passed: Bool) {
        self.text = text
        self.value = value
        self.unit = unit
        self.passed = passed
    }
}

extension RunFolder {
    private static let expectationsFile = "expectations.json"

    public func write(_ expectations: [ExpectationResult]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try write(String(decoding: encoder.encode(expectations), as: UTF8.self) + "\n", to: RunFolder.expectationsFile)
    }

    /// Empty where the run was not put to the test.
    public func expectations() throws -> [ExpectationResult] {
        guard contains(RunFolder.expectationsFile) else { return [] }
        let text = try read(RunFolder.expectationsFile)
        do {
            return try JSONDecoder().decode([ExpectationResult].self, from: Data(text.utf8))
        } catch {
            throw FileProblem(
                path: file(RunFolder.expectationsFile), problem: "this file cannot be read: \(error)",
                fix: "run 'paracrine test' again")
        }
    }
}
