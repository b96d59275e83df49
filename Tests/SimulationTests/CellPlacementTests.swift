import Biology
import Simulation
import Testing

/// A box with cell types of radius 5 µm and the given counts.
func makeModel(
    _ size: [Double] = [240, 240, 240], spacing: Double = 10, counts: [String: CellCount?], _ placements: [Placement],
    seed: UInt64 = 1
) -> Model {
    var model = Model(
        name: "test", space: Space(size: size.map { .micrometres($0) }, spacing: .micrometres(spacing)),
        run: RunPlan(duration: .seconds(1), seed: seed))
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
        var type = CellType(name: name, radius: .micrometres(5))
        type.count = count
        model.cellTypes.append(type)
    }
    model.placements = placements
    return model
}

func lengths(_ values: Double...) -> [Length] { values.map { .micrometres($0) } }

/// The smallest gap between two cells, µm; negative where they overlap.
func smallestGap(_ cells: [PlacedCell]) -> Double {
    var gap = Double.infinity
    for (index, a) in cells.enumerated() {
        for b in cells[..<index] {
            let d = SIMD3(a.x - b.x, a.y - b.y, a.z - b.z)
            gap = min(gap, (d * d).sum().squareRoot() - a.radius - b.radius)
        }
    }
    return gap
}

@Suite struct CellPlacementTests {
    private func fault(_ model: Model) -> String? {
        #expect(throws: PlacementError.self) { try CellPlacement.place(model) }?.description
    }

    @Test func aLatticeFillsTheBoxHalfAPitchFromItsWalls() throws {
        let model = makeModel(
            counts: ["A": nil], [Placement(cellType: "A", pattern: .lattice(pitch: .micrometres(20)))])
        let placed = try CellPlacement.place(model)
        #expect(placed.cells.count == 12 * 12 * 12)
        #expect(placed.cells.map(\.id) == Array(0..<1728))
        #expect(placed.cells[0].x == 10 && placed.cells[0].y == 10 && placed.cells[0].z == 10)
        #expect(placed.cells[1].x == 30 && placed.cells[1].y == 10)
        #expect(placed.cells.last?.z == 230)
        #expect(placed.notes.isEmpty)
    }

    @Test func inASlabCellsStandAtMidDepth() throws {
        let patterns: [Placement.Pattern] = [
            .lattice(pitch: .micrometres(20)), .random, .cluster(count: 30, centre: lengths(100, 100)),
            .points([lengths(50, 60)]), .layer(axis: .y, from: .zero, to: .micrometres(50)),
        ]
        for pattern in patterns {
            let model = makeModel(
                [200, 200, 10], counts: ["A": .number(30)], [Placement(cellType: "A", pattern: pattern)])
            let cells = try CellPlacement.place(model).cells
            #expect(!cells.isEmpty && cells.allSatisfy { $0.z == 5 })
            #expect(smallestGap(cells) >= -1e-8)
        }
    }

    @Test func sharesOfALatticeAreExactToRounding() throws {
        let model = makeModel(
            counts: ["Tsec": .share(0.05), "Tresp": .share(0.85), "Treg": .share(0.1)],
            [
                Placement(cellType: "Tsec", pattern: .cluster(count: 4, centre: lengths(120, 120, 120))),
                Placement(cellType: nil, pattern: .lattice(pitch: .micrometres(20))),
            ])
        let cells = try CellPlacement.place(model).cells
        let names = cells.map { model.cellTypes[$0.typeIndex].name }
        // 8 sites around the centre are 17 µm from it: those that touch the cluster are left out.
        let free = 1728 - cells.count
        #expect(names.count { $0 == "Tsec" } == 4)
        let sites = Double(4 + 1728 - 8)
        #expect(abs(Double(names.count { $0 == "Tresp" }) - 0.85 * sites) <= 8)
        #expect(free > 0 && smallestGap(cells) >= -1e-8)
    }

    @Test func numbersAndSharesComeOutExactly() throws {
        let model = makeModel(
            counts: ["A": .number(17), "B": .share(0.25), "C": .share(0.5)],
            [Placement(cellType: nil, pattern: .lattice(pitch: .micrometres(20)))])
        let cells = try CellPlacement.place(model).cells
        #expect([0, 1, 2].map { type in cells.count { $0.typeIndex == type } } == [17, 432, 864])
    }

    @Test func theOneTypeWithoutACountFillsTheLattice() throws {
        let model = makeModel(
            counts: ["A": .number(100), "B": nil],
            [Placement(cellType: nil, pattern: .lattice(pitch: .micrometres(20)))])
        let cells = try CellPlacement.place(model).cells
        #expect(cells.count == 1728)
        #expect(cells.count { $0.typeIndex == 0 } == 100)
    }

    @Test func sharesGiveWayToCellsPlacedBeforeAndANoteSaysSo() throws {
        let model = makeModel(
            counts: ["A": .number(1), "B": .share(0.75), "C": .share(0.25)],
            [
                Placement(cellType: "A", pattern: .points([lengths(120, 120, 120)])),
                Placement(cellType: nil, pattern: .lattice(pitch: .micrometres(20))),
            ])
        let placed = try CellPlacement.place(model)
        // The point is 17.3 µm from its nearest sites, so none is lost.
        #expect(placed.cells.count == 1729)
        #expect(placed.cells.count { $0.typeIndex == 1 } == 1296)
        #expect(
            placed.notes == [
                "Cells placed before left 1728 sites for shares of 1729 cells: the types on the lattice keep their proportions."
            ])
    }

    @Test func randomCellsDoNotOverlapAndStandInside() throws {
        for periodic in [[], Set(Axis.allCases)] {
            var model = makeModel(
                counts: ["A": .number(1500), "B": .number(500)], [Placement(cellType: nil, pattern: .random)])
            model.space.periodic = periodic
            model.cellTypes[1].radius = .micrometres(8)
            let cells = try CellPlacement.place(model).cells
            #expect(cells.count == 2000)
            #expect(smallestGap(cells) >= -1e-8)
            #expect(
                cells.allSatisfy { (0...240).contains($0.x) && (0...240).contains($0.y) && (0...240).contains($0.z) })
        }
    }

    @Test func joinedFacesKeepCellsApartToo() throws {
        var model = makeModel([40, 40, 40], counts: ["A": .number(30)], [Placement(cellType: "A", pattern: .random)])
        model.space.periodic = Set(Axis.allCases)
        let cells = try CellPlacement.place(model).cells
        for (index, a) in cells.enumerated() {
            for b in cells[..<index] {
                var d = SIMD3(a.x - b.x, a.y - b.y, a.z - b.z)
                d -= 40 * (d / 40).rounded(.toNearestOrEven)
                #expect((d * d).sum().squareRoot() >= 10 - 1e-7)
            }
        }
    }

    @Test func sharesOfScatteredCellsAreOfAllCells() throws {
        let model = makeModel(
            counts: ["A": .number(60), "B": .share(0.3), "C": .share(0.1)], [Placement(cellType: nil, pattern: .random)]
        )
        let cells = try CellPlacement.place(model).cells
        #expect([0, 1, 2].map { type in cells.count { $0.typeIndex == type } } == [60, 30, 10])
    }

    @Test func aLayerKeepsCentresBetweenItsHeights() throws {
        let model = makeModel(
            counts: ["A": .number(200)],
            [Placement(cellType: "A", pattern: .layer(axis: .z, from: .micrometres(50), to: .micrometres(80)))])
        let cells = try CellPlacement.place(model).cells
        #expect(cells.count == 200 && cells.allSatisfy { (50...80).contains($0.z) })
        #expect(smallestGap(cells) >= -1e-8)
    }

    @Test(arguments: [1, 2, 13, 100, 1000]) func aClusterIsCompactAndTouchesWithoutOverlap(count: Int) throws {
        let model = makeModel(
            counts: ["A": nil],
            [Placement(cellType: "A", pattern: .cluster(count: count, centre: lengths(120, 120, 120)))])
        let cells = try CellPlacement.place(model).cells
        #expect(cells.count == count)
        #expect(cells[0].x == 120 && cells[0].y == 120 && cells[0].z == 120)
        if count > 1 { #expect((0...1e-4).contains(smallestGap(cells))) }
        // 13 cells are one and its twelve neighbours; a ball of n at 0.74 has the radius 5·(n/0.74)^(1/3) µm.
        let farthest = cells.map { SIMD3($0.x - 120, $0.y - 120, $0.z - 120) }.map { ($0 * $0).sum().squareRoot() }
            .max()
        let bounds = [1: 0, 2: 10.1, 13: 10.1, 100: 31, 1000: 60]
        #expect(try #require(farthest) <= bounds[count] ?? 0)
    }

    @Test func aClusterAtAWallStaysInside() throws {
        let model = makeModel(
            counts: ["A": nil], [Placement(cellType: "A", pattern: .cluster(count: 50, centre: lengths(6, 120, 120)))])
        #expect(try CellPlacement.place(model).cells.allSatisfy { $0.x >= 5 })
    }

    @Test func theSameSeedGivesTheSameCellsAndAnotherSeedOthers() throws {
        func place(_ seed: UInt64) throws -> [PlacedCell] {
            var model = makeModel(
                counts: ["A": .number(50), "B": .share(0.5)], [Placement(cellType: nil, pattern: .random)], seed: seed)
            model.receptors = [Receptor(name: "R", ligands: [])]
            model.cellTypes[0].receptors["R"] = .spread(Spread(1000, variation: 0.5))
            return try CellPlacement.place(model).cells
        }
        #expect(try place(1) == place(1))
        #expect(try place(1) != place(2))
    }

    @Test func receptorsAndSecretionFollowTheModelsOrderAndSpread() throws {
        var model = makeModel(
            counts: ["A": nil], [Placement(cellType: "A", pattern: .lattice(pitch: .micrometres(12)))])
        model.molecules = ["IL-2", "IFN-γ"].map { Molecule(name: $0, diffusion: .squareMicrometresPerSecond(10)) }
        model.receptors = ["R1", "R2", "R3"].map { Receptor(name: $0, ligands: []) }
        model.cellTypes[0].receptors = ["R2": .spread(Spread(1500, variation: 1)), "R3": .spread(Spread(100))]
        model.cellTypes[0].secretes = ["IFN-γ": Spread(10, variation: 0.5)]
        let cells = try CellPlacement.place(model).cells
        #expect(cells.allSatisfy { $0.receptors[0] == 0 && $0.receptors[2] == 100 && $0.secretion[0] == 0 })
        let n = Double(cells.count)
        let mean = cells.reduce(0) { $0 + $1.receptors[1] } / n
        #expect(abs(mean / 1500 - 1) < 4 / n.squareRoot())
        let rate = cells.reduce(0) { $0 + $1.secretion[1] } / n
        #expect(abs(rate / 10 - 1) < 4 * 0.5 / n.squareRoot())
    }

    @Test func whatDoesNotFitIsSaid() {
        let lattice = Placement(cellType: nil, pattern: .lattice(pitch: .micrometres(20)))
        #expect(
            fault(makeModel(counts: ["A": .number(2000)], [lattice]))
                == "place.other: error: 2000 cells are wanted, but the lattice has 1728 free sites\n"
                + "  fix: lower the counts, or use a smaller pitch or a larger box")
        #expect(
            fault(makeModel(counts: ["A": nil], [Placement(cellType: "A", pattern: .lattice(pitch: .micrometres(8)))]))
                == "place.A: error: cells of radius 5 µm overlap on a lattice of 8 µm\n  fix: use a pitch of at least 10 µm"
        )
        #expect(
            fault(makeModel([40, 40, 40], counts: ["A": .number(80)], [Placement(cellType: "A", pattern: .random)]))
                == "place.A: error: 80 cells of 'A' of radius 5 µm find no place without overlap; they alone would fill "
                + "65.45 %, and random places without overlap fill at most 38 % of a volume\n"
                + "  fix: place fewer or smaller cells, or use a lattice")
        #expect(
            fault(
                makeModel(
                    [40, 40, 40], counts: ["A": nil],
                    [
                        Placement(cellType: "A", pattern: .cluster(count: 500, centre: lengths(20, 20, 20)))
                    ]))?.hasPrefix("place.A: error: a cluster of 500 cells of radius 5 µm does not fit: only ") == true)
        #expect(
            fault(
                makeModel(
                    counts: ["A": nil],
                    [
                        Placement(cellType: "A", pattern: .points([lengths(20, 20, 20), lengths(20, 20, 29)]))
                    ]))
                == "place.A: error: the cell at 20, 20, 29 µm overlaps one of 'A' at 20, 20, 20 µm\n"
                + "  fix: keep centres at least 10 µm apart")
        #expect(
            fault(makeModel(counts: ["A": nil], [Placement(cellType: "A", pattern: .points([lengths(20, 20, 250)]))]))
                == "place.A: error: the point 20, 20, 250 µm is outside the box of 240 × 240 × 240 µm\n"
                + "  fix: move it inside, or make the box larger")
    }

    @Test func missingOrImpossibleCountsAreSaid() {
        let random = Placement(cellType: "A", pattern: .random)
        #expect(
            fault(makeModel(counts: ["A": nil], [random]))
                == "place.A: error: 'A' has no count\n  fix: write 'count: 200 cells' for it under 'cells:'")
        #expect(
            fault(makeModel(counts: ["A": .share(0.5)], [random]))
                == "place: error: counts given only as shares of all cells do not say how many cells there are\n"
                + "  fix: give at least one count as a number of cells, and keep the shares below 100 % in all")
        #expect(
            fault(makeModel(counts: ["A": .number(5), "B": .number(5)], [random]))
                == "place: error: cell type 'B' has a count but no place\n"
                + "  fix: write 'other: lattice 20 µm' or 'other: random' under 'place:'")
        #expect(
            fault(makeModel(counts: ["A": .number(-1)], [random]))
                == "cells.A.count: error: this count is negative or above 100 %\n"
                + "  fix: give a number of cells or a share of 0 to 100 %")
        let lattice = Placement(cellType: nil, pattern: .lattice(pitch: .micrometres(20)))
        #expect(
            fault(makeModel(counts: ["A": nil, "B": nil], [lattice]))
                == "place.other: error: 'A' and 'B' have no count\n  fix: give each a 'count:', such as 30 % or 200 cells"
        )
        #expect(
            fault(makeModel(counts: ["A": .share(0.5), "B": nil], [random, lattice]))
                == "place.A: error: the share of 'A' depends on a lattice that is filled after it\n"
                + "  fix: give its count as a number of cells")
    }

    @Test func hostileNumbersAreErrorsNotCrashes() {
        let huge = 1e300
        let tiny = 1e-300
        let patterns: [Placement.Pattern] = [
            .lattice(pitch: .micrometres(tiny)), .lattice(pitch: .micrometres(huge)), .lattice(pitch: .micrometres(-1)),
            .lattice(pitch: .zero), .random, .cluster(count: .max, centre: lengths(1, 1, 1)),
            .cluster(count: -1, centre: lengths(1, 1, 1)), .cluster(count: 3, centre: []),
            .points([lengths(huge, 0, 0)]), .points([[]]),
            .layer(axis: .x, from: .micrometres(huge), to: .micrometres(-huge)),
        ]
        for pattern in patterns {
            for size in [[240.0, 240, 240], [huge, huge, huge], [tiny, tiny, tiny], [0, 1, 1], [-5, 1, 1]] {
                for radius in [5, huge, tiny, 0, -1] {
                    for count in [CellCount.number(.max), .share(.nan), .share(1)] {
                        var model = makeModel(size, counts: ["A": count], [Placement(cellType: "A", pattern: pattern)])
                        model.cellTypes[0].radius = .micrometres(radius)
                        do { _ = try CellPlacement.place(model) } catch { #expect(!error.problem.isEmpty) }
                    }
                }
            }
        }
    }
}
