import Testing

/// What each room may import of ours and of others.
///
/// ARCHITECTURE.md says why, and Package.swift must say the same.
let rooms: [String: Set<String>] = [
    "Biology": [],
    "ModelFiles": ["Biology", "Yams"],
    "Catalogue": ["Biology", "CCatalogue", "GRDB"],
    "HDF5": ["CHDF5"],
    "Tables": ["Biology", "Simulation", "HDF5", "CZlib"],
    "Simulation": ["Biology", "CLanes"],
    "Networks": ["Biology", "Simulation", "CLanes", "KernelsV1", "KernelsV3", "KernelsV4"],
    "NetworkFiles": ["Biology", "CSBML"],
    "WellMixed": ["Biology", "Simulation", "Networks"],
    "Tissue": ["Biology", "Simulation", "Networks", "CLanes", "KernelsV1", "KernelsV3", "KernelsV4"],
    "Results": ["Biology", "Simulation", "HDF5"],
    "Analysis": ["Biology", "Simulation", "Results"],
    "Exports": ["Biology", "Simulation", "Results", "HDF5"],
    "Commands": [
        "Biology", "ModelFiles", "Catalogue", "Tables", "Simulation", "Networks", "NetworkFiles", "WellMixed",
        "Tissue", "Results", "Analysis", "Exports",
        "ArgumentParser",
    ],
    "KernelsV1": ["CLanes"],
]

/// What the system brings: allowed everywhere, but Foundation neither in Biology nor in a kernel.
let system: Set<String> = ["Glibc", "Darwin", "Synchronization"]
let withoutFoundation: Set<String> = ["Biology", "KernelsV1"]

@Suite struct RoomTests {
    static let sources = Repository.swiftFiles(["Sources"])

    /// The module a line imports, or `nil`.
    static func imported(by line: Substring) -> String? {
        let words = line.split(separator: " ")
        guard let place = words.firstIndex(of: "import"), place + 1 < words.count else { return nil }
        let before: Set<Substring> = ["public", "package", "internal", "fileprivate", "private", "@preconcurrency"]
        guard words[..<place].allSatisfy({ before.contains($0) || $0.hasPrefix("@") }) else { return nil }
        let kinds: Set<Substring> = ["struct", "class", "enum", "func", "protocol", "typealias", "let", "var"]
        let module = kinds.contains(words[place + 1]) && place + 2 < words.count ? words[place + 2] : words[place + 1]
        return module.split(separator: ".").first.map(String.init)
    }

    @Test func thereAreSourcesToHold() {
        #expect(Self.sources.count > 10)
        #expect(Self.imported(by: "public import Biology") == "Biology")
        #expect(Self.imported(by: "import struct Foundation.Date") == "Foundation")
        #expect(Self.imported(by: "let import = 1") == nil)
    }

    @Test(arguments: sources)
    func importsOnlyWhatItsRoomMay(file: SourceFile) {
        guard let allowed = rooms[file.room] else {
            Issue.record("\(file.path): room '\(file.room)' is not in the table of this test")
            return
        }
        let foundation: Set<String> = withoutFoundation.contains(file.room) ? [] : ["Foundation"]
        let open = allowed.union(system).union(foundation)
        for (number, line) in file.code {
            guard let module = Self.imported(by: line) else { continue }
            #expect(open.contains(module), "\(file.path):\(number): \(file.room) may not import \(module)")
        }
    }

    @Test func packageSaysTheSame() {
        let manifest = Repository.read("Package.swift")
        var stated: [String: Set<String>] = [:]
        for (_, line) in manifest.code {
            let text = line.drop { $0 == " " }
            guard text.hasPrefix("room(\"") else { continue }
            let names = (text.firstRange(of: "exclude:").map { text[..<$0.lowerBound] } ?? text).split(
                separator: "\"", omittingEmptySubsequences: false
            ).enumerated()
                .filter { $0.offset % 2 == 1 }.map { String($0.element) }
            var dependencies = Set(names.dropFirst())
            if text.contains("grdb") { dependencies.insert("GRDB") }
            if text.contains("kernelNames") { dependencies.formUnion(["KernelsV1", "KernelsV3", "KernelsV4"]) }
            stated[names[0]] = dependencies
        }
        for (room, dependencies) in stated { #expect(rooms[room] == dependencies, "\(room) in Package.swift") }
        #expect(Set(stated.keys) == Set(rooms.keys).subtracting(["Commands", "KernelsV1"]))
    }

    @Test func architectureNamesEveryRoom() {
        let page = Repository.read("ARCHITECTURE.md").lines
        for room in rooms.keys where room != "KernelsV1" {
            #expect(page.contains { $0.hasPrefix("| \(room) |") }, "ARCHITECTURE.md has no row for \(room)")
        }
    }
}
