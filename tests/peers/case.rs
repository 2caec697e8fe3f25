//! Reading a reference case: its settings, its maps, and the same thing set up for our solver.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use emberwave::prelude::*;
use ndarray::{Array3, Ix3, OwnedRepr};
use ndarray_npy::NpzReader;
use serde_json::Value;

/// The folder with the peers' numbers, or nothing, said aloud.
pub fn reference() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference");
    if path.is_dir() {
        return Some(path);
    }
    // Past the test harness, which would keep the words of a passing test to itself.
    let _ = writeln!(std::io::stderr(), "skipped: ../shared/reference is not there");
    None
}

/// A case of the reference.
pub struct Case {
    folder: PathBuf,
    id: String,
    settings: Value,
}

impl Case {
    /// The case with this id; nothing if there is no reference.
    pub fn load(id: &str) -> Option<Self> {
        let folder = reference()?;
        let file = File::open(folder.join(format!("cases/rm_{id}.json"))).expect("the case is there");
        let settings = serde_json::from_reader(file).expect("the case is JSON");
        Some(Self { folder, id: id.to_owned(), settings })
    }

    /// An array of the peer's, `[tx, y, x]` (or `[y, x, 3]`).
    pub fn array(&self, name: &str) -> Array3<f32> {
        let file = File::open(self.folder.join(format!("rm_{}.npz", self.id))).expect("the map is there");
        let mut npz = NpzReader::new(file).expect("the map is an npz");
        npz.by_name::<OwnedRepr<f32>, Ix3>(name).expect("the array is there")
    }

    /// Independent runs behind the peer's means.
    pub fn runs(&self) -> usize {
        self.settings["runs"].as_u64().expect("runs") as usize
    }

    /// The scene with the case's frequency, materials and transmitters.
    pub fn scene(&self) -> Scene {
        let name = self.settings["scene"].as_str().expect("scene");
        let path = self.folder.join(format!("../scenes/{name}/{name}.xml"));
        let mut scene = Scene::load(path, &Device::default()).expect("the scene loads");
        scene = scene.with_frequency(self.settings["frequency"].as_f64().expect("frequency"));
        if let Some(bandwidth) = self.settings["bandwidth"].as_f64() {
            scene = scene.with_bandwidth(bandwidth);
        }
        if let Some(temperature) = self.settings["temperature"].as_f64() {
            scene = scene.with_temperature(temperature);
        }
        for (name, numbers) in self.settings["materials"].as_object().into_iter().flatten() {
            scene = overridden(scene, name, numbers);
        }
        for (index, tx) in self.settings["tx"].as_array().expect("tx").iter().enumerate() {
            scene = scene.with_transmitter(self.transmitter(index, tx));
        }
        scene
    }

    fn transmitter(&self, index: usize, settings: &Value) -> Transmitter {
        let array = &self.settings["tx_array"];
        let name = |key: &str| array[key].as_str().expect("a name");
        let mut tx = Transmitter::new(format!("tx{index}"), numbers(&settings["position"]))
            .with_pattern(name("pattern").parse::<AntennaPattern>().expect("a pattern"))
            .with_polarization(name("polarization").parse().expect("a polarisation"));
        if settings["orientation"].is_array() {
            tx = tx.with_orientation(numbers(&settings["orientation"]));
        }
        if settings["look_at"].is_array() {
            tx = tx.with_look_at(numbers(&settings["look_at"]));
        }
        match settings["power_dbm"].as_f64() {
            Some(power) => tx.with_power_dbm(power),
            None => tx,
        }
    }

    /// The solver's options, for so many rays.
    pub fn config(&self, samples: u64) -> RadioMapSolverConfig {
        let options = self.settings["solver"].as_object().expect("solver");
        let plane = &self.settings["plane"];
        let size = numbers(&plane["size"]);
        let plane = MeasurementPlane::new(numbers(&plane["center"]), size, numbers(&plane["cell_size"]))
            .with_orientation(numbers(&plane["orientation"]));
        let mut config =
            RadioMapSolverConfig::new().with_samples_per_tx(samples).with_measurement_surface(plane);
        for (name, value) in options {
            let on = || value.as_bool().expect("a switch");
            let number = || value.as_f64().expect("a number");
            config = match name.as_str() {
                "max_depth" => config.with_max_depth(number() as u32),
                "los" => config.with_los(on()),
                "specular_reflection" => config.with_specular_reflection(on()),
                "refraction" => config.with_refraction(on()),
                "rr_depth" => config.with_rr_depth(number() as i32),
                "rr_prob" => config.with_rr_prob(number()),
                "stop_threshold" => config.with_stop_threshold_db(Some(number())),
                "diffuse_reflection" | "diffraction" if !on() => config,
                _ => panic!("option {name} = {value} is not among those compared"),
            };
        }
        config
    }
}

/// The scene with numbers of a material (or of all, `*`) replaced.
fn overridden(mut scene: Scene, name: &str, numbers: &Value) -> Scene {
    let matching = |material: &&RadioMaterial| name == "*" || material.name == name;
    let materials: Vec<RadioMaterial> = scene.materials().iter().filter(matching).cloned().collect();
    assert!(!materials.is_empty(), "no material {name}");
    for mut material in materials {
        let (mut epsilon, mut sigma) = material.properties(scene.frequency()).expect("in range");
        for (key, value) in numbers.as_object().expect("a material") {
            let value = value.as_f64().expect("a number");
            match key.as_str() {
                "relative_permittivity" => epsilon = value,
                "conductivity" => sigma = value,
                "thickness" => material.thickness = value,
                "scattering_coefficient" => material.scattering_coefficient = value,
                _ => panic!("material property {key} is not among those compared"),
            }
        }
        material.permittivity =
            Permittivity::Constant { relative_permittivity: epsilon, conductivity: sigma };
        scene = scene.with_material(material).expect("in range");
    }
    scene
}

fn numbers<const N: usize>(value: &Value) -> [f64; N] {
    std::array::from_fn(|i| value[i].as_f64().expect("a number"))
}
