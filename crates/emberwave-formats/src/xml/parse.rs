//! Bytes to tree.
//!
//! Bounded in depth and in attributes per tag, so that a hostile file can cost neither the stack nor more than linear
//! time. Entities other than the five of XML itself are refused, so nothing expands.

use std::{path::Path, sync::Arc};

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

use super::Node;
use crate::{Location, SceneError};

/// Mitsuba scenes nest about five deep.
const MOST_DEPTH: usize = 64;
const MOST_ATTRIBUTES: usize = 64;

/// The root element of a document.
pub(super) fn parse(bytes: &[u8], file: &Arc<Path>) -> Result<Node, SceneError> {
    let text = decoded(bytes, file)?;
    let mut builder = Builder { file, open: Vec::new(), root: None };
    let mut reader = Reader::from_str(text);
    let mut lines = LineCounter { text: text.as_bytes(), offset: 0, line: 1 };
    loop {
        let line = lines.line_at(reader.buffer_position());
        let event = reader.read_event().map_err(|error| {
            let line = lines.line_at(reader.error_position());
            syntax_error(file, line, error.to_string())
        })?;
        match event {
            Event::Start(tag) => builder.start(&tag, line)?,
            Event::Empty(tag) => {
                builder.start(&tag, line)?;
                builder.end(line)?;
            }
            Event::End(_) => builder.end(line)?,
            Event::Eof => return builder.finish(line),
            _ => {}
        }
    }
}

/// The text after a byte order mark.
fn decoded<'a>(bytes: &'a [u8], file: &Arc<Path>) -> Result<&'a str, SceneError> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(syntax_error(file, 1, "the file is UTF-16, expected UTF-8"));
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        syntax_error(file, line, "this line is not UTF-8")
    })
}

/// Elements that are open, from the root inwards.
struct Builder<'a> {
    file: &'a Arc<Path>,
    open: Vec<Node>,
    root: Option<Node>,
}

impl Builder<'_> {
    fn start(&mut self, tag: &BytesStart<'_>, line: usize) -> Result<(), SceneError> {
        if self.open.len() == MOST_DEPTH {
            return Err(syntax_error(self.file, line, format!("nested deeper than {MOST_DEPTH} elements")));
        }
        if self.open.is_empty() && self.root.is_some() {
            return Err(syntax_error(self.file, line, "a second root element"));
        }
        let attributes = read_attributes(tag).map_err(|message| syntax_error(self.file, line, message))?;
        let tag = tag.name().as_ref().to_owned();
        self.open.push(Node { tag, attributes, children: Vec::new(), line, file: Arc::clone(self.file) });
        Ok(())
    }

    fn end(&mut self, line: usize) -> Result<(), SceneError> {
        let node =
            self.open.pop().ok_or_else(|| syntax_error(self.file, line, "an end tag without a start tag"))?;
        match self.open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => self.root = Some(node),
        }
        Ok(())
    }

    fn finish(self, line: usize) -> Result<Node, SceneError> {
        if let Some(open) = self.open.last() {
            return Err(syntax_error(self.file, open.line, format!("`{}` is never closed", open.tag)));
        }
        self.root.ok_or_else(|| syntax_error(self.file, line, "there is no element in this file"))
    }
}

fn read_attributes(tag: &BytesStart<'_>) -> Result<Vec<(String, String)>, String> {
    let mut attributes = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        if attributes.len() == MOST_ATTRIBUTES {
            return Err(format!("more than {MOST_ATTRIBUTES} attributes"));
        }
        let key = attribute.key.as_ref();
        let value = attribute
            .normalized_value(XmlVersion::Explicit1_0)
            .map_err(|error| format!("attribute `{key}`: {error}"))?;
        // A line break that is spelled out (`&#10;`) survives normalisation; it would break one-line messages.
        if value.chars().any(char::is_control) {
            return Err(format!("attribute `{key}` contains a control character"));
        }
        attributes.push((key.to_owned(), value.into_owned()));
    }
    Ok(attributes)
}

/// Turns byte offsets into lines, each byte counted once as long as offsets grow.
struct LineCounter<'a> {
    text: &'a [u8],
    offset: usize,
    line: usize,
}

impl LineCounter<'_> {
    fn line_at(&mut self, offset: u64) -> usize {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX).min(self.text.len());
        if let Some(passed) = self.text.get(self.offset..offset) {
            self.line += passed.iter().filter(|byte| **byte == b'\n').count();
            self.offset = offset;
        }
        self.line
    }
}

fn syntax_error(file: &Arc<Path>, line: usize, message: impl Into<String>) -> SceneError {
    // Messages of the XML reader may quote the document, line breaks included.
    let message = message.into().replace(char::is_control, " ");
    SceneError::Syntax { location: Location { file: Arc::clone(file), line }, message }
}
