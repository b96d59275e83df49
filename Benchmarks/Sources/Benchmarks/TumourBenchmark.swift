import Biology
import Simulation
import Tissue

/// The yardsticks of living tissue, beside PhysiCell 1.14.2 on the same work (690 to 790 s and 97 s of processor time).
///
/// `tumour-26k`: 25,400 tumour cells in a ball and 500 T cells around it, in a 1500 µm cube of 20 µm voxels; all take up
/// oxygen, tumour cells secrete a factor that T cells climb; cells push each other every 6 s, divide, attach, hit and die.
/// `tumour-2d`: 1,200 cells in 800 × 800 µm for 24 h.
///
/// Rules and touches are looked at as often as the program does by itself, `RunPlan.defaultRuleStep`. PhysiCell renews
/// phenotypes every 6 minutes (`dt_phenotype`), but contacts every 6 s (`dt_mechanics`): a longer step here is less work
/// than the peer's. What comes out does not depend on it: tumour cells after 24 h of `tumour-2d` are 1200 ± 16, 1218 ± 11,
/// 1211 ± 19 and 1200 ± 14 every 20, 60, 120 and 360 s (means ± standard error; 4 seeds, then 12).
enum TumourBenchmark {
    /// `options`: hours, threads, seconds between rules, and a seed; each may be left out with those after it.
    static func run(flat: Bool, _ options: [String]) throws {
        var (model, cells) = flat ? plane() : space()
        let hours = options.count > 0 ? Double(options[0]) ?? 1 : 1
        let threads = options.count > 1 ? Int(options[1]) ?? 1 : 1
        if options.count > 2, let seconds = Double(options[2]) { model.run.ruleStep = .seconds(seconds) }
        if options.count > 3, let seed = UInt64(options[3]) { model.run.seed = seed }
        let start = Benchmarks.processorTime
        let engine = TissueEngine(model, cells: cells, threads: threads)
        print("set up: \(Benchmarks.processorTime - start) s of processor time")
        let end = hours * 3600
        let before = Benchmarks.processorTime
        let wall = Benchmarks.wallTime
        while engine.time < end {
            try engine.step(until: end)
            try engine.settle()
        }
        let time = Benchmarks.processorTime - before
        let frame = engine.cells(at: engine.time, columns: [])
        let counts = model.cellTypes.indices.map { type in frame.types.count { $0 == type } }
        print(
            "\(flat ? "tumour-2d" : "tumour-26k"): \(time / hours) s of processor time and "
                + "\((Benchmarks.wallTime - wall) / hours) s in all an hour simulated, \(threads) threads, "
                + "\(engine.statistics.steps) steps (\(engine.statistics.rejected) rejected), \(engine.cycles) V-cycles, "
                + "\(zip(model.cellTypes, counts).map { "\($1) \($0.name)" }.joined(separator: ", ")), "
                + "\(Benchmarks.peakMemory) MB")
        for molecule in model.molecules {
            let values = engine.field(molecule.name, at: engine.time).values
            print("  \(molecule.name): \(values.min() ?? 0) to \(values.max() ?? 0) molecules/µm³")
        }
    }

    private static func model(_ size: [Double], spacing: Double) -> Model {
        var model = Model(
            name: "tumour",
            space: Space(size: size.map { .micrometres($0) }, spacing: .micrometres(spacing)),
            run: RunPlan(duration: .hours(24), seed: 1))
        let minute = 1 / 60.0
        var oxygen = Molecule(
            name: "O2", diffusion: .squareMicrometresPerSecond(1e5 * minute), decay: .perSecond(0.1 * minute))
        oxygen.starts = Concentration(coherent: 38)
        for face in Face.all where size[face.axis.rawValue] > spacing {
            oxygen.walls[face] = .fixed(Concentration(coherent: 38))
        }
        let factor = Molecule(
            name: "factor", diffusion: .squareMicrometresPerSecond(1e3 * minute), decay: .perSecond(0.016 * minute))
        model.molecules = [oxygen, factor]
        // Uptake of 10 cell volumes a minute, far from saturation: what is bound goes inside at once.
        let uptake = 10 * minute * 2494
        var transporter = Receptor(
            name: "transporter",
            ligands: [
                LigandBinding(
                    ligand: "O2", kOn: AssociationRate(coherent: uptake / 1e6), kOff: .perSecond(1e-6),
                    endocytosis: .perSecond(10))
            ])
        transporter.supply = .held
        let guide = Receptor(
            name: "guide",
            ligands: [
                LigandBinding(ligand: "factor", kOn: AssociationRate(coherent: 1e-9), kOff: .perSecond(1e-7))
            ])
        model.receptors = [transporter, guide]
        var tumour = CellType(name: "tumour", radius: .micrometres(8.4))
        tumour.receptors = ["transporter": .spread(Spread(1e6))]
        tumour.secretes = ["factor": Spread(10 * minute * 2494)]
        var growth = CellLife()
        growth.division = Division(hazard: Hazard(rate: .perSecond(0.0432 / 3600)))
        growth.deaths = [Death(kind: .apoptosis, hazard: Hazard(rate: .perSecond(0.0032 / 3600)), body: "dead")]
        tumour.life = growth
        var killer = CellType(name: "T", radius: .micrometres(8.4))
        killer.receptors = ["transporter": .spread(Spread(1e6)), "guide": .spread(Spread(1e4))]
        var hunt = CellLife()
        hunt.motion = Motion(
            speed: Speed(coherent: minute), persistence: .seconds(600),
            towards: [Attraction(receptor: "guide", sensitivity: 0.05)])
        var killing = Killing(target: "tumour", attaches: .perSecond(0.2 * minute), hits: 1)
        killing.every = .seconds(900)
        killing.lasts = .seconds(3600)
        hunt.kills = [killing]
        killer.life = hunt
        var dead = CellType(name: "dead", radius: .micrometres(8.4))
        dead.life = CellLife()
        dead.life?.vanishes = .hours(8.6)
        model.cellTypes = [tumour, killer, dead]
        model.mechanics = Mechanics()
        return model
    }

    private static func space() -> (Model, [PlacedCell]) {
        let model = model([1500, 1500, 1500], spacing: 20)
        let ball = packed(25_400, centre: SIMD3(750, 750, 750), model, type: 0, from: 0, beyond: 0)
        return (model, ball + packed(500, centre: SIMD3(750, 750, 750), model, type: 1, from: 25_400, beyond: 375))
    }

    private static func plane() -> (Model, [PlacedCell]) {
        let model = model([800, 800, 20], spacing: 20)
        let disc = packed(1100, centre: SIMD3(400, 400, 10), model, type: 0, from: 0, beyond: 0)
        return (model, disc + packed(100, centre: SIMD3(400, 400, 10), model, type: 1, from: 1100, beyond: 320))
    }

    /// The nearest sites of a face-centred lattice to a point that are farther than `beyond`, µm.
    private static func packed(
        _ count: Int, centre: SIMD3<Double>, _ model: Model, type: Int, from id: Int, beyond: Double
    ) -> [PlacedCell] {
        let pitch = 22.0
        let isFlat = model.space.voxels[2] == 1
        var sites: [(Double, SIMD3<Double>)] = []
        for i in -40...40 {
            for j in -40...40 {
                for k in isFlat ? 0...0 : -40...40 where (i + j + k) % 2 == 0 {
                    let offset = SIMD3(Double(i), Double(j), Double(k)) * (pitch / 2.0.squareRoot())
                    let r = (offset * offset).sum().squareRoot()
                    if r > beyond { sites.append((r, centre + offset)) }
                }
            }
        }
        sites.sort { $0.0 < $1.0 }
        return sites.prefix(count).enumerated().map { index, site in
            PlacedCell(
                id: id + index, typeIndex: type, x: site.1.x, y: site.1.y, z: site.1.z, radius: 8.4,
                receptors: PlacedCell.receptors(model, model.cellTypes[type], id: id + index, seed: 1),
                secretion: PlacedCell.secretion(model, model.cellTypes[type], id: id + index, seed: 1))
        }
    }
}
