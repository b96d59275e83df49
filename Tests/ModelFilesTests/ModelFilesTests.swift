import Biology
import ModelFiles
import Testing

@Suite struct ModelFileTests {
    private func everything(_ settings: String...) throws -> Model {
        try ModelFile.read(try Files.everything(), named: "m.yaml", settings: settings).model
    }

    private func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * max(abs(a), abs(b)) }

    @Test func theExamplesAreModels() throws {
        let examples = try Files.examples()
        #expect(!examples.isEmpty)
        for (name, text) in examples { #expect(Files.problems(text) == "", "\(name)") }
    }

    @Test func spaceAndItsWallsAreRead() throws {
        let space = try everything().space
        #expect(space.size == [.micrometres(100), .micrometres(200), .micrometres(60)])
        #expect(space.voxels == [10, 20, 6])
        #expect(space.periodic == [.x])
        #expect(space.walls[Face(.y, isUpper: false)] == .fixed(.picomolar(10)))
        #expect(space.walls[Face(.y, isUpper: true)] == .flux(Flux(coherent: 0.1)))
        #expect(
            space.walls[Face(.z, isUpper: false)] == .permeable(Permeability(coherent: 0.07), outside: .picomolar(10)))
        #expect(space.walls[Face(.z, isUpper: true)] == .permeable(Permeability(coherent: 0.07), outside: .zero))
    }

    @Test func twoNumbersAreASlabOneVoxelThick() throws {
        let text = try Files.everything().replacing("box: 100 x 200 x 60 µm", with: "box: 100 x 200 µm")
            .replacing("at (50, 100, 30)", with: "at (50, 100)").replacing(
                "layer z 0 .. 20 µm", with: "layer x 0 .. 20 µm"
            )
            .replacing("of (10, 20, 30) µm", with: "of (10, 20) µm")
            .replacing("NK: at (10, 20, 30) µm; (20, 20, 30) µm; (90, 20, 30) µm", with: "NK: at (10, 20) µm")
            .replacing("IL-2 at (10,20,30) µm", with: "IL-2 at (10,20) µm")
        let model = try ModelFile.read(text, named: "m.yaml").model
        #expect(model.space.voxels == [10, 20, 1])
        #expect(
            model.placements.first?.pattern
                == .cluster(count: 4, centre: [.micrometres(50), .micrometres(100), .micrometres(5)]))
    }

    @Test func moleculesAreReadInCoherentUnits() throws {
        let model = try everything()
        let il2 = try #require(model.molecule("IL-2"))
        #expect(isClose(il2.decay.value, 0.693147180559945309417 / 300))
        #expect(il2.mass == MolarMass(coherent: 15.5))
        // 30 pg/mL of 15.5 kDa is 30/15.5 pM, through the parameter 'serum'.
        #expect(isClose(il2.starts.inPicomolar, 30 / 15.5))
        #expect(il2.walls[Face(.y, isUpper: true)] == .noFlux)
        let antibody = try #require(model.molecule("anti-IL-2"))
        #expect(isClose(antibody.diffusion.value, 40))
        #expect(isClose(antibody.decay.value, 1 / 600.0))
        let complex = try #require(model.molecule("IL-2+antibody")?.association)
        #expect([complex.first, complex.second] == ["IL-2", "anti-IL-2"])
        #expect(isClose(complex.kOn.value, 1e5 / 602_214_076))
    }

    @Test func receptorsChainsAndComplexesAreRead() throws {
        let model = try everything()
        let il2R = try #require(model.receptor("IL-2R"))
        #expect(il2R.ligands.map(\.ligand) == ["IL-2", "anti-IL-2"])
        #expect(il2R.ligands.map(\.signals) == [true, false])
        #expect(isClose(il2R.ligands[0].kOn.value, 111.6 / 0.602214076 / 3600))
        #expect(il2R.supply == .turnover(loss: FirstOrderRate(coherent: 0.1 / 3600)))
        #expect(model.receptor("IFNGR")?.supply == ReceptorSupply.none)
        #expect(model.receptor("gamma-c")?.ligands.isEmpty == true)
        let complex = try #require(model.complex("IL-2R+γ"))
        #expect(complex.first == .bound(receptor: "IL-2R", ligand: "IL-2"))
        #expect(complex.second == .free("gamma-c"))
        #expect(complex.kOn.value == 1e-4)
    }

    @Test func cellTypesAreRead() throws {
        let model = try everything()
        let sender = try #require(model.cellType("Tsec"))
        #expect(sender.count == .share(0.05))
        #expect(sender.receptors["IL-2R"] == .spread(Spread(100, variation: 0.5)))
        #expect(sender.secretes["IL-2"] == Spread(10, variation: 0.2))
        #expect(sender.states == [CellState(name: "activation", expression: .number(0.5), dimension: .none)])
        let responder = try #require(model.cellType("Tresp"))
        #expect(
            responder.receptors["IL-2R"]
                == .column("CD25", MarkerCalibration(scale: .mean(.molecules(3589)), background: 3)))
        #expect(responder.receptors["IFNGR"] == .column("IFNGR1", MarkerCalibration(scale: .perUnit(.molecules(120)))))
        #expect(responder.states.map(\.dimension) == [.none, .none])
        #expect(model.cellType("Treg")?.radius == .micrometres(5))
        #expect(model.cellType("Treg")?.count == .share(0.1))
        #expect(model.cellType("NK")?.count == .number(3))
    }

    @Test func rulesAreRead() throws {
        let model = try everything()
        #expect(model.rules.count == 6)
        let first = model.rules[0]
        #expect(first.behaviour == .secretion("IL-2"))
        #expect(first.inputs == [RuleInput(signal: .contact("Treg"), halfMax: 1, hill: 4)])
        #expect((first.from, first.to) == (10, 0))
        #expect(model.rules[1].delay == .hours(1))
        #expect(model.rules[1].halfTime == .seconds(1800))
        #expect(model.rules[2].interaction == .musyc(potency: 2, efficacy: 1.5))
        #expect(model.rules[2].inputs.map(\.hill) == [2, 1])
        #expect(model.rules[3].behaviour == .state("activation"))
        #expect(model.rules[3].interaction == .all)
        #expect(model.rules[4].inputs[0].signal == .network("stat5", name: "pSTAT5n"))
        #expect(isClose(model.rules[4].inputs[0].halfMax, 2 * 0.602214076))
        #expect(model.rules[5].text.hasPrefix("Tresp: IL-2R.bound increases"))
        #expect(model.blocks.map(\.signal) == [.concentration("IL-2")])
        #expect(model.blocks.first?.by.signal == .concentration("anti-IL-2"))
        #expect(model.combinations == [.secretion("IL-2"): .product, .expression("IL-2R"): .max])
    }

    @Test func placementsAreRead() throws {
        let placements = try everything().placements
        #expect(placements.map(\.cellType) == ["Tsec", "NK", "Treg", nil])
        #expect(placements[2].pattern == .layer(axis: .z, from: .zero, to: .micrometres(20)))
        guard case .points(let points) = placements[1].pattern, case .table(let table) = placements[3].pattern else {
            Issue.record("expected points and a table")
            return
        }
        #expect(points.count == 3)
        #expect(points[2] == [.micrometres(90), .micrometres(20), .micrometres(30)])
        #expect(table.path == "cells.csv")
        #expect(table.positionColumns == ["X_centroid", "Y_centroid"])
        #expect(table.unitLength == .micrometres(0.65))
        #expect(
            table.labels == [
                "CD4 T": [TypeShare(cellType: "Tresp", share: 1)],
                "x": [TypeShare(cellType: "Treg", share: 0.95), TypeShare(cellType: "NK", share: 0.05)], "debris": [],
            ])
        #expect(table.thickness == .micrometres(10))
    }

    @Test func runAndRecordAreRead() throws {
        let model = try everything()
        #expect(model.run.duration == .hours(2))
        #expect(model.run.seed == .max)
        #expect(model.run.fields == .quasiSteady)
        #expect(model.run.tolerance == 1e-4)
        #expect(model.run.ruleStep == .seconds(30))
        let communication = try #require(model.record.communication)
        #expect(communication.every == .seconds(600))
        #expect(communication.molecules == ["IL-2"])
        #expect(communication.senders == .types)
        #expect(communication.receivers == ["Treg"])
        #expect(
            communication.groups == [
                CellGroup(
                    name: "rim", cellType: "Tresp",
                    centre: [.micrometres(10), .micrometres(20), .micrometres(30)], radius: .micrometres(40))
            ])
        #expect(model.record.series == .seconds(60))
        #expect(model.record.fields.map(\.molecule) == ["IL-2", "IFN-γ"])
        #expect(
            model.record.cells?.columns == [
                .state("pSTAT5"), .receptor("IL-2R", .bound), .concentration("IL-2"), .contact("Treg"),
                .network("stat5", name: "total"),
            ])
    }

    @Test func expectationsAreRead() throws {
        let expectations = try everything().expectations
        #expect(
            expectations.map(\.subject) == [
                .imbalance(molecule: "IL-2"), .cells(.mean, .receptor("IL-2R", .bound), cellType: "Treg"),
                .cells(.mean, .concentration("IL-2"), cellType: "Tsec"),
                .fraction(cellType: "Tresp", .state("pSTAT5"), .greater, threshold: 0.5),
                .fieldAt(molecule: "IL-2", point: [.micrometres(10), .micrometres(20), .micrometres(30)]),
                .fieldFrom(molecule: "IL-2", distance: .micrometres(50), cellType: "Tsec"),
                .ledger(molecule: "IL-2", .secreted), .capturedShare(molecule: "IL-2", cellType: "Treg"),
                .nicheRadius(molecule: "IL-2", threshold: Concentration.picomolar(10).value),
                .cells(.mean, .network("stat5", name: "SOCS"), cellType: "Tsec"),
                .network("clock", name: "tick"), .network("clock", name: "beat"),
            ])
        #expect(expectations[0].target == .within(1e-9))
        #expect(expectations[1].target == .greater(100))
        #expect(expectations[1].time == .hours(1))
        #expect(expectations[2].target == .near(Concentration.picomolar(2.643).value, relative: 0.02))
        #expect(expectations[3].target == .less(0.2))
        #expect(expectations[4].time == nil)
        #expect(expectations[6].target == .near(36000, relative: 0.01))
    }

    @Test func settingsChangeParametersAndPaths() throws {
        let model = try everything(
            "q_IL2=5 molecules/s", "cells.Treg.receptors.IL-2R=3000 receptors", "run.for=3 h", "run.tolerance=1e-5")
        #expect(model.cellType("Tsec")?.secretes["IL-2"]?.mean == 5)
        #expect(model.rules[0].from == 5)
        #expect(model.cellType("Treg")?.receptors["IL-2R"] == .spread(Spread(3000)))
        #expect(model.run.duration == .hours(3))
        #expect(model.run.tolerance == 1e-5)
        #expect(model.parameters.first?.range == 1...100)
    }

    @Test func placesLeadBackToTheFile() throws {
        let checked = try ModelFile.read(try Files.everything(), named: "m.yaml")
        #expect(checked.places["molecules.IL-2"] == Place(file: "m.yaml", line: 23, column: 3))
        #expect(checked.places["rules[0]"]?.line == 108)
        #expect(checked.places["cells.NK"]?.line == 105)
        #expect(checked.places["networks.clock"]?.line == 78)
    }
}
