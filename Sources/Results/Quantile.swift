/// Shares of sorted values.
public enum Quantile {
    /// The value below which a share of `sorted` lies, straight lines between; NaN of none.
    public static func of(_ sorted: [Double], _ share: Double) -> Double {
        guard let last = sorted.last else { return .nan }
        let place = share * Double(sorted.count - 1)
        let low = Int(place)
        return low + 1 < sorted.count ? sorted[low] + (sorted[low + 1] - sorted[low]) * (place - Double(low)) : last
    }
}
