import Biology
import Results

extension MethodsWords {
    /// Several tissues, each with its box; nothing where there is one.
    var organs: String? {
        guard let organs = model.organs, !organs.isEmpty else { return nil }
        let boxes = organs.map { organ in
            let size = organ.space.size.map { ModelWords.number($0.value) }.joined(separator: " × ")
            let voxels = organ.space.voxels.map(String.init).joined(separator: " × ")
            return "\(organ.name) was a box of \(size) µm, divided into \(voxels) cubic voxels with edges of "
                + "\(ModelWords.text(organ.space.spacing)). \(walls(organ.space.walls, periodic: organ.space.periodic))"
        }
        let mixed = engine == .tissue ? "" : " Of each only its volume counted, because its medium was mixed."
        return "There were \(organs.count) tissues, joined by nothing but what is said of compartments. "
            + boxes.joined(separator: " ") + mixed
    }

    /// Compartments, vessels, what crosses to them, and cells that come from them.
    var body: String {
        var sentences = (model.compartments ?? []).map { compartment in
            let cells = compartment.cells.sorted { $0.key < $1.key }.map { "\(ModelWords.number($0.value)) \($0.key)" }
            return "\(compartment.name) was a well-mixed compartment of \(ModelWords.text(compartment.volume))"
                + (cells.isEmpty ? "." : ", with \(Words.list(cells, "and")) at the start.")
        }
        for molecule in model.molecules {
            sentences += (molecule.compartments ?? []).map { sentence($0, molecule) }
        }
        let placed = (model.organs ?? []).flatMap { organ in organ.vessels.map { (organ.name, $0) } }
        for (place, vessel) in (model.vessels ?? []).map({ ("the tissue", $0) }) + placed {
            sentences.append(
                "In \(place) \(ModelWords.shape(vessel.shape)) (\(vessel.name)) carried \(vessel.compartment).")
        }
        for recruitment in model.recruitments ?? [] {
            let call = recruitment.call.map { ", called by \(ModelWords.call($0))" } ?? ""
            sentences.append(
                "\(recruitment.cellType) cells came out of \(recruitment.compartment) at "
                    + "\(ModelWords.site(recruitment.site))\(call).")
        }
        sentences += (model.cellDoses ?? []).map { "Given were \(ModelWords.dose($0))." }
        return sentences.joined(separator: " ")
    }

    private func sentence(_ kinetics: CompartmentKinetics, _ molecule: Molecule) -> String {
        var parts = ["started at \(ModelWords.text(kinetics.starts))"]
        parts.append("was cleared at \(ModelWords.text(kinetics.clearance))")
        for (other, rate) in kinetics.transfers.sorted(by: { $0.key < $1.key }) {
            parts.append("went over to \(other) at \(ModelWords.text(rate))")
        }
        if kinetics.exchange > .zero {
            parts.append("was exchanged with all of the tissue at \(ModelWords.text(kinetics.exchange))")
        }
        if kinetics.permeability > .zero {
            parts.append("crossed walls and vessels with a permeability of \(ModelWords.text(kinetics.permeability))")
        }
        return "\(molecule.name) in \(kinetics.compartment) \(Words.list(parts, "and"))."
    }
}
