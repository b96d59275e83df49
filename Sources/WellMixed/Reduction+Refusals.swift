import Biology

extension Reduction {
    /// What cells do that has no meaning without places, or none that sums of cells give.
    mutating func refuseLives(_ sampling: CellSampling) {
        for (index, type) in model.cellTypes.enumerated() {
            guard model.comesAndGoes(type) else { continue }
            refuseNetworks(type)
            if method == .ode || isOneByOne { continue }
            refuseSumsByChance(type, surfaces[index], sampling)
            refuseLagsByChance(type)
        }
    }

    /// What a network does when its cell divides is known of amounts, and of nothing that is pending.
    private mutating func refuseNetworks(_ type: CellType) {
        for own in type.networks {
            guard let network = model.network(own.network) else { continue }
            let entry = "cells.\(type.name).network"
            if method == .ssa, !isOneByOne {
                refuse(
                    entry, "a network inside cells that come and go is not run by chance for one mean cell",
                    "take --cells away, so that cells are followed one by one, or run it with --ode")
            }
            guard case .reactions(let reactions) = network.content else { continue }
            if !reactions.events.isEmpty || reactions.formulas.contains(where: \.hasDelay) {
                refuse(
                    entry, "a network with events or delays cannot be inside cells that come and go",
                    "write it without them, or take divides, dies and becomes from its cells")
            }
        }
    }

    /// By chance a sum is exact where everything is of first order in what its cells carry.
    private mutating func refuseSumsByChance(
        _ type: CellType, _ surface: SurfaceReactions, _ sampling: CellSampling
    ) {
        // One mean cell, asked for by --cells 1, is an approximation that the user has chosen.
        if sampling == .number(1) || model.sumsObeyTheSameLaw(type, surface) { return }
        refuse(
            "cells.\(type.name)",
            "its cells come and go, and what they do depends on what each carries, so that their sum is not exact",
            "take --cells away, so that cells are followed one by one, or run it with --ode")
    }

    /// By chance a rule remembers one past a type.
    private mutating func refuseLagsByChance(_ type: CellType) {
        guard model.newcomers.contains(type.name) else { return }
        for (index, rule) in model.rules.enumerated()
        where rule.cellType == type.name && (rule.delay.value > 0 || rule.halfTime.value > 0) {
            refuse(
                "rules.\(index + 1)",
                "cells that become or come as '\(type.name)' have a past of their own, and by chance the rule keeps one for all",
                "take --cells away, so that cells are followed one by one, or run it with --ode")
        }
    }

    /// Whether the cells of a type come and go, and are one sum.
    public func isOneSum(_ type: Int) -> Bool { !isOneByOne && model.comesAndGoes(model.cellTypes[type]) }
}
