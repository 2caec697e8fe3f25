#!/usr/bin/env python3
"""Makes radio maps of Sionna RT on request and times them: the peer of `benches/equal_error`.

The options are those of `radio_map.py`; those that name rays, repetitions and files have no effect. Once the scene is
loaded, this program prints one line of JSON (`version`, `variant`, `threads`) and then answers each line of JSON on
standard input with one on standard output:

    {"calls": [[20000000, 1], [19998991, 2]], "output": "map.npy"}  ->  {"seconds": 5.21}

makes a map per pair of rays and seed and writes their mean over the pairs, in double precision, `[num_tx, num_cells_y,
num_cells_x]`. `seconds` is the sum over the calls of the solver up to the path gain lying in a NumPy array. Rays of
specular paths start on a fixed lattice, whatever the seed: ask for different numbers of rays to get different maps.
Dr.Jit compiles the number of rays into its kernels, so a request counts when the same calls have been made before.
Memory is handed back when the calls change, never between two requests that are equal.
"""

import json
import sys
import time

import radio_map


def answer(solver, scene, options, request):
    """Makes the calls of a request; returns the seconds they took."""
    import numpy

    seconds, total = 0.0, 0.0
    for rays, seed in request["calls"]:
        start = time.perf_counter()
        path_gain = solver(scene, **(options | {"samples_per_tx": rays, "seed": seed})).path_gain.numpy()
        seconds += time.perf_counter() - start
        total = total + path_gain.astype("float64")
    numpy.save(request["output"], total / len(request["calls"]))
    return seconds


def main():
    """Entry point: a conversation in lines of JSON."""
    answers, sys.stdout = sys.stdout, sys.stderr
    arguments = radio_map.parse_arguments()
    import mitsuba as mi

    mi.set_variant(arguments.variant)
    import drjit as dr
    from importlib.metadata import version

    if arguments.threads > 0:
        dr.set_thread_count(arguments.threads)
    from sionna.rt import RadioMapSolver

    scene, options, solver = radio_map.build_scene(arguments), radio_map.solver_options(arguments), RadioMapSolver()
    report = {"version": version("sionna-rt"), "variant": arguments.variant, "threads": dr.thread_count()}
    print(json.dumps(report), file=answers, flush=True)
    calls = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["calls"] != calls:
            calls = request["calls"]
            dr.flush_malloc_cache()
        print(json.dumps({"seconds": answer(solver, scene, options, request)}), file=answers, flush=True)


if __name__ == "__main__":
    main()
