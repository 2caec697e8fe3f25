//! A run: all settings of a map, from a run file, flags and defaults.

mod flags;
mod materials;
mod measurement;
pub(crate) mod transmitters;

use std::path::{Path, PathBuf};

use emberwave::physics::PhysicsError;
use emberwave::scene::{
    DEFAULT_BANDWIDTH, DEFAULT_FREQUENCY, DEFAULT_TEMPERATURE, ItuPolicy, Scene, SceneError, Transmitter,
};
use emberwave::solvers::RadioMapSolverConfig;

pub(crate) use materials::MaterialOverride;
pub(crate) use measurement::Measurement;

use crate::args::MapArguments;
use crate::failure::Failure;
use crate::pattern_tables::PatternTables;
use crate::run_file;

/// All settings that do not need the scene to be known.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) scene: PathBuf,
    pub(crate) frequency: f64,
    pub(crate) bandwidth: f64,
    pub(crate) temperature: f64,
    pub(crate) itu: ItuPolicy,
    /// What differs from the scene file.
    pub(crate) materials: Vec<MaterialOverride>,
    pub(crate) transmitters: Vec<Transmitter>,
    pub(crate) pattern_tables: PatternTables,
    pub(crate) measurement: Measurement,
    pub(crate) solver: RadioMapSolverConfig,
}

impl Run {
    /// A run of a scene with all defaults, and without transmitters.
    pub(crate) fn new(scene: impl Into<PathBuf>) -> Self {
        Self {
            scene: scene.into(),
            frequency: DEFAULT_FREQUENCY,
            bandwidth: DEFAULT_BANDWIDTH,
            temperature: DEFAULT_TEMPERATURE,
            itu: ItuPolicy::default(),
            materials: Vec::new(),
            transmitters: Vec::new(),
            pattern_tables: PatternTables::default(),
            measurement: Measurement::default(),
            solver: RadioMapSolverConfig::new(),
        }
    }

    /// What run file and flags say together.
    pub(crate) fn gather(arguments: &MapArguments) -> Result<Self, Failure> {
        let input = arguments.input.as_path();
        let mut run = if is_run_file(input) { run_file::read(input)? } else { Self::new(input) };
        run.apply(arguments)?;
        if run.transmitters.is_empty() {
            let hint = "nothing sends: add a transmitter with --tx X,Y,Z, for example --tx 0,0,20";
            return Err(Failure::input(if is_run_file(input) {
                format!("{}: {hint}, or a [[transmitters]] table", input.display())
            } else {
                hint.to_owned()
            }));
        }
        run.solver.validate()?;
        Ok(run)
    }

    /// Puts frequency, materials and transmitters into the scene, and the plane into the solver's options.
    pub(crate) fn set_up(&mut self, scene: Scene) -> Result<Scene, Failure> {
        if scene.topology().triangles().is_empty() {
            return Err(Failure::input(format!("{}: the scene has no triangles", self.scene.display())));
        }
        let mut scene = scene
            .with_frequency(self.frequency)
            .with_bandwidth(self.bandwidth)
            .with_temperature(self.temperature)
            .with_out_of_range(self.itu.out_of_range)
            .with_itu_edition(self.itu.edition);
        scene = materials::apply(&self.materials, scene)?;
        for transmitter in &self.transmitters {
            scene = scene.with_transmitter(transmitter.clone());
        }
        scene.validate().map_err(|error| self.explain(&error))?;
        let plane = self.measurement.resolve(scene.bounds());
        plane.validate()?;
        self.solver.measurement_surface = Some(plane.into());
        Ok(scene)
    }

    /// What the scene's file or the run's materials do less than may be expected, one line each.
    pub(crate) fn warnings(&self, scene: &Scene) -> Vec<String> {
        let of_materials = self.materials.iter().filter_map(MaterialOverride::warning);
        scene.warnings().iter().cloned().chain(of_materials).collect()
    }

    /// Names the scene where a material of its file has no value, and tells what helps on the command line.
    fn explain(&self, error: &SceneError) -> Failure {
        Failure::input(match error {
            SceneError::Material { material, source: PhysicsError::FrequencyOutOfRange { ranges, .. } } => {
                format!(
                    "{}: material `{material}` is not defined at {} GHz (defined: {ranges} GHz): choose another \
                 frequency, set --itu-out-of-range clamp or extrapolate, or give relative_permittivity and conductivity in a run file",
                    self.scene.display(),
                    self.frequency * 1e-9,
                )
            }
            SceneError::Material { .. } => format!("{}: {error}", self.scene.display()),
            _ => error.to_string(),
        })
    }
}

fn is_run_file(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"))
}
