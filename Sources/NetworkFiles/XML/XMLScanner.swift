/// XML read tag by tag and strictly: UTF-8, no document type, no entities but the five of XML itself.
///
/// So a text can neither name another file nor stand for more than it is. Nothing is copied: tags are ranges of bytes.
struct XMLScanner {
    /// Chosen: above any formula or model seen; every reader after this one may recurse that deep.
    static let deepest = 400
    /// Chosen: SBML's root with all its packages has a dozen.
    static let mostAttributes = 64

    let bytes: [UInt8]
    private var place: Int
    private var open: [Range<Int>] = []
    private var closesNext = false
    private var sawRoot = false

    enum Event {
        case start(XMLTag)
        /// The name, and all of the tag.
        case end(name: Range<Int>, tag: Range<Int>)
        /// Characters between tags, references as written; a CDATA section whole.
        case text(Range<Int>)
    }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        place = 0
    }

    /// How many elements are open.
    var depth: Int { open.count }

    /// The next piece, or `nil` at the end.
    mutating func next() throws(XMLFault) -> Event? {
        if closesNext, let name = open.popLast() {
            closesNext = false
            return .end(name: name, tag: place..<place)
        }
        while place < bytes.count {
            if bytes[place] != UInt8(ascii: "<") {
                let text = try textUpToTag()
                if !open.isEmpty { return .text(text) }
                guard text.allSatisfy({ XMLScanner.isSpace(bytes[$0]) }) else {
                    throw fault(text.lowerBound, "text outside the root element")
                }
            } else if starts("<!--") {
                try skip(past: "-->", from: place + 4, "a comment")
            } else if starts("<![CDATA[") {
                guard !open.isEmpty else { throw fault(place, "text outside the root element") }
                let start = place
                try skip(past: "]]>", from: place + 9, "a CDATA section")
                return .text(start..<place)
            } else if starts("<!") {
                throw fault(place, "a document type (<!DOCTYPE ...>)", "take it out: SBML has none")
            } else if starts("<?") {
                try instruction()
            } else if starts("</") {
                return try endTag()
            } else {
                return try startTag()
            }
        }
        if let name = open.last {
            throw fault(bytes.count, "the file ends before </\(text(name))>", "get the whole file again")
        }
        if !sawRoot { throw fault(0, "there is no element in this file", "give a file in XML") }
        return nil
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 10 || byte == 13 || byte == 9 }

    func fault(_ place: Int, _ problem: String, _ fix: String = "write XML as in the XML 1.0 standard") -> XMLFault {
        XMLFault(place: place, problem: problem, fix: fix)
    }
}

/// A start tag: where it is and what it says.
struct XMLTag {
    let whole: Range<Int>
    let name: Range<Int>
    let attributes: [XMLAttribute]
    /// Ends with "/>".
    let isEmpty: Bool
}

struct XMLAttribute {
    let name: Range<Int>
    /// Between the quotation marks, references as written.
    let value: Range<Int>
}

/// What is wrong with a text as XML, by its byte.
struct XMLFault: Error {
    let place: Int
    let problem: String
    let fix: String
}

/// Tags, texts and what is between them.
extension XMLScanner {
    private func starts(_ mark: StaticString) -> Bool {
        let count = mark.utf8CodeUnitCount
        guard place + count <= bytes.count else { return false }
        for index in 0..<count where unsafe bytes[place + index] != mark.utf8Start[index] { return false }
        return true
    }

    private mutating func skip(past mark: StaticString, from: Int, _ what: String) throws(XMLFault) {
        let start = place
        place = from
        while place < bytes.count {
            if starts(mark) {
                place += mark.utf8CodeUnitCount
                return
            }
            place += 1
        }
        throw fault(start, "\(what) that does not end")
    }

    /// "<?xml ...?>" must say UTF-8, where it says an encoding; other instructions mean nothing here.
    private mutating func instruction() throws(XMLFault) {
        let start = place
        try skip(past: "?>", from: place + 2, "an instruction")
        let words = text(start..<place)
        guard words.hasPrefix("<?xml"), words.dropFirst(5).first.map({ !$0.isLetter && $0 != "-" }) ?? false else {
            return
        }
        guard !sawRoot, open.isEmpty else { throw fault(start, "'<?xml' that is not at the start of the file") }
        let lowered = words.lowercased()
        if lowered.contains("encoding"), !lowered.contains("utf-8"), !lowered.contains("ascii") {
            throw fault(start, "an encoding other than UTF-8", "save the file as UTF-8: SBML asks for it")
        }
    }

    private mutating func textUpToTag() throws(XMLFault) -> Range<Int> {
        let start = place
        while place < bytes.count, bytes[place] != UInt8(ascii: "<") {
            if bytes[place] == UInt8(ascii: "&") { try reference() }
            place += 1
        }
        return start..<place
    }

    /// Steps to the ";" of a reference, which must be one of XML's own or a character's number.
    private mutating func reference() throws(XMLFault) {
        let start = place
        while place < bytes.count, bytes[place] != UInt8(ascii: ";"), place - start < 12 { place += 1 }
        let name = text(start..<min(place + 1, bytes.count))
        let known = ["&amp;", "&lt;", "&gt;", "&quot;", "&apos;"]
        let digits = name.hasPrefix("&#x") ? name.dropFirst(3).dropLast() : name.dropFirst(2).dropLast()
        let code = name.hasPrefix("&#") ? UInt32(digits, radix: name.hasPrefix("&#x") ? 16 : 10) : nil
        let isCharacter = code.map { $0 >= 32 && Unicode.Scalar($0) != nil || [9, 10, 13].contains($0) } ?? false
        guard name.hasSuffix(";"), known.contains(name) || isCharacter else {
            throw fault(
                start, "'&' that begins none of &amp; &lt; &gt; &quot; &apos; &#number;", "write '&amp;' for '&'")
        }
    }

    private mutating func endTag() throws(XMLFault) -> Event {
        let start = place
        place += 2
        let name = nameHere()
        spaces()
        guard place < bytes.count, bytes[place] == UInt8(ascii: ">") else {
            throw fault(start, "an end tag without '>'")
        }
        place += 1
        guard let opened = open.popLast() else { throw fault(start, "</\(text(name))> ends nothing") }
        guard opened.count == name.count, bytes[opened] == bytes[name] else {
            throw fault(start, "</\(text(name))> where </\(text(opened))> is due")
        }
        return .end(name: name, tag: start..<place)
    }

    private mutating func startTag() throws(XMLFault) -> Event {
        let start = place
        place += 1
        let name = nameHere()
        guard !name.isEmpty else { throw fault(start, "'<' that begins no tag", "write '&lt;' for '<'") }
        guard !open.isEmpty || !sawRoot else { throw fault(start, "a second root element") }
        var attributes: [XMLAttribute] = []
        while true {
            let before = place
            spaces()
            guard place < bytes.count else { throw fault(start, "a tag that does not end") }
            if bytes[place] == UInt8(ascii: ">") || bytes[place] == UInt8(ascii: "/") { break }
            guard place > before else { throw fault(place, "no space before an attribute") }
            guard attributes.count < XMLScanner.mostAttributes else {
                throw fault(start, "more than \(XMLScanner.mostAttributes) attributes on one element")
            }
            let attribute = try attribute()
            attributes.append(attribute)
        }
        let isEmpty = bytes[place] == UInt8(ascii: "/")
        place += isEmpty ? 2 : 1
        guard place <= bytes.count, bytes[place - 1] == UInt8(ascii: ">") else {
            throw fault(start, "a tag without '>'")
        }
        guard open.count < XMLScanner.deepest else {
            throw fault(
                start, "more than \(XMLScanner.deepest) elements inside each other",
                "write the formula in several steps, such as assignment rules")
        }
        sawRoot = true
        open.append(name)
        closesNext = isEmpty
        return .start(XMLTag(whole: start..<place, name: name, attributes: attributes, isEmpty: isEmpty))
    }

    private mutating func attribute() throws(XMLFault) -> XMLAttribute {
        let start = place
        let name = nameHere()
        spaces()
        guard !name.isEmpty, place < bytes.count, bytes[place] == UInt8(ascii: "=") else {
            throw fault(start, "an attribute without '='")
        }
        place += 1
        spaces()
        guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") || bytes[place] == UInt8(ascii: "'") else {
            throw fault(start, "an attribute's value without quotation marks")
        }
        let mark = bytes[place]
        place += 1
        let valueStart = place
        while place < bytes.count, bytes[place] != mark {
            if bytes[place] == UInt8(ascii: "<") { throw fault(place, "'<' in an attribute", "write '&lt;'") }
            if bytes[place] == UInt8(ascii: "&") { try reference() }
            place += 1
        }
        guard place < bytes.count else { throw fault(start, "an attribute that does not end") }
        place += 1
        return XMLAttribute(name: name, value: valueStart..<place - 1)
    }

    private mutating func spaces() {
        while place < bytes.count, XMLScanner.isSpace(bytes[place]) { place += 1 }
    }

    /// A name: whatever is not a space or a mark of XML; libSBML knows which letters it may have.
    private mutating func nameHere() -> Range<Int> {
        let start = place
        while place < bytes.count {
            switch bytes[place] {
            case 0...32, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "\""),
                UInt8(ascii: "'"), UInt8(ascii: "&"):
                return start..<place
            default: place += 1
            }
        }
        return start..<place
    }
}
