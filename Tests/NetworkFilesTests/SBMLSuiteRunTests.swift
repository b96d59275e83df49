import Foundation
import Synchronization
import Testing

@Suite struct SBMLSuiteRunTests {
    /// Of the suite's share: nothing wrong, hardly anything refused.
    @Test func theSuitesCasesPass() throws {
        guard let cases = try SharedFiles.unpack("sbml/sbml-cases.tar.xz") else { return }
        let folder = "\(cases.path)/sbml-dev/semantic"
        let ids = try FileManager.default.contentsOfDirectory(atPath: folder).filter { Int($0) != nil }.sorted()
        let outcomes = Mutex<[String: SuiteCase.Outcome]>([:])
        DispatchQueue.concurrentPerform(iterations: ids.count) { index in
            let outcome =
                (try? SuiteCase(ids[index], in: folder))?.run() ?? .failed("the case cannot be read")
            outcomes.withLock { $0[ids[index]] = outcome }
        }
        let all = outcomes.withLock { $0 }
        let passed = all.values.count { $0 == .passed }
        for (id, outcome) in all.sorted(by: { $0.key < $1.key }) {
            switch outcome {
            case .passed: break
            case .refused(let words): print("refused \(id): \(words)")
            case .wrong(let words): Issue.record("\(id) is wrong: \(words)")
            case .failed(let words): Issue.record("\(id) is neither run nor refused: \(words)")
            }
        }
        print("\(passed) of \(ids.count) cases pass")
        #expect(ids.count == 1075)
        #expect(passed >= 1050)
    }
}
