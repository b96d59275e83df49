import Biology
import Testing

@testable import ModelFiles

@Suite struct NetworkSectionTests {
    private func everything() throws -> Model { try ModelFile.read(try Files.everything(), named: "m.yaml").model }

    private func reactions(_ model: Model, _ name: String) throws -> ReactionNetwork {
        guard case .reactions(let network)? = model.network(name)?.content else {
            Issue.record("no reactions in '\(name)'")
            return ReactionNetwork(name: "")
        }
        return network
    }

    /// A model that is one network.
    private func network(_ text: String) throws -> ReactionNetwork {
        let file = "paracrine: 1\nmodel: m\nrun: {for: 1 h, seed: 1}\nnetworks:\n  n:\n"
        return try reactions(ModelFile.read(file + text, named: "m.yaml").model, "n")
    }

    private let nanomolar = 0.602214076

    @Test func valuesAreInMicrometresSecondsAndMolecules() throws {
        let network = try reactions(try everything(), "stat5")
        #expect(network.units == NetworkUnits(time: 1, amount: 1, volume: 1))
        #expect(network.compartments.map(\.size) == [300, 100])
        #expect(network.parameters.first { $0.name == "V_max" }?.value == nanomolar / 60)
        let first = network.species[0]
        #expect(first.initial == .concentration(100 * nanomolar))
        #expect((first.compartment, first.meaning) == ("cytoplasm", .concentration))
        let socs = try #require(network.species.first { $0.name == "SOCS" })
        #expect((socs.initial, socs.meaning) == (.amount(100), .amount))
    }

    @Test func namesKnowWhatTheyMeasure() throws {
        let network = try #require(try everything().network("stat5"))
        #expect(network.dimension(of: "STAT5") == .concentration)
        #expect(network.dimension(of: "SOCS") == .amount)
        #expect(network.dimension(of: "k_out") == .rate)
        #expect(network.dimension(of: "gone") == .concentration)
        #expect(network.dimension(of: "fold") == .none)
        #expect(network.dimension(of: "cytoplasm") == Dimension(length: 3))
        #expect(network.scale(of: "STAT5") == 1)
    }

    /// A rate per volume is multiplied by the volume it happens in; one in molecules/s stands as it is.
    @Test func ratesBecomeMoleculesPerSecond() throws {
        let network = try reactions(try everything(), "stat5")
        let rates = Dictionary(uniqueKeysWithValues: network.reactions.map { ($0.name, $0.rate.description) })
        #expect(
            rates["phosphorylate"]
                == "(times cytoplasm (divide (times k_phos engaged STAT5) (plus 1.0 (divide SOCS 200.0))))")
        #expect(rates["enter"] == "(times k_in (minus pSTAT5c pSTAT5n))")
        #expect(rates["leave"] == "(times cytoplasm k_out pSTAT5n)")
        #expect(network.reactions[2].reactants == [.init("pSTAT5n", .number(2))])
        #expect(network.reactions[3].reactants.isEmpty)
    }

    @Test func startsMayBeComputed() throws {
        let network = try reactions(try everything(), "stat5")
        #expect(network.initialAssignments.map(\.name) == ["k_out", "cargo"])
        #expect(
            network.initialAssignments[0].formula == .call(.divide, [.call(.ln, [.name("fold")]), .name("t_half")]))
        #expect(network.species.first { $0.name == "cargo" }?.initial == .unset)
    }

    @Test func rulesAndEventsAreRead() throws {
        let model = try everything()
        let network = try reactions(model, "stat5")
        #expect(network.assignmentRules.map(\.name) == ["total", "gone"])
        #expect(network.assignmentRules[1].formula.description.hasPrefix("(divide (max (minus (delayed total 300.0)"))
        let clock = try reactions(model, "clock")
        #expect(
            clock.rateRules == [
                NetworkAssignment("tick", .call(.times, [.call(.negative, [.name("beat")]), .name("tick")]))
            ])
        #expect(clock.compartments.map(\.name) == ["everywhere"])
        #expect(clock.species[0].isBoundary)
        let wash = network.events[0]
        #expect(wash.trigger == .call(.greaterOrEqual, [.time, .number(1800)]))
        #expect(!wash.isTrueBefore && wash.assignments.map(\.name) == ["cargo", "fold"])
        let late = network.events[1]
        #expect(late.isTrueBefore && late.delay == .number(300) && late.priority == .number(2))
        #expect(network.parameters.filter { !$0.isConstant }.map(\.name) == ["fold", "k_phos", "total", "gone"])
    }

    @Test func cellsSayWhatANetworkReads() throws {
        let type = try #require(try everything().cellType("Tsec"))
        #expect(type.networks.map(\.network) == ["stat5"])
        #expect(type.networks[0].inputs.map(\.name) == ["engaged"])
        #expect(type.networks[0].inputs[0].expression.signals.contains(.receptor("IL-2R", .bound)))
        #expect(try everything().freeNetworks.map(\.name) == ["clock"])
    }

    @Test func aFileMayConsistOfNetworks() throws {
        let text = """
            paracrine: 1
            model: decay
            networks:
              a: {species: {X: 1 molecules}, parameters: {k: 1 /h}, reactions: {gone: "X ->, k * X"}}
              b: {species: {X: 1 molecules}}
            run: {for: 1 h, seed: 1}
            expect:
              - a.X = 0.3679 molecules within 0.1 %
              - k > 0.9 /h
            """
        let model = try ModelFile.read(text, named: "m.yaml").model
        #expect(model.hasOnlyNetworks)
        #expect(model.expectations.map(\.subject) == [.network("a", name: "X"), .network("a", name: "k")])
        #expect(
            Files.problems(text.replacing("- a.X", with: "- X"))
                == "m.yaml:8:5: error: expect[0]: 'X' is in 2 networks\n  fix: write one of: a.X, b.X")
    }

    @Test func settingsReachIntoNetworks() throws {
        let model = try ModelFile.read(
            try Files.everything(), named: "m.yaml", settings: ["networks.clock.parameters.beat=2 /h"]
        ).model
        #expect(try reactions(model, "clock").parameters[0].value == 2.0 / 3600)
    }

    /// Names with "-" and "+" are cut as everywhere in the language.
    @Test func namesMayHaveSignsInThem() throws {
        let found = try network(
            """
                species: {IL-2: 1 molecules, CD8+: 2 molecules, IL: 3 molecules}
                parameters: {k: 1 /molecules/s}
                reactions: {bind: "IL-2+CD8+ -> IL, k*IL-2*CD8+ - k*IL*IL"}
            """)
        #expect(found.reactions[0].reactants.map(\.species) == ["IL-2", "CD8+"])
        #expect(found.reactions[0].rate.description == "(minus (times k IL-2 CD8+) (times k IL IL))")
    }

    @Test(arguments: [
        (Formula.number(.infinity), "inf"), (.number(-.infinity), "-inf"), (.number(.nan), "nan"), (.time, "(time)"),
        (.name("two words"), "'two words'"), (.name("it's \\"), "'it\\'s \\\\'"), (.name("inf"), "'inf'"),
        (.name("7up"), "'7up'"), (.rate(of: "a b"), "(rate 'a b')"), (.call(.plus, []), "(plus)"),
        (.delayed(.name("x"), by: .number(1e-300)), "(delayed x 1e-300)"),
        (.piecewise([.init(value: .number(1), condition: .name("c"))], otherwise: nil), "(piecewise 1.0 c)"),
        (.piecewise([], otherwise: .number(-0.0)), "(piecewise -0.0)"),
        (.draw(.normal, [.number(0), .name("s")]), "(draw-normal 0.0 s)"),
    ]) func formulasComeBackFromTheirText(_ formula: Formula, _ text: String) throws {
        #expect(formula.description == text)
        var network = ReactionNetwork(name: "n")
        network.algebraicRules = [formula]
        network.parameters = [NetworkParameter(name: "p", value: .infinity), NetworkParameter(name: "q", value: nil)]
        network.compartments = [NetworkCompartment(name: "c", size: -.infinity)]
        var model = try everything()
        model.networks = [ModelNetwork(name: "n", file: "n.xml", content: .reactions(network), clock: .seconds(60))]
        model.cellTypes[0].networks = []
        let json = ModelDocument.json(model)
        let back = try ModelDocument.read(json, named: "model.json")
        #expect(ModelDocument.json(back) == json)
        #expect("\(back.networks)" == "\(model.networks)")
    }

    @Test func aBrokenFormulaInJSONIsSaid() throws {
        let json = ModelDocument.json(try everything())
        for broken in ["(time", "(rate)", "(what 1)", "'", "((", "(plus 1)x", String(repeating: "(not ", count: 5000)] {
            let text = json.replacing("\"formula\": \"(plus STAT5 pSTAT5c)\"", with: "\"formula\": \"\(broken)\"")
            #expect(text != json)
            #expect(throws: InvalidModel.self) { try ModelDocument.read(text, named: "model.json") }
        }
    }

    @Test func aModelWrittenBeforeNetworksIsRead() throws {
        var model = try everything()
        model.networks = []
        model.cellTypes[0].networks = []
        let json = ModelDocument.json(model).replacing(",\n    \"networks\": []", with: "")
            .replacing(",\n        \"networks\": []", with: "").replacing("\"networks\": [],\n", with: "")
        #expect(!json.contains("\"networks\""))
        #expect(try ModelDocument.read(json, named: "model.json") == model)
    }

    // MARK: - Files

    private let held = """
        paracrine: 1
        model: m
        run: {for: 1 h, seed: 1}
        networks:
          n: {file: sub/n.xml}
        """

    private func read(
        _ text: String, _ content: @escaping @Sendable () throws(UnreadableNetwork) -> ModelNetwork.Content
    )
        throws -> Model
    {
        let reader = NetworkFileReader { path throws(UnreadableNetwork) in
            #expect(path == "sub/n.xml")
            return try content()
        }
        return try ModelFile.read(text, named: "m.yaml", networks: reader).model
    }

    @Test func aFilesUnitsAreKept() throws {
        var inside = ReactionNetwork(name: "x")
        inside.units = NetworkUnits(time: 60, amount: 602.214076, volume: 1e15)
        inside.compartments = [NetworkCompartment(name: "cell", size: 1)]
        inside.species = [
            NetworkSpecies(name: "A", compartment: "cell", initial: .amount(1), meaning: .amount),
            NetworkSpecies(name: "B", compartment: "cell", initial: .concentration(1)),
        ]
        inside.parameters = [NetworkParameter(name: "k", value: 1)]
        let content = ModelNetwork.Content.reactions(inside)
        let network = try #require(try read(held) { () throws(UnreadableNetwork) in content }.network("n"))
        #expect(network.file == "sub/n.xml" && network.clock == .seconds(60))
        #expect(network.scale(of: "A") == 602.214076)
        #expect(network.scale(of: "B") == 602.214076 / 1e15)
        #expect(network.dimension(of: "k") == .none && network.scale(of: "k") == 1)
    }

    @Test func aSilentFileNeedsAClock() throws {
        let content = ModelNetwork.Content.reactions(ReactionNetwork(name: "x"))
        let silent: @Sendable () throws(UnreadableNetwork) -> ModelNetwork.Content = { () throws(UnreadableNetwork) in
            content
        }
        let said = #expect(throws: InvalidModel.self) { try read(held, silent) }
        #expect(
            said?.description
                == "m.yaml:5:3: error: 'networks.n': sub/n.xml does not say what its unit of time is\n  fix: add 'time unit: 1 s' below the file, with the unit that its numbers are in"
        )
        let model = try read(held.replacing("n.xml}", with: "n.xml, time unit: 2 min}"), silent)
        #expect(model.network("n")?.clock == .seconds(120))
    }

    @Test func aFilesProblemsAreSaidWhereTheyAre() throws {
        let said = #expect(throws: InvalidModel.self) {
            try read(held) { () throws(UnreadableNetwork) in
                throw UnreadableNetwork(problems: [
                    .init(file: "n.xml", line: 3, column: 7, problem: "odd", fix: "mend it"),
                    .init(file: "n.xml", problem: "is not there", fix: "put it there"),
                ])
            }
        }
        #expect(
            said?.description
                == "n.xml:3:7: error: odd\n  fix: mend it\nm.yaml:5:13: error: networks.n.file: n.xml: is not there\n  fix: put it there"
        )
    }

    @Test(arguments: ["/etc/passwd", "../n.xml", "a/../../n.xml", "~/n.xml", "a\\\\b.xml"])
    func noFileLeavesTheFolder(_ path: String) {
        let text = held.replacing("sub/n.xml", with: "\"\(path)\"")
        #expect(Files.problems(text).contains("leads out of the model's folder"))
    }
}
