import Biology

extension RuleLine {
    static let behaviours =
        "use one of: secretes.MOLECULE, receptors.RECEPTOR, state.NAME, motion.speed, motion.persistence, motion.towards.RECEPTOR, divides.rate, dies.rate, necrosis.rate, becomes.CELLTYPE, kills.CELLTYPE, eats.CELLTYPE, recruits.CELLTYPE, adhesion.CELLTYPE"

    /// A behaviour of what the cell type says under motion, divides, dies, necrosis, becomes, kills or eats.
    func lifeBehaviour(_ clause: Clause) -> (Behaviour, Dimension, base: Double?)? {
        guard let behaviour = Behaviour(named: clause.text), let dimension = behaviour.dimension else {
            let word = String(clause.text.prefix { $0 != "." })
            if let later = Later.words[word] {
                return missing(clause, Later.problem(clause.text, later), fix: "remove this rule")
            }
            return missing(clause, "'\(clause.text.shortened)' is not a behaviour", fix: RuleLine.behaviours)
        }
        guard isNamed(behaviour, clause) else { return nil }
        guard let type = model.cellType(cellType), !reading.vocabulary.isBroken("cells.\(cellType).\(clause.text)")
        else { return (behaviour, dimension, nil) }
        guard let base = type.life?.stated(behaviour) else {
            let (problem, fix) = absent(behaviour)
            return missing(clause, "\(cellType) \(problem)", fix: "add '\(fix)' to cells.\(cellType)")
        }
        return (behaviour, dimension, base)
    }

    /// `adhesion.TYPE`: how strongly a cell holds on to cells of that type, which `mechanics` states of the pair.
    func adhesionBehaviour(_ name: String, _ clause: Clause) -> (Behaviour, Dimension, base: Double?)? {
        guard isKnown("cell type", name, among: reading.vocabulary.cellTypes, "cells", clause) else { return nil }
        if let stated = model.mechanics?.adhesion(cellType, name) { return (.adhesion(name), .rate, stated.value) }
        let pairs = ["\(cellType) and \(name)", "\(name) and \(cellType)"]
        if pairs.contains(where: { reading.vocabulary.isBroken("mechanics.adhesion.\($0)") }) {
            return (.adhesion(name), .rate, nil)
        }
        return missing(
            clause, "mechanics does not say how \(cellType) and \(name) adhere",
            fix: "add 'mechanics: {adhesion: {\(pairs[0]): 0 /s}}'")
    }

    /// Whether the receptor or the cell type that a behaviour names exists.
    private func isNamed(_ behaviour: Behaviour, _ clause: Clause) -> Bool {
        switch behaviour {
        case .attraction(let name):
            isKnown("receptor", name, among: reading.vocabulary.receptors, "receptors", clause)
        case .change(let name), .killing(let name), .engulfing(let name):
            isKnown("cell type", name, among: reading.vocabulary.cellTypes, "cells", clause)
        default: true
        }
    }

    /// What is wrong where a cell type does not state a behaviour, and what would state it.
    private func absent(_ behaviour: Behaviour) -> (problem: String, fix: String) {
        switch behaviour {
        case .attraction(let name):
            ("moves towards nothing that '\(name)' binds", "motion: {towards: {\(name): 0 /receptor}}")
        case .speed, .persistence: ("does not move", "motion: {speed: 0 µm/min, persistence: 2 min}")
        case .division: ("does not divide", "divides: 0 /h")
        case .death(.apoptosis): ("does not die", "dies: 0 /h")
        case .death(.necrosis): ("has no necrosis", "necrosis: 0 /h")
        case .change(let name): ("does not become \(name)", "becomes: {\(name): 0 /h}")
        case .killing(let name): ("does not kill \(name)", "kills: {\(name): 0 /min}")
        case .engulfing(let name): ("does not eat \(name)", "eats: {\(name): 0 /min}")
        case .secretion, .expression, .state, .recruitment, .adhesion:
            preconditionFailure("'\(behaviour)' is no part of a cell's life")
        }
    }
}
