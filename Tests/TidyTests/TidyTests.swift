import Testing

/// The rules of CONTRIBUTING.md that a machine can check.
@Suite struct TidyTests {
    static let files = Repository.swiftFiles(["Sources", "Tests"])
    static let sources = Repository.swiftFiles(["Sources"])

    @Test(arguments: files)
    func fileFitsASitting(file: SourceFile) {
        #expect(file.lines.count <= 400, "\(file.path) has \(file.lines.count) lines, at most 400")
    }

    @Test(arguments: files)
    func functionFitsAScreen(file: SourceFile) {
        for function in Functions.of(file) {
            #expect(function.length <= 60, "\(file.path):\(function.line): \(function.length) lines, at most 60")
        }
    }

    @Test(arguments: files)
    func nothingIsNamedEmptily(file: SourceFile) {
        let empty = ["Util", "Helper", "Manager", "Common"]
        #expect(!empty.contains { file.name.contains($0) }, "\(file.path): a file is named for what it defines")
        let declarations: Set<Substring> = ["struct", "class", "enum", "protocol", "actor", "typealias"]
        for (number, line) in file.code {
            let words = line.split { !$0.isLetter && !$0.isNumber }
            for (keyword, name) in zip(words, words.dropFirst()) where declarations.contains(keyword) {
                #expect(!empty.contains { name.contains($0) }, "\(file.path):\(number): '\(name)' names nothing")
            }
        }
    }

    @Test(arguments: files)
    func nothingIsLeftOpen(file: SourceFile) {
        let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "not " + "implemented", "unimple" + "mented"]
        for (index, line) in file.lines.enumerated() {
            for mark in marks { #expect(!line.contains(mark), "\(file.path):\(index + 1): \(mark)") }
        }
    }

    @Test(arguments: sources.filter { $0.room != "Commands" })
    func libraryNeitherPrintsNorExits(file: SourceFile) {
        for (number, line) in file.code {
            for call in ["print(", "exit(", "fatalError(", "debugPrint("] {
                for found in line.ranges(of: call) {
                    let before = line[..<found.lowerBound].last
                    let isCall = before.map { !$0.isLetter && !$0.isNumber && $0 != "." && $0 != "_" } ?? true
                    #expect(!isCall, "\(file.path):\(number): only Commands prints or exits")
                }
            }
        }
    }

    @Test func nothingBuiltIsCommitted() {
        guard let tracked = Repository.tracked() else { return }
        let built = [".build", ".venv", "__pycache__", ".DS_Store", ".paracrine-run"]
        for path in tracked {
            let parts = path.split(separator: "/")
            #expect(path != "Package.resolved", "the newest fitting libraries are resolved, not pinned")
            #expect(!parts.contains { part in built.contains { part.contains($0) } }, "\(path) is built, not written")
        }
    }
}

/// A function's first line and how many lines it takes, signature and braces included.
struct Functions {
    var line: Int
    var length: Int

    /// The functions and initialisers of a file, by the indentation swift-format gives them.
    static func of(_ file: SourceFile) -> [Functions] {
        var found: [Functions] = []
        for (index, text) in file.lines.enumerated() {
            let body = text.drop { $0 == " " }
            let words = body.split { $0 == " " || $0 == "(" || $0 == "<" || $0 == "?" }
            let isComment = body.hasPrefix("//")
            guard !isComment, words.prefix(6).contains("func") || words.prefix(3).contains("init") else { continue }
            let indent = text.count - body.count
            guard let last = end(from: index, indent: indent, in: file.lines) else { continue }
            found.append(Functions(line: index + 1, length: last - index + 1))
        }
        return found
    }

    /// The line that closes the function, or `nil` for one without a body or on one line.
    private static func end(from start: Int, indent: Int, in lines: [Substring]) -> Int? {
        let margin = String(repeating: " ", count: indent)
        var opening = start
        while opening < lines.count, !lines[opening].hasSuffix("{") {
            let next = opening + 1
            guard next < lines.count, !lines[opening].hasSuffix("}") else { return nil }
            guard lines[next].hasPrefix(margin + " ") || lines[next].hasPrefix(margin + ")") else { return nil }
            opening = next
        }
        return lines[opening...].firstIndex { $0 == margin + "}" }
    }
}

@Suite struct FunctionsTests {
    @Test func measuresFromSignatureToBrace() {
        let text =
            "struct A {\n    func b(\n        c: Int\n    ) {\n        c\n    }\n    func d() {}\n    func e()\n}"
        let file = SourceFile(path: "Tests/A.swift", lines: text.split(separator: "\n"))
        #expect(Functions.of(file).map(\.line) == [2])
        #expect(Functions.of(file).map(\.length) == [5])
    }
}
