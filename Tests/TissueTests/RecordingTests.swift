import Biology
import Foundation
import Simulation
import Testing

@testable import Tissue

/// What is recorded changes no bit, whoever would not read the molecule otherwise.
@Suite struct RecordingTests {
    /// Secretors that bind nothing, side by side and beside those that do.
    private func model(columns: [Signal]?, edge: Length = .micrometres(100)) -> Model {
        var model = Model(
            name: "recorded", space: Space(size: [edge, edge, edge], spacing: .micrometres(10)),
            run: RunPlan(duration: .hours(1), seed: 1))
        model.molecules = [Molecule(name: "L", diffusion: .squareMicrometresPerSecond(20), decay: .perSecond(1e-3))]
        model.receptors = [
            Receptor(
                name: "R",
                ligands: [
                    LigandBinding(
                        ligand: "L", kOn: .perNanomolarPerSecond(0.02), kOff: .perSecond(1e-3),
                        endocytosis: .perSecond(5e-4))
                ])
        ]
        var secretor = CellType(name: "S", radius: .micrometres(5))
        secretor.secretes = ["L": Spread(50)]
        var receiver = CellType(name: "T", radius: .micrometres(4))
        receiver.receptors = ["R": .spread(Spread(20000))]
        model.cellTypes = [secretor, receiver, CellType(name: "idle", radius: .micrometres(9))]
        model.record.cells = columns.map { CellRecord(every: .hours(1), columns: $0) }
        return model
    }

    private func engine(_ model: Model, _ cells: [(type: Int, at: SIMD3<Double>)]) throws -> TissueEngine {
        let placed = cells.enumerated().map { id, cell in
            PlacedCell(
                id: id, typeIndex: cell.type, x: cell.at.x, y: cell.at.y, z: cell.at.z,
                radius: model.cellTypes[cell.type].radius.value, receptors: [cell.type == 1 ? 20000 : 0],
                secretion: [cell.type == 0 ? 50 : 0])
        }
        let engine = TissueEngine(model, cells: placed, threads: 1)
        while engine.time < 3600 { try engine.step(until: 3600) }
        return engine
    }

    @Test func whoeverIsReadForAColumnAloneChangesNothing() throws {
        // A lattice at contact: secretors, receivers among them, and a large cell that has nothing to do with it.
        var cells: [(type: Int, at: SIMD3<Double>)] = (0..<64).map { i in
            let place = SIMD3(Double(i % 4), Double(i / 4 % 4), Double(i / 16))
            return (i % 3 == 0 ? 1 : 0, 30 + 9 * place)
        }
        cells.append((2, SIMD3(80, 80, 80)))
        let silent = try engine(model(columns: nil), cells)
        let read = try engine(model(columns: [.concentration("L")]), cells)
        #expect(silent.statistics == read.statistics && silent.cycles == read.cycles)
        #expect(silent.fields[0].now.array == read.fields[0].now.array)
        #expect(silent.population.now.array == read.population.now.array)
    }

    /// One that reads, far from all who release, among some that have nothing to do with the molecule.
    @Test func aNeighbourThatIsReadForAColumnIsNoNeighbour() throws {
        let cells: [(type: Int, at: SIMD3<Double>)] = [
            (0, SIMD3(15, 15, 15)), (1, SIMD3(80, 80, 80)), (2, SIMD3(80, 80, 65)), (2, SIMD3(65, 80, 80)),
        ]
        let silent = try engine(model(columns: nil), cells)
        let read = try engine(model(columns: [.concentration("L")]), cells)
        #expect(silent.fields[0].coupling.hasNeighbours == false)
        #expect(silent.statistics == read.statistics && silent.cycles == read.cycles)
        #expect(silent.fields[0].now.array == read.fields[0].now.array)
        #expect(silent.population.now.array == read.population.now.array)
    }

    /// What a secretor reads of the others beside it is all there, though nothing in the model asks.
    @Test func aSecretorReadsItsNeighbours() throws {
        // Walls are so far away that they add less than 0.1 %.
        var model = model(columns: [.concentration("L")], edge: .micrometres(200))
        model.molecules[0].decay = .perSecond(0.02)
        let cells: [(type: Int, at: SIMD3<Double>)] = [90.0, 100, 110].map { (0, SIMD3($0, 100, 100)) }
        let engine = try engine(model, cells)
        let readings = engine.cells(at: 3600, columns: [.concentration("L")]).columns[0].values
        // A sphere of radius a releases q evenly: c(r) = q e^{−(r−a)/λ} / (4πD r (1 + a/λ)), λ = √(D/k) = 31.6 µm; its mean
        // over another sphere at d is that at its centre times sinh(a/λ)/(a/λ).
        let (radius, range) = (5.0, 1000.0.squareRoot())
        let unit = 50 / (4 * Double.pi * 20) / (1 + radius / range)
        let mean = (exp(radius / range) - exp(-radius / range)) / 2 / (radius / range)
        for (cell, distances) in [[10.0, 20], [10, 10], [10, 20]].enumerated() {
            let others = distances.reduce(0) { $0 + exp(-($1 - radius) / range) / $1 * mean }
            let wanted = unit * (1 / radius + others)
            #expect(abs(readings[cell] / wanted - 1) < 0.03, "\(cell): \(readings[cell] / wanted)")
        }
    }
}
