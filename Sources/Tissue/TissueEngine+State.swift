import Biology
public import Simulation

extension TissueEngine {
    /// All that the next steps follow from, and the last one for observers.
    ///
    /// What follows from where cells stand is made anew when state comes out: stencils, near fields, contacts, who takes
    /// part in which field.
    public func keep(in archive: StateArchive) throws(StateProblem) {
        try clock.keep(in: archive)
        try archive.keep("engine.fresh", &ratesAreFresh)
        try statistics.keep(in: archive)
        for m in ledgerTotals.indices {
            try ledgerTotals[m].keep(in: archive)
            try previousLedgers[m].keep(in: archive)
        }
        let placed = (population.ids, population.positions, population.types)
        try population.keep(in: archive)
        if life == nil, (population.ids, population.positions, population.types) != placed {
            throw StateProblem("cells", "are not those that were placed")
        }
        var pairs = fields.map(\.coupling.hasPairs)
        try archive.keep("engine.pairs", &pairs)
        guard pairs.count == fields.count else { throw StateProblem("engine.pairs", "are of other molecules") }
        if archive.isRestoring, life != nil {
            makeRoomForCells()
            setCouplings(pairs: pairs)
        }
        for field in fields { try field.keep(in: archive) }
        for network in media { try network.keep(in: archive) }
        try phenotype.keep(in: archive, model, population)
        try networks?.keep(in: archive, population, types: model.cellTypes.count)
        try life?.keep(in: archive, population)
        try inductions.keep(in: archive)
        try treatments.keep(in: archive)
        for course in courses.joined() { try course.keep(in: archive) }
        try attribution?.keep(in: archive)
        observation = nil
    }
}

extension StepStatistics {
    fileprivate mutating func keep(in archive: StateArchive) throws(StateProblem) {
        try archive.keep("statistics.steps", &steps)
        try archive.keep("statistics.rejected", &rejected)
        try archive.keep("statistics.evaluations", &cellEvaluations)
    }
}

extension PlacedCell {
    /// Cells that are on their way into the tissue.
    static func keep(_ name: String, _ cells: inout [PlacedCell], in archive: StateArchive) throws(StateProblem) {
        var ids = cells.map(\.id)
        var types = cells.map(\.typeIndex)
        var tissues = cells.map(\.tissue)
        var places = cells.map { [$0.x, $0.y, $0.z, $0.radius] }
        var receptors = cells.map(\.receptors)
        var secretion = cells.map(\.secretion)
        try archive.keep("\(name).ids", &ids)
        try archive.keep("\(name).types", &types)
        try archive.keep("\(name).tissues", &tissues)
        try archive.keep("\(name).places", &places)
        try archive.keep("\(name).receptors", &receptors)
        try archive.keep("\(name).secretion", &secretion)
        let counts = [types.count, tissues.count, places.count, receptors.count, secretion.count]
        guard counts.allSatisfy({ $0 == ids.count }), places.allSatisfy({ $0.count == 4 }) else {
            throw StateProblem(name, "do not belong together")
        }
        cells = ids.indices.map { k in
            var cell = PlacedCell(
                id: ids[k], typeIndex: types[k], x: places[k][0], y: places[k][1], z: places[k][2],
                radius: places[k][3], receptors: receptors[k], secretion: secretion[k])
            cell.tissue = tissues[k]
            return cell
        }
    }
}
