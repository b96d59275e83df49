// ResultsTests
