/// A piece of a model file: text, a list or a table, with its place.
///
/// Text has no type until the schema gives it one.
struct Branch {
    enum Content {
        case text(Scalar)
        case list([Branch])
        case table([Field])
    }

    /// Text as the file's syntax gave it.
    struct Scalar {
        var text: String
        /// Whether the file has the text as it stands, so that an offset in it is a column.
        var isVerbatim: Bool
    }

    struct Field {
        var key: String
        var keyPlace: Place
        var value: Branch
    }

    var place: Place
    var content: Content

    /// "text", "a list" or "a table".
    var kind: String {
        switch content {
        case .text(let scalar): scalar.text.isEmpty ? "nothing" : "text (\"\(scalar.text.shortened)\")"
        case .list: "a list"
        case .table: "a table"
        }
    }

    /// The place of a character of this text.
    func place(at offset: Int) -> Place {
        guard case .text(let scalar) = content, scalar.isVerbatim else { return place }
        return Place(file: place.file, line: place.line, column: place.column + offset)
    }
}

extension String {
    /// With a space for each line break and control character, which could confuse a terminal.
    var onOneLine: String {
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            let isOdd = [.control, .format, .lineSeparator, .paragraphSeparator].contains(
                scalar.properties.generalCategory)
            scalars.append(isOdd ? " " : scalar)
        }
        return String(scalars)
    }

    /// At most 60 characters of it on one line, for a message.
    var shortened: String {
        let line = String(map { $0.isNewline ? " " : $0 })
        return line.count <= 60 ? line : line.prefix(57) + "..."
    }
}
