import Biology
import Simulation

/// A volume in which molecules are dissolved evenly: a tissue's medium, or a compartment.
struct MixedVolume: Sendable {
    enum Place: Hashable, Sendable {
        /// By its place among the model's tissues.
        case tissue(Int)
        case compartment(String)
    }

    /// Of the network's compartment.
    var name: String
    /// µm³.
    var size: Double
    var place: Place
    /// What stands behind the names of molecules in it: "gut", "blood"; "" for the only tissue.
    var label: String
}

/// A dissolved molecule in one volume, and the accounts of what became of it there.
struct MoleculePool: Sendable {
    /// Index into the model's molecules.
    var molecule: Int
    /// Index into the reduction's volumes.
    var volume: Int
    /// Its amount.
    var species: String
    /// Held by a wall: what cells take comes in, what they give goes out.
    var isHeld: Bool
    /// Molecules at the start, before a wall took hold.
    var atStart: Double
    /// Names of accounts by what they count; each only ever grows.
    var accounts: [LedgerEntry: String] = [:]
    /// Taken into cells, by cell type.
    var internalised: [Int: String] = [:]
    /// Bound to and set free by another dissolved molecule: accounts that count for it and against it.
    var gained: [String] = []
    var lost: [String] = []
}

extension Reduction {
    /// Names the volumes: tissues first, then compartments.
    mutating func addVolumes() {
        let tissues = model.tissues
        for (t, tissue) in tissues.enumerated() {
            let space = tissue.model.space
            let size = space.voxels.reduce(1) { $0 * Double($1) * space.spacing.value }
            volumes.append(
                MixedVolume(
                    name: names.name(tissue.name ?? Reduction.mediumName), size: size, place: .tissue(t),
                    label: tissue.name ?? ""))
        }
        for compartment in model.compartments ?? [] {
            volumes.append(
                MixedVolume(
                    name: names.name(compartment.name), size: compartment.volume.value,
                    place: .compartment(compartment.name), label: compartment.name))
        }
        network.compartments = volumes.map { NetworkCompartment(name: $0.name, size: $0.size) }
    }

    /// Where a molecule is dissolved in a volume; `nil` where it keeps out of it.
    func pool(_ molecule: Int, in volume: Int) -> Int? {
        pools.firstIndex { $0.molecule == molecule && $0.volume == volume }
    }

    /// Where a molecule meets the cells of a group.
    func pool(_ molecule: Int, around g: Int) -> Int { groups[g].tissue * model.molecules.count + molecule }

    /// Where a molecule is dissolved in a compartment of this name; `nil` where it keeps out of it, or neither is there.
    func pool(_ molecule: String, inCompartment name: String) -> Int? {
        guard let m = model.molecules.firstIndex(where: { $0.name == molecule }),
            let volume = volumes.firstIndex(where: { $0.place == .compartment(name) })
        else { return nil }
        return pool(m, in: volume)
    }

    /// What a pool's names begin with.
    func label(_ pool: Int) -> String {
        let (molecule, volume) = (model.molecules[pools[pool].molecule].name, volumes[pools[pool].volume].label)
        return volume.isEmpty ? molecule : "\(molecule) in \(volume)"
    }

    // MARK: - What joins them

    /// Transfers between compartments, and what tissue exchanges with them.
    mutating func addPassages() {
        for from in pools.indices {
            let molecule = model.molecules[pools[from].molecule]
            guard case .compartment(let place) = volumes[pools[from].volume].place,
                let kinetics = model.kinetics(of: molecule, in: place)
            else { continue }
            for (name, rate) in kinetics.transfers.sorted(by: { $0.key < $1.key }) where rate.value > 0 {
                guard let to = pool(molecule.name, inCompartment: name) else { continue }
                let share = parameter(names.name("transfer", label(from), "to", name), rate.value)
                react(
                    names.name("transfer", "of", label(from), "to", name), lose(from), gain(to),
                    at: share * amount(from))
            }
            for (t, tissue) in model.tissues.enumerated() {
                exchange(pools[from].molecule, between: t, tissue.model, from, kinetics)
            }
        }
    }

    /// What crosses between one tissue and a compartment: a conductance (µm³/s) × the concentration it comes from.
    private mutating func exchange(
        _ molecule: Int, between t: Int, _ tissue: Model, _ outside: Int, _ kinetics: CompartmentKinetics
    ) {
        let area = surface(of: tissue, model.molecules[molecule], to: kinetics.compartment)
        let conductance = kinetics.exchange.value * volumes[t].size + kinetics.permeability.value * area
        guard conductance > 0, let inside = pool(molecule, in: t) else { return }
        let through = parameter(names.name("exchange", label(inside), "with", kinetics.compartment), conductance)
        react(
            names.name(label(inside), "from", kinetics.compartment), lose(outside), gain(inside),
            at: through * concentration(outside))
        react(
            names.name(label(inside), "into", kinetics.compartment), lose(inside), gain(outside) + lent(inside),
            at: through * concentration(inside))
    }

    /// The walls and vessels of a tissue through which a molecule meets a compartment, µm².
    private func surface(of tissue: Model, _ molecule: Molecule, to compartment: String) -> Double {
        let space = tissue.space
        let walls = Face.all.filter { face in
            !space.periodic.contains(face.axis) && tissue.wall(of: molecule, at: face) == .exchange(compartment)
        }.reduce(0) { $0 + space.area(of: $1) }
        return (tissue.vessels ?? []).filter { $0.compartment == compartment }.reduce(walls) {
            $0 + VesselSurface($1.shape, in: space).area
        }
    }
}
