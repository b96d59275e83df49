import Biology
import Simulation

/// What one molecule exchanges with one compartment: everywhere in the tissue, at vessels, and at walls.
///
/// In each voxel −∂c/∂t = rate · (c − concentration in the compartment); what the tissue gains the compartment loses.
@safe final class CompartmentExchange {
    /// Its place among the model's compartments.
    let compartment: Int
    let course: CompartmentCourse
    /// Net into the tissue, molecules, to the end and to the start of the last step.
    private(set) var total = 0.0
    private(set) var totalBefore = 0.0
    /// The same at the stages of a step, molecules/s.
    private(set) var flows = [0.0, 0.0, 0.0]
    /// In the compartment at those stages, molecules/µm³, and when they are, s.
    private(set) var levels = [0.0, 0.0, 0.0]
    private(set) var times = [0.0, 0.0, 0.0]
    private let everywhere: Double
    private let places: [Place]
    private let grid: VoxelGrid
    private let team: ThreadTeam
    private let partial: Buffer<Double>

    /// A voxel with a rate of its own, 1/s.
    struct Place {
        var element: Int
        var rate: Double
    }

    init(
        compartment: Int, course: CompartmentCourse, everywhere: Double, places: [Place], grid: VoxelGrid,
        team: ThreadTeam
    ) {
        self.compartment = compartment
        self.course = course
        self.everywhere = everywhere
        self.places = places
        self.grid = grid
        self.team = team
        partial = Buffer(count: grid.chunks)
    }

    /// What a difference of concentration carries, µm³/s.
    var conductance: Double {
        (everywhere * Double(grid.voxels) + places.reduce(0) { $0 + $1.rate }) * grid.voxelVolume
    }

    /// What a field loses into an empty compartment, molecules/s.
    func outflow(_ field: Buffer<Double>) -> Double {
        let inTissue = everywhere > 0 ? everywhere * sum(field) : 0
        return (inTissue + places.reduce(0) { $0 + $1.rate * field[$1.element] }) * grid.voxelVolume
    }

    private func sum(_ field: Buffer<Double>) -> Double {
        let grid = grid
        let partial = partial
        team.run(chunks: grid.chunks) { chunk in
            var sum = 0.0
            for i in grid.chunkElements(chunk) { unsafe sum += field.pointer[i] }
            unsafe partial.pointer[chunk] = sum
        }
        return (0..<grid.chunks).reduce(0) { $0 + partial[$1] }
    }

    /// diagonal += what every voxel loses, 1/s.
    func addRates(to diagonal: Buffer<Double>) {
        if everywhere > 0 { addEverywhere(everywhere, to: diagonal) }
        for place in places { diagonal[place.element] += place.rate }
    }

    /// loss += exchange at stage s and a time, for the field in `stage`; returns what the tissue gains, molecules/s.
    func evaluate(_ s: Int, at time: Double, _ stage: Buffer<Double>, loss: Buffer<Double>) -> Double {
        let level = course.concentration(at: time)
        (levels[s], times[s]) = (level, time)
        var lost = 0.0
        if everywhere > 0 {
            let rate = everywhere
            let grid = grid
            let partial = partial
            team.run(chunks: grid.chunks) { chunk in
                var sum = 0.0
                for row in grid.chunkRows(chunk) {
                    for i in row * grid.stride..<row * grid.stride + grid.nx {
                        let out = unsafe rate * (stage.pointer[i] - level)
                        unsafe loss.pointer[i] += out
                        sum += out
                    }
                }
                unsafe partial.pointer[chunk] = sum
            }
            lost = (0..<grid.chunks).reduce(0) { $0 + partial[$1] }
        }
        for place in places {
            let out = place.rate * (stage[place.element] - level)
            loss[place.element] += out
            lost += out
        }
        flows[s] = -lost * grid.voxelVolume
        return flows[s]
    }

    /// loss −= what comes out of a compartment that holds so much, molecules/µm³.
    func addGain(level: Double, to loss: Buffer<Double>) {
        if everywhere > 0 { addEverywhere(-everywhere * level, to: loss) }
        for place in places { loss[place.element] -= place.rate * level }
    }

    private func addEverywhere(_ amount: Double, to values: Buffer<Double>) {
        for row in 0..<grid.rows {
            for x in 0..<grid.nx { unsafe values.pointer[row * grid.stride + x] += amount }
        }
    }

    func keep(in archive: StateArchive) throws(StateProblem) {
        try archive.keep("exchange.total", &total)
        try archive.keep("exchange.total before", &totalBefore)
        try archive.keep("exchange.flows", &flows)
        try archive.keep("exchange.levels", &levels)
        try archive.keep("exchange.times", &times)
        guard [flows, levels, times].allSatisfy({ $0.count == 3 }) else {
            throw StateProblem("exchange", "is not of three stages")
        }
    }

    /// The step is taken; its end is the start of the next.
    func accept(_ length: Double) {
        totalBefore = total
        for s in 0..<3 { total += StepWeights.step[s] * length * flows[s] }
        flows.swapAt(0, 2)
        levels.swapAt(0, 2)
        times.swapAt(0, 2)
    }
}
