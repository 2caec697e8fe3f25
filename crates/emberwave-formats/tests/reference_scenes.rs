//! The peer's scenes give the peer's numbers.
#![allow(clippy::unwrap_used)]

use std::io::Write as _;
use std::{collections::BTreeMap, fs, path::Path};

use emberwave_formats::{Permittivity, load_scene};
use serde_json::Value;

/// The folder of the peer's scenes and numbers, which is not part of the repository.
fn shared() -> Option<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    if folder.join("scenes").is_dir() {
        return Some(folder);
    }
    // Past the test harness, which would keep the words of a passing test to itself.
    let _ = writeln!(std::io::stderr(), "skipped: ../shared/scenes is not there");
    None
}

#[test]
fn every_scene_has_the_counts_materials_and_bounds_that_the_peer_reports() {
    let Some(shared) = shared() else { return };
    let reference: Value =
        serde_json::from_slice(&fs::read(shared.join("reference/scenes.json")).unwrap()).unwrap();
    let mut compared = 0;
    for (name, expected) in reference.as_object().unwrap() {
        let path = shared.join("scenes").join(expected["xml"].as_str().unwrap());
        if path.is_file() {
            compare(name, &path, expected);
            compared += 1;
        }
    }
    assert!(compared >= 13, "only {compared} scenes were found");
}

fn compare(name: &str, path: &Path, expected: &Value) {
    let scene = load_scene(path).unwrap();
    let count = |key: &str| expected[key].as_u64().unwrap() as usize;
    assert_eq!(scene.objects.len(), count("objects"), "{name}");
    assert_eq!(scene.num_triangles(), count("triangles"), "{name}");
    assert_eq!(scene.num_vertices(), count("vertices"), "{name}");
    assert_eq!(scene.bounds().min.to_array(), floats(&expected["bbox_min"]), "{name}");
    assert_eq!(scene.bounds().max.to_array(), floats(&expected["bbox_max"]), "{name}");
    let mut uses: BTreeMap<&str, u64> = BTreeMap::new();
    for object in &scene.objects {
        *uses.entry(&scene.materials[object.material].name).or_default() += 1;
    }
    assert_eq!(serde_json::to_value(&uses).unwrap(), expected["materials"], "{name}");
    for material in &scene.materials {
        let [class, thickness, scattering] = [0, 1, 2].map(|i| &expected["mat_types"][&material.name][i]);
        assert_eq!(
            material.permittivity,
            Permittivity::Itu { class: class.as_str().unwrap().into() },
            "{name}"
        );
        assert_eq!(material.thickness as f32, thickness.as_f64().unwrap() as f32, "{name}");
        assert_eq!(material.scattering_coefficient, scattering.as_f64().unwrap(), "{name}");
    }
    let surprises: Vec<_> = scene.warnings.iter().filter(|w| !w.message.contains("no shape")).collect();
    assert!(surprises.is_empty(), "{name}: {surprises:?}");
}

fn floats(value: &Value) -> [f32; 3] {
    [0, 1, 2].map(|axis| value[axis].as_f64().unwrap() as f32)
}

#[test]
fn loading_does_not_depend_on_the_number_of_threads() {
    let Some(shared) = shared() else { return };
    let path = shared.join("scenes/etoile/etoile.xml");
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| load_scene(&path).unwrap())
    };
    assert_eq!(with(1), with(7));
}

/// `cargo test --release -p emberwave-formats --test reference_scenes -- --ignored --nocapture` prints the times.
#[test]
#[ignore = "prints times, asserts nothing"]
fn print_load_times() {
    let Some(shared) = shared() else { return };
    for name in ["munich", "etoile", "simple_street_canyon"] {
        let path = shared.join(format!("scenes/{name}/{name}.xml"));
        let mut times: Vec<_> = (0..15)
            .map(|_| {
                let start = std::time::Instant::now();
                load_scene(&path).unwrap();
                start.elapsed()
            })
            .collect();
        times.sort();
        println!("{name}: {:?} (median), {:?} (best)", times[7], times[0]);
    }
}
