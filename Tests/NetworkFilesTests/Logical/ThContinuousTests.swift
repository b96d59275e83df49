import Biology
import Networks
import Testing

/// Validation V10: the T-helper network in its continuous form.
@Suite struct ThContinuousTests {
    /// Here IL-12's receptor is inhibited by STAT6 too, as in the paper.
    private static let text = ThNetwork.text.replacing("IL12R, IL12\n", with: "IL12R, IL12 & !STAT6\n")

    /// The values at the end of a run.
    private static func end(
        of levels: [String: Double], pulses: [BooleanPulse] = [], time: Double = 100
    ) throws -> [String: Double] {
        let logical = try ThNetwork.network(text)
        let network = try ContinuousForm().network(logical, levels: levels, pulses: pulses)
        let names = logical.nodes.map(\.name)
        let course = try OrdinaryCourse(network).run(
            CourseRequest(times: [0, time], outputs: names.map { CourseRequest.Output($0) }), relative: 1e-9,
            absolute: 1e-12, seed: 1)
        return Dictionary(uniqueKeysWithValues: zip(names, course.row(1)))
    }

    private static func on(_ names: Set<String>) -> [String: Double] {
        Dictionary(uniqueKeysWithValues: names.map { ($0, 1) })
    }

    @Test func threeStatesHaveThePublishedValues() throws {
        let th1 = try Self.end(of: Self.on(ThNetwork.th1))
        for (name, value) in ["IFNg": 0.7144, "IFNgR": 0.9719, "SOCS1": 0.8948, "Tbet": 0.8948, "JAK1": 0.0049] {
            #expect(abs(try #require(th1[name]) - value) < 5.1e-5, "\(name)")
        }
        let th2 = try Self.end(of: Self.on(ThNetwork.th2))
        for name in ThNetwork.th2 { #expect(abs(try #require(th2[name]) - 1) < 1e-3, "\(name)") }
        let th0 = try Self.end(of: [:])
        for (name, value) in th0 { #expect(abs(value) < 1e-3, "\(name)") }
    }

    @Test(arguments: [(1.0, false), (2.0, true)])
    func aPulseOfIL12MustLast(_ length: Double, _ becomesTh1: Bool) throws {
        let end = try Self.end(of: [:], pulses: [BooleanPulse("IL12", at: 1, for: length)])
        #expect(abs(try #require(end["Tbet"]) - (becomesTh1 ? 0.8948 : 0)) < 1e-3)
        #expect(try #require(end["IL12"]) == 0)
    }

    @Test func neitherCytokineConvertsTheOtherFate() throws {
        let th1 = try Self.end(of: Self.on(ThNetwork.th1), pulses: [BooleanPulse("IL4", at: 1)])
        #expect(try #require(th1["Tbet"]) > 0.5 && #require(th1["GATA3"]) < 0.1)
        #expect(th1["IL4"] == 1)
        let th2 = try Self.end(of: Self.on(ThNetwork.th2), pulses: [BooleanPulse("IFNg", at: 1)])
        #expect(try #require(th2["GATA3"]) > 0.5 && #require(th2["Tbet"]) < 0.1)
    }

    @Test func aRegulatorThatDoesBothIsRefused() throws {
        let network = try ThNetwork.network("A, (B & C) | (!B & !C)\nB, A\nC, A\n")
        #expect(throws: NetworkFailure.self) { try ContinuousForm().network(network) }
    }
}
