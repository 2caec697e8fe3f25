//! Learns the materials of a city from a hundredth of the cells of a measured radio map.

mod chance;
mod materials;
mod report;

use std::collections::HashSet;
use std::path::Path;
use std::time::{Duration, Instant};

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use emberwave::prelude::*;

use chance::Chance;
use materials::LearnedMaterials;
use report::Report;

const STARTS: u64 = 4;
/// How often other troughs are tried, and how many.
const ROUNDS: usize = 2;
const TROUGHS: usize = 4;
/// Steps and rate of the first descent, in a trough, after all troughs, and of the best at the end.
const FIRST: (u32, f64) = (100, 0.03);
const TRIAL: (u32, f64) = (25, 0.004);
const NEXT: (u32, f64) = (100, 0.006);
const LAST: (u32, f64) = (400, 0.004);
/// Of how many cells one is measured.
const CELLS_PER_MEASUREMENT: u64 = 100;

/// Largest relative standard error of a measured cell.
const LARGEST_ERROR: f32 = 0.3;

/// What is known: everything but the materials.
struct World {
    scene: Scene,
    options: RadioMapSolverConfig,
    picture: &'static str,
}

impl World {
    /// The Étoile if its files are there, else (or if the argument is `district`) a district of our own.
    fn load(device: &Device) -> Result<Self> {
        let etoile = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/scenes/etoile/etoile.xml");
        let district = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/scenes/district/district.xml");
        let ours = std::env::args().nth(1).is_some_and(|argument| argument == "district");
        let (path, transmitter, picture) = match !ours && Path::new(etoile).exists() {
            true => (etoile, [68.5, 33.0, 30.0], "errors_etoile.png"),
            false => (district, [51.0, 44.0, 30.0], "errors_district.png"),
        };
        let scene = Scene::load(path, device)?.with_frequency(3.5e9);
        let plane = MeasurementPlane::new([0.0, 0.0, 1.5], [500.0, 500.0], [1.0, 1.0]);
        println!("scene          {}", Path::new(path).file_stem().unwrap_or_default().display());
        Ok(Self {
            scene: scene.with_transmitter(Transmitter::new("tx", transmitter)),
            options: RadioMapSolverConfig::new().with_max_depth(3).with_measurement_surface(plane),
            picture,
        })
    }

    /// A map of the true materials by rays, as noisy as rays are.
    fn measured(&self, seed: u64) -> Result<RadioMap> {
        let rays = self.options.clone().with_samples_per_tx(300_000_000).with_seed(seed);
        let rays = rays.with_error_estimate(true).init();
        Ok(rays.solve(&self.scene)?)
    }
}

/// What is trained, and its loss.
type Found = (Calibration<LearnedMaterials>, f32);

/// Steps of Adam, with a rate that falls to 0. The first step of Adam is as long as the rate in every parameter, so a large
/// one leaps out of the trough it starts in.
fn descend(
    mut calibration: Calibration<LearnedMaterials>,
    batch: &CellBatch,
    (steps, rate): (u32, f64),
) -> Result<Found> {
    let mut optimiser = AdamConfig::new().init();
    for step in 0..steps {
        let loss = calibration.forward(batch)?.loss;
        let gradients = GradientsParams::from_grads(loss.backward(), &calibration);
        let done = f64::from(step) / f64::from(steps);
        let rate = 0.5 * rate * (1.0 + (std::f64::consts::PI * done).cos());
        calibration = optimiser.step(rate, calibration, gradients);
    }
    let loss = loss_of(&calibration, batch)?;
    Ok((calibration, loss))
}

/// Leaves local minima: the echo inside a wall makes the loss wavy in its ε_r, so a descent ends in the nearest trough. The
/// other troughs of one material after the other are tried.
fn with_other_troughs(found: Found, batch: &CellBatch) -> Result<Found> {
    let mut best = found;
    for material in 0..best.0.model.permittivities().dims()[0] {
        for trough in troughs(&best.0, batch, material)? {
            let tried = descend(trough, batch, TRIAL)?;
            if tried.1 < best.1 {
                best = tried;
            }
        }
    }
    Ok(best)
}

/// The lowest minima of the loss over ε_r of one material, with its loss factor as it is or a small one.
fn troughs(
    from: &Calibration<LearnedMaterials>,
    batch: &CellBatch,
    material: usize,
) -> Result<Vec<Calibration<LearnedMaterials>>> {
    let value = |step: usize| 1.25 * 1.025_f32.powi(step as i32);
    let mut profile = Vec::new();
    for step in 0..96 {
        let tried = [None, Some(0.1)].map(|imaginary| {
            let mut tried = from.clone();
            tried.model = tried.model.with_permittivity(material, value(step), imaginary);
            tried
        });
        let [one, other] = [loss_of(&tried[0], batch)?, loss_of(&tried[1], batch)?];
        let [first, second] = tried;
        profile.push(if one < other { (one, first) } else { (other, second) });
    }
    let mut minima: Vec<(f32, Calibration<LearnedMaterials>)> = profile
        .windows(3)
        .filter(|around| around[1].0 < around[0].0 && around[1].0 < around[2].0)
        .map(|around| around[1].clone())
        .collect();
    minima.sort_by(|a, b| a.0.total_cmp(&b.0));
    Ok(minima.into_iter().take(TROUGHS).map(|(_, calibration)| calibration).collect())
}

fn loss_of(calibration: &Calibration<LearnedMaterials>, batch: &CellBatch) -> Result<f32> {
    Ok(calibration.clone().no_grad().forward(batch)?.loss.into_scalar::<f32>())
}

/// A descent from a start, and how long one of its steps takes.
fn descend_through_troughs(
    calibration: Calibration<LearnedMaterials>,
    batch: &CellBatch,
) -> Result<(Found, Duration)> {
    let start = Instant::now();
    let mut found = descend(calibration, batch, FIRST)?;
    let step = start.elapsed() / FIRST.0;
    for _ in 0..ROUNDS {
        found = with_other_troughs(found, batch)?;
        found = descend(found.0, batch, NEXT)?;
    }
    Ok((found, step))
}

/// Random ones of the cells that are measured well enough: where rays come by so rarely that a cell is covered by luck, a
/// covered one shows more than there is in the mean.
fn a_hundredth_of(map: &RadioMap) -> Vec<MeasuredCell> {
    let mut chance = Chance::new(2026);
    let errors: Vec<f32> =
        map.relative_error().map_or_else(Vec::new, |errors| errors.into_data().iter::<f32>().collect());
    let mut cells = MeasuredCell::of_map(map);
    cells.retain(|_| chance.below(CELLS_PER_MEASUREMENT) == 0);
    cells.retain(|measured| errors[measured.cell] <= LARGEST_ERROR);
    cells
}

fn main() -> Result<()> {
    let device = Device::default().autodiff();
    let world = World::load(&device)?;
    let start = Instant::now();
    let maps = [world.measured(1)?, world.measured(2)?];
    println!("measured       in {:.1?} (and once more, for the noise floor)", start.elapsed() / 2);

    // The model: tubes, traced once with materials that are all wrong.
    let solver = world.options.clone().with_reconstruction(Reconstruction::Tubes).init();
    let start = Instant::now();
    let guess = LearnedMaterials::new(world.scene.clone(), [4.0, 0.05], [1.0; 4]);
    let coverage = solver.trace_coverage_of(&guess.tensors()?)?;
    let whole = Calibration::new(guess, solver.clone(), coverage.clone());
    whole.predict()?;
    let solve = start.elapsed();

    // A hundredth of the covered cells is observed.
    let cells = a_hundredth_of(&maps[0]);
    let batch = CellBatch::new(&cells, &device)?;
    let observed: HashSet<usize> = cells.iter().map(|cell| cell.cell).collect();
    let at_cells = coverage.at_cells(observed.iter().copied());
    let report = Report::new(&world.scene, &whole, &maps, observed)?;
    report.print_setting();

    let mut best: Option<Found> = None;
    for number in 0..STARTS {
        let (values, direction) = Chance::new(number).start();
        let model = LearnedMaterials::new(world.scene.clone(), values, direction);
        let calibration = Calibration::new(model, solver.clone(), at_cells.clone());
        let before = loss_of(&calibration, &batch)?;
        let (found, step) = descend_through_troughs(calibration, &batch)?;
        report.print_start(number, values, [before, found.1], &found.0.model);
        if number == 0 {
            println!("               {step:.1?} a step, a solve {solve:.1?}");
        }
        if best.as_ref().is_none_or(|(_, loss)| found.1 < *loss) {
            best = Some(found);
        }
    }
    let Some((best, _)) = best else { return Ok(()) };
    let (best, _) = descend(best, &batch, LAST)?;
    report.print_materials(&best.model);
    report.print_maps(&whole, &best.model, world.picture)
}
