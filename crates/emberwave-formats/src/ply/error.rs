//! What can be wrong with a PLY file.

use thiserror::Error;

/// Why bytes are not a good PLY file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PlyError {
    /// It does not begin with `ply`.
    #[error("is not a PLY file: its first line is not `ply`")]
    NotPly,
    /// Its header is wrong.
    #[error("line {line} of the header: {message}")]
    Header {
        /// Line of the header, counted from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// Vertices without coordinates, or faces without indices.
    #[error("element `{element}` does not declare {property}")]
    Undeclared {
        /// The element.
        element: &'static str,
        /// What it should declare.
        property: &'static str,
    },
    /// It declares more than it holds.
    #[error(
        "is truncated: {count} rows of `{element}` are declared, but the data ends in or before row {row}"
    )]
    Truncated {
        /// The element.
        element: String,
        /// Rows that the header declares.
        count: u64,
        /// The first row, counted from 0, that is not complete.
        row: u64,
    },
    /// A number is malformed or does not fit its declared type.
    #[error("row {row} of `{element}`: `{text}` is not a number of the declared type")]
    Number {
        /// The element.
        element: String,
        /// The row, counted from 0.
        row: u64,
        /// What was found.
        text: String,
    },
    /// A list has a negative length.
    #[error("row {row} of `{element}`: a list of length {length}")]
    ListLength {
        /// The element.
        element: String,
        /// The row, counted from 0.
        row: u64,
        /// The length.
        length: i64,
    },
    /// A face with fewer than three corners.
    #[error("face {face} has {corners} corners, expected at least 3")]
    FewCorners {
        /// The face, counted from 0.
        face: u64,
        /// Its number of corners.
        corners: i64,
    },
    /// A face refers to a vertex that is not there.
    #[error("face {face} refers to vertex {index}, but there are {vertices} vertices")]
    Index {
        /// The face, counted from 0.
        face: u64,
        /// The index it holds.
        index: i64,
        /// Number of vertices.
        vertices: usize,
    },
    /// A face refers to a vertex by a negative number.
    #[error("face {face} refers to vertex {index}")]
    NegativeIndex {
        /// The face, counted from 0.
        face: u64,
        /// The index it holds.
        index: i64,
    },
    /// A coordinate is NaN or infinite.
    #[error("vertex {vertex} is not finite")]
    NonFinite {
        /// The vertex, counted from 0.
        vertex: u64,
    },
}
