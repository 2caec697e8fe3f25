//! The record of a run: a JSON file that tells how a map was made.

use std::collections::BTreeMap;

use emberwave::scene::{MeasurementSurface, Permittivity, Scene, Transmitter};
use emberwave::solvers::{Monitor, RadioMapSolverConfig, Reconstruction};
use serde::Serialize;

use crate::failure::Failure;
use crate::itu::{edition_number, out_of_range_name};
use crate::run::Run;

/// The release of Burn that the workspace pins.
const BURN_VERSION: &str = "0.22.1";

/// Where the time went \[s\].
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Seconds {
    /// Reading the scene's files.
    pub(crate) load: f64,
    /// Building the acceleration structure.
    pub(crate) build: f64,
    /// Tracing.
    pub(crate) solve: f64,
    /// Writing the map.
    pub(crate) write: f64,
    /// From the start of the command to here.
    pub(crate) total: f64,
}

/// Everything worth knowing about a run. `run` has the keys of a run file.
#[derive(Debug, Serialize)]
pub(crate) struct Record<'a> {
    versions: BTreeMap<&'static str, &'static str>,
    run: Settings<'a>,
    num_cells: [usize; 2],
    num_triangles: usize,
    threads: usize,
    warnings: Vec<String>,
    seconds: &'a Seconds,
    num_rays: u64,
    num_ray_queries: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    reached_error_db: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    power_not_followed: Option<NotFollowed>,
}

/// Shares of an isotropic transmitter's power that tubes did not follow one by one.
#[derive(Debug, Serialize)]
struct NotFollowed {
    /// In sequences of which some were drawn and stand for all.
    drawn: f64,
    /// After the last interaction: the most that a larger depth has to give.
    after_the_last_interaction: f64,
}

#[derive(Debug, Serialize)]
struct Settings<'a> {
    scene: String,
    frequency: f64,
    bandwidth: f64,
    temperature: f64,
    itu_out_of_range: &'static str,
    itu_edition: u8,
    materials: BTreeMap<&'a str, Material<'a>>,
    transmitters: Vec<Sender<'a>>,
    measurement: Plane,
    solver: Solver,
}

#[derive(Debug, Serialize)]
struct Material<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    itu_class: Option<&'a str>,
    relative_permittivity: f64,
    conductivity: f64,
    thickness: f64,
    scattering_coefficient: f64,
}

#[derive(Debug, Serialize)]
struct Sender<'a> {
    name: &'a str,
    position: [f64; 3],
    orientation: [f64; 3],
    power_dbm: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<&'static str>,
    /// The file of a table in place of a named pattern.
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern_table: Option<String>,
    polarization: &'static str,
    polarization_model: &'static str,
}

#[derive(Debug, Serialize)]
struct Plane {
    center: [f64; 3],
    orientation: [f64; 3],
    size: [f64; 2],
    cell_size: [f64; 2],
}

#[derive(Debug, Serialize)]
struct Solver {
    samples_per_tx: u64,
    max_depth: u32,
    los: bool,
    specular_reflection: bool,
    refraction: bool,
    diffuse_reflection: bool,
    diffraction: bool,
    edge_diffraction: bool,
    seed: u64,
    rr_depth: i32,
    rr_prob: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    stop_threshold_db: Option<f64>,
    reconstruction: Reconstruction,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_error_db: Option<f64>,
    conservative: bool,
    error_estimate: bool,
    delays: bool,
    directions_of_arrival: bool,
    directions_of_departure: bool,
}

impl<'a> Record<'a> {
    pub(crate) fn new(run: &'a Run, scene: &'a Scene, seconds: &'a Seconds, monitor: &Monitor) -> Self {
        let surface = run.solver.measurement_surface.as_ref();
        let plane = surface.and_then(|surface| match surface {
            MeasurementSurface::Plane(plane) => Some(*plane),
            _ => None,
        });
        let plane = plane.unwrap_or_else(|| run.measurement.resolve(scene.bounds()));
        Self {
            versions: BTreeMap::from([("emberwave", env!("CARGO_PKG_VERSION")), ("burn", BURN_VERSION)]),
            run: Settings {
                scene: run.scene.display().to_string(),
                frequency: scene.frequency(),
                bandwidth: scene.bandwidth(),
                temperature: scene.temperature(),
                itu_out_of_range: out_of_range_name(scene.itu_policy().out_of_range),
                itu_edition: edition_number(scene.itu_policy().edition),
                materials: materials(scene),
                transmitters: scene.transmitters().iter().map(|tx| Sender::new(tx, run)).collect(),
                measurement: Plane {
                    center: plane.center,
                    orientation: plane.orientation,
                    size: plane.size,
                    cell_size: plane.cell_size,
                },
                solver: Solver::from(&run.solver),
            },
            num_cells: plane.num_cells(),
            num_triangles: scene.topology().triangles().len(),
            threads: rayon::current_num_threads(),
            warnings: run.warnings(scene),
            seconds,
            num_rays: monitor.num_rays(),
            num_ray_queries: monitor.num_ray_queries(),
            reached_error_db: None,
            power_not_followed: monitor.power_account().map(|account| NotFollowed {
                drawn: account.drawn,
                after_the_last_interaction: account.ended,
            }),
        }
    }

    /// With the mean estimated error of a cell \[dB\] that the map reached.
    pub(crate) fn with_reached_error(mut self, reached_error_db: Option<f64>) -> Self {
        self.reached_error_db = reached_error_db;
        self
    }

    /// The record as JSON.
    pub(crate) fn to_json(&self) -> Result<String, Failure> {
        match serde_json::to_string_pretty(self) {
            Ok(text) => Ok(text + "\n"),
            Err(error) => Err(Failure::runtime(format!("cannot make the record of the run: {error}"))),
        }
    }
}

/// Materials with their values at the run's frequency, which the scene's validation has made sure of.
fn materials(scene: &Scene) -> BTreeMap<&str, Material<'_>> {
    scene
        .materials()
        .iter()
        .filter_map(|material| {
            let (relative_permittivity, conductivity) =
                material.properties_under(scene.frequency(), scene.itu_policy()).ok()?;
            let itu_class = match &material.permittivity {
                Permittivity::Itu { class } => Some(class.as_str()),
                Permittivity::Constant { .. } => None,
            };
            let (thickness, scattering_coefficient) = (material.thickness, material.scattering_coefficient);
            let values = Material {
                itu_class,
                relative_permittivity,
                conductivity,
                thickness,
                scattering_coefficient,
            };
            Some((material.name.as_str(), values))
        })
        .collect()
}

impl<'a> Sender<'a> {
    fn new(transmitter: &'a Transmitter, run: &Run) -> Self {
        let file = run.pattern_tables.file_of(&transmitter.pattern);
        Self {
            name: &transmitter.name,
            position: transmitter.position,
            orientation: transmitter.orientation,
            power_dbm: transmitter.power_dbm,
            pattern: file.is_none().then(|| transmitter.pattern.name()),
            pattern_table: file.map(|file| file.display().to_string()),
            polarization: transmitter.polarization.name(),
            polarization_model: transmitter.polarization_model.name(),
        }
    }
}

impl From<&RadioMapSolverConfig> for Solver {
    fn from(config: &RadioMapSolverConfig) -> Self {
        Self {
            samples_per_tx: config.samples_per_tx,
            max_depth: config.max_depth,
            los: config.los,
            specular_reflection: config.specular_reflection,
            refraction: config.refraction,
            diffuse_reflection: false,
            diffraction: false,
            edge_diffraction: false,
            seed: config.seed,
            rr_depth: config.rr_depth,
            rr_prob: config.rr_prob,
            stop_threshold_db: config.stop_threshold_db,
            reconstruction: config.chosen_reconstruction(),
            target_error_db: config.target_error_db,
            conservative: config.conservative,
            error_estimate: config.error_estimate,
            delays: config.delays,
            directions_of_arrival: config.directions_of_arrival,
            directions_of_departure: config.directions_of_departure,
        }
    }
}
