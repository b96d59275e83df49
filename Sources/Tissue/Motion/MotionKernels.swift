import CLanes
import KernelsV1
import Simulation

#if arch(x86_64)
    import KernelsV3
    import KernelsV4
#endif

/// The inner loops of mechanics, compiled for what this processor can do; every set gives the same bits.
@safe struct MotionKernels: Sendable {
    typealias Values = UnsafePointer<Double>
    typealias Result = UnsafeMutablePointer<Double>
    typealias Weights = (last: Double, before: Double, pull: Double, firstPull: Double)

    let pull: @Sendable (cl_contacts, Values, Result, Range<Int>) -> Void
    let meet: @Sendable (cl_contacts, Values, Result, Result, Range<Int>) -> Double
    let list: @Sendable (cl_crowd, Int, UnsafePointer<(Int32, Int32)>, Int, UnsafeMutablePointer<Int32>) -> Int
    let stage: @Sendable (Values, Values, Values, Values, Values, Values, Weights, Result, Range<Int>) -> Void

    /// The sets this processor can run, by x86-64 level, the most able last.
    static let available: [MotionKernels] = {
        #if arch(x86_64)
            return ProcessorLevel.able(baseline, version3, version4)
        #else
            return [baseline]
        #endif
    }()

    static let best = available[available.count - 1]

    private static let baseline = unsafe MotionKernels(
        pull: KernelsV1.pull(_:_:into:slots:), meet: KernelsV1.meet(_:_:into:rates:slots:),
        list: KernelsV1.list(_:near:_:count:into:),
        stage: KernelsV1.stage(_:_:_:_:_:_:weights:into:elements:))
    #if arch(x86_64)
        private static let version3 = unsafe MotionKernels(
            pull: KernelsV3.pull(_:_:into:slots:), meet: KernelsV3.meet(_:_:into:rates:slots:),
            list: KernelsV3.list(_:near:_:count:into:),
            stage: KernelsV3.stage(_:_:_:_:_:_:weights:into:elements:))
        private static let version4 = unsafe MotionKernels(
            pull: KernelsV4.pull(_:_:into:slots:), meet: KernelsV4.meet(_:_:into:rates:slots:),
            list: KernelsV4.list(_:near:_:count:into:),
            stage: KernelsV4.stage(_:_:_:_:_:_:weights:into:elements:))
    #endif
}
