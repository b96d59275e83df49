import Biology
import Results

/// How a model ran without space.
extension MethodsWords {
    var mixedNumerics: String {
        var text = ""
        if !model.hasOnlyNetworks {
            text +=
                "The model was reduced to one network of reactions, in which molecules were dissolved evenly and every "
            text +=
                "cell met at its surface what was everywhere; cells of a type stood for each other as the run's notes "
            text += "say. "
        }
        if engine == .ode {
            text +=
                "The network was integrated as stiff differential equations by Rodas5P, with steps that kept the local error "
            text += "below 1e-8 of each value [1]. Rules acted at once, their delays as delays."
        } else if let leap {
            text +=
                "Reactions happened by chance in leaps, within which no rate changed by more than about the share "
            text += "\(leap) of itself [1]: this is not exact. " + clock
        } else {
            text +=
                "Reactions happened one by one, exactly by chance (Gillespie's direct method up to 200 reactions, "
            text += "composition and rejection beyond) [1, 2]. " + clock
        }
        guard !model.molecules.isEmpty else { return text }
        return text + " What was secreted, decayed, left, bound and was internalised was counted in a ledger that must "
            + "close to 1e-9."
    }

    private var clock: String {
        let drawn = "Random numbers came from Philox4x32-10 [\(leap == nil ? 3 : 2)]."
        guard !model.rules.isEmpty else { return drawn }
        return "Rules were read every \(ModelWords.text(model.run.ruleStep)). " + drawn
    }

    var mixedReferences: [String] {
        if engine == .ode {
            return [
                "Steinebach 2023, Construction of Rosenbrock–Wanner method Rodas5P, BIT Numer. Math. 63:27 (its numbers were taken from Julia's table; the paper was not read)."
            ]
        }
        if leap != nil {
            return [
                "Cao, Gillespie & Petzold 2006, Efficient step size selection for the tau-leaping simulation method, doi:10.1063/1.2159468.",
                MethodsWords.philox,
            ]
        }
        return [
            "Gillespie 1977, Exact stochastic simulation of coupled chemical reactions, doi:10.1021/j100540a008.",
            "Slepoy, Thompson & Plimpton 2008, A constant-time kinetic Monte Carlo algorithm, doi:10.1063/1.2919546.",
            MethodsWords.philox,
        ]
    }
}
