import Biology

/// Mean ages, as equations: a cell grows older by a second a second, and those that are born or come are new.
///
/// Cells that wait in stages go at ages of their own, and have no such mean. With N cells of mean age A, d(A N)/dt = N − A · (those that go and those that divide), so
/// dA/dt = 1 − A (2 · divisions + arrivals)/N; what arrives with an age of its own adds to it.
extension Reduction {
    /// Names the mean age and phase time of cells that come and go, where something reads them.
    ///
    /// Of cells that are there from the start to the end both are the time.
    mutating func nameAges() {
        let read = model.signalsUsed
        ages = groups.map { _ in [:] }
        // A cell that becomes another keeps its age, so either every sum has one or none.
        for age in [BodySignal.age, .phaseTime] where read.contains(.body(age)) {
            for g in groups.indices where living[g] != nil {
                guard method == .ode, living[g]?.names.count == 1 else {
                    refuseAges(g, age)
                    continue
                }
                let name = names.name(labels[g], age.rawValue)
                ages[g][age] = name
                network.parameters.append(NetworkParameter(name: name, value: 0, isConstant: false))
            }
        }
    }

    private mutating func refuseAges(_ g: Int, _ age: BodySignal) {
        let type = model.cellTypes[groups[g].type]
        guard model.signalsRead(by: type).contains(.body(age)) else { return }
        refuse(
            "cells.\(type.name)",
            "'\(age.rawValue)' is read of cells that come and go, and "
                + (method == .ode
                    ? "where they wait in phases or by 'not before' the mean cell has none"
                    : "by chance their sum has none"),
            method == .ode
                ? "run it by chance (--ssa) or with space ('paracrine run'), or write it without phases and 'not before'"
                : "run it with --ode, or with space ('paracrine run')")
    }

    /// How mean ages change, when everything that comes is known.
    mutating func addAges() {
        for g in groups.indices {
            guard let sum = living[g] else { continue }
            let born = sum.divisions.map { [.number(2) * Formula.name($0)] } ?? []
            let anew = born + (sum.arrivals.map { [.name($0)] } ?? [])
            for (age, name) in ages[g].sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                let isPhase = age == .phaseTime
                let reset = Reduction.sum(anew + (isPhase ? sum.phasesEntered : []))
                let brought = isPhase ? Formula.number(0) : Reduction.sum(sum.ageArriving)
                network.rateRules.append(
                    NetworkAssignment(name, .number(1) + (brought - .name(name) * reset) / number(g)))
            }
        }
    }
}
