import Biology

/// How cells meet without space: each stands anywhere in its tissue, whenever somebody looks.
///
/// Two cells touch as in the tissue (``CellType/touching``); of cells that mechanics keeps apart, only those count that stand
/// no closer than the sum of their radii. So each cell of a type touches one given cell with a probability that is a volume
/// over a volume, or an area over an area in a slab: the law of mass action.
struct Encounters: Sendable {
    /// That one cell of a type touches one of another, by tissue, type and type.
    private let shares: [[[Double]]]

    init(_ model: Model) {
        shares = model.tissues.map { tissue in
            let space = tissue.model.space
            let isSlab = space.voxels[2] == 1
            let size = (isSlab ? Array(space.voxels.prefix(2)) : space.voxels).reduce(1) {
                $0 * Double($1) * space.spacing.value
            }
            func reach(_ radius: Double) -> Double {
                isSlab ? .pi * radius * radius : 4 / 3 * .pi * radius * radius * radius
            }
            let keepsApart = tissue.model.mechanics != nil
            return model.cellTypes.map { type in
                model.cellTypes.map { other in
                    let apart = type.radius.value + other.radius.value
                    let meeting = reach(CellType.touching * apart) - (keepsApart ? reach(apart) : 0)
                    return min(1, meeting / size)
                }
            }
        }
    }

    func share(_ type: Int, _ other: Int, tissue: Int) -> Double { shares[tissue][type][other] }
}

extension Model {
    /// Whether cells of two types meet anew all the time: one of them moves, comes or goes.
    ///
    /// Cells that stand still touch those that they were placed beside.
    func meet(_ type: CellType, _ other: String) -> Bool {
        [type, cellType(other)].compactMap { $0 }.contains { $0.life != nil || comesAndGoes($0) }
    }

    /// Types whose cells kill or take in cells of a type.
    func takers(of type: CellType) -> [CellType] {
        cellTypes.filter { taker in
            happens(.killing(type.name), to: taker) || happens(.engulfing(type.name), to: taker)
        }
    }
}
