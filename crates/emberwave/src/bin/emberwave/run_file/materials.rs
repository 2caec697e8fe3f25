//! `[materials.NAME]`: what differs from the scene's materials.

use super::section::Section;
use crate::failure::Failure;
use crate::run::MaterialOverride;

const KEYS: [&str; 4] = ["relative_permittivity", "conductivity", "thickness", "scattering_coefficient"];
const LATER: [&str; 2] = ["scattering_pattern", "xpd_coefficient"];

pub(super) fn read(root: &Section<'_>) -> Result<Vec<MaterialOverride>, Failure> {
    let Some(materials) = root.section("materials")? else { return Ok(Vec::new()) };
    materials.sections()?.into_iter().map(|(name, section)| read_one(name, &section)).collect()
}

fn read_one(name: &str, section: &Section<'_>) -> Result<MaterialOverride, Failure> {
    section.check_keys(&KEYS, &LATER)?;
    let not_negative = |number: f64| number >= 0.0;
    Ok(MaterialOverride {
        location: section.location(),
        name: name.to_owned(),
        relative_permittivity: section
            .number("relative_permittivity", "finite and at least 1", |it| it >= 1.0)?,
        conductivity: section.number("conductivity", "finite and at least 0 [S/m]", not_negative)?,
        thickness: section.number("thickness", "finite and at least 0 [m]", not_negative)?,
        scattering_coefficient: section
            .number("scattering_coefficient", "between 0 and 1", |it| (0.0..=1.0).contains(&it))?,
    })
}
