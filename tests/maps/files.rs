//! Maps in files, and files that are damaged.

use std::fs;
use std::path::Path;

use burn::tensor::{Tensor, TensorData};
use emberwave::prelude::*;
use emberwave::solvers::RadioMapParts;
use emberwave::viz::{load_maps, save_maps};
use tempfile::TempDir;

use crate::worlds::{map_of, plane, values};

const KINDS: [&str; 2] = ["map.npz", "map.safetensors"];

fn directory() -> TempDir {
    tempfile::tempdir().expect("a temporary directory")
}

/// Bits of all values, so that equality is exact.
fn bits<const D: usize>(tensor: &Tensor<D>) -> (Vec<u32>, [usize; D]) {
    (values(tensor.clone()).into_iter().map(f32::to_bits).collect(), tensor.dims())
}

/// A map with irregular values and all statistics.
fn rich_map() -> RadioMap {
    let turned = plane().with_orientation([0.1, -0.2, 0.3]);
    let gain = |tx, [x, y, z]: [f64; 3]| {
        if x > 15.0 { 0.0 } else { (x * y + z).sin().abs() * 1e-30_f64.powi(tx as i32) }
    };
    let mut parts = map_of(turned, 2, gain).into_parts();
    let device = parts.path_gain.device();
    let numbers = |count: usize, scale: f32| (0..count).map(|i| scale / (i + 3) as f32).collect::<Vec<f32>>();
    let flat = |scale| Tensor::<3>::from_data(TensorData::new(numbers(24, scale), [2, 3, 4]), &device);
    let directions =
        |scale| Tensor::<4>::from_data(TensorData::new(numbers(72, scale), [2, 3, 4, 3]), &device);
    parts.delay = Some((flat(1e-7), flat(1e-17)));
    parts.arrival = Some((directions(1.0), flat(0.3)));
    parts.departure = Some((directions(-1.0), flat(0.7)));
    parts.relative_error = Some(flat(0.1));
    parts.reached_error_db = Some(0.123_456_789);
    RadioMap::from_parts(parts).expect("shapes fit")
}

fn assert_equal(read: RadioMap, written: RadioMap) {
    assert_eq!(read.measurement_plane(), written.measurement_plane());
    assert_eq!(read.noise_power().to_bits(), written.noise_power().to_bits());
    assert_eq!(read.tx_names(), written.tx_names());
    assert_eq!(bits(&read.sinr()), bits(&written.sinr()));
    let [read, written] = [read, written].map(RadioMap::into_parts);
    assert_eq!(bits(&read.path_gain), bits(&written.path_gain));
    assert_eq!(bits(&read.power), bits(&written.power));
    assert_eq!(bits(&read.tx_positions), bits(&written.tx_positions));
    assert_eq!(bits(&read.vertices), bits(&written.vertices));
    assert_eq!(read.topology.triangles(), written.topology.triangles());
    assert_eq!(read.topology.material_from_triangle(), written.topology.material_from_triangle());
    assert_eq!(statistics(&read), statistics(&written));
}

fn statistics(parts: &RadioMapParts) -> Vec<Option<Vec<u32>>> {
    let delay = parts.delay.as_ref().map(|(mean, variance)| [bits(mean).0, bits(variance).0].concat());
    let directions = [&parts.arrival, &parts.departure]
        .map(|pair| pair.as_ref().map(|(mean, variance)| [bits(mean).0, bits(variance).0].concat()));
    let error = parts.relative_error.as_ref().map(|error| bits(error).0);
    let reached = parts.reached_error_db.map(|error| vec![error.to_bits() as u32]);
    [vec![delay], directions.to_vec(), vec![error, reached]].concat()
}

#[test]
fn a_map_survives_its_file_bit_for_bit() {
    let directory = directory();
    for name in KINDS {
        for map in [rich_map(), map_of(plane(), 1, |_, _| 1e-9)] {
            let path = directory.path().join(name);
            map.save(&path).expect("written");
            assert_equal(RadioMap::load(&path, &Device::default()).expect("readable"), map);
        }
    }
}

#[test]
fn a_solved_map_survives_and_looks_the_same() {
    let directory = directory();
    let scene = Scene::load("assets/scenes/box_room/box_room.xml", &Device::default())
        .expect("readable")
        .with_transmitter(Transmitter::new("tx", [1.0, 1.0, 1.5]));
    let map = RadioMapSolverConfig::new().with_samples_per_tx(10_000).init().solve(&scene).expect("solved");
    let path = directory.path().join("room.safetensors");
    map.save(&path).expect("written");
    let read = RadioMap::load(&path, &Device::default()).expect("readable");
    let options = PictureOptions::default();
    assert_eq!(map.picture(&options).expect("drawn"), read.picture(&options).expect("drawn"));
    assert_equal(read, map);
}

#[test]
fn several_maps_share_a_file() {
    let directory = directory();
    let (first, second) = (rich_map(), map_of(plane(), 1, |_, [x, _, _]| x));
    for name in KINDS {
        let path = directory.path().join(name);
        save_maps(&path, &[("low", &first), ("high/4 m", &second)]).expect("written");
        let read = load_maps(&path, &Device::default()).expect("readable");
        let names: Vec<&str> = read.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["high/4 m", "low"]);
        let [high, low] = read.try_into().unwrap_or_else(|_| unreachable!("two maps"));
        assert_equal(high.1, second.clone());
        assert_equal(low.1, first.clone());
        let twice = save_maps(&path, &[("a", &first), ("a", &second)]).expect_err("one name").to_string();
        assert!(twice.contains("two arrays are named `a/path_gain`"), "{twice}");
    }
}

#[test]
fn compressed_archives_are_read() {
    let directory = directory();
    let path = directory.path().join("compressed.npz");
    let file = fs::File::create(&path).expect("created");
    let mut archive = ndarray_npy::NpzWriter::new_compressed(file);
    let gain = ndarray::arr2(&[[1.0_f32, 2.0], [3.0, 4.0]]);
    archive.add_array("gain", &gain).expect("written");
    archive.finish().expect("written");
    let read = emberwave::viz::ArrayFile::load(&path).expect("readable");
    assert_eq!(read.array("gain"), Some(&gain.into()));
}

/// Loads, and returns the error if it is one; it must fit on a line and name the file.
fn load(path: &Path) -> Result<(), String> {
    let refused = |error: emberwave::viz::ImportError| {
        let message = error.to_string();
        assert!(!message.contains('\n') && message.contains(&path.display().to_string()), "{message}");
        message
    };
    load_maps(path, &Device::default()).map(drop).map_err(refused)?;
    RadioMap::load(path, &Device::default()).map(drop).map_err(refused)
}

#[test]
fn damaged_files_are_refused_on_one_line() {
    let directory = directory();
    for name in KINDS {
        let path = directory.path().join(name);
        map_of(plane(), 1, |_, _| 1e-9).save(&path).expect("written");
        let whole = fs::read(&path).expect("readable");
        for length in (0..whole.len()).step_by(97) {
            fs::write(&path, &whole[..length]).expect("written");
            assert!(load(&path).is_err(), "{name} cut off at {length}");
        }
        for place in (0..whole.len()).step_by(11) {
            let mut damaged = whole.clone();
            damaged[place] ^= 1 << (place % 8);
            fs::write(&path, &damaged).expect("written");
            let _ = load(&path); // a flipped bit may also be a valid value
        }
    }
}

#[test]
fn what_is_no_map_is_named() {
    let directory = directory();
    let path = directory.path().join("other.npz");
    assert!(load(&path).expect_err("missing").starts_with("cannot read `"));
    emberwave::viz::ArrayFile::new()
        .with_array("format_version", ndarray::arr0(1_i32))
        .with_array("path_gain", ndarray::arr1(&[1.0_f32]))
        .save(&path)
        .expect("written");
    let message = load(&path).expect_err("no map");
    assert!(
        message.starts_with("cannot read array `vertices` of `") && message.ends_with("there is none"),
        "{message}"
    );
    let message = RadioMap::load("map.txt", &Device::default()).expect_err("unknown").to_string();
    assert_eq!(message, "cannot read `map.txt`: the extension must be .npz or .safetensors");
}
