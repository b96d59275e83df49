import NetworkFiles
import Testing

@Suite struct NetworkFileProblemTests {
    @Test func saysWhereWhatAndTheFix() {
        let problem = NetworkFileProblem(
            .malformed, file: "a.xml", line: 3, column: 7, problem: "no species 'X'", fix: "add it")
        #expect("\(problem)" == "a.xml:3:7: error: no species 'X'\n  fix: add it")
    }
}
