//! How much memory a trace takes, so that one that cannot fit is refused before work starts.

use std::sync::Arc;

use burn::tensor::DType;
use emberwave_kernels::{Coverage, CoverageParts, RayRange, TraceInputs, trace_choices};

use super::coverage::ranges;
use super::radio::Radio;
use super::rays::Choices;
use super::{CustomParts, Wavefront};
use crate::error::SolveError;
use crate::memory;

/// Values kept for each ray that is launched, and for each of its interactions, until the backward pass has used them;
/// measured on a closed room with all inputs tracked, and rounded up.
const VALUES_PER_LAUNCH: f64 = 100.0;
const VALUES_PER_INTERACTION: f64 = 180.0;

/// The same for a look into a table of an antenna, by the operations it takes.
const VALUES_PER_LOOKUP: f64 = 100.0;

/// Bytes of a deposit, which are kept with and without derivatives: its columns, and the same joined.
const BYTES_PER_DEPOSIT: f64 = 160.0;

/// Pieces of the launch that are traced to see what its rays do, and rays of each.
const PROBES: u64 = 32;
const RAYS_PER_PROBE: u64 = 256;

/// What rays do, per ray or all together.
#[derive(Clone, Copy, Debug, Default)]
struct Activity {
    interactions: f64,
    deposits: f64,
}

impl Activity {
    /// What is kept for the backward pass too, after so many launches.
    fn bytes_with_derivatives(self, launches: f64, radio: &Radio<'_>) -> f64 {
        let bytes = if radio.materials.dtype() == DType::F64 { 8.0 } else { 4.0 };
        let per_launch = VALUES_PER_LAUNCH + if radio.has_tables() { VALUES_PER_LOOKUP } else { 0.0 };
        let values = launches * per_launch + self.interactions * VALUES_PER_INTERACTION;
        bytes * values + self.deposits * BYTES_PER_DEPOSIT
    }
}

/// Refuses the evaluation of a coverage that does not fit into the memory there is; `tracked` is what
/// fields depend on, if derivatives are kept. Without, it is the deposits of one transmitter at a time.
///
/// With derivatives it is reckoned as for rays. That is a third more than was measured where paths move (`moves`), which
/// makes borders count as fragments, and twice as much as where they are constants.
///
/// # Errors
///
/// If it does not fit.
pub(super) fn check_coverage(
    coverage: &Coverage,
    parts: &CoverageParts,
    tracked: Option<&Radio<'_>>,
    moves: bool,
) -> Result<(), SolveError> {
    let Some(available) = memory::available() else { return Ok(()) };
    let fragments = coverage.num_fragments() as f64;
    let of_transmitters = parts.transmitters.iter().map(|transmitter| transmitter.fragments.len());
    let needed = match tracked {
        None => of_transmitters.max().unwrap_or_default() as f64 * BYTES_PER_DEPOSIT,
        Some(radio) => {
            let [borders, on_their_ways] = if moves { borders(parts) } else { [0.0; 2] };
            let interactions = coverage.num_interactions() as f64 + on_their_ways;
            let deposits = fragments + borders;
            Activity { interactions, deposits }.bytes_with_derivatives(deposits, radio)
        }
    };
    if needed <= available as f64 {
        return Ok(());
    }
    Err(SolveError::CoverageMemory {
        fragments: coverage.num_fragments(),
        needed_mib: (needed / f64::from(1 << 20)) as u64,
        available_mib: available >> 20,
    })
}

/// How many borders there are, and interactions on the ways to them.
fn borders(parts: &CoverageParts) -> [f64; 2] {
    let lists = parts.transmitters.iter();
    let ranges = lists.flat_map(|transmitter| ranges(&transmitter.steps, &transmitter.borders));
    ranges.fold([0.0; 2], |[borders, interactions], range| {
        let count = range.range.len() as f64;
        [borders + count, interactions + count * range.depth as f64]
    })
}

impl Wavefront<'_> {
    /// Refuses a trace that does not fit into the memory there is.
    ///
    /// What the rays do is only looked at if they would not fit even though all of them did all they can.
    ///
    /// # Errors
    ///
    /// If it does not fit.
    pub fn check_memory(&self) -> Result<(), SolveError> {
        let Some(available) = memory::available() else { return Ok(()) };
        let depth = f64::from(self.config.max_depth);
        let most = Activity { interactions: depth, deposits: depth + 1.0 };
        if self.needed(most) <= available as f64 {
            return Ok(());
        }
        let needed = self.needed(self.probe());
        if needed <= available as f64 {
            return Ok(());
        }
        Err(SolveError::WavefrontMemory {
            rays: self.config.samples_per_tx,
            transmitters: self.config.antennas.len(),
            needed_mib: (needed / f64::from(1 << 20)) as u64,
            available_mib: available >> 20,
        })
    }

    /// Bytes for all rays. Without derivatives a chunk's tensors are freed when its deposits are known, and those of a
    /// transmitter with its map.
    fn needed(&self, of_ray: Activity) -> f64 {
        let rays = self.config.samples_per_tx as f64;
        let deposits = rays * of_ray.deposits;
        if !self.is_tracked {
            return deposits * BYTES_PER_DEPOSIT;
        }
        let activity = Activity { interactions: rays * of_ray.interactions, deposits };
        let bytes = activity.bytes_with_derivatives(rays, &self.radio);
        bytes * self.config.antennas.len() as f64
    }

    /// What rays do on average, from pieces spread evenly over the launches.
    fn probe(&self) -> Activity {
        let total = self.config.samples_per_tx;
        let transmitters = self.config.antennas.len() as u64;
        let (mut rays, mut interactions, mut deposits) = (0, 0, 0);
        for piece in 0..PROBES.max(transmitters) {
            let first = (total as f64 * (piece as f64 + 0.5) / PROBES.max(transmitters) as f64) as u64;
            let count = RAYS_PER_PROBE.min(total - first.min(total));
            let range =
                RayRange { transmitter: (piece % transmitters) as usize, first, count: count as usize };
            let choices = trace_choices(self.constants.clone(), Arc::clone(&self.config), range);
            let counts = Choices::new(choices).counts();
            rays += count;
            interactions += counts[0];
            deposits += counts[1];
        }
        let per_ray = |count: usize| count as f64 / rays.max(1) as f64;
        Activity { interactions: per_ray(interactions), deposits: per_ray(deposits) }
    }
}

/// Whether derivatives are recorded: by any of the inputs, or by tracked tensors that functions may bring.
pub(super) fn is_tracked(inputs: &TraceInputs, custom: &CustomParts) -> bool {
    (custom.any() && inputs.materials.is_autodiff())
        || inputs.moves()
        || inputs.materials.is_tracked()
        || inputs.wavenumber.is_tracked()
        || inputs.pattern_tables.is_tracked()
        || inputs.ports.is_tracked()
        || inputs.precoding.is_tracked()
}
