//! `[measurement]`: where the map is measured.

use super::section::Section;
use crate::failure::Failure;
use crate::run::Measurement;

const KEYS: [&str; 4] = ["center", "orientation", "size", "cell_size"];
const LATER: [&str; 1] = ["mesh"];

pub(super) fn read(section: &Section<'_>) -> Result<Measurement, Failure> {
    section.check_keys(&KEYS, &LATER)?;
    Ok(Measurement {
        center: section.triple("center")?,
        orientation: section.triple("orientation")?,
        size: section.size("size", false)?,
        cell_size: section.size("cell_size", true)?,
    })
}
