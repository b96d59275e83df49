import Foundation

/// The part of a gamma law of scale 1 that lies below x, and the part above, each accurate where it is small.
///
/// Source: series below shape + 1 and a continued fraction above (Lentz), as in Press et al., Numerical Recipes, section 6.2,
/// from memory.
func gammaParts(shape: Double, x: Double) -> (below: Double, above: Double) {
    if x <= 0 { return (0, 1) }
    if x == .infinity { return (1, 0) }
    let front = exp(-x + shape * log(x) - logGamma(shape))
    if x < shape + 1 {
        var term = 1 / shape
        var sum = term
        var a = shape
        while term > sum * 1e-17 {
            a += 1
            term *= x / a
            sum += term
        }
        return (sum * front, 1 - sum * front)
    }
    var b = x + 1 - shape
    var c = 1e300
    var d = 1 / b
    var fraction = d
    var step = 1.0
    repeat {
        let a = -step * (step - shape)
        b += 2
        d = 1 / nonZero(a * d + b)
        c = nonZero(b + a / c)
        fraction *= c * d
        step += 1
    } while abs(c * d - 1) > 1e-16 && step < 100_000
    return (1 - fraction * front, fraction * front)
}

private func nonZero(_ x: Double) -> Double { x == 0 ? 1e-300 : x }

/// ln Γ(x) of x > 0: Stirling's series after raising x to 16.
func logGamma(_ x: Double) -> Double {
    var raised = x
    var product = 1.0
    while raised < 16 {
        product *= raised
        raised += 1
    }
    let inverse = 1 / raised
    let square = inverse * inverse
    let series = inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680)))
    return (raised - 0.5) * log(raised) - raised + 0.5 * log(2 * .pi) + series - log(product)
}

/// The number of [a, b] below which this part of what a gamma law has in the window lies; by halving, to rounding.
func invertedGamma(shape: Double, _ a: Double, _ b: Double, part: Double) -> Double {
    let isAbove = a > shape
    let low = gammaParts(shape: shape, x: a)
    let high = gammaParts(shape: shape, x: b)
    // Measured from the side on which parts are small, so that a far tail keeps its digits.
    let target = isAbove ? low.above + (high.above - low.above) * part : low.below + (high.below - low.below) * part
    var left = a
    var right = b
    if right == .infinity {
        right = max(2 * a, shape + 1)
        while gammaParts(shape: shape, x: right).above > target { right *= 2 }
    }
    for _ in 0..<200 {
        let middle = left + (right - left) / 2
        if middle <= left || middle >= right { break }
        let parts = gammaParts(shape: shape, x: middle)
        if isAbove ? parts.above > target : parts.below < target { left = middle } else { right = middle }
    }
    return left + (right - left) / 2
}
