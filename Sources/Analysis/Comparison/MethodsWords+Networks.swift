import Biology
import Results

extension MethodsWords {
    /// Which networks ran inside which cells, and how.
    var networks: String {
        guard !model.networks.isEmpty else { return "" }
        var sentences = model.networks.map(contents)
        for type in model.cellTypes {
            for use in type.networks {
                let given = use.inputs.map { "\($0.name) = \(ModelWords.expression($0.expression))" }
                let what = given.isEmpty ? "" : ", given \(Words.list(given, "and"))"
                sentences.append("Inside every \(type.name) ran \(use.network)\(what).")
            }
        }
        for network in model.networks {
            guard let place = network.place else { continue }
            let same = place.molecules.sorted { $0.key < $1.key }.map { "\($0.key) was the dissolved \($0.value)" }
            sentences.append("\(network.name) ran in \(place.name), where \(Words.list(same, "and")).")
        }
        if engine == .tissue, model.cellTypes.contains(where: { !$0.networks.isEmpty }) {
            sentences.append(
                "Networks followed each step of fields and receptors with the mean of what they were given at both of its "
                    + "ends, to second order in the step, and no step was longer than "
                    + "\(ModelWords.text(model.run.ruleStep)).")
        }
        return sentences.joined(separator: " ")
    }

    /// A network with all its numbers, or the file that has them.
    private func contents(_ network: ModelNetwork) -> String {
        let thing = "networks.\(network.name)"
        let text = "The network \(network.name) has \(size(network))"
        if let file = network.file {
            return "\(text), read from \(file), and counts time in units of \(ModelWords.text(network.clock))."
        }
        let said = ModelStatements(model).all.filter { $0.thing == thing }
        let parts = said.map { "\($0.path.dropFirst(thing.count + 1)): \($0.text)" }
        return "\(text): \(parts.joined(separator: "; "))."
    }

    private func size(_ network: ModelNetwork) -> String {
        switch network.content {
        case .reactions(let reactions):
            "\(reactions.species.count) species, \(reactions.reactions.count) reactions"
                + (engine == .ssa ? ", molecule by molecule" : ", as differential equations")
        case .logic(let logic): "\(logic.nodes.count) nodes that are switched by chance in continuous time"
        }
    }
}
