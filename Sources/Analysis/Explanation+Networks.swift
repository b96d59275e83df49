import Biology

extension Explanation {
    /// Which networks live where, what they are given, and how their clock and units map.
    static func networks(_ model: Model) -> Section {
        var items: [Item] = []
        for type in model.cellTypes {
            for use in type.networks {
                guard let network = model.network(use.network) else { continue }
                items.append(item("\(network.name) in \(type.name)", network, given: use.inputs))
            }
        }
        for network in model.freeNetworks {
            let place = network.place?.name ?? "no cell"
            items.append(item("\(network.name), in \(place) (only 'mix' runs it)", network, given: []))
        }
        return Section(title: "Networks", items: items)
    }

    private static func item(_ name: String, _ network: ModelNetwork, given: [NetworkInput]) -> Item {
        var figures: [Figure]
        switch network.content {
        case .reactions(let reactions):
            figures = [
                Figure("species", Double(reactions.species.count), ""),
                Figure("reactions", Double(reactions.reactions.count), ""),
                Figure("amount", network.units.amount ?? .nan, "molecules"),
                Figure("volume", network.units.volume ?? .nan, "µm³"),
            ]
        case .logic(let logic): figures = [Figure("nodes", Double(logic.nodes.count), "")]
        }
        figures.removeAll { $0.value.isNaN }
        var remarks = given.map { "\($0.name) = \(ModelWords.expression($0.expression))" }
        remarks += (network.place?.molecules ?? [:]).sorted { $0.key < $1.key }.map {
            "\($0.key) is the dissolved \($0.value)"
        }
        let silent = given.map(\.name).filter { network.dimension(of: $0) == .none }
        if network.file != nil, !silent.isEmpty {
            remarks.append("plain numbers in the file's own units: \(Words.list(silent, "and"))")
        }
        return Item(
            name, "one unit of its time", figures, network.clock.value, "s", .plain, remarks.joined(separator: "; "))
    }
}
