import Biology

/// Where a cell of one type holds a molecule, and how the molecule moves between these places.
///
/// A slot is a species of the cell's surface with the molecule bound in it. Given how many free receptors and partners
/// there are, the tagged molecules in the slots obey linear equations, dx/dt = M x + b c, c being their concentration
/// at the surface.
struct SlotNetwork: Sendable {
    struct Slot: Sendable {
        /// Of the cell.
        var species: Int
        /// How many of the molecule one of the species holds.
        var number: Double
        /// The receptor or complex, as results name it.
        var name: String
        /// Taken into the cell, 1/s.
        var leaving: Double
    }

    /// L + R → slot at `kOn` × free receptors × c, and back to the medium at `kOff`.
    struct Binding: Sendable {
        var slot: Int
        var free: Int
        var kOn: Double
        var kOff: Double
    }

    /// slot + partner → another slot, at `kOn` × the partner's number.
    struct Joining: Sendable {
        var from: Int
        var to: Int
        var partner: Int
        var kOn: Double
    }

    /// A share of a joined species' molecules goes back to one of its parts.
    struct Parting: Sendable {
        var from: Int
        var to: Int
        var rate: Double
    }

    private(set) var slots: [Slot] = []
    private(set) var bindings: [Binding] = []
    private(set) var joinings: [Joining] = []
    private(set) var partings: [Parting] = []

    var count: Int { slots.count }

    /// `molecule`: index in the model.
    init(_ network: SurfaceNetwork, molecule: Int) {
        for (s, species) in network.species.enumerated() where species.isOnSurface {
            let number = species.ligands.count { $0 == molecule }
            guard number > 0, case .surface(let surface) = species.kind else { continue }
            slots.append(Slot(species: s, number: Double(number), name: SlotNetwork.name(surface), leaving: 0))
        }
        guard !slots.isEmpty else { return }
        for simple in network.simple where simple.ligand == molecule {
            for receptor in simple.receptors {
                guard let slot = slot(receptor.bound) else { continue }
                bindings.append(
                    Binding(slot: slot, free: receptor.free, kOn: receptor.kOn, kOff: receptor.kOff))
                slots[slot].leaving += receptor.endocytosis
            }
        }
        for block in network.blocks { take(block, molecule: molecule) }
    }

    private mutating func take(_ block: SurfaceNetwork.Block, molecule: Int) {
        for binding in block.bindings where block.ligands[binding.ligand] == molecule {
            guard let slot = slot(block.species[binding.bound]) else { continue }
            bindings.append(
                Binding(slot: slot, free: block.species[binding.free], kOn: binding.kOn, kOff: binding.kOff))
        }
        for joining in block.joinings {
            let (a, b) = (block.species[joining.first], block.species[joining.second])
            guard let to = slot(block.species[joining.joined]) else { continue }
            for (part, partner) in [(a, b), (b, a)] {
                guard let from = slot(part) else { continue }
                joinings.append(Joining(from: from, to: to, partner: partner, kOn: joining.kOn))
                partings.append(
                    Parting(from: to, to: from, rate: joining.kOff * slots[from].number / slots[to].number))
            }
        }
        for flow in block.flows where flow.internalised.contains(molecule) {
            if let slot = slot(block.species[flow.from]) { slots[slot].leaving += flow.rate }
        }
    }

    private func slot(_ species: Int) -> Int? { slots.firstIndex { $0.species == species } }

    private static func name(_ species: SurfaceSpecies) -> String {
        switch species {
        case .free(let name), .bound(let name, _), .complex(let name): name
        }
    }

    // MARK: - Linear algebra of one cell

    /// Solves a stage of length τ for a cell's slots: x, what they start from, becomes (1 − τM)⁻¹ (x + τ b c).
    @unsafe func solve(
        _ x: UnsafeMutablePointer<Double>, tau: Double, surface c: Double, u: UnsafePointer<Double>
    ) {
        let n = count
        for b in bindings { unsafe x[b.slot] += tau * b.kOn * max(u[b.free], 0) * c }
        unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: n * n) { work in
            guard let a = work.baseAddress else { return }
            unsafe fill(a, tau: tau, u: u)
            unsafe SurfaceKinetics.eliminate(a, x, n)
        }
    }

    /// Rates M x + b c of a cell's slots.
    @unsafe func setRates(
        _ rates: UnsafeMutablePointer<Double>, of x: UnsafePointer<Double>, surface c: Double,
        u: UnsafePointer<Double>
    ) {
        let n = count
        unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: n * n) { work in
            guard let a = work.baseAddress else { return }
            // I − M.
            unsafe fill(a, tau: 1, u: u)
            for s in 0..<n {
                unsafe rates[s] = x[s]
                for r in 0..<n { unsafe rates[s] -= a[s * n + r] * x[r] }
            }
        }
        for b in bindings { unsafe rates[b.slot] += b.kOn * max(u[b.free], 0) * c }
    }

    /// I − τ M, row by row, for a cell with numbers `u` of its species.
    @unsafe func fill(_ a: UnsafeMutablePointer<Double>, tau: Double, u: UnsafePointer<Double>) {
        let n = count
        for i in 0..<n * n { unsafe a[i] = 0 }
        for (s, slot) in slots.enumerated() { unsafe a[s * n + s] = 1 + tau * slot.leaving }
        for binding in bindings { unsafe a[binding.slot * n + binding.slot] += tau * binding.kOff }
        for joining in joinings {
            let rate = unsafe tau * joining.kOn * max(u[joining.partner], 0)
            unsafe a[joining.from * n + joining.from] += rate
            unsafe a[joining.to * n + joining.from] -= rate
        }
        for parting in partings {
            unsafe a[parting.from * n + parting.from] += tau * parting.rate
            unsafe a[parting.to * n + parting.from] -= tau * parting.rate
        }
    }

    /// The transpose in place.
    @unsafe static func transpose(_ a: UnsafeMutablePointer<Double>, _ n: Int) {
        for i in 0..<n {
            for j in 0..<i {
                let kept = unsafe a[i * n + j]
                unsafe a[i * n + j] = a[j * n + i]
                unsafe a[j * n + i] = kept
            }
        }
    }
}
