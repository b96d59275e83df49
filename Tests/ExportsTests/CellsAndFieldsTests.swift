import Exports
import Foundation
import PythonReaders
import Results
import Testing

/// Cells and fields as other people's programs read them.
@Suite struct CellsAndFieldsTests {
    private let scratch: ScratchFolder
    private let reader: ResultReader

    init() throws {
        scratch = try ScratchFolder()
        reader = try MadeUpRun.record(in: scratch.path)
    }

    @Test func anndataReadsTheCells() throws {
        let path = try MadeUpRun.export(.h5ad, .at(600), of: reader, in: scratch)
        let script = """
            data = anndata.read_h5ad(sys.argv[1])
            print(data.shape, list(data.obs.columns), list(data.obs['type']), data.obs['type'].dtype.ordered)
            print(data.obs_names.tolist(), data.obs['id'].tolist(), data.obs['radius'].tolist())
            print(data.X[1].round(9).tolist(), list(data.var_names), list(data.var['unit']))
            print(data.obsm['spatial'].shape, data.obsm['spatial'][1].tolist())
            for name in sorted(data.uns): print(name, data.uns[name])
            """
        guard let text = try Python.output(of: script, path, needing: "anndata") else { return }
        #expect(
            text == """
                (5, 3) ['type', 'id', 'radius'] ['Tsec', 'Treg α', 'Tsec', 'Treg α', 'Tsec'] False
                ['0', '1', '2', '3', '4'] [0, 1, 2, 3, 4] [5.0, 5.0, 5.0, 5.0, 5.0]
                [2.0, 0.2, 600.0] ['IL-2', 'IL-2R.occupancy', 'a/b: 100%'] ['nM', '1', '1']
                (5, 3) [20.1, 10.0, 15.0]
                length_unit µm
                model made <up> & "quoted"
                model_sha256 abc
                program paracrine 0.1.0
                seed 7
                time_seconds 600.0

                """)
    }

    @Test func scanpyComputesWithTheCells() throws {
        let path = try MadeUpRun.export(.h5ad, .last, of: reader, in: scratch)
        let script = """
            data = scanpy.read_h5ad(sys.argv[1])
            data = data[:, ['IL-2']].copy()
            scanpy.tl.rank_genes_groups(data, 'type', method='t-test')
            print(scanpy.get.obs_df(data, ['IL-2', 'type'])['IL-2'].round(6).tolist())
            data.write_h5ad(sys.argv[1] + '.again')
            """
        guard let text = try Python.output(of: script, path, needing: "scanpy") else { return }
        #expect(text == "[1.0, 2.0, 3.0, 4.0, 5.0]\n")
    }

    @Test func everyTimeIsAFileOfItsOwn() throws {
        let path = try MadeUpRun.export(.h5ad, .every, of: reader, in: scratch)
        let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        #expect(names == ["cells-000000.h5ad", "cells-000001.h5ad", "cells-000002.h5ad"])
    }

    @Test func vtkReadsCellsFieldsAndCollections() throws {
        let path = try MadeUpRun.export(.vtk, .every, of: reader, in: scratch)
        let script = """
            import os
            print(sorted(os.listdir(sys.argv[1])))
            reader = vtk.vtkXMLUnstructuredGridReader()
            reader.SetFileName(sys.argv[1] + '/cells-000001.vtu')
            reader.Update()
            grid = reader.GetOutput()
            print(grid.GetNumberOfPoints(), grid.GetNumberOfCells(), [round(x, 3) for x in grid.GetBounds()], grid.GetCellType(4))
            names = grid.GetFieldData().GetAbstractArray('type names')
            print([names.GetValue(i) for i in range(2)], grid.GetFieldData().GetArray('TimeValue').GetValue(0))
            unit = vtk.vtkDataArray.UNITS_LABEL()
            for k in range(grid.GetPointData().GetNumberOfArrays()):
                array = grid.GetPointData().GetArray(k)
                print(' ', array.GetName(), array.GetDataTypeAsString(), array.GetInformation().Get(unit), round(array.GetValue(1), 6))
            reader = vtk.vtkXMLImageDataReader()
            reader.SetFileName(sys.argv[1] + '/IL-2-000002.vti')
            reader.Update()
            image = reader.GetOutput()
            array = image.GetCellData().GetArray('IL-2')
            print(image.GetDimensions(), image.GetSpacing(), [round(x, 6) for x in array.GetRange()], round(array.GetValue(1), 6), array.GetInformation().Get(unit))
            print(open(sys.argv[1] + '/IL-2.pvd').read())
            """
        guard let text = try Python.output(of: script, path, needing: "vtk") else { return }
        #expect(
            text == """
                ['IL-2-000000.vti', 'IL-2-000001.vti', 'IL-2-000002.vti', 'IL-2.pvd', 'anti-IL-2 - Fab-000000.vti', \
                'anti-IL-2 - Fab-000001.vti', 'anti-IL-2 - Fab.pvd', 'cells-000000.vtu', 'cells-000001.vtu', \
                'cells-000002.vtu', 'cells.pvd']
                5 5 [0.1, 80.1, 0.0, 40.0, 15.0, 15.0] 1
                ['Tsec', 'Treg α'] 600.0
                  type long long None 1
                  id long long None 1
                  radius double µm 5.0
                  IL-2 double nM 2.0
                  IL-2R.occupancy double 1 0.2
                  a/b: 100% double 1 600.0
                (5, 4, 3) (10.0, 10.0, 10.0) [1200.0, 1223.0] 1201.0 nM
                <?xml version="1.0"?>
                <VTKFile type="Collection" version="1.0" byte_order="LittleEndian">
                <Collection>
                <DataSet timestep="0" file="IL-2-000000.vti"/>
                <DataSet timestep="600" file="IL-2-000001.vti"/>
                <DataSet timestep="1200" file="IL-2-000002.vti"/>
                </Collection>
                </VTKFile>


                """)
    }

    @Test func pyvistaFollowsTheCollection() throws {
        let path = try MadeUpRun.export(.vtk, .every, of: reader, in: scratch)
        let script = """
            for name in ('cells', 'anti-IL-2 - Fab'):
                reader = pyvista.get_reader(sys.argv[1] + '/' + name + '.pvd')
                reader.set_active_time_value(1200)
                block = reader.read()[0]
                print(reader.time_values, type(block).__name__, block.n_points)
            """
        guard let text = try Python.output(of: script, path, needing: "pyvista") else { return }
        #expect(text == "[0.0, 600.0, 1200.0] UnstructuredGrid 5\n[0.0, 1200.0] ImageData 60\n")
    }

    @Test func positionsHaveTheColumnsOfOpenVT() throws {
        let path = try MadeUpRun.export(.openvt, .every, of: reader, in: scratch)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(path.hasSuffix("/made-up-cell_positions.csv"))
        #expect(lines.count == 16 && lines[0] == "simID,time,cellID,cellType,x,y,z")
        #expect(lines[7] == "made-up,600,1,Treg α,20.1,10,15")
        // A slab has exactly the columns of the workshop.
        let flat = try Export(
            reader, MadeUpRun.model(depthInVoxels: 1), as: .openvt, times: .last,
            sampling: CountSampling(depth: 1, dispersion: 0, seed: 1)
        ).write(to: "\(scratch.path)/flat.csv")
        let first = try String(contentsOfFile: flat, encoding: .utf8).split(separator: "\n").prefix(2)
        #expect(first == ["simID,time,cellID,cellType,x,y", "made-up,1200,0,Tsec,0.1,0"])
    }

    @Test func zarrReadsTheFieldsWithUnits() throws {
        let path = try MadeUpRun.export(.omeZarr, .every, of: reader, in: scratch)
        let script = """
            group = zarr.open_group(sys.argv[1], mode='r')
            array = group['0']
            print(array.shape, array.chunks, array.dtype, round(float(array[1, 1, 1, 2, 3]), 6), round(float(array[0, 0, 0, 0, 1]), 6))
            scale = group.attrs['multiscales'][0]
            print([(axis['name'], axis.get('unit')) for axis in scale['axes']])
            print(scale['datasets'][0]['coordinateTransformations'])
            print([(c['label'], c['window']['end']) for c in group.attrs['omero']['channels']], group.attrs['paracrine'])
            """
        guard let text = try Python.output(of: script, path, needing: "zarr") else { return }
        #expect(
            text == """
                (2, 2, 2, 3, 4) (1, 1, 2, 3, 4) float64 1223.0 1.0
                [('t', 'second'), ('c', None), ('z', 'micrometer'), ('y', 'micrometer'), ('x', 'micrometer')]
                [{'type': 'scale', 'scale': [1200, 1, 10, 10, 10]}, {'type': 'translation', 'translation': [0, 0, 5, 5, 5]}]
                [('IL-2', 1223), ('anti-IL-2 / Fab', 1223)] {'times': [0, 1200], 'time_unit': 'second', 'value_unit': 'nM'}

                """)
    }

    @Test func omeZarrModelsAcceptIt() throws {
        let path = try MadeUpRun.export(.omeZarr, .at(0), of: reader, in: scratch)
        let script = """
            import zarr
            from ome_zarr_models.v04 import Image
            image = Image.from_zarr(zarr.open_group(sys.argv[1], mode='r', zarr_format=2))
            print(image.attributes.multiscales[0].ndim, [c.label for c in image.attributes.omero.channels])
            """
        guard let text = try Python.output(of: script, path, needing: "ome_zarr_models") else { return }
        #expect(text == "5 ['IL-2', 'anti-IL-2 / Fab']\n")
    }
}
