import Biology

extension ModelSchema {
    private static let countOfCells: JSON = choice([
        ("number", [("cells", ["type": "integer"])]), ("share", [("ofAllCells", number)]),
    ])

    /// Compartments, vessels, several tissues, and what comes out of the blood.
    static let body: [String: JSON] = [
        "compartment": object([("name", string), ("volume", reference("volume")), ("cells", table(number))]),
        "compartmentKinetics": object([
            ("compartment", string), ("starts", reference("concentration")), ("clearance", reference("rate")),
            ("transfers", table(reference("rate"))), ("exchange", reference("rate")),
            ("permeability", reference("permeability")),
        ]),
        "vessel": object([("name", string), ("compartment", string), ("shape", reference("vesselShape"))]),
        "vesselShape": choice([
            ("line", [("points", list(reference("point"))), ("radius", reference("length"))]),
            ("voxels", [("at", list(list(["type": "integer"], count: 3...3)))]),
        ]),
        "organ": object([
            ("name", string), ("space", reference("space")), ("placements", list(reference("placement"))),
            ("counts", table(countOfCells)), ("vessels", list(reference("vessel"))),
        ]),
        "recruitment": object([
            ("cellType", string), ("compartment", string),
            (
                "site",
                choice([
                    ("everywhere", [("perVolume", number)]), ("vessels", [("perArea", number)]),
                    ("walls", [("perArea", number)]),
                ])
            ),
            (
                "call?",
                object([
                    ("molecule", string), ("from", reference("concentration")), ("to", reference("concentration")),
                ])
            ),
        ]),
        "cellDose": object([
            ("cellType", string), ("count", number), ("into?", string), ("at", reference("time")), ("text", string),
        ]),
    ]
}
