import Biology

/// The JSON Schema (draft 2020-12) of a model's canonical JSON; strict: a key it does not name is an error.
public enum ModelSchema {
    /// The schema as text.
    public static let text = document.canonical

    private static let document: JSON = .table([
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Paracrine model",
        "description": "Plain numbers are in µm, s, molecules, kDa and cells, multiplied together.",
        "type": "object", "additionalProperties": false, "required": ["format", "version", "units", "model"],
        "properties": [
            "format": ["const": .text(ModelDocument.format)],
            "version": ["const": .integer(UInt64(ModelFile.version))],
            "units": object([
                ("length", ["const": "µm"]), ("time", ["const": "s"]), ("amount", ["const": "molecules"]),
                ("mass", ["const": "kDa"]), ("cells", ["const": "cells"]),
            ]),
            "model": reference("model"),
        ],
        "$defs": .table(
            quantities.merging(parts) { first, _ in first }.merging(plans) { first, _ in first }
                .merging(networks) { first, _ in first }.merging(life) { first, _ in first }
                .merging(body) { first, _ in first }),
    ])

    // MARK: - Words

    static func reference(_ name: String) -> JSON { ["$ref": .text("#/$defs/\(name)")] }

    /// A table with these keys; one whose name ends in "?" may be absent.
    static func object(_ fields: [(String, JSON)]) -> JSON {
        var properties: [String: JSON] = [:]
        var required: [JSON] = []
        for (key, value) in fields {
            let isOptional = key.hasSuffix("?")
            properties[isOptional ? String(key.dropLast()) : key] = value
            if !isOptional { required.append(.text(key)) }
        }
        return [
            "type": "object", "additionalProperties": false, "properties": .table(properties),
            "required": .list(required),
        ]
    }

    /// One of several kinds, each a table with one key.
    static func choice(_ cases: [(String, [(String, JSON)])]) -> JSON {
        ["oneOf": .list(cases.map { object([($0.0, object($0.1))]) })]
    }

    static func list(_ item: JSON, count: ClosedRange<UInt64>? = nil) -> JSON {
        guard let count else { return ["type": "array", "items": item] }
        return [
            "type": "array", "items": item, "minItems": .integer(count.lowerBound),
            "maxItems": .integer(count.upperBound),
        ]
    }

    static func table(_ value: JSON) -> JSON { ["type": "object", "additionalProperties": value] }

    static func words(_ words: [String]) -> JSON { ["enum": .list(words.map { .text($0) })] }

    private static func quantity<Kind: QuantityKind>(_: Quantity<Kind>.Type) -> JSON {
        object([("value", number), ("unit", ["const": .text(Kind.coherentUnit)])])
    }

    static let number: JSON = ["type": "number"]
    static let string: JSON = ["type": "string"]
    private static let share: JSON = ["type": "number", "minimum": 0, "maximum": 1]
    private static let integer: JSON = ["type": "integer"]

    // MARK: - Definitions

    /// What rules may change, as a pattern.
    private static let behaviour =
        "^((secretes|receptors|state|motion\\.towards|becomes|kills|eats|recruits|adhesion)\\..+|motion\\.(speed|persistence)|(divides|dies|necrosis)\\.rate)$"

    private static let quantities: [String: JSON] = [
        "length": quantity(Length.self), "time": quantity(Time.self), "amount": quantity(Amount.self),
        "concentration": quantity(Concentration.self), "diffusion": quantity(DiffusionCoefficient.self),
        "rate": quantity(FirstOrderRate.self), "association": quantity(AssociationRate.self),
        "surfaceAssociation": quantity(SurfaceAssociationRate.self), "permeability": quantity(Permeability.self),
        "flux": quantity(Flux.self), "volume": quantity(Volume.self), "infusion": quantity(Infusion.self),
        "molarMass": quantity(MolarMass.self),
        "dimension": object(["length", "time", "amount", "mass", "cells"].map { ($0, integer) }),
        "point": list(reference("length"), count: 3...3),
        "spread": object([("mean", number), ("variation", ["type": "number", "minimum": 0])]),
        "axis": words(Axis.allCases.map(\.description)),
        "behaviour": ["type": "string", "pattern": .text(behaviour)],
    ]

    private static let parts: [String: JSON] = [
        "parameter": object([
            ("name", string), ("value", number), ("dimension", reference("dimension")), ("text", string),
            ("range?", list(number, count: 2...2)), ("isLogarithmic", ["type": "boolean"]),
        ]),
        "catalogue": object([
            ("version", string),
            (
                "numbers",
                list(
                    object([
                        ("path", string),
                        (
                            "number",
                            object([
                                ("value", number), ("dimension", reference("dimension")),
                                ("variation", ["type": "number", "minimum": 0]), ("text", string), ("subject", string),
                                ("grade", string), ("source", string), ("isWeak", ["type": "boolean"]),
                                ("range?", list(number, count: 2...2)),
                            ])
                        ),
                    ]))
            ),
        ]),
        "walls": [
            "type": "object", "additionalProperties": false,
            "properties": .table(
                Dictionary(uniqueKeysWithValues: Face.all.map { ($0.description, reference("wall")) })),
        ],
        "wall": choice([
            ("noFlux", []), ("fixed", [("concentration", reference("concentration"))]),
            ("flux", [("inflow", reference("flux"))]),
            ("permeable", [("permeability", reference("permeability")), ("outside", reference("concentration"))]),
            ("exchange", [("compartment", string)]),
        ]),
        "space": object([
            ("size", reference("point")), ("spacing", reference("length")), ("periodic", list(reference("axis"))),
            ("walls", reference("walls")),
        ]),
        "molecule": object([
            ("name", string), ("diffusion", reference("diffusion")), ("decay", reference("rate")),
            ("mass?", reference("molarMass")), ("starts", reference("concentration")), ("walls", reference("walls")),
            (
                "association?",
                object([
                    ("first", string), ("second", string), ("kOn", reference("association")),
                    ("kOff", reference("rate")),
                ])
            ),
            ("compartments?", list(reference("compartmentKinetics"))),
        ]),
        "receptor": object([
            ("name", string),
            (
                "ligands",
                list(
                    object([
                        ("ligand", string), ("kOn", reference("association")), ("kOff", reference("rate")),
                        ("endocytosis", reference("rate")), ("signals", ["type": "boolean"]),
                    ]))
            ),
            ("supply", choice([("held", []), ("turnover", [("loss", reference("rate"))]), ("none", [])])),
            ("recycling", reference("rate")), ("degradation", reference("rate")),
        ]),
        "surfaceSpecies": choice([
            ("free", [("receptor", string)]), ("bound", [("receptor", string), ("ligand", string)]),
            ("complex", [("complex", string)]),
        ]),
        "complex": object([
            ("name", string), ("first", reference("surfaceSpecies")), ("second", reference("surfaceSpecies")),
            ("kOn", reference("surfaceAssociation")), ("kOff", reference("rate")), ("endocytosis", reference("rate")),
        ]),
        "receptorNumber": choice([
            ("spread", [("receptors", reference("spread"))]),
            ("column", [("name", string), ("calibration", reference("calibration"))]),
        ]),
        "calibration": object([
            (
                "scale",
                choice([
                    ("mean", [("receptors", reference("amount"))]), ("perUnit", [("receptors", reference("amount"))]),
                ])
            ),
            ("background", number),
        ]),
        "cellType": object([
            ("name", string),
            ("count?", choice([("number", [("cells", integer)]), ("share", [("ofAllCells", share)])])),
            ("radius", reference("length")), ("receptors", table(reference("receptorNumber"))),
            ("secretes", table(reference("spread"))),
            (
                "states",
                list(
                    object([
                        ("name", string), ("expression", reference("expression")),
                        ("dimension", reference("dimension")),
                    ]))
            ),
            (
                "networks",
                list(
                    object([
                        ("network", string),
                        ("inputs", list(object([("name", string), ("expression", reference("expression"))]))),
                    ]))
            ), ("life?", reference("life")),
        ]),
    ]

    private static let plans: [String: JSON] = [
        "model": object([
            ("name", string), ("about", string), ("catalogue?", reference("catalogue")),
            ("parameters", list(reference("parameter"))),
            ("space", reference("space")),
            ("molecules", list(reference("molecule"))), ("receptors", list(reference("receptor"))),
            ("complexes", list(reference("complex"))), ("networks", list(reference("network"))),
            ("cellTypes", list(reference("cellType"))), ("mechanics?", reference("mechanics")),
            ("obstacles?", list(reference("obstacle"))),
            ("rules", list(reference("rule"))), ("blocks", list(reference("block"))),
            (
                "combinations",
                [
                    "type": "object", "propertyNames": reference("behaviour"),
                    "additionalProperties": words(Combination.allCases.map(\.rawValue)),
                ]
            ),
            ("placements", list(reference("placement"))), ("treatments", list(reference("treatment"))),
            ("compartments?", list(reference("compartment"))), ("vessels?", list(reference("vessel"))),
            ("organs?", list(reference("organ"))), ("recruitments?", list(reference("recruitment"))),
            ("cellDoses?", list(reference("cellDose"))),
            ("run", reference("run")), ("record", reference("record")),
            ("expectations", list(reference("expectation"))),
        ]),
        "signal": choice([
            ("concentration", [("molecule", string)]),
            ("inCompartment", [("molecule", string), ("compartment", string)]),
            ("receptor", [("receptor", string), ("aspect", words(ReceptorAspect.allCases.map(\.rawValue)))]),
            ("bound", [("receptor", string), ("ligand", string)]), ("complex", [("complex", string)]),
            ("state", [("state", string)]), ("contact", [("cellType", string)]), ("time", []),
            ("network", [("network", string), ("name", string)]),
            ("body", [("signal", words(BodySignal.allCases.map(\.rawValue)))]),
        ]),
        "expression": choice(
            [
                ("number", [("value", number)]), ("signal", [("of", reference("signal"))]),
                ("negative", [("of", reference("expression"))]),
            ]
                + ["sum", "difference", "product", "quotient"].map {
                    ($0, [("left", reference("expression")), ("right", reference("expression"))])
                }
                + [
                    ("power", [("base", reference("expression")), ("exponent", reference("expression"))]),
                    (
                        "function",
                        [
                            ("name", words(Expression.Function.allCases.map(\.rawValue))),
                            ("arguments", list(reference("expression"))),
                        ]
                    ),
                ]),
        "input": object([("signal", reference("signal")), ("halfMax", number), ("hill", number)]),
        "rule": object([
            ("cellType", string), ("inputs", list(reference("input"))),
            (
                "interaction",
                choice([
                    ("independent", []), ("additive", []), ("all", []),
                    ("musyc", [("potency", number), ("efficacy", number)]),
                ])
            ),
            ("behaviour", reference("behaviour")), ("from", number), ("to", number), ("delay", reference("time")),
            ("halfTime", reference("time")), ("text", string),
        ]),
        "block": object([
            ("cellType", string), ("signal", reference("signal")), ("by", reference("input")), ("text", string),
        ]),
        "placement": object([
            ("cellType?", string),
            (
                "pattern",
                choice([
                    ("lattice", [("pitch", reference("length"))]), ("random", []),
                    ("cluster", [("count", integer), ("centre", reference("point"))]),
                    (
                        "layer",
                        [("axis", reference("axis")), ("from", reference("length")), ("to", reference("length"))]
                    ),
                    ("points", [("at", list(reference("point")))]), ("table", [("cells", reference("table"))]),
                ])
            ),
        ]),
        "treatment": object([
            ("molecule", string), ("compartment?", string), ("text", string),
            (
                "dose",
                choice([
                    ("bolus", [("concentration", reference("concentration")), ("at", reference("time"))]),
                    (
                        "infusion",
                        [("rate", reference("infusion")), ("from", reference("time")), ("to", reference("time"))]
                    ),
                ])
            ),
        ]),
        "table": object([
            ("path", string), ("positionColumns?", list(string, count: 2...3)), ("unitLength", reference("length")),
            ("typeColumn", string), ("idColumn?", string),
            ("labels", table(list(object([("cellType", string), ("share", share)])))),
            ("origin", list(reference("length"), count: 0...3)), ("thickness?", reference("length")),
        ]),
        "run": object([
            ("duration", reference("time")), ("seed", ["type": "integer", "minimum": 0]),
            ("fields", words(FieldMode.allCases.map(\.rawValue))), ("tolerance", number),
            ("ruleStep", reference("time")), ("motionStep?", reference("time")),
        ]),
        "record": object([
            ("cells?", object([("every", reference("time")), ("columns", list(reference("signal")))])),
            ("fields", list(object([("molecule", string), ("every", reference("time"))]))),
            ("series?", reference("time")), ("communication?", reference("communication")),
            (
                "checkpoints?",
                object([("every", reference("time")), ("keep?", ["type": "integer", "minimum": 1])])
            ),
        ]),
        "communication": object([
            ("every", reference("time")), ("molecules", list(string)),
            ("senders", words(Senders.allCases.map(\.rawValue))), ("receivers", list(string)),
            (
                "groups",
                list(
                    object([
                        ("name", string), ("cellType", string), ("centre", reference("point")),
                        ("radius", reference("length")),
                    ]))
            ),
        ]),
        "expectation": object([
            ("subject", reference("subject")), ("target", reference("target")), ("time?", reference("time")),
            ("text", string), ("dimension", reference("dimension")),
        ]),
        "subject": choice([
            ("imbalance", [("molecule", string)]),
            (
                "cells",
                [
                    ("statistic", words(Expectation.Statistic.allCases.map(\.rawValue))),
                    ("signal", reference("signal")),
                    ("cellType", string),
                ]
            ),
            (
                "fraction",
                [
                    ("cellType", string), ("signal", reference("signal")), ("comparison", words(["<", ">"])),
                    ("threshold", number),
                ]
            ),
            ("count", [("cellType", string)]), ("fieldAt", [("molecule", string), ("point", reference("point"))]),
            ("fieldFrom", [("molecule", string), ("distance", reference("length")), ("cellType", string)]),
            ("ledger", [("molecule", string), ("entry", words(LedgerEntry.allCases.map(\.rawValue)))]),
            ("capturedShare", [("molecule", string), ("cellType", string)]),
            ("nicheRadius", [("molecule", string), ("threshold", number)]),
            ("network", [("network", string), ("name", string)]),
            ("inCompartment", [("molecule", string), ("compartment", string)]),
        ]),
        "target": choice([
            ("less", [("than", number)]), ("greater", [("than", number)]),
            ("near", [("value", number), ("relative", number)]),
            ("within", [("bound", number)]),
        ]),
    ]
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .text(value) }
    init(booleanLiteral value: Bool) { self = .boolean(value) }
    init(integerLiteral value: UInt64) { self = .integer(value) }
    init(arrayLiteral items: JSON...) { self = .list(items) }
    init(dictionaryLiteral fields: (String, JSON)...) {
        self = .table(Dictionary(fields) { first, _ in first })
    }
}
