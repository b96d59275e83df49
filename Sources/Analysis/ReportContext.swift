public import Biology

/// What a report says about a run beyond what the run folder holds.
public struct ReportContext: Sendable {
    public struct Parameter: Sendable {
        public var name: String
        /// As the model file wrote it.
        public var text: String

        public init(name: String, text: String) {
            self.name = name
            self.text = text
        }
    }

    public var modelName: String
    public var about: String
    public var parameters: [Parameter]
    /// The numbers that the model file left to its catalogue; `nil` where it pins none.
    public var catalogue: CatalogueUse?
    /// Cell types that secrete a molecule, or may by a rule; by molecule name.
    public var secretors: [String: [String]]
    /// Length of the box along x, y and z where its two faces are joined, µm.
    public var periods: [Double?]
    /// Concentrations above which niches are looked for, nM; by molecule name.
    public var nicheThresholds: [String: [Double]]
    /// How a molecule is captured; by molecule name.
    public var bindings: [String: [Binding]]
    /// States that follow from a molecule, "TYPE STATE"; by molecule name.
    public var driven: [String: Set<String>]
    /// What `explain` says of how far a molecule reaches, µm; by molecule name.
    public var screening: [String: Screening]
    /// Such as how many cells of a table were left out.
    public var notes: [String]

    public init(modelName: String) {
        self.modelName = modelName
        about = ""
        parameters = []
        catalogue = nil
        secretors = [:]
        periods = [nil, nil, nil]
        nicheThresholds = [:]
        bindings = [:]
        driven = [:]
        screening = [:]
        notes = []
    }

    /// What a model says about itself and, where its cells are known, about what to expect of them.
    public init(_ model: Model, census: CellCensus? = nil, notes: [String] = []) {
        self.init(modelName: model.name)
        about = model.about
        parameters = model.parameters.map { Parameter(name: $0.name, text: $0.text) }
        for type in model.cellTypes {
            for molecule in model.molecules where ReportContext.secretes(type, molecule.name, model) {
                secretors[molecule.name, default: []].append(type.name)
            }
        }
        catalogue = model.catalogue
        periods = Axis.allCases.map { model.space.periodic.contains($0) ? model.space.size[$0.rawValue].value : nil }
        nicheThresholds = ReportContext.nicheThresholds(model)
        bindings = ReportContext.bindings(model, census)
        for type in model.cellTypes {
            for state in type.states {
                for molecule in model.inducers(ofState: state.name, cellType: type.name) {
                    driven[molecule, default: []].insert("\(type.name) \(state.name)")
                }
            }
        }
        screening = census.map { ReportContext.screening(MeanTissue(model: model, census: $0)) } ?? [:]
        self.notes = notes
    }

    private static func secretes(_ type: CellType, _ molecule: String, _ model: Model) -> Bool {
        if let rate = type.secretes[molecule], rate.mean > 0 { return true }
        return model.rules.contains {
            $0.cellType == type.name && $0.behaviour == .secretion(molecule) && max($0.from, $0.to) > 0
        }
    }
}
