import Biology
import Testing

@testable import ModelFiles

/// What cells do, as values.
@Suite struct LifeTests {
    private static func living(_ settings: [String] = []) throws -> Model {
        try ModelFile.read(try Files.living(), named: "m.yaml", settings: settings, masks: Files.masks).model
    }

    private static func life(_ type: String, _ settings: [String] = []) throws -> CellLife {
        let model = try living(settings)
        return try #require(model.cellType(type)?.life)
    }

    @Test func motionIsInMicrometresAndSeconds() throws {
        let motion = try #require(try Self.life("CTL").motion)
        #expect(abs(motion.speed.value - 10.0 / 60) < 1e-15)
        #expect(motion.persistence == .seconds(120))
        #expect(motion.towards == [Attraction(receptor: "CXCR4", sensitivity: 0.05)])
        #expect(try Self.life("macrophage").motion?.towards.first?.sensitivity == -0.01)
        #expect(try Self.life("Tumour").motion == nil)
    }

    @Test func divisionHasItsPhasesInOrder() throws {
        let division = try #require(try Self.life("CTL").division)
        #expect(abs(division.hazard.rate.value - 0.02 / 3600) < 1e-18)
        #expect(division.hazard.refractory == .hours(4))
        #expect(
            division.phases == [
                CellPhase(name: "S", duration: Spread(7 * 3600)),
                CellPhase(name: "G2M", duration: Spread(4 * 3600, variation: 0.2)),
            ])
        #expect(division.growth == .hours(8))
        #expect(division.daughters == ["CD25": .copy, "CXCR4": .halve])
    }

    @Test func aRateAloneIsATableWithARate() throws {
        let alone = try Self.life("Tumour").division
        #expect(alone == Division(hazard: Hazard(rate: FirstOrderRate(coherent: 0.03 / 3600))))
        let table = try Files.living().replacing("divides: 0.03 /h", with: "divides: {rate: 0.03 /h}")
        let same = try ModelFile.read(table, named: "m.yaml", masks: Files.masks).model
        #expect(same.cellType("Tumour")?.life?.division == alone)
        #expect(try Self.life("macrophage").deaths.map(\.body) == [nil])
    }

    @Test func theDyingLeaveBodiesThatVanish() throws {
        let model = try Self.living()
        #expect(
            model.cellTypes.map(\.name) == [
                "CTL", "Memory", "Tumour", "macrophage", "dead CTL", "dead Tumour", "necrotic Tumour",
            ])
        let bodies = model.cellTypes.suffix(3)
        #expect(bodies.map { $0.life?.vanishes } == [.hours(8), .hours(2), .hours(24)])
        #expect(bodies.map(\.radius.value) == [5, 8, 8])
        #expect(bodies.allSatisfy { $0.receptors.isEmpty && $0.secretes.isEmpty && $0.count == nil })
        let deaths = try Self.life("Tumour").deaths
        #expect(deaths.map(\.body) == ["dead Tumour", "necrotic Tumour"])
        #expect(deaths[1].releases == ["HMGB1": .molecules(1000), "IFN-γ": .zero])
        #expect(deaths[1].hazard.refractory == .hours(1))
        #expect(model.arising == ["Memory", "CTL", "dead CTL", "dead Tumour", "necrotic Tumour"])
    }

    @Test func aKillerTakesItsTimesAndHits() throws {
        let kill = try #require(try Self.life("CTL").kills.first)
        #expect(kill.target == "Tumour" && kill.hits == 3 && kill.recognises == "MHC-I")
        #expect(abs(kill.attaches.value - 0.5 / 60) < 1e-15)
        #expect(kill.every == .seconds(1200) && kill.lasts == .seconds(3600) && kill.repair == .seconds(3000))
        let simple = try Self.living(["cells.CTL.kills.Tumour=q_kill"]).cellType("CTL")?.life?.kills.first
        #expect(simple == Killing(target: "Tumour", attaches: FirstOrderRate(coherent: 0.5 / 60)))
    }

    @Test func rulesStartFromWhatTheTypeStates() throws {
        let model = try Self.living()
        #expect(
            model.rules.map(\.behaviour) == [
                .state("MHC-I"), .division, .death(.apoptosis), .death(.necrosis), .speed, .persistence,
                .attraction("CXCR4"), .division, .change("Memory"), .killing("Tumour"), .engulfing("dead Tumour"),
                .engulfing("dead Tumour"),
            ])
        #expect(model.rules[2].inputs[0].signal == .contact("dead Tumour"))
        #expect(model.rules[6].to == -0.01)
        #expect(model.combinations == [.engulfing("dead Tumour"): .product])
        for rule in model.rules.dropFirst() {
            let stated = try #require(model.cellType(rule.cellType)?.life?.stated(rule.behaviour))
            #expect(abs(stated - rule.from) <= 1e-12 * abs(rule.from), "\(rule.text)")
        }
    }

    @Test func mechanicsAndObstaclesAreRead() throws {
        let model = try Self.living()
        let mechanics = try #require(model.mechanics)
        #expect(mechanics.stiffness.value == 0.1 && mechanics.reach == 1.25)
        #expect(mechanics.adhesions.map { [$0.first, $0.second] }.contains(["dead Tumour", "Tumour"]))
        let obstacles = try #require(model.obstacles)
        #expect(
            obstacles[0].shape
                == .line(
                    [[0, 0, 50], [100, 20, 50], [200, 0, 50]].map { $0.map { Length.micrometres($0) } },
                    radius: .micrometres(5)))
        // Two points of one voxel are one; the box's far corner is in its last voxel.
        #expect(obstacles[1].shape == .voxels([[0, 0, 0], [1, 0, 0], [19, 19, 9]]))
        var given = try Files.living()
        let plain = try #require(given.ranges(of: "mechanics:").first)
        let end = try #require(given.ranges(of: "\nobstacles:").first)
        given.replaceSubrange(plain.lowerBound..<end.lowerBound, with: "mechanics: {}\n")
        #expect(try ModelFile.read(given, named: "m.yaml", masks: Files.masks).model.mechanics == Mechanics())
    }

    @Test func theSignalsOfABodyAreOfItsType() throws {
        let model = try Self.living()
        #expect(
            model.record.cells?.columns.prefix(4) == [
                .body(.age), .body(.phaseTime), .body(.pressure), .body(.damage),
            ])
        let stress = try #require(model.cellType("Tumour")?.states.first { $0.name == "stress" })
        #expect(Set(stress.expression.signals) == [.body(.pressure), .body(.damage), .body(.age)])
        #expect(model.expectations[0].subject == .count(cellType: "Tumour"))
        #expect(model.expectations[0].dimension == .cells && model.expectations[0].target == .less(100))
    }

    @Test func theMotionStepDividesTheRuleStep() throws {
        #expect(try Self.living().run.motionStep == .seconds(6))
        #expect(try Self.living(["run.motion step=7.5 s"]).run.motionStep == .seconds(7.5))
        #expect(throws: InvalidModel.self) { try Self.living(["run.motion step=7 s"]) }
        // Where nothing is said it is 6 s, which must divide too.
        let text = try Files.living().replacing(", motion step: 6 s, rule step: 1 min", with: ", rule step: 10 s")
        #expect(Files.problems(text).contains("6 s where nothing is said, does not divide the rule step of 10 s"))
    }
}
