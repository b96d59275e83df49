/// Cells of a type come out of a compartment into tissue, the more of a molecule there is at the place.
///
/// Rate of arrival: rate · clip((c − from)/(to − from), 0, 1) per volume or area, voxel by voxel. Numbers are Poisson.
/// - Source: the influx law of facts/validation.md V19 (pc4covid19).
public struct Recruitment: Hashable, Sendable, Codable {
    public enum Site: Hashable, Sendable, Codable {
        /// Anywhere in the tissue, cells/(µm³·s).
        case everywhere(perVolume: Double)
        /// Along vessels of the compartment, cells/(µm²·s).
        case vessels(perArea: Double)
        /// At walls that exchange with the compartment, cells/(µm²·s).
        case walls(perArea: Double)

        /// As stated, coherent.
        public var rate: Double {
            switch self {
            case .everywhere(let rate), .vessels(let rate), .walls(let rate): rate
            }
        }

        /// What the rate measures.
        public var dimension: Dimension {
            switch self {
            case .everywhere: .influx
            case .vessels, .walls: .influxPerArea
            }
        }
    }

    public var cellType: String
    public var compartment: String
    public var site: Site
    /// What calls them; `nil` where they come whatever there is.
    public var call: Call?

    /// A molecule that calls, with the concentrations between which it does so more and more.
    public struct Call: Hashable, Sendable, Codable {
        public var molecule: String
        public var from: Concentration
        public var to: Concentration

        public init(molecule: String, from: Concentration, to: Concentration) {
            self.molecule = molecule
            self.from = from
            self.to = to
        }

        /// The share of the full rate at a concentration (molecules/µm³), 0...1.
        public func share(_ concentration: Double) -> Double {
            min(1, max(0, (concentration - from.value) / (to.value - from.value)))
        }
    }

    public init(cellType: String, compartment: String, site: Site, call: Call? = nil) {
        self.cellType = cellType
        self.compartment = compartment
        self.site = site
        self.call = call
    }
}

extension Model {
    /// How cells of a type are recruited, where they are.
    public func recruitment(of cellType: String) -> Recruitment? {
        (recruitments ?? []).first { $0.cellType == cellType }
    }

    /// The rules on how fast cells of a type come: they read molecules where cells would come out.
    public func rulesOnRecruiting(_ cellType: String) -> [Rule] {
        rules.filter { $0.behaviour == .recruitment(cellType) }
    }
}

extension Behaviour {
    /// Whether it is about cells that are not there yet.
    public var isOfArrivals: Bool { if case .recruitment = self { true } else { false } }
}

/// Cells given at a time: into a compartment's store, or into a tissue at random.
public struct CellDose: Hashable, Sendable, Codable {
    public var cellType: String
    public var count: Double
    /// A compartment or an organ; `nil` for the only tissue.
    public var into: String?
    public var at: Time
    /// As the file wrote it.
    public var text: String

    public init(cellType: String, count: Double, into: String?, at: Time, text: String = "") {
        self.cellType = cellType
        self.count = count
        self.into = into
        self.at = at
        self.text = text
    }
}
