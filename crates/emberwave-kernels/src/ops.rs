//! The contract between the public functions and the backends.

use std::sync::Arc;

use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, ExtensionType, backend_extension};

use crate::config::TraceConfig;
use crate::coverage::Coverage;
use crate::cpu::KeptSlopes;
use crate::functions::RayRange;
use crate::gradients::Wanted;
use crate::topology::Topology;

/// The tensors of [`TraceInputs`](crate::TraceInputs) as a backend's own.
#[derive(Clone, Debug, ExtensionType)]
pub struct TraceTensors<B: Backend> {
    /// `[num_vertices, 3]`
    pub vertices: FloatTensor<B>,
    /// `[num_frequencies, num_materials, 8]`
    pub materials: FloatTensor<B>,
    /// `[num_frequencies]`
    pub wavenumber: FloatTensor<B>,
    /// `[num_tx, 12]`
    pub sources: FloatTensor<B>,
    /// `[num_tables, num_theta, num_phi, 4]`
    pub pattern_tables: FloatTensor<B>,
    /// `[num_tx, num_ports, 3]`
    pub ports: FloatTensor<B>,
    /// `[num_tx, num_beams, num_ports, 2]`
    pub precoding: FloatTensor<B>,
    /// `[num_planes, 3, 3]`
    pub surface: FloatTensor<B>,
}

impl<B: Backend> TraceTensors<B> {
    /// The tensors in their order.
    pub(crate) fn each(&self) -> [&FloatTensor<B>; 8] {
        let Self { vertices, materials, wavenumber, sources, pattern_tables, ports, precoding, surface } =
            self;
        [vertices, materials, wavenumber, sources, pattern_tables, ports, precoding, surface]
    }

    /// The same tensors on another backend, or in another form, one by one.
    pub(crate) fn map<C: Backend>(self, to: impl Fn(FloatTensor<B>) -> FloatTensor<C>) -> TraceTensors<C> {
        TraceTensors {
            vertices: to(self.vertices),
            materials: to(self.materials),
            wavenumber: to(self.wavenumber),
            sources: to(self.sources),
            pattern_tables: to(self.pattern_tables),
            ports: to(self.ports),
            precoding: to(self.precoding),
            surface: to(self.surface),
        }
    }
}

/// A coverage that is evaluated.
#[derive(Clone, Debug)]
pub struct Evaluated {
    /// What is evaluated.
    pub coverage: Arc<Coverage>,
    /// Takes what [`TraceOps::coverage_map_backward`] would else find once more for materials.
    pub kept: Option<Arc<KeptSlopes>>,
}

/// Operations a backend must offer.
#[backend_extension(Autodiff, Flex)]
pub trait TraceOps: Backend {
    /// Shoots rays and bounces them; returns what they leave on the measurement surface,
    /// `[channels, num_frequencies, num_tx, num_beams, num_cells]`.
    ///
    /// Further channels are those of `TraceConfig::channels`. Channel 0 is the sum over deposits of ‖E‖²/|cos θ|·1/N with the range-free field E, without the constant
    /// factors λ², cell area and transmit power.
    fn trace_map(
        #[extension_type] tensors: TraceTensors<Self>,
        topology: Arc<Topology>,
        config: Arc<TraceConfig>,
    ) -> FloatTensor<Self>;

    /// The derivatives of a loss by the wanted tensors, one after the other in the order of [`TraceTensors`], given those
    /// by the map, `gradient`, and the map itself, `output`.
    ///
    /// The paths of the forward pass are traced again, so event and roulette decisions are the same; their probabilities
    /// are constants.
    fn trace_map_backward(
        gradient: FloatTensor<Self>,
        output: FloatTensor<Self>,
        #[extension_type] tensors: TraceTensors<Self>,
        topology: Arc<Topology>,
        config: Arc<TraceConfig>,
        wanted: Wanted,
    ) -> FloatTensor<Self>;

    /// What the rays of a range decided, `[count, max_depth + 1, 3]`; see [`trace_choices`](crate::trace_choices).
    fn trace_choices(
        #[extension_type] tensors: TraceTensors<Self>,
        topology: Arc<Topology>,
        config: Arc<TraceConfig>,
        rays: RayRange,
    ) -> IntTensor<Self>;

    /// Evaluates the fields of a coverage, `[channels, num_frequencies, num_tx, num_beams, num_cells]`; see
    /// [`coverage_map`](crate::coverage_map). The topology is asked for on the way back alone.
    fn coverage_map(
        #[extension_type] tensors: TraceTensors<Self>,
        topology: Arc<Topology>,
        evaluated: Evaluated,
        config: Arc<TraceConfig>,
    ) -> FloatTensor<Self>;

    /// The derivatives of a loss by the wanted tensors, one after the other in the order of [`TraceTensors`], given those
    /// by what [`Self::coverage_map`] gave, and that itself.
    fn coverage_map_backward(
        gradient: FloatTensor<Self>,
        output: FloatTensor<Self>,
        #[extension_type] tensors: TraceTensors<Self>,
        topology: Arc<Topology>,
        evaluated: Evaluated,
        config: Arc<TraceConfig>,
        wanted: Wanted,
    ) -> FloatTensor<Self>;
}
