import CHDF5
import Synchronization

/// The HDF5 library keeps global state and is not safe to enter from two threads: every call goes through this.
private let library = Mutex<Void>(())

/// Turns off the library's locks on files, before its first use.
///
/// They fail on many network file systems, and a process started meanwhile inherits them and keeps a file shut that was
/// closed long ago. Nothing is lost: a file is written aside by one writer and renamed when it is whole.
private let withoutFileLocks: Void = h5_lock_no_files()

/// Runs `body` alone in the HDF5 library, its own error printing off.
func inLibrary<Result: Sendable>(_ body: () throws(HDF5Error) -> Result) throws(HDF5Error) -> Result {
    try library.withLock { _ throws(HDF5Error) in
        withoutFileLocks
        h5_silence()
        return try body()
    }
}

/// An HDF5 file; things in it are named by their path, such as "cells/x".
///
/// Calls from several threads wait for each other, because the library underneath is not thread-safe. A file that is
/// read is not trusted: shapes are checked before anything is allocated, and links into other files are refused. A
/// file damaged on purpose can still upset the HDF5 library itself, which has had such faults.
public final class HDF5File {
    public let path: String
    private var id: hid_t
    let isWritable: Bool

    /// A dataset with more elements is refused.
    ///
    /// Chosen: 1.6 GB of doubles, far above any table or frame of ours.
    public static let largestElementCount = 200_000_000

    private init(path: String, id: hid_t, isWritable: Bool) {
        self.path = path
        self.id = id
        self.isWritable = isWritable
    }

    deinit { try? close() }

    /// Creates an empty file, replacing one that is there.
    public static func create(at path: String) throws(HDF5Error) -> HDF5File {
        let id = try inLibrary { () throws(HDF5Error) in
            let id = unsafe H5Fcreate(path, h5_truncate(), h5_default(), h5_default())
            guard id >= 0 else {
                throw HDF5Error(
                    path: path, problem: "cannot create this file",
                    fix: "check that its folder exists and may be written to, and that no other program has it open")
            }
            return id
        }
        return HDF5File(path: path, id: id, isWritable: true)
    }

    /// Opens a file for reading.
    public static func open(at path: String) throws(HDF5Error) -> HDF5File {
        let id = try inLibrary { () throws(HDF5Error) in
            let id = unsafe H5Fopen(path, h5_read_only(), h5_default())
            guard id >= 0 else {
                throw HDF5Error(
                    path: path, problem: "cannot read this as an HDF5 file",
                    fix: "check that it exists, may be read and is complete; copy it again if a download was cut short")
            }
            return id
        }
        return HDF5File(path: path, id: id, isWritable: false)
    }

    /// Writes what is pending and closes the file; nothing else may be called after it.
    public func close() throws(HDF5Error) {
        guard id >= 0 else { return }
        let closing = id
        id = -1
        let path = path
        try inLibrary { () throws(HDF5Error) in
            guard H5Fclose(closing) >= 0 else {
                throw HDF5Error(
                    path: path, problem: "cannot finish writing this file", fix: "check that its disk is not full")
            }
        }
    }

    /// Creates a group with the groups above it; one that exists stays as it is.
    public func createGroup(_ name: String) throws(HDF5Error) {
        try inLibrary { () throws(HDF5Error) in
            guard try objectKind(of: name) != .group else { return }
            let list = try linkCreation()
            defer { H5Pclose(list) }
            let group = try unsafe H5Gcreate2(file(), name, list, h5_default(), h5_default())
            guard group >= 0 else { throw error("cannot create group '\(name)'", writeFix) }
            H5Gclose(group)
        }
    }

    public func contains(_ name: String) throws(HDF5Error) -> Bool { try kind(of: name) != nil }

    /// What stands at a name; `nil` where nothing does.
    public func kind(of name: String) throws(HDF5Error) -> HDF5ObjectKind? {
        try inLibrary { () throws(HDF5Error) in try objectKind(of: name) }
    }

    /// The names in a group, sorted.
    public func children(of group: String = "/") throws(HDF5Error) -> [String] {
        try inLibrary { () throws(HDF5Error) in
            guard try objectKind(of: group) == .group else {
                throw error("has no group '\(group)'", "check that this is the file you mean")
            }
            let id = try unsafe H5Gopen2(file(), group, h5_default())
            guard id >= 0 else { throw error("cannot open group '\(group)'", damageFix) }
            defer { H5Gclose(id) }
            let names = LinkNames()
            let status = withExtendedLifetime(names) {
                unsafe h5_visit_links(
                    id,
                    { _, name, _, context in
                        guard let name = unsafe name, let context = unsafe context else { return -1 }
                        let names = unsafe Unmanaged<LinkNames>.fromOpaque(context).takeUnretainedValue()
                        guard names.found.count < LinkNames.most else { return 1 }
                        names.found.append(unsafe String(cString: name))
                        return 0
                    }, Unmanaged.passUnretained(names).toOpaque())
            }
            guard status >= 0 else { throw error("cannot list group '\(group)'", damageFix) }
            guard status == 0 else {
                throw error(
                    "group '\(group)' has more than \(LinkNames.most) members", "check that this is the file you mean")
            }
            return names.found
        }
    }
}

/// Gathers the names of a group's links.
private final class LinkNames {
    var found: [String] = []
    /// Chosen: above the columns of any table, and small enough to list in a moment.
    static let most = 1_000_000
}

// MARK: - Inside the library

extension HDF5File {
    var writeFix: String { "check that the disk is not full and that each name is used once" }
    var damageFix: String { "the file may be damaged: copy or export it again" }

    func error(_ problem: String, _ fix: String) -> HDF5Error { HDF5Error(path: path, problem: problem, fix: fix) }

    func file() throws(HDF5Error) -> hid_t {
        guard id >= 0 else { throw error("is already closed", "open it again") }
        return id
    }

    func linkCreation() throws(HDF5Error) -> hid_t {
        let list = h5_link_creation()
        guard list >= 0, H5Pset_create_intermediate_group(list, 1) >= 0 else {
            throw error("cannot prepare a group", writeFix)
        }
        return list
    }

    /// What stands at a name, every step on the way checked: HDF5 fails on a path with a missing middle.
    func objectKind(of name: String) throws(HDF5Error) -> HDF5ObjectKind? {
        guard !name.utf8.contains(0) else { return nil }
        var walked = ""
        for part in name.split(separator: "/") {
            walked += "/" + part
            guard unsafe H5Lexists(try file(), walked, h5_default()) > 0 else { return nil }
            guard unsafe h5_link_leaves_file(try file(), walked) == 0 else {
                throw error("'\(walked)' is a link into another file", "store the data itself in this file")
            }
            guard unsafe H5Oexists_by_name(try file(), walked, h5_default()) > 0 else { return nil }
        }
        let object = unsafe H5Oopen(try file(), walked.isEmpty ? "/" : walked, h5_default())
        guard object >= 0 else { throw error("cannot open '\(name)'", damageFix) }
        defer { H5Oclose(object) }
        return switch H5Iget_type(object) {
        case H5I_GROUP: .group
        case H5I_DATASET: .dataset
        default: .other
        }
    }
}
