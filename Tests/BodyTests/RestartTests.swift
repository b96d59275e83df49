import Biology
import Foundation
import ModelFiles
import Simulation
import Testing

@testable import Tissue

/// 2 h = 1 h + restart + 1 h, byte for byte: an archive of the whole state is the measure of it.
@Suite struct RestartTests {
    /// Cells that walk, divide, die, change, kill, carry networks, follow delayed rules, and come out of the blood.
    private static let living = """
        paracrine: 1
        model: everything at once
        compartments: {blood: {volume: 1 mL}}
        space: {box: 120 x 120 x 120 µm, grid: 10 µm}
        molecules:
          CXCL10: {diffusion: 50 µm²/s, decay: half-life 10 min, starts: 0.1 nM,
                   blood: {half-life: 20 min, exchange: 0.001 /s}}
          IFN-γ: {diffusion: 50 µm²/s, decay: half-life 2 h}
        receptors:
          CXCR3: {ligand: CXCL10, k_on: 1e7 /M/s, k_off: 2e-3 /s, k_endo: 1e-4 /s}
          IFNGR: {ligand: IFN-γ, k_on: 3e6 /M/s, k_off: 3e-3 /s, k_endo: 5e-4 /s}
        networks:
          n:
            compartments: {cytoplasm: 500 fL}
            species: {S: 100 nM, P: 0 nM}
            parameters: {engaged: 0 receptors, k: 1e-5 /receptor/s}
            reactions:
              phosphorylate: S -> P, k * engaged * S
              lose: P -> S, 1e-3 /s * P
        cells:
          Tumour:
            radius: 6 µm
            receptors: {IFNGR: 3000 ± 30 %}
            secretes: {CXCL10: 10 molecules/s}
            state: {MHC-I: 0.5}
            divides: {rate: 2 /h, phases: {S: 5 min, G2M: 3 min ± 20 %}, grows: 10 min}
            dies: {rate: 0.5 /h, cleared: 10 min}
            network: {n: {engaged: IFNGR.bound}}
          CTL:
            count: 10
            radius: 5 µm
            receptors: {CXCR3: 10000}
            secretes: {IFN-γ: 1 molecules/s}
            motion: {speed: 10 µm/min, persistence: 2 min, towards: {CXCR3: 0.005 /receptor}}
            kills: {Tumour: {rate: 2 /min, hits: 2, every: 3 min, lasts: 10 min, repair: 50 min, recognises: MHC-I}}
        mechanics: {adhesion: {Tumour and Tumour: 0.01 /s}}
        rules:
          - >-
            CTL: CXCR3.bound increases secretes.IFN-γ from 1 molecules/s to 20 molecules/s, half-max 50 receptors,
            delay 2 min, half-time 1 min
          - Tumour: IFNGR.bound increases state.MHC-I from 0.5 to 1, half-max 9 receptors, half-time 10 min
          - Tumour: pressure decreases divides.rate from 2 /h to 0 /h, half-max 1, hill 4
          - Tumour: IFN-γ increases adhesion.Tumour from 0.01 /s to 0.05 /s, half-max 10 pM
          - CTL: IFN-γ increases recruits.CTL from 1e-6 cells/min/µm³ to 2e-6 cells/min/µm³, half-max 10 pM
        place: {Tumour: cluster of 30 at centre, CTL: random}
        recruits: {CTL: {from: blood, at: everywhere, by: CXCL10, between: 0.01 nM .. 1 nM, rate: 1e-6 cells/min/µm³}}
        treatments:
          - 5 cells CTL at 3 min
          - 1 nM CXCL10 into blood at 5 min
        run: {for: 9 min, seed: 3, rule step: 1 min}
        record: {communication: {every: 2 min}}
        """

    /// Cells that stand still: rules, states of rest, doses, and networks of every kind.
    private static func still(_ network: String, fields: String = "dynamic") -> String {
        """
        paracrine: 1
        model: cells that stand
        space: {box: 100 x 100 x 100 µm, grid: 10 µm}
        molecules:
          IFN: {diffusion: 100 µm²/s, starts: 50 pM, decay: 1e-4 /s}
          CXCL10: {diffusion: 100 µm²/s, decay: 1e-3 /s}
        receptors: {R: {ligand: IFN, k_on: 20 /nM/h, k_off: 0.3 /h, k_endo: 1 /h, turnover: 0.5 /h}}
        networks:
          n:
        \(network.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
        cells:
          T: {count: 12, radius: 5 µm, receptors: {R: 1000 ± 60 %}, secretes: {CXCL10: 1 molecules/s},
              network: {n: {engaged: R.bound}}}
        rules:
          - T: R.bound increases secretes.CXCL10 from 1 molecules/s to 9 molecules/s, half-max 20 receptors, delay 7 min
        place: {T: lattice 20 µm}
        run: {for: 30 min, seed: 3, rule step: 20 s, fields: \(fields)}
        record: {communication: {every: 10 min}}
        \(fields == "dynamic" ? "treatments: [100 pM IFN at 13 min]" : "")
        """
    }

    private static let smooth = """
        species: {P: 0 nM}
        compartments: {cytoplasm: 500 fL}
        parameters: {engaged: 0 receptors, k: 1 molecules/receptor/s}
        reactions:
          make: -> P, k * engaged
          lose: P ->, 1e-3 /s * P
        """
    /// Switches, an event with a delay that is pending at times, and a look back.
    private static let switching = """
        compartments: {cytoplasm: 500 fL}
        species: {S: 100 nM, P: 0 nM}
        parameters: {engaged: 0 receptors, k: 1e-5 /receptor/s, gain: 1}
        reactions:
          phosphorylate: S -> P, gain * k * engaged * S
          lose: P -> S, 1e-3 /s * P
        events:
          tire: when P > 5 nM, gain = 0.3, delay 4 min
        """

    /// Networks in the medium and in blood, beside cells.
    private static let medium = """
        paracrine: 1
        model: networks of a medium
        compartments: {blood: {volume: 1e6 µm³}}
        space: {box: 80 x 80 x 60 µm, grid: 10 µm}
        molecules: {IFN: {diffusion: 100 µm²/s, decay: 1e-4 /s, blood: {half-life: 20 min, exchange: 0.01 /s}}}
        networks:
          trap:
            in: medium
            molecules: {i: IFN}
            species: {free: 1 nM, held: 0 nM}
            parameters: {on: 1e6 /M/s, off: 1e-3 /s}
            reactions: {bind: "i + free -> held, on * i * free - off * held"}
          store:
            in: blood
            molecules: {i: IFN}
            species: {kept: 0 nM}
            parameters: {away: 2 /h, back: 1 /h}
            reactions: {keep: "i -> kept, away * i * blood - back * kept * blood"}
        cells: {T: {count: 8, radius: 5 µm, secretes: {IFN: 20 molecules/s}}}
        place: {T: random}
        treatments: [100 pM IFN into blood at 3 min]
        run: {for: 10 min, seed: 3}
        """

    /// Whose molecules blood carries between two tissues, bound to a decoy and free.
    private static let organs = """
        paracrine: 1
        model: two tissues
        compartments: {blood: {volume: 1e5 µm³}}
        molecules:
          IL-6: {diffusion: 60 µm²/s, blood: {half-life: 30 min, exchange: 0.01 /s}}
          decoy: {diffusion: 40 µm²/s, starts: 2 nM, blood: {starts: 2 nM, exchange: 0.01 /s}}
          held:
            complex: {of: [IL-6, decoy], k_on: 10 /nM/h, k_off: 5 /h}
            diffusion: 30 µm²/s
            blood: {exchange: 0.01 /s}
        receptors: {IL-6R: {ligand: IL-6, k_on: 1e6 /M/s, k_off: 1e-3 /s, k_endo: 1e-3 /s}}
        cells:
          A: {radius: 6 µm, secretes: {IL-6: 20 molecules/s}}
          B: {radius: 6 µm, receptors: {IL-6R: 1000}, secretes: {IL-6: 5 molecules/s}}
        tissues:
          gut: {space: {box: 60 x 60 x 60 µm, grid: 10 µm}, cells: {A: 3, B: 2}, place: {A: random, B: random}}
          liver: {space: {box: 60 x 60 x 60 µm, grid: 10 µm}, cells: {B: 9}, place: {B: random}}
        treatments: [1 nM IL-6 into blood at 4 min]
        run: {for: 10 min, seed: 3}
        record: {communication: {every: 5 min}}
        """

    static let models: [(name: String, text: String)] = [
        ("medium", medium),
        ("living", living), ("smooth", still(smooth)), ("switching", still(switching)),
        ("resting", still(smooth, fields: "quasi-steady")), ("organs", organs),
    ]

    private func engine(_ model: Model, threads: Int) throws -> any ContinuableEngine {
        let cells = try CellPlacement.place(model).cells
        let engine = model.spatialEngine(cells: cells, threads: threads)
        return try #require(engine as? any ContinuableEngine)
    }

    private func state(_ engine: any ContinuableEngine) throws -> [UInt8] {
        let archive = StateArchive()
        try engine.keep(in: archive)
        return archive.bytes
    }

    @Test(arguments: models.indices) func fromAnyMomentTheEndIsTheSameBytes(number: Int) throws {
        let model = try ModelFile.read(Self.models[number].text, named: "m").model
        let end = model.run.duration.value
        let whole = try engine(model, threads: 1)
        var states: [[UInt8]] = []
        while whole.time < end {
            try whole.step(until: end)
            // Before what happens at once, and after it.
            states.append(try state(whole))
            try whole.settle()
            states.append(try state(whole))
        }
        let last = try #require(states.last)
        // Chosen: some moments of either kind, spread over the run.
        for k in stride(from: 1, to: states.count - 1, by: max(1, states.count / 7 | 1)) {
            let other = try engine(model, threads: 2)
            try other.keep(in: StateArchive(restoring: states[k]))
            #expect(try state(other) == states[k], "what comes out is what went in")
            try other.settle()
            while other.time < end {
                try other.step(until: end)
                try other.settle()
            }
            let found = try state(other)
            let isSame = found == last
            #expect(
                isSame,
                "\(Self.models[number].name), from state \(k) of \(states.count): \(Self.difference(found, last))")
        }
    }

    /// The last name before the first byte that differs.
    private static func difference(_ a: [UInt8], _ b: [UInt8]) -> String {
        guard let place = zip(a, b).enumerated().first(where: { $0.element.0 != $0.element.1 })?.offset else {
            return "\(a.count) and \(b.count) bytes"
        }
        let letters = b[max(0, place - 400)..<place].map { byte in
            (32..<127).contains(byte) ? Character(Unicode.Scalar(byte)) : " "
        }
        return "byte \(place) of \(b.count), after \(String(letters).split(separator: "  ").suffix(3))"
    }

    @Test func aStateThatDoesNotFitIsRefused() throws {
        let model = try ModelFile.read(Self.models[2].text, named: "m").model
        let whole = try engine(model, threads: 1)
        try whole.step(until: 60)
        let bytes = try state(whole)
        let cut = StateArchive(restoring: Array(bytes.dropLast(100)))
        #expect(throws: StateProblem.self) { try engine(model, threads: 1).keep(in: cut) }
        var other = model
        other.molecules.removeLast()
        other.rules = []
        other.cellTypes[0].secretes = [:]
        let archive = StateArchive(restoring: bytes)
        #expect(throws: StateProblem.self) { try engine(other, threads: 1).keep(in: archive) }
        // Every single byte that is lost or changed is met with a problem or a state, never with a crash.
        for place in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 60)) {
            var broken = bytes
            broken[place] ^= 0x55
            try? engine(model, threads: 1).keep(in: StateArchive(restoring: broken))
        }
    }
}
