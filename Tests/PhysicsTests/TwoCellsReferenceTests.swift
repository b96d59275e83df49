import AnalyticSolutions
import Foundation
import Testing

/// The exact exchange between two cells, held to its limits, and the lattice's potential to its table.
@Suite struct TwoCellsReferenceTests {
    /// Two cells of radius 5 µm at D = 10 µm²/s with these Damköhler numbers.
    static func cells(
        _ first: Double, _ second: Double, apart distance: Double, _ interior: TwoCells.Interior = .impermeable
    ) -> TwoCells {
        let limit = 4 * .pi * 10 * 5.0
        return TwoCells(
            radius: 5, diffusion: 10, distance: distance, capture: (first * limit, second * limit), interior: interior)
    }

    @Test(arguments: TwoCells.Interior.allCases)
    func perfectAbsorbersThatTouchTakeLogTwo(interior: TwoCells.Interior) {
        let ratios = [20, 40, 80].map { poles -> Double in
            var pair = Self.cells(1e9, 1e9, apart: 10, interior)
            pair.poles = poles
            return pair.uptakeFromAfar().first
        }
        #expect(isNear(ratios[2], log(2), 1e-4))
        #expect(abs(ratios[2] - log(2)) < abs(ratios[1] - log(2)))
        #expect(abs(ratios[1] - log(2)) < abs(ratios[0] - log(2)))
    }

    @Test func monopolesAloneGiveTwoThirdsForPerfectAbsorbers() {
        var pair = Self.cells(1e9, 1e9, apart: 10)
        pair.poles = 1
        #expect(isNear(pair.uptakeFromAfar().first, 2.0 / 3, 1e-8))
    }

    @Test(arguments: [0.01, 0.1, 1, 10], [10.0, 12, 15])
    func polesKeptAreEnough(damkohler: Double, distance: Double) {
        for interior in TwoCells.Interior.allCases {
            let kept = Self.cells(damkohler, damkohler, apart: distance, interior).fate()
            var more = Self.cells(damkohler, damkohler, apart: distance, interior)
            more.poles = 160
            let bound = distance == 10 ? 5e-5 : 1e-9
            #expect(isNear(kept.otherCell, more.fate().otherCell, bound))
            #expect(isNear(kept.ownCell, more.fate().ownCell, bound))
            #expect(isNear(kept.ownCell + kept.otherCell + kept.escaped, 1, 1e-12))
        }
    }

    @Test func farApartEachIsAlone() {
        let fate = Self.cells(0.7, 2, apart: 1e6).fate()
        #expect(isNear(fate.ownCell, 0.7 / 1.7, 1e-5))
        // What escapes the first spreads as from a point; the second takes 4πDa κ/(1 + κ) of it.
        #expect(isNear(fate.otherCell, 1 / 1.7 * (5 / 1e6) * (2 / 3.0), 1e-4))
    }

    @Test func aCellThatCapturesNothingStillStandsInTheWay() {
        let fate = Self.cells(1, 0, apart: 10).fate()
        #expect(abs(fate.otherCell) < 1e-12)
        #expect(fate.ownCell > 0.5)
        #expect(fate.ownCell < 0.6)
    }

    /// c at the second's surface per secretion of the first equals the reverse: Green's functions are symmetric.
    @Test func exchangeIsReciprocal() {
        let forth = Self.cells(0.3, 2, apart: 11)
        let back = Self.cells(2, 0.3, apart: 11)
        #expect(!isNear(forth.surfaceConcentrations().first, back.surfaceConcentrations().first, 0.1))
        let (c2, c1) = (forth.surfaceConcentrations().second, back.surfaceConcentrations().second)
        #expect(isNear(c2, c1, 1e-9))
        #expect(isNear(forth.capture.second * c2, forth.fate().otherCell, 1e-9))
        #expect(isNear(forth.capture.first * forth.surfaceConcentrations().first, forth.fate().ownCell, 1e-9))
    }

    /// How good the pairwise sum of monopoles is, from touching on: each bound is what was measured, rounded up.
    @Test(arguments: [
        // Damköhler number of both, what the cells are inside, bounds on exchange and on self-capture.
        (0.01, TwoCells.Interior.medium, 1e-4, 3e-4), (0.1, .medium, 1e-3, 3e-3), (0.3, .medium, 4e-3, 6e-3),
        (1, .medium, 0.025, 0.014), (0.3, .impermeable, 4e-3, 0.027), (1, .impermeable, 5e-3, 4e-3),
        (0.1, .impermeable, 0.023, 0.042), (0.01, .impermeable, 0.038, 0.052),
    ])
    func monopolesServeSoFar(damkohler: Double, interior: TwoCells.Interior, exchange: Double, own: Double) {
        for distance in [10.0, 11, 15, 20, 40] {
            let pair = Self.cells(damkohler, damkohler, apart: distance, interior)
            #expect(isNear(pair.monopoleFate().otherCell, pair.fate().otherCell, exchange), "\(distance) µm")
            #expect(isNear(pair.monopoleFate().ownCell, pair.fate().ownCell, own), "\(distance) µm")
        }
    }

    @Test(arguments: 0..<LatticeGreen.table.count)
    func latticePotentialIsTheTables(row: Int) {
        let (place, value) = LatticeGreen.table[row]
        #expect(abs(LatticeGreen.value(place[0], place[1], place[2]) - value) < 5.1e-7)
    }

    @Test func latticePotentialSolvesItsEquationAndTendsToThePoint() {
        let g = LatticeGreen.value
        #expect(isNear(g(0, 0, 0) - g(1, 0, 0), 1.0 / 6, 1e-6))
        let around = g(3, 1, 0) + g(1, 1, 0) + g(2, 2, 0) + g(2, 0, 0) + 2 * g(2, 1, 1)
        #expect(abs(around - 6 * g(2, 1, 0)) < 1e-7)
        #expect(isNear(g(12, 0, 0), 1 / (4 * .pi * 12), 3e-3))
    }

    @Test func seedsRepeatAndDiffer() {
        var (a, b, c) = (SeededGenerator(seed: 7), SeededGenerator(seed: 7), SeededGenerator(seed: 8))
        let (x, y, z) = (a.next(), b.next(), c.next())
        #expect(x == y)
        #expect(x != z)
        let mean = (0..<10000).reduce(0.0) { sum, _ in sum + Double.random(in: 0..<1, using: &a) } / 10000
        #expect(abs(mean - 0.5) < 4 * 0.2887 / 100)
    }
}
