import Biology
import Testing

@testable import Analysis

@Suite struct ModelDifferencesTests {
    private func niche(_ settings: [String] = [], replacing changes: [(String, String)] = []) throws -> Model {
        try ModelTexts.model(ModelTexts.niche, settings: settings, replacing: changes)
    }

    private func lines(_ old: Model, _ new: Model) -> [String] {
        ModelDifferences(old, new).differences.map(\.line)
    }

    @Test(arguments: [ModelTexts.niche, ModelTexts.everything, ModelTexts.living])
    func aModelDoesNotDifferFromItself(path: String) throws {
        let found = try ModelDifferences(ModelTexts.model(path), ModelTexts.model(path))
        #expect(found.isEmpty && found.renamed.isEmpty, "\(found.differences)")
    }

    /// A value of every section, each said once and by the path that set it.
    @Test(arguments: [
        ("cells.Treg.receptors.IL-2R=3000 receptors", "10000 → 3000 receptors"),
        ("cells.Tresp.radius=4 µm", "5 → 4 µm"), ("cells.Tsec.count=4", "5 % → 4 cells"),
        ("cells.Tsec.receptors.IL-2R=100 ± 60 %", "100 receptors ± 50 % → 100 receptors ± 60 %"),
        ("cells.Tresp.state.pSTAT5=IL-2R.occupancy", "IL-2R.bound^3 / (IL-2R.bound^3 + 200^3) → IL-2R.occupancy"),
        ("molecules.IL-2.diffusion=11 µm²/s", "10 → 11 µm²/s"), ("molecules.IL-2.decay=0.2 /h", "0.1 → 0.2 /h"),
        ("molecules.IL-2.starts=1 nM", "0 pM → 1 nM"), ("receptors.IL-2R.k_on=100 /nM/h", "111.6 → 100 /nM/h"),
        ("receptors.IL-2R.k_endo=2e-3 /s", "3.96 → 7.2 /h"), ("space.grid=20 µm", "10 → 20 µm"),
        ("place.other=random", "lattice 20 µm → random"), ("run.for=13 h", "12 → 13 h"),
        ("run.seed=7", "20260924 → 7"), ("run.tolerance=1e-4", "0.001 → 0.0001"), ("run.rule step=2 min", "1 → 2 min"),
        ("record.cells.every=2 h", "1 → 2 h"), ("record.series=every 1 min", "5 → 1 min"),
    ])
    func everySettingIsOneLine(setting: String, words: String) throws {
        let path = try #require(setting.split(separator: "=").first)
        #expect(try lines(niche(), niche([setting])) == ["\(path): \(words)"])
    }

    /// What cells do, each value said once and by the path that set it.
    @Test(arguments: [
        ("cells.macrophage.motion.speed=3 µm/min", "2 → 3 µm/min"),
        ("cells.macrophage.motion.persistence=5 min", "10 → 5 min"),
        ("cells.macrophage.motion.towards.CXCR4=0.01 /receptor", "-0.01 → 0.01 /receptor"),
        ("cells.CTL.divides.not before=5 h", "4 → 5 h"), ("cells.CTL.divides.grows=9 h", "8 → 9 h"),
        ("cells.CTL.divides.daughters.CD25=halve", "copy → halve"),
        ("cells.Tumour.dies.cleared=3 h", "2 → 3 h"), ("cells.Tumour.necrosis.not before=2 h", "1 → 2 h"),
        ("cells.Tumour.necrosis.releases.HMGB1=2000 molecules", "1000 → 2000 molecules"),
        ("cells.CTL.becomes.Memory.not before=25 h", "24 → 25 h"),
        ("cells.CTL.kills.Tumour.hits=4", "3 → 4"), ("cells.CTL.kills.Tumour.every=30 min", "20 → 30 min"),
        ("cells.CTL.kills.Tumour.lasts=90 min", "1 → 1.5 h"),
        ("cells.CTL.kills.Tumour.repair=40 min", "50 → 40 min"),
        ("cells.CTL.kills.Tumour.recognises=stress", "MHC-I → stress"),
        ("cells.macrophage.eats.dead CTL=0.3 /min", "6 → 18 /h"),
        ("mechanics.stiffness=0.2 /s", "6 → 12 /min"), ("mechanics.reach=1.5", "1.25 → 1.5"),
        ("obstacles.fibre.radius=6 µm", "with a radius of 6 µm"), ("run.motion step=5 s", "6 → 5 s"),
    ])
    func whatCellsDoIsOneLine(setting: String, words: String) throws {
        let path = try #require(setting.split(separator: "=").first)
        let found = try lines(
            ModelTexts.model(ModelTexts.living), ModelTexts.model(ModelTexts.living, settings: [setting]))
        let isShape = path.hasPrefix("obstacles")
        #expect(found.count == 1)
        #expect(isShape ? found[0].hasSuffix(words) : found == ["\(path): \(words)"], "\(found)")
    }

    /// A parameter is said, and every value behind it, also those in rules.
    @Test func aParameterIsSaidWithAllThatFollows() throws {
        #expect(
            try lines(niche(), niche(["q_IL2=20 molecules/s"])) == [
                "cells.Tsec.secretes.IL-2: 10 → 20 molecules/s",
                "rules: Tsec: contact with Treg decreases secretes.IL-2 from 10 molecules/s to 0 molecules/s, half-max 1 cells, hill 4 → Tsec: contact with Treg decreases secretes.IL-2 from 20 molecules/s to 0 molecules/s, half-max 1 cells, hill 4",
                "parameters.q_IL2: 10 → 20 molecules/s",
            ])
    }

    @Test func theOtherWayRoundIsItsMirror() throws {
        let (a, b) = (try niche(), try ModelTexts.model(ModelTexts.everything))
        let (there, back) = (ModelDifferences(a, b), ModelDifferences(b, a))
        #expect(there.differences.count > 30)
        let mirrored = back.differences.map { difference in
            var mirror = difference
            (mirror.before, mirror.after) = (difference.after, difference.before)
            mirror.kind = [.added: .removed, .removed: .added][difference.kind] ?? .changed
            return mirror
        }
        #expect(Set(mirrored) == Set(there.differences) && mirrored.count == there.differences.count)
    }

    @Test func rulesAndExpectationsAreSaidAsTheirLines() throws {
        let rule =
            "Tsec: contact with Treg decreases secretes.IL-2 from q_IL2 to 0 molecules/s, half-max 1 cell, hill 4"
        let without = try niche(replacing: [("  - \(rule)\n", "")])
        #expect(try lines(niche(), without) == ["rules: removed: \(rule)"])
        #expect(try lines(without, niche()) == ["rules: added: \(rule)"])
        let steeper = rule.replacing("hill 4", with: "hill 2")
        #expect(try lines(niche(), niche(replacing: [(rule, steeper)])) == ["rules: \(rule) → \(steeper)"])
        let spaced = rule.replacing("half-max 1 cell", with: "half-max   1 cells")
        #expect(try lines(niche(), niche(replacing: [(rule, spaced)])).isEmpty, "spelling is no difference")
        let line = "share of IL-2 captured by Treg > 20 %"
        #expect(
            try lines(niche(), niche(replacing: [(line, "share of IL-2 captured by Treg > 30 %")])) == [
                "expect: \(line) → share of IL-2 captured by Treg > 30 %"
            ])
    }

    @Test func orderAndNamesAreNoDifference() throws {
        var moved = try niche()
        moved.cellTypes.reverse()
        moved.rules.reverse()
        moved.expectations.reverse()
        moved.name = "another title"
        #expect(try ModelDifferences(niche(), moved).isEmpty)
        let renamed = try niche(replacing: [("Treg", "Foxp3"), ("IL-2", "IL-15"), ("R_Foxp3", "R_Treg")])
        let found = try ModelDifferences(niche(), renamed)
        #expect(found.isEmpty, "\(found.differences.map(\.line))")
        #expect(
            found.renamed.map { "\($0.section) \($0.before) \($0.after)" }
                == [
                    "molecules IL-2 IL-15", "receptors IL-2R IL-15R", "cells Treg Foxp3", "parameters f_Treg f_Foxp3",
                    "parameters q_IL2 q_IL2",
                ].filter { $0 != "parameters q_IL2 q_IL2" })
    }

    @Test func aThingThatIsNewIsOneLine() throws {
        let more = try niche(replacing: [
            ("molecules:\n", "molecules:\n  IL-7: {diffusion: 12 µm²/s, decay: 0.1 /h}\n")
        ])
        #expect(try lines(niche(), more) == ["molecules.IL-7: added: diffusion 12 µm²/s, decay 0.1 /h, starts 0 pM"])
    }
}
