import Biology

/// The text of an SBML file, looked through before libSBML sees it.
///
/// What could harm is refused here: other encodings, document types, depth, size, numbers that do not fit. What has no
/// meaning for a run (notes, annotations) is blanked, byte for byte, so that every place stays what it was.
struct SBMLText {
    /// Chosen: ten times the largest curated model of BioModels, of which most is annotation.
    static let mostBytes = 64 << 20
    /// Chosen: elements and attributes outside annotations; libSBML takes about 1 kB for each.
    static let mostParts = 300_000

    let file: String
    /// For libSBML.
    private(set) var bytes: [UInt8]
    private(set) var problems: [NetworkFileProblem] = []
    private(set) var packages = SBMLPackages()
    private(set) var composition = SBMLComposition()
    /// Names of functions that stand for the draws of "distrib".
    private(set) var hasDraws = false

    private var scanner: XMLScanner
    private var parts = 0
    /// Local names of the open elements.
    private var path: [String] = []
    /// Depth at which a blanked element began, and its first byte.
    private var blanking: (depth: Int, start: Int)?
    private var number: SBMLNumberText?
    /// The number of the open csymbol that was made a name.
    private var drawDepth: Int?
    private var lines = LineTable()

    init(_ bytes: [UInt8], file: String) {
        self.file = file
        // A byte order mark says nothing in UTF-8, and libSBML stumbles over it.
        let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        self.bytes = bytes
        scanner = XMLScanner(bytes)
        do {
            try check()
            while let event = try scanner.next() { try take(event) }
        } catch {
            report(.malformed, error.place, error.problem, error.fix)
        }
        if hasDraws, Self.holds(scanner.bytes, SBMLDraw.prefix) {
            report(
                .unsupported, 0, "a name with '\(SBMLDraw.prefix)' in a file that draws random numbers", "rename it")
        }
        packages.problems(in: file).forEach { problems.append($0) }
    }

    private static func holds(_ bytes: [UInt8], _ word: String) -> Bool {
        String(decoding: bytes, as: UTF8.self).contains(word)
    }

    private func check() throws(XMLFault) {
        guard bytes.count <= SBMLText.mostBytes else {
            throw scanner.fault(
                0, "\(bytes.count) bytes are too many for a model: at most \(SBMLText.mostBytes)",
                "take the annotations out, or split the model")
        }
        if let bad = bytes.firstIndex(where: { $0 < 32 && !XMLScanner.isSpace($0) }) {
            throw scanner.fault(bad, "a byte that no XML in UTF-8 holds (\(bytes[bad]))", "save the file as UTF-8 text")
        }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw scanner.fault(0, "this is not UTF-8 text", "save the file as UTF-8")
        }
    }

    /// Puts down a problem at a byte of the file.
    mutating func report(_ kind: NetworkFileProblem.Kind, _ place: Int, _ problem: String, _ fix: String) {
        let (line, column) = lines.place(place, in: scanner.bytes)
        problems.append(
            NetworkFileProblem(kind, file: file, line: line, column: column, problem: problem, fix: fix))
    }
}

extension SBMLText {
    private mutating func take(_ event: XMLScanner.Event) throws(XMLFault) {
        switch event {
        case .start(let tag): try start(tag)
        case .end(_, let tag): end(tag)
        case .text(let range):
            number?.text += blanking == nil ? scanner.text(range) : ""
            if drawDepth != nil { blank(range) }
        }
    }

    private mutating func start(_ tag: XMLTag) throws(XMLFault) {
        let whole = scanner.text(tag.name)
        let name = whole.split(separator: ":").last.map(String.init) ?? whole
        path.append(name)
        guard blanking == nil else { return }
        if path.count == 1 {
            guard name == "sbml" else {
                throw scanner.fault(tag.whole.lowerBound, "the root element is <\(whole)>, not <sbml>", "give SBML")
            }
            readRoot(tag)
        }
        parts += 1 + tag.attributes.count
        guard parts <= SBMLText.mostParts else {
            throw scanner.fault(
                tag.whole.lowerBound, "more than \(SBMLText.mostParts) elements and attributes", "split the model")
        }
        let isAside = ["annotation", "annotations", "notes"].contains(name) && !path.contains("message")
        if isAside || packages.isUncertainty(whole) {
            blanking = (path.count, tag.whole.lowerBound)
            return
        }
        composition.open(name, isComp: packages.isComp(whole), SBMLTagText(tag, scanner), at: tag.whole.lowerBound)
        checkPackage(whole, name, tag)
        checkNumbers(name, tag)
        if name == "csymbol" { takeSymbol(tag) }
    }

    private mutating func end(_ tag: Range<Int>) {
        let name = path.removeLast()
        if let (depth, start) = blanking {
            guard path.count + 1 == depth else { return }
            blank(start..<tag.upperBound)
            blanking = nil
            return
        }
        composition.close(name)
        if name == "cn" {
            if let number, let problem = number.problem {
                report(.malformed, number.place, problem, "write a number that fits double precision")
            }
            number = nil
        } else if name == "sep" {
            number?.seps += 1
            number?.text += " "
        }
        if drawDepth == path.count {
            drawDepth = nil
            if !tag.isEmpty { write("</ci>", over: tag) }
        }
    }

    private mutating func blank(_ range: Range<Int>) {
        for place in range where !XMLScanner.isSpace(bytes[place]) { bytes[place] = 32 }
    }

    private mutating func write(_ text: String, over range: Range<Int>) {
        precondition(text.utf8.count <= range.count)
        blank(range)
        for (place, byte) in zip(range, text.utf8) { bytes[place] = byte }
    }

    /// Packages are named at the root; "distrib" is this reader's own, so libSBML is not told of it.
    private mutating func readRoot(_ tag: XMLTag) {
        for attribute in tag.attributes {
            let (name, value) = (scanner.text(attribute.name), scanner.text(attribute.value))
            let (line, column) = lines.place(attribute.name.lowerBound, in: scanner.bytes)
            packages.read(name, value, line: line, column: column)
        }
        for attribute in tag.attributes where packages.isOfDistrib(scanner.text(attribute.name)) {
            blank(attribute.name.lowerBound..<attribute.value.upperBound + 1)
        }
    }

    private mutating func checkPackage(_ whole: String, _ name: String, _ tag: XMLTag) {
        guard packages.isDistrib(whole) else { return }
        report(
            .unsupported, tag.whole.lowerBound, "<\(whole)> of the package 'distrib'",
            "draw with a function of 'distrib' version 1 in a formula")
    }

    /// Numbers in attributes: libSBML would take what does not fit as infinite, or leave it out.
    private mutating func checkNumbers(_ name: String, _ tag: XMLTag) {
        if name == "cn" {
            let type = tag.attributes.first { scanner.text($0.name) == "type" }.map { scanner.text($0.value) }
            number = SBMLNumberText(place: tag.whole.lowerBound, type: type ?? "real")
        }
        for attribute in tag.attributes {
            let attributeName = scanner.text(attribute.name)
            guard SBMLNumberText.isNumeric(attributeName, of: name) else { continue }
            if let problem = SBMLNumberText.problem(attributeName, scanner.text(attribute.value)) {
                report(.malformed, attribute.name.lowerBound, problem, "write a number that fits double precision")
            }
        }
    }

    /// A symbol of "distrib" becomes a function's name; one that nobody knows is refused.
    private mutating func takeSymbol(_ tag: XMLTag) {
        let address = tag.attributes.first { scanner.text($0.name) == "definitionURL" }.map { scanner.text($0.value) }
        let known = ["time", "delay", "avogadro", "rateOf"].map { "http://www.sbml.org/sbml/symbols/\($0)" }
        guard let address, !known.contains(address) else { return }
        guard let draw = SBMLDraw.named(address), packages.isPresent("distrib") else {
            report(
                .unsupported, tag.whole.lowerBound, "the symbol '\(address)'",
                "use time, delay, avogadro, rateOf or a draw of the package 'distrib'")
            return
        }
        hasDraws = true
        let prefix = scanner.text(tag.name).dropLast("csymbol".count)
        let open = "<\(prefix)ci>\(SBMLDraw.prefix)\(draw.rawValue)"
        write(tag.isEmpty ? open + "</\(prefix)ci>" : open, over: tag.whole)
        if !tag.isEmpty { drawDepth = path.count - 1 }
    }
}

/// Lines and columns of bytes that rise, without counting from the start each time.
struct LineTable {
    private var last = (place: 0, line: 1, lineStart: 0)

    /// From 1.
    mutating func place(_ place: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
        if place < last.place { last = (0, 1, 0) }
        var (at, line, start) = last
        while at < min(place, bytes.count) {
            if bytes[at] == 10 { (line, start) = (line + 1, at + 1) }
            at += 1
        }
        last = (at, line, start)
        return (line, place - start + 1)
    }
}
