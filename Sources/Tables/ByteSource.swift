import CZlib
import Foundation

/// A file's bytes piece by piece, unpacked where they are packed by gzip.
///
/// Never holds more than a piece, and never gives more than ``largestSize``.
final class ByteSource {
    /// Chosen: above any table of 2·10⁷ cells, below what would take minutes to read in vain.
    static let largestSize = 4 << 30
    private static let pieceSize = 1 << 18

    let path: String
    private let file: FileHandle
    private var ahead: Data
    private let inflater: Inflater?
    private var given = 0

    init(_ path: String) throws(TableError) {
        self.path = path
        let kind = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        let target = kind == .typeSymbolicLink ? URL(fileURLWithPath: path).resolvingSymlinksInPath().path : path
        let type = try? FileManager.default.attributesOfItem(atPath: target)[.type] as? FileAttributeType
        guard let type else {
            throw TableError(
                path: path, problem: "there is no such file",
                fix: "check the path")
        }
        guard type == .typeRegular, let file = FileHandle(forReadingAtPath: path) else {
            throw TableError(
                path: path, problem: "this is not a file that can be read", fix: "give a CSV or AnnData file")
        }
        self.file = file
        guard let ahead = try? file.read(upToCount: ByteSource.pieceSize) ?? Data() else {
            throw TableError(path: path, problem: "cannot read this file", fix: "check that you may read it")
        }
        self.ahead = ahead
        inflater = ahead.starts(with: [0x1F, 0x8B]) ? try Inflater(path) : nil
    }

    deinit { try? file.close() }

    var isHDF5: Bool { ahead.starts(with: [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]) }

    /// The next bytes, some 256 KiB; `nil` at the end.
    func next() throws(TableError) -> [UInt8]? {
        let piece: [UInt8]
        if let inflater { piece = try unpacked(inflater) } else { piece = try packed() }
        given += piece.count
        guard given <= ByteSource.largestSize else {
            throw TableError(
                path: path, problem: "the table is larger than 4 GiB", fix: "cut out the columns and rows you need")
        }
        return piece.isEmpty ? nil : piece
    }

    /// The next bytes as they are in the file; empty at its end.
    private func packed() throws(TableError) -> [UInt8] {
        if !ahead.isEmpty {
            defer { ahead = Data() }
            return Array(ahead)
        }
        do {
            return try Array(file.read(upToCount: ByteSource.pieceSize) ?? Data())
        } catch {
            throw TableError(path: path, problem: "cannot read on in this file", fix: "check the disk it is on")
        }
    }

    private func unpacked(_ inflater: Inflater) throws(TableError) -> [UInt8] {
        while true {
            if inflater.isHungry {
                let more = try packed()
                guard !more.isEmpty else {
                    try inflater.finish()
                    return []
                }
                inflater.feed(more)
            }
            let piece = try inflater.next(atMost: ByteSource.pieceSize)
            if !piece.isEmpty { return piece }
        }
    }
}

/// Unpacks gzip, one member after another, as `cat a.gz b.gz` or bgzip leave them.
///
/// Safe: it alone owns the stream, from its start to its end, and every call bounds what zlib may touch.
@safe private final class Inflater {
    private let path: String
    private let stream: UnsafeMutablePointer<z_stream>
    private var input: [UInt8] = []
    private var consumed = 0
    private var isBetweenMembers = true

    init(_ path: String) throws(TableError) {
        self.path = path
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // 15: the largest window; + 16: gzip and nothing else.
        let status = unsafe inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            throw TableError(path: path, problem: "cannot unpack gzip here", fix: "unpack the file by hand")
        }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    var isHungry: Bool { consumed == input.count }

    func feed(_ bytes: [UInt8]) {
        input = bytes
        consumed = 0
    }

    /// Unpacks some of the input; may give nothing while it still takes input.
    func next(atMost size: Int) throws(TableError) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: size)
        let (status, taken, made) = unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe stream.pointee.next_in = input.baseAddress.map { unsafe $0 + consumed }
                unsafe stream.pointee.avail_in = UInt32(input.count - consumed)
                unsafe stream.pointee.next_out = output.baseAddress
                unsafe stream.pointee.avail_out = UInt32(output.count)
                let status = unsafe inflate(stream, Z_NO_FLUSH)
                let left = unsafe (Int(stream.pointee.avail_in), Int(stream.pointee.avail_out))
                return (status, input.count - consumed - left.0, output.count - left.1)
            }
        }
        consumed += taken
        isBetweenMembers = status == Z_STREAM_END
        if status == Z_STREAM_END { unsafe inflateReset(stream) }
        let isStuck = taken == 0 && made == 0
        guard status == Z_STREAM_END || status == Z_OK, !isStuck else {
            throw TableError(
                path: path, problem: "the gzip data is damaged",
                fix: "copy or download the file again; 'gzip -t' tests it")
        }
        output.removeLast(size - made)
        return output
    }

    func finish() throws(TableError) {
        guard isBetweenMembers else {
            throw TableError(
                path: path, problem: "the gzip data ends in the middle",
                fix: "copy or download the file again; 'gzip -t' tests it")
        }
    }
}
