/// The frames as XDMF 3 describes them to ParaView: a temporal collection for the cells and one for every molecule.
enum XDMF {
    static let fileName = "frames.xdmf"

    static func text(_ index: FrameIndex) -> String {
        var text = "<?xml version=\"1.0\" ?>\n<Xdmf Version=\"3.0\"><Domain>\n"
        if !index.cells.isEmpty { text += collection("cells", index.cells.map(grid)) }
        var molecules: [String] = []
        for field in index.fields where !molecules.contains(field.dataset.name) { molecules.append(field.dataset.name) }
        for molecule in molecules {
            text += collection(molecule, index.fields.filter { $0.dataset.name == molecule }.map(grid))
        }
        return text + "</Domain></Xdmf>\n"
    }

    private static func collection(_ name: String, _ grids: [String]) -> String {
        "<Grid Name=\"\(escaped(name))\" GridType=\"Collection\" CollectionType=\"Temporal\">\n"
            + grids.joined() + "</Grid>\n"
    }

    /// Cells at their centres.
    private static func grid(_ cells: FrameIndex.Cells) -> String {
        let count = String(cells.count)
        func item(_ dataset: String, _ type: String, _ bytes: Int) -> String {
            let path = escaped("frames/\(cells.file):/cells/\(dataset)")
            return "<DataItem Dimensions=\"\(count)\" NumberType=\"\(type)\" Precision=\"\(bytes)\" Format=\"HDF\">"
                + "\(path)</DataItem>"
        }
        func attribute(_ name: String, _ item: String) -> String {
            "<Attribute Name=\"\(escaped(name))\" AttributeType=\"Scalar\" Center=\"Node\">\(item)</Attribute>\n"
        }
        var text = "<Grid Name=\"cells\" GridType=\"Uniform\"><Time Value=\"\(CSVTable.number(cells.time))\"/>\n"
        text += "<Topology TopologyType=\"Polyvertex\" NumberOfElements=\"\(count)\" NodesPerElement=\"1\"/>\n"
        text += "<Geometry GeometryType=\"X_Y_Z\">\(["x", "y", "z"].map { item($0, "Float", 8) }.joined())</Geometry>\n"
        text += attribute("id", item("id", "Int", 8))
        text += attribute("type", item("type", "Int", 4))
        text += attribute("radius", item("radius", "Float", 8))
        for column in cells.columns { text += attribute(column.name, item(column.path, "Float", 8)) }
        return text + "</Grid>\n"
    }

    /// A field as values of the voxels of a box whose corner is at 0.
    private static func grid(_ field: FrameIndex.Field) -> String {
        let voxels = field.voxels.reversed().map(String.init).joined(separator: " ")
        let nodes = field.voxels.reversed().map { String($0 + 1) }.joined(separator: " ")
        let spacing = Array(repeating: CSVTable.number(field.spacing), count: 3).joined(separator: " ")
        let name = escaped(field.dataset.name)
        let path = escaped("frames/\(field.file):/fields/\(field.dataset.path)")
        return """
            <Grid Name="\(name)" GridType="Uniform"><Time Value="\(CSVTable.number(field.time))"/>
            <Topology TopologyType="3DCoRectMesh" Dimensions="\(nodes)"/>
            <Geometry GeometryType="ORIGIN_DXDYDZ"><DataItem Dimensions="3" Format="XML">0 0 0</DataItem>\
            <DataItem Dimensions="3" Format="XML">\(spacing)</DataItem></Geometry>
            <Attribute Name="\(name)" AttributeType="Scalar" Center="Cell">\
            <DataItem Dimensions="\(voxels)" NumberType="Float" Precision="8" Format="HDF">\(path)</DataItem></Attribute>
            </Grid>

            """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
