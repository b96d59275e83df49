import Biology

extension Placing {
    /// Tables, points and clusters: the model says where.
    mutating func placeFixed() throws(PlacementError) {
        var table = 0
        for placement in model.placements {
            switch placement.pattern {
            case .table(let plan):
                try placeTable(table, plan, Placing.entry(placement))
                table += 1
            case .points(let points): try place(points, try type(of: placement), Placing.entry(placement))
            case .cluster(let count, let centre):
                try placeCluster(count, try type(of: placement), around: centre, Placing.entry(placement))
            case .lattice, .random, .layer: continue
            }
        }
    }

    private mutating func place(_ points: [[Length]], _ type: Int, _ entry: String) throws(PlacementError) {
        try requireRoom(for: Double(points.count), entry)
        for lengths in points {
            let p = try point(lengths, entry)
            if let cell = grid.overlapped(by: p, radius: radius(type)) {
                let q = sites[cell].position
                throw PlacementError(
                    entry: entry,
                    problem: "the cell at \(p.x.short), \(p.y.short), \(p.z.short) µm overlaps one of "
                        + "'\(model.cellTypes[sites[cell].type].name)' at \(q.x.short), \(q.y.short), \(q.z.short) µm",
                    fix: "keep centres at least \((radius(type) + radius(sites[cell].type)).short) µm apart")
            }
            add(type, at: p)
        }
    }

    /// Packs cells on the closest packing (hexagonal in a slab), nearest to the centre first.
    private mutating func placeCluster(
        _ count: Int, _ type: Int, around centre: [Length], _ entry: String
    ) throws(PlacementError) {
        let middle = try point(centre, entry)
        guard count >= 0 else {
            throw PlacementError(
                entry: entry, problem: "a cluster of \(count) cells", fix: "give a number of at least 0")
        }
        try requireRoom(for: Double(count), entry)
        let radius = radius(type)
        let pitch = 2 * radius * (1 + 1e-6)
        let farthest = (box.size * box.size).sum().squareRoot()
        var reach = min(farthest, pitch)
        while true {
            let packed = packing(around: middle, pitch: pitch, reach: reach, radius: radius)
            if packed.count >= count {
                for p in packed.prefix(count) { add(type, at: p) }
                return
            }
            guard reach < farthest else {
                throw PlacementError(
                    entry: entry,
                    problem: "a cluster of \(count) cells of radius \(radius.short) µm does not fit: "
                        + "only \(packed.count) find room in the box of \(box.text)",
                    fix: "place fewer cells, or make the box larger")
            }
            reach = min(farthest, reach * 1.5)
        }
    }

    /// The free sites of the closest packing within reach of a point, nearest first.
    private func packing(around middle: SIMD3<Double>, pitch: Double, reach: Double, radius: Double) -> [SIMD3<Double>]
    {
        let open = (0..<3).filter { !box.isThin[$0] }
        // √2 sites a pitch on the cubic lattice, 2/√3 rows on the hexagonal one.
        let extents = open.map { Int(min(reach, box.size[$0]) / pitch * 2.0.squareRoot()) + 2 }
        var found: [(Double, SIMD3<Double>)] = []
        func consider(_ offset: SIMD3<Double>) {
            let distance = (offset * offset).sum()
            let p = middle + offset
            guard distance <= reach * reach, isInside(p, radius: radius) || distance == 0,
                grid.overlapped(by: p, radius: radius) == nil
            else { return }
            found.append((distance, p))
        }
        switch open.count {
        case 3:
            // Face-centred cubic: integer points with an even sum, nearest neighbours √2 apart.
            for k in -extents[2]...extents[2] {
                for j in -extents[1]...extents[1] {
                    for i in -extents[0]...extents[0] where (i + j + k).isMultiple(of: 2) {
                        consider(SIMD3(Double(i), Double(j), Double(k)) * (pitch / 2.0.squareRoot()))
                    }
                }
            }
        case 2:
            for j in -extents[1]...extents[1] {
                for i in -extents[0]...extents[0] {
                    var offset = SIMD3<Double>()
                    offset[open[0]] = (Double(i) + (j.isMultiple(of: 2) ? 0 : 0.5)) * pitch
                    offset[open[1]] = Double(j) * pitch * 0.75.squareRoot()
                    consider(offset)
                }
            }
        default:
            consider(.zero)
        }
        found.sort { ($0.0, $0.1.z, $0.1.y, $0.1.x) < ($1.0, $1.1.z, $1.1.y, $1.1.x) }
        return found.map(\.1)
    }

    private func isInside(_ p: SIMD3<Double>, radius: Double) -> Bool {
        (0..<3).allSatisfy { axis in
            box.isThin[axis]
                ? p[axis] >= 0 && p[axis] <= box.size[axis]
                : p[axis] >= radius && p[axis] <= box.size[axis] - radius
        }
    }
}
