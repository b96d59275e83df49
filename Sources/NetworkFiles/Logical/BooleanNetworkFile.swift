public import Biology

/// Logical networks in files: bnet, MaBoSS (bnd, with its configuration cfg) and SBML-qual.
public enum BooleanNetworkFile {
    /// A network, and how its configuration wants it run.
    public struct Reading: Hashable, Sendable {
        public var network: BooleanNetwork
        public var settings: MaBoSSSettings
    }

    /// Reads a network, and its configuration if there is one.
    ///
    /// What a file is shows in its text: XML is SBML-qual, blocks "Node ... { }" are MaBoSS, lines "target, rule" bnet.
    ///
    /// - Throws: Everything that is wrong with the files, with places where they are known.
    public static func read(
        _ path: String, configuration: String? = nil
    ) throws(NetworkFileProblems) -> Reading {
        let bytes = try LogicalText.read(path)
        let settings = try configuration.map { path throws(NetworkFileProblems) in (try LogicalText.read(path), path) }
        let file = path.split(separator: "/").last.map(String.init) ?? path
        let stem = file.lastIndex(of: ".").map { $0 > file.startIndex ? String(file[..<$0]) : file } ?? file
        return try read(text: bytes, file: path, name: stem, configuration: settings)
    }

    /// Reads texts; `file` and `name` are for messages and results.
    public static func read(
        text bytes: [UInt8], file: String, name: String, configuration: (text: [UInt8], file: String)? = nil
    ) throws(NetworkFileProblems) -> Reading {
        var variables: [String: Double] = [:]
        var settings = MaBoSSSettings()
        func configured(_ network: BooleanNetwork) throws(NetworkFileProblems) -> BooleanNetwork {
            guard let configuration else { return network }
            var reading = MaBoSSConfiguration(configuration.text, file: configuration.file, for: network)
            let network = try reading.read()
            (variables, settings) = (reading.variables, reading.settings)
            return network
        }
        guard isBlocks(bytes) else {
            let plain =
                try isXML(bytes)
                ? QualFile.read(bytes, file: file, name: name) : BnetFile.read(bytes, file: file, name: name)
            let network = try configured(plain)
            return Reading(network: network, settings: settings)
        }
        var blocks = MaBoSSNetwork(bytes, file: file, name: name)
        try blocks.read()
        var network = try configured(blocks.network)
        try blocks.setVariables(variables)
        network.parameters = blocks.network.parameters
        return Reading(network: network, settings: settings)
    }

    /// Whether a text is MaBoSS's: bnet has neither braces nor semicolons.
    private static func isBlocks(_ bytes: [UInt8]) -> Bool {
        !isXML(bytes) && bytes.contains { $0 == UInt8(ascii: "{") }
    }

    private static func isXML(_ bytes: [UInt8]) -> Bool {
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        return text.first { $0 > 32 } == UInt8(ascii: "<")
    }
}
