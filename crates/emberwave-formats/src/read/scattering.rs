//! The shape of a material's diffuse reflection.
//!
//! Sionna 2.2 names the patterns and their parameters but accepts them only from Python; here a scene file may state them too.

use super::{Properties, Range};
use crate::{ScatteringPatternDescription, SceneError};

pub(super) fn read(properties: &mut Properties<'_>) -> Result<ScatteringPatternDescription, SceneError> {
    let Some((name, node)) = properties.text("scattering_pattern")? else {
        return Ok(ScatteringPatternDescription::Lambertian);
    };
    match name {
        "lambertian" => Ok(ScatteringPatternDescription::Lambertian),
        "directive" => {
            Ok(ScatteringPatternDescription::Directive { alpha_r: properties.count("alpha_r", 1)? })
        }
        "backscattering" => Ok(ScatteringPatternDescription::Backscattering {
            alpha_r: properties.count("alpha_r", 1)?,
            alpha_i: properties.count("alpha_i", 1)?,
            lambda_: properties.number("lambda_", 1.0, Range::UNIT)?,
        }),
        _ => {
            Err(properties.wrong(node, "scattering_pattern", "`lambertian`, `directive` or `backscattering`"))
        }
    }
}
