/// A unit as people write it: what it measures and how many coherent units (µm, s, molecules, kDa, cells) it is.
public struct Unit: Hashable, Sendable {
    public var dimension: Dimension
    public var factor: Double

    public init(_ dimension: Dimension, factor: Double) {
        self.dimension = dimension
        self.factor = factor
    }

    /// The unit of a plain number.
    public static let one = Unit(.none, factor: 1)

    static func * (a: Unit, b: Unit) -> Unit { Unit(a.dimension * b.dimension, factor: a.factor * b.factor) }
    static func / (a: Unit, b: Unit) -> Unit { Unit(a.dimension / b.dimension, factor: a.factor / b.factor) }

    func power(_ n: Int) -> Unit {
        var result = Unit.one
        for _ in 0..<abs(n) { result = n > 0 ? result * self : result / self }
        return result
    }

    /// The unit of this name, such as "µm", "pM" or "molecules".
    public init?(named name: String) {
        guard let unit = Unit.table[name.replacingMu] else { return nil }
        self = unit
    }

    /// Every name a unit has, sorted.
    public static let names: [String] = table.keys.sorted()

    /// Molecules in a mole: exact, SI 2019.
    static let avogadro = 6.02214076e23
    /// One mol/L in molecules/µm³; a litre is 1e15 µm³.
    private static let molar = Concentration.moleculesPerCubicMicrometreInNanomolar * 1e9
    /// One gram in kDa, so that kDa per molecule is numerically kg/mol.
    private static let gram = avogadro / 1000

    private static let table: [String: Unit] = {
        var table: [String: Unit] = [:]
        func add(_ names: [String], _ dimension: Dimension, _ factor: Double) {
            for name in names { table[name] = Unit(dimension, factor: factor) }
        }
        add(["nm"], .length, 1e-3)
        add(["µm", "um", "micron", "microns"], .length, 1)
        add(["mm"], .length, 1e3)
        add(["cm"], .length, 1e4)
        add(["m"], .length, 1e6)
        let volume = Dimension(length: 3)
        for (name, factor) in [("L", 1e15), ("dL", 1e14), ("mL", 1e12), ("nL", 1e6), ("pL", 1e3), ("fL", 1)] {
            add([name, name.lowercased()], volume, factor)
        }
        add(["µL", "uL", "µl", "ul"], volume, 1e9)
        add(["ms"], .time, 1e-3)
        add(["s", "sec", "second", "seconds"], .time, 1)
        add(["min", "minute", "minutes"], .time, 60)
        add(["h", "hr", "hour", "hours"], .time, 3600)
        add(["d", "day", "days"], .time, 86400)
        add(["wk", "week", "weeks"], .time, 604_800)
        add(["molecule", "molecules", "receptor", "receptors", "complex", "complexes"], .amount, 1)
        add(["mol"], .amount, avogadro)
        add(["mmol"], .amount, avogadro / 1e3)
        add(["µmol", "umol"], .amount, avogadro / 1e6)
        add(["nmol"], .amount, avogadro / 1e9)
        add(["pmol"], .amount, avogadro / 1e12)
        add(["fmol"], .amount, avogadro / 1e15)
        add(["amol"], .amount, avogadro / 1e18)
        add(["cell", "cells"], .cells, 1)
        add(["M"], .concentration, molar)
        add(["mM"], .concentration, molar / 1e3)
        add(["µM", "uM"], .concentration, molar / 1e6)
        add(["nM"], .concentration, Concentration.moleculesPerCubicMicrometreInNanomolar)
        add(["pM"], .concentration, Concentration.moleculesPerCubicMicrometreInNanomolar / 1e3)
        add(["fM"], .concentration, Concentration.moleculesPerCubicMicrometreInNanomolar / 1e6)
        let mass = Dimension(mass: 1)
        add(["kg"], mass, gram * 1e3)
        add(["g"], mass, gram)
        add(["mg"], mass, gram / 1e3)
        add(["µg", "ug"], mass, gram / 1e6)
        add(["ng"], mass, gram / 1e9)
        add(["pg"], mass, gram / 1e12)
        add(["fg"], mass, gram / 1e15)
        add(["kDa"], .molarMass, 1)
        add(["Da"], .molarMass, 1e-3)
        add(["%"], .none, 0.01)
        return table
    }()
}

/// What is wrong with a piece of text, and where in it.
public struct TextProblem: Error, Hashable, Sendable {
    /// Unicode scalars from the start of the text.
    public var offset: Int
    public var problem: String
    public var fix: String

    public init(offset: Int, problem: String, fix: String) {
        self.offset = offset
        self.problem = problem
        self.fix = fix
    }
}

extension String {
    /// Greek mu (U+03BC) written as the micro sign (U+00B5), so that both name the same units.
    var replacingMu: String {
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars { scalars.append(scalar == "\u{03BC}" ? "\u{00B5}" : scalar) }
        return String(scalars)
    }
}
