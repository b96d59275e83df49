import AnalyticSolutions
import Biology
import Foundation
import Testing

/// |value − expected| ≤ relative · |expected|.
func isNear(_ value: Double, _ expected: Double, _ relative: Double) -> Bool {
    abs(value - expected) <= relative * abs(expected)
}

/// The references themselves against the figures of facts/validation.md (V numbers), before any engine meets them.
@Suite struct ReferenceTests {
    static let kOn = 3.1e7 / Concentration.moleculesPerCubicMicrometreInNanomolar * 1e-9  // 3.1e7 /M/s in µm³/s

    static func picomolar(_ value: Double) -> Double { Concentration(coherent: value).inPicomolar }

    // MARK: Transport

    @Test(arguments: [(5.0, 2.643), (10, 1.321), (50, 0.2643), (100, 0.1321)])
    func pointSourceHasV01sProfile(r: Double, expected: Double) {
        let source = PointSource(rate: 10, diffusion: 100)
        #expect(isNear(Self.picomolar(source.steady(at: r)), expected, 5e-4))
    }

    @Test(arguments: [(50.0, 27.5), (100, 109.9), (250, 686.9)])
    func pointSourceBuildsUpInV02sTime(r: Double, expected: Double) {
        let source = PointSource(rate: 10, diffusion: 100)
        #expect(isNear(source.halfTime(at: r), expected, 1e-3))
        let half = source.concentration(at: r, time: source.halfTime(at: r))
        #expect(isNear(half, source.steady(at: r) / 2, 1e-12))
    }

    @Test(arguments: [(10.0, 0.0253), (30, 0.197), (60, 0.361), (300, 0.683), (1800, 0.868)])
    func pointSourceRisesAsInV02(time: Double, expected: Double) {
        let source = PointSource(rate: 10, diffusion: 100)
        #expect(abs(source.concentration(at: 100, time: time) / source.steady(at: 100) - expected) < 5.1e-4)
    }

    @Test(arguments: [30.0, 600, 7200])
    func decayingTransientIsTheIntegralOfItsPuffs(time: Double) {
        let source = PointSource(rate: 3, diffusion: 16.67, decay: 0.1 / 60)
        let r = 80.0
        var sum = 0.0
        let panels = 20000
        for i in 0..<panels {
            let age = (Double(i) + 0.5) / Double(panels) * time
            let spread = 4 * source.diffusion * age
            sum += pow(.pi * spread, -1.5) * exp(-r * r / spread - source.decay * age)
        }
        let integral = source.rate * sum * time / Double(panels)
        #expect(isNear(source.concentration(at: r, time: time), integral, 1e-6))
    }

    @Test(arguments: [
        (1e3, 1e-5, 440.8), (1e4, 1e-5, 139.4), (1e4, 1e-4, 44.08), (1e5, 1e-4, 13.94), (1e5, 1e-3, 4.4075),
    ])
    func consumersScreenAsInV03(receptors: Double, cells: Double, expected: Double) {
        let length = ScreenedCell.screeningLength(diffusion: 100, capture: Self.kOn * receptors, cells: cells)
        #expect(isNear(length, expected, 5e-4))
    }

    @Test(arguments: [(5.0, 2.374), (10, 1.060), (25, 0.3016), (50, 0.0855), (100, 0.01375)])
    func screenedCellHasV03sProfile(r: Double, expected: Double) {
        let cell = ScreenedCell(radius: 5, diffusion: 100, rate: 10, screeningLength: 44.08)
        #expect(isNear(Self.picomolar(cell.concentration(at: r)), expected, 5e-4))
    }

    @Test func consumersAroundACellTakeAllThatItSecretes() {
        let cell = ScreenedCell(radius: 5, diffusion: 100, rate: 10, screeningLength: 44.08)
        let perVolume = cell.diffusion / (cell.screeningLength * cell.screeningLength)
        var taken = 0.0
        let panels = 40000
        let reach = 30 * cell.screeningLength
        for i in 0..<panels {
            let r = cell.radius + (Double(i) + 0.5) / Double(panels) * reach
            taken += perVolume * cell.concentration(at: r) * 4 * .pi * r * r * reach / Double(panels)
        }
        #expect(isNear(taken, cell.rate, 1e-6))
    }

    @Test(arguments: [
        (10.0, 1e3, 0.0757), (10, 1e4, 0.4503), (10, 1e5, 0.8912), (100, 1e4, 0.0757), (100, 1e5, 0.4503),
    ])
    func ownReceptorsCaptureAsInV05(diffusion: Double, receptors: Double, expected: Double) {
        let cell = ScreenedCell(radius: 5, diffusion: diffusion, rate: 1, capture: Self.kOn * receptors)
        #expect(abs(cell.capturedShare - expected) < 5.1e-5)
        #expect(isNear(cell.capture * cell.surfaceConcentration, cell.capturedShare, 1e-12))
    }

    @Test func tumourNecrosisFactorIsParacrineAsInV05() {
        let kOn = 2.8e7 / Concentration.moleculesPerCubicMicrometreInNanomolar * 1e-9
        let kOff = 2.8e7 * 19e-12
        let effective = kOn * 1500 * 7.7e-4 / (7.7e-4 + kOff)
        let shares = [100.0, 5.2].map {
            ScreenedCell(radius: 10, diffusion: $0, rate: 1, capture: effective).capturedShare
        }
        #expect(abs(shares[0] - 0.0033) < 5.1e-5)
        #expect(abs(shares[1] - 0.0594) < 5.1e-5)
    }

    @Test(arguments: [(1e3, 0.0599), (1e4, 0.389), (1e5, 0.864)])
    func patchesReachV01sShareOfTheLimit(patches: Double, expected: Double) {
        let cell = CapturingCell(radius: 5, diffusion: 100)
        #expect(isNear(cell.diffusionLimit, 6283, 1e-4))
        #expect(isNear(cell.bergPurcellShare(patches: patches, patchRadius: 1e-3), expected, 1.5e-3))
    }

    @Test func uptakeIsLimitedByTheSlowerOfTwo() {
        let cell = CapturingCell(radius: 5, diffusion: 100)
        #expect(isNear(cell.uptake(capture: 1e-3), 1e-3, 1e-6))
        #expect(isNear(cell.uptake(capture: 1e12), cell.diffusionLimit, 1e-6))
        #expect(isNear(cell.uptake(capture: cell.diffusionLimit), cell.diffusionLimit / 2, 1e-12))
    }

    // MARK: Gradients, walls, modes

    @Test func gradientHasV25sFigures() {
        let fgf8 = Gradient(diffusion: 53, decayLength: 197)
        #expect(isNear(fgf8.decay, 1.366e-3, 5e-4))
        #expect(isNear(log(2) / fgf8.decay / 60, 8.46, 1e-3))
        for (x, share) in [(100.0, 0.602), (197, 0.368), (400, 0.131)] {
            #expect(abs(fgf8.share(at: x) - share) < 5e-4)
        }
        #expect(isNear(fgf8.distance(ofShare: 0.5), 136.5, 1e-3))
        #expect(isNear(fgf8.distance(ofShare: 0.1), 453.6, 1e-3))
        for (lengths, minutes) in [(0.0, 6.10), (1, 12.20), (2, 18.31)] {
            #expect(isNear(fgf8.accumulationTime(at: lengths * 197) / 60, minutes, 1e-3))
        }
    }

    static let sides: [Slab.Side] = [.fixed(2), .flux(0.3), .permeable(0.7, outside: 1.5)]

    @Test(arguments: [0, 0.01], [0, 1, 2])
    func slabHoldsItsWallsAndItsBalance(decay: Double, lower: Int) {
        for upper in [0, 2] {
            let slab = Slab(
                length: 40, diffusion: 5, decay: decay, source: 0.02, lower: Self.sides[lower], upper: Self.sides[upper]
            )
            var entered = 0.0
            for (side, x, inward) in [(Self.sides[lower], 0.0, 1.0), (Self.sides[upper], 40, -1)] {
                let flux = -inward * slab.diffusion * slab.slope(at: x)
                entered += flux
                switch side {
                case .fixed(let c): #expect(isNear(slab.concentration(at: x), c, 1e-12))
                case .flux(let j): #expect(isNear(flux, j, 1e-12))
                case .permeable(let p, let outside):
                    #expect(abs(flux - p * (outside - slab.concentration(at: x))) < 1e-12)
                }
            }
            let lost = decay * slab.amount(from: 0, to: 40)
            #expect(abs(entered + 0.02 * 40 - lost) < 1e-8)
        }
    }

    @Test func cosineModeSolvesTheHeatEquation() {
        let mode = CosineMode(halfWaves: 3, length: 60, diffusion: 7, decay: 0.01)
        let h = 1e-3
        let curvature = (mode.shape(at: 11 + h) - 2 * mode.shape(at: 11) + mode.shape(at: 11 - h)) / (h * h)
        let rate = (mode.amplitude(after: 2 + h) - mode.amplitude(after: 2 - h)) / (2 * h)
        let right = mode.amplitude(after: 2) * (7 * curvature - 0.01 * mode.shape(at: 11))
        #expect(isNear(rate * mode.shape(at: 11), right, 1e-5))
        #expect(isNear(mode.gridAmplitude(after: 5, spacing: 0.01), mode.amplitude(after: 5), 1e-6))
        #expect(isNear(mode.shape(at: 11, averagedOver: 1e-4), mode.shape(at: 11), 1e-8))
    }

    @Test func evenSourceTendsToSourceOverDecay() {
        #expect(isNear(EvenSource(source: 2, decay: 0.5, start: 9).concentration(after: 100), 4, 1e-12))
        #expect(isNear(EvenSource(source: 2, decay: 1e-12, start: 9).concentration(after: 10), 29, 1e-9))
        #expect(EvenSource(source: 2, decay: 0, start: 9).concentration(after: 10) == 29)
    }
}
