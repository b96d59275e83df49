import Biology

/// A catalogue of made-up numbers, so that these tests need no room but their own.
enum MadeUpCatalogue {
    static let model = """
        paracrine: 1
        model: catalogued
        catalogue: builtin@2026.1
        space: {box: 100 x 100 x 100 µm, grid: 10 µm}
        molecules: {IL-2: {decay: 0.5 /h}, IFN-γ: {}}
        receptors: {IL-2R: {ligand: TCGF}}
        cells:
          Treg: {count: 10}
          Th: {count: 5, radius: 4 µm, secretes: {IL2: 3 molecules/s}}
        rules:
          - Th: IFNg decreases secretes.TCGF from 3 molecules/s to 0 molecules/s, half-max 1 pM
        place: {regulatory-T: random, Th: random}
        run: {for: 1 h, seed: 1}
        record: {fields: {IFNG: every 10 min}}
        expect:
          - mass of IL2 balances within 1e-9
          - mean IL-2R.bound of regulatory-T > 1 receptors
        """

    static func open(_ pin: String) throws(TextProblem) -> CatalogueReader {
        guard pin == "builtin@2026.1" else {
            throw TextProblem(
                offset: pin.contains("@") ? 8 : 0, problem: "no catalogue '\(pin)'", fix: "write builtin@2026.1")
        }
        return CatalogueReader(
            version: pin, identity: { names[$1]?[$0] }, receptors: { $0 == "IL-2" ? ["IL-2R", "IL-2Rβ"] : [] },
            answer: answer)
    }

    private static let names: [CatalogueReader.Kind: [String: String]] = [
        .molecule: [
            "IL-2": "IL-2", "IL2": "IL-2", "TCGF": "IL-2", "IFN-γ": "IFN-γ", "IFNg": "IFN-γ", "IFNG": "IFN-γ",
            "TNF": "TNF",
        ],
        .receptor: ["IL-2R": "abc", "IL2R": "abc", "IL-2Rβ": "b", "IFN-γR": "g"],
        .cellType: [
            "Treg": "Treg", "regulatory-T": "Treg", "NK": "NK", "megakaryocyte": "megakaryocyte",
        ],
    ]

    static func number(
        _ value: Double, _ dimension: Dimension, variation: Double = 0, range: ClosedRange<Double>? = nil
    ) -> CatalogueNumber {
        CatalogueNumber(
            value: value, dimension: dimension, variation: variation, text: "\(value)", subject: "made up",
            grade: "chosen", source: "a test", isWeak: range != nil, range: range)
    }

    @Sendable private static func answer(_ question: CatalogueQuestion) -> CatalogueAnswer {
        switch question {
        case .diffusion("IL-2"), .diffusion("TCGF"): .number(number(12.5, .diffusion))
        case .diffusion("IFN-γ"): .number(number(0.1 + 0.2, .diffusion))
        case .diffusion(let name): .lacking("the catalogue has no diffusion of \(name)")
        case .decay("IL-2"), .decay("IFN-γ"): .number(number(1e-5, .rate))
        case .mass("IL-2"): .number(number(15.5, .molarMass))
        case .association("IL-2R", _, _), .association("IL-2Rβ", _, _): .number(number(0.05, .association))
        case .dissociation("IL-2R", _, let stated), .dissociation("IL-2Rβ", _, let stated):
            .number(number((stated ?? 0.05) * 0.01, .rate, range: 1e-4...1e-3))
        case .internalisation("IL-2R", _): .number(number(1e-3, .rate))
        case .association(let receptor, let ligand, _): lacking("k_on", receptor, ligand)
        case .dissociation(let receptor, let ligand, _): lacking("k_off", receptor, ligand)
        case .internalisation(let receptor, let ligand): lacking("k_endo", receptor, ligand)
        case .radius("Treg"), .radius("regulatory-T"), .radius("NK"): .number(number(4, .length))
        case .radius("megakaryocyte"): .number(number(60, .length))
        case .radius(let cell): .lacking("the catalogue has no cell type '\(cell)'")
        case .receptors("IL-2R", _, "Treg"): .number(number(1000, .amount, variation: 0.25))
        case .receptors("IL-2R", _, "NK"): .lacking("the catalogue says that NK hears IL-2, and not by how much")
        case .secretion("IFN-γ", "Treg"): .number(number(2, .secretion))
        default: .silent
        }
    }

    private static func lacking(_ rate: String, _ receptor: String, _ ligand: String) -> CatalogueAnswer {
        .lacking("the catalogue has no \(rate) of \(ligand) on \(receptor)")
    }
}
