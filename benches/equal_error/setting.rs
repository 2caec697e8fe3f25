//! The maps that are compared: a scene, a transmitter, the kinds of paths.

use std::path::{Path, PathBuf};

use emberwave::prelude::*;

use crate::common::sionna::{CENTER, SIZE};

/// Carrier frequency \[Hz\].
const FREQUENCY: f64 = 3.5e9;

/// A scene and where it is lit from.
#[derive(Clone)]
pub struct Site {
    pub path: PathBuf,
    pub tx: [f64; 3],
}

/// Kinds and numbers of interactions.
#[derive(Clone, Copy)]
pub struct Paths {
    pub refraction: bool,
    pub max_depth: u32,
}

/// A map to compute.
pub struct Setting {
    pub site: Site,
    pub paths: Paths,
}

impl Site {
    /// Munich and étoile where Sionna RT's scenes lie beside the repository, and otherwise our own district.
    pub fn defaults() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let site = |path: &str, tx| Self { path: root.join(path), tx };
        let peers: Vec<Self> = [
            site("../shared/scenes/munich/munich.xml", [8.5, 21.0, 30.0]),
            site("../shared/scenes/etoile/etoile.xml", [68.5, 33.0, 30.0]),
        ]
        .into_iter()
        .filter(|site| site.path.exists())
        .collect();
        if peers.is_empty() {
            return vec![site("assets/scenes/district/district.xml", [0.0, 0.0, 30.0])];
        }
        peers
    }

    /// Reads `PATH:X,Y,Z`.
    pub fn parse(text: &str) -> Option<Self> {
        let (path, place) = text.rsplit_once(':')?;
        let place: Vec<f64> = place.split(',').map(|number| number.parse().ok()).collect::<Option<_>>()?;
        Some(Self { path: path.into(), tx: place.try_into().ok()? })
    }
}

impl Paths {
    /// The paths that are compared by default.
    pub const DEFAULTS: [Self; 3] = [
        Self { refraction: false, max_depth: 3 },
        Self { refraction: false, max_depth: 5 },
        Self { refraction: true, max_depth: 5 },
    ];

    /// Reads `specular3`, `refraction5` and the like.
    pub fn parse(text: &str) -> Option<Self> {
        let (refraction, depth) = match (text.strip_prefix("specular"), text.strip_prefix("refraction")) {
            (Some(depth), _) => (false, depth),
            (_, Some(depth)) => (true, depth),
            _ => return None,
        };
        Some(Self { refraction, max_depth: depth.parse().ok()? })
    }

    /// For tables.
    pub fn name(self) -> &'static str {
        if self.refraction { "reflection, refraction" } else { "reflection" }
    }
}

impl Setting {
    /// The scene's name.
    pub fn name(&self) -> String {
        self.site.path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Names a file that holds something about this setting: readable, and different for different scene files.
    pub fn key(&self) -> String {
        let text = std::fs::read(&self.site.path).expect("the scene file can be read");
        // FNV-1a, the same on every machine and by every compiler.
        let hash = text.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let [x, y, z] = self.site.tx;
        let events = if self.paths.refraction { "refraction" } else { "specular" };
        format!("{}-{hash:016x}-tx_{x}_{y}_{z}-{events}{}", self.name(), self.paths.max_depth)
    }

    /// The scene with its transmitter: isotropic, polarised vertically.
    pub fn scene(&self) -> Scene {
        let scene = Scene::load(&self.site.path, &Device::default()).expect("the scene loads");
        let tx = Transmitter::new("tx", self.site.tx)
            .with_pattern(AntennaPattern::Isotropic)
            .with_polarization(Polarization::V);
        scene.with_frequency(FREQUENCY).with_transmitter(tx)
    }

    /// Options of the solver, apart from the number of rays.
    pub fn config(&self) -> RadioMapSolverConfig {
        RadioMapSolverConfig::new()
            .with_max_depth(self.paths.max_depth)
            .with_refraction(self.paths.refraction)
            .with_measurement_surface(MeasurementPlane::new(CENTER, SIZE, [1.0, 1.0]))
    }
}

/// A map's path gain by cell, row after row.
pub fn path_gain(config: RadioMapSolverConfig, scene: &Scene) -> Vec<f32> {
    let map = config.init().solve(scene).expect("the scene can be solved");
    map.path_gain().into_data().try_into_vec().expect("path gains are single precision")
}

/// The same, to be compared with.
pub fn solve(config: RadioMapSolverConfig, scene: &Scene) -> Vec<f64> {
    path_gain(config, scene).into_iter().map(f64::from).collect()
}
