//! Slab walls: what passes, what returns, and that both together are all there was.

use emberwave::prelude::*;

use crate::common::oracle::{Event, Surface, cell_averages, image_path};
use crate::common::statistics::Runs;
use crate::common::world::{Slab, World, config, path_gain};

const FREQUENCY: f64 = 3.5e9;

fn transmitter() -> Transmitter {
    Transmitter::new("tx", [-3.0, 0.2, 0.1])
}

/// A vertical plane, parallel to walls across the x axis.
fn facing_plane(x: f64) -> MeasurementPlane {
    // A pitch of a quarter turn lays the local x axis along −z.
    MeasurementPlane::new([x, 0.0, 0.0], [6.0, 6.0], [1.0, 1.0]).with_orientation([
        0.0,
        std::f64::consts::FRAC_PI_2,
        0.0,
    ])
}

fn wall(x: f64, slab: Slab, event: Event) -> Surface {
    Surface::new([x, 0.0, 0.0], [1.0, 0.0, 0.0], slab, event)
}

fn walls(slabs: &[(f64, Slab)]) -> Scene {
    let world = slabs.iter().fold(World::new(), |world, (x, slab)| world.wall_at_x(*x, 200.0, *slab));
    world.scene().with_frequency(FREQUENCY).with_transmitter(transmitter())
}

fn expected(plane: &MeasurementPlane, paths: &[Vec<Surface>]) -> Vec<f64> {
    cell_averages(plane, 2, |point| {
        let gain = |path: &Vec<Surface>| image_path(&transmitter(), path, point, FREQUENCY).map(|p| p.gain);
        paths.iter().filter_map(gain).sum()
    })
}

const GLASS: Slab = Slab::new(6.31, 0.0192, 0.03);
const BOARD: Slab = Slab::new(2.73, 0.0276, 0.05);

#[test]
fn a_wall_passes_what_its_slab_transmits() {
    for slab in [GLASS, Slab::CONCRETE] {
        let paths = [vec![wall(0.0, slab, Event::Transmit)]];
        let runs = Runs::new(&walls(&[(0.0, slab)]), &config(100_000, 1, facing_plane(2.0)), 0..32);
        runs.assert_is(&expected(&facing_plane(2.0), &paths));
    }
}

#[test]
fn only_transmission_without_reflection_gives_the_same_field_behind() {
    let paths = [vec![wall(0.0, GLASS, Event::Transmit)]];
    let config = config(100_000, 1, facing_plane(2.0)).with_specular_reflection(false);
    Runs::new(&walls(&[(0.0, GLASS)]), &config, 0..32).assert_is(&expected(&facing_plane(2.0), &paths));
}

#[test]
fn two_walls_echo_between_each_other() {
    use Event::{Reflect, Transmit};
    let (near, far) = (|event| wall(0.0, GLASS, event), |event| wall(1.0, BOARD, event));
    let mut paths = vec![vec![near(Transmit), far(Transmit)]];
    let scene = walls(&[(0.0, GLASS), (1.0, BOARD)]);
    let plane = facing_plane(3.0);
    Runs::new(&scene, &config(100_000, 2, plane), 0..32).assert_is(&expected(&plane, &paths));
    paths.push(vec![near(Transmit), far(Reflect), near(Reflect), far(Transmit)]);
    Runs::new(&scene, &config(100_000, 4, plane), 0..32).assert_is(&expected(&plane, &paths));
}

#[test]
fn depth_limits_how_many_walls_are_passed() {
    let scene = walls(&[(0.0, GLASS), (1.0, GLASS)]);
    assert!(path_gain(&scene, &config(100_000, 1, facing_plane(3.0))).iter().all(|g| *g == 0.0));
    assert!(path_gain(&scene, &config(100_000, 2, facing_plane(3.0))).iter().all(|g| *g > 0.0));
}

#[test]
fn a_plane_through_a_wall_sees_both_sides() {
    use Event::{Reflect, Transmit};
    let plane = MeasurementPlane::new([0.0, 1.0, -2.0], [4.0, 6.0], [1.0, 1.0]);
    let direct = cell_averages(&plane, 2, |point| {
        if point.x > 0.0 {
            return 0.0;
        }
        image_path(&transmitter(), &[], point, FREQUENCY).expect("direct").gain
    });
    let paths = [vec![wall(0.0, GLASS, Reflect)], vec![wall(0.0, GLASS, Transmit)]];
    let bounced = expected(&plane, &paths);
    let both: Vec<f64> = direct.iter().zip(&bounced).map(|(a, b)| a + b).collect();
    Runs::new(&walls(&[(0.0, GLASS)]), &config(100_000, 1, plane), 0..32).assert_is(&both);
}

#[test]
fn lossless_slab_reflects_what_it_does_not_transmit() {
    // The mirror image of the plane behind the wall lies in front of it: equal lengths and angles, so |r|² + |t|² = 1
    // makes the two maps add up to the one without a wall.
    let scene = walls(&[(0.0, Slab::new(4.5, 0.0, 0.027))]);
    let options = |x| config(100_000, 1, facing_plane(x)).with_los(false);
    let behind = Runs::new(&scene, &options(2.0), 0..32);
    let reflected = Runs::new(&scene, &options(-2.0), 100..132);
    let free = expected(&facing_plane(2.0), &[vec![]]);
    assert!(behind.total().mean > 0.1 * free.iter().sum::<f64>());
    assert!(reflected.total().mean > 0.1 * free.iter().sum::<f64>());
    behind.plus(&reflected).assert_is(&free);
}

#[test]
fn slab_without_thickness_is_transparent() {
    let scene = walls(&[(0.0, Slab::new(5.0, 0.1, 0.0))]);
    let runs = Runs::new(&scene, &config(100_000, 1, facing_plane(2.0)), 0..32);
    runs.assert_is(&expected(&facing_plane(2.0), &[vec![]]));
}

#[test]
fn metal_passes_nothing() {
    let gains = path_gain(&walls(&[(0.0, Slab::METAL)]), &config(100_000, 3, facing_plane(2.0)));
    assert!(gains.iter().all(|g| *g == 0.0));
}
