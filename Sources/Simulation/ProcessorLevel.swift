import CLanes

/// What this processor can do, as x86-64 levels count it.
public enum ProcessorLevel {
    /// Of kernels compiled for every x86-64 processor, for level 3 and for level 4, those that run here, the most able last.
    public static func able<Kernels>(_ baseline: Kernels, _ level3: Kernels, _ level4: Kernels) -> [Kernels] {
        let level = cl_processor_level()
        return [baseline] + (level >= 3 ? [level3] : []) + (level >= 4 ? [level4] : [])
    }
}
