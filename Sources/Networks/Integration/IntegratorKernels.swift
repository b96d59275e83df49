import CLanes
import KernelsV1
import Simulation

#if arch(x86_64)
    import KernelsV3
    import KernelsV4
#endif

/// The integrator's inner loops, compiled for what this processor can do; every set gives the same bits.
@safe struct IntegratorKernels: Sendable {
    typealias Values = UnsafePointer<Double>
    typealias Result = UnsafeMutablePointer<Double>
    typealias Places = UnsafePointer<Int32>

    let eliminate: @Sendable (cl_elimination, Result, Int) -> Double
    let solve: @Sendable (cl_elimination, Values, Values, Result, Result, Int) -> Void
    let stageMatrix: @Sendable (Values, Places, Int, Places, Int, Double, Result, Int, Int) -> Void
    let stageValues: @Sendable (Values, cl_stage_sum, Result, Int) -> Void
    let stageRight: @Sendable (Result, Values, cl_stage_sum, Values?, Double, Int) -> Void
    let stageEnd: @Sendable (Values, Values, Values, Values, Double, Result, Int) -> (error: Double, undershoot: Double)
    let weightedNorm: @Sendable (Values, Values, Values, Double, Int) -> Double
    let denseValues: @Sendable (Values, Values, Values, Int, Double, Result, Range<Int>) -> Void

    /// The sets this processor can run, by x86-64 level, the most able last.
    static let available: [IntegratorKernels] = {
        #if arch(x86_64)
            return ProcessorLevel.able(baseline, version3, version4)
        #else
            return [baseline]
        #endif
    }()

    static let best = available[available.count - 1]

    private static let baseline = unsafe IntegratorKernels(
        eliminate: KernelsV1.eliminate(_:_:lanes:),
        solve: KernelsV1.solve(_:_:_:into:work:lanes:),
        stageMatrix: KernelsV1.stageMatrix(_:places:entries:massPlaces:masses:diagonal:into:size:lanes:),
        stageValues: KernelsV1.stageValues(_:_:into:count:),
        stageRight: KernelsV1.stageRight(_:mass:_:timeDerivative:share:count:),
        stageEnd: KernelsV1.stageEnd(start:last:change:absolute:relative:into:count:),
        weightedNorm: KernelsV1.weightedNorm(_:reference:absolute:relative:count:),
        denseValues: KernelsV1.denseValues(start:end:bends:stride:theta:into:elements:))
    #if arch(x86_64)
        private static let version3 = unsafe IntegratorKernels(
            eliminate: KernelsV3.eliminate(_:_:lanes:),
            solve: KernelsV3.solve(_:_:_:into:work:lanes:),
            stageMatrix: KernelsV3.stageMatrix(_:places:entries:massPlaces:masses:diagonal:into:size:lanes:),
            stageValues: KernelsV3.stageValues(_:_:into:count:),
            stageRight: KernelsV3.stageRight(_:mass:_:timeDerivative:share:count:),
            stageEnd: KernelsV3.stageEnd(start:last:change:absolute:relative:into:count:),
            weightedNorm: KernelsV3.weightedNorm(_:reference:absolute:relative:count:),
            denseValues: KernelsV3.denseValues(start:end:bends:stride:theta:into:elements:))
        private static let version4 = unsafe IntegratorKernels(
            eliminate: KernelsV4.eliminate(_:_:lanes:),
            solve: KernelsV4.solve(_:_:_:into:work:lanes:),
            stageMatrix: KernelsV4.stageMatrix(_:places:entries:massPlaces:masses:diagonal:into:size:lanes:),
            stageValues: KernelsV4.stageValues(_:_:into:count:),
            stageRight: KernelsV4.stageRight(_:mass:_:timeDerivative:share:count:),
            stageEnd: KernelsV4.stageEnd(start:last:change:absolute:relative:into:count:),
            weightedNorm: KernelsV4.weightedNorm(_:reference:absolute:relative:count:),
            denseValues: KernelsV4.denseValues(start:end:bends:stride:theta:into:elements:))
    #endif
}
