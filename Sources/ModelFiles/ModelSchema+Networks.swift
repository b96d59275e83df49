import Biology

extension ModelSchema {
    /// A number that a file of another program may leave infinite or undefined.
    private static let anyNumber: JSON = ["oneOf": [number, words(["inf", "-inf", "nan"])]]
    private static let boolean: JSON = ["type": "boolean"]
    private static let assignments: JSON = list(object([("name", string), ("formula", reference("formula"))]))
    private static let participants: JSON = list(
        object([("species", string), ("stoichiometry", reference("formula"))]))

    private static let parameters: JSON = list(
        object([("name", string), ("value?", anyNumber), ("isConstant", boolean)]))

    /// Networks and what they are made of.
    static let networks: [String: JSON] = [
        "network": object([
            ("name", string), ("file?", string),
            (
                "content",
                choice([
                    ("reactions", [("network", reference("reactionNetwork"))]),
                    ("logic", [("network", reference("booleanNetwork"))]),
                ])
            ),
            ("clock", reference("time")),
            ("dimensions", table(reference("dimension"))),
            ("place?", object([("name", string), ("molecules", table(string))])),
        ]),
        "booleanNetwork": object([
            ("name", string),
            (
                "nodes",
                list(
                    object([
                        ("name", string), ("highestLevel", ["type": "integer", "minimum": 1]),
                        ("target?", reference("formula")), ("rateUp?", reference("formula")),
                        ("rateDown?", reference("formula")), ("isInternal", boolean),
                    ]))
            ),
            ("parameters", parameters),
            (
                "starts",
                list(
                    object([
                        ("nodes", list(string)),
                        (
                            "choices",
                            list(object([("levels", list(["type": "integer"])), ("weight", number)]))
                        ),
                    ]))
            ),
        ]),
        "formula": [
            "type": "string",
            "description": "Names, numbers, and brackets that start with what is done: (times k_on IFN R)",
        ],
        "reactionNetwork": object([
            ("name", string),
            ("units", object([("time?", number), ("amount?", number), ("volume?", number)])),
            (
                "compartments",
                list(
                    object([
                        ("name", string), ("size?", anyNumber), ("isConstant", boolean), ("dimensions", number),
                    ]))
            ),
            (
                "species",
                list(
                    object([
                        ("name", string), ("compartment", string),
                        (
                            "initial",
                            choice([
                                ("amount", [("value", anyNumber)]), ("concentration", [("value", anyNumber)]),
                                ("unset", []),
                            ])
                        ),
                        ("meaning", words(["amount", "concentration"])), ("isBoundary", boolean),
                        ("isConstant", boolean), ("conversionFactor?", string),
                    ]))
            ),
            ("parameters", parameters),
            (
                "reactions",
                list(
                    object([
                        ("name", string), ("reactants", participants), ("products", participants),
                        ("rate", reference("formula")), ("isFast", boolean), ("isReversible", boolean),
                    ]))
            ),
            ("initialAssignments", assignments), ("assignmentRules", assignments), ("rateRules", assignments),
            ("algebraicRules", list(reference("formula"))),
            (
                "events",
                list(
                    object([
                        ("name", string), ("trigger", reference("formula")), ("isTrueBefore", boolean),
                        ("isPersistent", boolean), ("priority?", reference("formula")),
                        ("delay?", reference("formula")), ("usesValuesOfTrigger", boolean),
                        ("assignments", assignments),
                    ]))
            ),
            ("constraints", list(object([("condition", reference("formula")), ("message", string)]))),
        ]),
    ]
}
