import Biology

/// What all trajectories of a course have in common.
struct TrajectoryPlan: Sendable {
    let program: BooleanProgram
    let tables: SwitchTables
    let starts: BooleanStarts
    let request: BooleanCourseRequest
    let windows: Int
    /// In the order of their ends.
    let pulses: [Pulse]
    /// The bits of nodes that are not internal.
    let shown: [UInt64]
    let shownPlaces: [Int]

    struct Pulse: Sendable {
        var place: Int
        var level: Int
        var end: Double
    }

    var end: Double { Double(windows) * request.tick }

    init(_ program: BooleanProgram, _ request: BooleanCourseRequest, windows: Int) throws(NetworkFailure) {
        self.program = program
        self.request = request
        self.windows = windows
        tables = SwitchTables(program)
        starts = BooleanStarts(program)
        var pulses: [Pulse] = []
        for pulse in request.pulses {
            pulses.append(Pulse(place: try program.checked(pulse), level: pulse.level, end: pulse.length))
        }
        self.pulses = pulses.sorted { $0.end < $1.end }
        shownPlaces = program.network.nodes.indices.filter { !program.network.nodes[$0].isInternal }
        var mask = program.state()
        for place in shownPlaces { for bit in program.bits(of: place) { mask[bit] = true } }
        shown = mask.words
    }
}
