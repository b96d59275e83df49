import NetworkFiles
import Testing

@Suite struct SBMLSettingsTests {
    @Test func settingsAreRead() throws {
        let settings = try SuiteSettings(
            text:
                "start: 1\nduration: 4\nsteps: 2\nvariables: S1, S2\nabsolute: 1e-7\nrelative:\namount: S1\nconcentration:\n",
            named: "s.txt")
        #expect(settings.times == [1, 3, 5])
        #expect(settings.variables == ["S1", "S2"])
        #expect(settings.amounts == ["S1"] && settings.concentrations.isEmpty)
        #expect(settings.absolute == 1e-7 && settings.relative == nil)
    }

    @Test func settingsThatAreNoNumbersAreLocated() {
        do {
            _ = try SuiteSettings(text: "start: 0\nduration: long\nsteps: 99999999999\n", named: "s.txt")
            Issue.record("these settings are wrong")
        } catch {
            #expect(error.problems.map(\.line) == [2, 3])
        }
    }
}
