import Biology

/// A species of a network that is a molecule dissolved in one of the volumes.
struct SharedSpecies: Sendable {
    /// Index into the reduction's pools.
    var pool: Int
    /// Its amount, molecules.
    var species: String
    /// What an amount is divided by to be what the network reads.
    var divisor: Formula?
    /// Molecules in one unit of the network's amounts.
    var unit: Double
    /// What a reaction lists where one molecule reacts away: before it, and after it.
    var reactedAway: (before: [String], after: [String])
    /// What a reaction lists after it where one is made.
    var made: [String]

    /// What the network reads, of the amount or its rate.
    func read(_ amount: Formula) -> Formula { divisor.map { amount / $0 } ?? amount }
}

extension Reduction {
    /// The molecule that a name of a network is; `nil` for one of its own.
    func pool(of name: String, in network: ModelNetwork) -> Int? {
        guard let place = network.place, let molecule = place.molecules[name], let volume = volume(of: place),
            let m = model.molecules.firstIndex(where: { $0.name == molecule })
        else { return nil }
        return pool(m, in: volume)
    }

    private func volume(of place: NetworkPlace) -> Int? {
        volumes.firstIndex { $0.label == place.name || ($0.label.isEmpty && place.name == NetworkPlace.medium) }
    }

    /// Joins a network's species with the molecules that they are, each with accounts of what the network makes of it.
    mutating func share(_ network: ModelNetwork) -> [String: SharedSpecies] {
        var shared: [String: SharedSpecies] = [:]
        for name in (network.place?.molecules ?? [:]).keys.sorted() {
            guard let p = pool(of: name, in: network) else { continue }
            let volume = volumes[pools[p].volume]
            let (made, away) = (
                names.name(label(p), "made", "in", network.name), names.name(label(p), "reacted", "in", network.name)
            )
            for account in [made, away] { addSpecies(account, 0, in: pools[p].volume) }
            pools[p].gained.append(made)
            pools[p].lost.append(away)
            let isAmount = network.dimension(of: name) == .amount
            let scale = network.scale(of: name)
            let factors: [Formula] = (isAmount ? [] : [.name(volume.name)]) + (scale == 1 ? [] : [.number(scale)])
            shared[name] = SharedSpecies(
                pool: p, species: pools[p].species,
                divisor: factors.count > 1 ? .call(.times, factors) : factors.first, unit: network.units.amount ?? 1,
                reactedAway: (lose(p), lent(p) + [away]), made: gain(p) + [made])
        }
        return shared
    }

    /// The network's own name of its place, and what it is called here.
    func placeName(of network: ModelNetwork) -> (own: String, here: String)? {
        guard network.file == nil, let place = network.place, let volume = volume(of: place) else { return nil }
        return (place.name, volumes[volume].name)
    }
}
