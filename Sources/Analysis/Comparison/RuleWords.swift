import Biology

extension Model {
    /// A rule from its values, as a model file would write it with every number spelled out.
    func words(_ rule: Rule) -> String {
        let (signals, direction) = (rule.inputs.map(\.signal.words), rule.to >= rule.from ? "increase" : "decrease")
        let isTogether = signals.count > 1
        var text = "\(rule.cellType): \(Words.list(signals, "and"))\(isTogether ? " together" : "") "
        text += "\(direction)\(isTogether ? "" : "s") \(rule.behaviour) "
        text += "from \(words(rule.from, of: rule.behaviour)) to \(words(rule.to, of: rule.behaviour)), half-max "
        text += rule.inputs.map { halfMax($0, in: rule.cellType) }.joined(separator: " and ")
        if rule.inputs.contains(where: { $0.hill != 1 }) {
            text += ", hill \(rule.inputs.map { ModelWords.number($0.hill) }.joined(separator: " and "))"
        }
        if isTogether { text += ", interaction \(words(rule.interaction))" }
        if rule.delay > .zero { text += ", delay \(ModelWords.text(rule.delay))" }
        if rule.halfTime > .zero { text += ", half-time \(ModelWords.text(rule.halfTime))" }
        return text
    }

    /// A block from its values.
    func words(_ block: SignalBlock) -> String {
        var text = "\(block.cellType): \(block.by.signal.words) blocks \(block.signal.words), half-max "
        text += halfMax(block.by, in: block.cellType)
        if block.by.hill != 1 { text += ", hill \(ModelWords.number(block.by.hill))" }
        return text
    }

    /// A dose from its values.
    func words(_ treatment: Treatment) -> String {
        switch treatment.dose {
        case .bolus(let amount, let at): "\(ModelWords.text(amount)) \(treatment.molecule) at \(ModelWords.text(at))"
        case .infusion(let rate, let from, let to):
            "\(ModelWords.text(rate)) \(treatment.molecule) from \(ModelWords.text(from)) to \(ModelWords.text(to))"
        }
    }

    /// A line of `expect:`, with the numbers that it came to.
    func words(_ line: Expectation) -> String {
        let target =
            switch line.target {
            case .less(let limit): "< \(ModelWords.value(limit, line.dimension))"
            case .greater(let limit): "> \(ModelWords.value(limit, line.dimension))"
            case .near(let value, let share):
                "= \(ModelWords.value(value, line.dimension)) within \(ModelWords.number(share * 100)) %"
            case .within(let bound): "within \(ModelWords.number(bound))"
            }
        return "\(line.text) (\(target))"
    }

    private func words(_ value: Double, of behaviour: Behaviour) -> String {
        switch behaviour {
        case .expression: ModelWords.value(value, .amount, amount: "receptors")
        case .speed: ModelWords.speed(value)
        case .attraction: ModelWords.sensitivity(value)
        case .recruitment(let type):
            ModelWords.value(value, recruitment(of: type)?.site.dimension ?? .influx)
        default: behaviour.dimension.map { ModelWords.value(value, $0) } ?? ModelWords.number(value)
        }
    }

    private func halfMax(_ input: RuleInput, in type: String) -> String {
        let dimension = cellType(type).map { self.dimension(of: input.signal, in: $0) } ?? .none
        switch input.signal {
        case .receptor, .bound, .complex: return ModelWords.value(input.halfMax, dimension, amount: "receptors")
        default: return ModelWords.value(input.halfMax, dimension)
        }
    }

    private func words(_ interaction: Interaction) -> String {
        switch interaction {
        case .independent: "independent"
        case .additive: "additive"
        case .all: "all"
        case .musyc(let potency, let efficacy):
            "musyc potency \(ModelWords.number(potency)) efficacy \(ModelWords.number(efficacy))"
        }
    }
}
