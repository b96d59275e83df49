import Biology
import Simulation
import Testing

@testable import Tissue

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Division, death, change of type and what happens by touch, against exact laws of chance.
@Suite struct LifeTests {
    /// Cells of these types, all at one place: they do not push each other and nothing diffuses.
    private func model(_ types: [CellType], hours: Double, seed: UInt64 = 1, step: Double = 60) -> Model {
        var model = Model(
            name: "life",
            space: Space(
                size: [.micrometres(100), .micrometres(100), .micrometres(100)], spacing: .micrometres(50)),
            run: RunPlan(duration: .hours(hours), seed: seed))
        model.run.ruleStep = .seconds(step)
        model.cellTypes = types
        return model
    }

    private func type(_ name: String, _ life: CellLife = CellLife()) -> CellType {
        var type = CellType(name: name, radius: .micrometres(5))
        type.life = life
        return type
    }

    private func cells(_ count: Int, of type: Int = 0, from id: Int = 0, model: Model) -> [PlacedCell] {
        (0..<count).map {
            PlacedCell(
                id: id + $0, typeIndex: type, x: 50, y: 50, z: 50, radius: 5, receptors: model.receptors.map { _ in 0 },
                secretion: model.molecules.map { _ in 0 })
        }
    }

    /// How many cells of each type there are at the end.
    private func counts(_ model: Model, _ cells: [PlacedCell]) throws -> [Int] {
        let engine = TissueEngine(model, cells: cells, threads: 1)
        while engine.time < model.run.duration.value {
            try engine.step(until: model.run.duration.value)
            try engine.settle()
        }
        return model.cellTypes.indices.map { type in engine.population.types.count { $0 == type } }
    }

    private func perHour(_ rate: Double) -> Hazard { Hazard(rate: .perSecond(rate / 3600)) }

    /// Mean n e^((b−d)t) and variance n (b+d)/(b−d) e^((b−d)t) (e^((b−d)t) − 1) of linear birth and death.
    ///
    /// - Source: Kendall 1948 (from memory); the same follows from the moment equations.
    @Test(arguments: [(0.10, 0.04), (0.05, 0.05), (0.02, 0.08)])
    func birthAndDeathObeyTheExactLaw(_ birth: Double, _ death: Double) throws {
        let (n, hours) = (500.0, 12.0)
        var life = CellLife()
        life.division = Division(hazard: perHour(birth))
        life.deaths = [Death(kind: .apoptosis, hazard: perHour(death))]
        let runs = try (1...40).map { seed -> Double in
            let model = model([type("A", life)], hours: hours, seed: UInt64(seed), step: 900)
            return Double(try counts(model, cells(Int(n), model: model))[0])
        }
        let growth = exp((birth - death) * hours)
        let mean = n * growth
        var variance = n * 2 * birth * hours
        if birth != death { variance = n * (birth + death) / (birth - death) * growth * (growth - 1) }
        let found = runs.reduce(0, +) / 40
        #expect(abs(found - mean) <= 3 * (variance / 40).squareRoot(), "\(found) cells for \(mean)")
        let spread = runs.reduce(0) { $0 + ($1 - found) * ($1 - found) } / 39
        // The variance of a variance of 40 normal numbers is 2/39 of its square.
        #expect(abs(spread / variance - 1) <= 3 * (2.0 / 39).squareRoot(), "variance \(spread) for \(variance)")
    }

    @Test func whatHappensDoesNotDependOnTheStep() throws {
        var life = CellLife()
        life.division = Division(
            hazard: perHour(0.2), phases: [CellPhase(name: "S", duration: Spread(3600, variation: 0.3))])
        life.deaths = [Death(kind: .apoptosis, hazard: perHour(0.05), body: "dead")]
        life.changes = [TypeChange(into: "B", hazard: perHour(0.03))]
        var body = CellLife()
        body.vanishes = .hours(2)
        let types = [type("A", life), type("B"), type("dead", body)]
        let found = try [1800.0, 900, 180].map { step in
            let model = model(types, hours: 10, step: step)
            return try counts(model, cells(300, model: model))
        }
        #expect(found[0] == found[1] && found[1] == found[2], "\(found)")
    }

    @Test func phasesLastAsLongAsTheySay() throws {
        var life = CellLife()
        // Committing takes no time: a cell divides every 8 h, all at once.
        life.division = Division(
            hazard: perHour(1e9),
            phases: [
                CellPhase(name: "S", duration: Spread(5 * 3600)), CellPhase(name: "M", duration: Spread(3 * 3600)),
            ])
        for (hours, expected) in [(7.9, 10), (8.1, 20), (15.9, 20), (16.1, 40), (24.1, 80)] {
            let model = model([type("A", life)], hours: hours, step: 360)
            #expect(try counts(model, cells(10, model: model)) == [expected])
        }
    }

    @Test func aRefractoryTimeHoldsOffWhatIsDue() throws {
        var life = CellLife()
        life.deaths = [Death(kind: .apoptosis, hazard: Hazard(rate: .perSecond(1e6), refractory: .hours(2)))]
        for (hours, expected) in [(1.99, 7), (2.01, 0)] {
            let model = model([type("A", life)], hours: hours, step: 36)
            #expect(try counts(model, cells(7, model: model)) == [expected])
        }
    }

    /// Hits land at random, so a target gets a Poisson number of them: 1 − e^(−λ) die of one, 1 − e^(−λ)(1 + λ + λ²/2) of three.
    @Test(arguments: [(1, 0.02), (1, 0.04), (3, 0.25), (3, 0.5)])
    func hitsAddUpToAKill(_ hits: Int, _ mean: Double) throws {
        let (killers, targets, runs) = (20, 400, 30)
        var killing = Killing(target: "T", attaches: .perSecond(mean / Double(killers) / 3600))
        killing.hits = hits
        var life = CellLife()
        life.kills = [killing]
        var dead = 0
        for seed in 1...runs {
            let model = model([type("K", life), type("T")], hours: 1, seed: UInt64(seed), step: 600)
            let all = cells(killers, model: model) + cells(targets, of: 1, from: killers, model: model)
            dead += targets - (try counts(model, all)[1])
        }
        let none = exp(-mean)
        let share = hits == 1 ? 1 - none : 1 - none * (1 + mean + mean * mean / 2)
        let trials = Double(runs * targets)
        let error = (share * (1 - share) / trials).squareRoot()
        #expect(abs(Double(dead) / trials - share) < 3 * error, "\(Double(dead) / trials) for \(share)")
    }

    @Test func aCellDiesOnceAndTheDeadDoNotAct() throws {
        var killing = Killing(target: "T", attaches: .perSecond(0.01))
        killing.hits = 1
        var killer = CellLife()
        killer.kills = [killing]
        var target = CellLife()
        target.deaths = [Death(kind: .apoptosis, hazard: perHour(0), body: "dead")]
        target.division = Division(hazard: perHour(0.5))
        let model = model([type("K", killer), type("T", target), type("dead")], hours: 6, step: 600)
        let all = cells(5, model: model) + cells(50, of: 1, from: 5, model: model)
        let engine = TissueEngine(model, cells: all, threads: 1)
        while engine.time < 6 * 3600 { try engine.step(until: 6 * 3600) }
        try engine.settle()
        let tally = try #require(engine.life).cells.tally
        let left = (0..<3).map { type in engine.population.types.count { $0 == type } }
        #expect(tally.deaths[1] == left[2] && left[1] + left[2] == 50 + tally.divisions[1])
        #expect(tally.kills[0] == tally.deaths[1] && left[0] == 5)
    }
}
