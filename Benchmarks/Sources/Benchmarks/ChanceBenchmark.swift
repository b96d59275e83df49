import Biology
import CAllocations
import Foundation
import NetworkFiles
import Networks
import Simulation

/// Reactions by exact chance, per second of processor time, beside libRoadRunner and COPASI.
///
/// All run the same files for the same time, so that the same number of reactions happens, on average; means of one species
/// at the end say that it is the same law.
enum ChanceBenchmark {
    static func run() throws {
        let team = ThreadTeam(count: 1)
        print("ssa: reactions per second of processor time, M/s; mean of one species at the end")
        for model in [circadianClock, cascade, ring(count: 100), ring(count: 1000)] {
            let file = FileManager.default.temporaryDirectory.appending(path: "paracrine-\(getpid()).xml")
            defer { try? FileManager.default.removeItem(at: file) }
            try model.sbml.write(to: file, atomically: true, encoding: .utf8)
            let network = try ChanceNetwork(try SBMLFile.read(file.path))
            let request = CourseRequest(times: [0, model.end], outputs: [.init(model.species)])
            print("  \(model.name): \(model.reactions.count) reactions")
            var rates: [String: Double] = [:]
            var happened = 0.0
            for way in ReactionChoice.allCases {
                let (begin, before) = (Benchmarks.processorTime, allocations_so_far())
                let result = try network.runs(
                    request, count: model.runs, seed: 1, method: .exactly(way), on: team)
                let time = Benchmarks.processorTime - begin
                let allocations = Double(allocations_so_far() - before) / Double(model.runs)
                rates["ours"] = max(rates["ours"] ?? 0, Double(result.happened) / time)
                happened = Double(result.happened) / Double(model.runs)
                print(
                    "    ours, \(way.rawValue): \(millions(Double(result.happened) / time)) M/s, mean "
                        + "\(result.means[1]) ± \(result.deviations[1] / Double(model.runs).squareRoot()), "
                        + "\(allocations) allocations a run of \(Int(happened)) reactions")
            }
            guard Peers.areThere else { continue }
            for peer in try Peers.chance(file.path, end: model.end, runs: model.peerRuns, species: model.species) {
                let rate = happened * Double(model.peerRuns) / peer.time
                let ratio = String(format: "%.1f", (rates["ours"] ?? 0) / rate)
                print("    \(peer.name): \(millions(rate)) M/s, mean \(peer.mean); ours \(ratio) times as fast")
            }
        }
    }

    private static func millions(_ rate: Double) -> String { String(format: "%.2f", rate / 1e6) }

    /// Mass action: what goes in, what comes out, and the constant.
    private struct Model {
        var name: String
        var start: [(name: String, count: Int)]
        var reactions: [(from: [String], to: [String], constant: Double)]
        var end: Double
        var runs: Int
        var peerRuns: Int
        var species: String

        var sbml: String {
            var text = """
                <?xml version="1.0" encoding="UTF-8"?>
                <sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1">
                <model id="m" substanceUnits="item" extentUnits="item" timeUnits="second">
                <listOfCompartments><compartment id="c" size="1" spatialDimensions="3" constant="true"/>
                </listOfCompartments><listOfSpecies>

                """
            for (name, count) in start {
                text += """
                    <species id="\(name)" compartment="c" initialAmount="\(count)" hasOnlySubstanceUnits="true" \
                    boundaryCondition="false" constant="false"/>

                    """
            }
            text += "</listOfSpecies><listOfReactions>\n"
            for (index, reaction) in reactions.enumerated() {
                text += "<reaction id=\"r\(index)\" reversible=\"false\" fast=\"false\">\n"
                text += references(reaction.from, "listOfReactants") + references(reaction.to, "listOfProducts")
                text += "<kineticLaw><math xmlns=\"http://www.w3.org/1998/Math/MathML\"><apply><times/>"
                text += "<cn>\(reaction.constant)</cn>" + reaction.from.map { "<ci>\($0)</ci>" }.joined()
                text += "</apply></math></kineticLaw></reaction>\n"
            }
            return text + "</listOfReactions></model></sbml>\n"
        }

        private func references(_ names: [String], _ list: String) -> String {
            if names.isEmpty { return "" }
            let items = names.map { "<speciesReference species=\"\($0)\" stoichiometry=\"1\" constant=\"true\"/>" }
            return "<\(list)>" + items.joined() + "</\(list)>"
        }
    }

    /// Vilar, Kueh, Barkai & Leibler (2002), Mechanisms of noise-resistance in genetic oscillators,
    /// doi:10.1073/pnas.092133899; its rates from memory, in 1/h.
    private static var circadianClock: Model {
        let genes = [("DA", 1), ("DAb", 0), ("DR", 1), ("DRb", 0), ("MA", 0), ("MR", 0), ("A", 0), ("R", 0), ("C", 0)]
        return Model(
            name: "circadian clock", start: genes,
            reactions: [
                (["A", "DA"], ["DAb"], 1), (["DAb"], ["A", "DA"], 50), (["A", "DR"], ["DRb"], 1),
                (["DRb"], ["A", "DR"], 100), (["DAb"], ["DAb", "MA"], 500), (["DA"], ["DA", "MA"], 50),
                (["DRb"], ["DRb", "MR"], 50), (["DR"], ["DR", "MR"], 0.01), (["MA"], [], 10), (["MR"], [], 0.5),
                (["MA"], ["MA", "A"], 50), (["MR"], ["MR", "R"], 5), (["A", "R"], ["C"], 2), (["C"], ["R"], 1),
                (["A"], [], 1), (["R"], [], 0.2),
            ], end: 100, runs: 100, peerRuns: 10, species: "R")
    }

    /// A cascade of three kinases with ten enzymes' complexes, 30 reactions; numbers chosen.
    private static var cascade: Model {
        var reactions: [(from: [String], to: [String], constant: Double)] = []
        var start = [("E1", 20), ("E2", 20), ("K", 200), ("KP", 0), ("M", 800), ("MP", 0), ("MPP", 0)]
        start += [("X", 800), ("XP", 0), ("XPP", 0), ("QM", 100), ("QX", 100)]
        let steps = [
            ("E1", "K", "KP"), ("E2", "KP", "K"), ("KP", "M", "MP"), ("QM", "MP", "M"), ("KP", "MP", "MPP"),
            ("QM", "MPP", "MP"), ("MPP", "X", "XP"), ("QX", "XP", "X"), ("MPP", "XP", "XPP"), ("QX", "XPP", "XP"),
        ]
        for (index, (enzyme, from, to)) in steps.enumerated() {
            start.append(("C\(index)", 0))
            reactions.append(([enzyme, from], ["C\(index)"], 0.02))
            reactions.append((["C\(index)"], [enzyme, from], 1.5))
            reactions.append((["C\(index)"], [enzyme, to], 1.5))
        }
        return Model(
            name: "kinase cascade", start: start, reactions: reactions, end: 100, runs: 100, peerRuns: 10,
            species: "XPP")
    }

    /// Molecules that walk on a ring, at rates over two orders of magnitude; numbers chosen.
    private static func ring(count: Int) -> Model {
        Model(
            name: "ring", start: (0..<count).map { ("S\($0)", 20) },
            reactions: (0..<count).map { (["S\($0)"], ["S\(($0 + 1) % count)"], pow(10, Double($0 % 3) - 1)) },
            end: 40_000 / Double(count), runs: 20, peerRuns: 1, species: "S0")
    }
}
