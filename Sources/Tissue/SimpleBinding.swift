import Biology

/// Receptors that share one ligand and nothing else: the commonest block, solved by one scalar equation.
///
/// Given the concentration c at the cell's surface each receptor's stage is linear and has a closed solution, so only c
/// is unknown: c = reading + γ (q − Σ J(c)) with J = k_on c R − k_off B. The left side less the right rises with c
/// everywhere, so Newton's method from the last c converges. The general solver gives the same to rounding (a test).
@safe struct SimpleBinding: Sendable {
    struct Receptor: BitwiseCopyable, Sendable {
        /// Species of the cell: free, bound and internalised.
        var free: Int
        var bound: Int
        var inside: Int
        /// Index in the model.
        var receptor: Int
        var kOn: Double
        var kOff: Double
        var endocytosis: Double
        /// Loss and synthesis of free receptors.
        var turnover: Double
        /// Of internalised receptors: back to the surface, and out of the inside in all.
        var recycling: Double
        var leaving: Double
        /// 1 where an internalised receptor is replaced at once.
        var replaced: Double
    }

    /// Index in the model.
    let ligand: Int
    let receptors: [Receptor]

    /// - Returns: `nil` if the block has complexes, several ligands, or a receptor that binds twice.
    init?(_ block: SurfaceNetwork.Block) {
        guard block.ligands.count == 1, block.joinings.isEmpty, block.species.count == 3 * block.bindings.count else {
            return nil
        }
        ligand = block.ligands[0]
        var found: [Receptor] = []
        for binding in block.bindings {
            var receptor = Receptor(
                free: block.species[binding.free], bound: block.species[binding.bound], inside: -1, receptor: 0,
                kOn: binding.kOn, kOff: binding.kOff, endocytosis: 0, turnover: 0, recycling: 0, leaving: 0, replaced: 0
            )
            guard let inside = block.insides[binding.free] else { return nil }
            receptor.inside = block.species[inside]
            for flow in block.flows {
                if flow.from == binding.bound {
                    receptor.endocytosis = flow.rate
                    receptor.replaced = flow.to.contains(binding.free) ? 1 : 0
                } else if flow.from == inside {
                    receptor.leaving += flow.rate
                    if flow.to.contains(binding.free) { receptor.recycling += flow.rate }
                }
            }
            for synthesis in block.syntheses where synthesis.species == binding.free {
                receptor.turnover = synthesis.rate
                receptor.receptor = synthesis.receptor
            }
            found.append(receptor)
        }
        receptors = found
    }

    /// What a stage of length τ makes of a receptor's constants: R = num/(d0 + d1 c), B = β(B* + τ k_on c R).
    struct Stage: BitwiseCopyable, Sendable {
        let beta, inside, back, d0, d1, rise, tau: Double

        init(_ r: Receptor, tau: Double) {
            inside = 1 / (1 + tau * r.leaving)
            beta = 1 / (1 + tau * (r.kOff + r.endocytosis))
            back = tau * (r.kOff + r.endocytosis * (r.replaced + r.recycling * tau * inside)) * beta
            d0 = 1 + tau * r.turnover
            d1 = tau * r.kOn * (1 - back)
            rise = r.kOn * (1 - r.kOff * tau * beta)
            self.tau = tau
        }

        @inline(__always)
        func num(
            _ r: Receptor, base: UnsafePointer<Double>, expression: UnsafePointer<Double>
        ) -> Double {
            let made = unsafe r.turnover * expression[r.receptor] + r.recycling * base[r.inside] * inside
            return unsafe base[r.free] + tau * made + back * base[r.bound]
        }
    }

    /// Some receptors of a cell that share a ligand, in plain memory.
    @safe struct View {
        let receptors: UnsafePointer<Receptor>
        let stages: UnsafePointer<Stage>
        let count: Int

        /// Solves a stage, or with `tau` = 0 evaluates the rates at `u` as it is.
        ///
        /// - Returns: What the cell releases, and how much of the ligand it internalises, molecules/s.
        @inline(__always)
        func solve(
            tau: Double, u: UnsafeMutablePointer<Double>, base: UnsafePointer<Double>,
            rates: UnsafeMutablePointer<Double>, expression: UnsafePointer<Double>,
            around: SurfaceKinetics.Surroundings
        ) -> (outcome: SurfaceKinetics.Outcome, internalised: Double) {
            if tau == 0 { return unsafe evaluate(u: u, rates: rates, expression: expression, around: around) }
            var c = unsafe surface(base, around).concentration
            var slope = 0.0
            for _ in 0..<50 {
                var (net, rise) = (0.0, 0.0)
                for k in 0..<count {
                    let (r, stage) = unsafe (receptors[k], stages[k])
                    let inverse = 1 / (stage.d0 + stage.d1 * c)
                    let free = unsafe stage.num(r, base: base, expression: expression) * inverse
                    let bound = unsafe stage.beta * (base[r.bound] + tau * r.kOn * c * free)
                    net += r.kOn * c * free - r.kOff * bound
                    rise += stage.rise * free * (1 - c * stage.d1 * inverse)
                }
                let rest = c - around.reading - around.gamma * (around.secretion - net)
                let change = rest / (1 + around.gamma * rise)
                slope = rise
                c -= change
                // Newton squares the error: a relative change below 1e-8 leaves nothing.
                if abs(change) <= 1e-8 * abs(c) { break }
            }
            var (net, internalised) = (0.0, 0.0)
            for k in 0..<count {
                let (r, stage) = unsafe (receptors[k], stages[k])
                let free = unsafe stage.num(r, base: base, expression: expression) / (stage.d0 + stage.d1 * c)
                let bound = unsafe stage.beta * (base[r.bound] + tau * r.kOn * c * free)
                let own = r.kOn * c * free - r.kOff * bound
                unsafe u[r.free] = free
                unsafe u[r.bound] = bound
                unsafe u[r.inside] = (base[r.inside] + tau * r.endocytosis * bound) * stage.inside
                unsafe setRates(r, net: own, u, rates, expression)
                net += own
                internalised += r.endocytosis * bound
            }
            // The release follows from the binding that was counted, so that none is lost between cell and field.
            let outcome = SurfaceKinetics.Outcome(
                surface: c, release: around.secretion - net, slope: slope / (1 + around.gamma * slope))
            return (outcome, internalised)
        }

        @inline(__always)
        private func evaluate(
            u: UnsafeMutablePointer<Double>, rates: UnsafeMutablePointer<Double>, expression: UnsafePointer<Double>,
            around: SurfaceKinetics.Surroundings
        ) -> (outcome: SurfaceKinetics.Outcome, internalised: Double) {
            let (c, taken) = unsafe surface(u, around)
            var (net, internalised) = (0.0, 0.0)
            for k in 0..<count {
                let r = unsafe receptors[k]
                let own = unsafe r.kOn * c * u[r.free] - r.kOff * u[r.bound]
                unsafe setRates(r, net: own, u, rates, expression)
                net += own
                unsafe internalised += r.endocytosis * u[r.bound]
            }
            let outcome = SurfaceKinetics.Outcome(
                surface: c, release: around.secretion - net, slope: taken / (1 + around.gamma * taken))
            return (outcome, internalised)
        }

        /// c for numbers as they are, and Σ k_on R.
        @inline(__always)
        private func surface(
            _ u: UnsafePointer<Double>, _ around: SurfaceKinetics.Surroundings
        ) -> (concentration: Double, taken: Double) {
            var (taken, returned) = (0.0, 0.0)
            for k in 0..<count {
                let r = unsafe receptors[k]
                unsafe taken += r.kOn * u[r.free]
                unsafe returned += r.kOff * u[r.bound]
            }
            let c =
                (around.reading + around.gamma * (around.secretion + returned)) / (1 + around.gamma * taken)
            return (c, taken)
        }

        @inline(__always)
        private func setRates(
            _ r: Receptor, net: Double, _ u: UnsafePointer<Double>, _ rates: UnsafeMutablePointer<Double>,
            _ expression: UnsafePointer<Double>
        ) {
            let taken = unsafe r.endocytosis * u[r.bound]
            unsafe rates[r.free] =
                r.replaced * taken - net + r.turnover * (expression[r.receptor] - u[r.free])
                + r.recycling * u[r.inside]
            unsafe rates[r.bound] = net - taken
            unsafe rates[r.inside] = taken - r.leaving * u[r.inside]
        }
    }
}
