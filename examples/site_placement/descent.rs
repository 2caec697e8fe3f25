//! Training of the sites, and the derivatives it follows.

use std::f64::consts::PI;

use burn::optim::{AdamConfig, GradientsParams};
use emberwave::prelude::*;

use crate::district::District;
use crate::sites::{Site, Sites, rows, tensor};

/// Steps of Adam.
pub const STEPS: usize = 60;
/// Its first rate, which falls to a tenth along a cosine.
const RATE: f64 = 0.05;

/// What happened to the sites.
#[derive(Clone, Debug)]
pub struct Run {
    /// The sites before every step and after the last.
    pub track: Vec<Vec<Site>>,
    /// The soft coverage at the same moments.
    pub soft_coverage: Vec<f64>,
}

impl Run {
    /// Trains sites for the largest soft coverage.
    pub fn new(district: &District, start: &[Site], device: &Device) -> Result<Self> {
        let mut sites = Sites::new(start, device);
        let mut optimiser = AdamConfig::new().init();
        let mut run = Self { track: vec![sites.read()], soft_coverage: Vec::new() };
        for step in 0..=STEPS {
            let coverage = district.soft_coverage(&district.map(sites.placed())?);
            run.soft_coverage.push(f64::from(coverage.clone().into_scalar::<f32>()));
            if step == STEPS {
                break;
            }
            let gradients = GradientsParams::from_grads(coverage.neg().backward(), &sites);
            let phase = PI * step as f64 / STEPS as f64;
            sites = optimiser.step(RATE * (0.55 + 0.45 * phase.cos()), sites, gradients);
            run.track.push(sites.read());
        }
        Ok(run)
    }

    /// Where the sites were in the end.
    pub fn end(&self) -> &[Site] {
        self.track.last().expect("a track has a start")
    }
}

/// Derivatives of the soft coverage by x and y of every site \[1/m\].
pub fn gradient(district: &District, sites: &[Site], device: &Device) -> Result<Vec<f64>> {
    let placed = tensor(sites, device).require_grad();
    let gradients = district.soft_coverage(&district.map(placed.clone())?).backward();
    let gradient = rows(placed.grad(&gradients).expect("the sites are tracked"));
    Ok(gradient.into_iter().flat_map(|[x, y, ..]| [x, y]).collect())
}

/// The same from central differences with a step \[m\].
pub fn differences(district: &District, sites: &[Site], step: f64) -> Result<Vec<f64>> {
    let moved = |site: usize, axis: usize, by: f64| -> Result<f64> {
        let mut sites = sites.to_vec();
        sites[site][axis] += by;
        let map = district.map(tensor(&sites, &Device::default()))?;
        Ok(f64::from(district.soft_coverage(&map).into_scalar::<f32>()))
    };
    let numbers = (0..sites.len()).flat_map(|site| [(site, 0), (site, 1)]);
    numbers
        .map(|(site, axis)| Ok((moved(site, axis, step)? - moved(site, axis, -step)?) / (2.0 * step)))
        .collect()
}
