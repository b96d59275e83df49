import Testing

@testable import Biology

/// What is taken out of a living model takes along what living cells do with it.
@Suite struct LifeKnockoutTests {
    /// T divides, dies into bodies and goes towards C by R; K kills T by its state M, which a rule raises by I; E eats the
    /// dead; N becomes K; S stands still and nobody minds it.
    private static func model(mechanics: Bool = false) -> Model {
        let space = Space(size: Array(repeating: .micrometres(100), count: 3), spacing: .micrometres(10))
        var model = Model(name: "m", space: space, run: RunPlan(duration: .hours(1), seed: 1))
        model.molecules = ["C", "I", "X"].map {
            Molecule(name: $0, diffusion: .squareMicrometresPerSecond(10), decay: .zero)
        }
        model.receptors = [receptor("R", "C"), receptor("J", "I"), receptor("Y", "X")]
        model.cellTypes = ["T", "K", "E", "N", "S", "dead T"].map { CellType(name: $0, radius: .micrometres(5)) }
        let often = Hazard(rate: .perSecond(1e-4))
        model[life: "T"] = CellLife()
        model[life: "T"]?.motion = Motion(
            speed: Speed(coherent: 0.1), persistence: .seconds(60),
            towards: [Attraction(receptor: "R", sensitivity: 0.1)])
        model[life: "T"]?.division = Division(hazard: often)
        model[life: "T"]?.division?.daughters = ["R": .copy]
        model[life: "T"]?.deaths = [Death(kind: .apoptosis, hazard: often, body: "dead T", releases: ["X": .zero])]
        model[life: "K"] = CellLife()
        var kill = Killing(target: "T", attaches: .perSecond(0.1))
        kill.recognises = "M"
        model[life: "K"]?.kills = [kill]
        model[life: "E"] = CellLife()
        model[life: "E"]?.eats = [Engulfing(target: "dead T", rate: .perSecond(0.1))]
        model[life: "N"] = CellLife()
        model[life: "N"]?.changes = [TypeChange(into: "K", hazard: often)]
        model[life: "dead T"] = CellLife()
        model[life: "dead T"]?.vanishes = .hours(8)
        model.cellTypes[0].receptors = ["R": .spread(Spread(100)), "J": .spread(Spread(100))]
        model.cellTypes[0].states = [CellState(name: "M", expression: .number(0.1), dimension: .none)]
        model.cellTypes[4].receptors = ["Y": .spread(Spread(100))]
        model.rules = [
            rule("T", .receptor("J", .bound), .state("M")), rule("T", .time, .division),
            rule("N", .time, .change("K")), rule("K", .time, .killing("T")), rule("E", .time, .engulfing("dead T")),
            rule("T", .time, .attraction("R")), rule("S", .concentration("X"), .secretion("C")),
        ]
        if mechanics { model.mechanics = Mechanics() }
        return model
    }

    private static func receptor(_ name: String, _ ligand: String) -> Receptor {
        Receptor(
            name: name,
            ligands: [LigandBinding(ligand: ligand, kOn: .zero, kOff: .zero, endocytosis: .zero, signals: true)],
            supply: .held, recycling: .zero, degradation: .zero)
    }

    private static func rule(_ type: String, _ signal: Signal, _ behaviour: Behaviour) -> Rule {
        Rule(
            cellType: type, inputs: [RuleInput(signal: signal, halfMax: 1)], behaviour: behaviour, from: 0, to: 1)
    }

    private static func number(of type: String) -> Response {
        Response(subject: .count(cellType: type), time: nil, text: "", dimension: .cells)
    }

    @Test func aReceptorTakesItsAttractionAlong() {
        let model = Self.model().without(.receptor("R"))
        #expect(model[life: "T"]?.motion?.towards == [] && model[life: "T"]?.division?.daughters == [:])
        #expect(!model.rules.contains { $0.behaviour == .attraction("R") })
        #expect(model.rules.count == Self.model().rules.count - 1)
    }

    @Test func aMoleculeIsNotReleased() {
        #expect(Self.model().without(.molecule("X"))[life: "T"]?.deaths.map(\.releases) == [[:]])
    }

    @Test func aTypeIsNeitherKilledNorEatenNorBecome() {
        let unkilled = Self.model().without(.cellType("T"))
        #expect(unkilled[life: "K"]?.kills == [] && !unkilled.rules.contains { $0.behaviour == .killing("T") })
        let unbecome = Self.model().without(.cellType("K"))
        #expect(unbecome[life: "N"]?.changes.map(\.hazard.rate) == [.zero])
        #expect(!unbecome.rules.contains { $0.behaviour == .change("K") })
        #expect(unbecome.arising == Self.model().arising)
        let bodiless = Self.model().without(.cellType("dead T"))
        #expect(bodiless[life: "T"]?.deaths.map(\.body) == [nil] && bodiless[life: "E"]?.eats == [])
        #expect(bodiless.arising == ["K", "dead T"])
    }

    @Test func theNumberOfATypeFollowsFromWhoActsOnIt() {
        let causes = Self.model().causes(of: Self.number(of: "T"))
        let expected: Set<Knockout> = [
            .cellType("T"), .cellType("K"), .cellType("N"), .receptor("R"), .receptor("J"), .rule(0), .rule(1),
            .rule(2), .rule(3), .rule(5),
        ]
        #expect(causes.isSuperset(of: expected))
        // Who eats the dead does not change the living.
        #expect(!causes.contains(.cellType("E")) && !causes.contains(.rule(4)))
    }

    @Test func theNumberOfTheDeadFollowsFromTheLivingAndFromWhoEatsThem() {
        let causes = Self.model().causes(of: Self.number(of: "dead T"))
        #expect(causes.isSuperset(of: [.cellType("T"), .cellType("E"), .rule(4), .rule(1), .rule(0)]))
    }

    @Test func nothingDecidesAboutCellsThatStandStill() {
        #expect(Self.model().causes(of: Self.number(of: "S")) == [.cellType("S")])
        // Pushed, they stand elsewhere.
        #expect(Self.model(mechanics: true).causes(of: Self.number(of: "S")).contains(.cellType("T")))
    }
}

extension Model {
    fileprivate subscript(life type: String) -> CellLife? {
        get { cellType(type)?.life }
        set { for index in cellTypes.indices where cellTypes[index].name == type { cellTypes[index].life = newValue } }
    }
}
