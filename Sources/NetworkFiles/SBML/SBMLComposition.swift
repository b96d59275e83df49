/// Which models a file of the package "comp" holds and which they are made of, before anything is put together.
struct SBMLComposition {
    /// A model or model definition of one file.
    struct Model {
        var id: String
        /// Elements and attributes of its own.
        var parts = 0
        /// What its submodels are, with their places.
        var submodels: [(model: String, place: Int)] = []
    }

    /// A model that stands in another file.
    struct External {
        var id: String
        var source: String
        /// The model there; "" for the main one.
        var model: String
        var place: Int
        /// The bytes of the source's text.
        var sourceRange: Range<Int>
    }

    private(set) var models: [Model] = []
    private(set) var externals: [External] = []
    /// Of the file's main model among `models`.
    private(set) var main: Int?
    private var current: Int?

    mutating func open(_ name: String, isComp: Bool, _ tag: SBMLTagText, at place: Int) {
        if name == "model", current == nil {
            main = models.count
            current = models.count
            models.append(Model(id: tag["id"] ?? ""))
        } else if name == "modelDefinition", isComp, current == nil {
            current = models.count
            models.append(Model(id: tag["id"] ?? ""))
        } else if name == "submodel", isComp, let current {
            models[current].submodels.append((tag["modelRef"] ?? "", place))
        } else if name == "externalModelDefinition", isComp, let range = tag.range("source") {
            externals.append(
                External(
                    id: tag["id"] ?? "", source: tag["source"] ?? "", model: tag["modelRef"] ?? "", place: place,
                    sourceRange: range))
        }
        if let current { models[current].parts += 1 + tag.count }
    }

    mutating func close(_ name: String) {
        if name == "model" || name == "modelDefinition" { current = nil }
    }
}

/// A start tag's attributes by their local names.
struct SBMLTagText {
    private let tag: XMLTag
    private let scanner: XMLScanner

    init(_ tag: XMLTag, _ scanner: XMLScanner) {
        (self.tag, self.scanner) = (tag, scanner)
    }

    var count: Int { tag.attributes.count }

    func range(_ name: String) -> Range<Int>? {
        tag.attributes.first { scanner.text($0.name).split(separator: ":").last.map(String.init) == name }?.value
    }

    subscript(_ name: String) -> String? { range(name).map(scanner.text) }
}

/// The models of all files that one file is made of, and how large they get put together.
struct SBMLAssembly {
    private let files: [String: SBMLComposition]
    /// Where each external source of a file leads.
    private let sources: [String: [String: String]]
    private var modelsByName: [String: [String: Int]] = [:]
    private var externalsByName: [String: [String: SBMLComposition.External]] = [:]
    private var sizes: [String: Int] = [:]
    private var underWay: Set<String> = []

    /// A submodel that is part of itself, or a model that grows past every bound.
    struct Fault: Error {
        let file: String
        let place: Int
        let problem: String
    }

    init(files: [String: SBMLComposition], sources: [String: [String: String]]) {
        (self.files, self.sources) = (files, sources)
        for (file, composition) in files {
            let indices = composition.models.indices.map { (composition.models[$0].id, $0) }
            modelsByName[file] = Dictionary(indices) { first, _ in first }
            externalsByName[file] = Dictionary(composition.externals.map { ($0.id, $0) }) { first, _ in first }
        }
    }

    /// Elements and attributes of a file's main model with all its submodels.
    mutating func size(of file: String) throws(Fault) -> Int {
        guard let composition = files[file], let main = composition.main else { return 0 }
        return try size(file, main)
    }

    private mutating func size(_ file: String, _ index: Int) throws(Fault) -> Int {
        let key = "\(index) \(file)"
        if let known = sizes[key] { return known }
        guard let model = files[file]?.models[index] else { return 0 }
        guard underWay.count < XMLScanner.deepest else {
            throw Fault(file: file, place: model.submodels.first?.place ?? 0, problem: "submodels nested too deeply")
        }
        underWay.insert(key)
        var total = model.parts
        for submodel in model.submodels {
            guard let (place, next) = find(submodel.model, in: file, steps: 0) else { continue }
            if underWay.contains("\(next) \(place)") {
                throw Fault(
                    file: file, place: submodel.place, problem: "the submodel '\(submodel.model)' is part of itself")
            }
            total += try size(place, next)
            guard total <= SBMLText.mostParts else {
                throw Fault(
                    file: file, place: submodel.place,
                    problem: "with its submodels the model has more than \(SBMLText.mostParts) elements")
            }
        }
        underWay.remove(key)
        sizes[key] = total
        return total
    }

    /// The file and index of a model by its name in a file, which may lead through several.
    private func find(_ name: String, in file: String, steps: Int) -> (String, Int)? {
        guard let composition = files[file], steps < files.count + 1 else { return nil }
        if name.isEmpty { return composition.main.map { (file, $0) } }
        if let index = modelsByName[file]?[name] { return (file, index) }
        guard let external = externalsByName[file]?[name], let next = sources[file]?[external.source] else {
            return nil
        }
        return find(external.model, in: next, steps: steps + 1)
    }
}
