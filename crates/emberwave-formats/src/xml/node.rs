//! One element of a document.

use std::{path::Path, sync::Arc};

use crate::{Location, SceneError};

/// An element: its tag, attributes, children and where it stands. Text and comments are not kept.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) tag: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Node>,
    pub(crate) line: usize,
    pub(crate) file: Arc<Path>,
}

impl Node {
    pub(crate) fn location(&self) -> Location {
        Location { file: Arc::clone(&self.file), line: self.line }
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// An attribute that must be there; `owner` says in the message what lacks it.
    pub(crate) fn required(&self, name: &str, owner: &str) -> Result<&str, SceneError> {
        self.attribute(name).ok_or_else(|| SceneError::Missing {
            location: self.location(),
            owner: owner.to_owned(),
            missing: format!("attribute `{name}`"),
        })
    }

    /// Children with this tag.
    pub(crate) fn children<'a>(&'a self, tag: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.tag == tag)
    }

    pub(crate) fn syntax_error(&self, message: impl Into<String>) -> SceneError {
        SceneError::Syntax { location: self.location(), message: message.into() }
    }
}
