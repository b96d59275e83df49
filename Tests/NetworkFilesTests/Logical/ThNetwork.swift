import Biology
import Foundation
import Testing

@testable import NetworkFiles

/// The network of T-helper differentiation, 23 nodes, and where its published files are.
///
/// Source: Mendoza & Xenarios (2006), Theor Biol Med Model 3:13, doi:10.1186/1742-4682-3-13, as kept in ../shared/facts
/// (V10).
enum ThNetwork {
    static let text = """
        targets, factors
        GATA3, (STAT6 | GATA3) & !Tbet
        Tbet, (STAT1 | Tbet) & !GATA3
        IFNg, (Tbet | STAT4 | IRAK | NFAT) & !STAT3
        IFNgR, IFNg
        JAK1, IFNgR & !SOCS1
        STAT1, JAK1 | IFNbR
        SOCS1, STAT1 | Tbet
        IFNbR, IFNb
        IL4, GATA3 & !STAT1
        IL4R, IL4 & !SOCS1
        STAT6, IL4R
        IL10, GATA3
        IL10R, IL10
        STAT3, IL10R
        IL12R, IL12
        STAT4, IL12R & !GATA3
        IL18R, IL18 & !STAT6
        IRAK, IL18R
        NFAT, TCR
        """

    static let inputs = ["IFNb", "IL12", "IL18", "TCR"]
    static let th1: Set<String> = ["IFNg", "IFNgR", "SOCS1", "Tbet"]
    static let th2: Set<String> = ["GATA3", "IL4", "IL4R", "STAT6", "IL10", "IL10R", "STAT3"]

    static func network(_ text: String = text) throws -> BooleanNetwork {
        try BooleanNetworkFile.read(text: Array(text.utf8), file: "Th.bnet", name: "Th").network
    }

    /// Published files, which are kept beside the repository and not in it.
    static func published(_ name: String) -> String? {
        var root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let path = root.appendingPathComponent("../shared/models/\(name)").standardizedFileURL.path
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }
}
