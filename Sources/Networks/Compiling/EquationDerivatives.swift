/// The exact derivatives of equations by their unknowns and by time.
///
/// Of a value of some time ago they are 0: it does not depend on the present.
struct EquationDerivatives {
    typealias Term = ExpressionGraph.Term
    let pattern: SparsePattern
    /// ∂f/∂y, in the order of the pattern's entries.
    let entries: [Term]
    /// ∂f/∂t at fixed values.
    let inTime: [Term]
    /// Whether any equation has a value of some time ago.
    let hasDelays: Bool

    init(_ equations: [Term], of unknowns: Int, in graph: inout ExpressionGraph) {
        let order = graph.reachable(from: equations)
        let depends = graph.unknowns(under: equations) ?? [:]
        var equationsOf: [Term: [Int]] = [:]
        for (row, equation) in equations.enumerated() { equationsOf[equation, default: []].append(row) }
        var parts: [[Term]] = Array(repeating: [], count: unknowns)
        for term in order { for unknown in depends[term] ?? [] { parts[unknown].append(term) } }
        var byRow: [[(column: Int, term: Term)]] = Array(repeating: [], count: equations.count)
        let one = graph.constant(1)
        for unknown in 0..<unknowns {
            let slopes = graph.derivatives(of: equations, along: [.unknown(unknown): one], within: parts[unknown])
            for part in parts[unknown] {
                guard let rows = equationsOf[part], let slope = slopes[part] else { continue }
                for row in rows { byRow[row].append((unknown, slope)) }
            }
        }
        pattern = SparsePattern(rows: byRow.map { $0.map(\.column) })
        entries = byRow.flatMap { $0.map(\.term) }
        let slopes = graph.derivatives(of: equations, along: [.time: one], within: order)
        inTime = equations.map { slopes[$0] ?? graph.constant(0) }
        hasDelays = order.contains { if case .input(.delayed) = graph.nodes[$0] { true } else { false } }
    }

    /// How the equations depend on time.
    func timeDependence(in graph: ExpressionGraph) -> TimeDependence {
        if hasDelays { return .byDifferences }
        return inTime.allSatisfy { graph.number($0) == 0 } ? .none : .exact
    }
}
