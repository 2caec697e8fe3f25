//! The derivatives of an evaluated coverage by the tensors.

use emberwave_geometry::Spares;

use super::super::rounds::Rounds;
use super::super::{HostTensors, MapGradient, split};
use super::CoverageJob;
use super::pass::MotionPass;
use super::slopes::{BackwardSlot, Buffers, TileSlopes};
use crate::config::TraceConfig;
use crate::coverage::{Tracing, cover};
use crate::gradients::{Gradients, Wanted};
use crate::ops::Evaluated;
use crate::topology::Topology;

/// Mean error of the map \[dB\] for which tubes are divided on the way back, where nothing else is asked for.
const TARGET_ERROR: f64 = 0.3;

/// Derivatives of a loss by the tensors, given those by the map's values; see
/// [`TraceOps::coverage_map_backward`](crate::TraceOps::coverage_map_backward).
pub(crate) fn coverage_map_backward(
    map: MapGradient<'_>,
    tensors: &HostTensors<'_>,
    topology: &Topology,
    evaluated: &Evaluated,
    config: &TraceConfig,
    wanted: Wanted,
) -> Gradients {
    let mut gradients = Gradients::zeros(tensors);
    if wanted.only_materials() {
        by_materials(map, tensors, evaluated, config, &mut gradients);
        return gradients;
    }
    let coverage = &*evaluated.coverage;
    let seed = config.motion.seed.unwrap_or(config.seed);
    let config = &TraceConfig { seed, monitor: None, ..config.clone() };
    let counts = tensors.num_maps();
    let retraced = wanted.moves().then(|| {
        let default = || crate::TubeOptions::for_target_error(TARGET_ERROR, config.max_depth);
        let mut options = config.motion.tubes.unwrap_or_else(default);
        options.borders = config.motion.borders;
        let worth = map.worth(counts, config, &coverage.frames);
        let tracing = Tracing { is_faceted: wanted.vertices, worth };
        cover(tensors, topology, config, &options, &tracing)
    });
    let coverage = retraced.as_ref().unwrap_or(coverage);
    let acceleration = topology.acceleration(tensors.vertices.values);
    let mut pass = MotionPass::new(tensors, (topology, &acceleration), config, coverage, gradients);
    for index in 0..counts.iter().product() {
        let cotangent = map.of(index, counts, config);
        let at = split(index, counts);
        pass.add(&coverage.transmitters[at[1]], at, &cotangent.as_cotangent(config, 1.0));
    }
    pass.finish()
}

/// The derivatives by materials alone: no direction is followed.
fn by_materials(
    map: MapGradient<'_>,
    tensors: &HostTensors<'_>,
    Evaluated { coverage, kept }: &Evaluated,
    config: &TraceConfig,
    gradients: &mut Gradients,
) {
    let counts = tensors.num_maps();
    let num_materials = tensors.materials.shape[1];
    let mut rounds = Rounds::<BackwardSlot>::unwatched();
    let buffers = Spares::<(Buffers, TileSlopes)>::default();
    let kept = kept.as_ref().and_then(|kept| kept.0.get());
    for index in 0..counts.iter().product() {
        let at = split(index, counts);
        let job = CoverageJob::new(tensors, coverage, &coverage.transmitters[at[1]], config, at);
        let of_map = map.of(index, counts, config);
        let cotangent = of_map.as_cotangent(config, 1.0);
        let of_frequency = &mut gradients.materials[at[0] * num_materials..][..num_materials];
        rounds.set_num_tiles(job.tiles.count());
        // Nobody can end it.
        let _ = rounds.trace(
            |slot, tile| {
                buffers.lend(|buffers| match kept {
                    Some(kept) => {
                        let workspace = &mut buffers.0.workspace;
                        slot.multiply(&job, &kept[index][tile as usize], workspace, &cotangent)
                    }
                    None => slot.sweep(&job, buffers, tile, &cotangent),
                })
            },
            |slots| slots.iter().for_each(|slot| slot.add_to(of_frequency)),
        );
    }
}
