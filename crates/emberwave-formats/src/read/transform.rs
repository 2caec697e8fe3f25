//! `to_world` transforms.
//!
//! Each step acts after those before it, as in Mitsuba: the first line of a transform is what happens to the object
//! first. Computed in f64 and rounded once, when it is applied to a vertex.

use glam::{DMat3, DMat4, DVec3, Vec3};

use super::numbers::{Range, parse_number, parse_numbers};
use crate::{SceneError, xml::Node};

/// The matrix of a `transform`.
pub(crate) fn read_transform(node: &Node, owner: &str) -> Result<DMat4, SceneError> {
    let mut world_from_object = DMat4::IDENTITY;
    for step in &node.children {
        world_from_object = read_step(step, owner)? * world_from_object;
    }
    Ok(world_from_object)
}

/// The point in world coordinates, rounded once.
pub(crate) fn applied(world_from_object: &DMat4, point: Vec3) -> Vec3 {
    world_from_object.transform_point3(point.as_dvec3()).as_vec3()
}

fn read_step(step: &Node, owner: &str) -> Result<DMat4, SceneError> {
    match step.tag.as_str() {
        "translate" => Ok(DMat4::from_translation(components(step, owner, 0.0)?)),
        "scale" => Ok(DMat4::from_scale(components(step, owner, 1.0)?)),
        "rotate" => rotation(step, owner),
        "lookat" => look_at(step, owner),
        "matrix" => matrix(step, owner),
        tag => Err(step.syntax_error(format!(
            "{owner}: `{tag}` is no step of a transform (known: translate, rotate, scale, lookat, matrix)"
        ))),
    }
}

/// One or three numbers in `value`, or those of `x`, `y` and `z` that are given.
fn components(step: &Node, owner: &str, default: f64) -> Result<DVec3, SceneError> {
    let axes = ["x", "y", "z"];
    if step.attribute("value").is_none() {
        let mut vector = DVec3::splat(default);
        for (index, axis) in axes.into_iter().enumerate() {
            if step.attribute(axis).is_some() {
                vector[index] = parse_number(step, axis, owner, Range::ANY)?;
            }
        }
        return Ok(vector);
    }
    if axes.into_iter().any(|axis| step.attribute(axis).is_some()) {
        return Err(
            step.syntax_error(format!("{owner}: `{}` has both `value` and `x`, `y` or `z`", step.tag))
        );
    }
    let numbers = parse_numbers(step, "value", owner, &[1, 3], "one or three finite numbers")?;
    Ok(match numbers[..] {
        [x, y, z] => DVec3::new(x, y, z),
        _ => DVec3::splat(numbers[0]),
    })
}

/// A rotation about an axis of any length. Mitsuba 3.9 leaves the axis as it is and so shears the object unless it is one.
fn rotation(step: &Node, owner: &str) -> Result<DMat4, SceneError> {
    let axis = components(step, owner, 0.0)?;
    let degrees = parse_number(step, "angle", owner, Range::ANY)?;
    match axis.try_normalize() {
        Some(axis) => Ok(DMat4::from_axis_angle(axis, degrees.to_radians())),
        None => Err(step.syntax_error(format!("{owner}: the axis of a rotation is zero"))),
    }
}

/// Looks along the object's z axis, with its y axis towards `up`.
fn look_at(step: &Node, owner: &str) -> Result<DMat4, SceneError> {
    let triple = |attribute| -> Result<DVec3, SceneError> {
        let numbers = parse_numbers(step, attribute, owner, &[3], "three finite numbers")?;
        Ok(DVec3::new(numbers[0], numbers[1], numbers[2]))
    };
    let (origin, target, up) = (triple("origin")?, triple("target")?, triple("up")?);
    let forward = (target - origin).try_normalize();
    let left = forward.and_then(|forward| up.cross(forward).try_normalize());
    match (forward, left) {
        (Some(forward), Some(left)) => {
            let rotation = DMat3::from_cols(left, forward.cross(left), forward);
            Ok(DMat4::from_translation(origin) * DMat4::from_mat3(rotation))
        }
        _ => Err(step.syntax_error(format!("{owner}: `lookat` has no direction, or `up` is along it"))),
    }
}

/// 16 numbers by rows, or the 9 of a linear map.
fn matrix(step: &Node, owner: &str) -> Result<DMat4, SceneError> {
    let numbers = parse_numbers(step, "value", owner, &[9, 16], "9 or 16 finite numbers")?;
    if let Ok(rows) = <[f64; 16]>::try_from(&numbers[..]) {
        if rows[12..] != [0.0, 0.0, 0.0, 1.0] {
            return Err(step.syntax_error(format!("{owner}: the last row of a matrix must be `0 0 0 1`")));
        }
        return Ok(DMat4::from_cols_array(&rows).transpose());
    }
    Ok(DMat4::from_mat3(DMat3::from_cols_slice(&numbers).transpose()))
}
