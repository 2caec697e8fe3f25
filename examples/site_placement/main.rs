//! Places three antennas above a district by gradient descent, with and without the motion of shadow borders.

mod descent;
mod district;
mod picture;
mod sites;

use descent::{Run, STEPS, differences, gradient};
use district::District;
use emberwave::prelude::*;
use picture::View;
use sites::{Site, start, tensor};

const NUM_SITES: usize = 3;
const STARTS: usize = 5;
/// The start that is told in detail and drawn.
const SHOWN: usize = 2;
/// Cells \[m\] and error \[dB\] of the maps that the sites are trained on.
const TRAINED_ON: (f64, f64) = (5.0, 0.3);
/// Cells \[m\] and error \[dB\] of the maps that judge them.
const JUDGED_ON: (f64, f64) = (1.0, 0.1);
/// Cells \[m\] and error \[dB\] of the maps that are drawn.
const DRAWN_ON: (f64, f64) = (2.0, 0.1);
/// Step of the finite differences \[m\]; over metres the coverage bends too much for a derivative.
const STEP: f64 = 0.1;
const PICTURE: &str = "out/site_placement.png";

/// What both runs from one start came to.
struct Pair {
    start: Vec<Site>,
    interior: Run,
    full: Run,
}

/// The district with derivatives of the fields alone, with all derivatives, and for judging.
struct Districts {
    device: Device,
    interior: District,
    full: District,
    fine: District,
}

impl Districts {
    fn load() -> Result<Self> {
        let device = Device::default().autodiff();
        let full = District::load(NUM_SITES, TRAINED_ON, &device)?;
        let interior = full.clone().with_visibility_gradient(false);
        let fine = District::load(NUM_SITES, JUDGED_ON, &Device::default())?;
        Ok(Self { device, interior, full, fine })
    }

    fn run(&self, start: Vec<Site>) -> Result<Pair> {
        let interior = Run::new(&self.interior, &start, &self.device)?;
        let full = Run::new(&self.full, &start, &self.device)?;
        Ok(Pair { start, interior, full })
    }

    /// Soft coverage and coverage \[%\].
    fn judge(&self, sites: &[Site]) -> Result<[f64; 2]> {
        let map = self.fine.map(tensor(sites, &Device::default()))?;
        let soft = f64::from(self.fine.soft_coverage(&map).into_scalar::<f32>());
        Ok([soft, self.fine.coverage(&map)].map(|share| 100.0 * share))
    }
}

/// Angle to the true gradient \[deg\] and length over its length.
fn against(truth: &[f64], gradient: &[f64]) -> [f64; 2] {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let [own, other] = [truth, gradient].map(|vector| dot(vector, vector).sqrt());
    [(dot(truth, gradient) / (own * other)).clamp(-1.0, 1.0).acos().to_degrees(), other / own]
}

fn print_gradients(districts: &Districts) -> Result<()> {
    let exact = District::load(NUM_SITES, (TRAINED_ON.0, JUDGED_ON.1), &Device::default())?;
    println!("Gradient of the soft coverage by the sites' x and y at the start, against finite differences:");
    println!("angle and length of the derivative of the fields alone, and of the whole derivative");
    println!("start   fields alone    with borders");
    for number in 0..STARTS {
        let sites = start(number, NUM_SITES);
        let truth = differences(&exact, &sites, STEP)?;
        let [a, b] = against(&truth, &gradient(&districts.interior, &sites, &districts.device)?);
        let [c, d] = against(&truth, &gradient(&districts.full, &sites, &districts.device)?);
        println!("{number:5}   {a:6.1}°  {b:5.2}  {c:6.1}°  {d:5.2}");
    }
    Ok(())
}

fn print_steps(pair: &Pair) {
    println!("\nSoft coverage [%] of the maps it is trained on, start {SHOWN}:");
    println!(" step   fields alone   with borders");
    for step in (0..=STEPS).step_by(STEPS / 10) {
        let [interior, full] = [&pair.interior, &pair.full].map(|run| 100.0 * run.soft_coverage[step]);
        println!("{step:5}   {interior:12.1}   {full:12.1}");
    }
}

fn main() -> Result<()> {
    let districts = Districts::load()?;
    print_gradients(&districts)?;

    println!("\nOutdoor area covered [%] in the finer map, in brackets the soft coverage that was trained:");
    println!("start         before   fields alone   with borders");
    let mut shown = None;
    let mut means = [[0.0; 2]; 3];
    for number in 0..STARTS {
        let pair = districts.run(start(number, NUM_SITES))?;
        let mut line = format!("{number:5}");
        for (sites, mean) in [&pair.start, pair.interior.end(), pair.full.end()].into_iter().zip(&mut means) {
            let judged = districts.judge(sites)?;
            line += &format!("    {:4.1} ({:4.1})", judged[1], judged[0]);
            *mean = [0, 1].map(|which| mean[which] + judged[which] / STARTS as f64);
        }
        println!("{line}");
        shown = if number == SHOWN { Some(pair) } else { shown };
    }
    let means = means.map(|[soft, hard]| format!("    {hard:4.1} ({soft:4.1})"));
    println!(" mean{}", means.concat());

    let pair = shown.expect("one of the starts is shown");
    print_steps(&pair);
    let views = [
        View::start("Start", &pair.full),
        View::end("Fields alone", &pair.interior),
        View::end("With borders", &pair.full),
    ];
    picture::save(&District::load(NUM_SITES, DRAWN_ON, &Device::default())?, &views, PICTURE)?;
    println!("\nThe picture of start {SHOWN} is {PICTURE}");
    Ok(())
}
