import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Whether the user (Ctrl-C) or the system has asked the program to stop; a second request stops it at once.
enum Interruption {
    private static let wasAsked = Atomic<Bool>(false)

    static var isRequested: Bool { wasAsked.load(ordering: .relaxed) }

    static func watch() {
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                Interruption.wasAsked.store(true, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
        }
    }
}
