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
