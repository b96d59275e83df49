import Biology
import Testing

private let unitTexts: [(String, Dimension, Double)] = [
    ("µm", Dimension.length, 1.0), ("\u{03BC}m", .length, 1), ("um", .length, 1), ("nm", .length, 1e-3),
    ("mm", .length, 1e3),
    ("cm", .length, 1e4), ("m", .length, 1e6), ("ms", .time, 1e-3), ("s", .time, 1), ("sec", .time, 1),
    ("min", .time, 60),
    ("h", .time, 3600), ("d", .time, 86400), ("wk", .time, 604_800), ("molecules", .amount, 1),
    ("receptors", .amount, 1),
    ("complexes", .amount, 1), ("cells", .cells, 1), ("nM", .concentration, 0.602214076),
    ("pM", .concentration, 0.000602214076),
    ("µM", .concentration, 602.214076), ("mM", .concentration, 602214.076), ("M", .concentration, 602_214_076),
    ("mol/L", .concentration, 602_214_076), ("µm²/s", .diffusion, 1), ("um^2/s", .diffusion, 1),
    ("cm²/s", .diffusion, 1e8),
    ("/nM/h", .association, 1 / 0.602214076 / 3600), ("1/(M·s)", .association, 1 / 602_214_076.0),
    ("/M/s", .association, 1 / 602_214_076.0), ("molecules/s", .secretion, 1),
    ("molecules/h", .secretion, 1 / 3600.0),
    ("/h", .rate, 1 / 3600.0), ("s⁻¹", .rate, 1), ("s^-1", .rate, 1), ("%", .none, 0.01), ("kDa", .molarMass, 1),
    ("Da", .molarMass, 1e-3), ("g/mol", .molarMass, 1e-3), ("kg/mol", .molarMass, 1), ("µm/s", .permeability, 1),
    ("molecules/µm²/s", .flux, 1), ("/receptor/s", .surfaceAssociation, 1), ("", .none, 1),
]

private let quantityTexts: [(String, Double, Dimension)] = [
    ("10 µm²/s", 10.0, Dimension.diffusion), ("1e-3/s", 1e-3, .rate),
    ("half-life 5 min", 0.693147180559945309417 / 300, .rate),
    ("time constant 10 min", 1 / 600.0, .rate), ("5 %", 0.05, .none), ("-3", -3, .none),
    ("1.5e2 h", 540_000, .time),
    ("36 molecules/h", 0.01, .secretion), ("−2 s", -2, .time),
]

private let describedValues: [(Double, Dimension, String)] = [
    (0.26 * 0.602214076e-3, Dimension.concentration, "0.26 pM"), (2.6 * 0.602214076, .concentration, "2.6 nM"),
    (10, .secretion, "10 molecules/s"), (0.0027, .secretion, "0.0027 molecules/s"), (7200, .time, "2 h"),
    (90, .time, "1.5 min"),
    (5, .time, "5 s"), (12.5, .length, "12.5 µm"), (0.1 / 3600, .rate, "0.1 /h"), (1.1e-3, .rate, "3.96 /h"),
    (0, .length, "0 µm"), (0.5, .none, "0.5"), (1234.5, .amount, "1235 molecules"), (2e9, .amount, "2e9 molecules"),
]

@Suite struct UnitTests {
    private func unit(_ text: String) throws -> Unit { try UnitExpression.parse(text) }

    private func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * max(abs(a), abs(b)) }

    @Test(arguments: unitTexts)
    func unitsAreReadAlgebraically(text: String, dimension: Dimension, factor: Double) throws {
        let unit = try unit(text)
        #expect(unit.dimension == dimension)
        #expect(isClose(unit.factor, factor), "\(unit.factor)")
    }

    // 15.5 kDa at 15.5 pg/mL is 1 pmol/L: the grams cancel against the daltons through the Avogadro constant.
    @Test func massConcentrationsMeetMolarMasses() throws {
        let mass = try unit("pg/mL")
        #expect(mass.dimension == .massConcentration)
        #expect(isClose(15.5 * mass.factor / 15.5, try unit("pM").factor))
    }

    @Test(arguments: [
        "µmm", "1/", "(µm", "µm^0", "µm^10", "µm^", "µm s", "?", "m^-", "((((((((((((s", "furlong",
        "µm^99999999999999999999",
    ])
    func nonsenseIsAProblem(text: String) {
        #expect(throws: TextProblem.self) { try UnitExpression.parse(text) }
    }

    @Test(arguments: quantityTexts)
    func quantitiesAreRead(text: String, value: Double, dimension: Dimension) throws {
        let measured = try QuantityText.parse(text)
        #expect(measured.dimension == dimension)
        #expect(isClose(measured.value, value), "\(measured.value)")
    }

    @Test(arguments: describedValues)
    func valuesAreWrittenInTheUnitsOfTheField(value: Double, dimension: Dimension, text: String) {
        #expect(QuantityText.describe(value, dimension) == text)
    }

    @Test(arguments: [
        Dimension.length, .time, .amount, .cells, .concentration, .diffusion, .rate, .association, .secretion, .flux,
    ])
    func whatIsWrittenIsReadBack(dimension: Dimension) throws {
        for value in [1e-5, 0.02, 0.3, 1, 7, 45, 3000, 250_000] {
            let text = QuantityText.describe(value, dimension)
            let measured = try QuantityText.parse(text)
            #expect(measured.dimension == dimension)
            #expect(abs(measured.value - value) <= 1e-3 * value, "\(text)")
        }
    }
}
