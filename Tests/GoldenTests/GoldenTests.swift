// GoldenTests
