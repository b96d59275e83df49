import Biology
import ModelFiles
import Networks
import Simulation
import Testing
import Tissue

/// Networks inside the cells of the engine with space, beside the same networks alone.
@Suite struct CellNetworkTests {
    /// Twelve cells with receptors of their own number in a medium that binds them; every cell has a network inside.
    static func text(_ network: String, inputs: String, more: String = "", rules: String = "") -> String {
        """
        paracrine: 1
        model: networks inside cells
        space: {box: 60 x 60 x 60 µm, grid: 10 µm, walls: {x: periodic, y: periodic, z: periodic}}
        molecules:
          IFN: {diffusion: 100 µm²/s, starts: 100 pM, decay: 0 /s}
          CXCL10: {diffusion: 100 µm²/s, decay: 0 /s}
        receptors:
          R: {ligand: IFN, k_on: 20 /nM/h, k_off: 0.3 /h}
        networks:
          n:
        \(network.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
        cells:
          T:
            count: 12
            radius: 5 µm
            receptors: {R: 1000 ± 60 %}
            secretes: {CXCL10: 0 molecules/s}
            network: {n: {\(inputs)}}
        place: {T: lattice 20 µm}
        run: {for: 30 min, seed: 3, rule step: 20 s, tolerance: 1e-4}
        \(rules)
        \(more)
        """
    }

    static let stat = """
        compartments: {cytoplasm: 500 fL}
        species: {S: 100 nM, P: 0 nM, N: 0 nM}
        parameters: {engaged: 0 receptors, k: 1e-5 /receptor/s, off: 1e-3 /s, into: 4e-3 /s}
        reactions:
          phosphorylate: S -> P, k * engaged * S
          lose: P -> S, off * P
          enter: P -> N, into * P
          leave: N -> S, 2e-3 /s * N
        rules:
          - all = S + P + N
        """

    private static func engine(
        _ text: String, _ settings: [String] = [], threads: Int = 1
    ) throws -> (Model, TissueEngine) {
        let model = try ModelFile.read(text, named: "m.yaml", settings: settings).model
        let placed = try CellPlacement.place(model, tables: [])
        return (model, TissueEngine(model, cells: placed.cells, threads: threads))
    }

    private static func run(_ engine: TissueEngine, to end: Double) throws {
        while engine.time < end { try engine.step(until: end) }
    }

    private static func values(_ engine: TissueEngine, _ name: String, at time: Double? = nil) -> [Double] {
        engine.cells(at: time ?? engine.time, columns: [.network("n", name: name)]).columns[0].values
    }

    private static func reactions(_ model: Model) throws -> ReactionNetwork {
        guard case .reactions(let network)? = model.network("n")?.content else {
            throw NetworkFailure(.malformed, problem: "no reactions", fix: "write some")
        }
        return network
    }

    /// The network alone with an input held, at a time.
    private static func alone(_ network: ReactionNetwork, _ input: Double, _ names: [String], at time: Double) throws
        -> [Double]
    {
        var network = network
        for i in network.parameters.indices where network.parameters[i].name == "engaged" {
            network.parameters[i].value = input
        }
        let request = CourseRequest(times: [0, time], outputs: names.map { CourseRequest.Output($0) })
        let course = try OrdinaryCourse(network).run(request, relative: 1e-10, absolute: 1e-10, seed: 1)
        return Array(course.row(1))
    }

    /// Every cell's network follows that cell's own receptors, as it would alone.
    @Test func aNetworkInACellDoesWhatItDoesAlone() throws {
        let (model, engine) = try Self.engine(Self.text(Self.stat, inputs: "engaged: R.total"))
        try Self.run(engine, to: 1800)
        let frame = engine.cells(
            at: 1800, columns: [.receptor("R", .total)] + ["S", "P", "N", "all"].map { .network("n", name: $0) })
        #expect(Set(frame.columns[0].values).count == 12)
        let network = try Self.reactions(model)
        for cell in frame.ids.indices {
            let exact = try Self.alone(network, frame.columns[0].values[cell], ["S", "P", "N", "all"], at: 1800)
            for (column, wanted) in zip(frame.columns.dropFirst(), exact) {
                #expect(abs(column.values[cell] - wanted) < 1e-4 * wanted, "\(column.name)")
            }
        }
        #expect(frame.columns[1].unit == "molecules·µm^-3")
    }

    /// x' = k·u(t) − d·x with u = (t/1 h)², exactly: the error falls by four where the step is halved.
    @Test func theCouplingIsOfSecondOrder() throws {
        let network = """
            species: {X: 0 molecules}
            parameters: {engaged: 0 receptors, k: 1 /s, loss: 1e-2 /s}
            reactions: {make: "-> X, k * engaged", lose: "X ->, loss * X"}
            """
        let d = 1e-2
        let t = 1800.0
        // ∫ e^{-d(t-s)} s² ds, by parts.
        let exact = 1000 / (3600 * 3600) * (t * t / d - 2 * t / (d * d) + 2 / (d * d * d) * (1 - pow(-d * t)))
        let errors = try [120.0, 60, 30].map { step in
            let text = Self.text(network, inputs: "engaged: 1000 receptors * (time / 1 h)^2")
            let (_, engine) = try Self.engine(
                text,
                [
                    // With nothing to bind, steps grow to what the clock of rules allows.
                    "molecules.IFN.starts=0 pM", "run.rule step=\(step) s", "run.tolerance=1e-6",
                ])
            try Self.run(engine, to: t)
            return abs(Self.values(engine, "X")[0] - exact) / exact
        }
        #expect(errors[0] > 1e-5)
        for (coarse, fine) in zip(errors, errors.dropFirst()) {
            #expect(abs(coarse / fine - 4) < 0.4, "\(errors)")
        }
    }

    private func pow(_ x: Double) -> Double {
        // e^x by its series of e^(x/1024), squared ten times.
        var (term, sum) = (1.0, 1.0)
        for n in 1...12 {
            term *= x / 1024 / Double(n)
            sum += term
        }
        for _ in 0..<10 { sum *= sum }
        return sum
    }

    /// A tenth of the step changes what the cells answer by far less than what they answer.
    @Test func resultsDoNotHangOnTheStep() throws {
        let text = Self.text(Self.stat, inputs: "engaged: R.bound")
        let answers = try [("20 s", "1e-4"), ("10 s", "1e-5"), ("2 s", "1e-6")].map { step, tolerance in
            let (_, engine) = try Self.engine(
                text, ["run.rule step=\(step)", "run.tolerance=\(tolerance)", "run.for=10 min"])
            try Self.run(engine, to: 600)
            return Self.values(engine, "N")
        }
        for (finest, (one, half)) in zip(answers[2], zip(answers[0], answers[1])) {
            #expect(finest > 0.1)
            #expect(abs(one - finest) < 1e-3 * finest)
            #expect(abs(half - finest) < 3e-4 * finest)
        }
    }

    private static let driven =
        "rules:\n  - \"T: n.N increases secretes.CXCL10 from 0 molecules/s to 10 molecules/s, half-max 5 nM, hill 2\""

    @Test func everyThreadCountAndEveryRecordGivesTheSameBits() throws {
        let text = Self.text(Self.stat, inputs: "engaged: R.bound", rules: Self.driven)
        let runs = try [(1, false), (3, false), (2, true)].map { threads, isRecorded -> [Double] in
            let (_, engine) = try Self.engine(text, threads: threads)
            while engine.time < 600 {
                try engine.step(until: 600)
                if isRecorded {
                    _ = Self.values(engine, "N", at: engine.time)
                    _ = Self.values(engine, "all", at: engine.time * 0.999_99)
                    _ = engine.ledgers(at: engine.time)
                }
            }
            return ["S", "P", "N", "all"].flatMap { Self.values(engine, $0) }
                + engine.field("CXCL10", at: 600).values + engine.ledgers(at: 600).map { $0[.dissolved] }
        }
        #expect(runs[0] == runs[1])
        #expect(runs[0] == runs[2])
        #expect(!runs[0].contains { !$0.isFinite })
    }

    /// What a network computes drives what its cell secretes; without what starts it nothing comes.
    @Test func aNetworkDrivesItsCell() throws {
        let text = Self.text(Self.stat, inputs: "engaged: R.bound", rules: Self.driven)
        let (model, engine) = try Self.engine(text)
        try Self.run(engine, to: 1800)
        let secreted = engine.ledgers(at: 1800).map { $0[.secreted] }
        #expect(secreted[1] > 1000)
        for missing in [Knockout.molecule("IFN"), .receptor("R"), .rule(0)] {
            let without = model.without(missing)
            let placed = try CellPlacement.place(without, tables: [])
            let engine = TissueEngine(without, cells: placed.cells, threads: 1)
            try Self.run(engine, to: 1800)
            #expect(engine.ledgers(at: 1800)[1][.secreted] == 0)
        }
        let response = Response(
            subject: .ledger(molecule: "CXCL10", .secreted), time: nil, text: "", dimension: .amount)
        #expect(model.causes(of: response).isSuperset(of: [.molecule("IFN"), .receptor("R"), .rule(0)]))
        #expect(model.inducers(ofRule: 0) == ["IFN"])
    }

    /// A network that nobody listens to leaves every molecule where it was.
    @Test func aNetworkThatOnlyListensChangesNothing() throws {
        let rule =
            "rules:\n  - \"T: R.bound increases secretes.CXCL10 from 0 molecules/s to 10 molecules/s, half-max 50 receptors\""
        let text = Self.text(Self.stat, inputs: "engaged: R.bound", rules: rule)
        var (model, engine) = try Self.engine(text)
        try Self.run(engine, to: 600)
        let with = engine.field("CXCL10", at: 600).values + engine.field("IFN", at: 600).values
        model.cellTypes[0].networks = []
        let placed = try CellPlacement.place(model, tables: [])
        engine = TissueEngine(model, cells: placed.cells, threads: 1)
        try Self.run(engine, to: 600)
        #expect(engine.field("CXCL10", at: 600).values + engine.field("IFN", at: 600).values == with)
    }

    /// Events and switches happen in each cell at its own time.
    @Test func eventsHappenInEachCellOnItsOwn() throws {
        let network = """
            species: {X: 0 molecules, Y: 0 molecules}
            parameters: {engaged: 0 receptors, k: 1e-3 /s}
            reactions:
              make: -> X, k * engaged
              spill: -> Y, if(X > 300 molecules, 1 molecules/s, 0 molecules/s)
            events:
              burst: when X > 500 molecules, X = 100 molecules
            """
        let (model, engine) = try Self.engine(Self.text(network, inputs: "engaged: R.total"))
        try Self.run(engine, to: 1800)
        let receptors = engine.cells(at: 1800, columns: [.receptor("R", .total)]).columns[0].values
        let (x, y) = (Self.values(engine, "X"), Self.values(engine, "Y"))
        for (cell, total) in receptors.enumerated() {
            let exact = try Self.alone(try Self.reactions(model), total, ["X", "Y"], at: 1800)
            #expect(abs(x[cell] - exact[0]) < 1e-3 * 500)
            #expect(abs(y[cell] - exact[1]) < 1e-3 * 1800)
        }
        #expect(Set(y.map { $0.rounded() }).count > 4)
    }

    /// A file's units: one that counts minutes and nmol in litres answers as one in seconds and molecules.
    @Test func aNetworkInUnitsOfItsOwnAnswersTheSame() throws {
        let text = Self.text(Self.stat, inputs: "engaged: R.total")
        var (model, engine) = try Self.engine(text)
        try Self.run(engine, to: 600)
        let wanted = Self.values(engine, "N")
        var network = try Self.reactions(model)
        let (minute, nmol, litre) = (60.0, 6.02214076e14, 1e15)
        network.units = NetworkUnits(time: minute, amount: nmol, volume: litre)
        network.compartments[0].size = 500 / litre
        for i in network.species.indices {
            guard case .concentration(let value) = network.species[i].initial else { continue }
            network.species[i].initial = .concentration(value * litre / nmol)
        }
        for i in network.parameters.indices where network.parameters[i].name != "engaged" {
            network.parameters[i].value? *= minute
        }
        network.reactions[3].rate = .name("cytoplasm") * .number(2e-3 * minute) * .name("N")
        let known: [String: Dimension] = [
            "S": .concentration, "P": .concentration, "N": .concentration, "all": .concentration,
        ]
        model.networks = [
            ModelNetwork(
                name: "n", file: "n.xml", content: .reactions(network), clock: .seconds(minute), dimensions: known)
        ]
        let placed = try CellPlacement.place(model, tables: [])
        engine = TissueEngine(model, cells: placed.cells, threads: 1)
        try Self.run(engine, to: 600)
        for (found, value) in zip(Self.values(engine, "N"), wanted) { #expect(abs(found - value) < 1e-4 * value) }
    }

    /// A logical network switches where its input does, and its levels are read as plain numbers.
    @Test func aLogicalNetworkListensAndAnswers() throws {
        var (model, _) = try Self.engine(Self.text(Self.stat, inputs: "engaged: R.total"))
        let logic = BooleanNetwork(
            name: "n",
            nodes: [
                BooleanNode("signal"), BooleanNode("answer", target: .name("signal"), rateUp: nil, rateDown: nil),
            ])
        var quiet = logic
        quiet.starts = [BooleanStart("signal", at: 0), BooleanStart("answer", at: 0)]
        model.networks = [ModelNetwork(name: "n", content: .logic(quiet), clock: .seconds(10))]
        let many = Expression.quotient(.signal(.receptor("R", .total)), .number(1200))
        model.cellTypes[0].networks = [
            CellNetwork(network: "n", inputs: [NetworkInput(name: "signal", expression: many)])
        ]
        let placed = try CellPlacement.place(model, tables: [])
        let engine = TissueEngine(model, cells: placed.cells, threads: 2)
        try Self.run(engine, to: 600)
        let receptors = engine.cells(at: 600, columns: [.receptor("R", .total)]).columns[0].values
        let answers = Self.values(engine, "answer")
        for (total, answer) in zip(receptors, answers) { #expect(answer == (total >= 600 ? 1 : 0)) }
        #expect(Set(answers) == [0, 1])
    }

    /// A network that cannot run says so, and where.
    @Test func aNetworkThatCannotRunIsSaid() throws {
        var (model, _) = try Self.engine(Self.text(Self.stat, inputs: "engaged: R.total"))
        #expect(TissueEngine.networkProblem(model) == nil)
        var network = try Self.reactions(model)
        network.reactions[0].rate = .name("nothing")
        model.networks[0].content = .reactions(network)
        let problem = try #require(TissueEngine.networkProblem(model))
        #expect(problem.path == "cells.T.network.n")
        #expect(problem.problem.contains("nothing"))
        let placed = try CellPlacement.place(model, tables: [])
        let engine = TissueEngine(model, cells: placed.cells, threads: 1)
        #expect(throws: RunFailure.self) { try engine.step(until: 1) }
    }

    /// Between the ends of a step values are read along a line; there they are what they were.
    @Test func valuesAreReadInsideASteps() throws {
        let (_, engine) = try Self.engine(Self.text(Self.stat, inputs: "engaged: R.bound"))
        try engine.step(until: 1800)
        let start = engine.time
        let before = Self.values(engine, "N")
        try engine.step(until: 1800)
        let (end, after) = (engine.time, Self.values(engine, "N"))
        for (value, ends) in zip(Self.values(engine, "N", at: (start + end) / 2), zip(before, after)) {
            #expect(abs(value - (ends.0 + ends.1) / 2) <= 1e-12 * abs(ends.1))
        }
        #expect(Self.values(engine, "N", at: start) == before)
    }
}
