import Biology

extension ModelReader {
    /// Chosen: 1e9 voxels are 8 GB for one molecule's field.
    static let maximumVoxels = 1_000_000_000

    func readSpace(_ entry: Entry) -> Space? {
        let box = entry.required("box", example: "200 x 200 x 200 µm")
        let spacing = entry.requiredQuantity("grid", of: Length.self, .positive, example: "10 µm")
        let walls = entry.branch("walls").map { readWalls($0, path: entry.path(of: "walls"), mass: nil) }
        entry.expectNothingElse()
        guard let box, let edges = readBox(box, path: entry.path(of: "box")), let spacing else { return nil }
        guard let size = fit(edges, to: spacing, at: box.place) else { return nil }
        let periodic = walls?.periodic ?? []
        return Space(size: size, spacing: spacing, periodic: periodic, walls: walls?.faces ?? [:])
    }

    /// "A x B x C unit", or two numbers for a slab one voxel thick.
    private func readBox(_ branch: Branch, path: String) -> [Double]? {
        guard let text = reading.text(branch, path: path) else { return nil }
        var pieces: [(text: String, offset: Int)] = []
        var start = 0
        let scalars = Array(text.unicodeScalars)
        for piece in scalars.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "x" || $0 == "×" }) {
            var view = String.UnicodeScalarView()
            view.append(contentsOf: piece)
            pieces.append((String(view), start))
            start += piece.count + 1
        }
        guard pieces.count == 2 || pieces.count == 3, let last = pieces.last else {
            findings.error(
                branch.place,
                "\(path): expected two or three edge lengths, found \(pieces.count) (\"\(text.shortened)\")",
                fix: "write it as 200 x 200 x 200 µm, or 200 x 200 µm for a slab one voxel thick")
            return nil
        }
        let unit = (try? QuantityText.parse(last.text.trimmingSpaces)).flatMap { $0.hasUnit ? $0.unit : nil }
        let edges = pieces.map { piece in
            let skipped = piece.text.unicodeScalars.prefix { $0 == " " }.count
            return reading.number(
                piece.text.trimmingSpaces, in: branch, at: piece.offset + skipped, path: path, .length, .positive,
                unitOf: unit)
        }
        let found = edges.compactMap(\.self)
        return found.count == edges.count ? found : nil
    }

    private func fit(_ edges: [Double], to spacing: Length, at place: Place) -> [Length]? {
        var size: [Length] = []
        var voxels = 1.0
        for (axis, edge) in zip(["x", "y", "z"], edges) {
            let count = (edge / spacing.value).rounded()
            guard count >= 1, abs(edge - count * spacing.value) <= 1e-6 * spacing.value else {
                let near = max(1, (edge / spacing.value).rounded())
                findings.error(
                    place,
                    "space.box: \(QuantityText.describe(edge, .length)) along \(axis) is not a whole number of voxels of \(QuantityText.describe(spacing.value, .length))",
                    fix: "write \(QuantityText.describe(near * spacing.value, .length)) along \(axis), or change 'grid'"
                )
                return nil
            }
            voxels *= count
            size.append(.micrometres(count * spacing.value))
        }
        guard voxels <= Double(ModelReader.maximumVoxels) else {
            findings.error(
                place,
                "space.box: \(QuantityText.digits(voxels)) voxels are more than \(QuantityText.digits(Double(ModelReader.maximumVoxels)))",
                fix: "make the box smaller or the grid coarser")
            return nil
        }
        if size.count == 2 { size.append(spacing) }
        return size
    }

    // MARK: - Walls

    /// Walls by face, and the axes whose faces are joined.
    struct Walls {
        var faces: [Face: Wall] = [:]
        var periodic: Set<Axis> = []
    }

    /// Reads walls; `mass` is that of the molecule whose walls they are, `nil` for the walls of every molecule.
    func readWalls(_ branch: Branch, path: String, mass: MassSource?) -> Walls {
        var walls = Walls()
        guard case .table(let fields) = branch.content else {
            guard let kind = readWall(branch, path: path, mass: mass) else { return walls }
            for face in Face.all { set(kind, face, &walls) }
            return walls
        }
        var given: [Face: String] = [:]
        for field in fields {
            guard let faces = faces(named: field.key) else {
                findings.error(
                    field.keyPlace, "'\(path)' has an unknown face '\(field.key.shortened)'",
                    fix: "use one of: x-, x+, y-, y+, z-, z+, or an axis: x, y, z")
                continue
            }
            for face in faces {
                if let other = given[face] {
                    findings.error(
                        field.keyPlace, "'\(path)' says a face twice: '\(other)' and '\(field.key)'",
                        fix: "keep one of the two")
                }
                given[face] = field.key
            }
            let facePath = "\(path).\(field.key)"
            guard let kind = readWall(field.value, path: facePath, mass: mass) else { continue }
            if case .periodic = kind, faces.count == 1 {
                findings.error(
                    field.value.place, "\(facePath): one face alone cannot be periodic",
                    fix: "write it for the axis: \(field.key.prefix(1)): periodic")
                continue
            }
            for face in faces { set(kind, face, &walls) }
        }
        return walls
    }

    private enum WallKind {
        case wall(Wall)
        case periodic
    }

    private func set(_ kind: WallKind, _ face: Face, _ walls: inout Walls) {
        switch kind {
        case .wall(let wall): walls.faces[face] = wall
        case .periodic: walls.periodic.insert(face.axis)
        }
    }

    private func faces(named name: String) -> [Face]? {
        let axes: [Character: Axis] = ["x": .x, "y": .y, "z": .z]
        guard let first = name.first, let axis = axes[first] else { return nil }
        return switch name.dropFirst() {
        case "": [Face(axis, isUpper: false), Face(axis, isUpper: true)]
        case "-", "−": [Face(axis, isUpper: false)]
        case "+": [Face(axis, isUpper: true)]
        default: nil
        }
    }

    private func readWall(_ branch: Branch, path: String, mass: MassSource?) -> WallKind? {
        guard let text = reading.text(branch, path: path) else { return nil }
        func number<Kind>(_ piece: Substring, _ kind: Quantity<Kind>.Type, _ bound: Bound) -> Quantity<Kind>? {
            let offset = text.unicodeScalars.distance(from: text.startIndex, to: piece.startIndex)
            return reading.number(String(piece), in: branch, at: offset, path: path, Kind.dimension, bound, mass: mass)
                .map { Quantity<Kind>(coherent: $0) }
        }
        switch text {
        case "no-flux": return .wall(.noFlux)
        case "periodic":
            if mass == nil { return .periodic }
            findings.error(
                branch.place, "\(path): a wall is periodic for every molecule or for none",
                fix: "write it under 'space: walls:'")
            return nil
        case _ where text.hasPrefix("fixed "):
            return number(text.dropFirst(6).drop { $0 == " " }, Concentration.self, .notNegative).map {
                .wall(.fixed($0))
            }
        case _ where text.hasPrefix("flux "):
            return number(text.dropFirst(5).drop { $0 == " " }, Flux.self, .notNegative).map { .wall(.flux($0)) }
        case _ where text.hasPrefix("permeable "):
            let rest = text.dropFirst(10).drop { $0 == " " }
            guard let to = rest.ranges(of: " to ").first else {
                return number(rest, Permeability.self, .notNegative).map { .wall(.permeable($0, outside: .zero)) }
            }
            let permeability = number(rest[..<to.lowerBound], Permeability.self, .notNegative)
            let outside = number(rest[to.upperBound...].drop { $0 == " " }, Concentration.self, .notNegative)
            guard let permeability, let outside else { return nil }
            return .wall(.permeable(permeability, outside: outside))
        case _ where text.hasPrefix("exchange"):
            guard let name = Clause(text: text, offset: 0).after("exchange with") else {
                findings.error(
                    branch.place, "\(path): '\(text.shortened)' does not say with which compartment",
                    fix: "write it as exchange with blood")
                return nil
            }
            return isCompartment(name.text, branch.place(at: name.offset)) ? .wall(.exchange(name.text)) : nil
        default:
            findings.error(
                branch.place, "\(path): '\(text.shortened)' is not a wall",
                fix:
                    "write one of: no-flux, periodic, fixed 10 pM, flux 0.1 molecules/µm²/s, permeable 0.07 µm/s to 10 pM"
            )
            return nil
        }
    }
}
