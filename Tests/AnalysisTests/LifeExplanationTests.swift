import Biology
import Foundation
import Testing

@testable import Analysis

/// What `explain` says of living cells, against figures known otherwise.
@Suite struct LifeExplanationTests {
    private static func item(_ name: String, _ model: Model, _ count: Int = 100) throws -> Explanation.Item {
        let groups = model.cellTypes.map {
            CellCensus.Group(cellType: $0.name, count: $0.life?.vanishes == nil ? count : 0)
        }
        let explanation = Explanation(model: model, census: CellCensus(groups: groups))
        return try #require(explanation.sections.flatMap(\.items).first { $0.name == name }, "no item '\(name)'")
    }

    /// Cells that walk at 10 µm/min with a persistence of 2 min, as in V18.
    private static func model(edge: Double = 1000, depth: Double = 1000) -> Model {
        let size = [edge, edge, depth].map { Length.micrometres($0) }
        var model = Model(
            name: "m", space: Space(size: size, spacing: .micrometres(10)), run: RunPlan(duration: .hours(48), seed: 1))
        model.molecules = [Molecule(name: "C", diffusion: .squareMicrometresPerSecond(100))]
        let binding = LigandBinding(
            ligand: "C", kOn: .perNanomolarPerSecond(1e-3), kOff: .perSecond(1e-3), endocytosis: .zero)
        model.receptors = [Receptor(name: "R", ligands: [binding], supply: .held)]
        var type = CellType(name: "T", radius: .micrometres(5))
        type.receptors = ["R": .spread(Spread(1e4))]
        var life = CellLife()
        life.motion = Motion(
            speed: Speed(coherent: 10.0 / 60), persistence: .seconds(120),
            towards: [Attraction(receptor: "R", sensitivity: 0.04)])
        type.life = life
        model.cellTypes = [type]
        model.mechanics = Mechanics()
        return model
    }

    // facts/validation.md V18: 66.67 µm²/min; 23200 µm² after an hour; 25.0 receptors of 1e4 for 1 % at c = K.
    @Test(arguments: [
        ("motility of T", 66.67, 1e-4), ("displacement of a T in an hour, if nothing draws it", 152.3, 1e-3),
        ("bound R ahead less behind, 1 % of C across a T at c = K", 25.0, 1e-12),
    ])
    func theWalkIsThatOfTheReference(name: String, expected: Double, tolerance: Double) throws {
        let value = try #require(try Self.item(name, Self.model()).value)
        #expect(abs(value - expected) <= tolerance * expected, "\(value)")
    }

    @Test func theDriftFollowsLangevin() throws {
        // κ = 0.04 · 25 = 1; coth 1 − 1 = 0.313035.
        let drift = try Self.item("drift of a T up that gradient", Self.model())
        #expect(abs((drift.value ?? 0) - 3.13035) < 1e-5 && drift.verdict == .plain)
        var model = Self.model()
        model.cellTypes[0].life?.motion?.towards[0].sensitivity = -1e-4
        #expect(try Self.item("drift of a T down that gradient", model).verdict == .note)
    }

    @Test func inASlabMotilityHasTwoDimensions() throws {
        #expect(abs((try Self.item("motility of T", Self.model(depth: 10)).value ?? 0) - 100) < 1e-9)
    }

    @Test func aStepThatJumpsIsWarnedOf() throws {
        var model = Self.model()
        #expect(try Self.item("way of a T in a motion step, in its radii", model).value == 0.2)
        model.run.motionStep = .seconds(30)
        #expect(try Self.item("way of a T in a motion step, in its radii", model).verdict == .warning)
        model.run.motionStep = .seconds(60)
        #expect(try Self.item("motion step against the persistence of T", model).verdict == .serves)
        // The shortest persistence that a rule sets counts.
        let input = RuleInput(signal: .time, halfMax: 1)
        model.rules = [Rule(cellType: "T", inputs: [input], behaviour: .persistence, from: 120, to: 90)]
        #expect(try Self.item("motion step against the persistence of T", model).verdict == .warning)
    }

    @Test func cellsSofterThanTheyCrawlAreWarnedOf() throws {
        var model = Self.model()
        #expect(abs((try Self.item("half-life of an overlap of two cells", model).value ?? 0) - 3.4657) < 1e-4)
        let name = "overlap at which another cell stops a T, in its radii"
        let share = try Self.item(name, model)
        #expect(abs((share.value ?? 0) - 1.0 / 3) < 1e-12 && share.verdict == .serves)
        model.mechanics?.stiffness = .perSecond(0.05)
        #expect(try Self.item(name, model).verdict == .warning)
    }

    // MARK: - Numbers

    @Test func divisionWithoutPhasesGrowsAtItsRate() {
        let division = Division(hazard: Hazard(rate: .perSecond(1e-5)))
        #expect(abs(division.growth(rate: 1e-5) - 1e-5) < 1e-18)
        #expect(division.growth(rate: 0) == 0)
    }

    @Test func divisionAsAClockDoublesInItsPhases() {
        let division = Division(
            hazard: Hazard(rate: .perSecond(1e3), refractory: .hours(4)),
            phases: [CellPhase(name: "S", duration: Spread(8 * 3600))])
        #expect(abs(division.growth(rate: 1e3) * 12 * 3600 / log(2) - 1) < 1e-6)
    }

    /// Against the mean of a stage model: commit at r, then one exponential phase at r: λ = (√2 − 1) r; with a fixed phase of
    /// the same mean less, and more than half of it.
    @Test func phasesSlowGrowthAsTheyShould() {
        let r = 1e-5
        let division = Division(
            hazard: Hazard(rate: .perSecond(r)), phases: [CellPhase(name: "S", duration: Spread(1 / r))])
        let rate = division.growth(rate: r)
        // Euler and Lotka's equation at the root.
        #expect(abs(2 * r / (r + rate) * exp(-rate / r) - 1) < 1e-9)
        #expect(rate < (2.0.squareRoot() - 1) * r && rate > 0.3 * r)
    }

    @Test func numbersAtTheEndAreThoseOfExponentialGrowth() throws {
        var model = Self.model()
        model.cellTypes[0].life?.division = Division(hazard: Hazard(rate: FirstOrderRate(coherent: 0.05 / 3600)))
        model.cellTypes[0].life?.deaths = [
            Death(kind: .apoptosis, hazard: Hazard(rate: FirstOrderRate(coherent: 0.02 / 3600)))
        ]
        let end = try Self.item("cells at the end, killing and rules aside", model)
        #expect(abs((end.value ?? 0) / (100 * exp(0.03 * 48)) - 1) < 1e-9)
        let doubling = try Self.item("doubling time of T, with its death", model)
        #expect(abs((doubling.value ?? 0) / 3600 - log(2) / 0.03) < 1e-6)
        #expect(
            try Self.item("T that commit to division in an hour, at the start", model).value.map { abs($0 - 5) < 1e-9 }
                == true)
        #expect(try Self.item("T that die in an hour, at the start", model).value.map { abs($0 - 2) < 1e-9 } == true)
        #expect(try Self.item("half-life of a T", model).value.map { abs($0 / 3600 - log(2) / 0.02) < 1e-6 } == true)
        // A rule that may raise division to 0.3 /h makes 100 cells above a million.
        let fast = try Self.item("cells at the end, as fast as rules allow", model)
        #expect(fast.verdict == .plain && fast.value == end.value)
        let input = RuleInput(signal: .time, halfMax: 1)
        model.rules = [Rule(cellType: "T", inputs: [input], behaviour: .division, from: 0.05 / 3600, to: 0.3 / 3600)]
        let many = try Self.item("cells at the end, as fast as rules allow", model)
        #expect(many.verdict == .warning && abs((many.value ?? 0) / (100 * exp(0.28 * 48)) - 1) < 1e-9)
    }

    private static let filled = "share of the box that cells fill at the end, killing and rules aside"

    @Test func crowdingIsAShareOfTheBox() throws {
        let model = Self.model(edge: 100, depth: 100)
        let start = try Self.item(Self.filled, model, 1000)
        #expect(abs((start.value ?? 0) - 4 / 3 * .pi * 125 / 1000) < 1e-12 && start.verdict == .plain)
        #expect(try Self.item(Self.filled, model, 1300).verdict == .warning)
        let slab = try Self.item(Self.filled, Self.model(edge: 100, depth: 10))
        #expect(abs((slab.value ?? 0) - .pi * 25 / 100) < 1e-12)
    }

    @Test func aKillerThatLetsGoTooSoonIsNoted() throws {
        var model = Self.model()
        model.cellTypes.append(CellType(name: "X", radius: .micrometres(5)))
        var kill = Killing(target: "X", attaches: .perSecond(0.01), hits: 3)
        kill.every = .seconds(1200)
        model.cellTypes[0].life?.kills = [kill]
        let name = "a T kills a X that it touches, in"
        #expect(try Self.item(name, model).value == 100 + 3600)
        #expect(try Self.item(name, model).verdict == .plain)
        model.cellTypes[0].life?.kills[0].lasts = .seconds(1800)
        #expect(try Self.item(name, model).verdict == .note)
        // Hits as it attaches: three attachments.
        model.cellTypes[0].life?.kills[0].every = .zero
        #expect(try Self.item(name, model).value == 300)
    }

    @Test func cellsThatStandStillHaveNoLives() {
        let (model, census) = ExplanationTests.niche()
        let titles = Explanation(model: model, census: census).sections.map(\.title)
        #expect(!titles.contains("Motion") && !titles.contains("Lives of cells"))
    }
}
