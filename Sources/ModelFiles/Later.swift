/// What later versions of the language will say, refused by name and never ignored.
enum Later {
    /// Keys, each with what it would mean.
    static let keys: [String: String] = [
        "compartments": "blood and other compartments",
        "blood": "blood and other compartments", "vessels": "blood vessels",
        "study": "sweeps and reports",
        "replicates": "replicate runs", "checkpoints": "continuing a run",
        "motion": "moving cells", "moves": "moving cells", "mechanics": "forces between cells",
        "adhesion": "forces between cells", "divides": "dividing cells", "dies": "dying cells",
        "becomes": "cells that change type", "kills": "killing cells", "killing": "killing cells",
        "presents": "antigen presentation", "recruits": "recruitment from blood",
        "recruitment": "recruitment from blood",
        "attribution": "attribution of captured molecules", "damage": "damaged cells",
        "antigen": "antigen presentation",
    ]

    /// Signals and behaviours, by their first part.
    static let words: [String: String] = keys.merging([
        "age": "ageing cells", "pressure": "forces between cells", "density": "forces between cells",
        "phase": "the cell cycle", "radius": "growing cells", "speed": "moving cells", "persistence": "moving cells",
    ]) { first, _ in first }

    static func problem(_ word: String, _ meaning: String) -> String {
        "'\(word)' (\(meaning)) belongs to a later version of Paracrine; this one simulates cells that stand still"
    }
}
