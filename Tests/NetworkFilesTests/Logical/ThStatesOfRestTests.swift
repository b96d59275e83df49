import Biology
import Networks
import Testing

/// Validation V10: where the continuous form of the T-helper network rests.
@Suite struct ThStatesOfRestTests {
    @Test func stableStatesAreTh0Th1AndTh2() throws {
        // Here IL-12's receptor is inhibited by STAT6 too, as in the paper.
        let text = ThNetwork.text.replacing("IL12R, IL12\n", with: "IL12R, IL12 & !STAT6\n")
        let resting = try NetworkAtRest(try ContinuousForm().network(try ThNetwork.network(text)))
        var ranges: [String: ClosedRange<Double>] = [:]
        for name in resting.unknowns { ranges[name] = 1e-3...1 }
        let found = resting.search(ranges: ranges, starts: 300).run(try resting.problem()).equilibria
        func value(_ name: String, _ state: Equilibrium) -> Double {
            resting.unknowns.firstIndex(of: name).map { state.values[$0] } ?? .nan
        }
        let stable = found.filter(\.isStable)
        #expect(stable.count == 3)
        let th1 = stable.filter { value("Tbet", $0) > 0.5 }
        let th2 = stable.filter { value("GATA3", $0) > 0.5 }
        #expect(th1.count == 1 && th2.count == 1)
        for state in th1 {
            for (name, exact) in ["IFNg": 0.7144, "IFNgR": 0.9719, "SOCS1": 0.8948, "Tbet": 0.8948, "JAK1": 0.0049] {
                #expect(abs(value(name, state) - exact) < 1e-4, "\(name)")
            }
        }
        for state in th2 {
            for name in ThNetwork.th2 { #expect(abs(value(name, state) - 1) < 1e-3, "\(name)") }
        }
        for state in stable where value("Tbet", state) < 0.5 && value("GATA3", state) < 0.5 {
            #expect(state.values.allSatisfy { abs($0) < 1e-3 })
        }
    }
}
