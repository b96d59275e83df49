import CHDF5
import Foundation
import Testing

@testable import HDF5

/// Files as other programs, careless or hostile, write them, made with the library itself.
@Suite struct ForeignFileTests {
    /// Makes a file with `make`, alone in the library, and reads it with `body`.
    private func withForeignFile(_ make: (hid_t) -> Void, _ body: (HDF5File) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("paracrine-\(UUID().uuidString).h5")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try inLibrary { () throws(HDF5Error) in
            let file = unsafe H5Fcreate(path, h5_truncate(), h5_default(), h5_default())
            make(file)
            H5Fclose(file)
        }
        let file = try HDF5File.open(at: path)
        try body(file)
        try file.close()
    }

    @Test(arguments: [H5T_STR_NULLTERM, H5T_STR_NULLPAD, H5T_STR_SPACEPAD])
    func textsOfFixedLengthLoseTheirPadding(padding: H5T_str_t) throws {
        let fill: UInt8 = padding == H5T_STR_SPACEPAD ? 32 : 0
        let texts = ["Th", "Treg", ""].map { Array($0.utf8) + Array(repeating: fill, count: 6 - $0.utf8.count) }
        try withForeignFile { file in
            let type = H5Tcopy(h5_string())
            H5Tset_size(type, 6)
            H5Tset_strpad(type, padding)
            let space = unsafe H5Screate_simple(1, [3], nil)
            let dataset = unsafe H5Dcreate2(file, "labels", type, space, h5_default(), h5_default(), h5_default())
            unsafe H5Dwrite(dataset, type, h5_all(), h5_all(), h5_default(), texts.flatMap { $0 })
            H5Dclose(dataset)
        } _: { file in
            let texts = try file.readTexts("labels")
            #expect(texts == ["Th", "Treg", ""])
        }
    }

    @Test func aShapeLargerThanTheFileCanHoldIsRefusedBeforeItIsAllocated() throws {
        try withForeignFile { file in
            for (name, extents) in [("long", [1 << 40]), ("wide", [1 << 33, 1 << 33]), ("hollow", [150_000_000])] {
                let chunks = h5_dataset_creation()
                unsafe H5Pset_chunk(chunks, Int32(extents.count), extents.map { _ in 64 })
                let space = unsafe H5Screate_simple(Int32(extents.count), extents.map { hsize_t($0) }, nil)
                H5Dclose(
                    unsafe H5Dcreate2(file, name, h5_stored_float64(), space, h5_default(), chunks, h5_default()))
            }
        } _: { file in
            for name in ["long", "wide", "hollow"] {
                let fault = #expect(throws: HDF5Error.self) { try file.read(name, as: Double.self) }
                #expect(fault?.problem.hasPrefix("'\(name)' claims the shape [") == true)
            }
        }
    }

    @Test func linksAndDataInOtherFilesAreRefused() throws {
        try withForeignFile { file in
            unsafe H5Lcreate_external("/etc/other.h5", "/x", file, "link", h5_default(), h5_default())
            let outside = h5_dataset_creation()
            unsafe H5Pset_external(outside, "/etc/passwd", 0, 64)
            let space = unsafe H5Screate_simple(1, [64], nil)
            H5Dclose(unsafe H5Dcreate2(file, "data", h5_stored_uint8(), space, h5_default(), outside, h5_default()))
        } _: { file in
            let link = #expect(throws: HDF5Error.self) { try file.read("link", as: Int.self) }
            #expect(link?.problem == "'/link' is a link into another file")
            let data = #expect(throws: HDF5Error.self) { try file.read("data", as: Int.self) }
            #expect(data?.problem == "'data' keeps its data in another file")
        }
    }

    @Test func linksThatLeadNowhereOrInCirclesAreNothing() throws {
        try withForeignFile { file in
            unsafe H5Lcreate_soft("/b", file, "a", h5_default(), h5_default())
            unsafe H5Lcreate_soft("/a", file, "b", h5_default(), h5_default())
            unsafe H5Lcreate_soft("/missing", file, "c", h5_default(), h5_default())
        } _: { file in
            for name in ["a", "b", "c", "a/b/c"] {
                let isThere = try file.contains(name)
                #expect(!isThere)
            }
        }
    }
}
