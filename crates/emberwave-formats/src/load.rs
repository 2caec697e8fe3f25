//! From a path to a scene.

use std::path::Path;

use emberwave_geometry::TriangleMesh;
use rayon::prelude::*;

use crate::{
    ObjectDescription, SceneDescription, SceneError, SceneWarning, mesh_scene,
    read::{Catalogue, PendingObject, applied, read_shape},
    xml::{self, Node},
};

/// Reads a scene: Mitsuba XML with radio materials, and the meshes it refers to, or a mesh by itself.
///
/// Materials are `itu-radio-material`, `radio-material` (with Sionna's parameters and defaults), or a `bsdf` of any
/// type whose id says its ITU class: `mat-itu_concrete`, `itu_wet_ground`, `mat-itu_brick.001`. Shapes are `ply`,
/// `obj`, `rectangle`, `cube`, `sphere` and `disk`. File names are relative to the file that states them. Meshes are
/// read in parallel on rayon's pool; objects keep the order of the document.
///
/// A path that ends in `.obj` or `.ply` is a scene of that mesh. An object of an OBJ file is a group's faces of one material;
/// the material is named by `usemtl`, or else by the group, after its ITU class (`itu_concrete`, `mat-itu_glass`).
/// What has no material at all is of concrete, with a warning. Every file may be compressed by gzip (`.xml.gz`,
/// `.ply.gz`), whatever its name.
///
/// Differences from Sionna 2.2: shapes are never merged, a material named after its ITU class keeps its scattering
/// parameters, a file may state a scattering pattern, disks and spheres become meshes, and a shape without an id is
/// an error. Normals are not read: surfaces have two equal sides.
///
/// ```no_run
/// # fn main() -> Result<(), emberwave_formats::SceneError> {
/// let scene = emberwave_formats::load_scene("munich/munich.xml".as_ref())?;
/// for warning in &scene.warnings {
///     eprintln!("{warning}");
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// The first thing that is wrong, the XML before the meshes and each in the order of the document: the same one
/// in every run. See the variants of [`SceneError`].
pub fn load_scene(path: &Path) -> Result<SceneDescription, SceneError> {
    if let Some(format) = mesh_scene::MeshFormat::of(path) {
        return mesh_scene::load(path, format);
    }
    let document = xml::read_document(path)?;
    let mut warnings = Vec::new();
    warn_of_tags(&document, &mut warnings);
    let mut catalogue = Catalogue::of(&document, &mut warnings)?;
    let pending = document
        .children("shape")
        .map(|node| read_shape(node, &mut catalogue, &mut warnings))
        .collect::<Result<Vec<_>, _>>()?;
    let (materials, index_of_material) = catalogue.into_used(&mut warnings);
    let loaded: Vec<_> = pending.into_par_iter().map(|object| finish(object, &index_of_material)).collect();
    let mut objects = Vec::with_capacity(loaded.len());
    // Not collected into a `Result` in parallel: that returns whichever error came first in time.
    for object in loaded {
        let (object, warning) = object?;
        objects.push(object);
        warnings.extend(warning);
    }
    if objects.is_empty() {
        warnings.push(SceneWarning::at(&document.location(), "the scene has no objects".to_owned()));
    }
    Ok(SceneDescription { path: path.to_owned(), objects, materials, warnings })
}

fn finish(
    object: PendingObject,
    index_of_material: &[usize],
) -> Result<(ObjectDescription, Option<SceneWarning>), SceneError> {
    let mut mesh = (object.mesh)()?;
    if let Some(world_from_object) = object.world_from_object {
        for vertex in &mut mesh.vertices {
            *vertex = applied(&world_from_object, *vertex);
        }
        refuse_overflow(&mesh, &object.id, &object.location)?;
    }
    let empty = mesh.triangles.is_empty().then(|| {
        SceneWarning::at(&object.location, format!("shape `{}` has no triangles and does nothing", object.id))
    });
    let material = index_of_material[object.material];
    Ok((ObjectDescription { id: object.id, mesh, material }, empty))
}

fn refuse_overflow(mesh: &TriangleMesh, id: &str, location: &crate::Location) -> Result<(), SceneError> {
    if mesh.vertices.iter().all(|vertex| vertex.is_finite()) {
        return Ok(());
    }
    let message = format!("shape `{id}`: `to_world` moves vertices beyond the range of f32");
    Err(SceneError::Syntax { location: location.clone(), message })
}

/// Warns of everything at the top of the document that is neither a material nor a shape.
fn warn_of_tags(document: &Node, warnings: &mut Vec<SceneWarning>) {
    const KNOWN: [&str; 8] =
        ["sensor", "emitter", "integrator", "film", "sampler", "medium", "texture", "volume"];
    for node in &document.children {
        let tag = node.tag.as_str();
        let message = match tag {
            "bsdf" | "shape" => continue,
            _ if KNOWN.contains(&tag) => format!("`{tag}` means nothing to radio and was ignored"),
            _ => format!("tag `{tag}` is not known and was ignored"),
        };
        warnings.push(SceneWarning::at(&node.location(), message));
    }
}
