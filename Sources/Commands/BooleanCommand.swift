import Analysis
import ArgumentParser
import Biology
import Foundation
import NetworkFiles
import Networks
import Results

struct BooleanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "boolean",
        abstract: "Run a logical network: its attractors and basins, its response to pulses, its course in time.",
        discussion: """
            Examples:
              paracrine boolean Th.bnet
              paracrine boolean Th.bnet --from none --pulse IFNg=1:1
              paracrine boolean Th.bnet --hold IL4=1 --asynchronous
              paracrine boolean tcell.bnd --cfg tcell.cfg
              paracrine boolean Th.bnet --from none --pulse IL12=1:2 --time 30 --continuous

            Files are bnet (BoolNet), bnd with its cfg (MaBoSS), and SBML-qual. Without more, the attractors are found \
            with all inputs off: of every state up to 24 free nodes (22 where nodes switch one at a time), of a sample \
            beyond. --from follows a way from one state; --time, or a cfg, runs trajectories in continuous time as \
            MaBoSS does; --continuous runs the network as differential equations. Results are boolean.html, \
            boolean.json, tables (CSV) and figures/ (SVG).
            """)

    @Argument(help: "The network's file.", completion: .file())
    var file: String

    @Option(help: ArgumentHelp("The configuration of a MaBoSS network.", valueName: "path"), completion: .file())
    var cfg: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Hold a node: 0 is a knock-out, 1 an over-expression; also an input.", valueName: "node=level"))
    var hold: [String] = []

    @Flag(help: "Look for attractors with every level of the inputs that are not held, not with them off.")
    var allInputs = false

    @Flag(help: "Switch nodes one at a time, not all together.")
    var asynchronous = false

    @Option(
        help: ArgumentHelp(
            "Start with these nodes on and all others off: 'Tbet,IFNg', 'p53=2', or 'none'.", valueName: "nodes"))
    var from: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Put a node at a level from the start on, for so many steps, or units of time.",
            valueName: "node=level:length"))
    var pulse: [String] = []

    @Option(
        help: ArgumentHelp("Run in continuous time until then, in the network's unit.", valueName: "time"))
    var time: Double?

    @Option(help: ArgumentHelp("The length of the windows that are averaged over.", valueName: "time"))
    var tick: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Trajectories, otherwise those of the cfg or 10000.", valueName: "count"))
    var samples: Int?

    @Option(parsing: .unconditional, help: ArgumentHelp("The seed of all chance.", valueName: "number"))
    var seed: UInt64?

    @Flag(help: "Run as differential equations, each node between 0 and 1 (Mendoza and Xenarios' form).")
    var continuous = false

    @OptionGroup var threading: ThreadOptions

    @Option(
        help: ArgumentHelp(
            "The folder for the results, new or empty; otherwise NAME.paracrine-boolean here.", valueName: "folder"),
        completion: .directory)
    var out: String?

    @Flag(help: "Show no progress.")
    var quiet = false

    @Flag(help: "Print the results as JSON.")
    var json = false

    func run() throws {
        let threads = try threading.count
        guard FileManager.default.fileExists(atPath: file) else { throw BooleanCommand.missing(file) }
        if let cfg, !FileManager.default.fileExists(atPath: cfg) { throw BooleanCommand.missing(cfg) }
        let reading = try BooleanNetworkFile.read(file, configuration: cfg)
        let network = reading.network
        let program = try BooleanProgram(network)
        let held = try levels(of: hold, option: "--hold", program)
        let start = try from.map { try levels(ofStart: $0, program) }
        let pulses = try self.pulses(program)
        try checkNumbers()
        var answer = BooleanAnswer(
            name: network.name, source: file, program: program, isQuiet: quiet || json, start: start)
        if continuous {
            guard let time else {
                throw Stop(
                    .usage,
                    "--continuous: error: it is not said how long to run\n  fix: add --time, such as --time 50")
            }
            try answer.follow(held: held, pulses: pulses, time: time, tick: tick ?? time / 200)
        } else if time != nil || cfg != nil {
            let request = BooleanCourseRequest(
                end: time ?? reading.settings.end, tick: tick ?? time.map { $0 / 200 } ?? reading.settings.tick,
                samples: samples ?? reading.settings.samples, seed: seed ?? reading.settings.seed ?? 1, pulses: pulses)
            try answer.sample(request, held: held, threads: threads)
        } else if let start {
            try answer.step(from: start, held: held, pulses: pulses, asynchronous: asynchronous)
        } else {
            guard pulses.isEmpty else {
                throw Stop(
                    .usage,
                    "--pulse: error: it is not said which state it acts on\n  fix: add --from, such as --from none")
            }
            try answer.search(
                held: held, allInputs: allInputs, asynchronous: asynchronous, samples: samples, seed: seed ?? 1)
        }
        try finish(answer)
    }

    private static func missing(_ path: String) -> Stop {
        Stop(.file, "\(path): error: there is no such file\n  fix: give the path of a file")
    }

    private func finish(_ answer: BooleanAnswer) throws {
        let folder =
            try out.map { try ResultFolder(creating: $0) }
            ?? ResultFolder(named: PathParts(file).stem, ending: "paracrine-boolean", in: ".")
        var report = answer.report
        report.origin = ["Paracrine \(Paracrine.programVersion)", file]
        let page = try report.write(folder)
        let text = try JSONText.encode(answer.summary)
        try folder.write(text + "\n", to: "boolean.json")
        if json {
            Console.answer(text)
            return
        }
        answer.lines.forEach { Console.answer(Console.plain($0)) }
        answer.notes.forEach { Console.complain("note: \(Console.plain($0))") }
        Console.answer("Results: \(folder.path)")
        Console.answer("Report:  \(page)")
    }

    // MARK: - Options

    private func checkNumbers() throws {
        for (option, value) in [("--time", time), ("--tick", tick)] {
            if let value, !(value > 0 && value.isFinite) {
                throw Stop(.usage, "\(option): error: \(value) is not a time\n  fix: give a number above 0")
            }
        }
        if let samples, !(1...1_000_000_000).contains(samples) {
            throw Stop(.usage, "--samples: error: \(samples) is not a number of them\n  fix: give 1 to 1000000000")
        }
    }

    private func level(_ text: Substring, of name: Substring, _ option: String, _ program: BooleanProgram) throws -> Int
    {
        guard let place = program.places[String(name)] else {
            let fix =
                Suggestion.didYouMean(String(name), among: program.places.keys) ?? "name a node of the network"
            throw Stop(.usage, "\(option): error: there is no node '\(Console.shown(String(name)))'\n  fix: \(fix)")
        }
        let highest = program.network.nodes[place].highestLevel
        guard let level = Int(text), (0...highest).contains(level) else {
            throw Stop(
                .usage,
                "\(option): error: '\(Console.shown(String(text)))' is not a level of '\(name)'\n  fix: give 0 to \(highest)"
            )
        }
        return level
    }

    private func levels(of words: [String], option: String, _ program: BooleanProgram) throws -> [String: Int] {
        var levels: [String: Int] = [:]
        for word in words {
            guard let cut = word.lastIndex(of: "=") else {
                throw Stop(
                    .usage, "\(option): error: '\(Console.shown(word))' is not NODE=LEVEL\n  fix: write it as IL4=1")
            }
            levels[String(word[..<cut])] = try level(word[word.index(after: cut)...], of: word[..<cut], option, program)
        }
        return levels
    }

    private func levels(ofStart text: String, _ program: BooleanProgram) throws -> [String: Int] {
        var levels: [String: Int] = [:]
        if text == "none" { return levels }
        for word in text.split(separator: ",") {
            let name = String(word).trimmingSpaces
            if let cut = name.lastIndex(of: "="), program.places[name] == nil {
                levels[String(name[..<cut])] = try level(
                    name[name.index(after: cut)...], of: name[..<cut], "--from", program)
            } else {
                levels[name] = try level("1", of: name[...], "--from", program)
            }
        }
        return levels
    }

    private func pulses(_ program: BooleanProgram) throws -> [BooleanPulse] {
        try pulse.map { word in
            guard let cut = word.lastIndex(of: "=") else {
                throw Stop(
                    .usage,
                    "--pulse: error: '\(Console.shown(word))' is not NODE=LEVEL:LENGTH\n  fix: write it as IFNg=1:1")
            }
            let parts = word[word.index(after: cut)...].split(separator: ":", omittingEmptySubsequences: false)
            let level = try level(parts[0], of: word[..<cut], "--pulse", program)
            guard parts.count <= 2, let length = parts.count == 2 ? Double(parts[1]) : .infinity, length > 0 else {
                throw Stop(
                    .usage,
                    "--pulse: error: '\(Console.shown(word))' has no length above 0\n  fix: write it as IFNg=1:1, or IFNg=1 for one that lasts"
                )
            }
            return BooleanPulse(String(word[..<cut]), at: level, for: length)
        }
    }
}
