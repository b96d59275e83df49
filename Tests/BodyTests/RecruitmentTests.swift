import Biology
import Foundation
import Simulation
import Testing

@testable import Tissue

/// V19: J = J_max · V · clip((c − c_min)/(c_sat − c_min), 0, 1), in Poisson numbers.
@Suite struct RecruitmentTests {
    private let grid = VoxelGrid(nx: 20, ny: 20, nz: 2, spacing: 50)

    /// 1e8 µm³ of tissue in which CCL2 calls monocytes out of the blood.
    private func model(_ site: Recruitment.Site = .everywhere(perVolume: 6e-9 / 60), step: Double = 60) -> Model {
        let space = Space(
            size: [1000, 1000, 100].map { .micrometres($0) }, spacing: .micrometres(50),
            walls: [Face(.z, isUpper: true): .exchange("blood")])
        var model = Model(name: "injury", space: space, run: RunPlan(duration: .hours(1), seed: 1))
        model.run.ruleStep = .seconds(step)
        model.molecules = [Molecule(name: "CCL2", diffusion: DiffusionCoefficient(coherent: 100))]
        model.cellTypes = [CellType(name: "monocyte", radius: .micrometres(5))]
        model.compartments = [Compartment(name: "blood", volume: Volume(coherent: 1e12))]
        model.recruitments = [
            Recruitment(
                cellType: "monocyte", compartment: "blood", site: site,
                call: .init(molecule: "CCL2", from: .nanomolar(0.1), to: .nanomolar(0.3)))
        ]
        return model
    }

    /// Who comes in an hour, with the field at a level everywhere, nM.
    private func arrivals(_ model: Model, seed: UInt64, level: (Double) -> Double) throws -> [Recruiting.Arrival] {
        var model = model
        model.run.seed = seed
        var recruiting = Recruiting(model, tissues: [(model, grid)])
        let field = Buffer<Double>(count: grid.elements)
        var all: [Recruiting.Arrival] = []
        while recruiting.next <= 3600 {
            let time = recruiting.next
            field.fill(Concentration.nanomolar(level(time)).value)
            all += try recruiting.arrivals(
                at: time, tissues: 0..<1, names: [nil], room: 1_000_000, box: { _ in grid }
            ) { _, _ in field }[0]
        }
        return all
    }

    @Test(arguments: [60.0, 10]) func influxIsV19sWhateverTheStep(step: Double) throws {
        let counts = try (1...400).map { try arrivals(model(step: step), seed: $0) { _ in 0.2 }.count }.map(Double.init)
        let mean = counts.reduce(0, +) / 400
        let variance = counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399
        // Of a Poisson law: the mean's standard error is √(18/400), that of the variance 18 √(2/399 + 1/(18·400)).
        let (errorOfMean, errorOfVariance) = ((18.0 / 400).squareRoot(), 18 * (2.0 / 399 + 1.0 / 7200).squareRoot())
        #expect(abs(mean - 18) < 3 * errorOfMean, "\(mean)")
        #expect(abs(variance - 18) < 3 * errorOfVariance, "\(variance)")
    }

    @Test func nobodyComesBelowTheThreshold() throws {
        #expect(try (1...50).allSatisfy { try arrivals(model(), seed: $0) { _ in 0.1 }.isEmpty })
        // And no more than the full rate above saturation: 36 an hour.
        let counts = try (1...200).map { try arrivals(model(), seed: $0) { _ in 9 }.count }.map(Double.init)
        let mean = counts.reduce(0, +) / 200
        let error = (36.0 / 200).squareRoot()
        #expect(abs(mean - 36) < 3 * error, "\(mean)")
    }

    @Test func aRisingCallIsIntegrated() throws {
        // From 0.1 to 0.3 nM in an hour: half the full rate on average, and most of them late.
        let found = try (1...300).flatMap { try arrivals(model(step: 600), seed: $0) { 0.1 + 0.2 * $0 / 3600 } }
        let (mean, error) = (Double(found.count) / 300, (18.0 / 300).squareRoot())
        #expect(abs(mean - 18) < 3 * error, "\(mean)")
    }

    @Test func cellsComeOutOfWallsAndVessels() throws {
        let walls = try (1...20).flatMap { try arrivals(model(.walls(perArea: 1e-6)), seed: $0) { _ in 1 } }
        // 1e6 µm² at 1e-6 /(µm²·s) for an hour.
        let (mean, error) = (Double(walls.count) / 20, (3600.0 / 20).squareRoot())
        #expect(abs(mean - 3600) < 3 * error, "\(mean)")
        #expect(walls.allSatisfy { $0.position.z == 95 })
        var tube = model(.vessels(perArea: 1e-6))
        tube.vessels = [
            Vessel(
                name: "v", compartment: "blood",
                shape: .line(
                    [[0, 500, 50], [1000, 500, 50]].map { $0.map { .micrometres($0) } }, radius: .micrometres(20)))
        ]
        let out = try (1...20).flatMap { try arrivals(tube, seed: $0) { _ in 1 } }
        let expected = 2 * Double.pi * 20 * 1000 * 1e-6 * 3600
        let (found, wide) = (Double(out.count) / 20, 3 * (expected / 20).squareRoot())
        #expect(abs(found - expected) < wide, "\(found)")
        #expect(out.allSatisfy { abs(hypot($0.position.y - 500, $0.position.z - 50) - 25) < 1e-9 })
    }

    @Test func moreThanThereIsRoomForIsRefusedBeforeItIsMade() throws {
        var crowd = model(.everywhere(perVolume: 1e9))
        #expect(throws: RunFailure.self) { try arrivals(crowd, seed: 1) { _ in 9 } }
        crowd.recruitments = nil
        crowd.cellDoses = [CellDose(cellType: "monocyte", count: 1e30, into: nil, at: .seconds(100))]
        #expect(throws: RunFailure.self) { try arrivals(crowd, seed: 1) { _ in 9 } }
        // A store that is small is no crowd, whatever the rate.
        var limited = model(.everywhere(perVolume: 1e9))
        limited.compartments?[0].cells = ["monocyte": 5]
        #expect(try arrivals(limited, seed: 1) { _ in 9 }.count == 5)
    }

    @Test func aStoreRunsOutAndDosesFillIt() throws {
        var limited = model()
        limited.compartments?[0].cells = ["monocyte": 5]
        limited.cellDoses = [CellDose(cellType: "monocyte", count: 3, into: "blood", at: .seconds(300))]
        #expect(try (1...20).allSatisfy { try arrivals(limited, seed: $0) { _ in 9 }.count == 8 })
        limited.cellDoses = [CellDose(cellType: "monocyte", count: 70, into: nil, at: .seconds(100))]
        limited.recruitments = nil
        let given = try arrivals(limited, seed: 1) { _ in 9 }
        #expect(given.count == 70)
        #expect(given.allSatisfy { (0...1000).contains($0.position.x) && (0...100).contains($0.position.z) })
    }
}
