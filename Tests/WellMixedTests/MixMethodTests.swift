import Testing
import WellMixed

@Suite struct MixMethodTests {
    @Test func namesAreTheOptionsNames() {
        #expect(MixMethod.allCases.map(\.rawValue) == ["ode", "ssa"])
    }
}
