import Exports
import Foundation
import PythonReaders
import Results
import Simulation
import Testing

/// Who signalled to whom, as other people's programs read it.
@Suite struct CommunicationTests {
    private let scratch: ScratchFolder
    private let reader: ResultReader

    init() throws {
        scratch = try ScratchFolder()
        reader = try MadeUpRun.record(in: scratch.path, hasCommunication: true)
    }

    /// Over both intervals 1000 molecules are secreted and 400 captured; the second interval has half of each.
    @Test func lianaHasTheWholeRunTogether() throws {
        let path = try MadeUpRun.export(.liana, of: reader, in: scratch, hasState: true)
        #expect(
            try String(contentsOfFile: path, encoding: .utf8) == """
                source,target,ligand_complex,receptor_complex,captured,autocrine,paracrine,endocrine,from_outside,\
                share_of_secreted,share_of_captured,mean_occupancy,bound,share_of_bound,response_pSTAT5,start,end
                Tsec,Tsec,IL-2,IL-2R,60,40,20,0,0,0.06,0.15,0.1,6,1,NaN,0,1200
                Tsec,Treg α,IL-2,IL-2R,240,0,240,0,0,0.24,0.6,0.2,24,0.75,0.375,0,1200
                outside,Treg α,IL-2,IL-2R,100,0,0,0,100,NaN,0.25,0.2,8,0.25,0.125,0,1200

                """)
    }

    @Test func lianaHasEveryInterval() throws {
        let path = try MadeUpRun.export(.liana, .every, of: reader, in: scratch, hasState: true)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 7)
        #expect(lines[1] == "Tsec,Tsec,IL-2,IL-2R,30,20,10,0,0,0.06,0.15,0.1,6,1,NaN,0,600")
        #expect(lines[6] == "outside,Treg α,IL-2,IL-2R,50,0,0,0,50,NaN,0.25,0.2,8,0.25,0.125,600,1200")
    }

    @Test(arguments: [(0.0, "0,600"), (300, "0,600"), (600, "0,600"), (601, "600,1200"), (1200, "600,1200")])
    func anIntervalHoldsItsEnd(time: Double, interval: String) throws {
        let path = try MadeUpRun.export(.liana, .at(time), of: reader, in: scratch)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst()
        #expect(lines.count == 3 && lines.allSatisfy { $0.hasSuffix(interval) })
    }

    @Test func aTimeBeyondTheRecordIsRefused() throws {
        let problem = #expect(throws: ExportProblem.self) {
            try MadeUpRun.export(.liana, .at(1300), of: reader, in: scratch)
        }
        #expect(problem?.fix == "give a time from 0 s to 20 min")
    }

    @Test func cellPhoneDBHasAColumnAPair() throws {
        let path = try MadeUpRun.export(.cellphonedb, of: reader, in: scratch)
        let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: "\t", omittingEmptySubsequences: false)
        }
        #expect(rows.count == 2)
        #expect(rows[0].count == 13 + 6 && rows[1].count == 13 + 6)
        #expect(rows[1].prefix(6) == ["paracrine-1", "IL-2_IL-2R", "simple:IL-2", "simple:IL-2R", "IL-2", "IL-2R"])
        let pairs = Dictionary(uniqueKeysWithValues: zip(rows[0], rows[1]).dropFirst(13))
        #expect(
            pairs == [
                "Tsec|Tsec": "60", "Tsec|Treg α": "240", "Treg α|Tsec": "0", "Treg α|Treg α": "0",
                "outside|Tsec": "0", "outside|Treg α": "100",
            ])
    }

    @Test func networkxReadsTheGraph() throws {
        let path = try MadeUpRun.export(.graphml, of: reader, in: scratch)
        let script = """
            graph = networkx.read_graphml(sys.argv[1], force_multigraph=True)
            print(graph.is_directed(), graph.is_multigraph(), sorted(graph.nodes(data=True)))
            for a, b, data in graph.edges(data=True): print(a, b, sorted(data.items()))
            """
        guard let text = try Python.output(of: script, path, needing: "networkx") else { return }
        #expect(
            text == """
                True True [('Treg α', {'cells': 2}), ('Tsec', {'cells': 3}), ('outside', {})]
                Tsec Tsec [('autocrine', 40.0), ('bound', 6.0), ('captured', 60.0), ('end', 1200.0), ('endocrine', 0.0), ('from_outside', 0.0), ('mean_occupancy', 0.1), ('molecule', 'IL-2'), ('paracrine', 20.0), ('receptor', 'IL-2R'), ('share_of_bound', 1.0), ('share_of_captured', 0.15), ('share_of_secreted', 0.06), ('start', 0.0)]
                Tsec Treg α [('autocrine', 0.0), ('bound', 24.0), ('captured', 240.0), ('end', 1200.0), ('endocrine', 0.0), ('from_outside', 0.0), ('mean_occupancy', 0.2), ('molecule', 'IL-2'), ('paracrine', 240.0), ('receptor', 'IL-2R'), ('share_of_bound', 0.75), ('share_of_captured', 0.6), ('share_of_secreted', 0.24), ('start', 0.0)]
                outside Treg α [('autocrine', 0.0), ('bound', 8.0), ('captured', 100.0), ('end', 1200.0), ('endocrine', 0.0), ('from_outside', 100.0), ('mean_occupancy', 0.2), ('molecule', 'IL-2'), ('paracrine', 0.0), ('receptor', 'IL-2R'), ('share_of_bound', 0.25), ('share_of_captured', 0.25), ('start', 0.0)]

                """)
    }

    @Test func vegaLiteSpecificationsFitTheirSchema() throws {
        let path = try MadeUpRun.export(.vega, of: reader, in: scratch)
        let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        #expect(names == ["communication.vl.json", "mean-IL-2.vl.json", "molecules-IL-2.vl.json"])
        let script = """
            import json, os, jsonschema
            folder = os.path.join(os.path.dirname(altair.__file__), 'vegalite', 'v5', 'schema')
            if not os.path.exists(folder): sys.exit(77)
            schema = json.load(open(os.path.join(folder, 'vega-lite-schema.json')))
            check = jsonschema.Draft7Validator(schema)
            for name in sorted(os.listdir(sys.argv[1])):
                spec = json.load(open(os.path.join(sys.argv[1], name)))
                errors = [e.message for e in check.iter_errors(spec)]
                print(name, len(spec['data']['values']), errors)
                # The check itself can fail.
                spec['mark'] = {'type': 'nonsense'}
                assert list(check.iter_errors(spec))
            """
        guard let text = try Python.output(of: script, path, needing: "altair") else { return }
        #expect(
            text == """
                communication.vl.json 3 []
                mean-IL-2.vl.json 3 []
                molecules-IL-2.vl.json 6 []

                """)
    }
}
