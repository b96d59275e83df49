import Foundation

/// libRoadRunner and COPASI, run by `peers.py` in a virtual environment.
enum Peers {
    /// What one tool did at one tolerance; processor time, s.
    struct Course {
        var tool: String
        var tolerance, load, run: Double
        var names: [String]
        /// [time][name].
        var values: [Double]
    }

    static let python = "/tmp/venv-rr/bin/python"
    static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "peers.py").path
    static var areThere: Bool { FileManager.default.isExecutableFile(atPath: python) }

    /// Every course of every tool, or nothing where the tools are not there.
    static func courses(_ model: String, times: [Double], tolerances: [Double], scale: Double) throws -> [Course] {
        try run(["course", model, list(times), list(tolerances), "\(scale)"]).compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard words.first == "course", let count = Int(words[5]) else { return nil }
            let numbers = words[2...4].compactMap(Double.init)
            return Course(
                tool: words[1], tolerance: numbers[0], load: numbers[1], run: numbers[2],
                names: Array(words[6..<6 + count]), values: words[(6 + count)...].compactMap(Double.init))
        }
    }

    /// Of each tolerance the time of all runs, s, and where cells end, [cell][name].
    static func cells(
        _ model: String, starts: String, end: Double, tolerances: [Double], count: Int
    ) throws -> [(tolerance: Double, load: Double, run: Double, values: [Double])] {
        try run(["cells", model, starts, "\(end)", list(tolerances), "\(count)"]).compactMap { line in
            let words = line.split(separator: " ")
            guard words.first == "cells" else { return nil }
            let numbers = words.dropFirst().compactMap { Double($0) }
            return (numbers[0], numbers[1], numbers[2], Array(numbers[4...]))
        }
    }

    /// Of each tool and method the time of so many runs by exact chance, s, and a species' mean at the end.
    static func chance(
        _ model: String, end: Double, runs: Int, species: String
    ) throws -> [(name: String, time: Double, mean: Double)] {
        try run(["chance", model, "\(end)", "\(runs)", species]).compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard words.first == "chance", let time = Double(words[3]), let mean = Double(words[4]) else { return nil }
            return ("\(words[1]) \(words[2])", time, mean)
        }
    }

    private static func list(_ numbers: [Double]) -> String { numbers.map { "\($0)" }.joined(separator: ",") }

    private static func run(_ arguments: [String]) throws -> [String] {
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = [script] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
