import Foundation

/// The states of a run that it can be continued or branched from: `checkpoints/` in its folder.
///
///     at-43200s.state   those that the model asks for
///     latest.state      the one that a run keeps for itself, and replaces
///     replicate-3.state what one of several runs came to
///
/// Each file is written aside, put on the disk and renamed, so that a kill or a full disk leaves the one before.
public struct CheckpointFolder: Sendable {
    public static let name = "checkpoints"
    private static let latest = "latest.state"
    private let run: RunFolder
    /// How many of those that the model asks for stay; `nil` for all.
    private let kept: Int?

    public init(_ run: RunFolder, keep: Int? = nil) {
        self.run = run
        kept = keep
    }

    /// The state of a run, and what must be the same for it to mean anything.
    public struct Checkpoint: Sendable {
        public var programVersion: String
        /// Of the bytes of `model.json`.
        public var modelHash: String
        /// Of the model's time, s.
        public var time: Double
        public var state: [UInt8]

        public init(programVersion: String, modelHash: String, time: Double, state: [UInt8]) {
            self.programVersion = programVersion
            self.modelHash = modelHash
            self.time = time
            self.state = state
        }
    }

    // MARK: - Writing

    /// Keeps a state; `isAsked` says that the model asks for it, and it stays beside others.
    public func write(_ checkpoint: Checkpoint, isAsked: Bool) throws {
        try write(checkpoint, isAsked ? "at-\(CSVTable.number(checkpoint.time))s.state" : CheckpointFolder.latest)
        guard isAsked, let kept else { return }
        for (name, _) in asked().dropLast(kept) { try run.remove("\(CheckpointFolder.name)/\(name)") }
    }

    /// Keeps what one of several runs came to, by its number from 0.
    public func write(_ outcome: Checkpoint, ofReplicate number: Int) throws {
        try write(outcome, CheckpointFolder.replicate(number))
    }

    private static func replicate(_ number: Int) -> String { "replicate-\(number + 1).state" }

    private func write(_ checkpoint: Checkpoint, _ name: String) throws {
        _ = try ResultFolder.make(run.file(CheckpointFolder.name), isNew: false)
        try ResultFile.replace(path(name)) { (aside) throws(FileProblem) in
            let file = try ResultFile(creating: aside)
            try file.append(CheckpointFolder.head(checkpoint))
            try file.append(checkpoint.state)
            file.sync()
        }
    }

    /// Several runs that have all come to their end need no outcomes of their own any more.
    public func removeReplicates(_ count: Int) throws {
        for number in 0..<count { try run.remove("\(CheckpointFolder.name)/\(CheckpointFolder.replicate(number))") }
    }

    /// A run that has come to its end needs no state of its own any more.
    public func removeLatest() throws { try run.remove("\(CheckpointFolder.name)/\(CheckpointFolder.latest)") }

    private func path(_ name: String) -> String { run.file("\(CheckpointFolder.name)/\(name)") }

    /// Those that the model asked for, by time.
    private func asked() -> [(name: String, time: Double)] {
        run.names(in: CheckpointFolder.name).compactMap { name in
            guard name.hasPrefix("at-"), name.hasSuffix("s.state") else { return nil }
            return Double(name.dropFirst(3).dropLast(7)).map { (name, $0) }
        }.sorted { $0.time < $1.time }
    }

    // MARK: - Reading

    /// Every state that is whole, the latest first; those that are not are passed over.
    public func checkpoints(noLaterThan time: Double = .infinity) -> [Checkpoint] {
        let names = asked().filter { $0.time <= time }.map(\.name) + [CheckpointFolder.latest]
        return names.compactMap(read).filter { $0.time <= time }.sorted { $0.time > $1.time }
    }

    /// What one of several runs came to, by its number from 0; `nil` where it did not, or it is not whole.
    public func outcome(ofReplicate number: Int) -> Checkpoint? { read(CheckpointFolder.replicate(number)) }

    private static let magic = "paracrine checkpoint 1"

    /// One line: what it is, of which version and model, when, and a checksum.
    private static func head(_ checkpoint: Checkpoint) -> String {
        let words = [
            magic, checkpoint.programVersion, checkpoint.modelHash, checkpoint.time.description,
            "\(checkpoint.state.count)", String(checksum(checkpoint.state), radix: 16),
        ]
        return words.joined(separator: "\t") + "\n"
    }

    private func read(_ name: String) -> Checkpoint? {
        guard let bytes = FileManager.default.contents(atPath: path(name)), let end = bytes.firstIndex(of: 10) else {
            return nil
        }
        let words = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\t").map(String.init)
        let state = [UInt8](bytes[bytes.index(after: end)...])
        guard words.count == 6, words[0] == CheckpointFolder.magic, let time = Double(words[3]), time.isFinite,
            words[4] == "\(state.count)", words[5] == String(CheckpointFolder.checksum(state), radix: 16)
        else { return nil }
        return Checkpoint(programVersion: words[1], modelHash: words[2], time: time, state: state)
    }

    /// Finds what a disk loses, not what somebody forges.
    ///
    /// - Source: FNV-1a (Fowler, Noll and Vo; from memory), over words of eight bytes.
    private static func checksum(_ bytes: [UInt8]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        let words = bytes.count / 8
        unsafe bytes.withUnsafeBytes { bytes in
            for word in 0..<words {
                hash = unsafe (hash ^ bytes.loadUnaligned(fromByteOffset: 8 * word, as: UInt64.self)) &* 0x100_0000_01B3
                hash ^= hash >> 32
            }
        }
        for byte in bytes[(8 * words)...] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
    }
}
