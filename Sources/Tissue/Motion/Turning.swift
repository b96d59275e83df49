import Simulation

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Directions that turning cells draw around a bias κ: any where it is 0, the closer to it the longer it is.
enum Turning {
    /// From the von Mises–Fisher distribution, density ∝ exp(κ · u) over directions u in space; its mean cosine is
    /// coth κ − 1/κ.
    ///
    /// The cosine w has density ∝ e^(κw) on −1...1, so its distribution function is inverted in closed form:
    /// w = 1 + ln(u + (1 − u) e^(−2κ))/κ, written so that nothing cancels for small κ.
    ///
    /// Source: Fisher (1953), Dispersion on a sphere, doi:10.1098/rspa.1953.0064, for the law (from memory); the law is
    /// held by a test.
    static func inSpace(_ bias: (x: Double, y: Double, z: Double), _ stream: inout RandomStream) -> (
        x: Double, y: Double, z: Double
    ) {
        let kappa = (bias.x * bias.x + bias.y * bias.y + bias.z * bias.z).squareRoot()
        let left = stream.uniform()
        let angle = 2 * Double.pi * stream.uniform()
        // Below this the distribution differs from any direction by less than doubles hold.
        let isBiased = kappa > 1e-16
        let cosine = isBiased ? max(-1, 1 + log1p(left * expm1(-2 * kappa)) / kappa) : 1 - 2 * left
        let sine = max(0, (1 - cosine) * (1 + cosine)).squareRoot()
        let (a, b) = (sine * cos(angle), sine * sin(angle))
        guard isBiased else { return (a, b, cosine) }
        let axis = (x: bias.x / kappa, y: bias.y / kappa, z: bias.z / kappa)
        // Two directions across the axis: Frisvad's, with the sign of z kept away from its singularity.
        let sign = axis.z < 0 ? -1.0 : 1.0
        let f = -1 / (sign + axis.z)
        let g = axis.x * axis.y * f
        let first = (x: 1 + sign * axis.x * axis.x * f, y: sign * g, z: -sign * axis.x)
        let second = (x: g, y: sign + axis.y * axis.y * f, z: -axis.y)
        return (
            a * first.x + b * second.x + cosine * axis.x, a * first.y + b * second.y + cosine * axis.y,
            a * first.z + b * second.z + cosine * axis.z
        )
    }

    /// From the von Mises distribution, density ∝ exp(κ cos θ) over directions in the plane; its mean cosine is
    /// I₁(κ)/I₀(κ).
    ///
    /// Source: Best & Fisher (1979), Efficient simulation of the von Mises distribution, doi:10.2307/2346732 (from
    /// memory); the law is held by a test.
    static func inPlane(_ bias: (x: Double, y: Double), _ stream: inout RandomStream) -> (x: Double, y: Double) {
        let kappa = (bias.x * bias.x + bias.y * bias.y).squareRoot()
        if kappa <= 1e-16 {
            let angle = 2 * Double.pi * stream.uniform()
            return (cos(angle), sin(angle))
        }
        let r = wrapping(kappa)
        var cosine = 1.0
        while true {
            let z = cos(.pi * stream.uniform())
            cosine = (1 + r * z) / (r + z)
            let c = kappa * (r - cosine)
            let u = stream.openUniform()
            if c * (2 - c) > u || log(c / u) + 1 >= c { break }
        }
        cosine = min(1, max(-1, cosine))
        let sine = ((1 - cosine) * (1 + cosine)).squareRoot() * (stream.uniform() < 0.5 ? -1 : 1)
        return ((cosine * bias.x - sine * bias.y) / kappa, (cosine * bias.y + sine * bias.x) / kappa)
    }

    /// r = (1 + ρ²)/(2ρ) of the wrapped Cauchy envelope; its series where κ is small and the formula cancels.
    private static func wrapping(_ kappa: Double) -> Double {
        if kappa < 1e-5 { return 1 / kappa + kappa }
        let t = 1 + (1 + 4 * kappa * kappa).squareRoot()
        let rho = (t - (2 * t).squareRoot()) / (2 * kappa)
        return (1 + rho * rho) / (2 * rho)
    }
}

/// How cells walk: straight on, turning at random times that do not depend on the step.
///
/// A cell turns when the persistences that went by add up to an exponential number of mean 1, drawn at the turn before.
@safe struct PersistentWalk {
    let seed: UInt64
    let isSlab: Bool
    private let (speed, persistence, untilTurn): (Memory, Memory, Memory)
    private let (headingX, headingY, headingZ): (Memory, Memory, Memory)
    private let (biasX, biasY, biasZ): (Memory, Memory, Memory)
    private let ids: UnsafeMutablePointer<Int>
    private let turns: UnsafeMutablePointer<Int32>
    private let isHeld: UnsafeMutablePointer<Bool>

    private typealias Memory = UnsafeMutablePointer<Double>

    init(_ bodies: CellBodies, seed: UInt64, isSlab: Bool) {
        self.seed = seed
        self.isSlab = isSlab
        unsafe (speed, persistence) = (bodies.speed.pointer, bodies.persistence.pointer)
        unsafe untilTurn = bodies.untilTurn.pointer
        unsafe (headingX, headingY) = (bodies.headingX.pointer, bodies.headingY.pointer)
        unsafe headingZ = bodies.headingZ.pointer
        unsafe (biasX, biasY, biasZ) = (bodies.biasX.pointer, bodies.biasY.pointer, bodies.biasZ.pointer)
        unsafe (ids, turns, isHeld) = (bodies.ids.pointer, bodies.turns.pointer, bodies.isHeld.pointer)
    }

    /// µm/s.
    @inline(__always)
    func speed(_ cell: Int) -> Double { unsafe isHeld[cell] ? 0 : speed[cell] }

    /// Walks for a time: how far the cell gets, µm, where nothing is in its way.
    @inline(__always)
    func walk(_ cell: Int, during time: Double) -> (x: Double, y: Double, z: Double) {
        let speed = speed(cell)
        if speed == 0 { return (0, 0, 0) }
        let persistence = unsafe persistence[cell]
        let straight = unsafe untilTurn[cell] * persistence
        if straight > time {
            unsafe untilTurn[cell] -= time / persistence
            let far = speed * time
            return unsafe (far * headingX[cell], far * headingY[cell], far * headingZ[cell])
        }
        return walkTurning(cell, during: time, speed: speed, persistence: persistence)
    }

    private func walkTurning(_ cell: Int, during time: Double, speed: Double, persistence: Double) -> (
        x: Double, y: Double, z: Double
    ) {
        precondition(persistence > 0, "a walking cell's persistence \(persistence) s is not above 0")
        var left = time
        var (x, y, z) = (0.0, 0.0, 0.0)
        while true {
            let straight = min(left, unsafe untilTurn[cell] * persistence)
            let far = speed * straight
            unsafe x += far * headingX[cell]
            unsafe y += far * headingY[cell]
            unsafe z += far * headingZ[cell]
            if straight == left {
                unsafe untilTurn[cell] = max(0, untilTurn[cell] - straight / persistence)
                return (x, y, z)
            }
            left -= straight
            turn(cell)
        }
    }

    private func turn(_ cell: Int) {
        var stream = unsafe RandomStream(seed: seed, cell: ids[cell], step: Int(turns[cell]), purpose: .turn)
        unsafe turns[cell] += 1
        unsafe untilTurn[cell] = stream.exponential()
        if isSlab {
            let to = unsafe Turning.inPlane((x: biasX[cell], y: biasY[cell]), &stream)
            unsafe (headingX[cell], headingY[cell], headingZ[cell]) = (to.x, to.y, 0)
        } else {
            let to = unsafe Turning.inSpace((x: biasX[cell], y: biasY[cell], z: biasZ[cell]), &stream)
            unsafe (headingX[cell], headingY[cell], headingZ[cell]) = (to.x, to.y, to.z)
        }
    }
}
