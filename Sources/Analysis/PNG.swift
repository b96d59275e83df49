/// Small pictures with up to 256 colours, as PNG bytes; runs of equal pixels are packed, nothing else is.
///
/// Source: PNG, W3C Recommendation (2003); zlib and deflate, RFC 1950 and RFC 1951.
enum PNG {
    /// `pixels` are indices into `palette`, rows from the top.
    static func bytes(width: Int, height: Int, pixels: [UInt8], palette: [[UInt8]]) -> [UInt8] {
        precondition(pixels.count == width * height, "a picture has one pixel a place")
        var rows: [UInt8] = []
        rows.reserveCapacity((width + 1) * height)
        for row in 0..<height {
            rows.append(0)
            rows += pixels[row * width..<(row + 1) * width]
        }
        var png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        png += chunk("IHDR", bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, 3, 0, 0, 0])
        png += chunk("PLTE", palette.flatMap(\.self))
        png += chunk("IDAT", zlib(rows))
        png += chunk("IEND", [])
        return png
    }

    private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + data
        return bigEndian(UInt32(data.count)) + body + bigEndian(crc32(body))
    }

    private static func zlib(_ data: [UInt8]) -> [UInt8] { [0x78, 0x01] + deflated(data) + bigEndian(adler32(data)) }

    /// One block with the fixed code: literals, and matches at distance 1 for runs.
    private static func deflated(_ data: [UInt8]) -> [UInt8] {
        var bits = BitWriter()
        bits.put(0b011, 3)
        var index = 0
        while index < data.count {
            let byte = data[index]
            var run = 1
            while run < 259, index + run < data.count, data[index + run] == byte { run += 1 }
            bits.put(literal: byte)
            index += 1
            if run < 4 { continue }
            bits.put(run: run - 1)
            index += run - 1
        }
        bits.put(0, 7)
        return bits.finished()
    }

    private struct BitWriter {
        private var bytes: [UInt8] = []
        private var pending: UInt64 = 0
        private var count = 0

        /// Low bit first, as deflate packs all but its codes.
        mutating func put(_ value: Int, _ bits: Int) {
            pending |= UInt64(value) << UInt64(count)
            count += bits
            while count >= 8 {
                bytes.append(UInt8(truncatingIfNeeded: pending))
                pending >>= 8
                count -= 8
            }
        }

        private mutating func put(code: Int, _ bits: Int) {
            for bit in (0..<bits).reversed() { put(code >> bit & 1, 1) }
        }

        mutating func put(literal byte: UInt8) {
            byte < 144 ? put(code: 0x30 + Int(byte), 8) : put(code: 0x190 + Int(byte) - 144, 9)
        }

        /// A match of 3...258 bytes at distance 1.
        mutating func put(run length: Int) {
            let base = PNG.lengthBases.lastIndex { $0 <= length } ?? 0
            let symbol = 257 + base
            symbol < 280 ? put(code: symbol - 256, 7) : put(code: 0xC0 + symbol - 280, 8)
            put(length - PNG.lengthBases[base], PNG.lengthExtraBits[base])
            put(0, 5)
        }

        mutating func finished() -> [UInt8] {
            if count > 0 { put(0, 8 - count) }
            return bytes
        }
    }

    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthExtraBits = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static func adler32(_ data: [UInt8]) -> UInt32 {
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in data {
            a = (a + UInt32(byte)) % 65521
            b = (b + a) % 65521
        }
        return b << 16 | a
    }

    private static func crc32(_ data: [UInt8]) -> UInt32 {
        ~data.reduce(~0) { crc, byte in crcTable[Int((crc ^ UInt32(byte)) & 0xFF)] ^ crc >> 8 }
    }

    private static let crcTable: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { crc, _ in crc & 1 == 1 ? 0xEDB8_8320 ^ crc >> 1 : crc >> 1 }
    }
}
