//! Scene files: Mitsuba and Sionna XML with PLY and OBJ meshes, or such a mesh alone, become a [`SceneDescription`].
//! Any of them may be compressed by gzip.
//!
//! Plain host code on the second-lowest floor, without Burn. [`load_scene`] reads a scene the way Sionna RT 2.2
//! does: `itu-radio-material` and `radio-material` plugins, and the older convention in which a material's name
//! says its ITU class (`mat-itu_concrete`). What means nothing to radio (cameras, lights, colours) is a
//! [`SceneWarning`]; what is wrong is a [`SceneError`] of one line that names the file, the line and the id.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = std::env::temp_dir().join(format!("emberwave-doc-lib-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # let path = folder.join("room.xml");
//! std::fs::write(&path, r#"
//!     <scene version="2.1.0">
//!         <bsdf type="diffuse" id="mat-itu_wood"/>
//!         <shape type="rectangle" id="mesh-floor">
//!             <transform name="to_world"><scale value="3"/></transform>
//!             <ref id="mat-itu_wood"/>
//!         </shape>
//!     </scene>"#)?;
//! let scene = emberwave_formats::load_scene(&path)?;
//! assert_eq!(scene.objects[0].name(), "floor");
//! assert_eq!(scene.materials[scene.objects[0].material].name, "itu_wood");
//! assert_eq!(scene.bounds().size().to_array(), [6.0, 6.0, 0.0]);
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok(())
//! # }
//! ```

mod description;
mod error;
pub mod gzip;
mod itu_class;
mod load;
mod location;
mod material;
mod mesh_file;
mod mesh_scene;
pub mod obj;
pub mod ply;
mod read;
mod shapes;
mod warning;
mod xml;

pub use description::{ObjectDescription, SceneDescription};
pub use error::SceneError;
pub use itu_class::ITU_CLASSES;
pub use load::load_scene;
pub use location::Location;
pub use material::{MaterialDescription, Permittivity, ScatteringPatternDescription};
pub use mesh_file::MeshFileError;
pub use warning::SceneWarning;
