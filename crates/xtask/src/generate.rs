//! `cargo xtask scenes`: writes the generated scenes, or compares them with what lies in `assets/scenes`.

use crate::scene_model::SceneModel;
use crate::{Result, laws, scenes, workspace};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Writes every scene and removes files of earlier versions from its folder.
pub fn write() -> Result {
    for scene in scenes::all() {
        laws::check(&scene)?;
        let folder = folder_of(&scene);
        let files = scene.files();
        for (path, content) in &files {
            write_file(&folder.join(path), content)?;
        }
        for stale in stale_files(&folder, &files)? {
            fs::remove_file(&stale).map_err(|error| format!("{}: {error}", stale.display()))?;
        }
        println!("{}", summary(&scene, &files));
    }
    Ok(())
}

/// Fails with one line for each file that is missing, different or too many.
pub fn check() -> Result {
    let mut differences = Vec::new();
    for scene in scenes::all() {
        laws::check(&scene)?;
        let folder = folder_of(&scene);
        let files = scene.files();
        for (path, content) in &files {
            match fs::read(folder.join(path)) {
                Ok(found) if found == *content => {}
                Ok(_) => differences.push(format!("{}/{path} differs", scene.name)),
                Err(error) => differences.push(format!("{}/{path}: {error}", scene.name)),
            }
        }
        for stale in stale_files(&folder, &files)? {
            differences.push(format!("{} is not generated any more", stale.display()));
        }
    }
    if differences.is_empty() {
        Ok(())
    } else {
        Err(format!("assets/scenes is not what `cargo xtask scenes` writes:\n  {}", differences.join("\n  ")))
    }
}

fn folder_of(scene: &SceneModel) -> PathBuf {
    workspace::root().join("assets").join("scenes").join(scene.name)
}

fn write_file(path: &Path, content: &[u8]) -> Result {
    let describe = |error: std::io::Error| format!("{}: {error}", path.display());
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(describe)?;
    }
    fs::write(path, content).map_err(describe)
}

/// Files in the scene's folder that are not in the list.
fn stale_files(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<Vec<PathBuf>> {
    let expected: BTreeSet<PathBuf> = files.iter().map(|(path, _)| folder.join(path)).collect();
    let mut stale = Vec::new();
    for place in [folder.to_path_buf(), folder.join("meshes")] {
        // A folder that is not there yet holds nothing.
        let Ok(entries) = fs::read_dir(&place) else { continue };
        for entry in entries {
            let path = entry.map_err(|error| format!("{}: {error}", place.display()))?.path();
            if path.is_file() && !expected.contains(&path) {
                stale.push(path);
            }
        }
    }
    stale.sort();
    Ok(stale)
}

fn summary(scene: &SceneModel, files: &[(String, Vec<u8>)]) -> String {
    let triangles: usize = scene.objects.iter().map(|object| object.mesh.triangles().len()).sum();
    let bytes: usize = files.iter().map(|(_, content)| content.len()).sum();
    format!(
        "{:20} {:4} objects {:6} triangles {:8.1} kB",
        scene.name,
        scene.objects.len(),
        triangles,
        bytes as f64 / 1e3
    )
}

#[cfg(test)]
mod tests {
    use crate::scenes;

    #[test]
    fn committed_scenes_are_what_the_generator_writes() {
        if let Err(message) = super::check() {
            panic!("{message}");
        }
    }

    #[test]
    fn two_runs_give_the_same_bytes() {
        for (first, second) in scenes::all().iter().zip(&scenes::all()) {
            assert!(first.files() == second.files(), "{} is not deterministic", first.name);
        }
    }

    #[test]
    fn all_scenes_together_stay_below_three_megabytes() {
        let bytes: usize =
            scenes::all().iter().flat_map(|scene| scene.files()).map(|file| file.1.len()).sum();
        assert!(bytes < 3_000_000, "{bytes} bytes");
    }
}
