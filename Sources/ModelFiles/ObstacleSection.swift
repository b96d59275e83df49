import Biology

extension ModelReader {
    /// Chosen: a finer line belongs into a mask.
    static let maximumLinePoints = 1000
    static let maximumObstacles = 1000

    /// `obstacles:`, each a line with a radius or a mask.
    func readObstacles(_ section: Entry, space: Space) -> [Obstacle] {
        guard section.fields.count <= ModelReader.maximumObstacles else {
            findings.error(
                section.place, "\(section.fields.count) obstacles are more than \(ModelReader.maximumObstacles)",
                fix: "draw them in one mask")
            return []
        }
        let entries = section.entries()
        let obstacles = entries.compactMap { field, entry -> Obstacle? in
            guard reading.checkName(field.key, at: field.keyPlace) else { return nil }
            return readShape(entry, space: space).map { Obstacle(name: field.key, shape: $0) }
        }
        if !obstacles.isEmpty, obstacles.count == entries.count, covers(obstacles, space) {
            findings.error(
                section.place, "the obstacles leave no room: they cover the whole box",
                fix: "make them smaller or the box larger")
        }
        return obstacles
    }

    /// A line with a radius, or a mask; nothing else may stand in the table.
    func readShape(_ entry: Entry, space: Space) -> Obstacle.Shape? {
        let line = entry.branch("line")
        let radius = entry.branch("radius")
        let mask = entry.branch("mask")
        entry.expectNothingElse()
        switch (line, mask) {
        case (let line?, nil):
            let points = readLine(line, entry, space: space)
            let thickness = entry.requiredQuantity("radius", of: Length.self, .positive, example: "5 µm")
            guard let points, let thickness else { return nil }
            return .line(points, radius: thickness)
        case (nil, let mask?):
            if let radius {
                findings.error(
                    radius.place, "'\(entry.path)' has a mask, which has no radius", fix: "remove 'radius'")
            }
            return readMask(mask, path: entry.path(of: "mask"), space: space).map { .voxels($0) }
        default:
            findings.error(
                entry.place,
                line == nil ? "'\(entry.path)' has no shape" : "'\(entry.path)' has both a line and a mask",
                fix: line == nil
                    ? "add 'line: (0, 0, 0) µm; (100, 0, 0) µm' with 'radius: 5 µm', or 'mask: FILE.csv'"
                    : "keep one of the two")
            return nil
        }
    }

    /// "(0, 0, 0) µm; (100, 0, 0) µm".
    private func readLine(_ branch: Branch, _ entry: Entry, space: Space) -> [[Length]]? {
        let path = entry.path(of: "line")
        guard let text = reading.text(branch, path: path) else { return nil }
        let pieces = Clause.split(text, at: ";")
        guard pieces.count >= 2, pieces.count <= ModelReader.maximumLinePoints else {
            findings.error(
                branch.place, "\(path): a line has 2 to \(ModelReader.maximumLinePoints) points, found \(pieces.count)",
                fix: pieces.count < 2
                    ? "write it as (0, 0, 0) µm; (100, 0, 0) µm" : "draw it in a mask, or with fewer points")
            return nil
        }
        let reader = PlacementReader(section: entry, space: space, reading: reading)
        let points = pieces.map { reader.readPoint($0, in: branch, path: path) }
        let good = points.compactMap(\.self)
        return good.count == points.count ? good : nil
    }

    // MARK: - Masks

    /// The voxels in which the points of a mask lie, each once, along x first.
    private func readMask(_ branch: Branch, path: String, space: Space) -> [[Int]]? {
        let file = reading.text(branch, path: path).flatMap {
            reading.pathInside(
                $0, at: branch.place, path: path, fix: "put the mask beside the model file and write its name")
        }
        guard let file else { return nil }
        let points: [MaskPoint]
        do {
            points = try masks.read(file)
        } catch {
            for one in error.problems {
                if one.line == 0 {
                    findings.error(branch.place, "\(path): \(one.file): \(one.problem)", fix: one.fix)
                } else {
                    findings.error(Place(file: one.file, line: one.line, column: 1), one.problem, fix: one.fix)
                }
            }
            return nil
        }
        guard !points.isEmpty else {
            findings.error(
                branch.place, "\(path): \(file) has no points", fix: "write one row for each voxel, x,y,z in µm")
            return nil
        }
        return voxels(of: points, file: file, space: space)
    }

    private func voxels(of points: [MaskPoint], file: String, space: Space) -> [[Int]]? {
        let (size, counts) = (space.size.map(\.value), space.voxels)
        var found: Set<[Int]> = []
        var isInside = true
        for point in points {
            guard let axis = (0..<3).first(where: { !(0...size[$0] * (1 + 1e-12)).contains(point.position[$0]) }) else {
                found.insert((0..<3).map { min(counts[$0] - 1, Int(point.position[$0] / space.spacing.value)) })
                continue
            }
            isInside = false
            findings.error(
                Place(file: file, line: point.line, column: 1),
                "\(Axis.allCases[axis]) = \(QuantityText.digits(point.position[axis])) µm is outside the box, which is \(QuantityText.describe(size[axis], .length)) along \(Axis.allCases[axis])",
                fix: "keep the mask inside the box; its numbers are in µm from the box's corner")
        }
        guard isInside else { return nil }
        return found.sorted { ($0[2], $0[1], $0[0]) < ($1[2], $1[1], $1[0]) }
    }

    // MARK: - Room

    /// Whether no voxel's centre is free, looked at on at most 32³ of them.
    private func covers(_ obstacles: [Obstacle], _ space: Space) -> Bool {
        let counts = space.voxels
        var blocked: Set<[Int]> = []
        var tubes: [(points: [[Double]], radius: Double)] = []
        for obstacle in obstacles {
            switch obstacle.shape {
            case .line(let points, let radius): tubes.append((points.map { $0.map(\.value) }, radius.value))
            case .voxels(let voxels): blocked.formUnion(voxels)
            }
        }
        let steps = counts.map { max(1, ($0 + 31) / 32) }
        for z in stride(from: 0, to: counts[2], by: steps[2]) {
            for y in stride(from: 0, to: counts[1], by: steps[1]) {
                for x in stride(from: 0, to: counts[0], by: steps[0]) where !blocked.contains([x, y, z]) {
                    let centre = [x, y, z].map { (Double($0) + 0.5) * space.spacing.value }
                    if !tubes.contains(where: { isInside(centre, $0.points, $0.radius) }) { return false }
                }
            }
        }
        return true
    }

    /// Whether a point is closer than a radius to a line through points.
    private func isInside(_ point: [Double], _ line: [[Double]], _ radius: Double) -> Bool {
        zip(line, line.dropFirst()).contains { start, end in
            let along = zip(end, start).map { $0 - $1 }
            let from = zip(point, start).map { $0 - $1 }
            let length = along.reduce(0) { $0 + $1 * $1 }
            let share = length > 0 ? min(1, max(0, zip(along, from).reduce(0) { $0 + $1.0 * $1.1 } / length)) : 0
            let distance = zip(from, along).reduce(0) { $0 + ($1.0 - share * $1.1) * ($1.0 - share * $1.1) }
            return distance < radius * radius
        }
    }
}
