import Biology
import Testing

@Suite struct ExpressionTextTests {
    private let names: [String: NamedTerm] = [
        "IL-2": .signal(.concentration("IL-2"), .concentration),
        "IL-4": .signal(.concentration("IL-4"), .concentration),
        "IL-2R.bound": .signal(.receptor("IL-2R", .bound), .amount),
        "IFN-γ": .signal(.concentration("IFN-γ"), .concentration),
        "pSTAT5": .signal(.state("pSTAT5"), .none), "K": .value(3, .none), "time": .signal(.time, .time),
        "CD4+": .signal(.state("CD4+"), .none),
    ]

    private func read(_ text: String) throws -> ExpressionText.Checked {
        try ExpressionText.parse(text, names: names, cellTypes: ["Treg"], vocabulary: "Th has")
    }

    private func problem(_ text: String) -> String {
        do {
            return "\(try read(text))"
        } catch let error as TextProblem {
            return "\(error.offset): \(error.problem)"
        } catch {
            return "another error"
        }
    }

    private let il2 = Expression.signal(.concentration("IL-2"))
    private let il4 = Expression.signal(.concentration("IL-4"))
    private let bound = Expression.signal(.receptor("IL-2R", .bound))

    @Test func namesWithHyphensAreCutLongestFirst() throws {
        #expect(try read("IL-2 - IL-4").expression == .difference(il2, il4))
        #expect(try read("IL-2-IL-4").expression == .difference(il2, il4))
        #expect(try read("IL-2R.bound").expression == bound)
        #expect(try read("CD4+ + pSTAT5").expression == .sum(.signal(.state("CD4+")), .signal(.state("pSTAT5"))))
        #expect(problem("IL-23") == "0: Th has no signal 'IL-23'")
        #expect(problem("pSTAT3") == "0: Th has no signal 'pSTAT3'")
    }

    @Test func theHillCurveOfTheDesignIsRead() throws {
        let checked = try read("IL-2R.bound^3 / (IL-2R.bound^3 + (200 receptors)^3)")
        let cube = Expression.power(bound, .number(3))
        #expect(checked.dimension == .none)
        #expect(checked.expression == .quotient(cube, .sum(cube, .power(.number(200), .number(3)))))
    }

    @Test func operatorsBindAsInAlgebra() throws {
        let k = Expression.number(3)
        #expect(try read("1 + 2 * K").expression == .sum(.number(1), .product(.number(2), k)))
        #expect(try read("-K^2").expression == .negative(.power(k, .number(2))))
        #expect(try read("2^K^2").expression == .power(.number(2), .power(k, .number(2))))
        #expect(try read("8 - 4 - 2").expression == .difference(.difference(.number(8), .number(4)), .number(2)))
        #expect(try read("8 / 4 / 2").expression == .quotient(.quotient(.number(8), .number(4)), .number(2)))
        #expect(try read("2^-1").expression == .power(.number(2), .number(-1)))
    }

    @Test func numbersTakeTheUnitThatTouchesThem() throws {
        #expect(try read("IL-2 / 5 pM").dimension == .none)
        #expect(try read("5 pM / IL-2").dimension == .none)
        #expect(try read("5 pM/IL-2").dimension == .none)
        #expect(try read("2 molecules/s * time").dimension == .amount)
        #expect(try read("0.1 /h * time").dimension == .none)
        #expect(try read("IL-2 * 50 %").dimension == .concentration)
        #expect(try read("exp(-time / 2 h)").dimension == .none)
        #expect(try read("sqrt(IL-2 * IL-4)").dimension == .concentration)
        #expect(try read("max(IL-2, 1 pM)").dimension == .concentration)
        #expect(try read("contact with Treg / 4 cells").dimension == .none)
    }

    @Test func dimensionsAreChecked() {
        #expect(problem("IL-2 + 1") == "5: a plain number cannot be added to concentration")
        #expect(problem("IL-2 - IL-2R.bound") == "5: amount (molecules) cannot be subtracted from concentration")
        #expect(problem("exp(IL-2)") == "0: 'exp' cannot be taken of concentration")
        #expect(problem("2^IL-2") == "1: an exponent is a plain number, found concentration")
        #expect(problem("IL-2^0.5") == "4: concentration can only be raised to a whole number from -9 to 9")
    }

    @Test func hostileTextIsAProblem() {
        for text in [
            "", "(", ")", "((((", "1 +", "^", "..", "contact", "contact with", "max(", "max(,)", "1e999", "5 pM pM",
            "\u{0}",
        ] {
            #expect(throws: TextProblem.self, "\(text)") { try read(text) }
        }
        #expect(problem(String(repeating: "(", count: 1000)).hasSuffix("the expression is nested too deeply"))
        #expect(problem(String(repeating: "-", count: 1000) + "1").hasSuffix("the expression is nested too deeply"))
        #expect(problem("((IL-2^9)^9)^9").hasSuffix("the powers in the expression grow beyond 99"))
    }
}
