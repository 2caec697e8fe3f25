//! Derivatives of a loss by the tensors that a trace reads.

use emberwave_physics::PATTERN_COLUMNS;

use crate::cpu::{HostTensor, HostTensors};
use crate::inputs::{MATERIAL_COLUMNS, SOURCE_COLUMNS};

/// Which of the tensors of [`TraceTensors`](crate::TraceTensors) a derivative is wanted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// By `vertices`.
    pub vertices: bool,
    /// By `materials`.
    pub materials: bool,
    /// By `wavenumber`.
    pub wavenumber: bool,
    /// By `sources`: positions and rotations.
    pub sources: bool,
    /// By `pattern_tables`.
    pub pattern_tables: bool,
    /// By `ports`.
    pub ports: bool,
    /// By `precoding`.
    pub precoding: bool,
    /// By `surface`.
    pub surface: bool,
}

impl Wanted {
    /// One flag per tensor, in the order of [`TraceTensors`](crate::TraceTensors).
    pub(crate) fn flags(self) -> [bool; 8] {
        let Self { vertices, materials, wavenumber, sources, pattern_tables, ports, precoding, surface } =
            self;
        [vertices, materials, wavenumber, sources, pattern_tables, ports, precoding, surface]
    }

    pub(crate) fn from_flags(flags: [bool; 8]) -> Self {
        let [vertices, materials, wavenumber, sources, pattern_tables, ports, precoding, surface] = flags;
        Self { vertices, materials, wavenumber, sources, pattern_tables, ports, precoding, surface }
    }

    /// Whether a tensor is wanted that says where something is.
    pub(crate) fn moves(self) -> bool {
        self.vertices || self.sources || self.surface
    }

    /// Whether nothing but materials is wanted.
    pub(crate) fn only_materials(self) -> bool {
        self == Self { materials: true, ..Self::default() } || self == Self::default()
    }
}

/// Sums of derivatives by every tensor, in f64.
#[derive(Clone, Debug)]
pub(crate) struct Gradients {
    pub vertices: Vec<[f64; 3]>,
    /// `[frequency][material]`
    pub materials: Vec<[f64; MATERIAL_COLUMNS]>,
    pub wavenumber: Vec<f64>,
    pub sources: Vec<[f64; SOURCE_COLUMNS]>,
    /// Entry after entry, table after table.
    pub pattern_tables: Vec<[f64; PATTERN_COLUMNS]>,
    /// `[transmitter][port]`
    pub ports: Vec<[f64; 3]>,
    /// `[transmitter][beam][port]`
    pub precoding: Vec<[f64; 2]>,
    /// Corner, edge along x, edge along y of each plane.
    pub surface: Vec<[f64; 9]>,
}

impl Gradients {
    /// Zeros for tensors of these shapes.
    pub fn zeros(tensors: &HostTensors<'_>) -> Self {
        let rows =
            |tensor: HostTensor<'_>| tensor.values.len() / tensor.shape.last().copied().unwrap_or(1).max(1);
        Self {
            vertices: vec![[0.0; 3]; rows(tensors.vertices)],
            materials: vec![[0.0; MATERIAL_COLUMNS]; rows(tensors.materials)],
            wavenumber: vec![0.0; tensors.wavenumber.values.len()],
            sources: vec![[0.0; SOURCE_COLUMNS]; rows(tensors.sources)],
            pattern_tables: vec![[0.0; PATTERN_COLUMNS]; rows(tensors.pattern_tables)],
            ports: vec![[0.0; 3]; rows(tensors.ports)],
            precoding: vec![[0.0; 2]; rows(tensors.precoding)],
            surface: vec![[0.0; 9]; tensors.surface.values.len() / 9],
        }
    }

    /// The wanted ones, one after the other. Nothing that is not finite leaves: such a derivative counts as 0.
    pub fn pack(&self, wanted: Wanted) -> Vec<f32> {
        let parts: [&[f64]; 8] = [
            self.vertices.as_flattened(),
            self.materials.as_flattened(),
            &self.wavenumber,
            self.sources.as_flattened(),
            self.pattern_tables.as_flattened(),
            self.ports.as_flattened(),
            self.precoding.as_flattened(),
            self.surface.as_flattened(),
        ];
        let wanted = parts.into_iter().zip(wanted.flags()).filter(|(_, wanted)| *wanted);
        wanted.flat_map(|(values, _)| values).map(|&value| finite(value as f32)).collect()
    }
}

fn finite(value: f32) -> f32 {
    if value.is_finite() { value } else { 0.0 }
}

/// Adds vectors component by component.
pub(crate) fn add_to<const N: usize>(sum: &mut [f64; N], part: [f64; N]) {
    for (sum, part) in sum.iter_mut().zip(part) {
        *sum += part;
    }
}
