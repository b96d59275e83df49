import Biology

extension ModelStatements {
    /// What cells of a type do; their bodies are said with them.
    mutating func add(_ life: CellLife, path: String, in model: Model) {
        if let motion = life.motion {
            say("\(path).motion.speed", ModelWords.speed(motion.speed), exact: "\(motion.speed.value)", thing: path)
            say("\(path).motion.persistence", motion.persistence, thing: path)
            for attraction in motion.towards {
                say(
                    "\(path).motion.towards.\(attraction.receptor)", ModelWords.sensitivity(attraction.sensitivity),
                    exact: "\(attraction.sensitivity)", thing: path)
            }
        }
        if let division = life.division { add(division, path: path) }
        for death in life.deaths {
            let inner = "\(path).\(death.kind == .apoptosis ? "dies" : "necrosis")"
            add(death.hazard, path: inner, thing: path)
            if let cleared = death.body.flatMap({ model.cellType($0)?.life?.vanishes }) {
                say("\(inner).cleared", cleared, thing: path)
            }
            for (name, amount) in death.releases.sorted(by: { $0.key < $1.key }) {
                say("\(inner).releases.\(name)", amount, thing: path)
            }
        }
        for change in life.changes { add(change.hazard, path: "\(path).becomes.\(change.into)", thing: path) }
        for kill in life.kills { add(kill, path: "\(path).kills.\(kill.target)", thing: path) }
        for meal in life.eats { say("\(path).eats.\(meal.target)", meal.rate, thing: path) }
    }

    private mutating func add(_ hazard: Hazard, path: String, thing: String) {
        say("\(path).rate", hazard.rate, thing: thing)
        if hazard.refractory > .zero { say("\(path).not before", hazard.refractory, thing: thing) }
    }

    private mutating func add(_ division: Division, path: String) {
        add(division.hazard, path: "\(path).divides", thing: path)
        if !division.phases.isEmpty {
            say(
                "\(path).divides.phases", ModelWords.phases(division.phases), exact: "\(division.phases)", thing: path)
        }
        if let growth = division.growth { say("\(path).divides.grows", growth, thing: path) }
        for (receptor, way) in division.daughters.sorted(by: { $0.key < $1.key }) {
            say("\(path).divides.daughters.\(receptor)", way.rawValue, thing: path)
        }
    }

    private mutating func add(_ kill: Killing, path: String, thing: String) {
        say("\(path).rate", kill.attaches, thing: thing)
        say("\(path).hits", "\(kill.hits)", thing: thing)
        if kill.every > .zero { say("\(path).every", kill.every, thing: thing) }
        if let lasts = kill.lasts { say("\(path).lasts", lasts, thing: thing) }
        if let repair = kill.repair { say("\(path).repair", repair, thing: thing) }
        if let state = kill.recognises { say("\(path).recognises", state, thing: thing) }
    }

    mutating func add(_ mechanics: Mechanics) {
        say("mechanics.stiffness", mechanics.stiffness)
        say("mechanics.reach", ModelWords.number(mechanics.reach), exact: "\(mechanics.reach)")
        for adhesion in mechanics.adhesions {
            let pair = [adhesion.first, adhesion.second].sorted().joined(separator: " and ")
            say("mechanics.adhesion.\(pair)", adhesion.strength)
        }
    }

    mutating func add(_ obstacle: Obstacle) {
        say("obstacles.\(obstacle.name)", ModelWords.shape(obstacle.shape), exact: "\(obstacle.shape)")
    }
}

extension ModelWords {
    static func speed(_ speed: Speed) -> String { self.speed(speed.value) }

    /// µm/s in µm/min, as cells are timed.
    static func speed(_ value: Double) -> String { "\(number(value * 60)) µm/min" }

    static func sensitivity(_ value: Double) -> String { "\(number(value)) /receptor" }

    static func phases(_ phases: [CellPhase]) -> String {
        phases.map { "\($0.name): \(spread($0.duration, .time))" }.joined(separator: ", ")
    }

    static func shape(_ shape: Obstacle.Shape) -> String {
        switch shape {
        case .line(let points, let radius):
            "a line through \(points.map(point).joined(separator: "; ")) with a radius of \(text(radius))"
        case .voxels(let voxels): "\(voxels.count) voxels"
        }
    }
}
