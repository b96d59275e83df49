import Biology
import Foundation
import Networks
import Simulation

extension ReactionNetwork {
    /// ∅ → X at a rate, X → ∅ at another a molecule.
    static func birthAndDeath(birth: Double, death: Double, start: Double = 0) -> ReactionNetwork {
        var network = ReactionNetwork(name: "birth and death")
        network.addWell()
        network.addCount("X", start)
        network.react("birth", [], ["X"], .number(birth))
        network.react("death", ["X"], [], .number(death) * .name("X"))
        return network
    }

    /// 2 P ⇌ P2, forwards at k P (P − 1)/2.
    static func dimerisation(forward: Double, backward: Double, start: Double) -> ReactionNetwork {
        var network = ReactionNetwork(name: "dimerisation")
        network.addWell()
        network.addCount("P", start)
        network.addCount("P2", 0)
        let pairs: Formula = .name("P") * (.name("P") - .number(1)) / .number(2)
        network.react("join", ["P", "P"], ["P2"], .number(forward) * pairs)
        network.react("part", ["P2"], ["P", "P"], .number(backward) * .name("P2"))
        return network
    }

    mutating func addWell() { compartments.append(NetworkCompartment(name: "well", size: 1)) }

    mutating func addCount(_ name: String, _ start: Double) {
        species.append(NetworkSpecies(name: name, compartment: "well", initial: .amount(start), meaning: .amount))
    }

    mutating func react(
        _ name: String, _ from: [String], _ to: [String], _ rate: Formula, isReversible: Bool = false
    ) {
        reactions.append(
            NetworkReaction(
                name: name, reactants: from.map { NetworkReaction.Participant($0) },
                products: to.map { NetworkReaction.Participant($0) }, rate: rate, isReversible: isReversible))
    }

    /// Means and deviations of many runs on one thread.
    func summary(
        of names: [String], at times: [Double], runs: Int, _ method: ChanceMethod = .exact, seed: UInt64 = 7,
        quantiles: [Double] = []
    ) throws -> ChanceSummary {
        try ChanceNetwork(self).runs(
            CourseRequest(times: times, outputs: names.map { CourseRequest.Output($0) }), count: runs, seed: seed,
            method: method, quantiles: quantiles, on: ThreadTeam(count: 1))
    }

    /// How often each whole number of a name came at a time, in so many runs.
    func histogram(of name: String, at time: Double, runs: Int, _ method: ChanceMethod, seed: UInt64 = 7) throws
        -> [Double]
    {
        let network = try ChanceNetwork(self)
        let request = CourseRequest(times: [0, time], outputs: [CourseRequest.Output(name)])
        var counts = [Double](repeating: 0, count: 400)
        for copy in 0..<runs {
            counts[Int(try network.run(request, seed: seed, copy: copy, method: method).row(1)[1])] += 1
        }
        return counts
    }
}

/// How far counts are from a law, in standard deviations of the chi-square; what has fewer than five expected is pooled.
func chiSquareScore(_ counts: [Double], _ law: [Double]) -> Double {
    let total = counts.reduce(0, +)
    var (square, classes) = (0.0, 0.0)
    var rest = (seen: 0.0, expected: 0.0)
    for (index, count) in counts.enumerated() {
        let expected = total * (index < law.count ? law[index] : 0)
        if expected < 5 {
            rest = (rest.seen + count, rest.expected + expected)
        } else {
            square += (count - expected) * (count - expected) / expected
            classes += 1
        }
    }
    if rest.expected > 0 {
        square += (rest.seen - rest.expected) * (rest.seen - rest.expected) / rest.expected
        classes += 1
    } else if rest.seen > 0 {
        return .infinity
    }
    return (square - (classes - 1)) / (2 * (classes - 1)).squareRoot()
}

/// The law of a chain of states with steps up and down, at a time, from one state; by uniformisation.
func chainLaw(up: [Double], down: [Double], from start: Int, at time: Double) -> [Double] {
    let states = up.count
    let fastest = (0..<states).reduce(0.0) { max($0, up[$1] + down[$1]) }
    var vector = [Double](repeating: 0, count: states)
    vector[start] = 1
    var result = [Double](repeating: 0, count: states)
    var logWeight = -fastest * time
    var jumps = 0.0
    while jumps < fastest * time + 12 * (fastest * time).squareRoot() + 30 {
        for state in 0..<states { result[state] += exp(logWeight) * vector[state] }
        var next = vector
        for state in 0..<states {
            next[state] -= (up[state] + down[state]) / fastest * vector[state]
            if state + 1 < states { next[state + 1] += up[state] / fastest * vector[state] }
            if state > 0 { next[state - 1] += down[state] / fastest * vector[state] }
        }
        vector = next
        jumps += 1
        logWeight += log(fastest * time / jumps)
    }
    return result
}
