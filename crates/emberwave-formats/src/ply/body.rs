//! The data of a PLY file: vertices and faces, whatever their order and whatever lies between them.

use emberwave_geometry::TriangleMesh;
use glam::Vec3;

use super::{
    error::PlyError,
    header::{Element, Header, Property, PropertyKind, shown},
    scalar::{Fault, ScalarKind, ScalarSource},
};

pub(super) fn read_mesh<S: ScalarSource>(header: &Header, source: &mut S) -> Result<TriangleMesh, PlyError> {
    let mut mesh = TriangleMesh::default();
    let mut faces_of_triangles = Vec::new();
    for element in &header.elements {
        if element.properties.is_empty() {
            // Its rows take no bytes, so their count is bounded by nothing.
            continue;
        }
        match element.name.as_str() {
            "vertex" => mesh.vertices = read_vertices(element, source)?,
            "face" if element.count > 0 => {
                (mesh.triangles, faces_of_triangles) = read_faces(element, source)?;
            }
            _ => skip_rows(element, source)?,
        }
    }
    // Faces may come before vertices, so indices can be compared with their number only now.
    for (triangle, &face) in mesh.triangles.iter().zip(&faces_of_triangles) {
        if let Some(&index) = triangle.iter().find(|&&index| index as usize >= mesh.vertices.len()) {
            return Err(PlyError::Index { face, index: index.into(), vertices: mesh.vertices.len() });
        }
    }
    Ok(mesh)
}

fn read_vertices<S: ScalarSource>(element: &Element, source: &mut S) -> Result<Vec<Vec3>, PlyError> {
    let axes = coordinate_columns(element)?;
    let count = checked_count(element, source, smallest_row::<S>(element))?;
    let mut vertices = Vec::with_capacity(count);
    for row in 0..element.count {
        let mut position = [0.0; 3];
        for (property, axis) in element.properties.iter().zip(&axes) {
            match (property.kind, axis) {
                (PropertyKind::Scalar(kind), Some(axis)) => {
                    position[*axis] = source.float(kind).map_err(|fault| explained(fault, element, row))?;
                }
                _ => skip_property(property, element, row, source)?,
            }
        }
        let position = Vec3::from_array(position);
        if !position.is_finite() {
            return Err(PlyError::NonFinite { vertex: row });
        }
        vertices.push(position);
    }
    Ok(vertices)
}

/// For each property of the vertices, which coordinate it is.
fn coordinate_columns(element: &Element) -> Result<Vec<Option<usize>>, PlyError> {
    let axis = |property: &Property| match (property.kind, property.name.as_str()) {
        (PropertyKind::Scalar(_), "x") => Some(0),
        (PropertyKind::Scalar(_), "y") => Some(1),
        (PropertyKind::Scalar(_), "z") => Some(2),
        _ => None,
    };
    let axes: Vec<Option<usize>> = element.properties.iter().map(axis).collect();
    match (0..3).find(|axis| !axes.contains(&Some(*axis))) {
        Some(axis) => Err(PlyError::Undeclared { element: "vertex", property: ["`x`", "`y`", "`z`"][axis] }),
        None => Ok(axes),
    }
}

/// The triangles, and the face that each comes from.
fn read_faces<S: ScalarSource>(
    element: &Element,
    source: &mut S,
) -> Result<(Vec<[u32; 3]>, Vec<u64>), PlyError> {
    let (column, item) = index_column(element)?;
    // Each face needs at least three indices besides the lists' lengths.
    let row_size = smallest_row::<S>(element) + 3 * S::smallest_size(item);
    let count = checked_count(element, source, row_size)?;
    let mut triangles = Vec::with_capacity(count);
    let mut faces = Vec::with_capacity(count);
    for face in 0..element.count {
        for (index, property) in element.properties.iter().enumerate() {
            match property.kind {
                PropertyKind::List { count, item } if index == column => {
                    read_fan(element, face, [count, item], source, &mut triangles)?;
                    faces.resize(triangles.len(), face);
                }
                _ => skip_property(property, element, face, source)?,
            }
        }
    }
    Ok((triangles, faces))
}

fn index_column(element: &Element) -> Result<(usize, ScalarKind), PlyError> {
    element
        .properties
        .iter()
        .enumerate()
        .find_map(|(column, property)| match (property.kind, property.name.as_str()) {
            (PropertyKind::List { item, .. }, "vertex_indices" | "vertex_index") if item.is_integer() => {
                Some((column, item))
            }
            _ => None,
        })
        .ok_or(PlyError::Undeclared { element: "face", property: "a list of integers `vertex_indices`" })
}

/// Adds one polygon as a fan around its first corner.
fn read_fan<S: ScalarSource>(
    element: &Element,
    face: u64,
    [count, item]: [ScalarKind; 2],
    source: &mut S,
    triangles: &mut Vec<[u32; 3]>,
) -> Result<(), PlyError> {
    let corners = source.integer(count).map_err(|fault| explained(fault, element, face))?;
    if corners < 3 {
        return Err(PlyError::FewCorners { face, corners });
    }
    let mut corner = || {
        let index = source.integer(item).map_err(|fault| explained(fault, element, face))?;
        u32::try_from(index).map_err(|_| PlyError::NegativeIndex { face, index })
    };
    let (first, mut previous) = (corner()?, corner()?);
    for _ in 2..corners {
        let next = corner()?;
        triangles.push([first, previous, next]);
        previous = next;
    }
    Ok(())
}

fn skip_rows<S: ScalarSource>(element: &Element, source: &mut S) -> Result<(), PlyError> {
    checked_count(element, source, smallest_row::<S>(element))?;
    for row in 0..element.count {
        for property in &element.properties {
            skip_property(property, element, row, source)?;
        }
    }
    Ok(())
}

fn skip_property<S: ScalarSource>(
    property: &Property,
    element: &Element,
    row: u64,
    source: &mut S,
) -> Result<(), PlyError> {
    let skipped = match property.kind {
        PropertyKind::Scalar(kind) => source.skip(kind, 1),
        PropertyKind::List { count, item } => {
            let length = source.integer(count).map_err(|fault| explained(fault, element, row))?;
            let length = usize::try_from(length).map_err(|_| PlyError::ListLength {
                element: shown(&element.name),
                row,
                length,
            })?;
            source.skip(item, length)
        }
    };
    skipped.map_err(|fault| explained(fault, element, row))
}

/// The fewest bytes that a row takes.
fn smallest_row<S: ScalarSource>(element: &Element) -> usize {
    let smallest = |property: &Property| match property.kind {
        PropertyKind::Scalar(kind) | PropertyKind::List { count: kind, .. } => S::smallest_size(kind),
    };
    element.properties.iter().map(smallest).sum()
}

/// The number of rows, if so many of them fit into the bytes that are left.
fn checked_count<S: ScalarSource>(element: &Element, source: &S, row_size: usize) -> Result<usize, PlyError> {
    let fitting = source.remaining() / row_size.max(1);
    usize::try_from(element.count).ok().filter(|count| *count <= fitting).ok_or_else(|| PlyError::Truncated {
        element: shown(&element.name),
        count: element.count,
        row: fitting as u64,
    })
}

fn explained(fault: Fault, element: &Element, row: u64) -> PlyError {
    let name = shown(&element.name);
    match fault {
        Fault::Ended => PlyError::Truncated { element: name, count: element.count, row },
        Fault::NotANumber(text) => PlyError::Number { element: name, row, text },
    }
}
