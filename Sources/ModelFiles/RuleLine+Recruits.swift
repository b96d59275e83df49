import Biology

extension RuleLine {
    /// `recruits.TYPE`: how fast cells of the rule's own type come out of their compartment.
    func recruitsBehaviour(_ name: String, _ clause: Clause) -> (Behaviour, Dimension, base: Double?)? {
        guard isKnown("cell type", name, among: reading.vocabulary.cellTypes, "cells", clause) else { return nil }
        guard name == cellType else {
            return missing(
                clause, "'\(clause.text)' is a behaviour of \(name), but the rule is for \(cellType)",
                fix: "write '\(name): ... recruits.\(name) ...'")
        }
        guard let recruitment = model.recruitment(of: name) else {
            if reading.vocabulary.isBroken("recruits.\(name)") { return nil }
            return missing(
                clause, "nothing recruits \(name)",
                fix: "add 'recruits: {\(name): {from: blood, at: vessels, rate: 0 cells/min/µm²}}'")
        }
        return (.recruitment(name), recruitment.site.dimension, recruitment.site.rate)
    }

    /// Whether a rule on recruiting reads only what is there before the cell is.
    func isKnownBeforeTheCell(_ subject: Clause, _ inputs: [RuleInput], _ options: RuleOptions) -> Bool {
        var isKnown = true
        for (clause, input) in zip(subject.pieces(at: "and"), inputs) {
            if case .concentration = input.signal { continue }
            error(
                clause.offset,
                "'\(clause.text.shortened)' cannot be read before \(cellType) is there: it reads the place where cells come out",
                fix: "name a molecule, such as \(reading.vocabulary.molecules.first ?? "CCL2")")
            isKnown = false
        }
        for (word, clause) in [("delay", options.delay), ("half-time", options.halfTime)] {
            guard let clause else { continue }
            error(
                clause.offset, "a rule on recruiting has no \(word): no \(cellType) is there yet to have it",
                fix: "remove '\(word) \(clause.text.shortened)'")
            isKnown = false
        }
        return isKnown
    }
}

extension ModelReader {
    /// Blocks of what a rule on recruiting reads must be molecules, too.
    func checkRecruitingBlocks(_ blocks: [(block: SignalBlock, place: Place)], _ model: Model) {
        for (block, place) in blocks {
            if case .concentration = block.by.signal { continue }
            let isRead = model.rulesOnRecruiting(block.cellType).contains { rule in
                rule.inputs.contains { $0.signal == block.signal }
            }
            guard isRead else { continue }
            findings.error(
                place,
                "a rule on recruiting reads what this blocks, and the blocker cannot be read before \(block.cellType) is there",
                fix: "block it by a molecule, or let the rule read another molecule")
        }
    }
}
