import Biology

/// What cells do, as the schema of a model's JSON has it.
extension ModelSchema {
    static let life: [String: JSON] = [
        "hazard": object([("rate", reference("rate")), ("refractory", reference("time"))]),
        "life": object([
            ("motion?", reference("motion")), ("division?", reference("division")),
            ("deaths", list(reference("death"))),
            ("changes", list(object([("into", string), ("hazard", reference("hazard"))]))),
            ("kills", list(reference("killing"))),
            ("eats", list(object([("target", string), ("rate", reference("rate"))]))),
            ("vanishes?", reference("time")),
        ]),
        "motion": object([
            ("speed", reference("permeability")), ("persistence", reference("time")),
            ("towards", list(object([("receptor", string), ("sensitivity", number)]))),
        ]),
        "division": object([
            ("hazard", reference("hazard")),
            ("phases", list(object([("name", string), ("duration", reference("spread"))]))),
            ("daughters", table(words(Inheritance.allCases.map(\.rawValue)))), ("growth?", reference("time")),
        ]),
        "death": object([
            ("kind", words(Death.Kind.allCases.map(\.rawValue))), ("hazard", reference("hazard")), ("body?", string),
            ("releases", table(reference("amount"))),
        ]),
        "killing": object([
            ("target", string), ("attaches", reference("rate")), ("recognises?", string), ("every", reference("time")),
            ("hits", ["type": "integer", "minimum": 1]), ("lasts?", reference("time")), ("repair?", reference("time")),
        ]),
        "mechanics": object([
            ("stiffness", reference("rate")), ("reach", number),
            ("adhesions", list(object([("first", string), ("second", string), ("strength", reference("rate"))]))),
        ]),
        "obstacle": object([
            ("name", string),
            (
                "shape",
                choice([
                    ("line", [("points", list(reference("point"))), ("radius", reference("length"))]),
                    ("voxels", [("at", list(list(["type": "integer", "minimum": 0], count: 3...3)))]),
                ])
            ),
        ]),
    ]
}
