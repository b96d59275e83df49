import Foundation
import Simulation
import Testing

/// Measured numbers of receptor chains give the measured order of sensitivity to IL-2.
@Suite struct SensitivityTests {
    static let types = ["Treg", "Th", "NK", "CD8"]
    /// EC50 of pSTAT5 at 1 h, nM, in the order of `types`: meyer-lab/gc-cytokines, il2_muteins_pSTAT5_singlecell_moments.
    static let measured = [0.022, 0.39, 1.6, 2.1]

    /// Doses, nM, for half of the response at 100 nM; straight lines in log dose between runs three to a decade apart.
    private func halfMaximalDoses(_ settings: [String] = []) throws -> [Double] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appendingPathComponent("Examples/il2-sensitivity/il2-sensitivity.paracrine.yaml")
        let doses = (-9...6).map { pow(10, Double($0) / 3) }
        let responses = try doses.map { dose in
            let run = try ModelRun(file: file, ["dose=\(dose) nM"] + settings)
            return try run.outcomes().dropFirst().map { $0.value ?? .nan }
        }
        return Self.types.indices.map { type in
            let curve = responses.map { $0[type] }
            let half = (curve.last ?? 0) / 2
            guard let above = curve.firstIndex(where: { $0 >= half }), above > 0 else { return .nan }
            let share = (half - curve[above - 1]) / (curve[above] - curve[above - 1])
            return doses[above - 1] * pow(doses[above] / doses[above - 1], share)
        }
    }

    @Test func measuredChainsGiveTheMeasuredOrder() throws {
        let doses = try halfMaximalDoses()
        let (treg, helper, nk, cd8) = (doses[0], doses[1], doses[2], doses[3])
        #expect(treg < helper / 4, "Treg \(treg) nM, Th \(helper) nM")
        #expect(helper < min(nk, cd8) / 2, "Th \(helper) nM, NK \(nk) nM, CD8 \(cd8) nM")
        #expect(max(nk / cd8, cd8 / nk) < 2.5, "NK \(nk) nM, CD8 \(cd8) nM")
        let squares = zip(doses, Self.measured).map { pow(log10($0 / $1), 2) }
        let misfit = (squares.reduce(0, +) / 4).squareRoot()
        #expect(misfit < 0.4, "\(misfit) powers of ten")
    }

    /// The control: α chains are what makes Treg cells sensitive.
    @Test func tregCellsWithoutTheirAlphaChainsAreNotSensitive() throws {
        let doses = try halfMaximalDoses(["α_Treg=23"])
        #expect(doses[0] > doses[1])
    }
}
