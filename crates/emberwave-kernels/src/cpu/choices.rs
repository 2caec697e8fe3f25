//! The discrete choices of the kernel's rays, as the wavefront form takes them.
//!
//! Tiles are traced exactly as on the way forward, with a record per interaction ([`tape`](super::tape)), and what the
//! rays did is put back into the order of the lattice.

use std::ops::Range;

use rayon::prelude::*;

use super::batch::BATCH_SIZE;
use super::interact::Outcome;
use super::job::MapJob;
use super::launch::tile_size;
use super::propagate::Workspace;
use super::tape::Record;
use super::{HostTensors, split};
use crate::config::TraceConfig;
use crate::functions::{CHOICE_COLUMNS, RayRange};
use crate::topology::Topology;

/// Choices of one tile: place of each ray in the range, depth, and what happened.
type Entries = Vec<(u64, usize, [i32; CHOICE_COLUMNS])>;

/// Values and shape of [`trace_choices`](crate::trace_choices).
pub(crate) fn trace_choices(
    tensors: &HostTensors<'_>,
    topology: &Topology,
    config: &TraceConfig,
    rays: RayRange,
) -> (Vec<i32>, Vec<usize>) {
    assert_eq!(config.planes.len(), 1, "choices are listed for a single plane");
    let acceleration = topology.acceleration(tensors.vertices.values);
    let [_, transmitters, beams] = tensors.num_maps();
    let at = split(rays.transmitter * beams, [1, transmitters, beams]);
    let job = MapJob::new(tensors, &acceleration, config, at);
    let segments = config.max_depth as usize + 1;
    let range = rays.first..rays.first + rays.count as u64;
    let size = tile_size(config.samples_per_tx);
    let tiles = range.start / size..range.end.min(config.samples_per_tx).div_ceil(size);
    let tiles: Vec<u64> = tiles.collect();
    let of_tile = |&tile: &u64| trace_tile(&job, tile, &range);
    let traced: Vec<Entries> = tiles.par_iter().map(of_tile).collect();
    let mut values = [-1, 0, -1].repeat(rays.count * segments);
    for (ray, depth, choice) in traced.into_iter().flatten() {
        let place = ((ray - range.start) as usize * segments + depth) * CHOICE_COLUMNS;
        values[place..place + CHOICE_COLUMNS].copy_from_slice(&choice);
    }
    (values, vec![rays.count, segments, CHOICE_COLUMNS])
}

fn trace_tile(job: &MapJob<'_>, tile: u64, range: &Range<u64>) -> Entries {
    let mut workspace = Workspace::default();
    let mut record = Record::new();
    let mut entries = Entries::new();
    workspace.for_each_batch(job, tile, |workspace| {
        let mut queries = 0;
        for depth in 0..=job.config.max_depth {
            if workspace.batch.len == 0 {
                break;
            }
            queries += workspace.find_hits(job, depth);
            follow(workspace, job, depth, &mut record, |ray, choice| {
                if range.contains(&ray) {
                    entries.push((ray, depth as usize, choice));
                }
            });
        }
        queries
    });
    entries
}

/// Carries the batch through one segment and its interaction, and tells what every ray did.
fn follow(
    workspace: &mut Workspace,
    job: &MapJob<'_>,
    depth: u32,
    record: &mut Record,
    mut tell: impl FnMut(u64, [i32; CHOICE_COLUMNS]),
) {
    let mut choices = [[-1, 0, -1]; BATCH_SIZE];
    let (index, num_rays) = (workspace.batch.index, workspace.batch.len);
    if depth > 0 || job.config.events.los {
        let cells = workspace.crossings.cells(&job.planes[0], &workspace.batch);
        for (choice, cell) in choices.iter_mut().zip(cells) {
            choice[2] = cell.map_or(-1, |cell| cell as i32);
        }
        workspace.advance_surface_length(job);
    }
    if depth < job.config.max_depth {
        let triangle = workspace.batch.triangle;
        workspace.surfaces.interact(job, depth, &mut workspace.batch, Some(record));
        for &place in &record.hits {
            choices[place as usize][0] = triangle[place as usize] as i32;
        }
        for &survivor in &record.survivors {
            let reflected = record.contacts.outcome[survivor as usize] == Outcome::Reflected;
            choices[record.hits[survivor as usize] as usize][1] = if reflected { 1 } else { 2 };
        }
    }
    for (&ray, &choice) in index.iter().zip(&choices).take(num_rays) {
        tell(ray, choice);
    }
}
