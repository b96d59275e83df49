/// An element of an SBML-qual file, with what is inside.
struct QualElement {
    /// Without its prefix.
    var name: String
    /// Without their prefixes.
    var attributes: [String: String]
    var children: [QualElement] = []
    var text = ""
    /// Its first byte.
    var place: Int

    /// Chosen: elements outside notes and annotations.
    private static let mostElements = 1_000_000

    /// Reads a whole file, without notes and annotations.
    static func read(_ bytes: [UInt8]) throws(XMLFault) -> QualElement {
        var scanner = XMLScanner(bytes)
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw scanner.fault(0, "this is not UTF-8 text", "save the file as UTF-8")
        }
        var open: [QualElement] = []
        var root: QualElement?
        /// The depth at which something without meaning for a run began.
        var aside: Int?
        var count = 0
        while let event = try scanner.next() {
            switch event {
            case .start(let tag):
                let name = local(scanner.text(tag.name))
                if aside != nil { continue }
                if name == "notes" || name == "annotation" {
                    aside = scanner.depth
                    continue
                }
                count += 1
                guard count <= mostElements else {
                    throw scanner.fault(tag.whole.lowerBound, "more than \(mostElements) elements", "split the model")
                }
                var element = QualElement(name: name, attributes: [:], place: tag.whole.lowerBound)
                for attribute in tag.attributes {
                    element.attributes[local(scanner.text(attribute.name))] = scanner.text(attribute.value)
                }
                open.append(element)
            case .end:
                if let depth = aside {
                    if scanner.depth < depth { aside = nil }
                    continue
                }
                guard let done = open.popLast() else { continue }
                if open.isEmpty { root = done } else { open[open.count - 1].children.append(done) }
            case .text(let range):
                if aside == nil, let last = open.indices.last { open[last].text += scanner.text(range) }
            }
        }
        guard let root else { throw scanner.fault(0, "there is no element in this file", "give a file in SBML") }
        return root
    }

    private static func local(_ name: String) -> String {
        name.split(separator: ":").last.map(String.init) ?? name
    }

    func child(_ name: String) -> QualElement? { children.first { $0.name == name } }

    /// The elements of a list inside.
    func list(_ name: String, of element: String) -> [QualElement] {
        (child(name)?.children ?? []).filter { $0.name == element }
    }
}
