import Testing

@testable import Networks

/// How large a step's program may become: a file of a few hundred kB must not take all memory.
@Suite struct EliminationTests {
    private func dense(_ count: Int) -> SparsePattern {
        SparsePattern(rows: Array(repeating: Array(0..<count), count: count))
    }

    @Test func whatAllDependsOnAllIsRefusedBeforeItTakesMemory() throws {
        #expect(throws: NetworkFailure.self) {
            try Elimination(dense(700), isAlgebraic: Array(repeating: false, count: 700))
        }
        // All of a hundred on all is no more than it is: n² entries, and n of them on the diagonal.
        let small = try Elimination(dense(100), isAlgebraic: Array(repeating: false, count: 100))
        #expect(small.size == 10_000 && small.isSolvable)
    }
}
