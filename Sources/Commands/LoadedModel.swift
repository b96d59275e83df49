import ArgumentParser
import Biology
import Catalogue
import Foundation
import ModelFiles
import Networks
import Results
import Simulation
import Tables
import Tissue

/// The options that say which model: shared by every command that reads one.
struct ModelOptions: ParsableArguments {
    @Argument(help: "The model file NAME.paracrine.yaml, or the folder that holds it.", completion: .file())
    var model: String

    @OptionGroup var changes: SettingOptions

    var settings: [String] { changes.settings }

    @Option(
        help: ArgumentHelp(
            "Cells from this table (CSV, CSV.gz or .h5ad) in place of the one that the model names.", valueName: "path"),
        completion: .file())
    var table: String?

    @OptionGroup var catalogue: CatalogueFolders
}

/// What is changed of a model.
struct SettingOptions: ParsableArguments {
    @Option(
        name: .customLong("set"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Change a parameter, or any value by its path; as often as needed. Such as q='20 molecules/s'.",
            valueName: "name=value"))
    var settings: [String] = []
}

/// A lab's own tables.
struct CatalogueFolders: ParsableArguments {
    @Option(
        name: .customLong("catalogue"),
        help: ArgumentHelp(
            "A folder of your own tables, laid over the built-in ones; may be given again.", valueName: "folder"),
        completion: .directory)
    var folders: [String] = []

    /// The built-in tables with these laid over them.
    func catalogue() throws -> ParameterCatalogue {
        try ParameterCatalogue.builtin(overlays: folders.map { URL(fileURLWithPath: $0, isDirectory: true) })
    }

    /// The options as a shell reads them, after a space; empty where there are none.
    var typed: String {
        let plain = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-_./"))
        return folders.map { folder in
            let isPlain = !folder.isEmpty && folder.unicodeScalars.allSatisfy(plain.contains)
            return " --catalogue \(isPlain ? folder : "'\(folder.replacing("'", with: "'\\''"))'")"
        }.joined()
    }
}

/// A model file as read, with the folder that its tables are beside.
struct LoadedModel {
    /// Without folder and ending: results are named for it.
    let stem: String
    let folder: String
    var checked: CheckedModel
    /// Of the model file, as it was given.
    let text: String
    private let table: String?
    private let name: String
    private let settings: [String]
    private let overlays: [String]
    private let responses: [String]
    private let catalogue: OpenCatalogue

    var model: Model { checked.model }

    init(_ options: ModelOptions, responses: [String] = []) throws {
        try self.init(
            path: options.model, settings: options.settings, table: options.table, overlays: options.catalogue.folders,
            responses: responses)
    }

    init(
        path: String, settings: [String], table: String?, overlays: [String] = [], responses: [String] = []
    ) throws {
        let path = try LoadedModel.modelFile(path)
        let parts = PathParts(path)
        try self.init(
            text: LoadedModel.text(path), name: parts.name, folder: parts.folder, settings: settings, table: table,
            overlays: overlays, responses: responses)
    }

    /// The model that an earlier run ran, from the text in its folder, with more changed.
    init(_ run: RunFolder, _ manifest: RunManifest, more: [String] = []) throws {
        guard let source = manifest.source, let text = run.source else {
            throw Stop(
                .file,
                "\(run.path): error: this folder does not hold the model file that ran\n  fix: run the model again with this version"
            )
        }
        try self.init(
            text: text, name: source.name, folder: source.folder, settings: source.settings + more,
            table: source.table, overlays: source.catalogues, responses: [])
        checked.model.run.seed = manifest.seed
    }

    private init(
        text: String, name: String, folder: String, settings: [String], table: String?, overlays: [String],
        responses: [String]
    ) throws {
        (self.folder, self.name) = (folder, name)
        let endings = [".paracrine.yaml", ".yaml", ".yml"]
        stem = endings.first(where: name.hasSuffix).map { String(name.dropLast($0.count)) } ?? name
        (self.table, self.text, self.settings, self.responses) = (table, text, settings, responses)
        self.overlays = overlays
        catalogue = try OpenCatalogue(overlays: overlays)
        let open = catalogue.reader
        checked = try ModelFile.read(
            text, named: name, settings: settings, responses: responses, catalogue: open,
            networks: NetworkFilesBeside(folder: folder).reader, masks: MasksBeside(folder: folder).reader)
        if !overlays.isEmpty, checked.model.catalogue == nil {
            throw Stop(
                .usage,
                "--catalogue: error: the model pins no catalogue\n  fix: leave it out, or write 'catalogue: builtin@\(ParameterCatalogue.builtinVersion)' into the model file"
            )
        }
    }

    /// A network by itself, for so long in its own unit of time.
    init(_ network: LoadedNetwork, duration: Double, every: Double?) throws {
        (folder, name) = (PathParts(network.path).folder, PathParts(network.path).name)
        (stem, table, text, settings, overlays, responses) = (network.stem, nil, "", [], [], [])
        catalogue = try OpenCatalogue(overlays: [])
        var clock = 1.0
        if case .reactions(let reactions) = network.content { clock = reactions.units.time ?? 1 }
        let space = Space(size: Array(repeating: Length(coherent: 1), count: 3), spacing: Length(coherent: 1))
        var model = Model(
            name: network.stem, space: space, run: RunPlan(duration: .seconds(duration * clock), seed: 1))
        model.networks = [
            ModelNetwork(name: network.stem, content: network.content, clock: .seconds(clock))
        ]
        model.record.series = every.map { .seconds($0 * clock) }
        checked = CheckedModel(model)
    }

    /// What to read to run it again; `nil` where there is no model file.
    var source: RunManifest.Source? {
        func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
        guard !text.isEmpty else { return nil }
        return RunManifest.Source(
            name: name, folder: absolute(folder.isEmpty ? "." : folder), settings: settings,
            table: table.map(absolute), catalogues: overlays.map(absolute))
    }

    /// The same file with more changed.
    func with(_ more: [String]) throws -> LoadedModel {
        var copy = self
        copy.checked = try ModelFile.read(
            text, named: name, settings: settings + more, responses: responses, catalogue: catalogue.reader,
            networks: NetworkFilesBeside(folder: folder).reader, masks: MasksBeside(folder: folder).reader)
        return copy
    }

    /// The file itself, or the only model file in a folder.
    private static func modelFile(_ path: String) throws -> String {
        var isFolder: ObjCBool = false
        guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Stop(
                .file,
                "\(path): error: there is no such file or folder\n  fix: give a model file, or make one with 'paracrine new'"
            )
        }
        guard isFolder.boolValue else { return path }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path).filter {
                $0.hasSuffix(".paracrine.yaml")
            }.sorted()
        } catch {
            throw Stop(path, "list this folder", error)
        }
        guard names.count == 1 else {
            let found =
                names.isEmpty
                ? "no model file (NAME.paracrine.yaml)" : "\(names.count) model files: \(names.joined(separator: ", "))"
            throw Stop(
                .file,
                "\(path): error: this folder holds \(found)\n  fix: \(names.isEmpty ? "name the model file, or make one with 'paracrine new'" : "name the file itself")"
            )
        }
        return PathParts.join(path, names[0])
    }

    private static func text(_ path: String) throws -> String {
        // Chosen: the language's own limit is far below; this one only keeps a wrong file out of memory.
        let limit = 64 << 20
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
        guard attributes?[.type] as? FileAttributeType == .typeRegular else {
            throw Stop(.file, "\(path): error: this is not a file that can be read\n  fix: name the model file itself")
        }
        if let size = attributes?[.size] as? Int, size > limit {
            throw Stop(
                .model, "\(path): error: \(size) bytes are too many for a model file\n  fix: name the model file itself"
            )
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Stop(.file, "\(path): error: this file cannot be read\n  fix: check that you may read it")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw Stop(.model, "\(path): error: this file is not UTF-8 text\n  fix: save it as UTF-8")
        }
        return text
    }

    /// Reads the model's tables and places its cells; returns them with what is to be told about rows left out.
    func place() throws -> (cells: [PlacedCell], notes: [String]) {
        try model.runsOnlyMixed ? placeToMix(readTables()) : place(readTables())
    }

    /// Places its cells to say what is in it; one of networks alone has none, and its networks are tried instead.
    func placeToTell() throws -> (cells: [PlacedCell], notes: [String]) {
        guard model.hasOnlyNetworks else { return try place() }
        for network in model.networks {
            do throws(NetworkFailure) {
                switch network.content {
                case .reactions(let reactions): _ = try OrdinaryCourse(reactions)
                case .logic(let logic): _ = try BooleanProgram(logic)
                }
            } catch {
                throw Stop(
                    .model, "\(name): error: networks.\(network.name): \(error.problem)\n  fix: \(error.fix)")
            }
        }
        return ([], [])
    }

    /// Places its cells in space with tables that have been read.
    func place(_ tables: [CellTable]) throws -> (cells: [PlacedCell], notes: [String]) {
        if model.hasOnlyNetworks {
            throw Stop(
                .model,
                "\(name): error: this model has networks and no space\n  fix: run it well mixed with 'paracrine mix'")
        }
        if let (path, problem, fix) = TissueEngine.networkProblem(model) {
            let spot = checked.places[path].map { "\($0.file):\($0.line):\($0.column)" } ?? name
            throw Stop(.model, "\(spot): error: \(path): \(problem)\n  fix: \(fix)")
        }
        let placed = try placeToMix(tables)
        if let (problem, fix) = TissueEngine.tooManySenders(model, cells: placed.cells) {
            throw Stop(.model, "\(name): error: record.communication: \(problem)\n  fix: \(fix)")
        }
        return placed
    }

    /// Places its cells for a run with space, or as `mixing` says without.
    func place(_ tables: [CellTable], _ mixing: Mixing?) throws -> (cells: [PlacedCell], notes: [String]) {
        try mixing == nil ? place(tables) : placeToMix(tables)
    }

    /// The same for a run without space, which has networks inside cells too, and needs no cells at all.
    private func placeToMix(_ tables: [CellTable]) throws -> (cells: [PlacedCell], notes: [String]) {
        let placement = try CellPlacement.place(model, tables: tables.map(\.cells))
        return (placement.cells, tables.flatMap(\.notes) + placement.notes)
    }

    func readTables() throws -> [CellTable] {
        var given = table
        guard given == nil || model.placements.contains(where: { $0.isTable }) else {
            throw Stop(
                .usage,
                "--table: error: the model places no cells from a table\n  fix: leave it out, or describe its columns under place: table:"
            )
        }
        return try model.placements.compactMap { placement in
            guard case .table(var plan) = placement.pattern else { return nil }
            if let path = given {
                // Named on the command line, so it may lie anywhere; the first table placement takes it.
                given = nil
                plan.path = path
            } else {
                plan.path = try beside(plan.path)
            }
            return try CellTable.read(
                path: plan.path, placement: plan, columnsNeeded: CellTable.markers(of: plan, in: model))
        }
    }

    /// A path of the model file, which must not leave its folder, not even through a link.
    private func beside(_ path: String) throws -> String {
        let full = PathParts.join(folder, path)
        guard FileManager.default.fileExists(atPath: full) else {
            throw Stop(
                .file,
                "\(full): error: the model's table is not there\n  fix: put it there, or name one with --table PATH")
        }
        guard PathParts.isInside(full, folder: folder) else {
            throw Stop(
                .model,
                "\(full): error: the model's table leads out of the model's folder\n  fix: copy it beside the model, or name it with --table PATH"
            )
        }
        return full
    }
}

extension Placement {
    var isTable: Bool {
        if case .table = pattern { return true }
        return false
    }
}
