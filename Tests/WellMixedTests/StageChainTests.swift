import Testing

@testable import WellMixed

@Suite struct StageChainTests {
    @Test(arguments: [1, 0.95, 0.71, 0.7, 0.5, 0.4, 0.2, 0.11])
    func hasTheMeanAndVariance(variation: Double) throws {
        let chain = try #require(StageChain(mean: 3600, variation: variation))
        #expect(abs(chain.mean / 3600 - 1) < 1e-12)
        #expect(abs(chain.variance.squareRoot() / 3600 / variation - 1) < 1e-9)
        #expect(chain.rates.allSatisfy { $0 > 0 && $0.isFinite })
    }

    /// A duration that does not vary is the longest chain: 10 %.
    @Test func endsAtAHundredStages() throws {
        let chain = try #require(StageChain(mean: 60, variation: 0))
        #expect(chain.rates.count == 100)
        #expect(abs(chain.mean / 60 - 1) < 1e-12)
        #expect(abs(chain.variance.squareRoot() / 60 - 0.1) < 1e-12)
    }

    @Test func isNotThereForWhatVariesMore() { #expect(StageChain(mean: 60, variation: 1.01) == nil) }
}
