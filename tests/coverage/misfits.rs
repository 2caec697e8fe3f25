//! What tubes do not do, and coverages of something else, are refused in a line.

use emberwave::prelude::*;

use crate::worlds::{ground, room, room_plane, tubes, two_transmitters};

fn refusal(config: RadioMapSolverConfig) -> String {
    config.init().solve(&two_transmitters(room())).expect_err("it is refused").to_string()
}

#[test]
fn options_that_tubes_do_not_have_are_refused() {
    let tubes = || tubes(1, room_plane());
    let cases = [
        (tubes().with_rr_depth(2), "solver: rr_depth must be -1 (off) for tubes, but is 2"),
        (
            tubes().with_stop_threshold_db(Some(-90.0)),
            "solver: stop_threshold_db must be none for tubes, but is -90",
        ),
        (
            tubes().with_target_error_db(Some(0.0)),
            "solver: target_error_db must be finite and above 0, but is 0",
        ),
        (
            tubes().with_target_error_db(Some(f64::NAN)),
            "solver: target_error_db must be finite and above 0, but is NaN",
        ),
        (
            tubes().with_reconstruction(Reconstruction::Cell),
            "solver: samples_per_tx must be at least 32 for error estimates, but is 1",
        ),
    ];
    for (config, message) in cases {
        assert_eq!(refusal(config), message);
    }
}

#[test]
fn coverages_of_something_else_are_refused() {
    let solver = tubes(1, room_plane()).init();
    let scene = two_transmitters(room());
    let coverage = solver.trace_coverage(&scene).expect("in range");
    let refusal = |solver: &RadioMapSolver, scene: &Scene| {
        let tensors = scene.tensors().expect("valid");
        let message = solver.evaluate(&coverage, tensors).expect_err("it does not fit").to_string();
        assert_eq!(message.lines().count(), 1);
        message
    };
    let beginning = "the coverage does not fit: ";
    assert_eq!(
        refusal(&solver, &two_transmitters(ground())),
        format!("{beginning}it was traced for other triangles or vertices")
    );
    let third = two_transmitters(room()).with_transmitter(Transmitter::new("c", [0.0, 0.0, 1.0]));
    assert_eq!(
        refusal(&solver, &third),
        format!("{beginning}it was traced for 2 transmitters, but there are 3")
    );
    let mut moved = room();
    for tx in scene.transmitters() {
        let mut tx = tx.clone();
        tx.position[0] += 0.25;
        moved = moved.with_transmitter(tx);
    }
    assert!(refusal(&solver, &moved).starts_with(&format!("{beginning}transmitter 0 was at [-2.6")));
    let elsewhere = tubes(1, MeasurementPlane { center: [0.5, 0.5, 1.3], ..room_plane() }).init();
    assert_eq!(
        refusal(&elsewhere, &scene),
        format!("{beginning}it was traced for another measurement surface")
    );
    let deeper = tubes(2, room_plane()).init();
    assert_eq!(
        refusal(&deeper, &scene),
        format!("{beginning}it was traced for other events or another max_depth")
    );
}
