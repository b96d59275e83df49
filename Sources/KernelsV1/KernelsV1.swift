// Room KernelsV1.
