import Simulation
import Testing

@Suite struct RandomStreamTests {
    /// The known answers that come with Random123: `kat_vectors`, philox4x32 10.
    @Test func philoxGivesTheKnownAnswers() {
        let all = UInt32.max
        let answers: [(SIMD4<UInt32>, SIMD2<UInt32>, SIMD4<UInt32>)] = [
            ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            ([all, all, all, all], [all, all], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
            ),
        ]
        for (counter, key, answer) in answers { #expect(RandomStream.philox(counter: counter, key: key) == answer) }
    }

    @Test func everyKeyHasItsOwnNumbers() {
        var first: Set<UInt64> = []
        var count = 0
        for seed in [0, 1, UInt64.max] {
            for cell in [0, 1, 20_000_000] {
                for step in 0..<3 {
                    for purpose in RandomStream.Purpose.allCases {
                        for index in 0..<3 {
                            var stream = RandomStream(
                                seed: seed, cell: cell, step: step, purpose: purpose, index: index)
                            first.insert(UInt64(stream.next()) << 32 | UInt64(stream.next()))
                            count += 1
                        }
                    }
                }
            }
        }
        #expect(first.count == count)
    }

    @Test func rawValuesOfPurposesStayAsTheyAre() {
        #expect(
            RandomStream.Purpose.allCases.map(\.rawValue) == [
                1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 20, 21, 32, 40, 50, 51,
            ])
    }

    @Test func uniformNumbersFillTheUnitIntervalEvenly() {
        var stream = RandomStream(seed: 1, cell: 0, purpose: .position)
        let count = 100_000
        var sum = 0.0
        var tenths = [Int](repeating: 0, count: 10)
        for _ in 0..<count {
            let u = stream.uniform()
            #expect(u >= 0 && u < 1)
            sum += u
            tenths[Int(u * 10)] += 1
        }
        // Four standard errors: of the mean 1/√12n, of a count √(n·0.1·0.9).
        #expect(abs(sum / Double(count) - 0.5) < 4 / (12 * Double(count)).squareRoot())
        for tenth in tenths { #expect(abs(Double(tenth) - 10_000) < 4 * (Double(count) * 0.09).squareRoot()) }
    }

    @Test func numbersFilledInAreThoseDrawn() {
        var one = RandomStream(seed: 5, cell: 3, purpose: .reaction)
        var many = one
        let drawn = (0..<40).map { _ in one.uniform() }
        var filled = [Double](repeating: 0, count: 40)
        unsafe filled.withUnsafeMutableBufferPointer { buffer in
            unsafe many.fill(buffer.baseAddress!, count: 16)
            unsafe many.fill(buffer.baseAddress! + 16, count: 24)
        }
        #expect(filled == drawn)
        #expect(many.uniform() == one.uniform())
    }

    @Test func normalNumbersHaveMeanNoughtAndDeviationOne() {
        let values = (0..<100_000).map { cell in
            var stream = RandomStream(seed: 2, cell: cell, purpose: .receptor)
            return stream.normal()
        }
        let (mean, deviation) = moments(values)
        #expect(abs(mean) < 4 / 100_000.0.squareRoot())
        #expect(abs(deviation - 1) < 4 / 200_000.0.squareRoot())
    }

    /// Standard errors: of the mean CV·mean/√n; of the variance √((κ − 1)/n) of it, for the log-normal with w = 1 + CV²
    /// κ = w⁴ + 2w³ + 3w² − 3.
    @Test(arguments: [0.2, 0.5, 1.0]) func logNormalNumbersHaveTheStatedMeanAndVariation(variation: Double) {
        let count = 200_000
        let values = (0..<count).map { cell in
            var stream = RandomStream(seed: 3, cell: cell, purpose: .receptor, index: 1)
            return stream.logNormal(mean: 1500, variation: variation)
        }
        let (mean, deviation) = moments(values)
        let n = Double(count)
        let w = 1 + variation * variation
        let kurtosis = w * w * w * w + 2 * w * w * w + 3 * w * w - 3
        #expect(abs(mean / 1500 - 1) < 4 * variation / n.squareRoot())
        #expect(abs(deviation / 1500 / variation - 1) < 4 * ((kurtosis - 1) / n).squareRoot() / 2)
        #expect(values.allSatisfy { $0 > 0 })
    }

    @Test func logNormalKeepsItsHeadWithOddNumbers() {
        var stream = RandomStream(seed: 4, cell: 0, purpose: .secretion)
        #expect(stream.logNormal(mean: 7, variation: 0) == 7)
        #expect(stream.logNormal(mean: 0, variation: 3) == 0)
        for mean in [Double.leastNonzeroMagnitude, 1, .greatestFiniteMagnitude] {
            for variation in [1e-300, 1, 1e200, .greatestFiniteMagnitude] {
                let value = stream.logNormal(mean: mean, variation: variation)
                #expect(value.isFinite && value >= 0)
            }
        }
    }

    private func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, (square / Double(values.count - 1)).squareRoot())
    }
}
