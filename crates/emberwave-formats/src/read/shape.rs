//! A `shape`: an object whose mesh is still to be made.

use glam::DMat4;

use super::{Catalogue, Properties, transform};
use crate::{
    Location, SceneError, SceneWarning,
    shapes::{self, MeshSource},
    xml::Node,
};

/// An object of which everything is known but its mesh, which may lie in a file.
pub(crate) struct PendingObject {
    pub(crate) id: String,
    pub(crate) location: Location,
    /// Number of its material in the [`Catalogue`].
    pub(crate) material: usize,
    pub(crate) mesh: MeshSource,
    pub(crate) world_from_object: Option<DMat4>,
}

/// Flags that change how Mitsuba shades a mesh. A radio surface has no shading normals and two equal sides.
const SHADING_FLAGS: [&str; 3] = ["face_normals", "flip_normals", "flip_tex_coords"];

pub(crate) fn read_shape(
    node: &Node,
    catalogue: &mut Catalogue<'_>,
    warnings: &mut Vec<SceneWarning>,
) -> Result<PendingObject, SceneError> {
    let id = node.required("id", "a `shape`")?;
    let mut properties = Properties::of(node, format!("shape `{id}`"))?;
    let mesh = shapes::read(&mut properties, warnings)?;
    let world_from_object = match properties.take("to_world") {
        Some(step) if step.tag != "transform" => {
            return Err(properties.wrong(step, "to_world", "a `transform`"));
        }
        Some(steps) => Some(transform::read_transform(steps, properties.owner())?),
        None => None,
    };
    for flag in SHADING_FLAGS {
        properties.flag(flag)?;
    }
    let material = read_material(node, id, catalogue, warnings)?;
    properties.warn_untaken(warnings);
    Ok(PendingObject { id: id.to_owned(), location: node.location(), material, mesh, world_from_object })
}

/// The one material of a shape: a reference, named `bsdf` or not named, or a `bsdf` of its own.
fn read_material(
    node: &Node,
    shape: &str,
    catalogue: &mut Catalogue<'_>,
    warnings: &mut Vec<SceneWarning>,
) -> Result<usize, SceneError> {
    let mut found: Option<(usize, usize)> = None;
    for child in &node.children {
        let number = match child.tag.as_str() {
            "bsdf" => catalogue.used(child.required("id", "a `bsdf`")?, shape)?,
            "ref" if matches!(child.attribute("name"), None | Some("bsdf")) => {
                Some(referred(child, shape, catalogue)?)
            }
            "ref" | "emitter" | "sensor" | "medium" | "texture" => {
                let message =
                    format!("shape `{shape}`: `{}` means nothing to radio and was ignored", child.tag);
                warnings.push(SceneWarning::at(&child.location(), message));
                None
            }
            _ => None,
        };
        if let (Some(_), Some((_, first))) = (number, found) {
            return Err(SceneError::Repeated {
                location: child.location(),
                owner: format!("shape `{shape}`"),
                name: "bsdf".to_owned(),
                first,
            });
        }
        found = found.or(number.map(|number| (number, child.line)));
    }
    found
        .map(|(number, _)| number)
        .ok_or_else(|| SceneError::NoMaterial { location: node.location(), shape: shape.to_owned() })
}

fn referred(node: &Node, shape: &str, catalogue: &mut Catalogue<'_>) -> Result<usize, SceneError> {
    let material = node.required("id", &format!("shape `{shape}`: a `ref`"))?;
    catalogue.used(material, shape)?.ok_or_else(|| SceneError::UnknownMaterial {
        location: node.location(),
        shape: shape.to_owned(),
        material: material.to_owned(),
        defined: catalogue.defined(),
    })
}
