import Foundation
import Testing

/// What `paracrine cascade` finds in the example: a chain of three steps.
@Suite struct CascadeCommandTests {
    private struct Graph: Decodable {
        struct Edge: Decodable {
            struct Confirmation: Decodable {
                var lost: Double
                var downstream: [Int]
            }
            var rule: Int
            var cellType: String
            var causes: [String]
            var molecule: String
            var induced: Double
            var captured: Double
            var delay: Double
            var confirmation: Confirmation?
        }
        var edges: [Edge]
    }

    @Test func theExampleHasItsThreeEdges() throws {
        try Program.inFolder { program in
            let example = Program.root.appending(path: "Examples/cytokine-cascade").path
            let outcome = try program.run([
                "cascade", example, "--set", "run.for=6 h", "--json", "--quiet", "--out", "found",
            ])
            #expect(outcome.code == 0, "\(outcome.text)")
            let graph = try JSONDecoder().decode(Graph.self, from: Data(program.read("found/cascade.json").utf8))
            #expect(
                graph.edges.map { "\($0.causes.joined(separator: "+")) \($0.cellType) \($0.molecule)" } == [
                    "TNF fibroblast IL-6", "IL-6 responder CXCL8", "CXCL8 neutrophil CCL3",
                ])
            // Each rule taken out silences its own molecule and exactly what comes after.
            #expect(graph.edges.map { $0.confirmation?.downstream } == [[2, 3], [3], []])
            for edge in graph.edges {
                #expect(abs((edge.confirmation?.lost ?? 0) - 1) < 1e-6)
                #expect(edge.induced > 0 && edge.captured > 0)
            }
            // The rules' own delays of 60, 30 and 15 min, and what building up adds or a low threshold takes away.
            for (edge, minutes) in zip(graph.edges, [60.0, 30, 15]) {
                #expect(abs(edge.delay / 60 - minutes) < 20, "\(edge.molecule) after \(edge.delay / 60) min")
            }
            for file in ["cascade.csv", "cascade.html", "figures/cascade.svg", "run/induction.csv", "run/report.html"] {
                #expect(try !program.read("found/\(file)").isEmpty, "\(file)")
            }
        }
    }

    /// Mixed, the chain is the same: every link is found and confirmed, by equations and by chance.
    @Test(arguments: [["--ode"], ["--ssa", "--leap", "0.03"]])
    func theExampleHasItsEdgesWithoutSpaceToo(way: [String]) throws {
        try Program.inFolder { program in
            let example = Program.root.appending(path: "Examples/cytokine-cascade").path
            let outcome = try program.run(
                ["cascade", example, "--set", "run.for=6 h", "--json", "--quiet", "--out", "found"] + way)
            #expect(outcome.code == 0, "\(outcome.text)")
            let graph = try JSONDecoder().decode(Graph.self, from: Data(program.read("found/cascade.json").utf8))
            #expect(graph.edges.map(\.molecule) == ["IL-6", "CXCL8", "CCL3"])
            #expect(graph.edges.map { $0.confirmation?.downstream } == [[2, 3], [3], []])
            // By chance what is secreted is drawn, and what the rule stands for is its mean.
            for edge in graph.edges { #expect(abs((edge.confirmation?.lost ?? 0) - 1) < 0.02, "\(edge)") }
        }
    }

    @Test func aModelWithoutSuchRulesIsRefused() throws {
        try Program.inFolder { program in
            _ = try program.run(["new", "m", "--template", "antagonist"])
            let outcome = try program.run(["cascade", "m"])
            #expect(outcome.code == 65)
            #expect(outcome.text.contains("no rule of this model changes what cells secrete"))
        }
    }
}
