//! A `bsdf`: a radio material, or something that only a camera sees.

use super::{Properties, Range, scattering};
use crate::{ITU_CLASSES, MaterialDescription, Permittivity, SceneError, SceneWarning, itu_class, xml::Node};

/// What a `bsdf` turned out to be.
#[derive(Debug)]
pub(crate) enum Bsdf {
    Radio(MaterialDescription),
    /// A look without radio properties: wrong only if a shape uses it.
    Visual {
        kind: String,
    },
}

/// The name of the material whose `bsdf` has this id: Blender's exporter puts `mat-` before it.
pub(super) fn material_name(id: &str) -> &str {
    id.strip_prefix("mat-").unwrap_or(id)
}

pub(super) fn read_bsdf(node: &Node, id: &str, warnings: &mut Vec<SceneWarning>) -> Result<Bsdf, SceneError> {
    let name = material_name(id);
    let owner = format!("material `{id}`");
    let kind = node.required("type", &owner)?;
    // The name comes before the type: so does Sionna, and Blender knows only visual types.
    if let Some(claimed) = itu_class::claimed_by(name) {
        return named_itu(node, id, kind, claimed, warnings).map(Bsdf::Radio);
    }
    let mut properties = match kind {
        "itu-radio-material" | "radio-material" => Properties::of(node, owner)?,
        "absorber-radio-material" => {
            return Err(SceneError::Unsupported {
                location: node.location(),
                owner,
                what: format!("type `{kind}`"),
                supported: "itu-radio-material, radio-material".to_owned(),
            });
        }
        _ => return Ok(Bsdf::Visual { kind: kind.to_owned() }),
    };
    let permittivity = if kind == "radio-material" {
        Permittivity::Constant {
            relative_permittivity: properties.number("relative_permittivity", 1.0, Range::AT_LEAST_ONE)?,
            conductivity: properties.number("conductivity", 0.0, Range::NON_NEGATIVE)?,
        }
    } else {
        let (class, class_node) = properties.required_text("type")?;
        itu_permittivity(class_node, id, class)?
    };
    let material = read_slab(id, permittivity, &mut properties, warnings)?;
    properties.warn_untaken(warnings);
    Ok(Bsdf::Radio(material))
}

/// A material whose name says its class, of any type. A `string` named `type` still has the last word.
fn named_itu(
    node: &Node,
    id: &str,
    kind: &str,
    claimed: &str,
    warnings: &mut Vec<SceneWarning>,
) -> Result<MaterialDescription, SceneError> {
    let mut properties = Properties::of(node, format!("material `{id}`"))?;
    let (class, class_node) = properties.text("type")?.unwrap_or((claimed, node));
    let permittivity = itu_permittivity(class_node, id, class)?;
    let material = read_slab(id, permittivity, &mut properties, warnings)?;
    // What is left of a visual type is roughness and the like: a warning for each would hide those that matter.
    if kind.ends_with("radio-material") {
        properties.warn_untaken(warnings);
    }
    Ok(material)
}

fn itu_permittivity(node: &Node, id: &str, class: &str) -> Result<Permittivity, SceneError> {
    match itu_class::find(class) {
        Some(class) => Ok(Permittivity::Itu { class: class.to_owned() }),
        None => Err(SceneError::UnknownClass {
            location: node.location(),
            material: id.to_owned(),
            class: class.to_owned(),
        }),
    }
}

/// What all radio materials have in common.
fn read_slab(
    id: &str,
    permittivity: Permittivity,
    properties: &mut Properties<'_>,
    warnings: &mut Vec<SceneWarning>,
) -> Result<MaterialDescription, SceneError> {
    let material = MaterialDescription {
        name: material_name(id).to_owned(),
        permittivity,
        thickness: properties.number(
            "thickness",
            MaterialDescription::DEFAULT_THICKNESS,
            Range::NON_NEGATIVE,
        )?,
        scattering_coefficient: properties.number("scattering_coefficient", 0.0, Range::UNIT)?,
        xpd_coefficient: properties.number("xpd_coefficient", 0.0, Range::UNIT)?,
        scattering_pattern: scattering::read(properties)?,
    };
    // Colours are for pictures; they are no mistake.
    for colour in ["color", "reflectance", "base_color"] {
        properties.take(colour);
    }
    warn_of(&material, id, properties.node(), warnings);
    Ok(material)
}

/// Warns of values that are allowed but do something that may surprise.
fn warn_of(material: &MaterialDescription, id: &str, node: &Node, warnings: &mut Vec<SceneWarning>) {
    let mut warn = |message: String| {
        warnings.push(SceneWarning::at(&node.location(), format!("material `{id}`: {message}")));
    };
    let scattering = material.scattering_coefficient;
    if scattering != 0.0 {
        warn(format!(
            "scattering_coefficient is {scattering}: while diffuse reflection is off it only scales specular reflection by sqrt(1 - S^2)"
        ));
    }
    if material.thickness == 0.0 {
        warn("thickness is 0: the material is transparent".to_owned());
    }
}

/// How to turn a visual material into a radio material.
pub(super) fn advice(id: &str) -> String {
    let class = itu_class::without_copy_number(material_name(id));
    match itu_class::find(class) {
        Some(class) => format!("rename it to `mat-itu_{class}`"),
        None => format!(
            "rename it after its ITU class, as in `mat-itu_concrete` ({}), or make it a `radio-material`",
            ITU_CLASSES.join(", ")
        ),
    }
}
