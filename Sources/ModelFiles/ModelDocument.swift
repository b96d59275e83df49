public import Biology
import Foundation

/// A model's canonical JSON: the same text for equal models on every machine, which is hashed, stored and compared.
///
/// Quantities carry their unit; plain numbers are in µm, s, molecules and kDa multiplied together, as `units` says.
public enum ModelDocument {
    /// What the document says it is.
    static let format = "paracrine-model"

    private struct Envelope: Codable {
        var format: String
        var version: Int
        var units: [String: String]
        var model: Model
    }

    private static let units = ["length": "µm", "time": "s", "amount": "molecules", "mass": "kDa", "cells": "cells"]

    /// The canonical JSON of a model.
    public static func json(_ model: Model) -> String {
        let envelope = Envelope(format: format, version: ModelFile.version, units: units, model: model)
        do {
            let encoder = JSONEncoder()
            encoder.nonConformingFloatEncodingStrategy = .convertToString(
                positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
            let data = try encoder.encode(envelope)
            return try JSONDecoder().decode(JSON.self, from: data).canonical
        } catch {
            preconditionFailure("a model can be written: \(error)")
        }
    }

    /// SHA-256 of the canonical JSON, in hexadecimal.
    public static func hash(_ model: Model) -> String { SHA256.hexadecimal(Array(json(model).utf8)) }

    /// Reads a model back from its JSON.
    ///
    /// Text that is not the JSON of a model of this version throws one problem, with the path at which it was found.
    public static func read(_ json: String, named: String) throws(InvalidModel) -> Model {
        let problem: String
        do {
            let envelope = try envelope(json)
            if envelope.format == format, envelope.version == ModelFile.version, envelope.units == units {
                return envelope.model
            }
            problem =
                "format '\(envelope.format)' version \(envelope.version); this program reads '\(format)' version \(ModelFile.version)"
        } catch let error as DecodingError {
            problem = describe(error)
        } catch {
            problem = "not JSON"
        }
        throw InvalidModel(diagnostics: [
            Diagnostic(
                place: Place(file: named, line: 1, column: 1), severity: .error, problem: problem,
                fix: "read the model.json of a run folder, or write one with 'paracrine check --json'")
        ])
    }

    /// What the document holds; one written before models had treatments or networks has none.
    private static func envelope(_ json: String) throws -> Envelope {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        let data = Data(json.utf8)
        do {
            return try decoder.decode(Envelope.self, from: data)
        } catch DecodingError.keyNotFound(let key, let context)
            where ["treatments", "networks"].contains(key.stringValue)
        {
            guard case .table(var document) = try decoder.decode(JSON.self, from: data),
                case .table(var model)? = document["model"], case .list(let types)? = model["cellTypes"]
            else { throw DecodingError.keyNotFound(key, context) }
            model["treatments"] = model["treatments"] ?? .list([])
            model["networks"] = model["networks"] ?? .list([])
            model["cellTypes"] = .list(
                types.map { type in
                    guard case .table(var fields) = type else { return type }
                    fields["networks"] = fields["networks"] ?? .list([])
                    return .table(fields)
                })
            document["model"] = .table(model)
            return try decoder.decode(Envelope.self, from: JSONEncoder().encode(JSON.table(document)))
        }
    }

    private static func describe(_ error: DecodingError) -> String {
        func at(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
            return path.isEmpty ? "the document" : "'\(path.shortenedTo(200))'"
        }
        return switch error {
        case .keyNotFound(let key, let context): "\(at(context)) has no '\(key.stringValue)'"
        case .typeMismatch(_, let context), .valueNotFound(_, let context): "\(at(context)) has the wrong type"
        case .dataCorrupted(let context): "\(at(context)): \(context.debugDescription.shortenedTo(200))"
        @unknown default: "not the JSON of a model"
        }
    }
}
