import Foundation

@testable import Networks

/// Small systems with known states of rest.
enum SteadySystems {
    /// Effector cells and a tumour (E, T); inputs: s.
    ///
    /// Source: Kuznetsov, Makalkin, Taylor & Perelson (1994), doi:10.1007/bf02460644, as in BIOMD0000000762.
    static let tumour = TestSystem(
        2, inputs: 1,
        f: { _, y, p in
            let (e, t) = (y[0], y[1])
            return [
                p[0] + 0.1245 * e * t / (2.019e7 + t) - 3.422e-10 * e * t - 0.0412 * e,
                0.18 * t * (1 - 2e-9 * t) - 1.101e-7 * e * t,
            ]
        },
        dfdy: { _, y, _ in
            let (e, t, g) = (y[0], y[1], 2.019e7)
            return [
                [0.1245 * t / (g + t) - 3.422e-10 * t - 0.0412, 0.1245 * e * g / ((g + t) * (g + t)) - 3.422e-10 * e],
                [-1.101e-7 * t, 0.18 * (1 - 4e-9 * t) - 1.101e-7 * e],
            ]
        })

    /// Effector cells, a tumour and IL-2 (E, T, I); inputs: c, s1, s2.
    ///
    /// Source: Kirschner & Panetta (1998), doi:10.1007/s002850050127, as in BIOMD0000000732.
    static let immunotherapy = TestSystem(
        3, inputs: 3,
        f: { _, y, p in
            let (e, t, i) = (y[0], y[1], y[2])
            return [
                p[0] * t - 0.03 * e + 0.1245 * e * i / (2e7 + i) + p[1],
                0.18 * t * (1 - 1e-9 * t) - e * t / (1e5 + t), 5 * t * e / (1e3 + t) - 10 * i + p[2],
            ]
        },
        dfdy: { _, y, p in
            let (e, t, i) = (y[0], y[1], y[2])
            let (g1, g2, g3) = (2e7, 1e5, 1e3)
            return [
                [-0.03 + 0.1245 * i / (g1 + i), p[0], 0.1245 * e * g1 / ((g1 + i) * (g1 + i))],
                [-t / (g2 + t), 0.18 * (1 - 2e-9 * t) - e * g2 / ((g2 + t) * (g2 + t)), 0],
                [5 * t / (g3 + t), 5 * e * g3 / ((g3 + t) * (g3 + t)), -10],
            ]
        })

    /// GATA-3 that makes more of itself: dG/dτ = s + kG²/(1 + G²) − G; inputs: s, k.
    static let commitment = TestSystem(
        1, inputs: 2,
        f: { _, y, p in [p[0] + p[1] * y[0] * y[0] / (1 + y[0] * y[0]) - y[0]] },
        dfdy: { _, y, p in [[2 * p[1] * y[0] / ((1 + y[0] * y[0]) * (1 + y[0] * y[0])) - 1]] })

    /// Ligand and receptor bind (L, R, C), all kept; inputs: k_on, k_off.
    static let binding = TestSystem(
        3, inputs: 2,
        f: { _, y, p in
            let rate = p[0] * y[0] * y[1] - p[1] * y[2]
            return [-rate, -rate, rate]
        },
        dfdy: { _, y, p in
            let slopes = [p[0] * y[1], p[0] * y[0], -p[1]]
            return [slopes.map { -$0 }, slopes.map { -$0 }, slopes]
        })

    /// The Brusselator (X, Y), inputs A and B.
    ///
    /// It rests at (A, B/A), with a Hopf point at B = 1 + A² where ω = A.
    static let brusselator = TestSystem(
        2, inputs: 2,
        f: { _, y, p in
            let (x, z) = (y[0], y[1])
            return [p[0] + x * x * z - (p[1] + 1) * x, p[1] * x - x * x * z]
        },
        dfdy: { _, y, p in
            let (x, z) = (y[0], y[1])
            return [[2 * x * z - p[1] - 1, x * x], [p[1] - 2 * x * z, -x * x]]
        })

    static func search(_ box: [ClosedRange<Double>], starts: Int = 256) -> SteadyStateSearch {
        var search = SteadyStateSearch(box: box, lowest: box.map { _ in 0 })
        search.starts = starts
        return search
    }

    static func isClose(_ a: Double, _ b: Double, _ share: Double) -> Bool { abs(a - b) <= share * abs(b) }
}
