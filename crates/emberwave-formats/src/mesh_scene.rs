//! A mesh by itself as a scene.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
    sync::Arc,
};

use emberwave_geometry::TriangleMesh;

use crate::{
    ITU_CLASSES, Location, MaterialDescription, MeshFileError, ObjectDescription, Permittivity,
    ScatteringPatternDescription, SceneDescription, SceneError, SceneWarning, itu_class,
    mesh_file::read_bytes,
    obj::{ObjPart, parse_obj_parts},
    ply::parse_ply,
};

/// Class of what has no material.
const DEFAULT_CLASS: &str = "concrete";

/// Kinds of files that hold one mesh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MeshFormat {
    Obj,
    Ply,
}

impl MeshFormat {
    /// The kind that a file's name tells, `.gz` aside.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        [(".obj", Self::Obj), (".ply", Self::Ply)]
            .into_iter()
            .find_map(|(end, format)| name.ends_with(end).then_some(format))
    }
}

/// Reads a mesh as a scene.
pub(crate) fn load(path: &Path, format: MeshFormat) -> Result<SceneDescription, SceneError> {
    let parts = read_parts(path, format).map_err(|error| explained(path, error))?;
    let mut scene = Builder::new(path);
    for part in parts {
        scene.add(part)?;
    }
    Ok(scene.finish())
}

fn read_parts(path: &Path, format: MeshFormat) -> Result<Vec<ObjPart>, MeshFileError> {
    let bytes = read_bytes(path)?;
    Ok(match format {
        MeshFormat::Obj => parse_obj_parts(&bytes)?,
        MeshFormat::Ply => vec![ObjPart { mesh: parse_ply(&bytes)?, ..ObjPart::default() }],
    })
}

fn explained(path: &Path, error: MeshFileError) -> SceneError {
    match error {
        MeshFileError::Io(source) => SceneError::Read { path: path.to_owned(), source },
        MeshFileError::Obj(error) => SceneError::Syntax {
            location: Location { file: path.into(), line: error.line },
            message: error.fault.to_string(),
        },
        error => SceneError::MeshScene { path: path.to_owned(), source: Box::new(error) },
    }
}

/// A scene that grows by parts of a mesh.
struct Builder {
    file: Arc<Path>,
    stem: String,
    objects: Vec<ObjectDescription>,
    materials: Vec<MaterialDescription>,
    /// Number of the object of each group and material.
    by_key: HashMap<(String, usize), usize>,
    ids: HashSet<String>,
    /// Number of objects that have no material.
    bare: usize,
}

impl Builder {
    fn new(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let stem = one_line(name.split('.').next().unwrap_or_default());
        Self {
            file: path.into(),
            stem: if stem.is_empty() { "mesh".to_owned() } else { stem },
            objects: Vec::new(),
            materials: Vec::new(),
            by_key: HashMap::new(),
            ids: HashSet::new(),
            bare: 0,
        }
    }

    fn add(&mut self, part: ObjPart) -> Result<(), SceneError> {
        let class = self.class_of(&part)?;
        let material = self.material(class.unwrap_or(DEFAULT_CLASS));
        let key = (part.name, material);
        if let Some(&index) = self.by_key.get(&key) {
            append(&mut self.objects[index].mesh, part.mesh);
            return Ok(());
        }
        self.bare += usize::from(class.is_none());
        let id = self.unused_id(&key.0, material);
        self.by_key.insert(key, self.objects.len());
        self.objects.push(ObjectDescription { id, mesh: part.mesh, material });
        Ok(())
    }

    /// The ITU class of a part, or none if nothing names a material.
    fn class_of(&self, part: &ObjPart) -> Result<Option<&'static str>, SceneError> {
        let claimed =
            |name: &str| itu_class::claimed_by(name.strip_prefix("mat-").unwrap_or(name)).map(str::to_owned);
        let location = || Location { file: Arc::clone(&self.file), line: part.line };
        let (name, class) = match &part.material {
            Some(name) => (name, claimed(name)),
            None => match claimed(&part.name) {
                Some(class) => (&part.name, Some(class)),
                None => return Ok(None),
            },
        };
        let Some(class) = class else {
            let (location, material) = (location(), one_line(name));
            return Err(SceneError::NotAnItuMaterial { location, advice: advice(&material), material });
        };
        let unknown = || SceneError::UnknownClass {
            location: location(),
            material: one_line(name),
            class: one_line(&class),
        };
        itu_class::find(&class).ok_or_else(unknown).map(Some)
    }

    fn material(&mut self, class: &str) -> usize {
        let name = format!("itu_{class}");
        self.materials.iter().position(|material| material.name == name).unwrap_or_else(|| {
            self.materials.push(MaterialDescription {
                name,
                permittivity: Permittivity::Itu { class: class.to_owned() },
                thickness: MaterialDescription::DEFAULT_THICKNESS,
                scattering_coefficient: 0.0,
                xpd_coefficient: 0.0,
                scattering_pattern: ScatteringPatternDescription::default(),
            });
            self.materials.len() - 1
        })
    }

    /// The group's name, with its material and then a number after it if it is taken.
    fn unused_id(&mut self, group: &str, material: usize) -> String {
        let name = if group.is_empty() { self.stem.clone() } else { one_line(group) };
        let with_material = format!("{name}-{}", self.materials[material].name);
        let numbered = (2..).map(|number: usize| format!("{with_material}-{number}"));
        let mut candidates = [name, with_material.clone()].into_iter().chain(numbered);
        let id = candidates.find(|id| !self.ids.contains(id)).unwrap_or(with_material);
        self.ids.insert(id.clone());
        id
    }

    fn finish(self) -> SceneDescription {
        let file = self.file.to_path_buf();
        let warning = |message| SceneWarning { file: file.clone(), line: None, message };
        let mut warnings = Vec::new();
        if self.objects.iter().all(|object| object.mesh.triangles.is_empty()) {
            warnings.push(warning("the mesh has no triangles".to_owned()));
        } else if self.bare > 0 {
            warnings.push(warning(format!(
                "{} of {} objects have no material: taken as itu_{DEFAULT_CLASS}, {} m thick",
                self.bare,
                self.objects.len(),
                MaterialDescription::DEFAULT_THICKNESS
            )));
        }
        SceneDescription { path: file, objects: self.objects, materials: self.materials, warnings }
    }
}

fn advice(name: &str) -> String {
    let bare = name.strip_prefix("mat-").unwrap_or(name);
    match itu_class::find(&itu_class::without_copy_number(bare).to_ascii_lowercase()) {
        Some(class) => format!("rename it to `itu_{class}`"),
        None => format!("rename it after its ITU class, as in `itu_concrete` ({})", ITU_CLASSES.join(", ")),
    }
}

fn append(mesh: &mut TriangleMesh, other: TriangleMesh) {
    let offset = mesh.vertices.len() as u32;
    mesh.vertices.extend(other.vertices);
    mesh.triangles.extend(other.triangles.into_iter().map(|triangle| triangle.map(|vertex| vertex + offset)));
}

/// A name as it may stand in a message: printable and short.
fn one_line(name: &str) -> String {
    const SHOWN: usize = 100;
    name.chars().take(SHOWN).map(|letter| if letter.is_control() { '?' } else { letter }).collect()
}
