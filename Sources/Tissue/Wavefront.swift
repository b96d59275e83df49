import Simulation

/// Several passes over a field that each look at neighbouring rows of the one before, done as one pass over memory.
///
/// Every pass runs through the chunks of rows in order, each some chunks behind the one before it, so that what it reads
/// is still in a cache. With several threads a field is cut into slabs; what lacks a neighbour across a cut waits until
/// the slabs are done. Each pass still reads what the one before it left, so results are those of the passes one by one.
/// - Source: wavefront and trapezoid tiling of stencils (Wolf and Lam 1991, from memory).
struct Wavefront {
    private let team: ThreadTeam
    private let chunks: Int
    /// How many chunks away a row's farthest neighbour may lie.
    private let reach: Int
    /// Whether the last row is a neighbour of the first.
    private let isRing: Bool

    /// `isPeriodic`: By axis.
    init(_ grid: VoxelGrid, isPeriodic: [Bool], team: ThreadTeam) {
        self.team = team
        chunks = grid.chunks
        let away = grid.nz > 1 ? grid.ny : 1
        reach = (away + grid.rowsPerChunk - 1) / grid.rowsPerChunk
        isRing = grid.nz > 1 ? isPeriodic[2] : isPeriodic[1]
    }

    /// Runs `body` for every pass and chunk.
    ///
    /// A pass at a chunk may read what the pass before left up to `reach` chunks away, and write over what that one read.
    func run(passes: Int, _ body: (_ pass: Int, _ chunk: Int) -> Void) {
        let slabs = slabs(passes: passes)
        guard slabs > 0 else {
            for pass in 0..<passes { team.run(chunks: chunks) { body(pass, $0) } }
            return
        }
        team.run(chunks: slabs) { slab in
            let (start, end) = (bound(slab, slabs), bound(slab + 1, slabs))
            let (opens, closes) = (slab > 0 || isRing, slab < slabs - 1 || isRing)
            for time in 0..<end - start + (passes - 1) * reach {
                for pass in 0..<passes {
                    let (chunk, margin) = (start + time - pass * reach, pass * reach)
                    let isInside = chunk >= start + (opens ? margin : 0) && chunk < end - (closes ? margin : 0)
                    if isInside { body(pass, chunk) }
                }
            }
        }
        // Cuts lie before slabs; the first has one only where the field is a ring.
        let first = isRing ? 0 : 1
        team.run(chunks: slabs - first) { cut in
            let place = bound(cut + first, slabs)
            for pass in 1..<passes {
                for chunk in place - pass * reach..<place + pass * reach {
                    body(pass, chunk < 0 ? chunk + chunks : chunk)
                }
            }
        }
    }

    private func bound(_ slab: Int, _ slabs: Int) -> Int { slab * chunks / slabs }

    /// None where the field is too small to be cut so that its cuts stay apart.
    private func slabs(passes: Int) -> Int {
        let least = 2 * passes * reach
        if team.count == 1 && !isRing { return 1 }
        // Chosen: three slabs a thread even out the load; more cuts read more twice.
        let slabs = min(3 * team.count, chunks / least)
        return slabs >= team.count ? slabs : 0
    }
}
