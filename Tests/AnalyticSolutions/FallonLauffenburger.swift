/// IL-2 and its receptor on a growing population of cells: binding, internalisation, recycling, ligand depletion.
///
/// Time is in minutes, ligand in pM, receptors in numbers a cell, cells in cells/L.
///
/// - Source: Fallon & Lauffenburger 2000, PMID 11027188, as encoded in BIOMD0000000665 (read; CC0): facts/validation.md
///   V07. The encoding lets ligand in the endosome bind at the surface's k_f in its own balance; so does this.
public struct FallonLauffenburger: Sendable {
    public static let kR = 0.0138  // /min
    public static let kF = kR / 11.1  // /pM/min
    public static let kE = 0.04  // /min
    public static let kT = 0.007  // /min
    public static let vS = 11.0  // receptors/min
    public static let kSyn = 0.0011  // /min
    public static let kX = 0.15  // /min
    public static let kH = 0.035  // /min
    public static let kRE = 8 * kR  // /min
    public static let kFE = kRE / 1000  // /pM/min
    public static let endosome = 1e-14  // L
    public static let moleculesPerPicomole = 6.022e11  // the encoding's figure

    /// Free and bound receptors on the surface and inside, ligand inside and outside (pM), cells/L.
    public static let start: [Double] = [1500, 1, 300, 1, 0.01, 10, 2.5e8]

    public static func derivative(_ time: Double, _ y: [Double]) -> [Double] {
        let (free, bound, inside, boundInside) = (y[0], y[1], y[2], y[3])
        let (ligandInside, ligand, cells) = (y[4], y[5], y[6])
        let binding = kF * ligand * free - kR * bound
        let bindingInside = kFE * ligandInside * inside - kRE * boundInside
        let capacity = endosome * moleculesPerPicomole
        let growth = max(600 * bound / (250 + bound) - 200, 0) * 1e3
        return [
            -binding + kSyn * bound - kT * free + vS,
            binding - kE * bound,
            kT * free - bindingInside - kH * inside,
            kE * bound + bindingInside - kH * boundInside,
            -(kF * ligandInside * inside - kRE * boundInside) / capacity - kX * ligandInside,
            -(binding - kX * ligandInside * capacity) * cells / moleculesPerPicomole,
            growth,
        ]
    }
}
