import CLanes
import KernelsV1
import Simulation

#if arch(x86_64)
    import KernelsV3
    import KernelsV4
#endif

/// The inner loops, compiled for what this processor can do.
///
/// Every set gives the same bits; only speed differs.
@safe struct FieldKernels: Sendable {
    typealias Values = UnsafePointer<Double>
    typealias Singles = UnsafePointer<Float>
    typealias Result = UnsafeMutablePointer<Double>
    typealias SingleResult = UnsafeMutablePointer<Float>

    let smooth: @Sendable (cl_operator_f32, Float, Singles, Singles, Singles, SingleResult, Float, Range<Int>) -> Void
    let smoothFromZero: @Sendable (cl_operator_f32, Float, Singles, Singles, SingleResult, Float, Range<Int>) -> Void
    let residual: @Sendable (cl_operator_f32, Float, Singles, Singles, Singles, SingleResult, Range<Int>) -> Void
    let prolong:
        @Sendable (
            Singles, SingleResult, cl_transfer, cl_transfer, cl_transfer, (count: Int, perPlane: Int, stride: Int), Int,
            SingleResult, Range<Int>
        ) -> Void
    let restrict:
        @Sendable (
            Singles, SingleResult, cl_transfer, cl_transfer, cl_transfer, (nx: Int, ny: Int, nz: Int, stride: Int), Int,
            SingleResult, Range<Int>
        ) -> Void
    let apply: @Sendable (cl_operator_f64, Double, Values?, Values, Result, Range<Int>) -> Double
    let turn: @Sendable (Result, Singles, Double, Range<Int>) -> Void
    let advance: @Sendable (Result, Values, Result, Values, Double, SingleResult, Double, Range<Int>) -> Double
    let products: @Sendable (Singles, Values, Values, Range<Int>) -> (right: Double, image: Double, largest: Double)
    let narrow: @Sendable (Values, Double, SingleResult, Range<Int>) -> Void
    let extent: @Sendable (Values, Range<Int>) -> (sum: Double, least: Double, largest: Double)
    let squares: @Sendable (Values, Range<Int>) -> Double
    let combine:
        @Sendable (Values, Double, Values, Double, Values, Double, Values, Double, Result, Range<Int>) -> Double
    let gather: @Sendable (cl_stencils, Values, Result, Range<Int>) -> Void
    let scatter: @Sendable (cl_stencils, Values, Double, Result, Range<Int>) -> Void
    let take: @Sendable (cl_stencils, Values, Double, Values, Result, Range<Int>) -> Double
    let response: @Sendable (Values, Values, Int, Values, Int, (x: Int, y: Int, z: Int)) -> Double

    /// The sets this processor can run, by x86-64 level, the most able last.
    static let available: [FieldKernels] = {
        #if arch(x86_64)
            return ProcessorLevel.able(baseline, version3, version4)
        #else
            return [baseline]
        #endif
    }()

    static let best = available[available.count - 1]

    private static let baseline = unsafe FieldKernels(
        smooth: KernelsV1.smooth(_:sigma:uptake:right:_:into:weight:rows:),
        smoothFromZero: KernelsV1.smoothFromZero(_:sigma:uptake:right:into:weight:rows:),
        residual: KernelsV1.residual(_:sigma:uptake:right:_:into:rows:),
        prolong: KernelsV1.prolong(_:onto:x:y:z:fineRows:coarseStride:work:rows:),
        restrict: KernelsV1.restrict(_:into:x:y:z:fineVoxels:coarseStride:work:rows:),
        apply: KernelsV1.apply(_:sigma:uptake:_:into:rows:),
        turn: KernelsV1.turn(_:towards:beta:elements:),
        advance: KernelsV1.advance(_:along:_:image:alpha:into:scale:elements:),
        products: KernelsV1.products(_:_:_:elements:),
        narrow: KernelsV1.narrow(_:scale:into:elements:),
        extent: KernelsV1.extent(_:elements:),
        squares: KernelsV1.squares(_:elements:),
        combine: KernelsV1.combine(_:_:_:_:_:_:_:_:into:elements:),
        gather: KernelsV1.gather(_:_:into:cells:),
        scatter: KernelsV1.scatter(_:_:scale:into:cells:),
        take: KernelsV1.take(_:_:scale:_:into:cells:),
        response: KernelsV1.response(of:to:points:lines:reach:shift:))
    #if arch(x86_64)
        private static let version3 = unsafe FieldKernels(
            smooth: KernelsV3.smooth(_:sigma:uptake:right:_:into:weight:rows:),
            smoothFromZero: KernelsV3.smoothFromZero(_:sigma:uptake:right:into:weight:rows:),
            residual: KernelsV3.residual(_:sigma:uptake:right:_:into:rows:),
            prolong: KernelsV3.prolong(_:onto:x:y:z:fineRows:coarseStride:work:rows:),
            restrict: KernelsV3.restrict(_:into:x:y:z:fineVoxels:coarseStride:work:rows:),
            apply: KernelsV3.apply(_:sigma:uptake:_:into:rows:),
            turn: KernelsV3.turn(_:towards:beta:elements:),
            advance: KernelsV3.advance(_:along:_:image:alpha:into:scale:elements:),
            products: KernelsV3.products(_:_:_:elements:),
            narrow: KernelsV3.narrow(_:scale:into:elements:),
            extent: KernelsV3.extent(_:elements:),
            squares: KernelsV3.squares(_:elements:),
            combine: KernelsV3.combine(_:_:_:_:_:_:_:_:into:elements:),
            gather: KernelsV3.gather(_:_:into:cells:),
            scatter: KernelsV3.scatter(_:_:scale:into:cells:),
            take: KernelsV3.take(_:_:scale:_:into:cells:),
            response: KernelsV3.response(of:to:points:lines:reach:shift:))
        private static let version4 = unsafe FieldKernels(
            smooth: KernelsV4.smooth(_:sigma:uptake:right:_:into:weight:rows:),
            smoothFromZero: KernelsV4.smoothFromZero(_:sigma:uptake:right:into:weight:rows:),
            residual: KernelsV4.residual(_:sigma:uptake:right:_:into:rows:),
            prolong: KernelsV4.prolong(_:onto:x:y:z:fineRows:coarseStride:work:rows:),
            restrict: KernelsV4.restrict(_:into:x:y:z:fineVoxels:coarseStride:work:rows:),
            apply: KernelsV4.apply(_:sigma:uptake:_:into:rows:),
            turn: KernelsV4.turn(_:towards:beta:elements:),
            advance: KernelsV4.advance(_:along:_:image:alpha:into:scale:elements:),
            products: KernelsV4.products(_:_:_:elements:),
            narrow: KernelsV4.narrow(_:scale:into:elements:),
            extent: KernelsV4.extent(_:elements:),
            squares: KernelsV4.squares(_:elements:),
            combine: KernelsV4.combine(_:_:_:_:_:_:_:_:into:elements:),
            gather: KernelsV4.gather(_:_:into:cells:),
            scatter: KernelsV4.scatter(_:_:scale:into:cells:),
            take: KernelsV4.take(_:_:scale:_:into:cells:),
            response: KernelsV4.response(of:to:points:lines:reach:shift:))
    #endif
}
