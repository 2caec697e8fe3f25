//! The methods that are compared: what makes a map, and how long it takes.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Stdio};
use std::time::Instant;

use emberwave::prelude::*;
use ndarray::Array3;
use serde_json::{Value, json};

use crate::common::sionna::program;
use crate::setting::{Setting, path_gain, solve};

/// Most rays of one call of Sionna RT, whose memory grows with them; maps of more rays are means of several calls.
const RAYS_PER_CALL: u64 = 20_000_000;

/// How far numbers of rays of calls that are averaged lie apart.
///
/// Sionna's primary rays start on a fixed lattice, so two calls with the same number of rays make the same specular map.
const APART: u64 = 1009;

/// A method whose error falls with the number of rays.
pub trait Sampler {
    /// Its name in tables.
    fn name(&self) -> &'static str;

    /// A map from so many rays.
    fn map(&mut self, rays: u64) -> Vec<f64>;

    /// Seconds that such a map takes; called after [`Self::map`] with the same number of rays.
    fn seconds(&mut self, rays: u64) -> f64;

    /// The process that works, 0 for our own.
    fn process(&self) -> u32;
}

/// Our solver with the options of a target error.
pub fn tubes(config: &RadioMapSolverConfig, target_db: f64) -> RadioMapSolverConfig {
    config.clone().with_reconstruction(Reconstruction::Tubes).with_target_error_db(Some(target_db))
}

/// Seconds that our solver takes to a map that lies in memory as an array.
fn seconds(config: RadioMapSolverConfig, scene: &Scene) -> f64 {
    let start = Instant::now();
    std::hint::black_box(path_gain(config, scene));
    start.elapsed().as_secs_f64()
}

/// Passes of our solver that return their seconds; each has another seed.
pub fn turning(config: RadioMapSolverConfig, scene: &Scene) -> impl FnMut() -> f64 {
    let mut seed = config.seed;
    move || {
        seed += 1;
        seconds(config.clone().with_seed(seed), scene)
    }
}

/// Our point deposits.
pub struct Cell<'a> {
    pub scene: &'a Scene,
    pub config: RadioMapSolverConfig,
    /// Times taken so far: each is of another lattice.
    pub turns: u64,
}

impl Sampler for Cell<'_> {
    fn name(&self) -> &'static str {
        "`cell`"
    }

    fn map(&mut self, rays: u64) -> Vec<f64> {
        solve(self.config.clone().with_samples_per_tx(rays), self.scene)
    }

    fn seconds(&mut self, rays: u64) -> f64 {
        self.turns += 1;
        let seed = self.config.seed + self.turns;
        seconds(self.config.clone().with_samples_per_tx(rays).with_seed(seed), self.scene)
    }

    fn process(&self) -> u32 {
        0
    }
}

/// Sionna RT in a process of its own, which waits without work between requests.
pub struct Sionna {
    child: Child,
    answers: BufReader<ChildStdout>,
    output: PathBuf,
    /// Version and variant, for tables.
    pub title: String,
}

impl Sionna {
    /// Starts Sionna RT and loads the scene; nothing where it is not installed.
    pub fn start(setting: &Setting) -> Option<Self> {
        let Setting { site, paths } = setting;
        let mut command = program("equal_error.py", &site.path, site.tx, paths.max_depth)?;
        command.arg(if paths.refraction { "--refraction" } else { "--no-refraction" });
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Python starts");
        let answers = BufReader::new(child.stdout.take().expect("the output is piped"));
        let output = std::env::temp_dir().join(format!("emberwave-equal-error-{}.npy", child.id()));
        let mut sionna = Self { child, answers, output, title: String::new() };
        let report = sionna.answer();
        let text = |key: &str| report[key].as_str().unwrap_or("unknown").to_owned();
        sionna.title =
            format!("Sionna RT {} ({}, {} threads)", text("version"), text("variant"), report["threads"]);
        Some(sionna)
    }

    fn answer(&mut self) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("Sionna RT answers");
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("Sionna RT ended or printed `{line}`"))
    }

    /// Asks for the mean map of as many calls as the rays need.
    fn request(&mut self, rays: u64) -> f64 {
        let calls = rays.div_ceil(RAYS_PER_CALL);
        let largest = rays / calls + APART * (calls - 1) / 2;
        let calls: Vec<[u64; 2]> = (0..calls).map(|call| [largest - APART * call, 1 + call]).collect();
        let request = json!({"calls": calls, "output": self.output});
        let requests = self.child.stdin.as_mut().expect("the input is piped");
        writeln!(requests, "{request}").expect("Sionna RT listens");
        self.answer()["seconds"].as_f64().expect("Sionna RT reports seconds")
    }
}

impl Sampler for Sionna {
    fn name(&self) -> &'static str {
        "Sionna RT"
    }

    fn map(&mut self, rays: u64) -> Vec<f64> {
        self.request(rays);
        let map: Array3<f64> = ndarray_npy::read_npy(&self.output).expect("Sionna RT wrote its map");
        map.into_iter().collect()
    }

    fn seconds(&mut self, rays: u64) -> f64 {
        self.request(rays)
    }

    fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Sionna {
    /// Without input the program ends.
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        self.child.wait().ok();
        std::fs::remove_file(&self.output).ok();
    }
}
