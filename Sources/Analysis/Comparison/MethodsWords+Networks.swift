import Biology

extension MethodsWords {
    /// Which networks ran inside which cells, and how.
    var networks: String {
        let used = model.cellTypes.flatMap { type in
            type.networks.compactMap { use in model.network(use.network).map { (type, use, $0) } }
        }
        guard !used.isEmpty else { return "" }
        let sentences = used.map { type, use, network in
            var text = "Inside every \(type.name) ran the network \(network.name) (\(size(network)))"
            if let file = network.file { text += ", read from \(file)" }
            let given = use.inputs.map { "\($0.name) = \(ModelWords.expression($0.expression))" }
            text += given.isEmpty ? "." : ", given \(Words.list(given, "and"))."
            return network.clock == .seconds(1) ? text : text + " Its time counts \(ModelWords.text(network.clock))."
        }
        return sentences.joined(separator: " ")
            + " Networks followed each step of fields and receptors with the mean of what they were given at both of its "
            + "ends, to second order in the step, and no step was longer than \(ModelWords.text(model.run.ruleStep))."
    }

    private func size(_ network: ModelNetwork) -> String {
        switch network.content {
        case .reactions(let reactions):
            "\(reactions.species.count) species, \(reactions.reactions.count) reactions, as differential equations"
        case .logic(let logic): "\(logic.nodes.count) nodes that are switched by chance in continuous time"
        }
    }
}
