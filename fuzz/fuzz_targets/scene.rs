//! Scene files are read or refused with one line. `cargo +nightly fuzz run scene`
#![no_main]

use std::{fs, sync::LazyLock};

use libfuzzer_sys::fuzz_target;

/// A folder of this process, so that several fuzzers do not overwrite each other's file.
static FOLDER: LazyLock<std::path::PathBuf> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("emberwave-fuzz-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder for scenes");
    folder
});

fuzz_target!(|bytes: &[u8]| {
    let path = FOLDER.join("scene.xml");
    fs::write(&path, bytes).expect("written");
    if let Err(error) = emberwave_formats::load_scene(&path) {
        assert!(!error.to_string().contains(['\n', '\r']));
    }
});
