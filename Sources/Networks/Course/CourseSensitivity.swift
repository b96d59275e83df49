public import Biology

/// How a course shifts with one parameter, or with the start of a species, at every time: dy/dp along it.
///
/// Central differences over two widths, a hundredth of the value and half of that, put together so that their error is of
/// the fourth order in the width. They hold for events, delays and switches too, where a sum of small changes has no
/// equation of its own; what jumps at a time that shifts has no derivative there, which the error shows.
/// - Source: Richardson's extrapolation, from memory.
public struct CourseSensitivity: Hashable, Sendable {
    public let parameter: String
    /// Of the parameter, in the network's unit.
    public let value: Double
    public let names: [String]
    public let times: [Double]
    /// dy/dp, [time][name], names fastest.
    public private(set) var slopes: [Double]
    /// By how much the result changes from the narrower width alone, and what the courses' own error adds, [time][name].
    ///
    /// Above the true error wherever the course is smooth in the parameter.
    public private(set) var errors: [Double]

    /// Chosen: at this share of the value the fourth power and the courses' own error over it are both about 1e-8.
    private static let width = 1e-2
    /// Chosen: the smallest that steps reach on stiff networks.
    private static let relative = 1e-10

    /// Runs the network as equations four times; `nil` where `goOn` said no.
    ///
    /// - Parameters:
    ///   - network: what reacts.
    ///   - parameter: a parameter, a compartment, or a species, of which the start is meant.
    ///   - request: times in the network's unit, the first of them the start, and which values.
    ///   - absolute: what counts as nothing of a value, in its unit.
    ///   - goOn: asked on the way whether to go on.
    /// - Throws: malformed where nothing has the name; what a run throws.
    public init?(
        _ network: ReactionNetwork, to parameter: String, request: CourseRequest, absolute: Double,
        goOn: () -> Bool = { true }
    ) throws(NetworkFailure) {
        let first = CourseRequest(times: [request.times.first ?? 0], outputs: [.init(parameter)])
        let value = try OrdinaryCourse(network).run(first, relative: 1e-6, absolute: absolute, seed: 1).values[0]
        // Of a value that is 0, a change by as much as counts as little in a network of ones (chosen).
        let width = CourseSensitivity.width * (value == 0 ? 1e-4 : abs(value))
        var courses: [TimeCourse] = []
        for step in [-width, -width / 2, width / 2, width] {
            let course = try OrdinaryCourse(network.with([parameter: value + step]).network).run(
                request, relative: CourseSensitivity.relative, absolute: absolute, seed: 1
            ) { _ in goOn() }
            guard course.times.count == request.times.count else { return nil }
            courses.append(course)
        }
        self.parameter = parameter
        self.value = value
        names = request.outputs.map(\.name)
        times = request.times
        (slopes, errors) = ([], [])
        for index in courses[0].values.indices {
            let (low, lower, upper, high) = (
                courses[0].values[index], courses[1].values[index], courses[2].values[index], courses[3].values[index]
            )
            let wide = (high - low) / (2 * width)
            let narrow = (upper - lower) / width
            slopes.append((4 * narrow - wide) / 3)
            // Chosen: steps add up to some ten times what each is out by.
            let noise = 10 * (CourseSensitivity.relative * max(abs(high), abs(low)) + absolute)
            errors.append(abs(narrow - wide) / 3 + noise / width)
        }
    }
}
