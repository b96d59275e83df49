import Simulation

/// Where cells are, how large they are and how they move: columns of numbers, one entry a cell, in any order.
///
/// All columns are as long as `count`. Change what is in them freely between steps; change their length only by `append`
/// and `rearrange`.
@safe final class CellBodies {
    private(set) var count = 0
    /// Never reused, below 2³²: random numbers are keyed by them.
    let ids = Column<Int>()
    let types = Column<Int32>()
    /// Centres, µm.
    let x = Column<Double>()
    let y = Column<Double>()
    let z = Column<Double>()
    /// µm.
    let radius = Column<Double>()
    /// Direction of motion, of length 1.
    let headingX = Column<Double>()
    let headingY = Column<Double>()
    let headingZ = Column<Double>()
    /// µm/s; 0 of cells that do not walk.
    let speed = Column<Double>()
    /// Mean time between turns, s; above 0 of cells that walk.
    let persistence = Column<Double>()
    /// κ of the directions that turns are drawn from, without unit.
    let biasX = Column<Double>()
    let biasY = Column<Double>()
    let biasZ = Column<Double>()
    /// What is left of the time to the next turn, in persistences; where 0 the cell turns as it starts to walk.
    let untilTurn = Column<Double>()
    /// Turns taken: the next one's random numbers are keyed by it.
    let turns = Column<Int32>()
    /// Cells that are held do not walk, and their time to the next turn stands still; they are pushed like others.
    let isHeld = Column<Bool>()
    /// Overlaps with other cells, walls and obstacles, in own radii, summed: as the last step of mechanics met them.
    let pressure = Column<Double>()

    private let spareDoubles = Column<Double>()
    private let spareInts = Column<Int>()
    private let spareInt32s = Column<Int32>()
    private let spareBools = Column<Bool>()

    private let doubles: [Column<Double>]

    init() {
        doubles = [
            x, y, z, radius, headingX, headingY, headingZ, speed, persistence, biasX, biasY, biasZ, untilTurn, pressure,
        ]
    }

    /// Adds a cell that does not walk; give it a speed and a persistence and it will.
    func append(id: Int, type: Int, x: Double, y: Double, z: Double, radius: Double) {
        for column in doubles { column.append(0) }
        ids.append(id)
        types.append(Int32(type))
        turns.append(0)
        isHeld.append(false)
        self.x[count] = x
        self.y[count] = y
        self.z[count] = z
        self.radius[count] = radius
        headingX[count] = 1
        count += 1
    }

    /// Cell k becomes what cell `origins[k]` was: sorts, removes those not named and doubles those named twice.
    ///
    /// A cell that is doubled keeps its mother's heading; give it its own id, and 0 to `turns` and `untilTurn`, so that it
    /// goes its own way.
    ///
    /// - Complexity: O(cells) a column; allocates only where there are more cells than ever before.
    func rearrange(_ origins: [Int32]) {
        for column in doubles { column.gather(origins, by: spareDoubles) }
        ids.gather(origins, by: spareInts)
        types.gather(origins, by: spareInt32s)
        turns.gather(origins, by: spareInt32s)
        isHeld.gather(origins, by: spareBools)
        count = origins.count
    }

    func keep(in archive: StateArchive) throws(StateProblem) {
        try archive.keep("bodies.count", &count)
        for column in doubles { try column.keep("bodies.numbers", in: archive) }
        try ids.keep("bodies.ids", in: archive)
        try types.keep("bodies.types", in: archive)
        try turns.keep("bodies.turns", in: archive)
        try isHeld.keep("bodies.held", in: archive)
    }
}
