/// A drawing with what it shows in words.
struct Figure {
    /// Of its file: "slice-IL-2".
    var name: String
    var heading: String
    /// What one sees, in whole sentences.
    var caption: String
    var svg: SVG
    var numbers = FigureNumbers.none
    /// Wide figures take the whole page, others share a row.
    var isWide = false
}

/// Shares of sorted values.
enum Quantile {
    /// The value below which a share of `sorted` lies, straight lines between.
    static func of(_ sorted: [Double], _ share: Double) -> Double {
        guard let last = sorted.last else { return .nan }
        let place = share * Double(sorted.count - 1)
        let low = Int(place)
        return low + 1 < sorted.count ? sorted[low] + (sorted[low + 1] - sorted[low]) * (place - Double(low)) : last
    }
}
