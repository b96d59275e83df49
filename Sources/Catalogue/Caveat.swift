/// What makes a number weaker than its grade and its source say.
public enum Caveat: String, Hashable, Sendable, Codable, CaseIterable {
    /// Computed from what is from memory, or in a unit that is.
    case memory = "rests on memory"
    /// Calibrated to a whole tissue: far below what a cell that is at it reaches.
    case population = "average over a population"
    /// The most that was found, not what is usual.
    case maximum
}
