/// Colours that stay apart for colour-blind readers and in grey print.
enum Colour {
    static let ink = "#1b1f24"
    static let faint = "#5f6875"
    static let grid = "#e6e8eb"
    static let paper = "#ffffff"
    /// For words on a light colour; unlike `ink` the same on a dark page.
    static let inkOnColour = "#14171a"

    /// For categories, dark ones first.
    ///
    /// Source: Okabe & Ito (2008), Color Universal Design.
    static let categories = [
        "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#f0e442",
    ]

    /// What takes a drawing's colour's place on a dark page; all others read on both.
    static let onDark = [
        (light: ink, dark: "#e6e9ed"), (faint, "#9aa5b4"), (grid, "#333a44"), ("#fff", "#1c2128"),
        (categories[0], "#4aa8e8"), (categories[1], "#f58442"), (categories[2], "#2fc49a"), (categories[6], "#ffffff"),
        ("#f0f1f3", "#2a3038"),
    ]

    static func category(_ index: Int) -> String { categories[index % categories.count] }

    /// Red, green and blue, 0...255, of a share 0...1 of the way through viridis.
    ///
    /// Source: viridis of van der Walt & Smith (matplotlib 1.5, CC0), every ninth of it; straight lines between.
    static func viridis(_ share: Double) -> [UInt8] {
        let place = min(max(share.isNaN ? 0 : share, 0), 1) * Double(anchors.count - 1)
        let low = min(Int(place), anchors.count - 2)
        let part = place - Double(low)
        return (0..<3).map { UInt8((anchors[low][$0] * (1 - part) + anchors[low + 1][$0] * part).rounded()) }
    }

    static func hex(_ rgb: [UInt8]) -> String {
        "#" + rgb.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Whether dark words read better on it than white ones; luminance by the usual weights.
    static func isLight(_ rgb: [UInt8]) -> Bool {
        0.299 * Double(rgb[0]) + 0.587 * Double(rgb[1]) + 0.114 * Double(rgb[2]) > 0.55 * 255
    }

    private static let anchors: [[Double]] = [
        [68, 1, 84], [72, 40, 120], [62, 73, 137], [49, 104, 142], [38, 130, 142],
        [31, 158, 137], [53, 183, 121], [110, 206, 88], [181, 222, 43], [253, 231, 37],
    ]
}
