//! `[solver]`: the solver's options by their names.

use emberwave::solvers::RadioMapSolverConfig;

use super::section::Section;
use super::set;
use crate::failure::Failure;

const KEYS: [&str; 19] = [
    "samples_per_tx",
    "max_depth",
    "los",
    "specular_reflection",
    "refraction",
    "diffuse_reflection",
    "diffraction",
    "edge_diffraction",
    "seed",
    "rr_depth",
    "rr_prob",
    "stop_threshold_db",
    "reconstruction",
    "target_error_db",
    "conservative",
    "error_estimate",
    "delays",
    "directions_of_arrival",
    "directions_of_departure",
];
const LATER: [&str; 1] = ["diffraction_lit_region"];

/// Options that are known, but cannot be switched on.
const OFF: [&str; 3] = ["diffuse_reflection", "diffraction", "edge_diffraction"];

pub(super) fn read(section: &Section<'_>, config: &mut RadioMapSolverConfig) -> Result<(), Failure> {
    section.check_keys(&KEYS, &LATER)?;
    for key in OFF {
        if section.flag(key)? == Some(true) {
            return Err(section.refused(key, "is not there yet: it can only be false"));
        }
    }
    set(&mut config.reconstruction, section.named("reconstruction")?);
    config.target_error_db = section.number("target_error_db", "a finite number above 0", |it| it > 0.0)?;
    if let Some(samples) = section.samples("samples_per_tx")? {
        *config = std::mem::take(config).with_samples_per_tx(samples);
    }
    let depth = section.integer("max_depth", "a whole number from 0 to 65536", |depth| *depth <= 1 << 16)?;
    set(&mut config.max_depth, depth);
    set(&mut config.los, section.flag("los")?);
    set(&mut config.specular_reflection, section.flag("specular_reflection")?);
    set(&mut config.refraction, section.flag("refraction")?);
    set(&mut config.conservative, section.flag("conservative")?);
    set(&mut config.error_estimate, section.flag("error_estimate")?);
    set(&mut config.delays, section.flag("delays")?);
    set(&mut config.directions_of_arrival, section.flag("directions_of_arrival")?);
    set(&mut config.directions_of_departure, section.flag("directions_of_departure")?);
    set(&mut config.seed, section.integer("seed", "a whole number, at least 0", |_| true)?);
    let depth = section.integer("rr_depth", "a whole number, -1 (off) or more", |depth| *depth >= -1)?;
    set(&mut config.rr_depth, depth);
    let probability = section.number("rr_prob", "above 0 and at most 1", |it| it > 0.0 && it <= 1.0)?;
    set(&mut config.rr_prob, probability);
    config.stop_threshold_db = section.number("stop_threshold_db", "a finite number", |_| true)?;
    Ok(())
}
