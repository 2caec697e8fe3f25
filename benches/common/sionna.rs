//! Starts Sionna RT by `benches/sionna/radio_map.py` and reads its times.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Centre of the measured plane \[m\].
pub const CENTER: [f64; 3] = [0.0, 0.0, 1.5];

/// Size of the measured plane \[m\].
pub const SIZE: [f64; 2] = [500.0, 500.0];

/// Below this share of the processor other programs were busy.
const LEAST_PROCESSOR_SHARE: f64 = 0.85;

/// A map to compute: line of sight, specular reflection, refraction.
pub struct Case<'a> {
    pub scene: &'a Path,
    pub tx: [f64; 3],
    pub samples: u64,
    pub max_depth: u32,
}

impl Case<'_> {
    /// The scene's name.
    pub fn name(&self) -> String {
        self.scene.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// The Python program with this case's options; nothing where Sionna is not installed.
    fn command(&self) -> Option<Command> {
        let mut command = program("radio_map.py", self.scene, self.tx, self.max_depth)?;
        command.args(["--samples", &self.samples.to_string()]);
        Some(command)
    }
}

/// A Python program of `benches/sionna` on the measured plane, with as many threads as we have; nothing where Sionna is
/// not installed.
pub fn program(script: &str, scene: &Path, tx: [f64; 3], max_depth: u32) -> Option<Command> {
    let mut command = Command::new(std::env::var_os("EMBERWAVE_SIONNA_PYTHON")?);
    let texts = |numbers: &[f64]| numbers.iter().map(f64::to_string).collect::<Vec<_>>();
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/sionna").join(script)).arg(scene);
    command.arg("--tx").args(texts(&tx)).args(["--cell-size", "1", "1"]);
    command.arg("--center").args(texts(&CENTER)).arg("--size").args(texts(&SIZE));
    command.args(["--max-depth", &max_depth.to_string()]);
    command.args(["--threads", &rayon::current_num_threads().to_string()]);
    Some(command)
}

/// What Sionna took.
pub struct Peer {
    /// Median time of a map \[s\].
    pub seconds: f64,
    /// Time of the first one, which compiles the kernels \[s\].
    pub first_seconds: f64,
    /// Sum of the path gain over cells.
    pub total_gain: f64,
}

/// Times `repeat` maps after one that compiles the kernels.
pub fn warm(case: &Case<'_>, repeat: usize) -> Option<Peer> {
    timed(case.command()?, repeat)
}

/// The same of maps with their gradients by all materials.
pub fn warm_with_gradient(case: &Case<'_>, repeat: usize) -> Option<Peer> {
    let mut command = case.command()?;
    command.arg("--gradient");
    timed(command, repeat)
}

fn timed(mut command: Command, repeat: usize) -> Option<Peer> {
    let output = command.args(["--repeat", &repeat.to_string()]).output().expect("Python starts");
    let text = String::from_utf8_lossy(&output.stdout);
    let json: serde_json::Value =
        serde_json::from_str(text.trim()).expect("one line of JSON from radio_map.py");
    let number = |key: &str| json[key].as_f64().expect("radio_map.py reports numbers");
    if number("processor_share") < LEAST_PROCESSOR_SHARE {
        eprintln!("warning: the machine was busy while Sionna RT ran ({})", json["processor_share"]);
    }
    let (seconds, first_seconds) = (number("median_s"), number("warm_up_s"));
    Some(Peer { seconds, first_seconds, total_gain: number("path_gain_sum") })
}

/// Median time from process start to the written file \[s\], kernels in Dr.Jit's cache.
pub fn cold(case: &Case<'_>, output: &Path, repeat: usize) -> Option<f64> {
    let mut times = Vec::new();
    for _ in 0..=repeat {
        let mut command = case.command()?;
        let start = Instant::now();
        let done = command.arg("--cold").arg(output).output().expect("Python starts");
        assert!(done.status.success(), "Sionna RT failed: {}", String::from_utf8_lossy(&done.stderr));
        times.push(start.elapsed().as_secs_f64());
    }
    // The first run may compile kernels.
    let warm = &mut times[1..];
    warm.sort_by(f64::total_cmp);
    Some(warm[repeat / 2])
}
