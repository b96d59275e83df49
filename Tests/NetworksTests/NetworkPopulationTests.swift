import Networks
import Simulation
import Testing

struct NetworkPopulationTests {
    /// A → B → nothing, A made at a rate that is the cell's input; with cells of very different speeds.
    static let chain = TestSystem(
        2, inputs: 2, rows: [[0], [0, 1]],
        f: { _, y, k in [k[0] - k[1] * y[0], k[1] * y[0] - y[1] * y[1]] },
        dfdy: { _, y, k in [[-k[1], 0], [k[1], -2 * y[1]]] })
    static let tolerance = StepTolerance(relative: 1e-8, absolute: [1e-10, 1e-10])

    private static func population(cells: Int) -> NetworkPopulation {
        let population = NetworkPopulation(chain, tolerance: tolerance, time: 0)
        for id in 0..<cells {
            let speed = id % 7 == 0 ? 1000 : 1.0
            population.add(cell: id, values: [Double(id), 0], inputs: [1 + Double(id) / 10, speed])
        }
        return population
    }

    private static func state(_ population: NetworkPopulation) -> [[Double]] {
        population.ids.indices.map { population.values(at: $0) }
    }

    @Test func everyThreadCountGivesTheSameBits() throws {
        let runs = try [1, 2, 3].map { threads in
            let team = ThreadTeam(count: threads)
            defer { team.dismiss() }
            let population = Self.population(cells: 45)
            for step in 1...5 {
                for index in population.ids.indices { population.setInput(0, to: Double(step), at: index) }
                try population.advance(to: Double(step), team: team)
            }
            return Self.state(population)
        }
        #expect(runs[0] == runs[1])
        #expect(runs[0] == runs[2])
    }

    @Test func cellsInBlocksAgreeWithCellsAlone() throws {
        let team = ThreadTeam(count: 1)
        let population = Self.population(cells: 11)
        try population.advance(to: 2, team: team)
        for index in 0..<11 {
            let alone = try LaneIntegrator.run(
                Self.chain, from: [Double(index), 0], to: 2, relative: 1e-8, absolute: 1e-10,
                inputs: [1 + Double(index) / 10, index % 7 == 0 ? 1000 : 1])
            for (together, value) in zip(population.values(at: index), alone.values) {
                #expect(abs(together - value) < 2e-7 * max(1, value))
            }
        }
    }

    @Test func daughtersAreLikeTheirMothersAndTheLastFillsAGap() throws {
        let team = ThreadTeam(count: 2)
        defer { team.dismiss() }
        let population = Self.population(cells: 8)
        try population.advance(to: 1, team: team)
        let mother = population.values(at: 3)
        let daughter = population.add(cell: 100, likeCellAt: 3)
        #expect(population.values(at: daughter) == mother)
        population.remove(at: 0)
        #expect(population.ids == [100, 1, 2, 3, 4, 5, 6, 7])
        #expect(population.values(at: 0) == mother)
        try population.advance(to: 2, team: team)
        #expect(abs(population.value(of: 0, at: 0) - population.value(of: 0, at: 3)) < 1e-12)
    }

    @Test func stepLengthsAreKeptFromCallToCall() throws {
        let team = ThreadTeam(count: 1)
        let (often, once) = (Self.population(cells: 8), Self.population(cells: 8))
        try once.advance(to: 50, team: team)
        for step in 1...10 { try often.advance(to: 40 + Double(step), team: team) }
        // A call needs at least a step; nothing is spent on finding its length again.
        #expect(often.counts.accepted <= once.counts.accepted + 10)
    }

    @Test func aCellThatCannotGoOnIsNamed() {
        let burst = TestSystem(1, f: { _, y, _ in [y[0] * y[0]] }, dfdy: { _, y, _ in [[2 * y[0]]] })
        let population = NetworkPopulation(
            burst, tolerance: StepTolerance(relative: 1e-6, absolute: [1e-9]), time: 0)
        for id in 0..<9 { population.add(cell: id + 40, values: [id == 8 ? 1 : 0], inputs: []) }
        #expect { try population.advance(to: 2, team: ThreadTeam(count: 1)) } throws: { error in
            (error as? NetworkFailure)?.problem.contains("in cell 48: no step short enough at time 1") ?? false
        }
    }
}
