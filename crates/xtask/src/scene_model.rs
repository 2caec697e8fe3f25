//! A generated scene before it becomes files, and its XML form.

use crate::mesh::Mesh;
use crate::ply;
use crate::shapes::Solid;
use std::fmt::Write;

/// A radio material of ITU-R P.2040: its class, which is also its id, and its thickness.
#[derive(Clone, Copy)]
pub struct Material {
    /// Name of the class, valid around 3.5 GHz.
    pub class: &'static str,
    /// Thickness of the slab (m).
    pub thickness: f64,
}

/// What must be true of an object's surface.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// The skin of a body, closed except where it stands on something. Objects with the same number are one body.
    Skin(usize),
    /// An open sheet: ground, a partition wall, a reflector.
    Sheet,
}

/// One mesh with its material.
pub struct Object {
    /// Id in the scene file, `mesh-<name>-itu_<class>`.
    pub id: String,
    /// Class of the material.
    pub class: &'static str,
    /// What must be true of the mesh.
    pub surface: Surface,
    /// The triangles.
    pub mesh: Mesh,
}

/// A scene: materials and objects in the order in which they are written.
pub struct SceneModel {
    /// Name of the folder and of the scene file.
    pub name: &'static str,
    /// One sentence for the head of the file.
    pub about: &'static str,
    /// The materials that the objects use.
    pub materials: Vec<Material>,
    /// The objects.
    pub objects: Vec<Object>,
    bodies: usize,
}

impl SceneModel {
    /// An empty scene.
    pub fn new(name: &'static str, about: &'static str) -> Self {
        Self { name, about, materials: Vec::new(), objects: Vec::new(), bodies: 0 }
    }

    /// Defines a material: ITU class and thickness (m).
    pub fn with_material(mut self, class: &'static str, thickness: f64) -> Self {
        self.materials.push(Material { class, thickness });
        self
    }

    /// Adds an open sheet.
    pub fn sheet(&mut self, name: &str, class: &'static str, mesh: Mesh) {
        self.add(name, class, Surface::Sheet, mesh);
    }

    /// Adds a body; walls and roof become one object where they are made of the same material.
    pub fn body(&mut self, name: &str, [walls, roof]: [&'static str; 2], solid: Solid) {
        let surface = Surface::Skin(self.bodies);
        self.bodies += 1;
        if walls == roof {
            self.add(name, walls, surface, solid.into_mesh());
        } else {
            self.add(name, walls, surface, solid.walls);
            self.add(name, roof, surface, solid.roof);
        }
    }

    fn add(&mut self, name: &str, class: &'static str, surface: Surface, mesh: Mesh) {
        if !mesh.triangles().is_empty() {
            self.objects.push(Object { id: format!("mesh-{name}-itu_{class}"), class, surface, mesh });
        }
    }

    /// The scene's files: path relative to its folder, and content.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = vec![(format!("{}.xml", self.name), self.xml().into_bytes())];
        files.extend(self.objects.iter().map(|object| (object.file(), ply::to_bytes(&object.mesh))));
        files
    }

    fn xml(&self) -> String {
        let mut xml = String::new();
        // Writing to a string cannot fail.
        let _ = self.write_xml(&mut xml);
        xml
    }

    fn write_xml(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "<!-- {} Written by `cargo xtask scenes`; do not edit. -->", self.about)?;
        writeln!(out, "<scene version=\"2.1.0\">\n\n<!-- Materials -->\n")?;
        for Material { class, thickness } in &self.materials {
            writeln!(out, "    <bsdf type=\"itu-radio-material\" id=\"{class}\">")?;
            writeln!(out, "        <string name=\"type\" value=\"{class}\"/>")?;
            writeln!(out, "        <float name=\"thickness\" value=\"{thickness}\"/>")?;
            writeln!(out, "    </bsdf>\n")?;
        }
        writeln!(out, "<!-- Shapes -->\n")?;
        for object in &self.objects {
            writeln!(out, "    <shape type=\"ply\" id=\"{}\">", object.id)?;
            writeln!(out, "        <string name=\"filename\" value=\"{}\"/>", object.file())?;
            writeln!(out, "        <boolean name=\"face_normals\" value=\"true\"/>")?;
            writeln!(out, "        <ref id=\"{}\" name=\"bsdf\"/>", object.class)?;
            writeln!(out, "    </shape>\n")?;
        }
        writeln!(out, "</scene>")
    }
}

impl Object {
    /// Path of the mesh relative to the scene's folder.
    fn file(&self) -> String {
        format!("meshes/{}.ply", self.id.trim_start_matches("mesh-"))
    }
}
