//! XML as a tree whose nodes know their lines.

mod expand;
mod node;
mod parse;

pub(crate) use expand::read_document;
pub(crate) use node::Node;
