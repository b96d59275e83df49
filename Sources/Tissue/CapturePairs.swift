import Simulation

/// Near-field corrections between the cells that release a molecule and those that bind it, in compressed rows.
@safe final class CapturePairs {
    /// Participants that bind, and where the pairs of each start.
    private let rows: [Int32]
    private let starts: [Int]
    private let columns: [Int32]
    private let corrections: [Double]
    private let team: ThreadTeam
    private let partial: Buffer<Double>

    var isEmpty: Bool { columns.isEmpty }

    init(
        _ rowStarts: [Int], _ neighbours: [Int32], _ all: Buffer<Double>, isRow: [Bool], isColumn: [Bool],
        team: ThreadTeam
    ) {
        var (rows, starts, columns, corrections): ([Int32], [Int], [Int32], [Double]) = ([], [0], [], [])
        for i in isRow.indices where isRow[i] {
            for k in rowStarts[i]..<rowStarts[i + 1] where isColumn[Int(neighbours[k])] {
                columns.append(neighbours[k])
                corrections.append(all[k])
            }
            rows.append(Int32(i))
            starts.append(columns.count)
        }
        (self.rows, self.starts, self.columns, self.corrections) = (rows, starts, columns, corrections)
        self.team = team
        partial = Buffer(count: (rows.count + CapturePairs.grain - 1) / CapturePairs.grain)
    }

    private static let grain = 128

    /// Σ corrections · amount over each one's neighbours, into `sums`; molecules/µm³ for amounts in molecules/s.
    ///
    /// - Returns: The largest change of a sum.
    func sum(_ amounts: Buffer<Double>, into sums: Buffer<Double>) -> Double {
        let chunks = partial.count
        team.run(chunks: chunks) { chunk in
            var largest = 0.0
            for r in chunk * CapturePairs.grain..<min(rows.count, (chunk + 1) * CapturePairs.grain) {
                var sum = 0.0
                for k in starts[r]..<starts[r + 1] {
                    unsafe sum += corrections[k] * amounts.pointer[Int(columns[k])]
                }
                let i = Int(rows[r])
                unsafe largest = max(largest, abs(sum - sums.pointer[i]))
                unsafe sums.pointer[i] = sum
            }
            unsafe partial.pointer[chunk] = largest
        }
        return (0..<chunks).reduce(0) { max($0, partial[$1]) }
    }
}
