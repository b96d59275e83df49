import Foundation

/// What is needed to repeat a run, and how it went.
public struct RunManifest: Codable, Hashable, Sendable {
    public enum Outcome: String, Codable, Hashable, Sendable {
        /// Still going, or killed.
        case running
        case finished
        /// By the user, before its time.
        case stopped
        case failed
    }

    /// What advanced the model.
    public enum Engine: String, Codable, Hashable, Sendable {
        case tissue
        /// Without space, as ordinary differential equations.
        case ode = "well mixed, ODE"
        /// Without space, by exact chance.
        case ssa = "well mixed, SSA"
    }

    public var programVersion: String
    /// Of the model language.
    public var languageVersion: Int
    public var modelName: String
    /// Of the bytes of `model.json`.
    public var modelHash: String
    public var seed: UInt64
    /// As given: "--threads": "2".
    public var options: [String: String]
    public var host: String
    public var threads: Int
    /// `nil` in manifests from before there was a choice: the tissue.
    public var engine: Engine?
    public var outcome = Outcome.running
    /// Why it stopped or failed; empty otherwise.
    public var reason = ""
    /// How far the run came, s of the model's time.
    public var simulatedSeconds = 0.0
    /// UTC, ISO 8601.
    public var startedAt = ""
    public var endedAt = ""
    public var wallSeconds = 0.0
    public var cpuSeconds = 0.0
    /// Files of the folder, sorted.
    public var outputs: [String] = []
    /// What to read to run it again; `nil` in manifests from before there was such a thing, and without a model file.
    public var source: Source?
    /// Where it began, if that was within another run.
    public var branch: Branch?

    /// The model as it was given: the text itself stands in `source.paracrine.yaml`.
    public struct Source: Codable, Hashable, Sendable {
        /// The model file's name, and the folder that it is in, and what it names is beside; absolute.
        public var name: String
        public var folder: String
        /// Values changed by --set, in order.
        public var settings: [String]
        public var table: String?
        /// Folders of --catalogue.
        public var catalogues: [String]

        public init(name: String, folder: String, settings: [String], table: String?, catalogues: [String]) {
            self.name = name
            self.folder = folder
            self.settings = settings
            self.table = table
            self.catalogues = catalogues
        }
    }

    /// The run that another begins in the middle of.
    public struct Branch: Codable, Hashable, Sendable {
        /// Its folder.
        public var run: String
        /// Of the model's time, s.
        public var time: Double

        public init(run: String, time: Double) {
            self.run = run
            self.time = time
        }
    }

    /// A run that is about to start on this machine.
    public init(
        programVersion: String, languageVersion: Int, modelName: String, modelHash: String, seed: UInt64,
        options: [String: String], threads: Int, engine: Engine = .tissue
    ) {
        self.programVersion = programVersion
        self.languageVersion = languageVersion
        self.modelName = modelName
        self.modelHash = modelHash
        self.seed = seed
        self.options = options
        self.threads = threads
        self.engine = engine
        host = RunManifest.hostName
    }

    /// Whether space was left out.
    public var isMixed: Bool { engine == .ode || engine == .ssa }

    /// As the system calls itself; asks no name server.
    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    static let fileName = "manifest.json"

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        }
    }

    init(_ text: String, path: String) throws(FileProblem) {
        do {
            self = try JSONDecoder().decode(RunManifest.self, from: Data(text.utf8))
        } catch {
            throw FileProblem(
                path: path, problem: "this manifest cannot be read: \(error)",
                fix: "use a folder that this version wrote")
        }
    }
}
