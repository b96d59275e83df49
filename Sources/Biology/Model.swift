/// Everything a run needs to know and nothing it computes: the value every engine advances.
///
/// Things refer to each other by name, as in the model file; a checked model has no dangling name.
public struct Model: Hashable, Sendable, Codable {
    public var name: String
    public var about: String
    /// The catalogue that its file pins, with the numbers taken from it; `nil` where it pins none.
    public var catalogue: CatalogueUse?
    public var parameters: [Parameter]
    public var space: Space
    public var molecules: [Molecule]
    public var receptors: [Receptor]
    public var complexes: [SurfaceComplex]
    public var networks: [ModelNetwork]
    public var cellTypes: [CellType]
    /// Forces between cells; `nil` where they pass through each other.
    public var mechanics: Mechanics?
    public var obstacles: [Obstacle]?
    /// Blood, lymph and the like; `nil` where there is only tissue.
    public var compartments: [Compartment]?
    public var vessels: [Vessel]?
    /// The tissues, where the model has several; `space` and `placements` are then the first one's.
    public var organs: [Organ]?
    public var recruitments: [Recruitment]?
    public var rules: [Rule]
    public var blocks: [SignalBlock]
    public var combinations: [Behaviour: Combination]
    public var placements: [Placement]
    public var treatments: [Treatment]
    public var cellDoses: [CellDose]?
    public var run: RunPlan
    public var record: RecordPlan
    public var expectations: [Expectation]
    /// Signals of cells that somebody asks for beside the file; `nil` where nobody does.
    public var asked: [Signal]?

    public init(name: String, space: Space, run: RunPlan) {
        self.name = name
        self.about = ""
        self.catalogue = nil
        self.parameters = []
        self.space = space
        self.molecules = []
        self.receptors = []
        self.complexes = []
        self.networks = []
        self.cellTypes = []
        self.mechanics = nil
        self.obstacles = nil
        self.compartments = nil
        self.vessels = nil
        self.organs = nil
        self.recruitments = nil
        self.rules = []
        self.blocks = []
        self.combinations = [:]
        self.placements = []
        self.treatments = []
        self.cellDoses = nil
        self.run = run
        self.record = RecordPlan()
        self.expectations = []
        self.asked = nil
    }

    public func molecule(_ name: String) -> Molecule? { molecules.first { $0.name == name } }
    public func receptor(_ name: String) -> Receptor? { receptors.first { $0.name == name } }
    public func complex(_ name: String) -> SurfaceComplex? { complexes.first { $0.name == name } }
    public func cellType(_ name: String) -> CellType? { cellTypes.first { $0.name == name } }

    /// Signals of cells that records, expectations and people ask for, whether anything in the model reads them or not.
    public var signalsObserved: Set<Signal> {
        Set((record.cells?.columns ?? []) + (asked ?? []) + expectations.compactMap(\.subject.signal))
    }

    /// Whether cells move, divide, die or act on others.
    public var isAlive: Bool { cellTypes.contains { $0.life != nil } }

    /// Types of which cells arise while a run goes on, so that none need stand there at its start: what others become,
    /// and bodies.
    public var arising: Set<String> {
        let bodies = cellTypes.filter { $0.life?.vanishes != nil }.map(\.name)
        return Set(cellTypes.flatMap { $0.life?.changes ?? [] }.map(\.into) + bodies)
    }
}

/// A knob that a sweep or a fit may turn; its value already stands wherever the file names it.
public struct Parameter: Hashable, Sendable, Codable {
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
