public import Biology
public import Simulation

extension Model {
    /// The engine with space: a body where there are compartments or several tissues, tissue alone otherwise.
    ///
    /// - Parameters:
    ///   - cells: Placed cells, with their receptor numbers and secretion rates.
    ///   - threads: Threads that compute; results do not depend on it.
    /// - Returns: The engine, at its start.
    /// - Precondition: the model was checked.
    public func spatialEngine(cells: [PlacedCell], threads: Int) -> any Engine {
        hasBody
            ? BodyEngine(self, cells: cells, threads: threads) : TissueEngine(self, cells: cells, threads: threads)
    }

    /// Whether a molecule crosses between tissue and a compartment anywhere.
    func exchanges(_ molecule: Molecule) -> Bool {
        (molecule.compartments ?? []).contains { $0.exchange.value > 0 || $0.permeability.value > 0 }
    }
}

extension FieldSetUp {
    /// What a molecule exchanges with each compartment that it goes into.
    func exchanges(_ index: Int, courses: [[CompartmentCourse]]) -> [CompartmentExchange] {
        let molecule = model.molecules[index]
        return (model.compartments ?? []).enumerated().compactMap { number, compartment in
            guard let kinetics = model.kinetics(of: molecule, in: compartment.name),
                kinetics.exchange.value > 0 || kinetics.permeability.value > 0
            else { return nil }
            var rates: [Int: Double] = [:]
            if kinetics.permeability.value > 0 {
                addVessels(of: compartment.name, kinetics.permeability, molecule, to: &rates)
                addWalls(to: compartment.name, kinetics.permeability, molecule, to: &rates)
            }
            let places = rates.sorted { $0.key < $1.key }.map {
                CompartmentExchange.Place(element: $0.key, rate: $0.value)
            }
            return CompartmentExchange(
                compartment: number, course: courses[index][number], everywhere: kinetics.exchange.value,
                places: places, grid: grid, team: team)
        }
    }

    private func addVessels(
        of compartment: String, _ permeability: Permeability, _ molecule: Molecule, to rates: inout [Int: Double]
    ) {
        for vessel in model.vessels ?? [] where vessel.compartment == compartment {
            // A tube's surface is where it is; a face between voxels is half a voxel from the middle of the tissue.
            let across: Double
            if case .voxels = vessel.shape {
                across =
                    WallTerm(
                        .permeable(permeability, outside: .zero), diffusion: molecule.diffusion.value,
                        width: grid.spacing
                    ).loss * grid.spacing
            } else {
                across = permeability.value
            }
            for piece in VesselSurface(vessel.shape, in: model.space).pieces {
                rates[grid.element(piece.voxel), default: 0] += across * piece.area / grid.voxelVolume
            }
        }
    }

    private func addWalls(
        to compartment: String, _ permeability: Permeability, _ molecule: Molecule, to rates: inout [Int: Double]
    ) {
        for face in Face.all where !model.space.periodic.contains(face.axis) {
            guard case .exchange(compartment) = model.wall(of: molecule, at: face) else { continue }
            let term = WallTerm(
                .permeable(permeability, outside: .zero), diffusion: molecule.diffusion.value, width: grid.spacing)
            for voxel in grid.voxels(at: face) { rates[grid.element(voxel), default: 0] += term.loss }
        }
    }

}

extension VoxelGrid {
    /// The voxels beside a face, in order of z, y, x.
    func voxels(at face: Face) -> [SIMD3<Int>] {
        let axis = face.axis.rawValue
        let fixed = face.isUpper ? counts[axis] - 1 : 0
        var found: [SIMD3<Int>] = []
        for z in axis == 2 ? fixed...fixed : 0...nz - 1 {
            for y in axis == 1 ? fixed...fixed : 0...ny - 1 {
                for x in axis == 0 ? fixed...fixed : 0...nx - 1 { found.append(SIMD3(x, y, z)) }
            }
        }
        return found
    }
}

/// What a body reads of tissue and tells it.
extension TissueEngine {
    /// One course for each molecule and compartment, at the concentrations of the start.
    static func courses(_ model: Model) -> [[CompartmentCourse]] {
        model.molecules.map { molecule in
            (model.compartments ?? []).map { compartment in
                CompartmentCourse(model.kinetics(of: molecule, in: compartment.name)?.starts.value ?? 0)
            }
        }
    }

    /// Net molecules that came out of a compartment into the tissue since the start, at a time within the last step.
    func exchanged(_ molecule: Int, compartment: Int, at time: Double) -> Double {
        guard let exchange = fields[molecule].exchanges.first(where: { $0.compartment == compartment }) else {
            return 0
        }
        if time >= clock.now { return exchange.total }
        let w = hermite(time)
        return w.0 * exchange.totalBefore + w.1 * exchange.total + w.2 * exchange.flows[2] + w.3 * exchange.flows[0]
    }

    /// What a difference of concentration carries (µm³/s), and what the tissue gives now to an empty compartment
    /// (molecules/s).
    func exchange(_ molecule: Int, compartment: Int) -> (conductance: Double, outflow: Double) {
        let field = fields[molecule]
        guard let exchange = field.exchanges.first(where: { $0.compartment == compartment }) else { return (0, 0) }
        return (exchange.conductance, exchange.outflow(field.now))
    }

    /// A compartment has changed at once: the next step is a short one.
    func compartmentsHaveJumped() {
        ratesAreFresh = false
        clock.restart()
    }
}
