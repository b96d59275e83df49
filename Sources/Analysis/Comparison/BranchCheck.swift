public import Biology

/// What may differ between a run and one that begins in the middle of it: rates, numbers and doses of what goes on.
///
/// Who and what there is, where it stands, and how time is divided is part of the state that a branch takes over.
public enum BranchCheck {
    /// What differs between two models that a branch cannot take over; empty where the second can go on from the first.
    public static func refused(_ before: Model, _ after: Model) -> [ModelDifferences.Difference] {
        ModelDifferences(fixed(before), fixed(after)).differences
    }

    /// A model with everything that a branch may change put to one value.
    private static func fixed(_ model: Model) -> Model {
        var model = model
        (model.treatments, model.cellDoses, model.expectations, model.parameters) = ([], nil, [], [])
        let communication = model.record.communication
        model.record = RecordPlan()
        model.record.communication = communication
        model.run.duration = .hours(1)
        model.run.tolerance = RunPlan.defaultTolerance
        for m in model.molecules.indices { fix(&model.molecules[m]) }
        for r in model.receptors.indices { fix(&model.receptors[r]) }
        for c in model.complexes.indices {
            model.complexes[c].kOn = .init(coherent: 0)
            (model.complexes[c].kOff, model.complexes[c].endocytosis) = (.zero, .zero)
        }
        for c in model.cellTypes.indices { fix(&model.cellTypes[c]) }
        for r in model.rules.indices { fix(&model.rules[r]) }
        for b in model.blocks.indices {
            fix(&model.blocks[b].by)
            model.blocks[b].text = ""
        }
        model.recruitments = model.recruitments?.map(fixed)
        return model
    }

    private static func fix(_ molecule: inout Molecule) {
        (molecule.diffusion, molecule.decay) = (.zero, .zero)
        molecule.association?.kOn = .zero
        molecule.association?.kOff = .zero
        for k in (molecule.compartments ?? []).indices {
            molecule.compartments?[k].clearance = .zero
            for name in molecule.compartments?[k].transfers.keys.sorted() ?? [] {
                molecule.compartments?[k].transfers[name] = .zero
            }
            molecule.compartments?[k].exchange = .zero
            molecule.compartments?[k].permeability = .zero
        }
    }

    private static func fix(_ receptor: inout Receptor) {
        for l in receptor.ligands.indices {
            receptor.ligands[l].kOn = .zero
            (receptor.ligands[l].kOff, receptor.ligands[l].endocytosis) = (.zero, .zero)
        }
        if case .turnover = receptor.supply { receptor.supply = .turnover(loss: .zero) }
        (receptor.recycling, receptor.degradation) = (.zero, .zero)
    }

    private static func fix(_ type: inout CellType) {
        for name in type.secretes.keys.sorted() { type.secretes[name] = Spread(0) }
        for (name, number) in type.receptors.sorted(by: { $0.key < $1.key }) {
            if case .spread = number { type.receptors[name] = .spread(Spread(0)) }
        }
        guard var life = type.life else { return }
        life.motion?.speed = .zero
        life.motion?.persistence = .zero
        for a in (life.motion?.towards ?? []).indices { life.motion?.towards[a].sensitivity = 0 }
        life.division?.hazard = Hazard(rate: .zero)
        for d in life.deaths.indices { life.deaths[d].hazard = Hazard(rate: .zero) }
        for c in life.changes.indices { life.changes[c].hazard = Hazard(rate: .zero) }
        for k in life.kills.indices { life.kills[k].attaches = .zero }
        for e in life.eats.indices { life.eats[e].rate = .zero }
        type.life = life
    }

    private static func fix(_ rule: inout Rule) {
        (rule.from, rule.to, rule.halfTime, rule.text) = (0, 0, .zero, "")
        for i in rule.inputs.indices { fix(&rule.inputs[i]) }
    }

    private static func fix(_ input: inout RuleInput) { (input.halfMax, input.hill) = (1, 1) }

    private static func fixed(_ recruitment: Recruitment) -> Recruitment {
        var recruitment = recruitment
        recruitment.call?.from = .zero
        recruitment.call?.to = .zero
        recruitment.site =
            switch recruitment.site {
            case .everywhere: .everywhere(perVolume: 0)
            case .vessels: .vessels(perArea: 0)
            case .walls: .walls(perArea: 0)
            }
        return recruitment
    }
}
