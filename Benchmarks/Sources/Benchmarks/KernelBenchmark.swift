/// Replaced below.
enum KernelBenchmark {
    static func run() {}
}
