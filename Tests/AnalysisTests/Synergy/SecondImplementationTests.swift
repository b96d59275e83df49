import Foundation
import PythonReaders
import Testing

@testable import Analysis

/// Against the PyPI package `synergy` 1.0.0 on random surfaces; skipped, and says so, where Python has it not.
@Suite struct SecondImplementationTests {
    private struct Case: Codable {
        var surface: MuSyC
        var doses: [[Double]]
    }

    private struct Answer: Codable {
        var e: [Double]
        var beta: Double
        var bliss: [Double]
        var hsa: [Double]
        var ci: [Double]
        var loewe: [Double?]
    }

    private static let script = """
        import json, math, numpy as np
        from synergy.combination import MuSyC, Bliss, HSA, Loewe
        from synergy.single import Hill
        answers = []
        for case in json.load(open(sys.argv[1])):
            s = case['surface']
            d1 = np.array([d[0] for d in case['doses']]); d2 = np.array([d[1] for d in case['doses']])
            m = MuSyC(E0=s['e0'], E1=s['e1'], E2=s['e2'], E3=s['e3'], h1=s['h1'], h2=s['h2'], C1=s['c1'], C2=s['c2'],
                      alpha12=s['alpha12'], alpha21=s['alpha21'], gamma12=s['gamma12'], gamma21=s['gamma21'])
            e = m.E(d1, d2)
            def hills():
                return dict(drug1_model=Hill(E0=s['e0'], Emax=s['e1'], h=s['h1'], C=s['c1']),
                            drug2_model=Hill(E0=s['e0'], Emax=s['e2'], h=s['h2'], C=s['c2']))
            h = hills()
            r = h['drug1_model'].E(d1 * 0.4)
            with np.errstate(all='ignore'):
                ci = d1 / h['drug1_model'].E_inv(r) + d2 / h['drug2_model'].E_inv(r)
            loewe = Loewe(mode='delta_nan', **hills()).E_reference(d1, d2)
            answers.append(dict(e=list(e), beta=float(m.beta), bliss=list(Bliss(**hills()).E_reference(d1, d2)),
                hsa=list(HSA(**hills()).E_reference(d1, d2)), ci=[x if math.isfinite(x) else -1 for x in ci],
                loewe=[x if math.isfinite(x) else None for x in loewe]))
        print(json.dumps(answers))
        """

    private static func answers(to cases: [Case]) throws -> [Answer]? {
        let file = FileManager.default.temporaryDirectory.appending(path: "paracrine-\(UUID().uuidString).json")
        try JSONEncoder().encode(cases).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        guard let said = try Python.output(of: script, file.path, needing: "synergy") else { return nil }
        return try JSONDecoder().decode([Answer].self, from: Data(said.utf8))
    }

    @Test func twoHundredRandomSurfacesAgree() throws {
        var random = SeededRandom(state: 20_261_123)
        let cases = (0..<250).map { _ in
            func logarithmic(_ low: Double, _ high: Double) -> Double {
                low * pow(high / low, Double.random(in: 0...1, using: &random))
            }
            let ends = [0, 1, 2].map { _ in Double.random(in: 0...0.9, using: &random) }
            let surface = MuSyC(
                e0: 1, e1: ends[0], e2: ends[1], e3: ends[2], c1: logarithmic(0.1, 100), c2: logarithmic(0.1, 100),
                h1: logarithmic(0.4, 4), h2: logarithmic(0.4, 4), alpha12: logarithmic(0.01, 100),
                alpha21: logarithmic(0.01, 100), gamma12: logarithmic(0.5, 2), gamma21: logarithmic(0.5, 2))
            let doses = (0..<8).map { _ in
                [surface.c1 * logarithmic(0.05, 20), surface.c2 * logarithmic(0.05, 20)]
            }
            return Case(surface: surface, doses: doses)
        }
        guard let answers = try Self.answers(to: cases) else { return }
        #expect(answers.count == 250)
        var compared = 0
        for (one, answer) in zip(cases, answers) {
            let surface = one.surface
            #expect(abs(try #require(surface.beta) - answer.beta) <= 1e-9 * max(1, abs(answer.beta)))
            let curves = [
                HillCurve(start: 1, end: surface.e1, halfDose: surface.c1, hill: surface.h1),
                HillCurve(start: 1, end: surface.e2, halfDose: surface.c2, hill: surface.h2),
            ]
            let loewe = LoeweAdditivity(curves, direction: .falling)
            for (k, doses) in one.doses.enumerated() {
                let singles = zip(curves, doses).map { $0.response($1) }
                #expect(abs(surface.response(doses[0], doses[1]) - answer.e[k]) < 1e-9)
                #expect(abs(NullModel.bliss(singles, start: 1, full: 0) - answer.bliss[k]) < 1e-12)
                #expect(abs(NullModel.hsa(singles, start: 1, direction: .falling) - answer.hsa[k]) < 1e-12)
                let index = loewe.combinationIndex(doses, response: curves[0].response(0.4 * doses[0])) ?? -1
                if answer.ci[k] >= 0 { #expect(abs(index / answer.ci[k] - 1) < 1e-6) }
                // Theirs searches between the weaker drug's ends only, to 1e-5; beyond, it has none.
                if let expected = answer.loewe[k] {
                    #expect(abs(loewe.response(doses) - expected) < 2e-4)
                    compared += 1
                }
            }
        }
        #expect(compared > 500, "Loewe responses compared: \(compared)")
    }
}

/// SplitMix64, for tests that draw.
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
