//! From the tree of a document to what it means.

mod bsdf;
mod catalogue;
mod numbers;
mod properties;
mod scattering;
mod shape;
mod transform;

pub(crate) use catalogue::Catalogue;
pub(crate) use numbers::Range;
pub(crate) use properties::Properties;
pub(crate) use shape::{PendingObject, read_shape};
pub(crate) use transform::applied;
