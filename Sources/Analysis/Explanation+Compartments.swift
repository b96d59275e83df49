import Biology
import Foundation

extension Explanation {
    /// How fast each molecule is cleared from each compartment, and how fast tissue follows where it exchanges everywhere.
    static func compartments(_ tissue: MeanTissue) -> Section {
        let model = tissue.model
        var items: [Item] = []
        for molecule in model.molecules {
            for kinetics in molecule.compartments ?? [] {
                guard let compartment = model.compartment(kinetics.compartment) else { continue }
                let name = "\(molecule.name) in \(compartment.name)"
                let loss = kinetics.clearance.value + kinetics.transfers.values.map(\.value).sorted().reduce(0, +)
                if loss > 0 {
                    items.append(
                        Item(
                            "half-life of \(name)", "ln 2 / (clearance + transfers)", [Figure("rates", loss, "/s")],
                            log(2) / loss, "s", .plain, "without what comes back"))
                }
                if kinetics.clearance.value > 0 {
                    items.append(
                        Item(
                            "clearance of \(name)", "rate × volume",
                            [
                                Figure("rate", kinetics.clearance.value, "/s"),
                                Figure("volume", compartment.volume.value, "µm³"),
                            ], kinetics.clearance.value * compartment.volume.value, "µm³/s", .plain, ""))
                }
                if kinetics.exchange.value > 0 {
                    items.append(
                        Item(
                            "\(molecule.name): tissue follows \(compartment.name) with half-time", "ln 2 / exchange",
                            [Figure("exchange", kinetics.exchange.value, "/s")], log(2) / kinetics.exchange.value, "s",
                            .plain, ""))
                }
            }
        }
        return Section(title: "Blood and other compartments", items: items)
    }
}
