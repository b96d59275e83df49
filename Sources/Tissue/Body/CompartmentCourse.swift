import Simulation

/// A molecule's concentration in a compartment over the stretch of time that tissue steps through.
///
/// A parabola through its start, middle and end: set by the body, read by tissue at any time within.
final class CompartmentCourse {
    private var start = 0.0
    private var length = 0.0
    /// molecules/µm³ at the start, the middle and the end.
    private var values = SIMD3<Double>()

    init(_ concentration: Double) { values = SIMD3(repeating: concentration) }

    func set(from start: Double, length: Double, _ values: SIMD3<Double>) {
        self.start = start
        self.length = length
        self.values = values
    }

    /// molecules/µm³; before the stretch its start, after it its end.
    func concentration(at time: Double) -> Double {
        guard length > 0 else { return values[2] }
        return CompartmentCourse.parabola(values, at: min(1, max(0, (time - start) / length)))
    }

    func keep(in archive: StateArchive) throws(StateProblem) {
        try archive.keep("course.start", &start)
        try archive.keep("course.length", &length)
        for i in 0..<3 { try archive.keep("course.value", &values[i]) }
    }

    /// The parabola through its values at 0, ½ and 1.
    static func parabola(_ v: SIMD3<Double>, at x: Double) -> Double {
        v[0] + x * ((4 * v[1] - 3 * v[0] - v[2]) + x * (2 * v[0] - 4 * v[1] + 2 * v[2]))
    }
}
