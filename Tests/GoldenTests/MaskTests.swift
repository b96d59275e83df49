import Foundation
import Testing

/// Obstacles from masks, read from beside the model file.
@Suite struct MaskTests {
    private static let model = """
        paracrine: 1
        model: a capsule
        space: {box: 40 x 40 x 40 µm, grid: 10 µm}
        cells: {T: {count: 1, radius: 5 µm, motion: {speed: 10 µm/min, persistence: 2 min}}}
        mechanics: {}
        obstacles: {capsule: {mask: MASK}}
        place: {T: "at (35, 35, 35) µm"}
        run: {for: 10 min, seed: 1}
        """

    private func check(_ mask: String, named name: String = "capsule.csv", in program: Program) throws -> String {
        try program.write(mask, to: "capsule.csv")
        try program.write(Self.model.replacing("MASK", with: name), to: "m.paracrine.yaml")
        return try program.run(["check", "m.paracrine.yaml", "--json"]).text
    }

    @Test func theVoxelsOfAMaskStandInTheModel() throws {
        try Program.inFolder { program in
            let text = try check("z,x,y,what\n5,5,5,a\n5,6,5,a\n5,15,25,b\n", in: program)
            let flat = text.filter { !$0.isWhitespace }
            #expect(flat.contains("\"at\":[[0,0,0],[1,2,0]]") && text.hasSuffix("[exit code 0]\n"))
        }
    }

    @Test func whatIsWrongWithAMaskIsSaidWithItsLine() throws {
        try Program.inFolder { program in
            var said = ""
            for mask in ["x,y,z\n1,2,3\n1,two,3\n1,2\n", "x,y\n1,2\n", "x,y,z\n5,5,5\n5,5,45\n", "", "x,y,z\n"] {
                said += try check(mask, in: program)
            }
            for name in ["other.csv", ".", "link.csv"] {
                try? FileManager.default.createSymbolicLink(
                    atPath: program.folder.appending(path: "link.csv").path, withDestinationPath: "/etc/hostname")
                said += try check("x,y,z\n5,5,5\n", named: name, in: program)
            }
            try expectGolden(said, "mask-mistakes")
        }
    }
}
