// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "Paracrine", path: "..")],
    targets: [
        .target(name: "CAllocations"),
        .executableTarget(
            name: "Benchmarks", dependencies: [.product(name: "ParacrineKit", package: "Paracrine"), "CAllocations"]),
    ],
    swiftLanguageModes: [.v6]
)
