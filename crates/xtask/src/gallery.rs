//! `cargo xtask gallery`: remakes the pictures of the README from our own scenes with the command itself.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Result, workspace};

/// A picture: its name, its scene, and the flags that make it.
struct Picture {
    name: &'static str,
    scene: &'static str,
    /// Flags as on a command line, separated by white space.
    flags: &'static str,
}

const PICTURES: [Picture; 5] = [
    // A tilted sector antenna above a crossing.
    Picture {
        name: "street",
        scene: "street",
        flags: "--tx 0,0,20 --tx-pattern tr38901 --tx-look-at 60,15,1.5 --cell-size 1 --samples 2e7 --max-depth 5 \
                --vmin -160 --vmax -65",
    },
    // The same antenna turned to the four winds: four panels.
    Picture {
        name: "sectors",
        scene: "street",
        flags: "--tx 0,0,20 --tx 0,0,20 --tx 0,0,20 --tx 0,0,20 --tx-pattern tr38901 --tx-look-at 60,0,1.5 \
                --tx-look-at 0,60,1.5 --tx-look-at -60,0,1.5 --tx-look-at 0,-60,1.5 --cell-size 2 --samples 1e7 \
                --max-depth 5 --vmin -160 --vmax -65",
    },
    // Three sites above the roofs of a district.
    Picture {
        name: "district",
        scene: "district",
        flags: "--tx 51,44,30 --tx -255,132,30 --tx 255,-132,30 --power-dbm 44 --cell-size 4 --samples 4e7 \
                --max-depth 6 --quantity best_rss --vmin -100 --vmax -20",
    },
    // Which of them serves whom.
    Picture {
        name: "district_server",
        scene: "district",
        flags: "--tx 51,44,30 --tx -255,132,30 --tx 255,-132,30 --power-dbm 44 --cell-size 4 --samples 4e7 \
                --max-depth 6 --quantity best_server",
    },
    // An access point below the ceiling of an office.
    Picture {
        name: "office",
        scene: "office",
        flags: "--tx 12.5,7.5,2.2 --frequency 5.2GHz --power-dbm 20 --height 1 --cell-size 0.1 --samples 2e7 \
                --max-depth 8 --vmin -100 --vmax -40",
    },
];

/// Makes all pictures.
pub fn run() -> Result {
    let command = build()?;
    let folder = workspace::root().join("assets").join("gallery");
    std::fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    PICTURES.iter().try_for_each(|picture| picture.make(&command, &folder))
}

/// Builds the command and tells where it is.
fn build() -> Result<PathBuf> {
    let arguments = ["build", "--release", "--workspace", "--bin", "emberwave"];
    let status = workspace::cargo(&arguments).status();
    let status = status.map_err(|error| format!("cargo does not start: {error}"))?;
    if !status.success() {
        return Err(format!("cargo ended with {status}"));
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    let name = format!("emberwave{}", std::env::consts::EXE_SUFFIX);
    Ok(workspace::root().join(target).join("release").join(name))
}

impl Picture {
    fn make(&self, command: &Path, folder: &Path) -> Result {
        let scene = format!("assets/scenes/{0}/{0}.xml", self.scene);
        let output = folder.join(format!("{}.png", self.name));
        println!("==> {}", output.display());
        let status = Command::new(command)
            .current_dir(workspace::root())
            .args(["map", &scene])
            .args(self.flags.split_whitespace())
            .args(["--quiet", "--output"])
            .arg(&output)
            .status()
            .map_err(|error| format!("{} does not start: {error}", command.display()))?;
        if status.success() { Ok(()) } else { Err(format!("picture `{}` failed: {status}", self.name)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_picture_has_a_name_of_its_own_and_a_scene_of_ours() {
        for (index, picture) in PICTURES.iter().enumerate() {
            assert!(PICTURES[..index].iter().all(|other| other.name != picture.name), "{}", picture.name);
            let scene = format!("assets/scenes/{0}/{0}.xml", picture.scene);
            assert!(workspace::root().join(&scene).is_file(), "{scene}");
        }
    }
}
