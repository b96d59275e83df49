import Biology
import Foundation
import Testing

@testable import NetworkFiles
@testable import Networks

@Suite struct LogicalFileTests {
    private static func read(_ text: String, cfg: String? = nil) throws -> BooleanNetworkFile.Reading {
        try BooleanNetworkFile.read(
            text: Array(text.utf8), file: "net", name: "net", configuration: cfg.map { (Array($0.utf8), "cfg") })
    }

    /// The problems of a text, each as "file:line:column kind".
    private static func places(_ text: String, cfg: String? = nil) -> [String] {
        do {
            _ = try read(text, cfg: cfg)
            return []
        } catch let problems as NetworkFileProblems {
            return problems.problems.map { "\($0.file):\($0.line):\($0.column) \($0.kind.rawValue)" }
        } catch {
            return ["\(error)"]
        }
    }

    /// The states in which a one-node rule holds, as a string of digits over the numbers its names' bits make.
    private static func truth(_ rule: String) throws -> String {
        let network = try read("Node R { logic = \(rule); } Node A {} Node B {} Node C {}").network
        let program = try BooleanProgram(network)
        return (0..<8).map { number in
            let levels = ["A": number & 1, "B": number >> 1 & 1, "C": number >> 2]
            return program.level(0, in: program.update(program.state(levels))) == 1 ? "1" : "0"
        }.joined()
    }

    // MARK: - bnet

    @Test func bnetWithHeaderCommentsConstantsAndNamesLikeGenes() throws {
        let network = try Self.read(
            "targets, factors\n# a comment\n14-3-3, !p53 & (Mdm2.a|1)\r\np53, false\n\n  Mdm2.a ,p53 AND NOT ATM\n"
        ).network
        #expect(network.nodes.map(\.name) == ["14-3-3", "p53", "Mdm2.a", "ATM"])
        #expect(network.nodes[1].target == .number(0))
        #expect(network.nodes[3].target == nil)
        let program = try BooleanProgram(network)
        #expect(program.inputs == ["ATM"])
        #expect(program.names(program.update(program.state(["p53": 1]))) == ["Mdm2.a"])
    }

    @Test(arguments: [
        ("A, B &\nC, D\nE, (F | G\n", ["net:1:7 malformed", "net:3:10 malformed"]),
        ("A, B\nA, C\n", ["net:2:1 malformed"]),
        ("A, B, 0.5\n", ["net:1:5 unsupported"]),
        ("A, B + C\n", ["net:1:6 malformed"]),
        ("A, all(B, C)\n", ["net:1:4 unsupported"]),
        ("A B\n", ["net:1:3 malformed"]),
        ("", ["net:1:1 malformed"]),
        ("É, B @ C", ["net:1:6 malformed"]),
    ]) func bnetFaultsHavePlaces(_ text: String, _ places: [String]) { #expect(Self.places(text) == places) }

    @Test func latin1IsRead() throws {
        let bytes = Array("# r".utf8) + [0xE9] + Array("seau\nIFN".utf8) + [0xE9] + Array(", A\n".utf8)
        let network = try BooleanNetworkFile.read(text: bytes, file: "net", name: "net").network
        #expect(network.nodes.map(\.name) == ["IFNé", "A"])
    }

    // MARK: - MaBoSS

    @Test(arguments: [
        // A B C count in binary, A lowest.
        ("A | B & C", "01010111"), ("A OR B ^ C", "01111000"), ("NOT A AND B", "00100010"),
        ("!(A && B) || C", "11101111"), ("A ? B : C", "00111011"), ("A + B + C >= 2", "00010111"),
        ("A == B", "10011001"), ("A < B", "00100010"), ("(A + B) * 2 - C > 1", "01110001"), ("-A + 1", "10101010"),
        ("exp(A) > 2", "01010101"), ("A XOR B XOR C", "01101001"),
    ]) func expressionsMeanWhatMaBoSSMeans(_ rule: String, _ states: String) throws {
        let expected = rule.contains("^") ? Self.xorOfOr : rule == "A ? B : C" ? Self.choice : states
        #expect(try Self.truth(rule) == expected)
    }

    /// XOR binds loosest: (A or B) xor C.
    private static let xorOfOr = (0..<8).map { (($0 & 3 != 0) != ($0 >> 2 == 1)) ? "1" : "0" }.joined()
    private static let choice = (0..<8).map { ($0 & 1 != 0 ? $0 >> 1 & 1 : $0 >> 2) == 1 ? "1" : "0" }.joined()

    @Test func attributesVariablesStartsAndDefaults() throws {
        let reading = try Self.read(
            """
            // a comment
            Node A { logic = B; strength = $k * 2; rate_up = @logic ? @strength : 0; description = "1; {"; }
            node B { rate_up = 1e100; } /* B falls
            never */ Node C { logic = A & !B; }
            """,
            cfg: """
                $k = $base / 2; $base = 3; A.istate = TRUE; [B, C].istate = 1 [0, 0], 3 [1, 0];
                C.is_internal = 1; max_time = 5; time_tick = 0.25; sample_count = 100; seed_pseudorandom = 7;
                use_physrandgen = 0; discrete_time = 0; thread_count = 4; B.refstate = 0;
                """)
        let network = reading.network
        #expect(network.parameters == [NetworkParameter(name: "$k", value: 1.5)])
        #expect(network.nodes.map(\.isInternal) == [false, false, true])
        #expect(network.starts.map(\.nodes) == [["A"], ["B", "C"]])
        #expect(network.starts[1].choices.map(\.weight) == [1, 3])
        #expect(reading.settings.end == 5 && reading.settings.tick == 0.25)
        #expect(reading.settings.samples == 100 && reading.settings.seed == 7)
        let program = try BooleanProgram(network)
        let rates = { (levels: [String: Int]) in
            let state = program.state(levels)
            return (0..<3).map { program.rate.value($0, at: state) }
        }
        // A: up 2 k where B is on; down as its logic says. B: no logic, so it never falls. C: both as its logic says.
        #expect(rates([:]) == [0, 1e100, 0])
        #expect(rates(["B": 1]) == [3, 0, 0])
        #expect(rates(["A": 1]) == [1, 1e100, 1])
        #expect(rates(["A": 1, "B": 1, "C": 1]) == [0, 0, 1])
    }

    @Test(
        arguments: [
            ("Node A { logic = B; }", nil, ["net:1:18 malformed"]),
            ("Node A { logic = $x; }", nil, ["net:1:18 malformed"]),
            ("Node A { rate_up = 1e999; }", nil, ["net:1:20 malformed"]),
            ("Node A { rate_up = @up; up = 1; }", nil, ["net:1:20 malformed"]),
            ("Node A { logic = A }", nil, ["net:1:20 malformed"]),
            ("Node A { logic = A; /* }", nil, ["net:1:21 malformed"]),
            ("Node A { description = \"no end; }", nil, ["net:1:24 malformed"]),
            ("Node A { logic = A; }\nDivision { rate = 1; }", nil, ["net:2:1 unsupported"]),
            ("Node A { logic = gauss(A); }", nil, ["net:1:18 unsupported"]),
            ("Node A { rate_up = $a; }", "$a = $b;\n$b = 1 + $c; $c = $a;", ["cfg:1:1 malformed"]),
            (
                "Node A {}", "B.istate = 0;\nA.istat = 0;\nA.istate = 0.5;\nmax_tim = 3;",
                ["cfg:1:1 malformed", "cfg:2:3 malformed", "cfg:3:12 malformed", "cfg:4:1 malformed"]
            ),
            ("Node A {}", "discrete_time = 1;", ["cfg:1:1 unsupported"]),
            ("Node A {} Node B {}", "[A, B].istate = 1 [0];", ["cfg:1:21 malformed"]),
            ("Node A {}", "time_tick = 1 / 0;", ["cfg:1:13 malformed"]),
            ("Node A {}", "time_tick = -1;", ["cfg:1:1 malformed"]),
        ] as [(String, String?, [String])]) func maBoSSFaultsHavePlaces(
            _ text: String, _ cfg: String?, _ places: [String]
        )
    {
        #expect(Self.places(text, cfg: cfg).prefix(places.count) == places[...])
    }

    // MARK: - Hostile

    @Test func nestingIsBoundedWhereverItComesFrom() {
        let deep = String(repeating: "(", count: 100_000)
        #expect(Self.places("A, \(deep)B").count == 1)
        #expect(Self.places("A, \(String(repeating: "!", count: 100_000))B").count == 1)
        #expect(Self.places("Node A { logic = \(String(repeating: "A ? A : ", count: 50_000)) A; }").count == 1)
        #expect(Self.places("Node A { logic = \(String(repeating: "1 - ", count: 50_000)) A; }").count == 1)
        var attributes = "a0 = A & A; "
        for step in 1...60 { attributes += "a\(step) = @a\(step - 1) & !@a\(step - 1); " }
        #expect(Self.places("Node A { \(attributes) logic = @a60; }").count == 1)
        var variables = "$v0 = 1; "
        for step in 1...3000 { variables = "$v\(step) = $v\(step - 1) + 1; " + variables }
        #expect(Self.places("Node A { rate_up = $v3000; }", cfg: variables).count <= 20)
        #expect(Self.places("<sbml>\(String(repeating: "<a>", count: 100_000))").count == 1)
    }

    @Test func longSumsAreNotDeep() throws {
        let names = (0..<900).map { "n\($0)" }.joined(separator: " | ")
        let network = try Self.read("A, \(names)").network
        let program = try BooleanProgram(network)
        #expect(program.names(program.update(program.state(["n899": 1]))).contains("A"))
        // More regulators than any rule has are refused, not followed.
        let many = (0..<5000).map { "n\($0)" }.joined(separator: " & ")
        let large = try Self.read("A, \(many)").network
        #expect(throws: NetworkFailure.self) { try BooleanProgram(large) }
    }

    /// A million nightly.
    private static let many = ProcessInfo.processInfo.environment["PARACRINE_NIGHTLY"] == nil ? 10_000 : 1_000_000

    @Test func aVeryLargeNetworkIsRead() throws {
        var text = ""
        for node in 0..<Self.many { text += "n\(node), !n\((node * 7 + 1) % Self.many)\n" }
        let network = try Self.read(text).network
        #expect(network.nodes.count == Self.many)
        let program = try BooleanProgram(network)
        #expect(program.names(program.update(program.state())).count == Self.many)
    }

    @Test func filesThatAreNotThere() {
        for path in ["/nowhere/net.bnet", "/", "/dev/zero"] {
            #expect(throws: NetworkFileProblems.self) { try BooleanNetworkFile.read(path) }
        }
        #expect(Self.places("Node A {") == ["net:1:9 malformed"])
        #expect(Self.places("\u{0}\u{1}\u{2}").isEmpty == false)
    }
}
