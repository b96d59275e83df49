import Biology

extension Reduction {
    /// What cells do that has no meaning without places, or none that sums of cells give.
    mutating func refuseLives(_ sampling: CellSampling) {
        for (index, type) in model.cellTypes.enumerated() {
            guard model.comesAndGoes(type) else { continue }
            refuseNetworks(type)
            guard method == .ssa else { continue }
            refuseSumsByChance(type, surfaces[index], sampling)
            refuseLagsByChance(type)
        }
    }

    /// What a network does when its cell divides is known of amounts, and of nothing that is pending.
    private mutating func refuseNetworks(_ type: CellType) {
        for own in type.networks {
            guard let network = model.network(own.network) else { continue }
            let entry = "cells.\(type.name).network"
            if method == .ssa {
                refuse(
                    entry, "a network inside cells that come and go is not run by chance",
                    "run it with --ode, or with space ('paracrine run')")
            }
            if model.newcomers.contains(type.name) {
                refuse(
                    entry,
                    "cells that become or come as '\(type.name)' start their network anew, each at a time of its own",
                    "run it with space ('paracrine run'), or take the network out")
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
            "run it with --ode, or add '--cells 1' for one mean cell a type, which is not exact")
    }

    /// By chance a rule remembers one past a type.
    private mutating func refuseLagsByChance(_ type: CellType) {
        guard model.newcomers.contains(type.name) else { return }
        for (index, rule) in model.rules.enumerated()
        where rule.cellType == type.name && (rule.delay.value > 0 || rule.halfTime.value > 0) {
            refuse(
                "rules.\(index + 1)",
                "cells that become or come as '\(type.name)' have a past of their own, and by chance the rule keeps one for all",
                "run it with --ode, or write the rule without delay and half-time")
        }
    }

    /// Whether the cells of a type come and go, and so are one sum.
    public func isOneSum(_ type: Int) -> Bool { model.comesAndGoes(model.cellTypes[type]) }
}
