import Biology
import Foundation
import ModelFiles
import Testing

@Suite struct BodyTests {
    private static func read() throws -> Model {
        let text = try Files.text(Files.folder.appending(path: "Models/body.paracrine.yaml"))
        return try ModelFile.read(text, named: "m").model
    }

    @Test func everythingOutsideTheTissueIsRead() throws {
        let model = try Self.read()
        let blood = try #require(model.kinetics(of: model.molecules[0], in: "blood"))
        #expect(abs(blood.clearance.value - 2e12 / 60 / 2e12) < 1e-15)
        #expect(blood.permeability.value == 0.1 && blood.transfers["lymph"]?.value == 0.1 / 3600)
        let lymph = try #require(model.kinetics(of: model.molecules[0], in: "lymph"))
        #expect(abs(lymph.clearance.value * 600 - 0.69314718055994530942) < 1e-15)
        #expect(
            model.compartment("blood") == Compartment(name: "blood", volume: Volume(coherent: 2e12), cells: ["Mo": 1e6])
        )
        let organs = try #require(model.organs)
        #expect(organs.map(\.name) == ["gut", "liver"])
        #expect(organs[0].space.walls[Face(.z, isUpper: true)] == .exchange("blood"))
        #expect(organs[1].vessels.map(\.compartment) == ["blood"] && organs[1].counts == ["Hep": .share(0.5)])
        #expect(model.recruitments?.first?.site == .vessels(perArea: 1e-3 / 60))
        #expect(model.rules[0].inputs[0].signal == .inCompartment("IL-6", compartment: "blood"))
        #expect(model.record.fields.map(\.molecule) == ["IL-6 in gut", "IL-6 in liver"])
        #expect(model.expectations[0].subject == .inCompartment(molecule: "IL-6", compartment: "blood"))
        #expect(model.cellDoses?.first?.into == "liver")
    }

    @Test func dosesIntoCompartmentsAreAmounts() throws {
        let model = try Self.read()
        let bolus = model.treatments.filter { $0.compartment == "blood" }
        // 210 ng of 21 kDa are 10 pmol: in 2 mL 5 nM.
        #expect(
            bolus.map { $0.concentration(upTo: 1e9) / Concentration.nanomolar(5).value }.allSatisfy {
                abs($0 - 1) < 1e-12
            })
        #expect(
            bolus.map(\.dose).compactMap { if case .bolus(_, let at) = $0 { at.value / 3600 } else { nil } } == [
                2, 10, 18,
            ])
        // 1 nmol in 1 mL is 1 µM.
        let infused = model.treatments.filter { $0.compartment == "lymph" }.map { $0.concentration(upTo: 1e9) }
        #expect(infused.count == 1 && abs(infused[0] / Concentration.nanomolar(1000).value - 1) < 1e-12)
    }

    @Test func aBodyIsReadBackFromItsJSON() throws {
        let model = try Self.read()
        #expect(try ModelDocument.read(ModelDocument.json(model), named: "m") == model)
    }
}
