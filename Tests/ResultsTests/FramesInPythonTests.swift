import Foundation
import PythonReaders
import Results
import Testing

/// What other people's readers see; each check is skipped, and says so, where Python or the module is missing.
@Suite struct FramesInPythonTests {
    @Test func openInH5py() throws {
        let scratch = try ScratchFolder()
        let folder = try RunFolder(named: "made-up", in: scratch.path)
        try MadeUpRun.record(into: folder)
        let script = """
            import h5py
            with h5py.File(sys.argv[1] + '/frames/cells-000001.h5') as f:
                print(f['time'][()], f['time'].attrs['unit'])
                cells = f['cells']
                print(list(cells.attrs['columns']))
                print([cells['type'].attrs['names'][i] for i in cells['type']])
                print(cells['x'][1], cells['x'].attrs['unit'], cells['radius'].dtype, cells['id'].dtype)
                for name in cells.attrs['columns']:
                    print(cells[name].attrs['name'], cells[name].attrs['unit'], round(cells[name][1], 6))
            with h5py.File(sys.argv[1] + '/frames/fields-000000.h5') as f:
                field = f['fields']['IL-2']
                print(field.shape, round(field[1, 2, 3], 9), field.attrs['unit'], field.attrs['spacing'])
                print(list(f['fields']))
            """
        guard let text = try Python.output(of: script, folder.path, needing: "h5py") else { return }
        #expect(
            text == """
                600.0 s
                ['IL-2', 'IL-2R.bound', 'x_', 'a%2Fb%3A 100%25']
                ['Tsec', 'Treg α', 'Tsec', 'Treg α', 'Tsec']
                20.1 µm float64 int64
                IL-2 nM 2.0
                IL-2R.bound molecules 0.333333
                x 1 0.142857
                a/b: 100% 1 600.0
                (2, 3, 4) 23.0 nM 10.0
                ['IL-2', 'anti-IL-2 %2F Fab']

                """)
    }

    @Test func openInVTK() throws {
        let scratch = try ScratchFolder()
        let folder = try RunFolder(named: "made-up", in: scratch.path)
        try MadeUpRun.record(into: folder)
        let script = """
            import vtk
            reader = vtk.vtkXdmfReader()
            reader.SetFileName(sys.argv[1] + '/frames.xdmf')
            reader.UpdateInformation()
            steps = reader.GetOutputInformation(0).Get(vtk.vtkStreamingDemandDrivenPipeline.TIME_STEPS())
            print(steps)
            reader.UpdateTimeStep(0)
            blocks = reader.GetOutputDataObject(0)
            for i in range(blocks.GetNumberOfBlocks()):
                block = blocks.GetBlock(i)
                print(block.GetClassName(), block.GetNumberOfPoints(), [round(x, 3) for x in block.GetBounds()])
                for data in (block.GetPointData(), block.GetCellData()):
                    for k in range(data.GetNumberOfArrays()):
                        print(' ', data.GetArrayName(k), [round(x, 3) for x in data.GetArray(k).GetRange()])
            """
        guard let text = try Python.output(of: script, folder.path, needing: "vtk") else { return }
        #expect(
            text == """
                (0.0, 600.0, 1200.0)
                vtkUnstructuredGrid 5 [0.1, 80.1, 0.0, 40.0, 15.0, 15.0]
                  id [0.0, 4.0]
                  type [0.0, 1.0]
                  radius [5.0, 5.0]
                  IL-2 [1.0, 5.0]
                  IL-2R.bound [0.0, 1.333]
                  x [0.0, 0.571]
                  a/b: 100% [0.0, 0.0]
                vtkImageData 60 [0.0, 40.0, 0.0, 30.0, 0.0, 20.0]
                  IL-2 [0.0, 23.0]
                vtkImageData 60 [0.0, 40.0, 0.0, 30.0, 0.0, 20.0]
                  anti-IL-2 / Fab [0.0, 23.0]

                """)
    }
}
