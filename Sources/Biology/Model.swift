/// Everything a run needs to know and nothing it computes: the value every engine advances.
///
/// Things refer to each other by name, as in the model file; a checked model has no dangling name.
public struct Model: Hashable, Sendable {
    public var name: String
    public var about: String
    public var parameters: [Parameter]
    public var space: Space
    public var molecules: [Molecule]
    public var receptors: [Receptor]
    public var complexes: [SurfaceComplex]
    public var cellTypes: [CellType]
    public var rules: [Rule]
    public var blocks: [SignalBlock]
    public var combinations: [Behaviour: Combination]
    public var placements: [Placement]
    public var run: RunPlan
    public var record: RecordPlan
    public var expectations: [Expectation]

    public init(name: String, space: Space, run: RunPlan) {
        self.name = name
        self.about = ""
        self.parameters = []
        self.space = space
        self.molecules = []
        self.receptors = []
        self.complexes = []
        self.cellTypes = []
        self.rules = []
        self.blocks = []
        self.combinations = [:]
        self.placements = []
        self.run = run
        self.record = RecordPlan()
        self.expectations = []
    }

    public func molecule(_ name: String) -> Molecule? { molecules.first { $0.name == name } }
    public func receptor(_ name: String) -> Receptor? { receptors.first { $0.name == name } }
    public func complex(_ name: String) -> SurfaceComplex? { complexes.first { $0.name == name } }
    public func cellType(_ name: String) -> CellType? { cellTypes.first { $0.name == name } }
}

/// A knob that a sweep or a fit may turn; its value already stands wherever the file names it.
public struct Parameter: Hashable, Sendable {
    public var name: String
    /// In the coherent unit of its dimension.
    public var value: Double
    public var dimension: Dimension
    /// As the file wrote it, for people.
    public var text: String
    public var range: ClosedRange<Double>?
    public var isLogarithmic: Bool

    public init(
        name: String, value: Double, dimension: Dimension, text: String, range: ClosedRange<Double>? = nil,
        isLogarithmic: Bool = false
    ) {
        self.name = name
        self.value = value
        self.dimension = dimension
        self.text = text
        self.range = range
        self.isLogarithmic = isLogarithmic
    }
}

// MARK: - Space

public enum Axis: Int, Hashable, Sendable, CaseIterable { case x, y, z }

/// A face of the box: "x-" is the one at x = 0.
public struct Face: Hashable, Sendable {
    public var axis: Axis
    public var isUpper: Bool

    public init(_ axis: Axis, isUpper: Bool) {
        self.axis = axis
        self.isUpper = isUpper
    }

    public static let all = Axis.allCases.flatMap { [Face($0, isUpper: false), Face($0, isUpper: true)] }
}

/// What happens to a molecule at a wall.
public enum Wall: Hashable, Sendable {
    case noFlux
    case fixed(Concentration)
    /// Molecules enter at this rate per area.
    case flux(Flux)
    /// Molecules cross at `permeability` × (concentration at the wall − `outside`).
    case permeable(Permeability, outside: Concentration)
}

/// A box of cubic voxels; a slab one voxel thick is 2-D.
public struct Space: Hashable, Sendable {
    /// Edge lengths along x, y and z; whole multiples of `spacing`.
    public var size: [Length]
    public var spacing: Length
    /// Axes whose two faces are joined.
    public var periodic: Set<Axis>
    /// Walls for every molecule that does not say its own; a face not named is no-flux.
    public var walls: [Face: Wall]

    public init(size: [Length], spacing: Length, periodic: Set<Axis> = [], walls: [Face: Wall] = [:]) {
        precondition(size.count == 3, "space has three edge lengths, got \(size.count)")
        self.size = size
        self.spacing = spacing
        self.periodic = periodic
        self.walls = walls
    }

    /// Voxels along x, y and z.
    public var voxels: [Int] { size.map { max(1, Int(($0.value / spacing.value).rounded())) } }
}

// MARK: - Molecules and receptors

/// A molecule dissolved in the medium: a cytokine, a soluble receptor, an antibody, or a complex of two of them.
public struct Molecule: Hashable, Sendable {
    public var name: String
    public var diffusion: DiffusionCoefficient
    public var decay: FirstOrderRate
    public var mass: MolarMass?
    /// The uniform concentration at the start.
    public var starts: Concentration
    public var walls: [Face: Wall]
    /// Set where this molecule is two others bound to each other in the medium.
    public var association: SolubleAssociation?

    public init(name: String, diffusion: DiffusionCoefficient, decay: FirstOrderRate = .zero) {
        self.name = name
        self.diffusion = diffusion
        self.decay = decay
        self.mass = nil
        self.starts = .zero
        self.walls = [:]
        self.association = nil
    }
}

/// Two dissolved partners that bind each other: a cytokine and its blocking antibody or soluble receptor.
public struct SolubleAssociation: Hashable, Sendable {
    public var first: String
    public var second: String
    public var kOn: AssociationRate
    public var kOff: FirstOrderRate

    public init(first: String, second: String, kOn: AssociationRate, kOff: FirstOrderRate) {
        self.first = first
        self.second = second
        self.kOn = kOn
        self.kOff = kOff
    }
}

/// How a receptor binds one ligand.
public struct LigandBinding: Hashable, Sendable {
    public var ligand: String
    public var kOn: AssociationRate
    public var kOff: FirstOrderRate
    /// Internalisation of the bound complex.
    public var endocytosis: FirstOrderRate
    /// Whether the bound receptor counts as `.bound`: an antagonist occupies it without a signal.
    public var signals: Bool

    public init(
        ligand: String, kOn: AssociationRate, kOff: FirstOrderRate, endocytosis: FirstOrderRate = .zero,
        signals: Bool = true
    ) {
        self.ligand = ligand
        self.kOn = kOn
        self.kOff = kOff
        self.endocytosis = endocytosis
        self.signals = signals
    }
}

/// Where a cell's receptors come from once some have been internalised.
public enum ReceptorSupply: Hashable, Sendable {
    /// The number on the surface, free and bound, is held: each internalised receptor is replaced at once.
    case held
    /// Free receptors are lost at `loss` and made at `loss` × the stated number.
    case turnover(loss: FirstOrderRate)
    /// None is made: internalised receptors come back only by recycling.
    case none
}

/// A receptor, decoy or chain on the surface of cells.
///
/// `ligands` is empty for a chain that only joins complexes (γc, gp130, βc).
public struct Receptor: Hashable, Sendable {
    public var name: String
    public var ligands: [LigandBinding]
    public var supply: ReceptorSupply
    /// Return of internalised receptors to the surface, free.
    public var recycling: FirstOrderRate
    /// Loss of internalised receptors.
    public var degradation: FirstOrderRate

    public init(
        name: String, ligands: [LigandBinding], supply: ReceptorSupply = .held, recycling: FirstOrderRate = .zero,
        degradation: FirstOrderRate = .zero
    ) {
        self.name = name
        self.ligands = ligands
        self.supply = supply
        self.recycling = recycling
        self.degradation = degradation
    }
}

/// One thing on a cell's surface that can join a complex.
public enum SurfaceSpecies: Hashable, Sendable {
    /// A free receptor or chain.
    case free(String)
    /// A receptor with a ligand bound.
    case bound(receptor: String, ligand: String)
    case complex(String)
}

/// Two surface species that join on the surface: stepwise assembly over shared chains.
///
/// The ligands in the partners stay bound. Internalisation takes all parts in.
public struct SurfaceComplex: Hashable, Sendable {
    public var name: String
    public var first: SurfaceSpecies
    public var second: SurfaceSpecies
    public var kOn: SurfaceAssociationRate
    public var kOff: FirstOrderRate
    public var endocytosis: FirstOrderRate

    public init(
        name: String, first: SurfaceSpecies, second: SurfaceSpecies, kOn: SurfaceAssociationRate, kOff: FirstOrderRate,
        endocytosis: FirstOrderRate = .zero
    ) {
        self.name = name
        self.first = first
        self.second = second
        self.kOn = kOn
        self.kOff = kOff
        self.endocytosis = endocytosis
    }
}

// MARK: - Cells

/// A number that differs from cell to cell: log-normal with this mean and coefficient of variation.
public struct Spread: Hashable, Sendable {
    /// In the coherent unit of what it describes.
    public var mean: Double
    public var variation: Double

    public init(_ mean: Double, variation: Double = 0) {
        self.mean = mean
        self.variation = variation
    }
}

/// How many receptors each cell of a type has at the start.
public enum ReceptorNumber: Hashable, Sendable {
    case spread(Spread)
    /// From a column of the table the cells came from.
    case column(String, MarkerCalibration)
}

/// How a marker's brightness becomes a number of receptors: (brightness − background, at least 0) × scale.
public struct MarkerCalibration: Hashable, Sendable {
    public enum Scale: Hashable, Sendable {
        /// The scale that gives the cells of this type this mean.
        case mean(Amount)
        case perUnit(Amount)
    }
    public var scale: Scale
    public var background: Double

    public init(scale: Scale, background: Double = 0) {
        self.scale = scale
        self.background = background
    }
}

/// How many cells of a type are placed where no placement says it.
public enum CellCount: Hashable, Sendable {
    case number(Int)
    /// Of all cells placed, 0...1.
    case share(Double)
}

public struct CellType: Hashable, Sendable {
    public var name: String
    public var count: CellCount?
    public var radius: Length
    /// By receptor or chain name.
    public var receptors: [String: ReceptorNumber]
    /// By molecule name, molecules/s.
    public var secretes: [String: Spread]
    /// In the order of the file.
    public var states: [CellState]

    public init(name: String, radius: Length) {
        self.name = name
        self.count = nil
        self.radius = radius
        self.receptors = [:]
        self.secretes = [:]
        self.states = []
    }
}

/// A named property of a cell: an expression over its signals, with its dimension checked.
public struct CellState: Hashable, Sendable {
    public var name: String
    public var expression: Expression
    public var dimension: Dimension

    public init(name: String, expression: Expression, dimension: Dimension) {
        self.name = name
        self.expression = expression
        self.dimension = dimension
    }
}

/// Where cells of one type, or those that no other placement names, stand at the start.
public struct Placement: Hashable, Sendable {
    /// `nil` for "other": every type not placed otherwise, by its count or share.
    public var cellType: String?
    public var pattern: Pattern

    public init(cellType: String?, pattern: Pattern) {
        self.cellType = cellType
        self.pattern = pattern
    }

    public enum Pattern: Hashable, Sendable {
        /// A cubic lattice (square in a slab) with this pitch over the whole box.
        case lattice(pitch: Length)
        /// Anywhere in the box, no two cells closer than the sum of their radii.
        case random
        /// This many cells packed around a point, without overlap.
        case cluster(count: Int, centre: [Length])
        /// At random without overlap between two heights along an axis.
        case layer(axis: Axis, from: Length, to: Length)
        /// One cell at each of these points.
        case points([[Length]])
        case table(TablePlacement)
    }
}

/// Cells read from a table beside the model file.
public struct TablePlacement: Hashable, Sendable {
    /// Relative to the model file's folder.
    public var path: String
    /// Names of the columns with x, y and, if there is one, z; for AnnData `obsm/spatial` takes their place if `nil`.
    public var positionColumns: [String]?
    /// µm in one unit of the position columns: the pixel size.
    public var unitLength: Length
    public var typeColumn: String
    public var idColumn: String?
    /// Label in the table to the types its cells become, with their shares, which sum to 1; an empty list leaves them out.
    public var labels: [String: [TypeShare]]
    /// The table's position that becomes the box's corner, µm.
    public var origin: [Length]
    /// Cells of a 2-D section stand at random depth within this thickness.
    public var thickness: Length?

    public init(path: String, typeColumn: String, labels: [String: [TypeShare]]) {
        self.path = path
        self.positionColumns = nil
        self.unitLength = .micrometres(1)
        self.typeColumn = typeColumn
        self.idColumn = nil
        self.labels = labels
        self.origin = []
        self.thickness = nil
    }
}

public struct TypeShare: Hashable, Sendable {
    public var cellType: String
    /// 0...1.
    public var share: Double

    public init(cellType: String, share: Double) {
        self.cellType = cellType
        self.share = share
    }
}
