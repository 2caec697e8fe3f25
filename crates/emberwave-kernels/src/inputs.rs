//! The tensors a trace reads.

use std::sync::Arc;

use burn::backend::Dispatch;
use burn::tensor::Tensor;

use emberwave_physics::PATTERN_COLUMNS;

use crate::config::{Antenna, Pattern, TraceConfig};
use crate::cpu::{HostTensor, HostTensors};
use crate::ops::TraceTensors;
use crate::topology::Topology;

/// Columns of [`TraceInputs::materials`]: η′, η″ (the complex relative permittivity is η′ + jη″, η″ ≤ 0),
/// thickness \[m\], scattering coefficient S, cross-polarisation discrimination K_x, and the three parameters of the
/// scattering lobe (α_R, α_I, Λ).
pub const MATERIAL_COLUMNS: usize = 8;

/// Columns of [`TraceInputs::sources`]: position \[m\], then the rotation from the antenna's frame to the world's, row
/// by row.
pub const SOURCE_COLUMNS: usize = 12;

/// Everything a trace depends on continuously, as tensors on one device, and the scene's topology.
#[derive(Clone, Debug)]
pub struct TraceInputs {
    /// Vertex positions \[m\], `[num_vertices, 3]`.
    pub vertices: Tensor<2>,
    /// Materials at each frequency, `[num_frequencies, num_materials, 8]`; see [`MATERIAL_COLUMNS`].
    pub materials: Tensor<3>,
    /// Wavenumbers 2π/λ \[rad/m\], `[num_frequencies]`.
    pub wavenumber: Tensor<1>,
    /// Transmitters, `[num_tx, 12]`; see [`SOURCE_COLUMNS`].
    pub sources: Tensor<2>,
    /// Far fields of unslanted elements, `[num_tables, num_theta, num_phi, 4]`: real and imaginary part of C_θ,
    /// then of C_φ, with
    /// |C_θ|² + |C_φ|² the gain relative to isotropic. Rows are at θ = 0 … π, both included, columns at φ = 0, 2π/num_phi, …
    /// in the antenna's frame; see [`PatternGrid`](emberwave_physics::PatternGrid). Which antenna reads which table
    /// says [`Antenna::pattern`](crate::Antenna::pattern); none need to.
    pub pattern_tables: Tensor<4>,
    /// Offset of each antenna port from the transmitter in the antenna's frame \[m\], `[num_tx, num_ports, 3]`.
    pub ports: Tensor<3>,
    /// Complex weight of each port, `[num_tx, num_beams, num_ports, 2]`; ports that an antenna does not have weigh 0.
    pub precoding: Tensor<4>,
    /// Planes of the measurement surface, `[num_planes, 3, 3]`: the corner where both cell indices are 0, the edge
    /// along x and the edge along y \[m\].
    pub surface: Tensor<3>,
    /// Triangles and their materials.
    pub topology: Arc<Topology>,
}

impl TraceInputs {
    /// Whether a tensor is tracked that says where something is.
    #[must_use]
    pub fn moves(&self) -> bool {
        self.vertices.is_tracked() || self.sources.is_tracked() || self.surface.is_tracked()
    }

    /// The tensors as the device's backend holds them, and the topology.
    pub(crate) fn into_tensors(self) -> (TraceTensors<Dispatch>, Arc<Topology>) {
        let tensors = TraceTensors {
            vertices: self.vertices.into_dispatch(),
            materials: self.materials.into_dispatch(),
            wavenumber: self.wavenumber.into_dispatch(),
            sources: self.sources.into_dispatch(),
            pattern_tables: self.pattern_tables.into_dispatch(),
            ports: self.ports.into_dispatch(),
            precoding: self.precoding.into_dispatch(),
            surface: self.surface.into_dispatch(),
        };
        (tensors, self.topology)
    }

    /// The values of the tensors on the host.
    pub(crate) fn to_host(&self) -> HostCopies {
        HostCopies {
            vertices: HostCopy::new(&self.vertices),
            materials: HostCopy::new(&self.materials),
            wavenumber: HostCopy::new(&self.wavenumber),
            sources: HostCopy::new(&self.sources),
            pattern_tables: HostCopy::new(&self.pattern_tables),
            ports: HostCopy::new(&self.ports),
            precoding: HostCopy::new(&self.precoding),
            surface: HostCopy::new(&self.surface),
        }
    }

    /// Panics, naming the tensor, when a shape does not fit the others or the configuration.
    pub(crate) fn check_shapes(&self, config: &TraceConfig) {
        let [num_vertices, three] = self.vertices.dims();
        assert_eq!(
            (num_vertices, three),
            (self.topology.num_vertices(), 3),
            "vertices must be [num_vertices, 3]"
        );
        let [num_frequencies, _, columns] = self.materials.dims();
        assert_eq!(columns, MATERIAL_COLUMNS, "materials must be [num_frequencies, num_materials, 8]");
        assert_eq!(self.wavenumber.dims(), [num_frequencies], "wavenumber must be [num_frequencies]");
        let num_tx = config.antennas.len();
        assert_eq!(self.sources.dims(), [num_tx, SOURCE_COLUMNS], "sources must be [num_tx, 12]");
        self.check_tables(config);
        let [ports_tx, num_ports, three] = self.ports.dims();
        assert_eq!((ports_tx, three), (num_tx, 3), "ports must be [num_tx, num_ports, 3]");
        let [precoding_tx, _, precoding_ports, two] = self.precoding.dims();
        assert_eq!(
            (precoding_tx, precoding_ports, two),
            (num_tx, num_ports, 2),
            "precoding must be [num_tx, num_beams, num_ports, 2]"
        );
        assert_eq!(self.surface.dims(), [config.planes.len(), 3, 3], "surface must be [num_planes, 3, 3]");
    }

    fn check_tables(&self, config: &TraceConfig) {
        let [num_tables, num_theta, num_phi, columns] = self.pattern_tables.dims();
        let fit = columns == PATTERN_COLUMNS && (num_tables == 0 || (num_theta >= 2 && num_phi >= 1));
        assert!(fit, "pattern_tables must be [num_tables, num_theta of at least 2, num_phi, 4]");
        let exists = |antenna: &Antenna| match antenna.pattern {
            Pattern::Named(_) => true,
            Pattern::Table(table) => table < num_tables,
        };
        assert!(config.antennas.iter().all(exists), "pattern_tables must have the tables of all antennas");
    }
}

/// A tensor's values on the host.
pub(crate) fn floats<const D: usize>(tensor: &Tensor<D>) -> Vec<f32> {
    tensor.clone().into_data().try_into_vec_as().expect("a tensor of numbers can be read as f32")
}

/// A tensor's values and shape on the host.
#[derive(Debug)]
struct HostCopy {
    values: Vec<f32>,
    shape: Vec<usize>,
}

impl HostCopy {
    fn new<const D: usize>(tensor: &Tensor<D>) -> Self {
        Self { values: floats(tensor), shape: tensor.dims().to_vec() }
    }

    fn as_host(&self) -> HostTensor<'_> {
        HostTensor { values: &self.values, shape: &self.shape }
    }
}

/// The tensors of [`TraceInputs`] on the host.
#[derive(Debug)]
pub(crate) struct HostCopies {
    vertices: HostCopy,
    materials: HostCopy,
    wavenumber: HostCopy,
    sources: HostCopy,
    pattern_tables: HostCopy,
    ports: HostCopy,
    precoding: HostCopy,
    surface: HostCopy,
}

impl HostCopies {
    pub fn as_host(&self) -> HostTensors<'_> {
        HostTensors {
            vertices: self.vertices.as_host(),
            materials: self.materials.as_host(),
            wavenumber: self.wavenumber.as_host(),
            sources: self.sources.as_host(),
            pattern_tables: self.pattern_tables.as_host(),
            ports: self.ports.as_host(),
            precoding: self.precoding.as_host(),
            surface: self.surface.as_host(),
        }
    }
}
