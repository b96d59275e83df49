import Biology
import ModelFiles
import Simulation
import Testing
import WellMixed

@Suite struct ReductionTests {
    /// What a reaction changes of a molecule's balance: everything counted, one side less the other.
    private func imbalance(_ reaction: NetworkReaction, _ weights: [String: Double], held: Set<String>) -> Double {
        func sum(_ list: [NetworkReaction.Participant]) -> Double {
            list.reduce(0) { sum, part in
                guard case .number(let count) = part.stoichiometry, !held.contains(part.species) else { return sum }
                return sum + count * (weights[part.species] ?? 0)
            }
        }
        return sum(reaction.products) - sum(reaction.reactants)
    }

    @Test(arguments: [MixMethod.ode, .ssa])
    func everyReactionConservesEveryMolecule(method: MixMethod) throws {
        let model = try MixedModels.read(MixedModels.busy)
        let reduction = try MixedModels.reduce(model, method)
        let held = Set(reduction.network.species.filter(\.isBoundary).map(\.name))
        #expect(held == ["dud"])
        #expect(reduction.network.reactions.count > 30)
        for molecule in model.molecules.map(\.name) {
            let weights = reduction.balance(of: molecule)
            #expect(weights.count > 3)
            for reaction in reduction.network.reactions {
                #expect(imbalance(reaction, weights, held: held) == 0, "\(molecule) in \(reaction.name)")
            }
        }
    }

    /// Every receptor that is held, chains in complexes included, stays in number but for those taken inside.
    @Test func heldReceptorsStayInNumber() throws {
        let model = try MixedModels.read(MixedModels.busy)
        let reduction = try MixedModels.reduce(model)
        let weights = ["a_R_free": 1.0, "a_R_bound_lig": 1, "a_LRc": 1, "a_LRRc": 2]
        for reaction in reduction.network.reactions {
            #expect(imbalance(reaction, weights, held: []) == 0, "\(reaction.name)")
        }
    }

    @Test func namesAreIdentifiersAndNoneStandsTwice() throws {
        let model = try MixedModels.read(
            MixedModels.busy.replacing("LRc:", with: "γ-c2:").replacing("[LRc,", with: "[γ-c2,"))
        let network = try MixedModels.reduce(model).network
        let names =
            network.species.map(\.name) + network.parameters.map(\.name) + network.reactions.map(\.name)
            + network.compartments.map(\.name) + network.events.map(\.name)
        #expect(Set(names).count == names.count)
        for name in names {
            #expect(name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil, "\(name)")
        }
        #expect(names.contains("a_gamma_c2"))
        for rule in network.assignmentRules + network.rateRules + network.initialAssignments {
            #expect(names.contains(rule.name))
        }
    }

    @Test func cellsAreSumsOrAsManyAsAskedFor() throws {
        let model = try MixedModels.read(MixedModels.busy)
        #expect(try MixedModels.reduce(model).groups.map(\.members.count) == [20, 30])
        #expect(try MixedModels.reduce(model, sampling: .number(4)).groups.map(\.members.count).reduce(0, +) == 50)
        #expect(try MixedModels.reduce(model, sampling: .number(4)).groups.count == 8)
        #expect(try MixedModels.reduce(model, sampling: .all).groups.count == 50)
        // Complexes form on one cell at a time, so by chance those cells stay apart; the others' sums lose nothing.
        #expect(try MixedModels.reduce(model, .ssa).groups.count == 21)
    }

    /// The draws are the tissue's: the sum over all cells is the same however they are grouped.
    @Test func sumsOverCellsDoNotDependOnTheGroups() throws {
        let model = try MixedModels.read(MixedModels.busy)
        func receptors(_ sampling: CellSampling) throws -> Double {
            try MixedModels.reduce(model, sampling: sampling).groups.reduce(0) { $0 + $1.count * $1.receptors[0] }
        }
        let cells = try CellPlacement.place(model).cells.reduce(0) { $0 + $1.receptors[0] }
        #expect(abs(try receptors(.fewest) / cells - 1) < 1e-12)
        #expect(abs(try receptors(.all) / cells - 1) < 1e-12)
    }

    /// Receptors that nothing makes appear and go with what rules state, as with space; no more go than are free.
    @Test(arguments: ["from 400 to 1000", "from 400 to 0"])
    func receptorsThatNothingMakesFollowTheirRule(range: String) throws {
        let text = """
            space: {box: 60 x 60 x 60 µm, grid: 10 µm}
            molecules: {lig: {diffusion: 1000 µm²/s, starts: 1 nM, walls: {x-: fixed 1 nM}}}
            receptors: {R: {ligand: lig, k_on: 1e6 /M/s, k_off: 1e-3 /s, supply: none}}
            cells: {a: {count: 20, radius: 4 µm, receptors: {R: 400}}}
            rules: ["a: time increases receptors.R \(range), half-max 1 h, hill 4"]
            place: {other: random}
            run: {for: 3 h, seed: 1}
            """.replacing(
                range.hasSuffix(" 0") ? "time increases" : "?", with: "time decreases")
        let responses = ["mean R.total of a", "mean R.bound of a", "mean R.free of a"]
        let space = try Mixed.withSpace(text, responses)
        for method in MixMethod.allCases {
            let mixed = try Mixed(text, responses, method).values
            for (one, other) in zip(mixed, space) {
                #expect(abs(one - other) <= (method == .ode ? 0.02 : 0.06) * 400, "\(method): \(mixed), \(space)")
            }
        }
    }

    /// The same where cells divide: a daughter that states half gets the rest.
    @Test func daughtersGetWhatTheyState() throws {
        let text = """
            space: {box: 60 x 60 x 60 µm, grid: 10 µm}
            mechanics: {}
            receptors: {R: {supply: none}}
            cells: {a: {count: 20, radius: 3 µm, receptors: {R: 400}, divides: 0.2 /h}}
            rules: ["a: time increases receptors.R from 400 to 1000, half-max 1 min, hill 4"]
            place: {other: random}
            run: {for: 5 h, seed: 1}
            """
        let space = try Mixed.withSpace(text, ["mean R.total of a"])[0]
        for method in MixMethod.allCases {
            let mixed = try Mixed(text, ["mean R.total of a"], method).values[0]
            #expect(abs(mixed / space - 1) <= 0.02, "\(method): \(mixed), \(space)")
        }
    }

    /// Between two walls the mean of the gradient is that of the walls, whatever the diffusion.
    @Test func oppositeWallsHoldTheirMean() throws {
        let text = """
            space: {box: 100 x 40 x 40 µm, grid: 10 µm}
            molecules: {lig: {diffusion: 1000 µm²/s, walls: {x-: fixed 3 nM, x+: fixed 1 nM}}}
            receptors: {R: {ligand: lig, k_on: 1e5 /M/s, k_off: 1e-2 /s}}
            cells: {a: {radius: 5 µm, receptors: {R: 1000}}}
            place: {a: "at (50, 20, 20) µm"}
            run: {for: 1 h, seed: 1}
            """
        let responses = ["mean R.bound of a", "mean lig of a"]
        let (mixed, space) = (try Mixed(text, responses).values, try Mixed.withSpace(text, responses))
        for (one, other) in zip(mixed, space) { #expect(abs(one / other - 1) < 0.01, "\(mixed), \(space)") }
    }

    /// A medium in a steady state with its cells is, mixed, one that changes.
    @Test func quasiSteadyFieldsAreFollowed() throws {
        let steady = MixedModels.busy.replacing("seed: 1", with: "seed: 1, fields: quasi-steady").replacing(
            "treatments:\n  - 1 nM lig at 10 min\n  - 1 nM/h anti from 10 min to 20 min\n", with: "")
        let reduction = try MixedModels.reduce(MixedModels.read(steady))
        let dynamic = try MixedModels.reduce(
            MixedModels.read(steady.replacing(", fields: quasi-steady", with: "")))
        #expect(reduction.network == dynamic.network)
        #expect(reduction.notes.contains { $0.contains("as it changes") })
    }

    @Test func whatHasNoMeaningIsRefusedByNameAllAtOnce() throws {
        let model = try MixedModels.read(
            MixedModels.busy.replacing("y+: fixed 2 nM", with: "y+: fixed 2 nM, x-: fixed 1 nM").replacing(
                "treatments:\n  - 1 nM lig at 10 min\n  - 1 nM/h anti from 10 min to 20 min\n", with: ""
            ))
        let refusal = #expect(throws: MixRefusal.self) { try MixedModels.reduce(model) }
        #expect(refusal?.reasons.map(\.entry) == ["molecules.dud.walls"])
        #expect(
            refusal?.description.contains(
                "molecules.dud.walls: error: walls hold 'dud' at different concentrations: a mixed medium has only one\n  fix:"
            ) == true)
    }
}
