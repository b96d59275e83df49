extension ReactionNetwork {
    /// The same network with other values given to some names, in what they mean; initial assignments to them are gone.
    ///
    /// - Returns: The network, and the names that nothing in it has: reactions have no value of their own.
    public func with(_ values: [String: Double]) -> (network: ReactionNetwork, unknown: [String]) {
        var changed = self
        var left = Set(values.keys)
        for index in parameters.indices {
            guard let value = values[parameters[index].name] else { continue }
            changed.parameters[index].value = value
            left.remove(parameters[index].name)
        }
        for index in compartments.indices {
            guard let value = values[compartments[index].name] else { continue }
            changed.compartments[index].size = value
            left.remove(compartments[index].name)
        }
        for index in species.indices {
            guard let value = values[species[index].name] else { continue }
            changed.species[index].initial = species[index].meaning == .amount ? .amount(value) : .concentration(value)
            left.remove(species[index].name)
        }
        changed.initialAssignments.removeAll { values[$0.name] != nil }
        return (changed, left.sorted())
    }
}
