import Foundation
import Results
import Testing

@Suite struct RunFolderTests {
    @Test func takesTheNextFreeName() throws {
        let scratch = try ScratchFolder()
        let names = try (0..<3).map { _ in try RunFolder(named: "niche", in: scratch.path).name }
        #expect(names == ["niche.paracrine-run", "niche-2.paracrine-run", "niche-3.paracrine-run"])
    }

    @Test func refusesANamedFolderThatHoldsSomething() throws {
        let scratch = try ScratchFolder()
        let path = scratch.path + "/out"
        let folder = try RunFolder(creating: path + "/")
        #expect(folder.path == path)
        let problem = try #require(throws: FileProblem.self) { try RunFolder(creating: path) }
        #expect(
            problem.description == """
                \(path): error: this folder is not empty (it holds 'frames')
                  fix: choose another folder with --out, or remove this one; results are never overwritten
                """)
    }

    @Test func takesAnEmptyFolderAndMakesMissingParents() throws {
        let scratch = try ScratchFolder()
        #expect(try RunFolder(creating: scratch.path + "/a/b").names(in: "") == ["frames"])
    }

    @Test func saysWhatToDoWhereItMayNotWrite() throws {
        let problem = try #require(throws: FileProblem.self) { try RunFolder(named: "niche", in: "/proc/none") }
        #expect(problem.path == "/proc/none/niche.paracrine-run")
        #expect(problem.fix.contains("folder"))
    }

    @Test func keepsHostileNamesWithinTheFolder() throws {
        #expect(RunFolder.fileName("../../etc/passwd\n") == "-..-etc-passwd-")
        #expect(RunFolder.fileName("...") == "model")
        #expect(RunFolder.fileName(String(repeating: "é", count: 500)).utf8.count <= 120)
    }

    @Test func isOnlyOpenedWhereARunWas() throws {
        let scratch = try ScratchFolder()
        #expect(throws: FileProblem.self) { try RunFolder(opening: scratch.path) }
        let folder = try RunFolder(named: "niche", in: scratch.path)
        try MadeUpRun.record(into: folder)
        #expect(try RunFolder(opening: folder.path) == folder)
    }

    /// /dev/full takes no byte, as a full disk does.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "this system has no /dev/full"))
    func saysThatTheDiskIsFull() throws {
        let scratch = try ScratchFolder()
        let folder = try RunFolder(named: "niche", in: scratch.path)
        let recorder = try ResultRecorder(folder: folder, manifest: MadeUpRun.manifest, modelJSON: "{}\n")
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("series.csv"), withDestinationPath: "/dev/full")
        let problem = try #require(throws: FileProblem.self) { try recorder.record(MadeUpRun.row(at: 0)) }
        #expect(problem.path == folder.file("series.csv"))
        #expect(problem.problem.contains("No space left"))
        #expect(problem.fix == "free some space on this disk, or write the results elsewhere with --out")
    }
}
