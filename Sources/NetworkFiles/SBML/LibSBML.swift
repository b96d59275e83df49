import CSBML
import Foundation
import Synchronization

/// libSBML, opened at the first file that needs it: loading it takes 20 ms, which other commands should not pay.
///
/// Its functions read and write tables of the whole library, so one thread at a time is in it.
final class LibSBML: Sendable {
    let call: CSBMLFunctions

    private init(_ call: CSBMLFunctions) { self.call = call }

    private struct Missing: Error { let name: String }
    private static let turn = Mutex(())

    /// The library, or the name of what is missing.
    private static let opened: Result<LibSBML, Missing> = {
        let table = UnsafeMutablePointer<CSBMLFunctions>.allocate(capacity: 1)
        defer { unsafe table.deallocate() }
        if let missing = unsafe csbml_open(table) { return .failure(Missing(name: unsafe String(cString: missing))) }
        return .success(LibSBML(unsafe table.pointee))
    }()

    /// Does something with the library while no other thread is in it.
    static func use<Value>(
        for file: String, _ body: (LibSBML) throws(NetworkFileProblems) -> sending Value
    ) throws(NetworkFileProblems) -> sending Value {
        switch opened {
        case .success(let library):
            try turn.withLock { _ throws(NetworkFileProblems) in try body(library) }
        case .failure(let missing):
            throw NetworkFileProblems([
                NetworkFileProblem(
                    .malformed, file: file,
                    problem: "SBML cannot be read or written: the library libSBML 5.19 or later is not there "
                        + "(\(missing.name))",
                    fix: "install it; on Debian and Ubuntu: apt-get install libsbml5")
            ])
        }
    }
}

/// A document of the library, freed at its end.
@safe final class SBMLDocument {
    let library: LibSBML
    private let pointer: OpaquePointer

    init?(_ library: LibSBML, reading bytes: [UInt8]) {
        let text = bytes + [0]
        let read = unsafe text.withUnsafeBytes { buffer in
            unsafe library.call.readSBMLFromString(buffer.baseAddress?.assumingMemoryBound(to: CChar.self))
        }
        guard let read = unsafe read else { return nil }
        self.library = library
        unsafe pointer = read
    }

    deinit { unsafe library.call.SBMLDocument_free(pointer) }

    /// Valid as long as this document is.
    var element: SBMLElement { unsafe SBMLElement(pointer, library) }
}

/// Something in a document of the library; valid as long as the document is.
@safe struct SBMLElement {
    let library: LibSBML
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer, _ library: LibSBML) {
        unsafe self.pointer = pointer
        self.library = library
    }

    var call: CSBMLFunctions { library.call }

    /// What the library says in words; "" for nothing.
    func text(_ get: (OpaquePointer?) -> UnsafePointer<CChar>?) -> String {
        guard let characters = unsafe get(pointer) else { return "" }
        return unsafe String(cString: characters)
    }

    /// Words that the library made for the caller.
    func ownText(_ get: (OpaquePointer?) -> UnsafeMutablePointer<CChar>?) -> String {
        guard let characters = unsafe get(pointer) else { return "" }
        defer { unsafe free(characters) }
        return unsafe String(cString: characters)
    }

    func flag(_ get: (OpaquePointer?) -> Int32) -> Bool { unsafe get(pointer) != 0 }

    func number(_ get: (OpaquePointer?) -> Double) -> Double { unsafe get(pointer) }

    func part(_ get: (OpaquePointer?) -> OpaquePointer?) -> SBMLElement? {
        unsafe get(pointer).map { unsafe SBMLElement($0, library) }
    }

    func parts(
        _ count: (OpaquePointer?) -> UInt32, _ get: (OpaquePointer?, UInt32) -> OpaquePointer?
    ) -> [SBMLElement] {
        unsafe (0..<count(pointer)).compactMap { index in
            unsafe get(pointer, index).map { unsafe SBMLElement($0, library) }
        }
    }

    /// Where it stands in its file; 0 where the library does not know.
    var place: (line: Int, column: Int) {
        unsafe (Int(call.SBase_getLine(pointer)), Int(call.SBase_getColumn(pointer)))
    }
}
