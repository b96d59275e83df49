import Biology
import Simulation
import Testing

@testable import Tissue

/// Cells that live among molecules: nothing is lost, nothing is made twice, whoever computes.
@Suite struct LivingTissueTests {
    /// Secretors and receivers that walk, divide, die with and without a body, and change into each other.
    private func model(threadsSeed seed: UInt64 = 3, copies: Bool = false, communication: Bool = false) -> Model {
        let edge = Length.micrometres(120)
        var model = Model(
            name: "living", space: Space(size: [edge, edge, edge], spacing: .micrometres(10)),
            run: RunPlan(duration: .hours(1), seed: seed))
        model.run.ruleStep = .seconds(300)
        model.molecules = [
            Molecule(name: "L", diffusion: .squareMicrometresPerSecond(20), decay: .perSecond(1e-4)),
            Molecule(name: "D", diffusion: .squareMicrometresPerSecond(50), decay: .perSecond(1e-4)),
        ]
        let binding = LigandBinding(
            ligand: "L", kOn: .perNanomolarPerSecond(0.02), kOff: .perSecond(1e-3), endocytosis: .perSecond(5e-4))
        model.receptors = [Receptor(name: "R", ligands: [binding])]
        model.mechanics = Mechanics()
        var secretor = CellType(name: "S", radius: .micrometres(5))
        secretor.secretes = ["L": Spread(20)]
        secretor.receptors = ["R": .spread(Spread(500))]
        var life = CellLife()
        life.division = Division(hazard: Hazard(rate: .perSecond(3 / 3600)))
        life.division?.growth = .hours(0.5)
        if copies { life.division?.daughters = ["R": .copy] }
        life.deaths = [
            Death(
                kind: .necrosis, hazard: Hazard(rate: .perSecond(1 / 3600)), body: "B",
                releases: ["D": .molecules(5000)])
        ]
        life.motion = Motion(speed: Speed(coherent: 0.05), persistence: .seconds(60))
        secretor.life = life
        var receiver = CellType(name: "R", radius: .micrometres(5))
        receiver.receptors = ["R": .spread(Spread(3000, variation: 0.3))]
        var change = CellLife()
        change.changes = [TypeChange(into: "S", hazard: Hazard(rate: .perSecond(0.6 / 3600)))]
        change.deaths = [Death(kind: .apoptosis, hazard: Hazard(rate: .perSecond(0.6 / 3600)))]
        change.motion = Motion(
            speed: Speed(coherent: 0.1), persistence: .seconds(60),
            towards: [Attraction(receptor: "R", sensitivity: 0.1)])
        receiver.life = change
        var body = CellType(name: "B", radius: .micrometres(5))
        body.life = CellLife()
        body.life?.vanishes = .hours(0.5)
        model.cellTypes = [secretor, receiver, body]
        if communication { model.record.communication = CommunicationRecord(every: .hours(1)) }
        return model
    }

    private func placed(_ model: Model) -> [PlacedCell] {
        (0..<60).map { i in
            var stream = RandomStream(seed: 7, cell: i, purpose: .position)
            let type = i % 3 == 0 ? 0 : 1
            return PlacedCell(
                id: i, typeIndex: type, x: 10 + 100 * stream.uniform(), y: 10 + 100 * stream.uniform(),
                z: 10 + 100 * stream.uniform(), radius: 5,
                receptors: PlacedCell.receptors(model, model.cellTypes[type], id: i, seed: 3),
                secretion: PlacedCell.secretion(model, model.cellTypes[type], id: i, seed: 3))
        }
    }

    private func run(_ model: Model, threads: Int = 1, until end: Double = 3600) throws -> TissueEngine {
        let engine = TissueEngine(model, cells: placed(model), threads: threads)
        while engine.time < end {
            try engine.step(until: end)
            try engine.settle()
        }
        return engine
    }

    private func same(_ a: Buffer<Double>, _ b: Buffer<Double>) -> Bool { a.array == b.array }

    @Test func ledgersStayClosedWhoeverComesAndGoes() throws {
        let engine = try run(model())
        let tally = try #require(engine.life).cells.tally
        #expect(tally.divisions[0] > 20 && tally.deaths[0] > 5 && tally.deaths[1] > 5 && tally.changes[1] > 5)
        for ledger in engine.ledgers(at: engine.time) {
            #expect(ledger.relativeImbalance < 1e-11, "\(ledger.molecule): \(ledger.relativeImbalance)")
        }
        // Every necrosis let 5000 molecules go.
        let released = engine.ledgers(at: engine.time)[1][.secreted]
        #expect(released == 5000 * Double(tally.deaths[0]))
        #expect(Set(engine.population.ids).count == engine.population.count)
    }

    @Test func theSameBytesOnAnyNumberOfThreads() throws {
        let (one, two) = (try run(model()), try run(model(), threads: 2))
        #expect(one.population.ids == two.population.ids && one.population.positions == two.population.positions)
        #expect(same(one.population.now, two.population.now) && same(one.fields[0].now, two.fields[0].now))
    }

    @Test func whoSentWhatCellsCapturedKeepsAddingUpToTheLedger() throws {
        let engine = try run(model(communication: true))
        let frame = engine.communication(at: engine.time)
        let rows = frame.rows.filter { $0.molecule == "L" }
        for (type, name) in ["S", "R"].enumerated() {
            let captured = engine.captured("L", at: engine.time)[type]
            let sum = rows.filter { $0.receiver == name }.reduce(0) { $0 + $1.captured }
            let gap = abs(sum - captured) / captured
            #expect(gap <= 1e-9, "\(name): \(sum) of \(captured), \(gap)")
        }
        let secreted = frame.secretion.filter { $0.molecule == "L" }.reduce(0) { $0 + $1.secreted }
        let ledger = engine.ledgers(at: engine.time)[0]
        #expect(abs(secreted - ledger[.secreted]) <= 1e-9 * secreted)
        #expect(try #require(engine.attribution).worstGap < 1e-2)
        // Recording changes no bit: neither who sent what, nor what bodies would read, that else take no part.
        var columns = model()
        columns.record.cells = CellRecord(every: .hours(1), columns: [.concentration("L"), .concentration("D")])
        let read = try run(columns)
        #expect(same(read.population.now, engine.population.now) && same(read.fields[0].now, engine.fields[0].now))
        let without = try run(model())
        #expect(
            same(without.population.now, engine.population.now) && same(without.fields[0].now, engine.fields[0].now))
    }

    /// 216 cells side by side that take up 10 of their volumes a minute, in voxels larger than they are.
    private func crowd(isLiving: Bool) -> TissueEngine {
        let edge = Length.micrometres(160)
        var model = Model(
            name: "crowd", space: Space(size: [edge, edge, edge], spacing: .micrometres(20)),
            run: RunPlan(duration: .hours(1), seed: 1))
        var oxygen = Molecule(name: "O2", diffusion: .squareMicrometresPerSecond(1667))
        oxygen.starts = Concentration(coherent: 38)
        for face in Face.all { oxygen.walls[face] = .fixed(Concentration(coherent: 38)) }
        model.molecules = [oxygen]
        let uptake = LigandBinding(
            ligand: "O2", kOn: AssociationRate(coherent: 415e-6), kOff: .perSecond(1e-6), endocytosis: .perSecond(10))
        model.receptors = [Receptor(name: "transporter", ligands: [uptake])]
        var type = CellType(name: "A", radius: .micrometres(8))
        type.receptors = ["transporter": .spread(Spread(1e6))]
        if isLiving {
            type.life = CellLife()
            type.life?.motion = Motion(speed: .zero, persistence: .seconds(60))
        }
        model.cellTypes = [type]
        model.record.cells = CellRecord(every: .hours(1), columns: [.concentration("O2")])
        let cells = (0..<216).map { i -> PlacedCell in
            let place = [i % 6, i / 6 % 6, i / 36].map { 37.5 + 17 * Double($0) }
            return PlacedCell(
                id: i, typeIndex: 0, x: place[0], y: place[1], z: place[2], radius: 8, receptors: [1e6], secretion: [0])
        }
        return TissueEngine(model, cells: cells, threads: 1)
    }

    @Test func leavingOutWeakNeighboursChangesReadingsByLessThanAPercent() throws {
        let (still, living) = (crowd(isLiving: false), crowd(isLiving: true))
        for engine in [still, living] {
            while engine.time < 300 {
                try engine.step(until: 300)
                try engine.settle()
            }
        }
        #expect(still.fields[0].coupling.hasNeighbours && !living.fields[0].coupling.hasNeighbours)
        let read = [still, living].map { $0.cells(at: 300, columns: [.concentration("O2")]).columns[0].values }
        let worst = zip(read[0], read[1]).reduce(0) { max($0, abs($1.1 / $1.0 - 1)) }
        #expect(worst < 0.01 && worst > 0, "\(worst)")
        // There is something to get wrong: the middle has less than the edge.
        #expect((read[0].min() ?? 0) < 0.98 * (read[0].max() ?? 0))
    }

    @Test func daughtersShareExactly() throws {
        for copies in [false, true] {
            var model = model(copies: copies)
            model.cellTypes[0].life?.deaths = []
            model.cellTypes[0].life?.motion = nil
            model.cellTypes[0].life?.division = Division(
                hazard: Hazard(rate: .perSecond(1e9), refractory: .seconds(601)))
            model.cellTypes[0].life?.division?.daughters = copies ? ["R": .copy] : [:]
            let cell = PlacedCell(
                id: 0, typeIndex: 0, x: 60, y: 60, z: 60, radius: 5, receptors: [500], secretion: [20, 0])
            let engine = TissueEngine(model, cells: [cell], threads: 1)
            while engine.time < 900 { try engine.step(until: 900) }
            let before = (0..<engine.population.speciesCount).map { engine.population.now[$0] }
            try engine.settle()
            #expect(engine.population.count == 2)
            let species = engine.population.networks[0].species
            for (s, kind) in species.enumerated() where kind.isOnSurface {
                let daughters = (0..<2).map { engine.population.now[engine.population.offsets[$0] + s] }
                #expect(daughters[0] == daughters[1])
                if kind.ligands.isEmpty && copies { continue }
                #expect(daughters[0] + daughters[1] == before[s])
            }
            #expect(abs(engine.population.total(of: 0, on: 1) - (copies ? 500 : 0.5 * (before[0] + before[1]))) < 1e-9)
        }
    }
}
