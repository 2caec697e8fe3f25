//! The numbers of Sionna RT 2.2.0 in `shared/reference`, also for the tests of `emberwave-em`.
#![allow(dead_code)] // each test binary uses a part of it

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;

use ndarray::{ArrayD, Ix1};
use ndarray_npy::{NpzReader, ReadableElement};
use serde_json::Value;

/// Arrays and configurations of the peer.
pub struct Reference {
    pub arrays: NpzReader<File>,
    pub table: Value,
}

impl Reference {
    /// None, with a word, where they are not there.
    pub fn open() -> Option<Self> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference");
        let (Ok(arrays), Ok(table)) =
            (File::open(folder.join("units.npz")), File::open(folder.join("units.json")))
        else {
            // Past the test harness, which would keep the words of a passing test to itself.
            let _ = writeln!(std::io::stderr(), "skipped: ../shared/reference is not there");
            return None;
        };
        let arrays = NpzReader::new(arrays).expect("units.npz is an archive of arrays");
        let table = serde_json::from_reader(table).expect("units.json is JSON");
        Some(Self { arrays, table })
    }

    pub fn array<T: ReadableElement>(&mut self, name: &str) -> ArrayD<T> {
        self.arrays.by_name(name).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    pub fn vector<T: ReadableElement>(&mut self, name: &str) -> Vec<T> {
        let array = self.array::<T>(name).into_dimensionality::<Ix1>().expect("a vector");
        array.into_iter().collect()
    }
}
