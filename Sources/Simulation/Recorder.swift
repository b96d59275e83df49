public import Biology

/// What cells looked like at one time: columns of equal length, one entry a cell, in order of id.
public struct CellFrame: Sendable {
    /// Seconds since the start.
    public var time: Double
    public var ids: [Int]
    /// Index into `typeNames`.
    public var types: [Int]
    public var typeNames: [String]
    /// Centres, µm.
    public var x: [Double]
    public var y: [Double]
    public var z: [Double]
    /// µm.
    public var radius: [Double]
    public var columns: [Column]
    /// Index into `tissueNames`; empty where there is one tissue.
    public var tissues: [Int] = []
    public var tissueNames: [String] = []

    /// A recorded signal, in the coherent unit of `unit`.
    public struct Column: Sendable {
        /// As the model file names it: "IL-2", "IL-2R.bound", "pSTAT5".
        public var name: String
        /// "molecules/µm³", "molecules", "" (dimensionless), "s", "cells".
        public var unit: String
        /// NaN for cells whose type lacks the signal.
        public var values: [Double]

        public init(name: String, unit: String, values: [Double]) {
            self.name = name
            self.unit = unit
            self.values = values
        }
    }

    public init(time: Double, typeNames: [String]) {
        self.time = time
        self.typeNames = typeNames
        ids = []
        types = []
        x = []
        y = []
        z = []
        radius = []
        columns = []
    }
}

extension CellFrame {
    /// The cells called so in who signalled to whom, by their place: of a type, or of a type in one of several tissues.
    public func cells(named name: String) -> [Int] {
        let type = CommunicationRow.type(ofCells: name, among: typeNames)
        guard let index = typeNames.firstIndex(of: type) else { return [] }
        let tissue = tissueNames.firstIndex { name == CommunicationRow.name(type, tissue: $0) }
        return types.indices.filter { types[$0] == index && (tissue == nil || tissues[$0] == tissue) }
    }

    /// The cells in the tissue of a field, such as "IL-6 in gut"; all where there is one tissue.
    public func inTissue(ofField name: String) -> CellFrame {
        guard let tissue = tissueNames.firstIndex(where: { name.hasSuffix(" in \($0)") }) else { return self }
        let kept = ids.indices.filter { tissues[$0] == tissue }
        var part = CellFrame(time: time, typeNames: typeNames)
        (part.ids, part.types) = (kept.map { ids[$0] }, kept.map { types[$0] })
        (part.x, part.y) = (kept.map { x[$0] }, kept.map { y[$0] })
        (part.z, part.radius) = (kept.map { z[$0] }, kept.map { radius[$0] })
        part.columns = columns.map { column in
            Column(name: column.name, unit: column.unit, values: kept.map { column.values[$0] })
        }
        return part
    }
}

/// One molecule's concentrations at one time.
public struct FieldFrame: Sendable {
    /// Seconds since the start.
    public var time: Double
    public var molecule: String
    /// Voxels along x, y and z.
    public var voxels: [Int]
    /// Edge of a voxel, µm.
    public var spacing: Double
    /// molecules/µm³, [nz][ny][nx] with x fastest.
    public var values: [Double]

    public init(time: Double, molecule: String, voxels: [Int], spacing: Double, values: [Double]) {
        precondition(values.count == voxels.reduce(1, *), "a field frame holds one value a voxel")
        self.time = time
        self.molecule = molecule
        self.voxels = voxels
        self.spacing = spacing
        self.values = values
    }
}

/// One row of the time courses: name and value in the order of the columns, which stays the same over a run.
public struct SeriesRow: Sendable {
    /// Seconds since the start.
    public var time: Double
    public var entries: [Entry]

    public struct Entry: Sendable {
        /// Such as "Treg: IL-2R.bound, mean" or "IL-2: dissolved".
        public var name: String
        public var unit: String
        public var value: Double

        public init(name: String, unit: String, value: Double) {
            self.name = name
            self.unit = unit
            self.value = value
        }
    }

    public init(time: Double, entries: [Entry]) {
        self.time = time
        self.entries = entries
    }
}

/// Receives what was observed, in order of time; never changes the solution.
///
/// To add an output, conform to this and hand it to the run.
public protocol Recorder: AnyObject {
    func record(_ frame: CellFrame) throws
    func record(_ frame: FieldFrame) throws
    func record(_ row: SeriesRow) throws
    /// The ledgers at a time, one a molecule, in the model's order.
    func record(_ ledgers: [Ledger], at time: Double) throws
    /// Who sent what cells captured during one interval.
    func record(_ communication: CommunicationFrame) throws
    /// What rules made cells secrete during one interval.
    func record(_ inductions: [InductionRow]) throws
    /// Puts how far its records are into an archive, or goes back to where they were.
    func keep(in archive: StateArchive) throws
}

extension Recorder {
    /// Has nothing that a run which is continued would miss.
    public func keep(in archive: StateArchive) throws {}
}

extension Signal {
    /// As a model file and every result names it: "IL-2", "IL-2R.bound", "pSTAT5", "contact with Treg", "stat1.STAT1n".
    public var name: String {
        switch self {
        case .concentration(let molecule): molecule
        case .inCompartment(let molecule, let compartment): "\(molecule) in \(compartment)"
        case .receptor(let receptor, let aspect): "\(receptor).\(aspect.rawValue)"
        case .bound(let receptor, let ligand): "\(receptor).bound.\(ligand)"
        case .complex(let name): name
        case .state(let name): name
        case .contact(let type): "contact with \(type)"
        case .time: "time"
        case .body(let signal): signal.rawValue
        case .network(let network, let name): "\(network).\(name)"
        }
    }
}
