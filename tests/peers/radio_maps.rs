//! One test per case.

use crate::case::{Case, reference};
use crate::comparison::assert_peer_agrees;

/// A test for each case, with the rays of each of its runs, and the list of all of them.
macro_rules! cases {
    ($($name:ident $samples:literal;)*) => {
        $(
            #[test]
            #[allow(non_snake_case)] // named as the reference names it
            fn $name() {
                assert_peer_agrees(stringify!($name), $samples);
            }
        )*

        const CASES: &[&str] = &[$(stringify!($name)),*];
    };
}

cases! {
    box_diel10_RRoff 150_000;
    box_diel10_RRon 250_000;
    box_diel10_stop 150_000;
    box_spec1 250_000;
    box_spec2 250_000;
    box_spec5 200_000;
    box_spec10 150_000;
    fw_refr5_cross_28G 400_000;
    fw_spec3 400_000;
    refl_los_spec 400_000;
    ssc_default5 500_000;
    ssc_los_tr 400_000;
    ssc_multi_sinr 250_000;
    ssc_spec1 400_000;
    ssc_spec3 400_000;
    ssc_vertical_plane 400_000;
}

/// Cases with what this solver does not compute yet.
const LATER: &[&str] = &["ssc_mesh_surface", "ssc_array_precoded"];

#[test]
fn every_case_within_reach_is_compared() {
    let Some(folder) = reference() else { return };
    let file = std::fs::File::open(folder.join("manifest.json")).expect("the manifest is there");
    let manifest: serde_json::Value = serde_json::from_reader(file).expect("the manifest is JSON");
    for (id, entry) in manifest.as_object().expect("cases by name") {
        let solver = &entry["case"]["solver"];
        let is_later = ["diffuse_reflection", "diffraction"].iter().any(|option| solver[option] == true);
        let expected = !is_later && !LATER.contains(&id.as_str());
        assert_eq!(CASES.contains(&id.as_str()), expected, "{id}");
    }
}

#[test]
fn cell_centers_lie_where_the_peer_has_them() {
    let Some(case) = Case::load("ssc_vertical_plane") else { return };
    let peer = case.array("cell_centers");
    let map = case.config(1).init().solve(&case.scene()).expect("the case solves");
    let ours: Vec<f32> = map.cell_centers().into_data().try_to_vec().expect("centres are f32");
    assert_eq!(map.cell_centers().dims(), [peer.dim().0, peer.dim().1, peer.dim().2]);
    for (a, b) in ours.iter().zip(&peer) {
        assert!((a - b).abs() < 1e-5 * 100.0, "{a} for {b}");
    }
}
