//! Scenes in a folder of their own.
#![allow(dead_code)] // each test binary uses a part of it

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use emberwave_formats::{SceneDescription, SceneError, load_scene};

/// A folder that is removed when it goes out of scope.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("scene-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// One triangle with corners at 1 on each axis.
pub const TRIANGLE: &str = "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\n\
    property float z\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n\
    1 0 0\n0 1 0\n0 0 1\n3 0 1 2\n";

/// Loads `street.xml` with this text, beside a `triangle.ply`.
pub fn load(xml: impl AsRef<[u8]>) -> Result<SceneDescription, SceneError> {
    let folder = Folder::new();
    folder.write("triangle.ply", TRIANGLE);
    load_scene(&folder.write("street.xml", xml))
}

/// The message of the error in a scene, with the folder taken out.
pub fn error_of(xml: impl AsRef<[u8]>) -> String {
    let folder = Folder::new();
    folder.write("triangle.ply", TRIANGLE);
    let message = load_scene(&folder.write("street.xml", xml)).unwrap_err().to_string();
    message.replace(&format!("{}/", folder.path().display()), "")
}

/// The warnings of a scene, with the folder taken out.
pub fn warnings_of(xml: impl AsRef<[u8]>) -> Vec<String> {
    let scene = load(xml).unwrap();
    let folder = format!("{}/", scene.path.parent().unwrap().display());
    scene.warnings.iter().map(|warning| warning.to_string().replace(&folder, "")).collect()
}
