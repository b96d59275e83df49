// TissueTests
