// BiologyTests
