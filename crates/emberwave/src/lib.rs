//! **emberwave** traces radio waves through scenes and gives radio maps, natively on the Burn framework.
//!
//! ```
//! use emberwave::prelude::*;
//!
//! # fn main() -> Result<()> {
//! let scene = Scene::load("assets/scenes/street/street.xml", &Device::default())?
//!     .with_frequency(3.5e9)
//!     .with_transmitter(Transmitter::new("tx", [0.0, 0.0, 20.0]).with_pattern(AntennaPattern::Tr38901));
//! let map = RadioMapSolverConfig::new().with_max_depth(10).init().solve(&scene)?;
//! # let directory = std::env::temp_dir().join("emberwave-doc");
//! # std::fs::create_dir_all(&directory).expect("a temporary directory");
//! # let picture = directory.join("map.png");
//! map.save_png(&picture)?;
//! # Ok(())
//! # }
//! ```
//!
//! | module | holds |
//! |---|---|
//! | [`guide`] | what the numbers mean, how they are made, a tutorial, limits, how to extend |
//! | [`scene`] | scenes, materials, transmitters, measurement surfaces |
//! | [`solvers`] | the radio-map solver and its result |
//! | [`viz`] | pictures and files |
//! | [`formats`] | readers of scene files, without Burn |
//! | [`physics`] | formulas: materials, slabs, antennas, polarisation |
//! | [`geometry`] | meshes and ray queries |

mod error;
pub mod guide;
pub mod prelude;

pub use emberwave_em as em;
pub use emberwave_formats as formats;
pub use emberwave_geometry as geometry;
pub use emberwave_physics as physics;
pub use emberwave_scene as scene;
pub use emberwave_solvers as solvers;
pub use emberwave_viz as viz;
pub use error::{Error, Result};
