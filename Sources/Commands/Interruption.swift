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

    /// From now on the run is asked, not killed; and a reader of messages that goes away does not end it.
    static func watch() {
        // A parent may have started us with these held back.
        var asked = sigset_t()
        unsafe sigemptyset(&asked)
        for number in [SIGINT, SIGTERM] {
            unsafe sigaddset(&asked, number)
            signal(number) { number in
                Interruption.wasAsked.store(true, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
        }
        unsafe pthread_sigmask(SIG_UNBLOCK, &asked, nil)
    }
}
