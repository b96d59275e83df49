import Biology
import ModelFiles
import Testing

@Suite struct TreatmentTests {
    private static let text = """
        paracrine: 1
        model: treated
        parameters: {dose: 5 nM}
        space: {box: 40 x 40 x 40 µm, grid: 10 µm}
        molecules:
          IL-2: {diffusion: 10 µm²/s, mass: 15.5 kDa}
          anti-IL-2: {diffusion: 40 µm²/s}
        cells:
          T: {count: 1, radius: 5 µm}
        place: {T: random}
        run: {for: 8 h, seed: 1}
        treatments:
          - 10 nM anti-IL-2 at 2 h
          - dose IL-2 at 0 s
          - 155 pg/mL IL-2 at 3 h
          - 1 nM/h IL-2 from 2 h to 6 h
        """

    @Test func dosesAreReadInTheirUnits() throws {
        let model = try ModelFile.read(Self.text, named: "m").model
        let nanomolar = 0.602214076
        #expect(
            model.treatments.map(\.molecule) == ["anti-IL-2", "IL-2", "IL-2", "IL-2"]
                && model.treatments[3].text == "1 nM/h IL-2 from 2 h to 6 h")
        #expect(
            model.treatments[0].dose == .bolus(Concentration(coherent: 10 * nanomolar), at: .seconds(7200)))
        #expect(model.treatments[1].dose == .bolus(Concentration(coherent: 5 * nanomolar), at: .zero))
        // 155 pg/mL of 15.5 kDa are 10 pM.
        #expect(abs(model.treatments[2].concentration(upTo: 1e9) / (0.01 * nanomolar) - 1) < 1e-12)
        #expect(abs(model.treatments[3].concentration(upTo: 4 * 3600) / (2 * nanomolar) - 1) < 1e-12)
        #expect(model.treatments[3].concentration(upTo: 100) == 0)
    }

    @Test func aTreatedModelIsReadBackFromItsJSON() throws {
        let model = try ModelFile.read(Self.text, named: "m").model
        #expect(try ModelDocument.read(ModelDocument.json(model), named: "m") == model)
    }

    @Test func fieldsWithoutMemoryCannotBeTreated() {
        #expect(throws: InvalidModel.self) {
            try ModelFile.read(Self.text, named: "m", settings: ["run.fields=quasi-steady"])
        }
    }
}
