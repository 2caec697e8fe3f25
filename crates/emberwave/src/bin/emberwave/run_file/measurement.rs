//! `[measurement]`: where the map is measured.

use super::section::Section;
use crate::failure::Failure;
use crate::run::Measurement;

const KEYS: [&str; 5] = ["center", "height", "orientation", "size", "cell_size"];
const LATER: [&str; 1] = ["mesh"];

pub(super) fn read(section: &Section<'_>) -> Result<Measurement, Failure> {
    section.check_keys(&KEYS, &LATER)?;
    let (center, height) =
        (section.triple("center")?, section.number("height", "a finite number [m]", |_| true)?);
    if center.is_some() && height.is_some() {
        return Err(section.refused("height", "cannot be given together with `center`"));
    }
    Ok(Measurement {
        center,
        height,
        orientation: section.triple("orientation")?,
        size: section.size("size", false)?,
        cell_size: section.size("cell_size", true)?,
    })
}
