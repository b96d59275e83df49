public import Biology
public import Simulation

/// Follows a run and keeps, for every molecule that cells capture, who secreted it.
///
/// Never read by the solution: the engine takes the same steps with it as without.
final class Attribution {
    let molecules: [TaggedMolecule]
    private let record: CommunicationRecord
    /// Its name, where there are several.
    private let tissue: String?

    init(_ record: CommunicationRecord, engine: TissueEngine, surroundings: TissueSurroundings) {
        self.record = record
        let model = engine.model
        let numbers = Buffer<Double>(count: engine.population.speciesCount)
        tissue = surroundings.name
        let wanted = model.molecules.indices.filter { Attribution.isFollowed($0, model, record) }
        molecules = wanted.compactMap { index in
            TagPlan(model, record, molecule: index, population: engine.population, surroundings: surroundings).map {
                TaggedMolecule($0, engine: engine, numbers: numbers)
            }
        }
    }

    static func isFollowed(_ molecule: Int, _ model: Model, _ record: CommunicationRecord) -> Bool {
        record.molecules.isEmpty
            ? model.cellTypes.contains { TagPlan.secretes($0, molecule, model) }
            : record.molecules.contains(model.molecules[molecule].name)
    }

    /// Follows the step that the engine has just taken; see ``TaggedMolecule/follow(length:isFresh:)``.
    func follow(length: Double, isFresh: Bool) {
        for molecule in molecules { molecule.follow(length: length, isFresh: isFresh) }
    }

    /// Cells have moved, or have come, gone, divided or changed; `turnover` is `nil` where they have only moved.
    func follow(_ turnover: CellTurnover?, oldTypes: [Int]) {
        for molecule in molecules { molecule.follow(turnover, record, oldTypes: oldTypes) }
    }

    /// A dying cell lets molecules go.
    func release(_ release: Release) {
        for tagged in molecules { tagged.release(release) }
    }

    /// Marks a dose of a molecule, given everywhere at once, as coming from outside; molecules/µm³.
    func dose(_ molecule: Int, _ amount: Double) {
        for carrier in molecules.flatMap(\.carriers) where carrier.cells.carrier == molecule { carrier.dose(amount) }
    }

    /// How far tags were from adding up to the whole at most, before they were made to: on cells, and in fields now.
    var worstGap: Double {
        molecules.flatMap(\.carriers).reduce(0) { max($0, $1.cells.worstGap, $1.gap()) }
    }

    /// On cells and fields that have been taken over already.
    func keep(in archive: StateArchive) throws(StateProblem) {
        for molecule in molecules { try molecule.keep(in: archive) }
    }

    // MARK: - What is reported

    /// Everything since the start of the run, at a time within the last step.
    func frame(at seen: Moment) -> CommunicationFrame {
        var frame = CommunicationFrame()
        for tagged in molecules {
            for (at, carrier) in tagged.carriers.enumerated() where tagged.reports(carrier: at, seen.model) {
                let counts = carrier.cells.counts(at: seen, own: at == 0 ? tagged.own : nil)
                frame.rows += rows(tagged, carrier, counts, seen)
                frame.cells += cellRows(carrier, seen)
            }
            let secreted = tagged.secreted(share: seen.share)
            for (sender, name) in tagged.plan.senders.enumerated() where tagged.plan.typeOfSender[sender] >= 0 {
                frame.secretion.append(
                    SecretionRow(
                        start: 0, end: seen.time, molecule: seen.model.molecules[tagged.plan.molecule].name,
                        sender: name, secreted: secreted[sender]))
            }
        }
        return frame
    }

    /// A time within the last step, and what the engine's cells hold then.
    struct Moment {
        let model: Model
        let time: Double
        /// Of the last step that has gone by, 0...1.
        let share: Double
        /// Numbers of all cells' species.
        let numbers: Buffer<Double>
        /// Weights of what had been taken in before and after the step, and of the rates (s) at its start and end.
        let weights: (Double, Double, Double, Double)
        /// Numbers at the start and the end of the step.
        let before: Buffer<Double>
        let now: Buffer<Double>
    }

    private func rows(
        _ tagged: TaggedMolecule, _ carrier: TaggedField, _ counts: TaggedCells.Counts, _ seen: Moment
    ) -> [CommunicationRow] {
        let plan = tagged.plan
        var rows: [CommunicationRow] = []
        for (type, network) in carrier.cells.networks.enumerated() {
            let receiver = CommunicationRow.name(seen.model.cellTypes[type].name, tissue: tissue)
            for (slot, held) in network.slots.enumerated() {
                for (sender, name) in plan.senders.enumerated() {
                    func row(_ route: CommunicationRow.Route, _ count: TaggedCells.Count) {
                        rows.append(
                            CommunicationRow(
                                start: 0, end: seen.time, molecule: seen.model.molecules[carrier.cells.carrier].name,
                                sender: name, receiver: receiver, route: route, receptor: held.name,
                                captured: count.captured, bound: count.bound))
                    }
                    let all = counts.all[type][slot][sender]
                    guard plan.typeOfSender[sender] == type else {
                        row(plan.route(ofSender: sender), all)
                        continue
                    }
                    let own = counts.own[type][slot][sender]
                    row(.autocrine, own)
                    row(
                        .paracrine,
                        TaggedCells.Count(captured: all.captured - own.captured, bound: all.bound - own.bound))
                }
            }
        }
        return rows
    }

    private func cellRows(_ carrier: TaggedField, _ seen: Moment) -> [CellCaptureRow] {
        let types = seen.model.cellTypes.indices.filter { record.receivers.contains(seen.model.cellTypes[$0].name) }
        if types.isEmpty { return [] }
        let cells = carrier.cells
        var rows: [CellCaptureRow] = []
        // Whether a sender's molecules came through a compartment is not told apart here.
        var places: [String: Int] = [:]
        for found in cells.captured(at: seen, ofTypes: types) {
            if found.sender == 0 { places = [:] }
            let sender = cells.plan.senders[found.sender]
            if let place = places[sender] {
                rows[place].captured += found.captured
                continue
            }
            places[sender] = rows.count
            rows.append(
                CellCaptureRow(
                    start: 0, end: seen.time, molecule: seen.model.molecules[cells.carrier].name, sender: sender,
                    receiver: seen.model.cellTypes[cells.population.types[found.cell]].name,
                    receiverID: cells.population.ids[found.cell], captured: found.captured))
        }
        return rows
    }
}

extension TissueEngine {
    /// Chosen: more senders than these take hours and make no table that a person reads.
    static let mostTags = 256
    /// Chosen: 200 million values in all tags' fields are 5 GB.
    static let mostTagValues = 2e8

    /// What is wrong where a model asks to follow more senders than there is memory for, and what to do about it.
    public static func tooManySenders(_ model: Model, cells: [PlacedCell]) -> (problem: String, fix: String)? {
        guard let record = model.record.communication, record.senders == .cells else { return nil }
        if LivingCells.comeAndGo(model) {
            return (
                "cells come and go, so they cannot be followed one by one as senders",
                "write 'senders: types' under record.communication, or make groups"
            )
        }
        for (index, molecule) in model.molecules.enumerated() {
            if !record.molecules.isEmpty && !record.molecules.contains(molecule.name) { continue }
            let senders = cells.count { TagPlan.secretes(model.cellTypes[$0.typeIndex], index, model) }
            // What comes back through a compartment has a tag besides.
            let tags = model.exchanges(molecule) ? 2 * senders : senders
            let values = Double(tags) * model.space.voxels.map(Double.init).reduce(1, *)
            guard tags > mostTags || values > mostTagValues else { continue }
            return (
                "\(senders) cells secrete \(molecule.name), too many to follow one by one (at most \(mostTags), "
                    + "and \(mostTagValues) voxels times senders)",
                "write 'senders: types' under record.communication, or make a group of the cells that matter"
            )
        }
        return nil
    }
}

extension TaggedMolecule {
    /// A dissolved complex is reported with the senders of its first part.
    func reports(carrier: Int, _ model: Model) -> Bool {
        if carrier == 0 { return true }
        let complex = model.molecules[carriers[carrier].cells.carrier]
        return complex.association?.first == model.molecules[plan.molecule].name
    }

    func secreted(share: Double) -> [Double] {
        zip(secretedBefore, secreted).map { $0 + share * ($1 - $0) }
    }
}
