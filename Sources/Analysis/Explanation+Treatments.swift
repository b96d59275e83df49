import Biology

extension Explanation {
    /// How many molecules each dose brings, beside what it meets.
    static func treatments(_ tissue: MeanTissue) -> Section {
        let model = tissue.model
        return Section(
            title: "Treatments",
            items: model.treatments.map { treatment in
                let place = treatment.compartment ?? "the box"
                let volume =
                    treatment.compartment.flatMap { model.compartment($0)?.volume.value }
                    ?? model.space.size.reduce(1) { $0 * $1.value }
                let box = Figure("volume of \(place)", volume, "µm³")
                switch treatment.dose {
                case .bolus(let dose, let at):
                    return Item(
                        "\(treatment.text)", "concentration × volume of \(place)",
                        [Figure("concentration", dose.value, "molecules/µm³"), box, Figure("at", at.value, "s")],
                        dose.value * volume, "molecules", .plain, "")
                case .infusion(let rate, let from, let to):
                    let time = to.value - from.value
                    return Item(
                        "\(treatment.text)", "rate × time × volume of \(place)",
                        [Figure("rate", rate.value, "molecules/µm³/s"), Figure("time", time, "s"), box],
                        rate.value * time * volume, "molecules", .plain, "")
                }
            })
    }
}
