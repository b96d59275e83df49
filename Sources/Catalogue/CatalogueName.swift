/// How names are compared: letter case, Greek letters or their names, spaces, hyphens and brackets make no difference.
///
/// "IFNg", "IFN-γ", "IFN-gamma" and "ifn gamma" are one name.
enum CatalogueName {
    /// Longest name that is looked at.
    static let longest = 100

    static func key(_ text: String) -> String {
        var letters: [UInt8] = []
        for scalar in text.unicodeScalars.prefix(longest) {
            switch scalar.value {
            case 0x30...0x39, 0x61...0x7A: letters.append(UInt8(scalar.value))
            case 0x41...0x5A: letters.append(UInt8(scalar.value + 32))
            case 0..<0x80: continue
            default: letters += greek[scalar].map { [$0] } ?? Array(String(scalar).lowercased().utf8)
            }
        }
        return String(decoding: spelledOut(letters), as: UTF8.self)
    }

    /// As `key`, without "cell" or "cells" at the end: "Th1" and "Th1 cells" are one cell type.
    static func cellKey(_ text: String) -> String {
        let key = key(text)
        for ending in ["cells", "cell"] where key.hasSuffix(ending) && key.count > ending.count {
            return String(key.dropLast(ending.count))
        }
        return key
    }

    private static let greek: [Unicode.Scalar: UInt8] = [
        "α": UInt8(ascii: "a"), "β": UInt8(ascii: "b"), "γ": UInt8(ascii: "g"), "δ": UInt8(ascii: "d"),
        "ε": UInt8(ascii: "e"), "ζ": UInt8(ascii: "z"), "κ": UInt8(ascii: "k"), "λ": UInt8(ascii: "l"),
        "ω": UInt8(ascii: "w"), "Γ": UInt8(ascii: "g"), "Δ": UInt8(ascii: "d"), "Λ": UInt8(ascii: "l"),
        "Ω": UInt8(ascii: "w"),
    ]

    /// The name with the names of Greek letters instead of the letters: "IFN-gamma".
    static func spelled(_ name: String) -> String {
        var text = ""
        for scalar in name.unicodeScalars {
            let letter = scalar.isASCII ? nil : greek[scalar]
            if let word = words.first(where: { $0.letter == letter })?.word {
                text += String(decoding: word, as: UTF8.self)
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    private static let words: [(word: [UInt8], letter: UInt8)] = [
        ("alpha", "a"), ("beta", "b"), ("gamma", "g"), ("delta", "d"), ("epsilon", "e"), ("zeta", "z"),
        ("kappa", "k"), ("lambda", "l"), ("omega", "w"),
    ].map { (Array($0.0.utf8), Array($0.1.utf8)[0]) }

    /// Names of Greek letters as one Latin letter.
    private static func spelledOut(_ letters: [UInt8]) -> [UInt8] {
        guard letters.count >= 4 else { return letters }
        var result: [UInt8] = []
        var next = 0
        scan: while next < letters.count {
            for (word, letter) in words
            where letters[next] == word[0] && letters.count - next >= word.count
                && letters[next..<next + word.count].elementsEqual(word)
            {
                result.append(letter)
                next += word.count
                continue scan
            }
            result.append(letters[next])
            next += 1
        }
        return result
    }
}
