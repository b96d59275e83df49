/// What is measured: whole powers of length, time, amount, mass and cells.
///
/// Amount counts molecules, receptors and complexes alike; cells are counted apart from them.
public struct Dimension: Hashable, Sendable, Codable {
    public var length: Int
    public var time: Int
    public var amount: Int
    public var mass: Int
    public var cells: Int

    public init(length: Int = 0, time: Int = 0, amount: Int = 0, mass: Int = 0, cells: Int = 0) {
        self.length = length
        self.time = time
        self.amount = amount
        self.mass = mass
        self.cells = cells
    }

    public static let none = Dimension()
    public static let length = Dimension(length: 1)
    public static let time = Dimension(time: 1)
    public static let amount = Dimension(amount: 1)
    public static let cells = Dimension(cells: 1)
    public static let concentration = Dimension(length: -3, amount: 1)
    public static let massConcentration = Dimension(length: -3, mass: 1)
    public static let diffusion = Dimension(length: 2, time: -1)
    public static let rate = Dimension(time: -1)
    /// Binding of a dissolved molecule to a receptor, 1/(concentration·time).
    public static let association = Dimension(length: 3, time: -1, amount: -1)
    /// Joining of two partners on one cell's surface, 1/(amount·time).
    public static let surfaceAssociation = Dimension(time: -1, amount: -1)
    public static let secretion = Dimension(time: -1, amount: 1)
    public static let permeability = Dimension(length: 1, time: -1)
    public static let flux = Dimension(length: -2, time: -1, amount: 1)
    public static let molarMass = Dimension(amount: -1, mass: 1)

    public static func * (a: Dimension, b: Dimension) -> Dimension {
        Dimension(
            length: a.length + b.length, time: a.time + b.time, amount: a.amount + b.amount, mass: a.mass + b.mass,
            cells: a.cells + b.cells)
    }

    public static func / (a: Dimension, b: Dimension) -> Dimension { a * b.power(-1) }

    /// The dimension of a quantity raised to a whole power.
    public func power(_ n: Int) -> Dimension {
        Dimension(length: length * n, time: time * n, amount: amount * n, mass: mass * n, cells: cells * n)
    }
}

extension Dimension: CustomStringConvertible {
    private static let names: [Dimension: String] = [
        .none: "no dimension", .length: "length", .time: "time", .amount: "amount (molecules)", .cells: "cells",
        .concentration: "concentration", .massConcentration: "mass concentration", .diffusion: "length²/time",
        .rate: "1/time", .association: "1/(concentration·time)", .surfaceAssociation: "1/(amount·time)",
        .secretion: "amount/time", .permeability: "length/time", .flux: "amount/(length²·time)",
        .molarMass: "mass/amount", .infusion: "concentration/time", .volume: "volume",
        .clearance: "volume/time", .influx: "cells/(volume·time)", .influxPerArea: "cells/(area·time)",
    ]

    /// The dimension in words, such as "length²/time".
    public var description: String {
        if let name = Dimension.names[self] { return name }
        let factors = [("length", length), ("time", time), ("amount", amount), ("mass", mass), ("cells", cells)]
        return factors.filter { $0.1 != 0 }.map { $0.1 == 1 ? $0.0 : "\($0.0)^\($0.1)" }.joined(separator: "·")
    }
}
