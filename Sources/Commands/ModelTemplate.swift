import ArgumentParser

/// Models to start from: each is checked and run by a test.
enum ModelTemplate: String, CaseIterable, ExpressibleByArgument {
    case niche
    case antagonist
    case table

    var about: String {
        switch self {
        case .niche: "secretors, responders and consumers on a lattice in 3-D"
        case .antagonist: "a cytokine and its receptor antagonist in a thin slab"
        case .table: "cells from a table of positions and types, such as imaging gives"
        }
    }

    /// The files of a new model's folder, by name.
    func files(named name: String) -> [(String, String)] {
        let model = ("\(name).paracrine.yaml", text.replacing("NAME", with: name))
        return self == .table ? [model, ("cells.csv", ModelTemplate.cells)] : [model]
    }

    private var text: String {
        switch self {
        case .niche: ModelTemplate.nicheText
        case .antagonist: ModelTemplate.antagonistText
        case .table: ModelTemplate.tableText
        }
    }

    private static let nicheText = """
        paracrine: 1
        model: NAME
        about: A few cells secrete IL-2 among responders and consumers.

        parameters:                              # the knobs: paracrine run NAME --set q='20 molecules/s'
          q: {value: 10 molecules/s, range: 1 .. 100, scale: log}

        space:
          box: 200 x 200 x 200 µm
          grid: 10 µm

        molecules:
          IL-2: {diffusion: 10 µm²/s, decay: 0.1 /h}

        receptors:
          IL-2R: {ligand: IL-2, k_on: 111.6 /nM/h, k_off: 0.83 /h, k_endo: 1.1e-3 /s}

        cells:
          secretor:
            radius: 5 µm
            secretes: {IL-2: q}
          responder:
            count: 80 %
            radius: 5 µm
            receptors: {IL-2R: 1500 ± 100 %}     # mean ± coefficient of variation, log-normal
            state: {pSTAT5: IL-2R.bound^3 / (IL-2R.bound^3 + (200 receptors)^3)}
          consumer:
            count: 10 %
            radius: 5 µm
            receptors: {IL-2R: 10000 receptors}

        place:
          secretor: cluster of 4 at centre
          other: lattice 20 µm

        run: {for: 4 h, seed: 1}

        record:
          cells: {every: 30 min, columns: [IL-2, IL-2R.bound, IL-2R.occupancy, pSTAT5]}
          fields: {IL-2: every 30 min}

        expect:
          - mass of IL-2 balances within 1e-9

        """

    private static let antagonistText = """
        paracrine: 1
        model: NAME
        about: IL-1Ra occupies the receptor of IL-1β without a signal; raise q_Ra and the response falls.

        parameters:
          q_Ra: {value: 100 molecules/s, range: 1 .. 10000, scale: log}

        space:
          box: 200 x 200 x 10 µm                  # a slab one voxel thick
          grid: 10 µm
          walls: {x: periodic, y: periodic}

        molecules:
          IL-1β: {diffusion: 100 µm²/s, decay: half-life 10 min}
          IL-1Ra: {diffusion: 100 µm²/s, decay: half-life 10 min}

        receptors:
          IL-1R1:
            ligands:
              IL-1β: {k_on: 1 /nM/h, k_off: 1 /h}
              IL-1Ra: {k_on: 1 /nM/h, k_off: 0.15 /h, antagonist: yes}

        cells:
          macrophage:
            count: 10 %
            radius: 5 µm
            secretes: {IL-1β: 10 molecules/s, IL-1Ra: q_Ra}
          fibroblast:
            count: 90 %
            radius: 5 µm
            receptors: {IL-1R1: 2000 ± 30 %}

        place: {other: lattice 20 µm}

        run: {for: 6 h, seed: 1}

        record:
          cells: {every: 1 h, columns: [IL-1β, IL-1Ra, IL-1R1.bound, IL-1R1.bound.IL-1Ra]}
          fields: {IL-1β: every 1 h}

        expect:
          - mass of IL-1β balances within 1e-9

        """

    private static let tableText = """
        paracrine: 1
        model: NAME
        about: Cells stand where an image showed them. Put your own table in place of cells.csv.

        space:
          box: 120 x 120 x 10 µm                  # a section of stated thickness
          grid: 10 µm

        molecules:
          IFN-γ: {diffusion: 50 µm²/s, decay: 0.5 /h}

        receptors:
          IFN-γR: {ligand: IFN-γ, k_on: 30 /nM/h, k_off: 1 /h, k_endo: 1e-3 /s}

        cells:
          CTL:
            radius: 4 µm
            secretes: {IFN-γ: 5 molecules/s}
          tumour:
            radius: 6 µm
            receptors:
              IFN-γR: column marker, mean 2000 receptors

        place:
          table:
            file: cells.csv
            x: x_um
            y: y_um
            type: cell_type
            id: cell
            labels: {CD8 T: CTL, tumour: tumour, debris: leave out}
            thickness: 10 µm

        run: {for: 2 h, seed: 1}

        record:
          cells: {every: 30 min, columns: [IFN-γ, IFN-γR.bound]}
          fields: {IFN-γ: every 30 min}

        expect:
          - mass of IFN-γ balances within 1e-9

        """

    private static let cells = """
        cell,x_um,y_um,cell_type,marker
        1,30.5,41.0,CD8 T,0
        2,55.2,47.9,tumour,12.5
        3,61.0,70.3,tumour,8.1
        4,75.8,52.6,tumour,15.0
        5,88.1,90.4,CD8 T,0
        6,40.7,95.2,tumour,10.9
        7,101.3,30.8,debris,0

        """
}
