/// How a state of rest shifts with parameters, to first order.
public enum SteadySensitivity {
    /// dy/dp of each parameter, [parameter][unknown], from f(y, p) = 0: −(∂f/∂y)⁻¹ ∂f/∂p, totals held.
    ///
    /// `scales` are sizes of changes that matter, one a parameter: its value where that is not 0. `setting` is what is
    /// held with one parameter (its number) at another value. `nil` where the state is degenerate: it shifts without
    /// bound, or is one of many.
    public static func slopes(
        _ problem: SteadyProblem, at y: [Double], parameters: [Double], scales: [Double],
        setting: (Int, Double) -> SteadyProblem.Setting
    ) -> [[Double]]? {
        let sizes = y.map { max(abs($0), 1e-12 * (y.lazy.map(abs).max() ?? 1), .leastNormalMagnitude) }
        guard let factors = LUFactors(problem.jacobian(y), columnScales: sizes) else { return nil }
        return parameters.indices.map { index in
            let slope = ParameterSlope.of(problem, at: y, parameter: parameters[index], scale: scales[index]) {
                setting(index, $0)
            }
            return factors.solve(slope.map { -$0 })
        }
    }
}
