import Biology
import Catalogue
import Foundation
import Synchronization

/// The catalogue for a model file, opened at most once and only where it is asked for.
final class OpenCatalogue: Sendable {
    private struct Opened {
        var catalogue: ParameterCatalogue?
        /// By what pins it: a model is read many times where doses are scored.
        var readers: [String: CatalogueReader] = [:]
    }

    private let opened: Mutex<Opened>

    /// Reads the tables to lay over it, so that what is wrong with them is said before anything else.
    init(overlays: [String]) throws {
        let folders = overlays.map { URL(fileURLWithPath: $0, isDirectory: true) }
        opened = Mutex(Opened(catalogue: folders.isEmpty ? nil : try ParameterCatalogue.builtin(overlays: folders)))
    }

    func reader(_ pin: String) throws(TextProblem) -> CatalogueReader {
        if let reader = opened.withLock({ $0.readers[pin] }) { return reader }
        let reader = try catalogue().reader(pinned: pin)
        opened.withLock { $0.readers[pin] = reader }
        return reader
    }

    private func catalogue() -> ParameterCatalogue {
        opened.withLock { opened in
            if let catalogue = opened.catalogue { return catalogue }
            do {
                let builtin = try ParameterCatalogue.builtin()
                opened.catalogue = builtin
                return builtin
            } catch {
                preconditionFailure("the tables in the program keep their rules: \(error)")
            }
        }
    }
}
