import Biology

extension ModelStatements {
    /// Compartments, several tissues, vessels, and what crosses between them.
    mutating func body(_ model: Model) {
        for compartment in model.compartments ?? [] {
            let path = "compartments.\(compartment.name)"
            say("\(path).volume", compartment.volume, thing: path)
            for (type, count) in compartment.cells.sorted(by: { $0.key < $1.key }) {
                say("\(path).cells.\(type)", ModelWords.number(count), exact: "\(count)", thing: path)
            }
        }
        for molecule in model.molecules {
            for kinetics in molecule.compartments ?? [] { add(kinetics, of: molecule) }
        }
        for vessel in model.vessels ?? [] { add(vessel, path: "vessels.\(vessel.name)") }
        for organ in model.organs ?? [] { add(organ) }
        for recruitment in model.recruitments ?? [] {
            let path = "recruits.\(recruitment.cellType) from \(recruitment.compartment)"
            say("\(path).rate", ModelWords.site(recruitment.site), exact: "\(recruitment.site)", thing: path)
            if let call = recruitment.call {
                say("\(path).call", ModelWords.call(call), exact: "\(call)", thing: path)
            }
        }
        for dose in model.cellDoses ?? [] { say("treatments", ModelWords.dose(dose), exact: "\(dose)") }
    }

    private mutating func add(_ kinetics: CompartmentKinetics, of molecule: Molecule) {
        let thing = "molecules.\(molecule.name)"
        let path = "\(thing).\(kinetics.compartment)"
        say("\(path).starts", kinetics.starts, thing: thing)
        say("\(path).clearance", kinetics.clearance, thing: thing)
        for (other, rate) in kinetics.transfers.sorted(by: { $0.key < $1.key }) {
            say("\(path).to.\(other)", rate, thing: thing)
        }
        say("\(path).exchange", kinetics.exchange, thing: thing)
        say("\(path).permeability", kinetics.permeability, thing: thing)
    }

    private mutating func add(_ vessel: Vessel, path: String) {
        say("\(path).carries", vessel.compartment, thing: path)
        say("\(path).shape", ModelWords.shape(vessel.shape), exact: "\(vessel.shape)", thing: path)
    }

    private mutating func add(_ organ: Organ) {
        let path = "tissues.\(organ.name)"
        let size = organ.space.size.map { ModelWords.number($0.value) }.joined(separator: " x ")
        say("\(path).space.box", "\(size) µm", exact: "\(organ.space.size.map(\.value))", thing: path)
        say("\(path).space.grid", organ.space.spacing, thing: path)
        for axis in Axis.allCases where organ.space.periodic.contains(axis) {
            say("\(path).space.walls.\(axis)", "periodic", thing: path)
        }
        for face in Face.all {
            guard let wall = organ.space.walls[face], wall != .noFlux else { continue }
            say("\(path).space.walls.\(face)", ModelWords.wall(wall), exact: "\(wall)", thing: path)
        }
        for (type, count) in organ.counts.sorted(by: { $0.key < $1.key }) {
            say("\(path).cells.\(type)", ModelWords.count(count), exact: "\(count)", thing: path)
        }
        for placement in organ.placements {
            say(
                "\(path).place.\(placement.cellType ?? "other")", ModelWords.pattern(placement.pattern),
                exact: "\(placement.pattern)", thing: path)
        }
        for vessel in organ.vessels { add(vessel, path: "\(path).vessels.\(vessel.name)") }
    }
}

extension ModelWords {
    static func site(_ site: Recruitment.Site) -> String {
        switch site {
        case .everywhere(let rate): "\(value(rate, .influx)) anywhere in the tissue"
        case .vessels(let rate): "\(value(rate, .influxPerArea)) along its vessels"
        case .walls(let rate): "\(value(rate, .influxPerArea)) at its walls"
        }
    }

    static func call(_ call: Recruitment.Call) -> String {
        "\(call.molecule) from \(text(call.from)) to \(text(call.to))"
    }

    static func dose(_ dose: CellDose) -> String {
        let into = dose.into.map { " into \($0)" } ?? ""
        return "\(number(dose.count)) \(dose.cellType)\(into) at \(text(dose.at))"
    }
}
