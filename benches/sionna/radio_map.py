#!/usr/bin/env python3
"""Times one radio map of Sionna RT and prints the result as one line of JSON.

The Rust benchmarks start this program to compare emberwave with Sionna RT on the same machine, in the same run:

    $EMBERWAVE_SIONNA_PYTHON benches/sionna/radio_map.py scene.xml --tx 0 0 20 --samples 10000000

Three ways to measure:

* warm (the default): one map that is not counted (it compiles the kernels), then `--repeat` maps. A time covers the
  call of the solver up to the path gain lying in a NumPy array; scene loading and compilation are outside.
* `--gradient`: the same with the gradient of a loss by the permittivity and conductivity of every material; a time covers
  map, loss and backward pass. The solver's loops are then evaluated: Sionna's other modes have no gradient.
* `--cold OUT.npz`: exactly one map, from the start of this process (imports, scene loading and compilation included)
  to the map written to OUT.npz.

Lengths are metres, the frequency is hertz, times are seconds. `path_gain_sum` is the sum over all transmitters and
cells, made in double precision.
"""

import time

FIRST_LINE = time.time()

import argparse
import json
import os
import statistics
import sys


def parse_arguments():
    """Reads the command line; the defaults of the solver options are Sionna's."""
    flag = argparse.BooleanOptionalAction
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scene", help="scene file in Mitsuba's XML form")
    parser.add_argument("--frequency", type=float, default=3.5e9)
    parser.add_argument("--tx", type=float, nargs=3, action="append", required=True, metavar=("X", "Y", "Z"),
                        help="position of a transmitter; may be given several times")
    parser.add_argument("--pattern", default="iso", choices=["iso", "dipole", "hw_dipole", "tr38901"])
    parser.add_argument("--polarization", default="V", choices=["V", "H", "VH", "cross"])
    parser.add_argument("--center", type=float, nargs=3, metavar=("X", "Y", "Z"),
                        help="centre of the horizontal plane (default: over the scene, at z = 1.5)")
    parser.add_argument("--size", type=float, nargs=2, metavar=("X", "Y"), help="needed with --center")
    parser.add_argument("--cell-size", type=float, nargs=2, default=[1.0, 1.0], metavar=("X", "Y"))
    parser.add_argument("--samples", type=int, default=1_000_000, help="rays per transmitter")
    parser.add_argument("--max-depth", type=int, default=3)
    parser.add_argument("--los", action=flag, default=True)
    parser.add_argument("--specular", action=flag, default=True)
    parser.add_argument("--refraction", action=flag, default=True)
    parser.add_argument("--diffuse", action=flag, default=False)
    parser.add_argument("--diffraction", action=flag, default=False)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--repeat", type=int, default=5, help="timed maps after the warm-up")
    parser.add_argument("--threads", type=int, default=0, help="worker threads (0: all cores)")
    parser.add_argument("--variant", default="llvm_ad_mono_polarized", help="Mitsuba variant")
    parser.add_argument("--gradient", action="store_true", help="also the gradient by the materials")
    parser.add_argument("--cold", metavar="OUT.npz", help="one map from process start to OUT.npz")
    parser.add_argument("--save", metavar="OUT.npz", help="also write the last map of a warm run")
    arguments = parser.parse_args()
    if (arguments.center is None) != (arguments.size is None):
        parser.error("--center and --size go together")
    if arguments.repeat < 1:
        parser.error("--repeat must be at least 1")
    return arguments


def process_start():
    """Wall-clock time at which this process was started [s]; where the system does not tell, that of the first line."""
    try:
        with open("/proc/self/stat", encoding="ascii") as stat:
            ticks = int(stat.read().rpartition(")")[2].split()[19])
        age = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
        return time.time() - age
    except (OSError, ValueError, IndexError, AttributeError):
        return FIRST_LINE


def build_scene(arguments):
    """Loads the scene and puts the transmitters into it."""
    from sionna.rt import PlanarArray, Transmitter, load_scene

    scene = load_scene(arguments.scene)
    scene.frequency = arguments.frequency
    scene.tx_array = PlanarArray(num_rows=1, num_cols=1, pattern=arguments.pattern,
                                 polarization=arguments.polarization)
    for index, position in enumerate(arguments.tx):
        scene.add(Transmitter(f"tx-{index}", position))
    return scene


def solver_options(arguments):
    """The keyword arguments of Sionna's `RadioMapSolver`."""
    import mitsuba as mi

    options = {
        "cell_size": mi.Point2f(*arguments.cell_size),
        "samples_per_tx": arguments.samples,
        "max_depth": arguments.max_depth,
        "los": arguments.los,
        "specular_reflection": arguments.specular,
        "diffuse_reflection": arguments.diffuse,
        "refraction": arguments.refraction,
        "diffraction": arguments.diffraction,
        "seed": arguments.seed,
    }
    if arguments.center is not None:
        options["center"] = mi.Point3f(*arguments.center)
        options["size"] = mi.Point2f(*arguments.size)
        options["orientation"] = mi.Point3f(0.0, 0.0, 0.0)
    return options


def solve(solver, scene, options):
    """Makes a map."""
    return solver(scene, **options).path_gain.numpy()


def solve_and_differentiate(solver, scene, options):
    """Makes a map and the gradient of the sum over cells of ln(1 + 10¹⁰ G) by all materials that are met."""
    import drjit as dr
    import mitsuba as mi

    materials = [m for m in scene.radio_materials.values() if m.is_used]
    leaves = []
    for material in materials:
        epsilon = mi.Float(material.relative_permittivity.numpy())
        sigma = mi.Float(material.conductivity.numpy())
        dr.enable_grad(epsilon, sigma)
        material.relative_permittivity = epsilon
        material.conductivity = sigma
        leaves += [epsilon, sigma]
    path_gain = solver(scene, **options).path_gain
    dr.backward(dr.sum(dr.log(path_gain.array * 1e10 + 1)))
    for leaf in leaves:
        dr.grad(leaf).numpy()
    return dr.detach(path_gain).numpy()


def measure(work, solver, scene, options, repeat):
    """Does the work once to warm up and `repeat` times with a clock.

    Returns the times, that of the first map, the processor time of the timed maps and the last map.
    """
    times = []
    for index in range(repeat + 1):
        if index == 1:
            processor = time.process_time()
        start = time.perf_counter()
        path_gain = work(solver, scene, options)
        times.append(time.perf_counter() - start)
    return times[1:], times[0], time.process_time() - processor, path_gain


def save(path, path_gain):
    """Writes the map `[num_tx, num_cells_y, num_cells_x]`."""
    import numpy

    numpy.savez(path, path_gain=path_gain)


def run(arguments):
    """Does the measurement and returns what is printed."""
    import mitsuba as mi

    mi.set_variant(arguments.variant)
    import drjit as dr
    from importlib.metadata import version

    if arguments.threads > 0:
        dr.set_thread_count(arguments.threads)
    from sionna.rt import RadioMapSolver

    scene = build_scene(arguments)
    options = solver_options(arguments)
    solver = RadioMapSolver()
    report = {"peer": "sionna-rt", "version": version("sionna-rt"), "variant": arguments.variant}
    if arguments.cold:
        path_gain = solver(scene, **options).path_gain.numpy()
        save(arguments.cold, path_gain)
        times, warm_up, processor = [time.time() - process_start()], None, time.process_time()
    else:
        if arguments.gradient:
            solver.loop_mode = "evaluated"
        work = solve_and_differentiate if arguments.gradient else solve
        times, warm_up, processor, path_gain = measure(work, solver, scene, options, arguments.repeat)
        if arguments.save:
            save(arguments.save, path_gain)
    rays = arguments.samples * len(arguments.tx)
    report |= {
        "mode": "cold" if arguments.cold else "warm",
        "threads": dr.thread_count(),
        "times_s": times,
        "median_s": statistics.median(times),
        "warm_up_s": warm_up,
        "processor_share": processor / (sum(times) * dr.thread_count()),
        "rays": rays,
        "rays_per_s": rays / statistics.median(times),
        "shape": list(path_gain.shape),
        "path_gain_sum": float(path_gain.sum(dtype="float64")),
    }
    return report


def main():
    """Entry point: JSON on standard output, everything else on standard error."""
    arguments = parse_arguments()
    report = run(arguments)
    json.dump(report, sys.stdout)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
