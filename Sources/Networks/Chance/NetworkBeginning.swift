public import Biology
public import Simulation

/// What a network has at its start, for one cell at a time: with what the cell gives it, and drawn for it alone.
public struct NetworkBeginning: Sendable {
    private let network: CompiledNetwork
    private let start: NetworkStart

    /// - Throws: ``NetworkFailure`` with everything that is wrong with the network.
    public init(_ network: ReactionNetwork) throws(NetworkFailure) {
        self.network = try CompiledNetwork(network)
        start = NetworkStart(self.network)
    }

    /// The values by name, amounts of species whatever their names mean; `nil` of what a rule determines.
    ///
    /// `given`: by name, what is given in place of the network's own numbers. `time`: in the network's unit.
    public func values(
        given: [String: Double], at time: Double, from stream: inout RandomStream
    ) -> (String) -> Double? {
        var givens = network.layout.givenValues
        for (name, value) in given {
            if let place = network.layout.givens[name] { givens[place] = value }
        }
        let begun = start.evaluate(givens: givens, at: time, from: &stream)
        return { name in
            let values = [network.roles.species(name).map { NetworkValue.amount($0) }, .named(name)].compactMap { $0 }
            for value in values {
                if let row = network.layout.held(of: value) { return begun.helds[row] }
                if let row = network.layout.unknown(of: value) { return begun.unknowns[row] }
            }
            return nil
        }
    }
}
