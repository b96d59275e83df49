import Biology
import Simulation
import Tables
import Testing

@Suite struct CSVTests {
    @Test func positionsLabelsAndMarkersAreReadByName() throws {
        let table = try read("cell,type,y,x,CD25\n1,Th,2,1,0.5\n2,Treg,4,3,1e2\n", plan(id: "cell"), ["CD25"])
        #expect(table.cells.x == [1, 3] && table.cells.y == [2, 4] && table.cells.z == nil)
        #expect(table.cells.labels == [0, 1] && table.cells.labelNames == ["Th", "Treg"])
        #expect(table.cells.markers == ["CD25": [0.5, 100]])
        #expect(table.cells.lines == [2, 3] && table.cells.lineWord == "line")
        #expect(table.ids == ["1", "2"] && table.problems.isEmpty && table.notes.isEmpty)
    }

    @Test func pixelsBecomeMicrometresFromTheOrigin() throws {
        var placement = plan(["x", "y", "z"])
        placement.unitLength = .micrometres(0.65)
        placement.origin = [.micrometres(10), .micrometres(20)]
        let cells = try read("x,y,z,type\n100,200,2,a\n", placement).cells
        #expect(cells.x == [100 * 0.65 - 10] && cells.y == [200 * 0.65 - 20] && cells.z == [1.3])
    }

    @Test(arguments: ["\n", "\r\n", "\r"]) func everyLineEndingServes(ending: String) throws {
        let text = ["x,y,type", "1,2,a", "3,4,b", ""].joined(separator: ending)
        #expect(try read(text).cells.lines == [2, 3])
        #expect(try read("\u{FEFF}" + text.dropLast(ending.count)).cells.x == [1, 3])
    }

    @Test func quotesAreAsInRFC4180() throws {
        let table = try read(
            "\"x\",y,\"type\"\n1,2,\"T, \"\"help\"\"\ner\"\n3,4,\"B\"x\n5,6,plain \"quoted\"\n7,8,\"\"\n")
        #expect(table.cells.labelNames == ["T, \"help\"\ner", "plain \"quoted\""])
        #expect(
            table.problems == [
                RowProblem(line: 4, what: "has text after a closing quote"),
                RowProblem(line: 6, what: "'type' is blank"),
            ])
    }

    @Test(arguments: [";", "\t"]) func decimalCommasServeWhereCommasDoNotSeparate(separator: String) throws {
        let rows = [
            ["x", "y", "type"], ["1,5", "2", "a"], ["-0,25", "1e3", "b"], ["1.5", "2", "c"], ["1.234,5", "2", "d"],
        ]
        let table = try read(rows.map { $0.joined(separator: separator) }.joined(separator: "\n"))
        #expect(table.cells.x == [1.5, -0.25] && table.cells.y == [2, 1000])
        #expect(
            table.problems == [
                RowProblem(line: 4, what: "'x' is '1.5', not a number (line 2 has ',' before the fraction)"),
                RowProblem(line: 5, what: "'x' is '1.234,5', not a number (line 2 has ',' before the fraction)"),
            ])
        #expect(try read("x\ty\ttype\n1.5\t2\ta\n").cells.x == [1.5])
    }

    @Test func badRowsAreListedNeverZero() throws {
        let rows = [
            "1,1,2,a", "2,,2,a", "3,NA,2,a", "4,1,NaN,a", "5,1,2", "6,1,2,a,9", "", "1,1,2,a", "7,1,2,", "8,1x,2,a",
            "9,0x1p3,2,a",
            "10,inf,2,a", "11,1e999,2,a", "12,1,2,NA", ",1,2,a", "13,1,2,b", "", "",
        ]
        let table = try read("id,x,y,type\n" + rows.joined(separator: "\n"), plan(id: "id"))
        #expect(table.cells.lines == [2, 17])
        #expect(table.problemCount == 14)
        #expect(
            table.problems.map { "\($0.line) \($0.what)" } == [
                "3 'x' is blank", "4 'x' is 'NA'", "5 'y' is 'NaN'", "6 has 3 fields where the header has 4",
                "7 has 5 fields where the header has 4", "8 is blank", "9 id '1' is also on line 2",
                "10 'type' is blank",
                "11 'x' is '1x', not a number", "12 'x' is '0x1p3', not a number", "13 'x' is 'inf', not a number",
                "14 'x' is '1e999', too large a number", "15 'type' is 'NA'", "16 'id' is blank",
            ])
        #expect(table.notes[0].hasSuffix("cells.csv:3: left out: 'x' is blank"))
    }

    @Test func ofVeryManyBadRowsAFewAreKeptAndAllCounted() throws {
        let table = try read("x,y,type\n1,2,a\n" + String(repeating: "NA,2,a\n", count: 3000))
        #expect(table.problems.count == 1000 && table.problemCount == 3000)
        #expect(table.notes.count == 21 && table.notes[20].hasSuffix("cells.csv: 2980 more rows are left out"))
    }

    @Test func aMissingColumnIsNamedWithWhatThereIs() {
        #expect(
            fault("x_um,y_um,type\n1,2,a\n", plan(["x_umm", "y_um"]))
                == "cells.csv:1: error: there is no column 'x_umm'\n"
                + "  fix: did you mean 'x_um'? the columns are 'x_um', 'y_um', 'type'")
        #expect(
            fault("x,y,type\n1,2,a\n", plan(), ["FoxP3"])
                == "cells.csv:1: error: there is no column 'FoxP3'\n  fix: the columns are 'x', 'y', 'type'")
        #expect(
            fault("x,y,x,type\n1,2,3,a\n") == "cells.csv:1: error: there are 2 columns 'x'\n  fix: rename all but one")
        #expect(
            fault("x,y,type\n1,2,a\n", plan(nil))
                == "cells.csv:1: error: the model does not name the columns of the positions\n"
                + "  fix: name them, such as 'x: x_um' and 'y: y_um'")
    }

    @Test func whatIsNoTableIsSaidToBeNone() {
        #expect(fault("") == "cells.csv: error: the file is empty\n  fix: give a table with a header line")
        #expect(
            fault("x,y,type\nNA,2,a\n")
                == "cells.csv: error: the table has no row that can be used; the first, line 2, 'x' is 'NA'\n"
                + "  fix: check the column names, the separator and the decimal mark")
        #expect(
            fault([0xFF, 0xFE, 0x78, 0, 0x2C, 0, 0x0A, 0])
                == "cells.csv:1: error: the file is UTF-16\n  fix: save it as 'CSV UTF-8'")
        #expect(
            fault("x\0,y,type\n1,2,a\n")
                == "cells.csv:1: error: the header contains a NUL byte\n"
                + "  fix: check that this is a CSV file; save it again as 'CSV UTF-8'")
        #expect(
            fault("x,y,type\n1,2,a\n3,4,\"b\n5,6,c\n")
                == "cells.csv:3: error: a quote that opens on this line is never closed\n"
                + "  fix: close it, or double a quote that is meant as a character")
        let absent = #expect(throws: TableError.self) {
            try CellTable.read(path: "/nowhere/cells.csv", placement: plan(), columnsNeeded: [])
        }
        #expect(
            absent?.description == "/nowhere/cells.csv: error: there is no such file\n"
                + "  fix: check the path")
        for path in ["/", "/dev/zero"] {
            let fault = #expect(throws: TableError.self) {
                try CellTable.read(path: path, placement: plan(), columnsNeeded: [])
            }
            #expect(fault?.problem == "this is not a file that can be read")
        }
    }

    @Test func bytesThatAreNotTextAreListed() throws {
        let bytes = Array("x,y,type\n1,2,a\n3,4,".utf8) + [0xC3, 0x28, 0x0A] + Array("5,6,b\0\n7,8,c\n".utf8)
        let table = try read(bytes)
        #expect(table.cells.lines == [2, 5])
        #expect(
            table.problems == [
                RowProblem(line: 3, what: "'type' is not UTF-8"), RowProblem(line: 4, what: "contains a NUL byte"),
            ])
    }

    @Test func aMillionColumnsAreReadOrRefusedInBoundedTime() throws {
        let names = (0..<300_000).map { "c\($0)" }.joined(separator: ",")
        let values = String(repeating: "1,", count: 300_000)
        let table = try read("\(names),x,y,type\n\(values)1,2,a\n")
        #expect(table.cells.x == [1] && table.cells.y == [2])
        #expect(
            fault(String(repeating: ",", count: 1_100_000))?.contains("or has more than 1048576 columns") == true)
    }

    @Test func gzipIsKnownByItsFirstBytes() throws {
        let text = "x,y,type\n" + (0..<50_000).map { "\($0),\($0 % 97),label \($0 % 7)\n" }.joined()
        let packed = try gzip(Array(text.utf8))
        let table = try read(packed)
        #expect(table.cells.x == (0..<50_000).map(Double.init))
        // Two members, one after another.
        let second = try gzip(Array("7,8,more\n".utf8))
        #expect(try read(packed + second).cells.labelNames.last == "more")
    }

    @Test func damagedGzipIsSaidToBeSo() throws {
        let packed = try gzip(Array(("x,y,type\n" + (0..<5000).map { "\($0),1,a\n" }.joined()).utf8))
        #expect(
            fault(Array(packed.dropLast(9)))
                == "cells.csv: error: the gzip data ends in the middle\n  fix: copy or download the file again; 'gzip -t' tests it"
        )
        var damaged = packed
        damaged[packed.count / 2] ^= 0xFF
        #expect(fault(damaged)?.hasPrefix("cells.csv: error: the gzip data") == true)
        #expect(fault([0x1F, 0x8B])?.hasPrefix("cells.csv: error: the gzip data") == true)
    }

    @Test func aGzipBombIsRefusedBeforeItFillsMemory() throws {
        // 20 MiB of "1" on one line pack into some 20 KiB; a line may have 16 MiB.
        let bomb = try gzip([UInt8](repeating: UInt8(ascii: "1"), count: 20 << 20))
        #expect(bomb.count < 1 << 17)
        #expect(fault(bomb)?.hasPrefix("cells.csv:1: error: the line is longer than 16 MiB") == true)
    }
}
