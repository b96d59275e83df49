import Yams

/// Reads YAML down to branches: structure from Yams, every scalar as text.
struct YAMLText {
    /// Larger files are refused: a model is a page or two, and a table of cells is a file of its own.
    static let maximumBytes = 1 << 20
    static let maximumDepth = 20

    private let name: String
    private let findings: Findings
    private var lines: [[Unicode.Scalar]]
    /// Keys given twice, whose first occurrence was renamed to a scalar of the private plane.
    private var repeated: [Unicode.Scalar: String] = [:]

    /// The tree of a text, or `nil` once its syntax is wrong; what is wrong goes to `findings`.
    static func read(_ text: String, named name: String, findings: Findings) -> Branch? {
        let start = Place(file: name, line: 1, column: 1)
        guard text.utf8.count <= maximumBytes else {
            findings.error(
                start, "the file has \(text.utf8.count) bytes; a model file has at most \(maximumBytes)",
                fix: "put cells into a table of their own and name it under 'place: table:'")
            return nil
        }
        var reader = YAMLText(name: name, findings: findings, lines: split(text))
        guard reader.refuseAliases(in: text) else { return nil }
        return reader.compose(text)
    }

    private init(name: String, findings: Findings, lines: [[Unicode.Scalar]]) {
        self.name = name
        self.findings = findings
        self.lines = lines
    }

    private static func split(_ text: String) -> [[Unicode.Scalar]] {
        var lines: [[Unicode.Scalar]] = [[]]
        var last: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where last == "\r": break
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": lines.append([])
            case "\u{FEFF}" where last == nil: break
            default: lines[lines.count - 1].append(scalar)
            }
            last = scalar
        }
        return lines
    }

    private func place(_ line: Int, _ column: Int) -> Place {
        Place(file: name, line: max(1, line), column: max(1, column))
    }

    private func place(_ mark: Mark?) -> Place { place(mark?.line ?? 1, mark?.column ?? 1) }

    /// Refuses a text in which "&NAME" and "*NAME" both stand: a few lines of such references can grow without bound.
    private func refuseAliases(in text: String) -> Bool {
        var anchors: [String: Place] = [:]
        var aliases: Set<String> = []
        for (row, line) in lines.enumerated() where line.contains("&") || line.contains("*") {
            for (column, scalar) in line.enumerated() where scalar == "&" || scalar == "*" {
                let label = line[(column + 1)...].prefix { YAMLText.isAnchorScalar($0) }
                guard !label.isEmpty else { continue }
                var word = String.UnicodeScalarView()
                word.append(contentsOf: label)
                if scalar == "&" {
                    anchors[String(word)] = anchors[String(word)] ?? place(row + 1, column + 1)
                } else {
                    aliases.insert(String(word))
                }
            }
        }
        guard let used = anchors.filter({ aliases.contains($0.key) }).min(by: { $0.value < $1.value }) else {
            return true
        }
        refuseAnchor(used.key, at: used.value)
        return false
    }

    private static func isAnchorScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar == "-" || (scalar.isASCII && Character(scalar).isLetter) || ("0"..."9").contains(scalar)
    }

    private func refuseAnchor(_ label: String, at place: Place) {
        findings.error(
            place, "'&\(label)' is a YAML anchor; a model file has no anchors and aliases",
            fix: "write the value where it is used, or make it a parameter")
    }

    // MARK: - Composing

    private mutating func compose(_ text: String) -> Branch? {
        var attempt = text
        // Each key given twice costs another pass; a large file gets fewer.
        let passes = max(1, min(InvalidModel.shown, 1_000_000 / max(1, text.utf8.count)))
        for _ in 0...passes {
            do {
                let parser = try Parser(yaml: attempt, resolver: .basic, encoding: .utf8)
                guard let node = try parser.singleRoot() else {
                    findings.error(
                        place(1, 1), "the file is empty", fix: "start it with 'paracrine: 1' and 'model: NAME'")
                    return nil
                }
                // Nodes hold their anchors weakly: the parser keeps them.
                return withExtendedLifetime(parser) { branch(node, depth: 0) }
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                guard let renamed = rename(keys.first ?? "", at: context.mark) else {
                    findings.error(
                        place(context.mark), "'\((keys.first ?? "").shortened)' is given twice",
                        fix: "keep one of the two")
                    return nil
                }
                attempt = renamed
            } catch {
                report(error)
                return nil
            }
        }
        findings.error(place(1, 1), "more than \(passes) keys are given twice", fix: "keep one of each")
        return nil
    }

    /// The text with the key at a mark renamed, so that Yams reads on; the tree tells which keys were renamed.
    private mutating func rename(_ key: String, at mark: Mark) -> String? {
        guard lines.indices.contains(mark.line - 1), let fresh = Unicode.Scalar(0xF0000 + repeated.count) else {
            return nil
        }
        let line = lines[mark.line - 1]
        var column = mark.column - 1
        if column < line.count, line[column] == "\"" || line[column] == "'" { column += 1 }
        let spelling = Array(key.unicodeScalars)
        guard !spelling.isEmpty, column >= 0, column + spelling.count <= line.count,
            Array(line[column..<column + spelling.count]) == spelling
        else { return nil }
        repeated[fresh] = key
        lines[mark.line - 1][column] = fresh
        var text = String.UnicodeScalarView()
        for (row, line) in lines.enumerated() {
            if row > 0 { text.append("\n") }
            text.append(contentsOf: line)
        }
        return String(text)
    }

    private func report(_ error: any Error) {
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _),
            YamlError.composer(let context, let problem, let mark, _):
            let isSecond = problem == "but found another document"
            let said =
                isSecond
                ? "the file has a second document"
                : "not YAML: " + [context?.text, problem].compactMap(\.self).joined(separator: ", ")
            findings.error(place(mark), said, fix: fix(for: problem))
        case YamlError.reader(let problem, let offset, _, _):
            findings.error(placeOfByte(offset ?? 0), "not YAML: \(problem)", fix: "save the file as UTF-8 text")
        default:
            findings.error(place(1, 1), "not YAML", fix: "save the file as UTF-8 text")
        }
    }

    private func fix(for problem: String) -> String {
        if problem.contains("cannot start any token") {
            return "indent with spaces, and put text that starts with a sign in quotes"
        }
        if problem.contains("undefined alias") {
            return "write the value itself; put text that starts with '*' in quotes"
        }
        if problem.contains("another document") { return "keep one model in a file; remove the line '---'" }
        if problem.contains("mapping values are not allowed") { return "put text that contains ': ' in quotes" }
        return "check indentation, quotes and brackets on this line and the one above"
    }

    private func placeOfByte(_ offset: Int) -> Place {
        var left = offset
        for (row, line) in lines.enumerated() {
            for (column, scalar) in line.enumerated() {
                if left <= 0 { return place(row + 1, column + 1) }
                left -= UTF8.width(scalar)
            }
            left -= 1
        }
        return place(lines.count, 1)
    }

    // MARK: - Branches

    private func branch(_ node: Node, depth: Int) -> Branch {
        let place = place(node.mark)
        let nothing = Branch(place: place, content: .text(Branch.Scalar(text: "", isVerbatim: false)))
        guard depth <= YAMLText.maximumDepth else {
            findings.error(
                place, "nested deeper than \(YAMLText.maximumDepth) levels", fix: "remove brackets or indentation")
            return nothing
        }
        switch node {
        case .scalar(let scalar):
            refuse(anchor: scalar.anchor, tag: scalar.tag, place)
            return text(scalar, place)
        case .sequence(let sequence):
            refuse(anchor: sequence.anchor, tag: sequence.tag, place)
            return Branch(place: place, content: .list(sequence.map { branch($0, depth: depth + 1) }))
        case .mapping(let mapping):
            refuse(anchor: mapping.anchor, tag: mapping.tag, place)
            return Branch(place: place, content: .table(fields(of: mapping, depth: depth)))
        case .alias:
            findings.error(place, "a YAML alias has no place in a model file", fix: "write the value here")
            return nothing
        }
    }

    /// What Yams calls text, lists and tables that carry no tag.
    private static let ordinaryTags: Set = [
        "", "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map",
    ]

    /// Reports an anchor or a tag; what they stand on is read all the same.
    private func refuse(anchor: Anchor?, tag: Tag, _ place: Place) {
        if let anchor { refuseAnchor(anchor.rawValue, at: place) }
        let name = tag.description
        guard !YAMLText.ordinaryTags.contains(name) else { return }
        findings.error(
            place, "'\(name.shortened)' is a YAML tag; a model file has no tags",
            fix: "remove the tag; the key says what type a value has")
    }

    private func text(_ scalar: Node.Scalar, _ place: Place) -> Branch {
        var place = place
        let spelling = Array(scalar.string.unicodeScalars)
        var isVerbatim = false
        if lines.indices.contains(place.line - 1) {
            let line = lines[place.line - 1]
            var column = place.column - 1
            if scalar.style == .doubleQuoted || scalar.style == .singleQuoted { column += 1 }
            if column >= 0, column <= line.count, line[column...].starts(with: spelling) {
                isVerbatim = true
                place.column = column + 1
            }
        }
        return Branch(place: place, content: .text(Branch.Scalar(text: scalar.string, isVerbatim: isVerbatim)))
    }

    private func fields(of mapping: Node.Mapping, depth: Int) -> [Branch.Field] {
        var fields: [Branch.Field] = []
        var twice: [(key: String, first: Place)] = []
        for (keyNode, valueNode) in mapping {
            let keyPlace = place(keyNode.mark)
            guard case .scalar(let scalar) = keyNode else {
                findings.error(keyPlace, "a key is plain text", fix: "write NAME: VALUE, without brackets in the name")
                continue
            }
            refuse(anchor: scalar.anchor, tag: scalar.tag, keyPlace)
            if scalar.string == "<<" {
                findings.error(
                    keyPlace, "'<<' is a YAML merge key; a model file has none",
                    fix: "write the keys out where they are used")
                continue
            }
            if let first = scalar.string.unicodeScalars.first, let original = repeated[first] {
                twice.append((original, keyPlace))
                continue
            }
            fields.append(
                Branch.Field(key: scalar.string, keyPlace: keyPlace, value: branch(valueNode, depth: depth + 1)))
        }
        for (key, first) in twice {
            let last = fields.last { $0.key == key }?.keyPlace ?? first
            findings.error(
                last, "'\(key.shortened)' is given twice; first on line \(first.line)", fix: "keep one of the two")
        }
        return fields
    }
}
