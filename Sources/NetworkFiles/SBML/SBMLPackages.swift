/// The packages of Level 3 that a file declares at its root.
struct SBMLPackages {
    private struct Package {
        var name: String
        var version: Int
        var isRequired = false
        var line: Int
        var column: Int
    }
    private var byPrefix: [String: Package] = [:]
    private static let start = "http://www.sbml.org/sbml/level3/version1/"

    /// Takes an attribute of the root element.
    mutating func read(_ attribute: String, _ value: String, line: Int, column: Int) {
        let words = attribute.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 2 else { return }
        if words[0] == "xmlns", value.hasPrefix(Self.start) {
            let address = value.dropFirst(Self.start.count).split(separator: "/").map(String.init)
            guard address.count == 2, address[0] != "core", address[1].hasPrefix("version") else { return }
            let version = Int(address[1].dropFirst("version".count)) ?? 0
            let isRequired = byPrefix[words[1]]?.isRequired ?? false
            byPrefix[words[1]] = Package(
                name: address[0], version: version, isRequired: isRequired, line: line, column: column)
        } else if words[1] == "required", ["true", "1"].contains(value) {
            byPrefix[words[0], default: Package(name: "", version: 0, line: line, column: column)].isRequired = true
        }
    }

    func isPresent(_ name: String) -> Bool { byPrefix.values.contains { $0.name == name } }

    func isComp(_ element: String) -> Bool { package(of: element) == "comp" }

    func isDistrib(_ element: String) -> Bool { package(of: element) == "distrib" }

    /// Uncertainties say how well a number is known; they change no run.
    func isUncertainty(_ element: String) -> Bool { isDistrib(element) && element.hasSuffix(":listOfUncertainties") }

    /// Whether an attribute of the root element declares "distrib", or says that it is required.
    func isOfDistrib(_ attribute: String) -> Bool {
        let words = attribute.split(separator: ":").map(String.init)
        return words.count == 2 && byPrefix[words[0] == "xmlns" ? words[1] : words[0]]?.name == "distrib"
    }

    private func package(of element: String) -> String? {
        guard let colon = element.firstIndex(of: ":") else { return nil }
        return byPrefix[String(element[..<colon])]?.name
    }

    /// Packages that change what a model means and that this program does not know; they say so by "required".
    func problems(in file: String) -> [NetworkFileProblem] {
        let known: Set<String> = ["comp 1", "distrib 1", "l3v2extendedmath 1"]
        return byPrefix.sorted { $0.key < $1.key }.compactMap { prefix, package in
            let shown = package.name.isEmpty ? prefix : "\(package.name)', version '\(package.version)"
            guard package.isRequired, !known.contains("\(package.name) \(package.version)") else { return nil }
            return NetworkFileProblem(
                .unsupported, file: file, line: package.line, column: package.column,
                problem: "the package '\(shown)', which the file requires",
                fix: package.name == "qual"
                    ? "read it as a Boolean network" : "write the model with core, comp, distrib and l3v2extendedmath")
        }
    }
}
