import Biology
import Simulation

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A signal or expression compiled for one cell type: names have become indices.
indirect enum CompiledSignal {
    case number(Double)
    case concentration(molecule: Int)
    /// Sum over these of the cell's species.
    case amount([Int])
    case ratio([Int], of: [Int])
    /// A state that rules set, by its place in the phenotype's columns.
    case stored(Int)
    case contact(column: Int)
    case outside(CompartmentCourse)
    case time
    case body(BodySignal)
    /// An output of one of the networks inside cells.
    case network(inside: Int, output: Int)
    case negative(CompiledSignal)
    case binary((Double, Double) -> Double, CompiledSignal, CompiledSignal)
    case function((Double) -> Double, CompiledSignal)
}

/// Compiles signals for cells of one type.
struct SignalCompiler {
    let model: Model
    let type: CellType
    let network: SurfaceNetwork
    /// States that rules set: name to column.
    let stored: [String: Int]
    /// Cell types whose contacts are counted: name to column.
    let contacts: [String: Int]
    let networks: CellNetworks?
    /// By molecule and compartment.
    let courses: [[CompartmentCourse]]

    func compile(_ signal: Signal) -> CompiledSignal {
        switch signal {
        case .concentration(let name):
            return model.molecules.firstIndex { $0.name == name }.map { .concentration(molecule: $0) } ?? .number(0)
        case .receptor(let name, let aspect): return receptor(name, aspect)
        case .bound(let receptor, let ligand):
            return .amount(network.reactions.counted(bound: ligand, to: receptor, model))
        case .complex(let name):
            return network.index(.surface(.complex(name))).map { .amount([$0]) } ?? .number(0)
        case .state(let name):
            if let column = stored[name] { return .stored(column) }
            return type.states.first { $0.name == name }.map { compile($0.expression) } ?? .number(0)
        case .contact(let other): return contacts[other].map { .contact(column: $0) } ?? .number(0)
        case .time: return .time
        case .body(let signal): return .body(signal)
        case .inCompartment(let name, let compartment):
            guard let m = model.molecules.firstIndex(where: { $0.name == name }),
                let k = model.compartments?.firstIndex(where: { $0.name == compartment })
            else { return .number(0) }
            return .outside(courses[m][k])
        case .network(let name, let value):
            guard let found = networks?.find(name, name: value, type: type.name, model) else { return .number(.nan) }
            return .network(inside: found.inside, output: found.output)
        }
    }

    private func receptor(_ name: String, _ aspect: ReceptorAspect) -> CompiledSignal {
        let counted = network.reactions.counted(aspect, of: name, model)
        guard aspect == .occupancy else { return .amount(counted) }
        let total = network.reactions.counted(.total, of: name, model)
        return total.isEmpty ? .number(0) : .ratio(counted, of: total)
    }

    func compile(_ expression: Expression) -> CompiledSignal {
        switch expression {
        case .number(let value): .number(value)
        case .signal(let signal): compile(signal)
        case .negative(let a): .negative(compile(a))
        case .sum(let a, let b): .binary(+, compile(a), compile(b))
        case .difference(let a, let b): .binary(-, compile(a), compile(b))
        case .product(let a, let b): .binary(*, compile(a), compile(b))
        case .quotient(let a, let b): .binary(/, compile(a), compile(b))
        case .power(let a, let b): .binary(SignalCompiler.power, compile(a), compile(b))
        case .function(let function, let arguments): compile(function, arguments.map(compile))
        }
    }

    private func compile(_ function: Expression.Function, _ arguments: [CompiledSignal]) -> CompiledSignal {
        let (a, b) = (arguments.first ?? .number(0), arguments.last ?? .number(0))
        switch function {
        case .exp: return .function({ exp($0) }, a)
        case .log: return .function({ log($0) }, a)
        case .sqrt: return .function({ $0.squareRoot() }, a)
        case .min: return .binary({ min($0, $1) }, a, b)
        case .max: return .binary({ max($0, $1) }, a, b)
        }
    }

    /// x^n, by multiplication for the small whole n that rules and states mostly have.
    static func power(_ x: Double, _ n: Double) -> Double {
        switch n {
        case 1: x
        case 2: x * x
        case 3: x * x * x
        case 4: (x * x) * (x * x)
        default: pow(x, n)
        }
    }
}

/// What signals are read from: one cell's surfaces, receptors and states at one time.
struct SignalSource {
    let fields: [MoleculeField]
    let offsets: [Int]
    let u: Buffer<Double>
    let stored: [[Double]]
    let contacts: [[Double]]
    let networks: CellNetworks?
    let life: TissueEngine.Life?
    /// How far networks are read from the start of the last step to its end, 0...1.
    let share: Double
    let time: Double

    func value(_ signal: CompiledSignal, _ cell: Int) -> Double {
        switch signal {
        case .number(let value): return value
        case .concentration(let m):
            let at = fields[m].coupling.place(of: cell)
            return at < 0 ? 0 : fields[m].coupling.surface[at]
        case .amount(let species): return amount(species, cell)
        case .ratio(let part, let whole):
            let total = amount(whole, cell)
            return total > 0 ? amount(part, cell) / total : 0
        case .stored(let column): return stored[column][cell]
        case .contact(let column): return contacts[column][cell]
        case .time: return time
        case .body(let signal): return life?.value(signal, cell, at: time) ?? 0
        case .outside(let course): return course.concentration(at: time)
        case .network(let inside, let output):
            return networks?.value(inside, output, cell: cell, share: share) ?? .nan
        case .negative(let a): return -value(a, cell)
        case .binary(let operation, let a, let b): return operation(value(a, cell), value(b, cell))
        case .function(let function, let a): return function(value(a, cell))
        }
    }

    private func amount(_ species: [Int], _ cell: Int) -> Double {
        species.reduce(0) { $0 + u[offsets[cell] + $1] }
    }
}
