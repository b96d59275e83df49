import Foundation

/// A VTK XML file whose arrays follow the text as raw bytes: an 8-byte length each, then little-endian numbers.
///
/// Layout: VTK file formats, "XML file formats", appended data with encoding "raw" and header_type UInt64.
struct VTKFile {
    enum Values {
        case numbers([Double])
        case integers([Int])
        case bytes([UInt8])

        var type: String {
            switch self {
            case .numbers: "Float64"
            case .integers: "Int64"
            case .bytes: "UInt8"
            }
        }

        var data: Data {
            switch self {
            case .numbers(let values): VTKFile.littleEndian(values.map(\.bitPattern))
            case .integers(let values): VTKFile.littleEndian(values.map { UInt64(bitPattern: Int64($0)) })
            case .bytes(let values): Data(values)
            }
        }
    }

    private let kind: String
    private var text = ""
    private var appended = Data()

    /// `kind`: Of the grid, such as "ImageData".
    init(_ kind: String) { self.kind = kind }

    /// Adds a tag of the header.
    mutating func add(_ tag: String) { text += tag + "\n" }

    /// Adds an array; its unit becomes VTK's own key UNITS_LABEL.
    mutating func add(_ name: String, _ values: Values, unit: String? = nil, components: Int? = nil, tuples: Int? = nil)
    {
        text += "<DataArray type=\"\(values.type)\" Name=\"\(XMLText.escaped(name))\""
        if let components { text += " NumberOfComponents=\"\(components)\"" }
        if let tuples { text += " NumberOfTuples=\"\(tuples)\"" }
        text += " format=\"appended\" offset=\"\(appended.count)\""
        if let unit {
            text += "><InformationKey name=\"UNITS_LABEL\" location=\"vtkDataArray\">\(XMLText.escaped(unit))"
            text += "</InformationKey></DataArray>\n"
        } else {
            text += "/>\n"
        }
        let data = values.data
        appended.append(VTKFile.littleEndian([UInt64(data.count)]))
        appended.append(data)
    }

    /// Adds texts, which VTK keeps as the numbers of their bytes, each ended by 0.
    mutating func add(_ name: String, _ texts: [String]) {
        let bytes = texts.flatMap { Array($0.utf8) + [UInt8(0)] }.map { "\($0)" }.joined(separator: " ")
        text += "<Array type=\"String\" Name=\"\(XMLText.escaped(name))\" NumberOfTuples=\"\(texts.count)\" "
        text += "format=\"ascii\">\(bytes)</Array>\n"
    }

    var data: Data {
        var data = Data(
            """
            <?xml version="1.0"?>
            <VTKFile type="\(kind)" version="1.0" byte_order="LittleEndian" header_type="UInt64">
            \(text)<AppendedData encoding="raw">
            _
            """.utf8)
        data.append(appended)
        data.append(Data("\n</AppendedData>\n</VTKFile>\n".utf8))
        return data
    }

    private static func littleEndian(_ words: [UInt64]) -> Data {
        var data = Data(capacity: words.count * 8)
        for word in words { unsafe withUnsafeBytes(of: word.littleEndian) { unsafe data.append(contentsOf: $0) } }
        return data
    }
}

/// Text between tags and in attributes of XML.
enum XMLText {
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            // XML has no place for these, not even escaped.
            case _ where scalar.value < 32 || scalar.value & 0xFFFE == 0xFFFE: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
