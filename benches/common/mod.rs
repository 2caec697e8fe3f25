//! What the benchmark programs share.
#![allow(dead_code)] // each program uses a part of it

pub mod sionna;

/// The processor's name, where the operating system tells.
pub fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    name.map_or_else(|| "unknown processor".to_owned(), |(_, name)| name.to_owned())
}
