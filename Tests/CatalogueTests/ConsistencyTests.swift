import Biology
import Foundation
import Testing

@testable import Catalogue

@Suite struct ConsistencyTests {
    @Test func nothingIsMissingAndNoSourceIsOrphaned() throws {
        let found = try Builtin.get().consistency()
        #expect(found.gaps.isEmpty, "\(found.gaps)")
        #expect(found.orphanSources.isEmpty, "\(found.orphanSources)")
    }

    /// Where they do not fit: recollections, a table whose own columns differ, and a page against a model.
    ///
    /// Another one must be looked at.
    @Test func affinitiesAreTheRatiosOfRates() throws {
        let found = try Builtin.get().consistency()
        #expect(found.affinities.count >= 10)
        let odd = Set(found.disagreements.map { "\($0.stated.subject) \($0.stated.receptor) \($0.stated.source.id)" })
        let known: Set = [
            "IL-1β IL1R1 memory", "IFN-β IFNAR1 jbc-2017-ifnb", "IL-2 IL2RA+IL2RB+IL2RG antibodies-online",
        ]
        #expect(odd == known)
        let brunner = found.affinities.first { $0.stated.source.id == "brunner-figure1" }
        let picomolar = 0.602214076e-3
        #expect(abs((brunner?.computedLow ?? 0) / picomolar - 7.437) < 0.001, "0.83 /h over 111.6 /nM/h")
    }

    @Test func everySubunitAndCytokineHasItsSymbol() throws {
        let catalogue = try Builtin.get()
        for complex in catalogue.receptorComplexes {
            for chain in complex.subunits { #expect(TableRules.isAccession(chain.accession[...]), "\(chain.symbol)") }
            #expect(catalogue.cytokine(named: complex.ligand) != nil)
        }
        for cytokine in catalogue.cytokines {
            #expect(cytokine.symbols.count == cytokine.accessions.count)
            #expect(cytokine.symbols.allSatisfy { TableRules.isSymbol($0[...]) })
        }
    }

    @Test(arguments: ["P60568", "Q9HBE4", "O14788", "A0A024RBG1"])
    func knowsAccessions(text: String) { #expect(TableRules.isAccession(text[...])) }

    @Test(arguments: ["", "P6056", "p60568", "60568P", "P60568X", "PP0568", "B1AAAA", "A0A024RBG", "P60568; DROP"])
    func refusesWhatIsNoAccession(text: String) { #expect(!TableRules.isAccession(text[...])) }

    @Test func sharedChainsAreExplicit() throws {
        let catalogue = try Builtin.get()
        let common = try #require(catalogue.receptorChain(named: "γc"))
        #expect(common.symbol == "IL2RG")
        let expected = ["IL2RA+IL2RB+IL2RG", "IL2RB+IL2RG", "IL4R+IL2RG", "IL7R+IL2RG", "IL9R+IL2RG", "IL21R+IL2RG"]
        #expect(Set(common.sharedWith).isSuperset(of: expected))
        let il2 = try #require(catalogue.cytokine(named: "IL-2"))
        let roles = catalogue.receptorComplexes(of: il2).map(\.role)
        #expect(roles == [.signalling, .signalling, .solubleDecoy])
    }

    /// Seed statistics: glycoproteins by UniProt keyword, masses of chains.
    @Test func cytokinesAreMostlySmallGlycoproteins() throws {
        let catalogue = try Builtin.get()
        let glycosylated = catalogue.relations.filter { $0.kind == .glycosylated && $0.what == "yes" }
        #expect(glycosylated.count == 64 && catalogue.cytokines.count == 92)
        let masses = catalogue.measurements.filter { $0.parameter == .chainMass }.compactMap(\.value.typical).sorted()
        #expect(masses.count == 92)
        #expect((8.0...20).contains(masses[46]) && (8.0...20).contains(masses[45]))
        #expect(Double(masses.filter { $0 < 40 }.count) >= 0.9 * 92)
        #expect(masses.allSatisfy { (5.0...100).contains($0) }, "a mass is in kDa")
    }

    /// D = 8.34e-8 T/(η M^⅓) cm²/s at 310.15 K and 0.6913 mPa·s, from the mass of the whole assembly.
    @Test func diffusionInWaterFollowsFromTheMass() throws {
        let catalogue = try Builtin.get()
        let derived = catalogue.measurements.filter { $0.source.id == "young-1980" }
        #expect(derived.count >= 90)
        for number in derived {
            let assembly = catalogue.measurements(of: number.subject, parameter: .assemblyMass).first?.value.low
            let chain = catalogue.measurements(of: number.subject, parameter: .chainMass).first?.value.low
            let mass = try #require(assembly ?? chain) * 1000
            let expected = 8.34e-8 * 310.15 / (0.6913 * cbrt(mass)) * 1e8
            #expect(abs((number.value.typical ?? 0) - expected) <= 0.51, "\(number.subject)")
        }
    }
}

/// Checks against tables kept beside the project; they skip, saying so, where those are absent.
@Suite struct OutsideTableTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data")

    static func lines(_ path: String) -> [Substring]? {
        guard let text = try? String(contentsOf: folder.appending(path: path), encoding: .utf8) else {
            print("skipped: no \(folder.path)/\(path)")
            return nil
        }
        return text.split(whereSeparator: \.isNewline)
    }

    /// Ligand and receptor genes of the Human Protein Atlas: seven of ours are not in that table.
    @Test func symbolsAreLigandAndReceptorGenes() throws {
        guard let lines = Self.lines("expression/hpa_blood_cells_NX_ligand_receptor_genes.csv") else { return }
        let genes = Set(lines.map { $0.prefix { $0 != "," } }.map(String.init))
        let catalogue = try Builtin.get()
        let chains = Set(catalogue.receptorComplexes.flatMap(\.subunits).map(\.symbol))
        let ligands = Set(catalogue.cytokines.flatMap(\.symbols))
        #expect(chains.subtracting(genes) == ["GFRAL", "IL18BP", "IL22RA2"])
        #expect(ligands.subtracting(genes) == ["IL16", "IL31", "GDF15", "MIF"])
    }

    /// The means in the catalogue are those of the replicates in the laboratory's table.
    @Test func receptorNumbersAreThoseOfTheLaboratory() throws {
        guard let lines = Self.lines("response/gc_receptor_counts.csv") else { return }
        let catalogue = try Builtin.get()
        for (label, cell) in [("T-reg", "Treg"), ("NK", "NK cell"), ("T-helper", "CD4 T cell"), ("CD8+", "CD8 T cell")]
        {
            for (receptor, chain) in [("IL-2R$\\alpha$", "IL2RA"), ("IL-2R$\\beta$", "IL2RB")] {
                let counts = lines.filter { $0.hasPrefix("\(label),\(receptor),") }
                    .compactMap { $0.split(separator: ",").last.flatMap { Double($0) } }
                let mean = counts.reduce(0, +) / Double(max(1, counts.count))
                let ours =
                    catalogue.measurements(of: chain, parameter: .receptors, cell: cell).first?.value.typical ?? 0
                #expect(!counts.isEmpty && abs(ours - mean) <= 0.51, "\(label) \(chain): \(ours), \(mean)")
            }
        }
    }
}

@Suite struct TrapTests {
    @Test func memoryIsNeverPresentedAsMeasured() throws {
        let catalogue = try Builtin.get()
        let memory = catalogue.measurements.filter(\.isFromMemory)
        #expect(memory.count > 300)
        #expect(memory.allSatisfy { $0.grade == .orderOfMagnitude || $0.grade == .textbook })
        #expect(catalogue.measurements.filter { $0.grade == .measured }.allSatisfy { !$0.isFromMemory })
    }

    /// Trap 1: 3e-5 nmol/cell/h would be 5e6 molecules/s.
    @Test func suspectSecretionIsSetAside() throws {
        let catalogue = try Builtin.get()
        let rates = catalogue.measurements.filter { $0.parameter == .secretion || $0.parameter == .consumption }
        #expect(rates.allSatisfy { ($0.value.high ?? 0) <= 1000 })
        #expect(catalogue.setAside(of: "IL-2").contains { $0.value.contains("3e-5") })
    }

    /// Trap 2: what was calibrated to a whole tumour says so.
    @Test func tissueAveragesSayWhatTheyAre() throws {
        let catalogue = try Builtin.get()
        let averages = catalogue.measurements.filter {
            $0.parameter == .secretion && $0.source.id.hasPrefix("qspio")
        }
        #expect(averages.count == 7)
        #expect(averages.allSatisfy { $0.grade == .modelValue && $0.condition.contains("average over a population") })
    }

    /// Traps 5, 6 and 7.
    @Test func unitsAreThoseOfTheSources() throws {
        let catalogue = try Builtin.get()
        for name in ["CCL2", "CCL5", "CXCL9"] {
            #expect(!catalogue.measurements(of: name, parameter: .secretion).contains { $0.source.id == "gransim" })
            #expect(!catalogue.setAside(of: name).isEmpty)
        }
        let granuloma = catalogue.measurements(of: "TNF", parameter: .diffusion).first { $0.source.id == "gransim" }
        #expect(granuloma?.value.typical == 5.2, "5.2e-8 cm²/s")
        let off = catalogue.measurements(of: "IL-2", parameter: .dissociation).first {
            $0.source.id == "brunner-figure1"
        }
        #expect(abs((off?.value.typical ?? 0) * 3600 - 0.83) < 1e-5, "per hour in the source's comment")
        let interferon = catalogue.measurements(of: "type I interferon", parameter: .diffusion)
        #expect(interferon.map(\.grade) == [.modelValue] && interferon[0].note.contains("200 times"))
    }

    @Test func everyComputedNumberSaysHow() throws {
        let own = try Builtin.get().measurements.filter { $0.source.seen == .calculation }
        #expect(own.count > 90 && own.allSatisfy { $0.grade == .derived && !$0.note.isEmpty })
    }
}

@Suite struct ClassTests {
    static func names(_ cytokineClass: CytokineClass) throws -> Set<String> {
        Set(try Builtin.get().cytokines(in: cytokineClass).map(\.name))
    }

    @Test func helperSetsAreDerived() throws {
        let first = try Self.names(.type1)
        let second = try Self.names(.type2)
        #expect(first.isSuperset(of: ["IL-2", "IFN-γ", "IL-12", "LT-α", "TNF"]))
        #expect(second.isSuperset(of: ["IL-4", "IL-5", "IL-9", "IL-10", "IL-13"]))
        #expect(first.isDisjoint(with: second))
    }

    @Test func provenanceMakesLymphokinesAndMonokines() throws {
        let (lymphokines, monokines) = (try Self.names(.lymphokine), try Self.names(.monokine))
        #expect(lymphokines.isSuperset(of: ["IL-2", "IFN-γ", "IL-4", "LT-α"]))
        #expect(monokines.isSuperset(of: ["TNF", "IL-1β", "CXCL8", "IL-12"]))
        #expect(lymphokines.intersection(monokines).isSuperset(of: ["TNF", "IL-6"]), "both tags")
        #expect(!monokines.contains("IL-2") && !lymphokines.contains("IL-1β"))
    }

    @Test func traditionIsReportedWhereItDiffers() throws {
        let catalogue = try Builtin.get()
        for name in ["IL-7", "IL-11", "CXCL8"] {
            let cytokine = try #require(catalogue.cytokine(named: name))
            let finding = try #require(catalogue.classes(of: cytokine).first { $0.cytokineClass == .interleukin })
            #expect(finding.differs && !finding.reason.isEmpty, "\(name)")
            #expect(finding.isDerived == (name == "CXCL8"), "\(name): \(finding.reason)")
        }
        let il4 = try #require(catalogue.cytokine(named: "IL-4"))
        #expect(!catalogue.classes(of: il4).contains { $0.cytokineClass == .interleukin && $0.differs })
    }

    @Test func sharersAreRedundantAndManyHearersPleiotropic() throws {
        let redundant = try Self.names(.redundant)
        #expect(redundant.isSuperset(of: ["IL-2", "IL-15", "IL-4", "IL-13", "TNF", "IL-1α", "IL-1β"]))
        #expect(try Self.names(.pleiotropic).isSuperset(of: ["TNF", "IL-6", "IL-4", "TGF-β1"]))
        #expect(try Self.names(.chemokine).isSuperset(of: ["CXCL8", "CCL2", "CXCL12", "CCL19", "XCL1"]))
        #expect(try !Self.names(.chemokine).contains("IL-2"))
    }

    /// Cytokines are made by many cell types: the median by two or more, TNF and IL-6 by four or more.
    @Test func cytokinesHaveManyMakers() throws {
        let catalogue = try Builtin.get()
        let made = catalogue.relations.filter { $0.kind == .madeBy }
        let counts = Dictionary(grouping: made, by: \.cytokine).mapValues(\.count)
        #expect(counts.values.sorted()[46] >= 2)
        #expect((counts["TNF"] ?? 0) >= 4 && (counts["IL-6"] ?? 0) >= 4)
    }
}
