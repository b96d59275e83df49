import Biology

/// Changes said beside the file: `--set cells.Treg.receptors.IL-2R="3000 receptors"`.
enum Settings {
    static let file = "--set"
    static let responses = "--response"

    /// Puts each setting into the tree before it is checked; what cannot be placed goes to `findings`.
    static func apply(_ settings: [String], to root: inout Branch, findings: Findings) {
        for (index, setting) in settings.enumerated() {
            let scalars = Array(setting.unicodeScalars)
            func place(_ offset: Int) -> Place { Place(file: file, line: index + 1, column: offset + 1) }
            guard let equals = scalars.firstIndex(of: "=") else {
                findings.error(
                    place(0), "'\(setting.shortened)' has no '='",
                    fix: "write NAME=VALUE, such as q_IL2=\"5 molecules/s\"")
                continue
            }
            var keys: [(name: String, offset: Int)] = []
            var start = 0
            for piece in scalars[..<equals].split(separator: ".", omittingEmptySubsequences: false) {
                var name = String.UnicodeScalarView()
                name.append(contentsOf: piece)
                keys.append((String(name), start))
                start += piece.count + 1
            }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars[(equals + 1)...])
            let value = Branch(
                place: place(equals + 1), content: .text(Branch.Scalar(text: String(text), isVerbatim: true)))
            let isParameter = keys.count == 1
            if isParameter { keys.insert(("parameters", 0), at: 0) }
            set(value, keys[...], in: &root, path: "", isParameter: isParameter, place: place, findings: findings)
        }
    }

    private static func set(
        _ value: Branch, _ keys: ArraySlice<(name: String, offset: Int)>, in branch: inout Branch, path: String,
        isParameter: Bool, place: (Int) -> Place, findings: Findings
    ) {
        guard let key = keys.first else {
            // A parameter with a range keeps it: only its value changes.
            if isParameter || path.hasPrefix("parameters."), case .table(var fields) = branch.content,
                let index = fields.firstIndex(where: { $0.key == "value" })
            {
                fields[index].value = value
                branch.content = .table(fields)
            } else {
                branch = value
            }
            return
        }
        guard case .table(var fields) = branch.content else {
            findings.error(
                place(key.offset), "'\(path)' is \(branch.kind); nothing in it has the name '\(key.name.shortened)'",
                fix: path.isEmpty ? "write a model file with keys" : "set '\(path)' itself")
            return
        }
        let inner = path.isEmpty ? key.name : "\(path).\(key.name)"
        if let index = fields.firstIndex(where: { $0.key == key.name }) {
            set(
                value, keys.dropFirst(), in: &fields[index].value, path: inner, isParameter: isParameter, place: place,
                findings: findings)
        } else if keys.count == 1, !isParameter, path != "" {
            fields.append(Branch.Field(key: key.name, keyPlace: place(key.offset), value: value))
        } else {
            let known = fields.map(\.key)
            findings.error(
                place(key.offset),
                isParameter
                    ? "no parameter has the name '\(keys.last?.name.shortened ?? "")'"
                    : "the model has no '\(inner.shortened)'",
                fix: Suggestion.didYouMean(key.name, among: known)
                    ?? (known.isEmpty ? "define it in the file first" : "use one of: \(known.joined(separator: ", "))"))
        }
        branch.content = .table(fields)
    }
}
