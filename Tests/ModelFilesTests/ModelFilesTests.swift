import Biology
import ModelFiles
import Testing

@Suite struct ModelFileTests {
    @Test func everyConstructIsRead() throws {
        #expect(Files.problems(try Files.everything()) == "")
        let model = try ModelFile.read(try Files.everything(), named: "m.yaml").model
        #expect(model.rules.count == 5)
    }

    @Test func theExamplesAreModels() throws {
        let examples = try Files.examples()
        #expect(!examples.isEmpty)
        for (name, text) in examples { #expect(Files.problems(text) == "", "\(name)") }
    }
}
