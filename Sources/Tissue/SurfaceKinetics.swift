import Biology

/// Solves one block of a cell's surface reactions together with the concentration at its surface.
///
/// The unknowns are the numbers u of the block's species; the concentrations follow from them, since a cell's own net
/// release raises its surface by γ: c = (reading + γ (q + Σ k_off B)) / (1 + γ Σ k_on R)   (numerics, section 2).
/// A stage of length τ solves u = base + τ f(u, c(u)) by Newton's method with the exact Jacobian.
@safe struct SurfaceKinetics {
    /// Work space for one chunk of cells: a block's numbers, its Jacobian and right-hand sides, and values by ligand.
    @safe final class Work {
        fileprivate let values: UnsafeMutablePointer<Double>
        /// The block's species, in and out; what the stage starts from; their rates.
        let u: UnsafeMutablePointer<Double>
        let base: UnsafeMutablePointer<Double>
        let rates: UnsafeMutablePointer<Double>
        let surroundings: UnsafeMutablePointer<Surroundings>
        let outcomes: UnsafeMutablePointer<Outcome>

        init(largestBlock n: Int, ligands: Int) {
            let n = max(n, 1)
            unsafe values = .allocate(capacity: n * n + 2 * n + 4 * max(ligands, 1))
            unsafe u = .allocate(capacity: n)
            unsafe base = .allocate(capacity: n)
            unsafe rates = .allocate(capacity: n)
            unsafe surroundings = .allocate(capacity: max(ligands, 1))
            unsafe outcomes = .allocate(capacity: max(ligands, 1))
        }

        deinit {
            unsafe values.deallocate()
            unsafe u.deallocate()
            unsafe base.deallocate()
            unsafe rates.deallocate()
            unsafe surroundings.deallocate()
            unsafe outcomes.deallocate()
        }
    }

    /// One ligand as the cell meets it: what it reads (neighbours included), γ, and what it secretes.
    struct Surroundings {
        var reading: Double
        var gamma: Double
        var secretion: Double
    }

    /// What came out for one ligand.
    struct Outcome {
        /// At the surface, molecules/µm³.
        var surface: Double
        /// Net, molecules/s.
        var release: Double
        /// −d release/d reading, µm³/s.
        var slope: Double
    }

    /// Solves a stage, or with `tau` = 0 evaluates the rates at `u` as it is.
    ///
    /// `expression` is the cell's stated number of each of the model's receptors; `work` holds u, base and
    /// surroundings, and receives u, rates and outcomes.
    @unsafe static func solve(
        _ block: SurfaceNetwork.Block, tau: Double, expression: UnsafePointer<Double>, work: Work
    ) {
        let (u, base, rates) = unsafe (work.u, work.base, work.rates)
        let (surroundings, outcomes) = unsafe (work.surroundings, work.outcomes)
        let n = block.species.count
        let m = block.ligands.count
        let jacobian = unsafe work.values
        let rest = unsafe jacobian + n * n
        let perLigand = unsafe rest + 2 * n
        var scale = 1.0
        for i in 0..<n { unsafe scale += abs(base[i]) }
        for iteration in 0..<mostIterations {
            unsafe concentrations(block, u, surroundings, perLigand)
            unsafe evaluate(block, u, perLigand, expression, rates)
            if tau == 0 { break }
            var largest = 0.0
            for i in 0..<n {
                unsafe rest[i] = base[i] + tau * rates[i] - u[i]
                unsafe largest = max(largest, abs(rest[i]))
            }
            if iteration > 0 && largest <= 1e-12 * scale { break }
            unsafe fillJacobian(block, tau, u, surroundings, perLigand, jacobian)
            unsafe eliminate(jacobian, rest, n)
            var change = 0.0
            for i in 0..<n {
                unsafe u[i] += rest[i]
                unsafe change = max(change, abs(rest[i]))
            }
            // Newton squares the error: after a change this small the next one is below rounding.
            if change <= 1e-7 * scale {
                unsafe concentrations(block, u, surroundings, perLigand)
                unsafe evaluate(block, u, perLigand, expression, rates)
                break
            }
        }
        for l in 0..<m {
            unsafe outcomes[l] = outcome(block, l, tau, u, surroundings, perLigand, jacobian, rest)
        }
    }

    private static let mostIterations = 30

    /// perLigand[4l...]: c, Σ k_on R, 1/(1 + γ Σ k_on R), Σ k_off B.
    @unsafe @inline(__always)
    private static func concentrations(
        _ block: SurfaceNetwork.Block, _ u: UnsafePointer<Double>, _ around: UnsafePointer<Surroundings>,
        _ perLigand: UnsafeMutablePointer<Double>
    ) {
        for l in 0..<block.ligands.count {
            unsafe perLigand[4 * l + 1] = 0
            unsafe perLigand[4 * l + 3] = 0
        }
        for b in block.bindings {
            unsafe perLigand[4 * b.ligand + 1] += b.kOn * u[b.free]
            unsafe perLigand[4 * b.ligand + 3] += b.kOff * u[b.bound]
        }
        for l in 0..<block.ligands.count {
            let gamma = unsafe around[l].gamma
            let share = unsafe 1 / (1 + gamma * perLigand[4 * l + 1])
            unsafe perLigand[4 * l + 2] = share
            unsafe perLigand[4 * l] =
                share * (around[l].reading + gamma * (around[l].secretion + perLigand[4 * l + 3]))
        }
    }

    @unsafe @inline(__always)
    private static func evaluate(
        _ block: SurfaceNetwork.Block, _ u: UnsafePointer<Double>, _ perLigand: UnsafePointer<Double>,
        _ expression: UnsafePointer<Double>, _ rates: UnsafeMutablePointer<Double>
    ) {
        for i in 0..<block.species.count { unsafe rates[i] = 0 }
        for b in block.bindings {
            let net = unsafe b.kOn * perLigand[4 * b.ligand] * u[b.free] - b.kOff * u[b.bound]
            unsafe rates[b.free] -= net
            unsafe rates[b.bound] += net
        }
        for j in block.joinings {
            let net = unsafe j.kOn * u[j.first] * u[j.second] - j.kOff * u[j.joined]
            unsafe rates[j.first] -= net
            unsafe rates[j.second] -= net
            unsafe rates[j.joined] += net
        }
        for f in block.flows {
            let flow = unsafe f.rate * u[f.from]
            unsafe rates[f.from] -= flow
            for to in f.to { unsafe rates[to] += flow }
        }
        for s in block.syntheses { unsafe rates[s.species] += s.rate * expression[s.receptor] }
    }

    /// I − τ (∂f/∂u + ∂f/∂c ∂c/∂u), row by row.
    @unsafe @inline(__always)
    private static func fillJacobian(
        _ block: SurfaceNetwork.Block, _ tau: Double, _ u: UnsafePointer<Double>,
        _ around: UnsafePointer<Surroundings>, _ perLigand: UnsafePointer<Double>, _ a: UnsafeMutablePointer<Double>
    ) {
        let n = block.species.count
        for i in 0..<n * n { unsafe a[i] = 0 }
        for i in 0..<n { unsafe a[i * n + i] = 1 }
        for b in block.bindings {
            let c = unsafe perLigand[4 * b.ligand]
            unsafe add(a, n, tau * b.kOn * c, from: b.free, out: b.free, into: b.bound)
            unsafe add(a, n, -tau * b.kOff, from: b.bound, out: b.free, into: b.bound)
            // The surface concentration falls with every free receptor and rises with every bound one of this ligand.
            let gain = unsafe tau * b.kOn * u[b.free] * around[b.ligand].gamma * perLigand[4 * b.ligand + 2]
            for other in block.bindings where other.ligand == b.ligand {
                unsafe add(a, n, -gain * other.kOn * c, from: other.free, out: b.free, into: b.bound)
                unsafe add(a, n, gain * other.kOff, from: other.bound, out: b.free, into: b.bound)
            }
        }
        for j in block.joinings {
            unsafe addJoining(a, n, tau * j.kOn * u[j.second], from: j.first, j)
            unsafe addJoining(a, n, tau * j.kOn * u[j.first], from: j.second, j)
            unsafe addJoining(a, n, -tau * j.kOff, from: j.joined, j)
        }
        for f in block.flows {
            unsafe a[f.from * n + f.from] += tau * f.rate
            for to in f.to { unsafe a[to * n + f.from] -= tau * f.rate }
        }
    }

    /// A flow of rate·u[from] out of one species and into another.
    @unsafe @inline(__always)
    private static func add(
        _ a: UnsafeMutablePointer<Double>, _ n: Int, _ rate: Double, from: Int, out: Int, into: Int
    ) {
        unsafe a[out * n + from] += rate
        unsafe a[into * n + from] -= rate
    }

    @unsafe @inline(__always)
    private static func addJoining(
        _ a: UnsafeMutablePointer<Double>, _ n: Int, _ rate: Double, from: Int, _ j: SurfaceNetwork.Joining
    ) {
        unsafe add(a, n, rate, from: from, out: j.first, into: j.joined)
        unsafe a[j.second * n + from] += rate
    }

    /// Solves a x = b in place; a becomes its own factors, so that `back` can solve for more right-hand sides.
    ///
    /// No pivoting: rows of I − τ f_u for mass action are dominated by their diagonals for every τ that a step accepts.
    @unsafe @inline(__always)
    static func eliminate(_ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>, _ n: Int) {
        for k in 0..<n {
            let inverse = unsafe 1 / a[k * n + k]
            for i in k + 1..<max(n, k + 1) {
                let factor = unsafe a[i * n + k] * inverse
                unsafe a[i * n + k] = factor
                if factor == 0 { continue }
                for j in k + 1..<n { unsafe a[i * n + j] -= factor * a[k * n + j] }
            }
        }
        unsafe back(a, b, n)
    }

    @unsafe @inline(__always)
    private static func back(_ a: UnsafePointer<Double>, _ b: UnsafeMutablePointer<Double>, _ n: Int) {
        for i in 0..<n {
            for j in 0..<i { unsafe b[i] -= a[i * n + j] * b[j] }
        }
        for i in stride(from: n - 1, through: 0, by: -1) {
            for j in i + 1..<max(n, i + 1) { unsafe b[i] -= a[i * n + j] * b[j] }
            unsafe b[i] /= a[i * n + i]
        }
    }

    /// Surface concentration, net release and its slope for ligand l, with the factored Jacobian of the last iteration.
    @unsafe private static func outcome(
        _ block: SurfaceNetwork.Block, _ l: Int, _ tau: Double, _ u: UnsafePointer<Double>,
        _ around: UnsafePointer<Surroundings>, _ perLigand: UnsafePointer<Double>,
        _ factors: UnsafePointer<Double>, _ du: UnsafeMutablePointer<Double>
    ) -> Outcome {
        let n = block.species.count
        let (c, taken) = unsafe (perLigand[4 * l], perLigand[4 * l + 1])
        let (share, returned) = unsafe (perLigand[4 * l + 2], perLigand[4 * l + 3])
        let release = unsafe around[l].secretion + returned - taken * c
        guard tau > 0 else { return Outcome(surface: c, release: release, slope: taken * share) }
        for i in 0..<n { unsafe du[i] = 0 }
        for b in block.bindings where b.ligand == l {
            let gain = unsafe tau * b.kOn * u[b.free] * share
            unsafe du[b.free] -= gain
            unsafe du[b.bound] += gain
        }
        unsafe back(factors, du, n)
        // release = q + E − S c with c = (reading + γ(q + E))/(1 + γS): its total change with the reading.
        var (changeTaken, changeReturned) = (0.0, 0.0)
        for b in block.bindings where b.ligand == l {
            unsafe changeTaken += b.kOn * du[b.free]
            unsafe changeReturned += b.kOff * du[b.bound]
        }
        let gamma = unsafe around[l].gamma
        let changeSurface = share * (1 + gamma * (changeReturned - c * changeTaken))
        let slope = taken * changeSurface + c * changeTaken - changeReturned
        return Outcome(surface: c, release: release, slope: max(0, slope))
    }
}
