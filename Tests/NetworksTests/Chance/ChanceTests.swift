import Biology
import Foundation
import Networks
import Simulation
import Testing

/// Exact chance against exact laws.
@Suite struct ChanceTests {
    static let ways = ReactionChoice.allCases

    /// Birth at rate 4, death at 0.5 a molecule, from none: Poisson of mean 8 (1 − e^(−t/2)) at every time.
    @Test(arguments: ways) func birthAndDeathIsPoisson(_ way: ReactionChoice) throws {
        let runs = 4000
        let times = [0, 0.5, 2, 10]
        let network = ReactionNetwork.birthAndDeath(birth: 4, death: 0.5)
        let result = try network.summary(of: ["X"], at: times, runs: runs, .exactly(way))
        let (means, deviations) = try #require(result.column("X"))
        for (row, time) in times.enumerated() {
            let mean = 8 * (1 - exp(-time / 2))
            let n = Double(runs)
            #expect(abs(means[row] - mean) <= 4 * (mean / n).squareRoot())
            // The variance of a sample variance of a Poisson number: (μ₄ − σ⁴)/n, μ₄ = m + 3m².
            let spread = ((mean + 2 * mean * mean) / n).squareRoot()
            #expect(abs(deviations[row] * deviations[row] - mean) <= 4 * spread)
        }
    }

    /// 2 P ⇌ P2 from 40 P: the master equation's 21 states.
    @Test(arguments: ways) func dimerisationHasTheLawOfItsMasterEquation(_ way: ReactionChoice) throws {
        let (forward, backward) = (0.02, 0.4)
        let dimers: [Double] = (0...20).map { Double($0) }
        let pairs: [Double] = dimers.map { (40 - 2 * $0) * (39 - 2 * $0) / 2 }
        let up = pairs.map { $0 * forward }
        let law = chainLaw(up: up, down: dimers.map { $0 * backward }, from: 0, at: 1.5)
        #expect(abs(law.reduce(0, +) - 1) < 1e-9)
        let network = ReactionNetwork.dimerisation(forward: forward, backward: backward, start: 40)
        let counts = try network.histogram(of: "P2", at: 1.5, runs: 4000, .exactly(way))
        #expect(abs(chiSquareScore(counts, law)) < 4)
        let other = chainLaw(up: up, down: dimers.map { $0 * 0.5 }, from: 0, at: 1.5)
        #expect(chiSquareScore(counts, other) > 9, "the test would see another law")
    }

    /// Schlögl's reactions, with two states and time enough to go between them: the stationary law of a birth and death
    /// chain, p(n) ∝ Π λ(i − 1)/μ(i).
    @Test(arguments: ways) func schloeglsReactionsReachTheirStationaryLaw(_ way: ReactionChoice) throws {
        var network = ReactionNetwork(name: "Schlögl")
        network.addWell()
        network.addCount("X", 20)
        let x = Formula.name("X")
        let (one, two) = (Formula.number(1), Formula.number(2))
        network.react("up3", ["X", "X"], ["X", "X", "X"], .number(0.3 / 2) * x * (x - one))
        network.react("down3", ["X", "X", "X"], ["X", "X"], .number(0.01 / 6) * x * (x - one) * (x - two))
        network.react("in", [], ["X"], .number(20))
        network.react("out", ["X"], [], .number(3.5) * x)
        func up(_ n: Double) -> Double { 0.15 * n * (n - 1) + 20 }
        func down(_ n: Double) -> Double { 0.01 / 6 * n * (n - 1) * (n - 2) + 3.5 * n }
        var law = [1.0]
        for n in 1..<300 { law.append(law[n - 1] * up(Double(n - 1)) / down(Double(n))) }
        let sum = law.reduce(0, +)
        law = law.map { $0 / sum }
        #expect(law[6] > law[34] && law[51] > law[34], "it has two states")
        // The slowest mode decays at 0.164 (eigenvalues of the chain): to 0.3 % in 35.
        let counts = try network.histogram(of: "X", at: 35, runs: 700, .exactly(way))
        #expect(abs(chiSquareScore(counts, law)) < 4)
    }

    /// 300 species in a ring, so that groups, heaps and sums of eights are all in use: each molecule walks by itself, and
    /// means follow a linear equation.
    @Test(arguments: ways) func everyWayGivesTheMeansOfALargeNetwork(_ way: ReactionChoice) throws {
        var network = ReactionNetwork(name: "ring")
        network.addWell()
        // Over six orders of magnitude, so that there are many groups.
        let rates = (0..<300).map { pow(10, Double($0 % 6) - 4) }
        for index in rates.indices { network.addCount("S\(index)", 3) }
        for (index, rate) in rates.enumerated() {
            let next = (index + 1) % 300
            network.react("", ["S\(index)"], ["S\(next)"], .number(rate) * .name("S\(index)"))
        }
        var exact = [Double](repeating: 3, count: 300)
        for _ in 0..<4000 {
            // Steps of 1e-4 of the midpoint rule: 1e-7 off.
            let half = exact.indices.map { exact[$0] + 5e-5 * flow(exact, $0) }
            exact = exact.indices.map { exact[$0] + 1e-4 * flow(half, $0) }
        }
        func flow(_ amounts: [Double], _ index: Int) -> Double {
            let before = (index + 299) % 300
            return rates[before] * amounts[before] - rates[index] * amounts[index]
        }
        let runs = 200
        let names = rates.indices.map { "S\($0)" }
        let result = try network.summary(of: names, at: [0, 0.4], runs: runs, .exactly(way))
        // Each a sum of independent molecules that are there or not: its variance is at most its mean.
        let squares: [Double] = exact.enumerated().map { index, mean in
            let distance = result.means[300 + index] - mean
            return distance * distance * Double(runs) / mean
        }
        #expect(squares.reduce(0, +) < 300 + 4 * 600.0.squareRoot())
        #expect(squares.allSatisfy { $0 < 16 })
        #expect(abs(result.means[300...].reduce(0, +) - 900) < 1e-9)
    }

    /// X + Y → Y at a rate of Y alone may find no X; 3 X → ∅ at k X may find two; nothing is ever below nothing.
    @Test(arguments: ways) func nothingIsEverBelowNothing(_ way: ReactionChoice) throws {
        var network = ReactionNetwork(name: "hostile")
        network.addWell()
        network.addCount("X", 7)
        network.addCount("Y", 2)
        network.react("blind", ["X"], [], .number(5))
        network.react("three", ["X", "X", "X"], ["Y"], .number(2) * .name("X"))
        network.react("square", ["Y", "Y"], [], .name("Y") * .name("Y"))
        network.react("hill", ["X", "X"], ["Y"], .number(9) * .name("Y") / (.number(1) + .name("Y")))
        network.react("in", [], ["X"], .number(6))
        let chance = try ChanceNetwork(network)
        let request = CourseRequest(
            times: (0...200).map { Double($0) / 10 }, outputs: [CourseRequest.Output("X"), CourseRequest.Output("Y")])
        for copy in 0..<20 {
            let course = try chance.run(request, seed: 3, copy: copy, method: .exactly(way))
            #expect(course.values.allSatisfy { $0 >= 0 && $0 == $0.rounded() })
            #expect(try #require(course.column("X")).contains(0), "it does get to nothing")
        }
    }

    /// A reversible reaction at kf A − kr B happens both ways: binomial at equilibrium.
    @Test func reversibleReactionsHappenBothWays() throws {
        var network = ReactionNetwork(name: "isomers")
        network.addWell()
        network.parameters = [NetworkParameter(name: "kf", value: 2), NetworkParameter(name: "kr", value: 3)]
        network.addCount("A", 30)
        network.addCount("B", 0)
        let net = .name("well") * (.name("kf") * .name("A") - .name("kr") * .name("B"))
        network.react("turn", ["A"], ["B"], net, isReversible: true)
        let counts = try network.histogram(of: "B", at: 5, runs: 4000, .exact)
        // Binomial of 30 and 2/(2 + 3).
        var law: [Double] = [Foundation.pow(0.6, 30.0)]
        for k in 1...30 {
            let odds = Double(31 - k) / Double(k) * (0.4 / 0.6)
            law.append(law[k - 1] * odds)
        }
        #expect(abs(chiSquareScore(counts, law)) < 4)
    }

    /// Concentrations, compartments and conversion factors: the same molecules.
    @Test func concentrationsAreMoleculesInTheirVolume() throws {
        var network = ReactionNetwork(name: "volume")
        network.compartments = [NetworkCompartment(name: "V", size: 0.1)]
        network.species = [
            NetworkSpecies(name: "X", compartment: "V", initial: .concentration(300), meaning: .concentration)
        ]
        network.react("death", ["X"], [], .number(0.7) * .name("X") * .name("V"))
        let result = try network.summary(of: ["X"], at: [0, 1], runs: 4000)
        let (means, deviations) = try #require(result.column("X"))
        #expect(means[0] == 300)
        let p = exp(-0.7)
        let spread = 10 * (30 * p * (1 - p)).squareRoot()
        #expect(abs(means[1] - 300 * p) < 4 * spread / 4000.0.squareRoot())
        #expect(abs(deviations[1] / spread - 1) < 0.05)
    }
}
