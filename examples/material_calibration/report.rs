//! What the example prints and draws.

use std::collections::HashSet;

use burn::tensor::{Tensor, TensorData};
use emberwave::physics::constants::{SPEED_OF_LIGHT, VACUUM_PERMITTIVITY};
use emberwave::physics::{Complex, slab_coefficients};
use emberwave::prelude::*;
use emberwave::viz::{ColourMap, Extent, HeatMap, Panel};
use ndarray::Array2;

use super::LearnedMaterials;

/// Share of the observed power from which on a material has to be found.
const SHARE_THAT_COUNTS: f64 = 0.05;

/// The truth, to compare with.
pub struct Report<'a> {
    scene: &'a Scene,
    /// Path gains of two measured maps, and of the model with the true and with the first materials.
    measured: [Vec<f32>; 2],
    truth: Vec<f32>,
    guess: Vec<f32>,
    observed: HashSet<usize>,
    shares: Vec<f64>,
}

impl<'a> Report<'a> {
    pub fn new(
        scene: &'a Scene,
        model: &Calibration<LearnedMaterials>,
        maps: &[RadioMap; 2],
        observed: HashSet<usize>,
    ) -> Result<Self> {
        let measured = [host(maps[0].path_gain()), host(maps[1].path_gain())];
        let truth = host(model.predict_with(scene.tensors()?)?.path_gain());
        let guess = host(model.predict()?.path_gain());
        let mut report = Self { scene, measured, truth, guess, observed, shares: Vec::new() };
        report.shares = (0..scene.materials().len())
            .map(|material| report.share(model, material))
            .collect::<Result<_>>()?;
        Ok(report)
    }

    /// Which part of the power in the observed cells came by way of a material: what is missing without it.
    fn share(&self, model: &Calibration<LearnedMaterials>, material: usize) -> Result<f64> {
        let tensors = self.scene.tensors()?;
        let mut rows = host(tensors.materials.clone());
        // As good as air, but so thick that nothing comes through.
        rows[8 * material..8 * material + 3].copy_from_slice(&[1.0, -0.05, 1e3]);
        let shape = tensors.materials.dims();
        let absorbing = Tensor::from_data(TensorData::new(rows, shape), &self.scene.device());
        let without = host(model.predict_with(tensors.with_materials(absorbing))?.path_gain());
        let power = |gains: &[f32]| self.observed.iter().map(|&cell| f64::from(gains[cell])).sum::<f64>();
        Ok(1.0 - power(&without) / power(&self.truth))
    }

    pub fn print_setting(&self) {
        let covered = self.measured[0].iter().filter(|&&gain| gain > 0.0).count();
        println!("observed       {} of {covered} covered cells", self.observed.len());
    }

    pub fn print_start(&self, number: u64, values: [f32; 2], losses: [f32; 2], model: &LearnedMaterials) {
        let [eps, loss] = values;
        let [before, after] = losses;
        let found = host(model.permittivities().detach());
        let names = self.scene.materials().iter().zip(found.chunks(2));
        let ends: Vec<String> =
            names.map(|(material, found)| format!("{} {:.2}", material.name, found[0])).collect();
        println!(
            "start {number}        ε_r {eps:.2} − {loss:.2}j, SMAPE {before:.4} → {after:.4}; ε_r {}",
            ends.join(", ")
        );
    }

    pub fn print_materials(&self, model: &LearnedMaterials) {
        let true_values = host(self.scene.tensors().expect("the scene is valid").materials);
        let found = host(model.permittivities().detach());
        let siemens = std::f64::consts::TAU * self.scene.frequency() * VACUUM_PERMITTIVITY;
        println!();
        println!("material    power     ε_r true  found            σ true  found [S/m]       |r|²      |t|²");
        for (index, material) in self.scene.materials().iter().enumerate() {
            let thickness = material.thickness * self.scene.frequency() / SPEED_OF_LIGHT;
            let [was, is] = [&true_values[8 * index..], &found[2 * index..]]
                .map(|row| (f64::from(row[0]), -f64::from(row[1])));
            let [r, t] = decibels(averages(is, thickness), averages(was, thickness));
            let deviation = 100.0 * (is.0 / was.0 - 1.0);
            let share = self.shares[index];
            let remark = if share < SHARE_THAT_COUNTS { "  (hardly seen)" } else { "" };
            println!(
                "{:10} {:5.1} %  {:10.3} {:6.3} {deviation:+6.1} %  {:10.3e} {:9.3e}  {r:+6.2} dB {t:+6.2} dB{remark}",
                material.name,
                100.0 * share,
                was.0,
                is.0,
                was.1 * siemens,
                is.1 * siemens,
            );
        }
    }

    /// Prints how far maps are apart, and draws the errors before and after.
    pub fn print_maps(
        &self,
        whole: &Calibration<LearnedMaterials>,
        model: &LearnedMaterials,
        picture: &str,
    ) -> Result<()> {
        let found = host(whole.predict_with(model.tensors()?)?.path_gain());
        let [first, second] = &self.measured;
        let observed = |cell: usize| self.observed.contains(&cell);
        let unseen = |cell: usize| !self.observed.contains(&cell);
        println!();
        println!("SMAPE to the measured map           observed   unseen");
        let row = |name: &str, map: &[f32]| {
            println!("{name:34} {:9.4} {:8.4}", smape(first, map, observed), smape(first, map, unseen));
        };
        row("another measurement (noise floor)", second);
        row("the model with the true materials", &self.truth);
        row("the model before", &self.guess);
        row("the model after", &found);
        let noiseless = smape(&self.truth, &found, |_| true);
        println!("the model after to the model with the true materials: {noiseless:.4}");
        self.draw(&found, picture)
    }

    fn draw(&self, found: &[f32], picture: &str) -> Result<()> {
        let plane = MeasurementPlane::new([0.0, 0.0, 1.5], [500.0, 500.0], [1.0, 1.0]);
        let [num_x, num_y] = plane.num_cells();
        let extent = Extent::new(-250.0, 250.0, -250.0, 250.0);
        let panel = |title: &str, map: &[f32]| {
            let both = |at: usize| map[at] > 0.0 && self.truth[at] > 0.0;
            let error = |at: usize| 10.0 * (map[at] / self.truth[at]).log10().abs();
            let values = Array2::from_shape_fn((num_y, num_x), |(y, x)| error(y * num_x + x));
            Panel::new(title, values, Array2::from_shape_fn((num_y, num_x), |(y, x)| both(y * num_x + x)))
        };
        let figure = HeatMap::new(extent)
            .with_panel(panel("before", &self.guess))
            .with_panel(panel("after", found))
            .with_colour_bar_label("Error [dB]")
            .with_colours(ColourMap::Inferno)
            .with_range(0.0, 10.0);
        let path = format!("examples/material_calibration/{picture}");
        figure.save_png(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(&path))?;
        println!("drawn          {path}");
        Ok(())
    }
}

/// The mean of |a − b| / (a + b) over cells where the first map says something.
fn smape(map: &[f32], other: &[f32], counts: impl Fn(usize) -> bool) -> f64 {
    let pairs = map.iter().zip(other).enumerate().filter(|&(cell, (&a, _))| a > 0.0 && counts(cell));
    let (sum, count) = pairs.fold((0.0, 0_u32), |(sum, count), (_, (&a, &b))| {
        (sum + f64::from((a - b).abs() / (a + b)), count + 1)
    });
    sum / f64::from(count)
}

/// |r|² and |t|² of a slab, averaged over the angles of incidence and both polarisations.
fn averages((eps, loss): (f64, f64), thickness_over_wavelength: f64) -> [f64; 2] {
    let angles = (0..900).map(|step| (0.1 * (f64::from(step) + 0.5)).to_radians());
    let powers = angles.map(|angle| {
        let slab = slab_coefficients(Complex::new(eps, -loss), angle.cos(), thickness_over_wavelength);
        [slab.r_te.norm_sqr() + slab.r_tm.norm_sqr(), slab.t_te.norm_sqr() + slab.t_tm.norm_sqr()]
    });
    powers.fold([0.0; 2], |sum, power| [sum[0] + power[0] / 1800.0, sum[1] + power[1] / 1800.0])
}

fn decibels(is: [f64; 2], was: [f64; 2]) -> [f64; 2] {
    [0, 1].map(|at| 10.0 * (is[at] / was[at]).log10())
}

fn host<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}
