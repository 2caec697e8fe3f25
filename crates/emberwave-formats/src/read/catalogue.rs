//! The materials of a document and the ids that are taken.

use std::collections::HashMap;

use super::bsdf::{Bsdf, advice, material_name, read_bsdf};
use crate::{MaterialDescription, SceneError, SceneWarning, description::object_name, xml::Node};

/// Every `bsdf` of a document, at the top or within a shape, and which of them shapes use.
#[derive(Default)]
pub(crate) struct Catalogue<'a> {
    entries: Vec<Entry<'a>>,
    by_id: HashMap<&'a str, usize>,
    ids: HashMap<&'a str, Holder>,
    material_names: HashMap<&'a str, Holder>,
    object_names: HashMap<&'a str, Holder>,
}

struct Entry<'a> {
    id: &'a str,
    node: &'a Node,
    bsdf: Bsdf,
    used: bool,
}

/// Who has an id.
#[derive(Clone)]
struct Holder {
    by: String,
    line: usize,
}

impl<'a> Catalogue<'a> {
    /// Reads all materials and claims all ids, so that a shape may refer to a material that comes after it.
    pub(crate) fn of(scene: &'a Node, warnings: &mut Vec<SceneWarning>) -> Result<Self, SceneError> {
        let mut catalogue = Self::default();
        for node in &scene.children {
            match node.tag.as_str() {
                "bsdf" => catalogue.add_material(node, warnings)?,
                "shape" => {
                    catalogue.add_shape(node)?;
                    for inline in node.children("bsdf") {
                        catalogue.add_material(inline, warnings)?;
                    }
                }
                _ => {}
            }
        }
        Ok(catalogue)
    }

    fn add_shape(&mut self, node: &'a Node) -> Result<(), SceneError> {
        let id = node.required("id", "a `shape`")?;
        let holder = Holder { by: format!("shape `{id}`"), line: node.line };
        claim(&mut self.ids, id, node, id, &holder)?;
        claim(&mut self.object_names, object_name(id), node, id, &holder)
    }

    fn add_material(&mut self, node: &'a Node, warnings: &mut Vec<SceneWarning>) -> Result<(), SceneError> {
        let id = node.required("id", "a `bsdf`")?;
        let holder = Holder { by: format!("material `{id}`"), line: node.line };
        claim(&mut self.ids, id, node, id, &holder)?;
        claim(&mut self.material_names, material_name(id), node, id, &holder)?;
        let bsdf = read_bsdf(node, id, warnings)?;
        self.by_id.insert(id, self.entries.len());
        self.entries.push(Entry { id, node, bsdf, used: false });
        Ok(())
    }

    /// Marks a material as used by a shape and returns its number; `None` if it is not defined.
    pub(crate) fn used(&mut self, id: &str, shape: &str) -> Result<Option<usize>, SceneError> {
        let Some(&number) = self.by_id.get(id) else { return Ok(None) };
        let entry = &mut self.entries[number];
        entry.used = true;
        match &entry.bsdf {
            Bsdf::Radio(_) => Ok(Some(number)),
            Bsdf::Visual { kind } => Err(SceneError::NotARadioMaterial {
                location: entry.node.location(),
                material: entry.id.to_owned(),
                kind: kind.clone(),
                shape: shape.to_owned(),
                advice: advice(entry.id),
            }),
        }
    }

    pub(crate) fn defined(&self) -> Vec<String> {
        self.entries.iter().map(|entry| entry.id.to_owned()).collect()
    }

    /// The materials in use, and for each number of [`Self::used`] its index among them.
    ///
    /// Sionna reports no material that no object has; nor do we, but we say so.
    pub(crate) fn into_used(
        self,
        warnings: &mut Vec<SceneWarning>,
    ) -> (Vec<MaterialDescription>, Vec<usize>) {
        let mut materials = Vec::new();
        let mut indices = Vec::with_capacity(self.entries.len());
        for entry in self.entries {
            indices.push(materials.len());
            match entry.bsdf {
                Bsdf::Radio(material) if entry.used => materials.push(material),
                _ => {
                    let message = format!("material `{}` is used by no shape and was left out", entry.id);
                    warnings.push(SceneWarning::at(&entry.node.location(), message));
                }
            }
        }
        (materials, indices)
    }
}

fn claim<'a>(
    names: &mut HashMap<&'a str, Holder>,
    name: &'a str,
    node: &Node,
    id: &str,
    holder: &Holder,
) -> Result<(), SceneError> {
    match names.insert(name, holder.clone()) {
        Some(first) => Err(SceneError::DuplicateId {
            location: node.location(),
            id: id.to_owned(),
            by: first.by,
            first: first.line,
        }),
        None => Ok(()),
    }
}
