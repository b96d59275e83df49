"""Runs libRoadRunner and COPASI for Benchmarks and prints lines of numbers; processor time, s.

    peers.py course MODEL.xml TIMES TOLERANCES SCALE
        course TOOL TOLERANCE LOAD RUN NAMES-COUNT NAMES... VALUES-BY-TIME...
    peers.py cells MODEL.xml STARTS.csv END TOLERANCES COUNT
        cells TOLERANCE LOAD RUN CELLS VALUES-BY-CELL...
    peers.py chance MODEL.xml END RUNS SPECIES
        chance TOOL METHOD RUN MEAN-OF-SPECIES-AT-THE-END

Absolute tolerances are SCALE times the relative ones; runs and loads are the best of three, runs of cells all together.

Needs: python -m venv /tmp/venv-rr; /tmp/venv-rr/bin/pip install libroadrunner python-copasi
"""
import sys
import time

cpu = time.process_time


def road_runner(path):
    import roadrunner

    roadrunner.Logger.disableLogging()
    # A model that was loaded before would be taken from a cache.
    roadrunner.Config.setValue(roadrunner.Config.LOADSBMLOPTIONS_RECOMPILE, True)
    load = 1e99
    for _ in range(3):
        begin = cpu()
        model = roadrunner.RoadRunner(path)
        load = min(load, cpu() - begin)
    species = model.model.getFloatingSpeciesIds()
    ruled = [i for i in model.getRateRuleIds() if i not in species]
    model.timeCourseSelections = ["[%s]" % s for s in species] + list(ruled)
    model.integrator.maximum_num_steps = 10**7
    return model, load, list(species) + list(ruled)


def tell(tool, tolerance, load, run, names, rows):
    print("course", tool, tolerance, load, run, len(names), *names, *[repr(float(v)) for row in rows for v in row])


def course(path, times, tolerances, scale):
    model, load, names = road_runner(path)
    for tolerance in tolerances:
        best, rows = 1e99, None
        for _ in range(3):
            model.resetAll()
            model.integrator.relative_tolerance = tolerance
            model.integrator.absolute_tolerance = tolerance * scale
            begin = cpu()
            try:
                rows = model.simulate(times=times)
            except RuntimeError:
                continue
            best = min(best, cpu() - begin)
        if rows is not None:
            tell("libRoadRunner", tolerance, load, best, names, [list(r) for r in rows])
    copasi(path, times, tolerances, scale)


def copasi(path, times, tolerances, scale):
    import COPASI

    load = 1e99
    for _ in range(3):
        begin = cpu()
        data = COPASI.CRootContainer.addDatamodel()
        if not data.importSBML(path):
            return
        load = min(load, cpu() - begin)
    model = data.getModel()
    task = data.getTask("Time-Course")
    problem = task.getProblem()
    task.setScheduled(True)
    problem.setModel(model)
    steps = len(times) - 1
    problem.setStepNumber(steps)
    problem.setDuration(times[-1] - times[0])
    problem.setTimeSeriesRequested(True)
    problem.setAutomaticStepSize(False)
    for tolerance in tolerances:
        method = task.getMethod()
        method.getParameter("Relative Tolerance").setValue(tolerance)
        method.getParameter("Absolute Tolerance").setValue(tolerance * scale)
        method.getParameter("Max Internal Steps").setValue(10**7)
        best = 1e99
        for _ in range(3):
            model.applyInitialValues()
            begin = cpu()
            if not task.process(True):
                continue
            best = min(best, cpu() - begin)
        if best == 1e99:
            continue
        series = task.getTimeSeries()
        columns = {series.getSBMLId(c, data): c for c in range(1, series.getNumVariables())}
        names = [n for n in columns if n]
        rows = [[series.getConcentrationData(s, columns[n]) for n in names] for s in range(series.getRecordedSteps())]
        tell("COPASI", tolerance, load, best, names, rows)


def cells(path, amounts, end, tolerances, count):
    model, load, _ = road_runner(path)
    with open(amounts) as file:
        ids = file.readline().strip().split(",")
        starts = [[float(v) for v in line.split(",")] for line in file]
    order = [ids.index(i) for i in model.model.getFloatingSpeciesIds()]
    wanted = ["[%s]" % i for i in ids]
    for tolerance in tolerances:
        model.integrator.relative_tolerance = tolerance
        model.integrator.absolute_tolerance = tolerance * 1e-3
        ends = []
        spent = 0.0
        for start in starts[:count]:
            model.model.setFloatingSpeciesInitAmounts([start[i] for i in order])
            model.reset()
            begin = cpu()
            row = model.simulate(0, end, 2, wanted)[-1]
            spent += cpu() - begin
            ends.append(list(row))
        print("cells", tolerance, load, spent, len(ends), *[repr(float(v)) for row in ends for v in row])


def chance(path, end, runs, species):
    model, _, _ = road_runner(path)
    model.setIntegrator("gillespie")
    model.integrator.variable_step_size = False
    model.integrator.seed = 1
    model.timeCourseSelections = [species]
    spent, total = 0.0, 0.0
    for _ in range(runs):
        model.reset()
        begin = cpu()
        total += model.simulate(0, end, 2)[-1][0]
        spent += cpu() - begin
    print("chance libRoadRunner gillespie", spent, total / runs)
    for kind, name in (("stochastic", "next-reaction"), ("directMethod", "direct")):
        copasi_chance(path, end, runs, species, kind, name)


def copasi_chance(path, end, runs, species, kind, name):
    import COPASI

    data = COPASI.CRootContainer.addDatamodel()
    if not data.importSBML(path):
        return
    model = data.getModel()
    task = data.getTask("Time-Course")
    task.setMethodType(getattr(COPASI.CTaskEnum, "Method_" + kind))
    task.setScheduled(True)
    problem = task.getProblem()
    problem.setModel(model)
    problem.setStepNumber(1)
    problem.setDuration(end)
    problem.setTimeSeriesRequested(True)
    for parameter, value in (("Max Internal Steps", 10**9), ("Use Random Seed", True), ("Random Seed", 1)):
        if task.getMethod().getParameter(parameter) is not None:
            task.getMethod().getParameter(parameter).setValue(value)
    spent, total = 0.0, 0.0
    for run in range(runs):
        task.getMethod().getParameter("Random Seed").setValue(run + 1)
        model.applyInitialValues()
        begin = cpu()
        if not task.process(True):
            print("COPASI:", task.getProcessError(), COPASI.CCopasiMessage.getAllMessageText(), file=sys.stderr)
            return
        spent += cpu() - begin
        series = task.getTimeSeries()
        column = [c for c in range(series.getNumVariables()) if series.getSBMLId(c, data) == species][0]
        total += series.getData(series.getRecordedSteps() - 1, column)
    print("chance COPASI", name, spent, total / runs)


if __name__ == "__main__":
    numbers = lambda text: [float(v) for v in text.split(",")]
    if sys.argv[1] == "course":
        course(sys.argv[2], numbers(sys.argv[3]), numbers(sys.argv[4]), float(sys.argv[5]))
    elif sys.argv[1] == "chance":
        chance(sys.argv[2], float(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
    else:
        cells(sys.argv[2], sys.argv[3], float(sys.argv[4]), numbers(sys.argv[5]), int(sys.argv[6]))
