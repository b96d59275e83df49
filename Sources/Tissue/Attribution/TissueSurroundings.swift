import Biology
import Simulation

/// What a tissue knows of the body around it, for who signalled to whom.
struct TissueSurroundings {
    /// Its name, where there are several tissues.
    var name: String?
    /// By molecule, the senders whose molecules may come out of compartments, as they are reported.
    var arriving: [[String]]

    /// Of a tissue alone.
    static func none(_ model: Model) -> TissueSurroundings {
        TissueSurroundings(name: nil, arriving: model.molecules.map { _ in [] })
    }

    /// Of every tissue of a model: whatever goes into compartments may come out in any tissue.
    static func all(_ model: Model, cells: [PlacedCell]) -> [TissueSurroundings] {
        let parts = model.tissues
        guard let record = model.record.communication else {
            return parts.map { TissueSurroundings(name: $0.name, arriving: none(model).arriving) }
        }
        let arriving = model.molecules.indices.map { molecule -> [String] in
            let crosses = TagPlan.carriers(of: molecule, model).contains { model.exchanges(model.molecules[$0]) }
            guard crosses, Attribution.isFollowed(molecule, model, record) else { return [] }
            return parts.enumerated().flatMap { number, part in
                let own = cells.filter { $0.tissue == number }.map {
                    TagPlan.Cell(id: $0.id, type: $0.typeIndex, position: SIMD3($0.x, $0.y, $0.z))
                }
                return TagPlan.senders(of: molecule, part.model, record, own, tissue: part.name)
            }
        }
        return parts.map { TissueSurroundings(name: $0.name, arriving: arriving) }
    }
}
