public import Biology
import Networks
import Simulation

extension Model {
    /// Whether a network in the only tissue's medium makes, takes or reads a molecule.
    func sharesWithANetwork(_ molecule: String) -> Bool {
        networks.contains {
            $0.place?.name == NetworkPlace.medium && $0.place?.molecules.values.contains(molecule) == true
        }
    }

    /// The space of a tissue by its name, or of the only one.
    fileprivate func tissue(named name: String) -> Space {
        tissues.first { $0.name == name }?.model.space ?? space
    }
}

extension TissueEngine {
    /// Puts the networks inside cells at their start, with the cells as placed.
    func startNetworks() {
        guard let networks else { return }
        networks.compile(model) { phenotype.compiler(model, type: $0, population) }
        prepareFirstSignals()
        networks.start(signalSource, team: team)
    }

    /// Lets the networks inside cells follow the step that has just been taken.
    func advanceNetworks() throws(RunFailure) {
        guard let networks else { return }
        do throws(NetworkFailure) {
            try networks.advance(signalSource, to: clock.now, team: team)
        } catch {
            throw fail(error)
        }
    }

    func fail(_ failure: NetworkFailure) -> RunFailure {
        RunFailure(time: clock.now, problem: "a network stopped: \(failure.problem)", fix: failure.fix)
    }

    /// Why the networks inside a model's cells cannot run, with the path of the first that cannot; `nil` where they can.
    public static func networkProblem(_ model: Model) -> (path: String, problem: String, fix: String)? {
        CellNetworks.problem(model) ?? mediumProblem(model)
    }

    /// The same of networks in a medium or a compartment.
    private static func mediumProblem(_ model: Model) -> (path: String, problem: String, fix: String)? {
        for network in model.networks {
            guard let place = network.place, case .reactions(let reactions) = network.content else { continue }
            let path = "networks.\(network.name)"
            let isCompartment = model.compartment(place.name) != nil
            if model.run.fields == .quasiSteady, !isCompartment {
                return (
                    path, "it reacts in a medium that is in a steady state with its cells",
                    "write 'fields: dynamic' under 'run:', or --set run.fields=dynamic"
                )
            }
            let recorded = model.record.communication?.molecules
            let molecule = place.molecules.values.sorted().first {
                recorded?.isEmpty == true || recorded?.contains($0) == true
            }
            if let molecule {
                return (
                    path, "who sent '\(molecule)' is recorded, and what a network makes and takes of it is nobody's",
                    "name others under 'record.communication.molecules', or write the network's reactions under 'molecules'"
                )
            }
            do throws(NetworkFailure) {
                let places = try NetworkInPlaces(
                    reactions, dissolved: place.molecules.keys.sorted(), outputs: network.variables)
                if !isCompartment, !MediumNetwork.fits(places.own.count, in: model.tissue(named: place.name)) {
                    return (
                        path, "\(places.own.count) values of its own in every voxel are more than memory has room for",
                        "write fewer species or larger voxels, or run it without space ('paracrine mix')"
                    )
                }
            } catch {
                return (path, error.problem, error.fix)
            }
        }
        return nil
    }
}
