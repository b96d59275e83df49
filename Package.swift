// swift-tools-version: 6.2
import PackageDescription

/// On every target of ours: Swift 6, unsafe code says so, and a warning stops the build.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// Kernels stay optimised in debug builds: the numerical tests would take 13 to 30 times as long without.
///
/// That nobody writes what another reads at the same time is checked in debug builds only: in tissue that lives the check
/// took 6 % of the time (tumour-2d).
let kernels: [SwiftSetting] =
    settings + [
        .unsafeFlags(["-O"], .when(configuration: .debug)),
        .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
    ]

// The kernels are compiled three times from one folder (the others are links), chosen at run time by what the
// processor can do. Contraction is off in every one, so all three give the same bits.
#if arch(x86_64)
    let kernelTargets: [Target] = [
        .target(name: "KernelsV1", dependencies: ["CLanes"], swiftSettings: kernels),
        .target(
            name: "KernelsV3", dependencies: ["CLanes"],
            swiftSettings: kernels + [.unsafeFlags(["-Xcc", "-march=x86-64-v3"])]),
        .target(
            name: "KernelsV4", dependencies: ["CLanes"],
            swiftSettings: kernels + [.unsafeFlags(["-Xcc", "-march=x86-64-v4"])]),
    ]
    let kernelNames: [Target.Dependency] = ["KernelsV1", "KernelsV3", "KernelsV4"]
#else
    let kernelTargets: [Target] = [.target(name: "KernelsV1", dependencies: ["CLanes"], swiftSettings: kernels)]
    let kernelNames: [Target.Dependency] = ["KernelsV1"]
#endif

// Debian names the serial library apart from the MPI one; Homebrew has one.
#if os(macOS)
    let hdf5 = "hdf5"
#else
    let hdf5 = "hdf5-serial"
#endif

/// The catalogue's SQLite; the system brings the library (on Debian: libsqlite3-dev).
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")

/// A room of ours: its name and what it may import; `exclude` names folders that are not Swift.
func room(
    _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [],
    settings: [SwiftSetting] = settings
) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

/// The tests of a room; `exclude` names folders with files they read.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

let package = Package(
    name: "Paracrine",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "paracrine", targets: ["Commands"]),
        .library(
            name: "ParacrineKit",
            targets: [
                "Biology", "ModelFiles", "Catalogue", "Tables", "Simulation", "Networks", "NetworkFiles",
                "WellMixed", "Tissue", "Results", "Analysis", "Exports",
            ]),
    ],
    dependencies: [
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // One C library each, nothing else.
        .target(name: "CLanes"),
        .target(name: "CCatalogue"),
        .systemLibrary(name: "CHDF5", pkgConfig: hdf5, providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        // Headers alone: the library is opened when a file needs it.
        .systemLibrary(name: "CSBML", providers: [.apt(["libsbml5-dev"])]),
        // The rooms, each with what it may import: ARCHITECTURE.md says why.
        room("Biology"),
        room("ModelFiles", ["Biology", .product(name: "Yams", package: "Yams")]),
        room("Catalogue", ["Biology", "CCatalogue", grdb], exclude: ["Tables"]),
        room("HDF5", ["CHDF5"]),
        room("Tables", ["Biology", "Simulation", "HDF5", "CZlib"]),
        room("Simulation", ["Biology", "CLanes"], settings: kernels),
        room("Networks", ["Biology", "Simulation", "CLanes"] + kernelNames, settings: kernels),
        room("NetworkFiles", ["Biology", "CSBML"], settings: kernels),
        room("WellMixed", ["Biology", "Simulation", "Networks"], settings: kernels),
        room("Tissue", ["Biology", "Simulation", "Networks", "CLanes"] + kernelNames, settings: kernels),
        room("Results", ["Biology", "Simulation", "HDF5"]),
        room("Analysis", ["Biology", "Simulation", "Results"]),
        room("Exports", ["Biology", "Simulation", "Results", "HDF5"]),
        .executableTarget(
            name: "Commands",
            dependencies: [
                "Biology", "ModelFiles", "Catalogue", "Tables", "Simulation", "Networks", "NetworkFiles",
                "WellMixed", "Tissue", "Results", "Analysis", "Exports",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        // What tests share: exact solutions with their sources, and other people's readers.
        .target(name: "AnalyticSolutions", path: "Tests/AnalyticSolutions", swiftSettings: kernels),
        .target(name: "PythonReaders", path: "Tests/PythonReaders", swiftSettings: settings),
        tests("BiologyTests", ["Biology"]),
        tests("ModelFilesTests", ["ModelFiles", "Biology", "PythonReaders"], exclude: ["Models"]),
        tests("CatalogueTests", ["Catalogue", "Biology", "ModelFiles", grdb]),
        tests("HDF5Tests", ["HDF5", "CHDF5"]),
        tests("TablesTests", ["Tables", "Biology", "Simulation", "HDF5", "CZlib"]),
        tests("SimulationTests", ["Simulation", "Biology"]),
        tests("NetworksTests", ["Networks", "Biology", "Simulation", "AnalyticSolutions"]),
        tests("NetworkFilesTests", ["NetworkFiles", "Networks", "Biology", "Simulation"]),
        tests("WellMixedTests", ["WellMixed", "ModelFiles", "Networks", "Tissue", "Biology", "Simulation"]),
        tests("TissueTests", ["Tissue", "Biology", "Simulation", "AnalyticSolutions"]),
        tests("BodyTests", ["Tissue", "ModelFiles", "Biology", "Simulation", "AnalyticSolutions"]),
        tests("ResultsTests", ["Results", "Biology", "Simulation", "HDF5", "PythonReaders"]),
        tests("AnalysisTests", ["Analysis", "ModelFiles", "Biology", "Simulation", "Results", "PythonReaders"]),
        tests("ExportsTests", ["Exports", "Biology", "Simulation", "Results", "HDF5", "PythonReaders"]),
        tests(
            "PhysicsTests",
            [
                "ModelFiles", "Tables", "Biology", "Simulation", "Networks", "NetworkFiles", "WellMixed", "Tissue",
                "Results", "Analysis", "AnalyticSolutions",
            ],
            exclude: ["Validation"]),
        tests("GoldenTests", [], exclude: ["Golden"]),
        tests("TidyTests", []),
    ] + kernelTargets,
    swiftLanguageModes: [.v6]
)
