import Biology

extension MethodsWords {
    /// How cells moved, multiplied, died and acted on each other.
    var lives: String {
        var sentences = model.cellTypes.flatMap { type -> [String] in
            guard let life = type.life, life.vanishes == nil else { return [] }
            return self.sentences(life, of: type.name)
        }
        if let mechanics = model.mechanics { sentences.append(sentence(mechanics)) }
        for obstacle in model.obstacles ?? [] {
            sentences.append("No cell entered \(obstacle.name), \(ModelWords.shape(obstacle.shape)).")
        }
        guard model.isAlive || model.mechanics != nil else { return sentences.joined(separator: " ") }
        let step = ModelWords.text(model.run.motionStep ?? RunPlan.defaultMotionStep)
        sentences.append(
            "Cells moved, pushed and touched each other every \(step); what happens at a rate happened at the times of a "
                + "Poisson process, whose hazard each cell added up.")
        return sentences.joined(separator: " ")
    }

    private func sentences(_ life: CellLife, of type: String) -> [String] {
        var sentences: [String] = []
        if let motion = life.motion { sentences.append(sentence(motion, of: type)) }
        if let division = life.division { sentences.append(sentence(division, of: type)) }
        sentences += life.deaths.map { sentence($0, of: type) }
        for change in life.changes {
            sentences.append("\(type) cells became \(change.into) at \(words(change.hazard)).")
        }
        sentences += life.kills.map { sentence($0, by: type) }
        for meal in life.eats {
            sentences.append(
                "\(type) cells ate each \(meal.target) that they touched at \(ModelWords.text(meal.rate)).")
        }
        return sentences
    }

    private func words(_ hazard: Hazard) -> String {
        let wait = hazard.refractory > .zero ? ", not before \(ModelWords.text(hazard.refractory))" : ""
        return ModelWords.text(hazard.rate) + wait
    }

    private func sentence(_ motion: Motion, of type: String) -> String {
        var text = "\(type) cells went straight at \(ModelWords.speed(motion.speed)) and turned at random times, on "
        text += "average every \(ModelWords.text(motion.persistence))"
        guard !motion.towards.isEmpty else { return "\(text), in any direction (a persistent random walk)." }
        let parts = motion.towards.map {
            "\($0.receptor) (\(ModelWords.sensitivity($0.sensitivity)))"
        }
        text += "; new directions were drawn from the von Mises–Fisher distribution around the difference, across the "
        return text + "cell, of bound \(Words.list(parts, "and"))."
    }

    private func sentence(_ division: Division, of type: String) -> String {
        var text = "\(type) cells committed to division at \(words(division.hazard))"
        if !division.phases.isEmpty {
            text += " and passed the phases \(ModelWords.phases(division.phases))"
        }
        let copied = division.daughters.filter { $0.value == .copy }.keys.sorted()
        text += "; each daughter had half of its mother's molecules and receptors"
        if !copied.isEmpty { text += ", and free \(Words.list(copied, "and")) made anew to its mother's number" }
        guard let growth = division.growth else { return "\(text), and the volume of its type at once." }
        return "\(text), and grew from half the volume to its type's in \(ModelWords.text(growth))."
    }

    private func sentence(_ death: Death, of type: String) -> String {
        let verb = death.kind == .apoptosis ? "died by apoptosis" : "died by necrosis"
        var text = "\(type) cells \(verb) at \(words(death.hazard))"
        if let body = death.body, let cleared = model.cellType(body)?.life?.vanishes {
            text += ", leaving bodies (\(body)) for \(ModelWords.text(cleared))"
        }
        let released = death.releases.sorted { $0.key < $1.key }.map { "\(ModelWords.text($0.value)) \($0.key)" }
        return released.isEmpty ? "\(text)." : "\(text), and released \(Words.list(released, "and"))."
    }

    private func sentence(_ kill: Killing, by type: String) -> String {
        var text =
            "\(type) cells attached to each \(kill.target) that they touched at \(ModelWords.text(kill.attaches))"
        if let state = kill.recognises { text += " times its \(state)" }
        text +=
            kill.every > .zero
            ? " and hit it every \(ModelWords.text(kill.every)) on average" : ", hit it once and let go"
        text += "; \(kill.hits == 1 ? "one hit" : "\(kill.hits) hits") killed"
        if let lasts = kill.lasts { text += "; they let go after \(ModelWords.text(lasts)) on average" }
        if let repair = kill.repair { text += "; damage was repaired with a half-life of \(ModelWords.text(repair))" }
        return text + "."
    }

    private func sentence(_ mechanics: Mechanics) -> String {
        var text = "Two cells that overlapped parted at \(ModelWords.text(mechanics.stiffness)) times the overlap each"
        let pairs = mechanics.adhesions.map { "\($0.first) and \($0.second) at \(ModelWords.text($0.strength))" }
        if !pairs.isEmpty {
            text += "; closer than \(ModelWords.number(mechanics.reach)) sums of radii these closed their gap: "
            text += Words.list(pairs, "and")
        }
        return text + "."
    }
}
