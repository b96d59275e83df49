import Biology
import Foundation

/// A model's values as a model file would write them: exact to twelve digits, in the unit people use.
enum ModelWords {
    /// The shortest text of a number to twelve significant digits.
    static func number(_ value: Double) -> String {
        let rounded = Double(String(format: "%.12g", value)) ?? value
        let text = "\(rounded)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// A value kept in the coherent unit of its dimension, with the unit that leaves the smallest number from 1 up.
    ///
    /// `amount` is the word for molecules: receptors are counted as such.
    static func value(_ value: Double, _ dimension: Biology.Dimension, amount: String = "molecules") -> String {
        if dimension == .amount { return "\(number(value)) \(amount)" }
        let units = QuantityText.exampleUnits(dimension).compactMap { name in
            (try? UnitExpression.parse(name)).map { (name: name, factor: $0.factor) }
        }
        guard let first = units.first else {
            return dimension == .none ? number(value) : "\(number(value)) (\(dimension), in µm, s and molecules)"
        }
        let unit = units.last { abs(value) >= $0.factor * 0.999_999 } ?? first
        return "\(number(value / unit.factor)) \(unit.name)"
    }

    static func text<Kind>(_ quantity: Quantity<Kind>) -> String { value(quantity.value, Kind.dimension) }

    static func spread(_ spread: Spread, _ dimension: Biology.Dimension, amount: String = "molecules") -> String {
        let mean = value(spread.mean, dimension, amount: amount)
        return spread.variation == 0 ? mean : "\(mean) ± \(number(spread.variation * 100)) %"
    }

    static func wall(_ wall: Wall) -> String {
        switch wall {
        case .noFlux: "no-flux"
        case .fixed(let concentration): "fixed \(text(concentration))"
        case .flux(let flux): "flux \(text(flux))"
        case .exchange(let compartment): "exchange with \(compartment)"
        case .permeable(let permeability, let outside):
            "permeable \(text(permeability))" + (outside == .zero ? "" : " to \(text(outside))")
        }
    }

    static func point(_ point: [Length]) -> String {
        "(\(point.map { number($0.value) }.joined(separator: ", "))) µm"
    }

    static func receptors(_ receptors: ReceptorNumber) -> String {
        switch receptors {
        case .spread(let spread): return self.spread(spread, .amount, amount: "receptors")
        case .column(let name, let calibration):
            let scale =
                switch calibration.scale {
                case .mean(let mean): "mean \(number(mean.value)) receptors"
                case .perUnit(let each): "\(number(each.value)) receptors per unit"
                }
            let background = calibration.background == 0 ? "" : ", background \(number(calibration.background))"
            return "column \(name), \(scale)\(background)"
        }
    }

    static func supply(_ supply: ReceptorSupply) -> String {
        switch supply {
        case .held: "held"
        case .turnover(let loss): "turnover \(text(loss))"
        case .none: "none"
        }
    }

    static func species(_ species: SurfaceSpecies) -> String {
        switch species {
        case .free(let name), .complex(let name): name
        case .bound(let receptor, let ligand): "\(receptor).bound.\(ligand)"
        }
    }

    static func count(_ count: CellCount) -> String {
        switch count {
        case .number(let cells): "\(cells) \(cells == 1 ? "cell" : "cells")"
        case .share(let share): "\(number(share * 100)) %"
        }
    }

    static func pattern(_ pattern: Placement.Pattern) -> String {
        switch pattern {
        case .lattice(let pitch): "lattice \(text(pitch))"
        case .random: "random"
        case .cluster(let count, let centre): "cluster of \(count) at \(point(centre))"
        case .layer(let axis, let from, let to): "layer \(axis) \(text(from)) .. \(text(to))"
        case .points(let points): "at \(points.map(point).joined(separator: "; "))"
        case .table(let table): "table \(table.path)"
        }
    }
}

extension ModelWords {
    /// An expression as a model file could write it, its numbers in µm, s and molecules.
    static func expression(_ expression: Biology.Expression) -> String {
        switch expression {
        case .number(let value): value < 0 ? "(\(number(value)))" : number(value)
        case .signal(let signal): signal.words
        case .negative(let inner): "-\(grouped(inner))"
        case .sum(let a, let b): "\(self.expression(a)) + \(self.expression(b))"
        case .difference(let a, let b): "\(self.expression(a)) - \(isSum(b) ? grouped(b) : self.expression(b))"
        case .product(let a, let b): "\(factor(a)) * \(factor(b))"
        case .quotient(let a, let b): "\(factor(a)) / \(grouped(b))"
        case .power(let a, let b): "\(grouped(a))^\(grouped(b))"
        case .function(let function, let arguments):
            "\(function.rawValue)(\(arguments.map { self.expression($0) }.joined(separator: ", ")))"
        }
    }

    private static func isSum(_ expression: Biology.Expression) -> Bool {
        switch expression {
        case .sum, .difference: true
        default: false
        }
    }

    private static func factor(_ expression: Biology.Expression) -> String {
        isSum(expression) ? "(\(self.expression(expression)))" : self.expression(expression)
    }

    /// In brackets unless it is one thing.
    private static func grouped(_ expression: Biology.Expression) -> String {
        switch expression {
        case .number, .signal, .function: self.expression(expression)
        default: "(\(self.expression(expression)))"
        }
    }
}

extension Signal {
    /// As a model file names it.
    var words: String {
        switch self {
        case .concentration(let name), .complex(let name), .state(let name): name
        case .receptor(let receptor, let aspect): "\(receptor).\(aspect.rawValue)"
        case .bound(let receptor, let ligand): "\(receptor).bound.\(ligand)"
        case .inCompartment(let molecule, let compartment): "\(molecule) in \(compartment)"
        case .contact(let type): "contact with \(type)"
        case .time: "time"
        case .body(let signal): signal.rawValue
        case .network(let network, let name): "\(network).\(name)"
        }
    }
}
