import Biology
import Simulation
import Testing

@testable import Analysis
@testable import Results

/// The graph of induction, from made-up counts with known gains and delays.
@Suite struct CascadeGraphTests {
    private func model() -> Model {
        var model = Model(
            name: "made up",
            space: Space(
                size: [.micrometres(10), .micrometres(10), .micrometres(10)], spacing: .micrometres(10)),
            run: RunPlan(duration: .hours(10), seed: 1))
        for name in ["A", "B", "C"] {
            model.molecules.append(
                Molecule(name: name, diffusion: .squareMicrometresPerSecond(1), decay: .perSecond(0)))
        }
        func binding(_ ligand: String) -> LigandBinding {
            LigandBinding(ligand: ligand, kOn: AssociationRate(coherent: 1), kOff: .perSecond(1))
        }
        model.receptors = [
            Receptor(name: "RA", ligands: [binding("A")]), Receptor(name: "RB", ligands: [binding("B")]),
        ]
        for name in ["T1", "T2"] { model.cellTypes.append(CellType(name: name, radius: .micrometres(5))) }
        // T1 hears A through a state that another rule sets.
        model.cellTypes[0].states = [CellState(name: "on", expression: .number(0), dimension: .none)]
        model.rules = [
            Rule(
                cellType: "T1", inputs: [RuleInput(signal: .receptor("RA", .bound), halfMax: 1, hill: 1)],
                behaviour: .state("on"), from: 0, to: 1),
            Rule(
                cellType: "T1", inputs: [RuleInput(signal: .state("on"), halfMax: 1, hill: 1)],
                behaviour: .secretion("B"), from: 0, to: 1),
            Rule(
                cellType: "T2", inputs: [RuleInput(signal: .receptor("RB", .bound), halfMax: 1, hill: 1)],
                behaviour: .secretion("C"), from: 0, to: 1),
            Rule(
                cellType: "T2", inputs: [RuleInput(signal: .time, halfMax: 1, hill: 1)],
                behaviour: .secretion("C"), from: 0, to: 1),
        ]
        return model
    }

    /// Ten hours in steps of one: rates that switch on at a time, in molecules an hour.
    private func inductions(rule: Int, type: String, molecule: String, from hour: Int, rate: Double) -> [InductionRow] {
        (0..<10).map { h in
            InductionRow(
                start: Double(h) * 3600, end: Double(h + 1) * 3600, rule: rule, cellType: type, molecule: molecule,
                induced: h >= hour ? rate : 0, drivenCells: h >= hour ? 2 : 0)
        }
    }

    private func captured(_ name: String, from hour: Int, rate: Double) -> SeriesTable.Column {
        SeriesTable.Column(
            name: name, unit: "molecules", values: (0...10).map { rate * Double(max(0, $0 - hour)) })
    }

    @Test func edgesHaveTheirGainsAndDelays() throws {
        var series = try SeriesTable("", path: "")
        series.times = (0...10).map { Double($0) * 3600 }
        series.columns = [
            captured("A: captured by T1", from: 2, rate: 50), captured("B: captured by T2", from: 6, rate: 20),
        ]
        let rows =
            inductions(rule: 1, type: "T1", molecule: "B", from: 5, rate: 400)
            + inductions(rule: 2, type: "T2", molecule: "C", from: 7, rate: -60)
            + inductions(rule: 3, type: "T2", molecule: "C", from: 0, rate: 10)
        let cascade = Cascade(model(), inductions: rows, series: series)
        // A rule that reads no molecule is no edge.
        try #require(cascade.edges.map(\.rule) == [2, 3])
        let (first, second) = (cascade.edges[0], cascade.edges[1])
        #expect(first.causes == ["A"] && first.molecule == "B" && first.drivenCells == 2)
        #expect(first.gain == 400 * 5 / (50.0 * 8))
        #expect(first.delay.map { abs($0 - 3 * 3600) < 1e-6 } == true)
        #expect(second.causes == ["B"] && second.gain == -60 * 3 / (20.0 * 4))
        #expect(second.delay.map { abs($0 - 3600) < 1e-6 } == true)
    }

    @Test func halfRiseIsStraightBetweenMiddles() {
        #expect(Cascade.halfRise([(1, 0), (3, 4), (5, 8)]) == 3)
        #expect(Cascade.halfRise([(1, 0), (3, 2), (5, 8)]) == 3 + 2.0 / 3)
        #expect(Cascade.halfRise([(2, 6), (4, 6)]) == 1)
        #expect(Cascade.halfRise([(1, 0), (2, 0)]) == nil)
    }

    /// Loops and branches have places of their own, and every molecule one.
    @Test func theDrawingPlacesEveryMolecule() {
        func edge(_ from: [String], _ to: String) -> Cascade.Edge {
            Cascade.Edge(
                rule: 1, text: "", cellType: "T", causes: from, molecule: to, induced: 1, captured: nil,
                drivenCells: 0, delay: nil, confirmation: nil)
        }
        let places = CascadeFigure.layout([
            edge(["A"], "B"), edge(["B"], "C"), edge(["A"], "D"), edge(["C"], "A"), edge(["B"], "B"),
        ])
        #expect(Set(places.keys) == ["A", "B", "C", "D"])
        #expect(Set(places.values.map { "\($0.column) \($0.row)" }).count == 4)
    }
}
