// PhysicsTests
