public import Biology
public import Simulation

extension BodyEngine {
    /// All cells of all tissues by id, each with its tissue where there are several.
    public func cells(at time: Double, columns: [Signal]) -> CellFrame {
        let frames = tissues.map { $0.cells(at: time, columns: columns) }
        guard frames.count > 1 else { return frames[0] }
        var all = CellFrame(time: time, typeNames: frames[0].typeNames)
        let order = frames.indices.flatMap { t in frames[t].ids.indices.map { (tissue: t, cell: $0) } }
            .sorted { frames[$0.tissue].ids[$0.cell] < frames[$1.tissue].ids[$1.cell] }
        all.ids = order.map { frames[$0.tissue].ids[$0.cell] }
        all.types = order.map { frames[$0.tissue].types[$0.cell] }
        (all.x, all.y) = (order.map { frames[$0.tissue].x[$0.cell] }, order.map { frames[$0.tissue].y[$0.cell] })
        (all.z, all.radius) = (
            order.map { frames[$0.tissue].z[$0.cell] }, order.map { frames[$0.tissue].radius[$0.cell] }
        )
        all.tissues = order.map(\.tissue)
        all.tissueNames = names.map { $0 ?? "" }
        for (c, column) in frames[0].columns.enumerated() {
            all.columns.append(
                CellFrame.Column(
                    name: column.name, unit: column.unit,
                    values: order.map { frames[$0.tissue].columns[c].values[$0.cell] }))
        }
        return all
    }

    /// A molecule's field: "IL-6 in gut" where there are several tissues.
    public func field(_ molecule: String, at time: Double) -> FieldFrame {
        let (name, tissue) = model.field(named: molecule)
        var frame = tissues[tissue].field(name, at: time)
        frame.molecule = molecule
        return frame
    }

    public func concentrations(of molecule: String, at points: [[Double]], time: Double) -> [Double] {
        let (name, tissue) = model.field(named: molecule)
        return tissues[tissue].concentrations(of: name, at: points, time: time)
    }

    /// Over all tissues and compartments, at a time within the last step of each.
    public func ledgers(at time: Double) -> [Ledger] {
        let parts = tissues.map { $0.ledgers(at: time) }
        let seconds = time - window.start
        let state = contents.state(after: seconds, received: received(at: time))
        return model.molecules.indices.map { m in
            var ledger = Ledger(molecule: model.molecules[m].name, entries: LedgerEntry.ofBody)
            for entry in LedgerEntry.allCases where entry != .exchanged {
                ledger[entry] = parts.reduce(0) { $0 + $1[m][entry] }
            }
            ledger[.atStart] += contents.atStart[m]
            ledger[.entered] += contents.given(m, after: seconds)
            ledger[.carried] = state.held[m].reduce(0, +)
            ledger[.cleared] = state.cleared[m]
            ledger[.associated] += state.associated[m]
            return ledger
        }
    }

    public func concentration(of molecule: String, in compartment: String, at time: Double) -> Double? {
        guard let m = model.molecules.firstIndex(where: { $0.name == molecule }),
            let k = contents.compartments.firstIndex(where: { $0.name == compartment })
        else { return nil }
        let state = contents.state(after: time - window.start, received: received(at: time))
        return state.held[m][k] / contents.compartments[k].volume.value
    }

    public func captured(_ molecule: String, at time: Double) -> [Double] {
        let parts = tissues.map { $0.captured(molecule, at: time) }
        return model.cellTypes.indices.map { type in parts.reduce(0) { $0 + $1[type] } }
    }

    /// Of all tissues; senders and receivers are named with theirs where there are several.
    public func communication(at time: Double) -> CommunicationFrame {
        let parts = tissues.map { $0.communication(at: time) }
        return CommunicationFrame(
            rows: parts.flatMap(\.rows), secretion: parts.flatMap(\.secretion), cells: parts.flatMap(\.cells))
    }

    public func inductions(at time: Double) -> [InductionRow] {
        let parts = tissues.map { $0.inductions(at: time) }
        guard var all = parts.first else { return [] }
        for part in parts.dropFirst() {
            for (place, row) in part.enumerated() {
                all[place].induced += row.induced
                all[place].drivenCells += row.drivenCells
            }
        }
        return all
    }

    /// A value of a network in a tissue's medium or in a compartment.
    public func value(of name: String, inNetwork network: String, at time: Double) -> Double? {
        if let place = model.network(network)?.place?.name,
            let tissue = names.firstIndex(where: { ($0 ?? NetworkPlace.medium) == place })
        {
            return tissues[tissue].value(of: name, inNetwork: network, at: time)
        }
        let seconds = time - window.start
        let state = contents.state(after: seconds, received: received(at: time))
        return contents.value(of: name, inNetwork: network, state, after: seconds)
    }
}
