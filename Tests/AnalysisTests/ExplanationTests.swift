import Biology
import Foundation
import Simulation
import Testing

@testable import Analysis

/// The figures of design/model-language.md: what `paracrine explain` should print for its example.
@Suite struct ExplanationTests {
    /// The design's IL-2 niche, 12³ cells on a lattice of 20 µm.
    static func niche(supply: ReceptorSupply = .held) -> (model: Model, census: CellCensus) {
        var run = RunPlan(duration: .hours(36), seed: 1)
        run.tolerance = 1e-3
        let edge = Length.micrometres(240)
        var model = Model(
            name: "IL-2 niche", space: Space(size: [edge, edge, edge], spacing: .micrometres(10)), run: run)
        let perHour = 1 / 3600.0
        model.molecules = [
            Molecule(name: "IL-2", diffusion: .squareMicrometresPerSecond(10), decay: .perSecond(0.1 * perHour))
        ]
        let binding = LigandBinding(
            ligand: "IL-2", kOn: .perNanomolarPerSecond(111.6 * perHour), kOff: .perSecond(0.83 * perHour),
            endocytosis: .perSecond(1.1e-3))
        model.receptors = [Receptor(name: "IL-2R", ligands: [binding], supply: supply)]
        for (name, number) in [("Tsec", 100.0), ("Tresp", 1500), ("Treg", 10000)] {
            var type = CellType(name: name, radius: .micrometres(5))
            type.receptors = ["IL-2R": .spread(Spread(number))]
            if name == "Tsec" { type.secretes = ["IL-2": Spread(10)] }
            model.cellTypes.append(type)
        }
        let counts = [("Tsec", 86), ("Tresp", 1469), ("Treg", 173)]
        return (model, CellCensus(groups: counts.map { CellCensus.Group(cellType: $0.0, count: $0.1) }))
    }

    static func item(_ name: String, _ explanation: Explanation) throws -> Explanation.Item {
        try #require(explanation.sections.flatMap(\.items).first { $0.name == name }, "no item named '\(name)'")
    }

    @Test(arguments: [
        ("K_D of IL-2 on IL-2R", 7.44), ("half-saturation of steady uptake, IL-2 on IL-2R", 42.9),
        ("IL-2 at the surface of an isolated Tsec", 26.4),
        ("screening length of IL-2, if every cell were Tresp", 32.2),
        ("screening length of IL-2, if every cell were Treg", 12.5),
        ("share of IL-2 that a Tsec captures itself", 0.00813), ("low-dose uptake of IL-2 on IL-2R, one Tresp", 77.2),
        ("Damköhler number of Treg for IL-2", 0.819), ("receptor relaxation, IL-2 on IL-2R", 751.6),
        ("molecules in a voxel at 1 pM", 0.602), ("voxel against the radius of Treg", 2),
        ("IL-2 half built up at a neighbour", 44.0), ("cells in a voxel", 0.125),
    ])
    func printsTheDesignsFigures(name: String, expected: Double) throws {
        let (model, census) = Self.niche()
        let value = try #require(try Self.item(name, Explanation(model: model, census: census)).value)
        #expect(abs(value - expected) <= 5e-3 * expected, "\(name): \(value)")
    }

    @Test func everyFigureFollowsFromItsFormulaAndInputs() throws {
        let (model, census) = Self.niche()
        let explanation = Explanation(model: model, census: census)
        let together = try Self.item("screening length of IL-2, all cells together", explanation)
        let inputs = together.inputs.map(\.value)
        #expect(abs((inputs[0] / (inputs[1] + inputs[2])).squareRoot() - (together.value ?? 0)) < 1e-9)
        let field = try Self.item("field of IL-2 over its screening length", explanation)
        #expect(abs((field.value ?? 0) - 1 / (inputs[1] + inputs[2])) < 1e-9)
        for item in explanation.sections.flatMap(\.items) {
            #expect(!item.formula.isEmpty)
            #expect(item.value != nil || !item.remark.isEmpty, "\(item.name) has neither value nor reason")
        }
    }

    @Test func coarseGridIsWarnedOf() throws {
        var (model, census) = Self.niche()
        model.space.spacing = .micrometres(30)
        census.groups = [CellCensus.Group(cellType: "Treg", count: 1728)]
        let explanation = Explanation(model: model, census: census)
        #expect(try Self.item("screening length of IL-2 in voxels", explanation).verdict == .warning)
        #expect(try Self.item("voxel against the radius of Treg", explanation).verdict == .warning)
        #expect(explanation.text.contains("warnings, marked with !"))
    }

    @Test func supplyDecidesHalfSaturation() throws {
        let name = "half-saturation of steady uptake, IL-2 on IL-2R"
        let loss = FirstOrderRate.perSecond(2.2e-3)
        let turnover = Self.niche(supply: .turnover(loss: loss))
        let slow = try Self.item(name, Explanation(model: turnover.model, census: turnover.census))
        #expect(abs((slow.value ?? 0) - 2 * 42.92) < 0.1)
        let none = Self.niche(supply: .none)
        let explanation = Explanation(model: none.model, census: none.census)
        #expect(try Self.item(name, explanation).value == nil)
        let half = try Self.item("half of IL-2R internalised at saturating IL-2", explanation)
        #expect(abs((half.value ?? 0) - log(2) / 1.1e-3) < 1e-9)
    }

    /// dR/dt = loss (N − R) − k c R + k_off B, dB/dt = k c R − (k_off + k_e) B: half of the greatest k_e B.
    @Test func halfSaturationUnderTurnoverIsHalfOfTheGreatestUptake() throws {
        let (loss, kOff, kE, kOn, number) = (2.2e-3, 0.83 / 3600, 1.1e-3, 0.031, 1500.0)
        let half = (kOff + kE) / kOn * loss / kE  // nM
        func uptake(_ c: Double) -> Double {
            let bindable = kOn * c / (kOff + kE)
            return kE * bindable * loss * number / (loss + kE * bindable)
        }
        #expect(abs(uptake(half) / uptake(1e12) - 0.5) < 1e-9)
    }

    @Test func neighboursOfALatticeAreCounted() {
        var census = CellCensus(groups: [])
        for i in 0..<1000 {
            census.x.append(Double(i % 10) * 10 + 5)
            census.y.append(Double(i / 10 % 10) * 10 + 5)
            census.z.append(Double(i / 100) * 10 + 5)
        }
        #expect(abs((Neighbours.meanWithin(11, census) ?? 0) - 5.4) < 1e-12)
        #expect(Neighbours.meanWithin(11, CellCensus(groups: [])) == nil)
    }

    @Test func receptorsFromATableAreUnknownUntilRead() throws {
        var (model, census) = Self.niche()
        model.cellTypes[2].receptors["IL-2R"] = .column("CD25", MarkerCalibration(scale: .perUnit(.molecules(3))))
        let name = "low-dose uptake of IL-2 on IL-2R, one Treg"
        #expect(try Self.item(name, Explanation(model: model, census: census)).value == nil)
        census.groups[2].receptors["IL-2R"] = 3589
        let known = try Self.item(name, Explanation(model: model, census: census))
        #expect(abs((known.value ?? 0) - 184.8) < 0.1)
    }

    @Test func censusCountsPlacedCells() throws {
        var (model, _) = Self.niche()
        model.cellTypes[1].receptors["IL-2R"] = .spread(Spread(1500, variation: 0.5))
        let edge = Length.micrometres(20)
        func point(_ x: Double) -> [Length] { [.micrometres(x), edge, edge] }
        model.placements = [
            Placement(cellType: "Tsec", pattern: .points([point(100)])),
            Placement(cellType: "Tresp", pattern: .points([point(20), point(40), point(60)])),
            Placement(cellType: "Treg", pattern: .points([point(80)])),
        ]
        let cells = try CellPlacement.place(model).cells
        let census = CellCensus(model: model, cells: cells)
        #expect(census.groups.map(\.count) == [1, 3, 1])
        #expect(census.groups[2].receptors == ["IL-2R": 10000])
        let mean = cells.filter { $0.typeIndex == 1 }.reduce(0) { $0 + $1.receptors[0] } / 3
        #expect(census.groups[1].receptors == ["IL-2R": mean])
        #expect(mean != 1500)
        #expect(census.x.sorted() == [20, 40, 60, 80, 100])
    }

    @Test func nothingCapturesNorDecaysIsSaid() throws {
        var (model, census) = Self.niche()
        model.receptors = []
        model.molecules[0].decay = .zero
        let explanation = Explanation(model: model, census: census)
        let item = try Self.item("screening length of IL-2, all cells together", explanation)
        #expect(item.value == nil)
        #expect(item.remark.contains("nothing takes it away"))
        census.groups = []
        #expect(!Explanation(model: model, census: census).text.isEmpty)
    }

    @Test func survivesJSON() throws {
        let (model, census) = Self.niche(supply: .none)
        let explanation = Explanation(model: model, census: census)
        let data = try JSONEncoder().encode(explanation)
        #expect(try JSONDecoder().decode(Explanation.self, from: data) == explanation)
    }

    @Test(
        arguments: [
            (7.437, "pM", "7.44 pM"), (1500, "pM", "1.5 nM"), (90, "s", "90 s"), (751.6, "s", "12.5 min"),
            (36 * 3600, "s", "36 h"), (1.25e-4, "cells/µm³", "1.25e-4 cells/µm³"),
            (1500, "receptors", "1500 receptors"),
            (2.5e8, "B", "250 MB"), (0, "", "0"), (10, "µm", "10 µm"), (1e-3, "/s", "0.001 /s"),
        ] as [(Double, String, String)])
    func numbersReadWell(value: Double, unit: String, expected: String) {
        #expect(Explanation.text(value, unit) == expected)
    }
}
