//! Rotation matrices, spherical angles and `look_at` against the leaf and dual numbers.

use emberwave_em::{look_at, rotation_matrices, rotation_matrix, spherical_angles};
use emberwave_physics::{
    Dual, Vec3, look_at as leaf_look_at, rotation_matrix as leaf_matrix, spherical_angles as leaf_angles,
};

use crate::support::{Maker, PRECISIONS, Random, assert_all_close, gradient, values};

fn dual(x: &[f64], direction: usize) -> Vec<Dual> {
    x.iter().enumerate().map(|(i, v)| Dual::new(*v, if i == direction { 1.0 } else { 0.0 })).collect()
}

#[test]
fn rotation_matrices_equal_the_leaf_with_their_derivatives() {
    let mut random = Random::new(31);
    let angles = (0..50).map(|_| random.vector().map(|x| 4.0 * x)).collect::<Vec<_>>();
    for (dtype, tolerance) in PRECISIONS {
        let maker = Maker::new(dtype);
        let ours = values(&rotation_matrices(maker.vectors(&angles)));
        let leaf = |a: &Vec3<f64>| leaf_matrix(maker.round3(*a)).concat();
        assert_all_close(&ours, &angles.iter().flat_map(leaf).collect::<Vec<_>>(), tolerance, "matrices");
        let one = values(&rotation_matrix(maker.scalars(angles[3])));
        assert_all_close(&one, &leaf(&angles[3]), tolerance, "one matrix");
    }
    let maker = Maker::autodiff();
    let weights = (0..9).map(|_| random.number()).collect::<Vec<_>>();
    let x = maker.scalars(angles[0]).require_grad();
    let loss = (rotation_matrix(x.clone()) * maker.tensor(weights.clone(), [3, 3])).sum();
    let expected = [0, 1, 2].map(|i| {
        let d = dual(&angles[0], i);
        let matrix = leaf_matrix([d[0], d[1], d[2]]).concat();
        matrix.iter().zip(&weights).map(|(m, w)| m.d * w).sum::<f64>()
    });
    assert_all_close(&gradient(&x, &loss.backward()), &expected, 1e-14, "gradient");
}

/// Pairs of position and target: random ones, straight up and down, and at the position itself.
fn pairs() -> Vec<[Vec3<f64>; 2]> {
    let mut random = Random::new(32);
    let mut pairs = (0..60).map(|_| [random.vector(), random.vector()]).collect::<Vec<_>>();
    let p = [1.0, 2.0, 3.0];
    pairs.extend([[p, [1.0, 2.0, 8.0]], [p, [1.0, 2.0, -8.0]], [p, p]]);
    pairs
}

#[test]
fn look_at_equals_the_leaf_with_its_derivatives() {
    let pairs = pairs();
    for (dtype, tolerance) in PRECISIONS {
        let maker = Maker::new(dtype);
        let side = |i: usize| maker.vectors(&pairs.iter().map(|pair| pair[i]).collect::<Vec<_>>());
        let leaf = |[p, t]: &[Vec3<f64>; 2]| leaf_look_at(maker.round3(*p), maker.round3(*t));
        let expected = pairs.iter().flat_map(leaf).collect::<Vec<_>>();
        // A short difference of rounded positions turns by more than its rounding.
        assert_all_close(&values(&look_at(side(0), side(1))), &expected, 10.0 * tolerance, "look_at");
    }
    let maker = Maker::autodiff();
    let side = |i: usize| maker.vectors(&pairs.iter().map(|pair| pair[i]).collect::<Vec<_>>());
    let (position, target) = (side(0).require_grad(), side(1).require_grad());
    let g = look_at(position.clone(), target.clone()).sum().backward();
    let ours = [gradient(&position, &g), gradient(&target, &g)];
    for (i, pair) in pairs.iter().enumerate() {
        for coordinate in 0..6 {
            let d = dual(&pair.concat(), coordinate);
            let leaf = leaf_look_at([d[0], d[1], d[2]], [d[3], d[4], d[5]]);
            let expected = leaf.iter().map(|x| x.d).sum::<f64>();
            let actual = ours[coordinate / 3][3 * i + coordinate % 3];
            assert_all_close(&[actual], &[expected], 1e-11, "gradient");
        }
    }
}

#[test]
fn spherical_angles_equal_the_leaf() {
    let mut random = Random::new(33);
    let mut vectors = (0..100).map(|_| random.vector()).collect::<Vec<_>>();
    vectors.extend([[0.0; 3], [0.0, 0.0, 2.0], [0.0, 0.0, -3.0], [-1.0, 0.0, 0.0]]);
    for (dtype, tolerance) in PRECISIONS {
        let maker = Maker::new(dtype);
        let (theta, phi) = spherical_angles(maker.vectors(&vectors));
        let leaf = vectors.iter().map(|v| leaf_angles(maker.round3(*v))).collect::<Vec<_>>();
        let of = |part: fn(&(f64, f64)) -> f64| leaf.iter().map(part).collect::<Vec<_>>();
        assert_all_close(&values(&theta), &of(|a| a.0), tolerance, "θ");
        assert_all_close(&values(&phi), &of(|a| a.1), tolerance, "φ");
    }
}
