import ArgumentParser
import Biology
import Foundation
import Networks
import Results

struct SensitivityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sensitivity",
        abstract: "Say how the course of a reaction network shifts with each parameter, at every time.",
        discussion: """
            Examples:
              paracrine sensitivity model.xml --until 100
              paracrine sensitivity model.xml --until 24000 --every 600 --to k_on --to L --quantity T_1 --json

            Every row has a time, a quantity, a parameter, the quantity's value, its slope d quantity / d parameter, the \
            scaled slope (per cent for one per cent) and an error of the slope: central differences over two widths, put \
            together; the error is what the wider one changes. A species among parameters means its start. Runs are ODEs \
            with events. The results are sensitivity.csv and sensitivity.json. Ctrl-C keeps the parameters that are done.
            """)

    @OptionGroup var source: NetworkOptions

    @Option(help: ArgumentHelp("The end of the course, in the network's unit of time.", valueName: "time"))
    var until: Double

    @Option(
        help: ArgumentHelp("How often a row is written; otherwise a hundredth of the course.", valueName: "time"))
    var every: Double?

    @Option(
        name: .customLong("to"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A parameter, or the start of a species; as often as needed, otherwise every constant parameter.",
            valueName: "name"))
    var parameters: [String] = []

    @Option(
        name: .customLong("quantity"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("What is looked at, otherwise all that changes.", valueName: "name"))
    var quantities: [String] = []

    @OptionGroup var threading: ThreadOptions

    @Option(
        help: ArgumentHelp(
            "The folder for the results, new or empty; otherwise NAME.paracrine-sensitivity here.",
            valueName: "folder"),
        completion: .directory)
    var out: String?

    @Flag(help: "Show no progress.")
    var quiet = false

    @Flag(help: "Print the rows as JSON.")
    var json = false

    func run() throws {
        let threads = try threading.count
        let chosen = try ChosenNetwork(source)
        let names = try chosen.quantities(quantities)
        for name in parameters where chosen.network.with([name: 0]).unknown.contains(name) {
            throw ChosenNetwork.unknown(name, "--to", chosen.network)
        }
        let asked = parameters.isEmpty ? chosen.network.parameters.filter(\.isConstant).map(\.name) : parameters
        guard !asked.isEmpty, !names.isEmpty else {
            throw Stop(
                .model,
                "\(chosen.path): error: nothing in this network \(names.isEmpty ? "changes" : "is a constant parameter")\n  fix: name some with \(names.isEmpty ? "--quantity" : "--to")"
            )
        }
        let times = try times()
        let count = asked.count * names.count * times.count
        guard count <= SensitivityCommand.mostRows else {
            throw Stop(
                .usage,
                "--every: error: these make \(count) rows, at most \(SensitivityCommand.mostRows)\n  fix: name fewer with --to and --quantity, or take longer steps"
            )
        }
        let request = CourseRequest(times: times, outputs: names.map { .init($0) })
        Interruption.watch()
        let network = chosen.network
        let found = Ensemble(threads: threads, isQuiet: quiet || json).each(asked.count) { index, _, _ in
            Result {
                let absolute = SensitivityCommand.absolute(network)
                return try CourseSensitivity(network, to: asked[index], request: request, absolute: absolute) {
                    !Interruption.isRequested
                }
            }
        }
        let middle = try OrdinaryCourse(network).run(
            request, relative: 1e-10, absolute: SensitivityCommand.absolute(network), seed: 1)
        let shifts = try found.compactMap { try $0?.get() }
        try finish(SensitivityTable(chosen, middle, shifts), chosen)
    }

    /// Chosen: a table of some 100 MB.
    static let mostRows = 1_000_000

    /// Chosen: a hundred-millionth of a millionth of the largest start counts as nothing; networks have whatever units they have.
    private static func absolute(_ network: ReactionNetwork) -> Double {
        let starts = network.species.map { species -> Double in
            switch species.initial {
            case .amount(let value), .concentration(let value): return abs(value)
            case .unset: return 0
            }
        }
        let largest = starts.filter(\.isFinite).max() ?? 0
        return 1e-14 * (largest > 0 ? largest : 1)
    }

    private func times() throws -> [Double] {
        let step = every ?? until / 100
        guard until > 0, until.isFinite, step > 0, until / step <= 1e6 else {
            throw Stop(
                .usage,
                "--until, --every: error: a course to \(until) in steps of \(step) is none\n  fix: give two numbers above 0, of which the second is not far smaller"
            )
        }
        let count = Int((until / step * (1 - 1e-12)).rounded(.up))
        return (0..<count).map { Double($0) * step } + [until]
    }

    private func finish(_ table: SensitivityTable, _ chosen: ChosenNetwork) throws {
        let folder =
            try out.map { try ResultFolder(creating: $0) }
            ?? ResultFolder(named: chosen.stem, ending: "paracrine-sensitivity", in: ".")
        let text = try JSONText.encode(table)
        try folder.write(text + "\n", to: "sensitivity.json")
        try folder.write(table.csv, to: "sensitivity.csv")
        if json {
            Console.answer(text)
        } else {
            Console.answer("\(table.courses.count) courses of sensitivities")
            Console.answer("Results: \(folder.path)")
        }
        if Interruption.isRequested { throw Stop(.interrupted, "") }
    }
}

/// Sensitivities over time as they are written.
struct SensitivityTable: Encodable {
    struct Course: Encodable {
        var quantity: String
        var parameter: String
        /// Of the parameter.
        var at: Double
        /// d quantity / d parameter, one a time.
        var slopes: [Double]
        /// (parameter / quantity) · slope; `nil` where the quantity is 0.
        var scaled: [Double?]
        /// Of the slopes.
        var errors: [Double]
    }

    var network: String
    var times: [Double]
    /// By quantity, one a time.
    var values: [String: [Double]]
    var courses: [Course]

    init(_ chosen: ChosenNetwork, _ middle: TimeCourse, _ shifts: [CourseSensitivity]) {
        network = chosen.network.name.isEmpty ? chosen.stem : chosen.network.name
        times = middle.times
        values = Dictionary(middle.names.map { ($0, middle.column($0) ?? []) }) { first, _ in first }
        courses = []
        for shift in shifts {
            for (place, name) in shift.names.enumerated() {
                let rows = shift.times.indices.map { $0 * shift.names.count + place }
                let slopes = rows.map { shift.slopes[$0] }
                courses.append(
                    Course(
                        quantity: name, parameter: shift.parameter, at: shift.value, slopes: slopes,
                        scaled: rows.indices.map { row in
                            let value = middle.values[rows[row]]
                            return value == 0 ? nil : slopes[row] * shift.value / value
                        }, errors: rows.map { shift.errors[$0] }))
            }
        }
    }

    var csv: String {
        var text = CSVTable.line(["time", "quantity", "parameter", "value", "slope", "scaled", "error of slope"])
        for course in courses {
            let values = values[course.quantity] ?? []
            for (row, time) in times.enumerated() {
                text += CSVTable.line(
                    [CSVTable.number(time), course.quantity, course.parameter, CSVTable.number(values[row])]
                        + [CSVTable.number(course.slopes[row]), course.scaled[row].map(CSVTable.number) ?? ""]
                        + [CSVTable.number(course.errors[row])])
            }
        }
        return text
    }
}
