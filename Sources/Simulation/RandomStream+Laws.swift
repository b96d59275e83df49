import Foundation

/// Exact samplers: each gives its law to the rounding of doubles, whatever the parameters.
extension RandomStream {
    /// The next exponential number of mean 1; never 0 and never infinite.
    public mutating func exponential() -> Double { -log(openUniform()) }

    /// The next number of (0, 1], a multiple of 2⁻⁵³.
    public mutating func openUniform() -> Double { 1 - uniform() }

    /// The next gamma number of this shape and scale 1.
    ///
    /// Source: Marsaglia & Tsang (2000), A simple method for generating gamma variables, doi:10.1145/358407.358414.
    ///
    /// - Precondition: `shape` > 0.
    public mutating func gamma(shape: Double) -> Double {
        precondition(shape > 0, "a gamma law's shape \(shape) is not above 0")
        guard shape >= 1 else { return gamma(shape: shape + 1) * pow(openUniform(), 1 / shape) }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let cube = 1 + c * x
            guard cube > 0 else { continue }
            let v = cube * cube * cube
            if log(openUniform()) < x * x / 2 + d * (1 - v + log(v)) { return d * v }
        }
    }

    /// The next Poisson number of this mean, whole.
    ///
    /// Source: products of uniform numbers below a mean of 10, above it PTRS of Hörmann (1993), The transformed rejection
    /// method for generating Poisson random variables, doi:10.1016/0167-6687(93)90997-4.
    ///
    /// - Precondition: `mean` ≥ 0 and finite.
    public mutating func poisson(mean: Double) -> Double {
        precondition(mean >= 0 && mean.isFinite, "a Poisson law's mean \(mean) is not a finite number of at least 0")
        if mean < 10 { return smallPoisson(mean: mean) }
        let b = 0.931 + 2.53 * mean.squareRoot()
        let a = -0.059 + 0.02483 * b
        let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
        let inner = 0.9277 - 3.6224 / (b - 2)
        let logMean = log(mean)
        while true {
            let u = uniform() - 0.5
            let v = openUniform()
            let us = 0.5 - abs(u)
            let k = ((2 * a / us + b) * u + mean + 0.43).rounded(.down)
            if us >= 0.07 && v <= inner { return k }
            guard k >= 0, us >= 0.013 || v <= us else { continue }
            let accepted = log(v * inverseAlpha / (a / (us * us) + b))
            if accepted <= k * logMean - mean - logFactorial(k) { return k }
        }
    }

    private mutating func smallPoisson(mean: Double) -> Double {
        let least = exp(-mean)
        var count = 0.0
        var product = openUniform()
        while product > least {
            product *= openUniform()
            count += 1
        }
        return count
    }

    /// The next binomial number: successes among `trials`, each of this probability; whole.
    ///
    /// Source: counting geometric gaps below 10 expected successes, above it BTRS of Hörmann (1993), The generation of
    /// binomial random variates, doi:10.1080/00949659308811496; its constants from memory, the law held by a test.
    ///
    /// - Precondition: `trials` is whole, at least 0 and finite; `probability` is in 0...1.
    public mutating func binomial(trials: Double, probability: Double) -> Double {
        precondition(
            trials >= 0 && trials.isFinite && trials.rounded() == trials, "\(trials) is not a number of trials")
        precondition((0...1).contains(probability), "\(probability) is not a probability")
        if probability > 0.5 { return trials - binomial(trials: trials, probability: 1 - probability) }
        if trials * probability < 10 { return smallBinomial(trials, probability) }
        let odds = log(probability / (1 - probability))
        let spread = (trials * probability * (1 - probability)).squareRoot()
        let b = 1.15 + 2.53 * spread
        let a = -0.0873 + 0.0248 * b + 0.01 * probability
        let centre = trials * probability + 0.5
        let inner = 0.92 - 4.2 / b
        let alpha = (2.83 + 5.1 / b) * spread
        let mode = ((trials + 1) * probability).rounded(.down)
        let height = logFactorial(mode) + logFactorial(trials - mode)
        while true {
            let u = uniform() - 0.5
            let v = openUniform()
            let us = 0.5 - abs(u)
            let k = ((2 * a / us + b) * u + centre).rounded(.down)
            if us >= 0.07 && v <= inner { return k }
            guard k >= 0, k <= trials else { continue }
            let accepted = log(v * alpha / (a / (us * us) + b))
            if accepted <= height - logFactorial(k) - logFactorial(trials - k) + (k - mode) * odds { return k }
        }
    }

    private mutating func smallBinomial(_ trials: Double, _ probability: Double) -> Double {
        if probability == 0 { return 0 }
        let failure = log1p(-probability)
        var count = 0.0
        var trial = 0.0
        while true {
            trial += (log(openUniform()) / failure).rounded(.down) + 1
            if trial > trials { return count }
            count += 1
        }
    }
}

/// ln k! of a whole k ≥ 0, to 1e-14 relative: Stirling's series from 16 up.
public func logFactorial(_ k: Double) -> Double {
    guard k >= 16 else { return log((1..<Swift.max(Int(k) + 1, 1)).reduce(1.0) { $0 * Double($1) }) }
    let inverse = 1 / k
    let square = inverse * inverse
    let series = inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680)))
    return k * log(k) - k + 0.5 * log(2 * .pi * k) + series
}
