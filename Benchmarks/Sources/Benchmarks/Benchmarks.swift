import Foundation

/// Measures the engine: per-unit costs and ratios, printed, never gated.
///
/// `swift run -c release Benchmarks [niche | kernels | cells | motion | allocations
///   | model PATH [--table PATH] [--hours H] [--threads N] | communication PATH (the same options)
///   | sensitivity [MEASUREMENT.csv [FIGURE.svg]] | stiff | networks | inside | ssa
///   | boolean NETWORK [CFG] | crowd [CELLS ...]
///   | tumour-26k [HOURS [THREADS [SECONDS-BETWEEN-RULES [SEED]]]] | tumour-2d (the same)]`
@main
enum Benchmarks {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments.first {
        case "niche": try NicheBenchmark.run()
        case "kernels": KernelBenchmark.run()
        case "cells": try CellBenchmark.run()
        case "motion": MotionBenchmark.run()
        case "allocations": try AllocationBenchmark.run()
        case "model": try ModelBenchmark.run(Array(arguments.dropFirst()))
        case "communication": try ModelBenchmark.communication(Array(arguments.dropFirst()))
        case "sensitivity": try SensitivityBenchmark.run(Array(arguments.dropFirst()))
        case "stiff": try StiffBenchmark.run()
        case "networks": try NetworkBenchmark.run()
        case "inside": try InsideBenchmark.run()
        case "ssa": try ChanceBenchmark.run()
        case "tumour-26k", "tumour-2d":
            try TumourBenchmark.run(flat: arguments[0] == "tumour-2d", Array(arguments.dropFirst()))
        case "crowd": try CrowdBenchmark.run(Array(arguments.dropFirst()))
        case "boolean": try BooleanBenchmark.run(Array(arguments.dropFirst()))
        default:
            try NicheBenchmark.run()
            KernelBenchmark.run()
            try CellBenchmark.run()
            try AllocationBenchmark.run()
        }
    }

    /// Processor time of all threads, s.
    static var processorTime: Double {
        var t = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t)
        return Double(t.tv_sec) + 1e-9 * Double(t.tv_nsec)
    }

    static var wallTime: Double {
        var t = timespec()
        clock_gettime(CLOCK_MONOTONIC, &t)
        return Double(t.tv_sec) + 1e-9 * Double(t.tv_nsec)
    }

    /// Largest resident memory so far, MB.
    static var peakMemory: Double {
        var usage = rusage()
        #if os(macOS)
            getrusage(RUSAGE_SELF, &usage)
            return Double(usage.ru_maxrss) / 1e6
        #else
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return Double(usage.ru_maxrss) / 1e3
        #endif
    }
}
