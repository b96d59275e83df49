import Networks

/// What `boolean --json` prints, and boolean.json holds.
struct BooleanSummary: Codable {
    var source: String
    var name: String
    var nodes: [String]
    var inputs: [String]
    var held: [String: Int] = [:]
    /// synchronous, asynchronous or continuous.
    var update: String?
    var attractors: [Attractor]?
    var coverage: Coverage?
    var fixedPoints: [[String]]?
    var hasAllFixedPoints: Bool?
    /// The nodes that are on, at each step.
    var path: [[String]]?
    var cycleStart: Int?
    var seed: UInt64?
    var course: Course?
    var values: Values?

    init(source: String, name: String, nodes: [String], inputs: [String]) {
        self.source = source
        self.name = name
        self.nodes = nodes
        self.inputs = inputs
    }

    struct Attractor: Codable {
        /// The nodes that are on, in each state.
        var states: [[String]]
        var size: Int
        var basin: Double
        var ownBasin: Double

        init(_ attractor: Networks.Attractor, _ program: BooleanProgram) {
            states = attractor.states.map { program.names($0) }
            size = attractor.size
            basin = attractor.basin
            ownBasin = attractor.ownBasin
        }
    }

    struct Coverage: Codable {
        /// Whether every state was a start.
        var isComplete: Bool
        var starts: Int
        var unresolved: Int

        init(_ attractors: Attractors) {
            unresolved = attractors.unresolved
            switch attractors.coverage {
            case .all(let states): (isComplete, starts) = (true, states)
            case .sample(let count): (isComplete, starts) = (false, count)
            }
        }
    }

    struct Share: Codable {
        var nodes: [String]
        var share: Double
    }

    struct Course: Codable {
        var samples: Int
        var switches: Int
        /// Starts of the windows.
        var times: [Double]
        var nodes: [String]
        /// [time][node], nodes fastest.
        var levels: [Double]
        var states: [[String]]
        /// [time][state], states fastest.
        var probabilities: [Double]
        var others: [Double]
        var fixedPoints: [Share]
    }

    struct Values: Codable {
        var times: [Double]
        var nodes: [String]
        /// [time][node], nodes fastest.
        var levels: [Double]
    }
}
