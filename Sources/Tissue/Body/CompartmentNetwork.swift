import Biology
import Networks

/// A network in a compartment, with the molecules carried there.
struct CompartmentNetwork {
    let network: ModelNetwork
    /// Index of the compartment, and of each shared species' molecule.
    let compartment: Int
    let molecules: [Int]
    private let place: NetworkInOnePlace
    /// Molecules in one unit of its amounts.
    private let unit: Double
    private let clock: Double

    /// `nil` where the network is elsewhere.
    init?(_ network: ModelNetwork, _ model: Model, _ compartments: [Compartment]) throws(NetworkFailure) {
        guard case .reactions(let reactions) = network.content, let inside = network.place,
            let compartment = compartments.firstIndex(where: { $0.name == inside.name })
        else { return nil }
        let shared = inside.molecules.keys.sorted()
        self.network = network
        self.compartment = compartment
        molecules = shared.map { name in model.molecules.firstIndex { $0.name == inside.molecules[name] } ?? 0 }
        let places = try NetworkInPlaces(reactions, dissolved: shared, outputs: network.variables)
        unit = network.units.amount ?? 1
        clock = network.clock.value
        let atStart = molecules.map { m in
            (model.kinetics(of: model.molecules[m], in: inside.name)?.starts.value ?? 0)
                * compartments[compartment].volume.value
        }
        place = try NetworkInOnePlace(
            places, relative: CellNetworks.toleranceShare * model.run.tolerance,
            // Chosen: where nothing is there yet, a million molecules to come.
            largest: max(places.start.map(\.magnitude).max() ?? 0, (atStart.max() ?? 0) / unit, 1e6 / unit))
    }

    /// Own values at the start.
    var start: [Double] { place.places.start }

    static func all(_ model: Model, _ compartments: [Compartment]) throws(NetworkFailure) -> [CompartmentNetwork] {
        var all: [CompartmentNetwork] = []
        for network in model.networks {
            if let one = try CompartmentNetwork(network, model, compartments) { all.append(one) }
        }
        return all
    }

    /// Lets it react for some seconds; what it makes and takes is counted as associated.
    func react(
        _ state: inout CompartmentState, number: Int, from time: Double, seconds: Double
    ) throws(NetworkFailure) {
        var amounts = molecules.map { state.held[$0][compartment] / unit }
        let before = amounts
        try place.advance(
            dissolved: &amounts, own: &state.networks[number], from: time / clock, to: (time + seconds) / clock)
        for (k, m) in molecules.enumerated() {
            let made = (amounts[k] - before[k]) * unit
            state.held[m][compartment] += made
            state.associated[m] += made
        }
    }

    /// A value in its coherent unit; `nil` for what it has not.
    func value(of name: String, _ state: CompartmentState, own: [Double], time: Double) -> Double? {
        place.value(
            of: name, dissolved: molecules.map { state.held[$0][compartment] / unit }, own: own, time: time / clock
        ).map { $0 * network.scale(of: name) }
    }
}
