import ArgumentParser
import WellMixed

/// The options that say how a model runs without space.
struct MixingOptions: ParsableArguments {
    @Flag(help: "Without space, as ordinary differential equations.")
    var ode = false

    @Flag(help: "Without space, molecule by molecule, exactly by chance.")
    var ssa = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "By chance in leaps, no longer than change a rate by this share of itself, such as 0.03: faster, not exact.",
            valueName: "share"))
    var leap: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Without space, how many cells stand for all of a type, each with receptors of its own: a number, or 'all'.",
            valueName: "number"))
    var cells: String?

    /// How it runs without space: as asked for, otherwise as it `usually` does; `nil` is with space.
    ///
    /// - Throws: `Stop` with what is wrong.
    func mixing(usually: MixMethod? = nil) throws -> Mixing? {
        guard !(ode && ssa) else {
            throw Stop(.usage, "--ssa: error: --ode and --ssa are two ways to run it\n  fix: give one of the two")
        }
        if let leap {
            guard ssa, leap > 0, leap < 1 else {
                throw Stop(
                    .usage,
                    "--leap: error: leaps are of runs by chance, of a share between 0 and 1\n  fix: add --ssa --leap 0.03"
                )
            }
        }
        var sampling = CellSampling.fewest
        if let cells {
            if cells == "all" {
                sampling = .all
            } else if let number = Int(cells), number > 0 {
                sampling = .number(number)
            } else {
                throw Stop(
                    .usage, "--cells: error: '\(cells)' is not a number of cells\n  fix: give 1 or more, or 'all'")
            }
        }
        guard let method = ssa ? .ssa : ode ? .ode : usually else {
            guard cells == nil else {
                throw Stop(
                    .usage, "--cells: error: with space every cell is there\n  fix: add --ode or --ssa, or leave it out"
                )
            }
            return nil
        }
        return Mixing(method: method, sampling: sampling, leap: leap)
    }

    /// As the manifest keeps them.
    var given: [String: String] {
        var given: [String: String] = [:]
        if let cells { given["--cells"] = cells }
        if let leap { given["--leap"] = "\(leap)" }
        return given
    }
}
