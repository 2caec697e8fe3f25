//! `emberwave map`: from a scene to a radio map.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use emberwave::formats::load_scene;
use emberwave::prelude::Device;
use emberwave::scene::{Scene, SceneError};
use emberwave::solvers::{Monitor, RadioMap};
use emberwave::viz::PictureOptions;

use crate::args::{MapArguments, OutputArguments};
use crate::console;
use crate::failure::Failure;
use crate::interrupt::{self, Phase};
use crate::outputs::Outputs;
use crate::progress::{Watch, rate};
use crate::record::{Record, Seconds};
use crate::run::Run;

/// Makes the map that the flags describe.
pub(crate) fn make(arguments: &MapArguments) -> Result<(), Failure> {
    let started = Instant::now();
    interrupt::install()?;
    let mut run = Run::gather(arguments)?;
    arguments.output.quantity.require(&mut run.solver);
    let outputs = Outputs::prepare(&arguments.output.output, picture(&arguments.output))?;
    use_threads(arguments.solver.threads)?;
    let quiet = arguments.output.quiet;

    let mut seconds = Seconds::default();
    let scene = load(&mut run, &mut seconds)?;
    if !quiet {
        run.warnings(&scene).iter().for_each(|warning| console::error(&format!("warning: {warning}")));
    }
    interrupt::enter(Phase::Solving)?;
    let (map, monitor) = if arguments.output.progressive {
        solve_progressively(&run, &scene, &outputs, quiet, &mut seconds)?
    } else {
        timed(&mut seconds.solve, || solve(&run, &scene, quiet))?
    };

    interrupt::enter(Phase::Writing)?;
    if !arguments.output.progressive {
        timed(&mut seconds.write, || outputs.write_map(&map))?;
    }
    seconds.total = started.elapsed().as_secs_f64();
    let reached = map.reached_error_db();
    let record = Record::new(&run, &scene, &seconds, &monitor).with_reached_error(reached);
    outputs.write_record(&record.to_json()?)?;
    if quiet { Ok(()) } else { console::print(&summary(&monitor, &seconds, reached, &outputs)) }
}

fn picture(flags: &OutputArguments) -> PictureOptions {
    let mut options = PictureOptions::new(flags.quantity.quantity).with_view(flags.quantity.view);
    (options.vmin, options.vmax) = (flags.vmin, flags.vmax);
    options
}

/// Sets the number of threads of everything that runs in parallel.
fn use_threads(count: Option<u16>) -> Result<(), Failure> {
    let Some(count) = count else { return Ok(()) };
    rayon::ThreadPoolBuilder::new()
        .num_threads(count.into())
        .build_global()
        .map_err(|error| Failure::runtime(format!("cannot start {count} threads: {error}")))
}

fn load(run: &mut Run, seconds: &mut Seconds) -> Result<Scene, Failure> {
    let description = timed(&mut seconds.load, || load_scene(&run.scene).map_err(SceneError::from))?;
    let scene = timed(&mut seconds.build, || Scene::from_description(description, &Device::default()))?;
    run.set_up(scene)
}

fn solve(run: &Run, scene: &Scene, quiet: bool) -> Result<(RadioMap, Arc<Monitor>), Failure> {
    let watch = Watch::new(quiet);
    let solved = run.solver.clone().init().with_monitor(Arc::clone(&watch.monitor)).solve(scene);
    watch.finish();
    Ok((solved?, watch.monitor))
}

/// Writes every map as it comes; the time of writing does not count as solving.
fn solve_progressively(
    run: &Run,
    scene: &Scene,
    outputs: &Outputs,
    quiet: bool,
    seconds: &mut Seconds,
) -> Result<(RadioMap, Arc<Monitor>), Failure> {
    let started = Instant::now();
    let watch = Watch::new(quiet);
    let solver = run.solver.clone().init().with_monitor(Arc::clone(&watch.monitor));
    let mut written = Ok(());
    let solved = solver.solve_progressively(scene, |map| {
        let mut once = 0.0;
        written = timed(&mut once, || write_between(outputs, map));
        seconds.write += once;
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    watch.finish();
    written?;
    seconds.solve = started.elapsed().as_secs_f64() - seconds.write;
    Ok((solved?, watch.monitor))
}

fn write_between(outputs: &Outputs, map: &RadioMap) -> Result<(), Failure> {
    interrupt::enter(Phase::Writing)?;
    outputs.write_map(map)?;
    interrupt::enter(Phase::Solving)
}

fn timed<T>(seconds: &mut f64, work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let done = work();
    *seconds = started.elapsed().as_secs_f64();
    done
}

/// What was done, in a line, and where it went.
fn summary(monitor: &Monitor, seconds: &Seconds, reached_db: Option<f64>, outputs: &Outputs) -> String {
    let rays = monitor.num_rays();
    let speed = rate(rays, Duration::from_secs_f64(seconds.solve));
    let mut text = format!("traced {rays} rays in {:.2} s ({speed})\n", seconds.solve);
    if let Some(error) = reached_db {
        text.push_str(&format!("estimated mean error of a cell {error:.2} dB\n"));
    }
    for path in outputs.paths() {
        text.push_str(&format!("wrote {}\n", path.display()));
    }
    text
}
