//! Shapes a specular reflector so that a plane behind a screen hears one transmitter and not the other.

mod check;
mod descent;
mod hall;
mod picture;
mod reflector;

use std::path::Path;
use std::time::Instant;

use descent::{Descent, Outcome, Problem};
use emberwave::prelude::*;
use picture::Scenery;
use reflector::{Freedom, Reflector};

/// Where the frames of the film go.
const FRAMES: &str = "target/reflector_shape";
/// Steps from frame to frame.
const STEPS_PER_FRAME: u32 = 10;

/// Rays per transmitter of the last look at the shapes.
const RAYS: u64 = 20_000_000;

/// Scales of the shape at the start.
const START: [f64; 3] = [0.95, 0.95, 1.0];
/// How the scales are found: uphill from so many of the best shapes of a grid.
const SCALE_STARTS: usize = 6;
const SCALE_DESCENT: Descent = Descent { steps: 150, rate: 0.02 };
/// How the vertices are.
const VERTEX_DESCENT: Descent = Descent { steps: 600, rate: 0.04 };

fn main() -> Result<()> {
    let device = Device::default().autodiff();
    let problem = Problem::new(&device)?;
    let start = Reflector::new(START, Freedom::Vertices, &device);
    if check::wanted() {
        check::derivatives(&problem, &start, &device)?;
    }

    let time = Instant::now();
    let (scaled, _) = problem.best_scales(&device, SCALE_STARTS, SCALE_DESCENT)?;
    let scale_time = time.elapsed();

    let time = Instant::now();
    std::fs::create_dir_all(FRAMES).expect("the folder of the frames can be made");
    let (free, _) = problem.ascend(start.clone(), VERTEX_DESCENT, |step, shape, outcome| {
        if step % STEPS_PER_FRAME == 0 {
            let title = format!("Step {step}: {:.1} dB", outcome.mean_db());
            let frame = Path::new(FRAMES).join(format!("frame_{:03}.png", step / STEPS_PER_FRAME));
            picture::save(&[Scenery { title, shape, outcome }], frame)?;
        }
        if step % 100 == 0 {
            println!("step {step:3}: {:6.2} dB", outcome.mean_db());
        }
        Ok(())
    })?;
    let free_time = time.elapsed();
    let (scale_time, free_time) = (scale_time.as_secs_f64(), free_time.as_secs_f64());
    report(
        &problem,
        &[("start", &start, 0.0), ("three scales", &scaled, scale_time), ("free form", &free, free_time)],
    )
}

/// Prints the table and draws the picture.
fn report(problem: &Problem, rows: &[(&str, &Reflector, f64)]) -> Result<()> {
    println!("\nshape          mean SIR   by rays   worst cell   scales x, y, z          time");
    // Rays know nothing of tubes: where a shape had found an error of these, the two would differ.
    let by_rays = problem.with_solver(|config| config.with_samples_per_tx(RAYS));
    let mut outcomes = Vec::new();
    for (name, shape, seconds) in rows {
        let vertices = shape.vertices().detach();
        let (tubes, outcome) = (problem.solve(vertices.clone())?.mean_db(), by_rays.solve(vertices)?);
        let scales: Vec<f32> = shape.scales().into_data().iter::<f32>().collect();
        let [x, y, z] = [scales[0], scales[1], scales[2]];
        let (rays, worst) = (outcome.mean_db(), outcome.worst_db());
        println!(
            "{name:12} {tubes:7.2} dB {rays:6.2} dB   {worst:7.2} dB   {x:5.3}, {y:5.3}, {z:6.3}   \
             {seconds:4.0} s"
        );
        outcomes.push(outcome);
    }
    if check::wanted() {
        rows.iter().try_for_each(|(name, shape, _)| check::other_ways(name, problem, shape))?;
    }
    let scenery = |((name, shape, _), outcome)| -> Scenery<'_> {
        let (name, shape): (&str, &Reflector) = (name, shape);
        let outcome: &Outcome = outcome;
        Scenery { title: format!("{name}: {:.1} dB", outcome.mean_db()), shape, outcome }
    };
    let columns: Vec<_> = rows.iter().copied().zip(&outcomes).map(scenery).collect();
    picture::save(&columns, Path::new(FRAMES).join("result.png"))?;
    println!("\nframes and result.png are in {FRAMES}; a film of them:");
    println!("ffmpeg -framerate 10 -i {FRAMES}/frame_%03d.png -pix_fmt yuv420p {FRAMES}/film.mp4");
    Ok(())
}
