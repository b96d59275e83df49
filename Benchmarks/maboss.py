#!/usr/bin/env python3
"""MaBoSS (PyPI: cmaboss) on a network and its configuration: its time, and how far another program's nodes are off.

usage: maboss.py NETWORK CFG [boolean.json of `paracrine boolean NETWORK --cfg CFG`]
"""
import importlib
import json
import resource
import sys
import time



def simulation_of(network, configuration):
    """With the narrowest build of MaBoSS that holds the network's nodes, which is its fastest."""
    for module in ("cmaboss", "cmaboss_128n", "cmaboss_256n", "cmaboss_512n", "cmaboss_1024n"):
        library = importlib.import_module(module)
        try:
            return library.MaBoSSSim(network=network, config=configuration)
        except Exception as problem:
            if "maximum node count" not in str(problem):
                raise
    sys.exit("maboss.py: the network has more than 1024 nodes")


network, configuration = sys.argv[1:3]
simulation = simulation_of(network, configuration)
start = time.time()
result = simulation.run()
usage = resource.getrusage(resource.RUSAGE_SELF)
print(f"MaBoSS: {time.time() - start:.2f} s, CPU {usage.ru_utime + usage.ru_stime:.2f} s with loading")
if len(sys.argv) < 4:
    sys.exit()

probabilities, times, nodes = result.get_nodes_probtraj()[:3]
probabilities = [list(row) for row in probabilities]
ours = json.load(open(sys.argv[3]))["course"]
width = len(ours["nodes"])
worst, squares, count = 0.0, 0.0, 0
for row, at in enumerate(times):
    index = min(range(len(ours["times"])), key=lambda k: abs(ours["times"][k] - at))
    for column, name in enumerate(nodes):
        theirs = float(probabilities[row][column])
        mine = ours["levels"][index * width + ours["nodes"].index(name)]
        p = (theirs + mine) / 2
        if not 0 < p < 1:
            continue
        # Two samples of as many trajectories; a window's average varies less than a moment's value.
        error = (2 * p * (1 - p) / ours["samples"]) ** 0.5
        worst = max(worst, abs(theirs - mine) / error)
        squares += ((theirs - mine) / error) ** 2
        count += 1
print(f"{count} node values: root mean square {(squares / max(count, 1)) ** 0.5:.2f}, largest {worst:.2f} standard errors")
