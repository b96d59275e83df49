import Biology
import Foundation
import PythonReaders
import Testing

@testable import ModelFiles

@Suite struct DocumentTests {
    private func models() throws -> [(name: String, model: Model)] {
        var models = [("everything", try ModelFile.read(try Files.everything(), named: "m.yaml").model)]
        let catalogued = try ModelFile.read(
            MadeUpCatalogue.model, named: "c.yaml", settings: [], catalogue: MadeUpCatalogue.open)
        models.append(("catalogued", catalogued.model))
        models.append(
            ("living", try ModelFile.read(try Files.living(), named: "l.yaml", masks: Files.masks).model))
        let body = try Files.text(Files.folder.appending(path: "Models/body.paracrine.yaml"))
        models.append(("body", try ModelFile.read(body, named: "b.yaml").model))
        for (name, text) in try Files.examples() { models.append((name, try ModelFile.read(text, named: name).model)) }
        return models
    }

    @Test func aModelComesBackFromItsJSON() throws {
        for (name, model) in try models() {
            let json = ModelDocument.json(model)
            #expect(try ModelDocument.read(json, named: "model.json") == model, "\(name)")
        }
    }

    @Test func equalModelsHaveEqualBytesAndOthersDoNot() throws {
        let text = try Files.everything()
        let first = try ModelFile.read(text, named: "a.yaml").model
        let second = try ModelFile.read(text, named: "b.yaml").model
        let other = try ModelFile.read(text, named: "a.yaml", settings: ["q_IL2=11 molecules/s"])
        #expect(ModelDocument.json(first) == ModelDocument.json(second))
        #expect(ModelDocument.hash(first) == ModelDocument.hash(second))
        #expect(ModelDocument.hash(first) != ModelDocument.hash(other.model))
    }

    // The three examples of FIPS 180-4's test vectors, from NIST's "SHA-256" example values.
    @Test func hashesAreThoseOfTheStandard() {
        #expect(SHA256.hexadecimal([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            SHA256.hexadecimal(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        let long = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
        #expect(
            SHA256.hexadecimal(Array(long.utf8)) == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    }

    @Test func aDocumentThatIsNotAModelSaysWhere() throws {
        let json = ModelDocument.json(try ModelFile.read(try Files.everything(), named: "m.yaml").model)
        func problem(_ text: String) -> String {
            do {
                _ = try ModelDocument.read(text, named: "model.json")
                return ""
            } catch {
                return error.description
            }
        }
        let fix = "\n  fix: read the model.json of a run folder, or write one with 'paracrine check --json'"
        #expect(problem("[").hasPrefix("model.json:1:1: error: the document: "))
        #expect(problem("{}") == "model.json:1:1: error: the document has no 'format'" + fix)
        #expect(
            problem(json.replacing("\"version\": 1", with: "\"version\": 2"))
                == "model.json:1:1: error: format 'paracrine-model' version 2; this program reads 'paracrine-model' version 1"
                + fix)
        #expect(
            problem(json.replacing("{\"unit\": \"s\", \"value\": 7200}", with: "{\"unit\": \"s\", \"value\": \"x\"}"))
                == "model.json:1:1: error: 'model.run.duration.value' has the wrong type" + fix)
        #expect(
            problem(json.replacing("{\"unit\": \"s\", \"value\": 7200}", with: "{\"unit\": \"h\", \"value\": 2}"))
                == "model.json:1:1: error: 'model.run.duration.unit': time is kept in s, not h" + fix)
    }

    @Test func everyModelFollowsTheSchema() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "paracrine-schema-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try ModelSchema.text.write(to: folder.appending(path: "schema.json"), atomically: true, encoding: .utf8)
        for (index, model) in try models().enumerated() {
            let json = ModelDocument.json(model.model)
            try json.write(to: folder.appending(path: "good\(index).json"), atomically: true, encoding: .utf8)
            // A key too many, and a unit that is not the coherent one, must be refused.
            try json.replacing("\"about\":", with: "\"abuot\": 1,\n\"about\":")
                .write(to: folder.appending(path: "bad-key\(index).json"), atomically: true, encoding: .utf8)
            guard json.contains("\"unit\": \"µm²/s\"") else { continue }
            try json.replacing("\"unit\": \"µm²/s\"", with: "\"unit\": \"cm²/s\"")
                .write(to: folder.appending(path: "bad-unit\(index).json"), atomically: true, encoding: .utf8)
        }
        let script = """
            import json, pathlib
            folder = pathlib.Path(sys.argv[1])
            schema = json.loads((folder / "schema.json").read_text("utf-8"))
            jsonschema.Draft202012Validator.check_schema(schema)
            validator = jsonschema.Draft202012Validator(schema)
            for path in sorted(folder.glob("good*.json")) + sorted(folder.glob("bad*.json")):
                errors = [e.json_path for e in validator.iter_errors(json.loads(path.read_text("utf-8")))]
                if bool(errors) == path.name.startswith("good"):
                    print(path.name, errors[:3])
                    sys.exit(1)
            print("valid")
            """
        // A script that finds a fault ends badly, which is thrown.
        guard let said = try Python.output(of: script, folder.path, needing: "jsonschema") else { return }
        #expect(said == "valid\n")
    }
}

extension DocumentTests {
    /// Runs of the first versions wrote neither doses nor who signalled to whom.
    @Test func aModelWrittenBeforeTreatmentsIsRead() throws {
        var model = try ModelFile.read(try Files.everything(), named: "m.yaml").model
        model.record.communication = nil
        let json = ModelDocument.json(model).replacing(",\n    \"treatments\": []", with: "")
        #expect(!json.contains("treatments") && !json.contains("communication"))
        #expect(try ModelDocument.read(json, named: "model.json") == model)
        #expect(throws: InvalidModel.self) {
            try ModelDocument.read(json.replacing("\"placements\"", with: "\"places\""), named: "model.json")
        }
    }
}
