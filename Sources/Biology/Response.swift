/// A number that a run answers with: what a line of `expect:` compares, without the comparison.
public struct Response: Hashable, Sendable, Codable {
    public var subject: Expectation.Subject
    /// `nil`: at the end of the run.
    public var time: Time?
    /// As the user wrote it.
    public var text: String
    public var dimension: Dimension

    public init(subject: Expectation.Subject, time: Time?, text: String, dimension: Dimension) {
        self.subject = subject
        self.time = time
        self.text = text
        self.dimension = dimension
    }
}

extension Expectation.Subject {
    /// What it reads of cells; `nil` where that is nothing.
    public var signal: Signal? {
        switch self {
        case .cells(_, let signal, _), .fraction(_, let signal, _, _): signal
        default: nil
        }
    }
}

extension Expectation {
    /// What is compared.
    public var response: Response { Response(subject: subject, time: time, text: text, dimension: dimension) }
}
