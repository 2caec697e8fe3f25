//! A coverage as plain lists: for files.

use emberwave_geometry::{Border, Bound};
use glam::{Mat3, Vec3};

use super::path::first_of_depth;
use super::{Coverage, Frame, Image, Piece, Step, TransmitterCoverage, Wall};
use crate::config::PlaneGrid;
use crate::cpu::SharedBuffers;

/// Everything that a [`Coverage`] holds, as rows of numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CoverageParts {
    /// Origin of all coordinates \[m\].
    pub center: [f32; 3],
    /// Unit normals of the planes that paths interact with.
    pub wall_normals: Vec<[f32; 3]>,
    /// Their materials.
    pub wall_materials: Vec<u32>,
    /// Whether these are the triangles of the scene, one by one.
    pub is_faceted: bool,
    /// Corner, then edges of a cell along x and y \[m\], of each plane of the measurement surface.
    pub surfaces: Vec<[f32; 9]>,
    /// Number of cells of each along x and y.
    pub grids: Vec<[u32; 2]>,
    /// One per transmitter.
    pub transmitters: Vec<TransmitterParts>,
    /// See [`Coverage::fingerprint`].
    pub fingerprint: u64,
}

/// The coverage of one transmitter as rows of numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TransmitterParts {
    /// Where it is \[m\], not centred.
    pub position: [f32; 3],
    /// For each sequence the one without its last interaction, which comes earlier (0 for the first, empty one), and twice
    /// the wall's number plus one for a reflection.
    pub steps: Vec<[u32; 2]>,
    /// For each sequence the image source \[m\], the matrix that turns launch directions row by row, and the weight.
    pub images: Vec<[f32; 13]>,
    /// Sequence and cell of each fragment, ordered by sequence.
    pub fragments: Vec<[u32; 2]>,
    /// Covered part of the cell and centroid in cells of each fragment.
    pub areas: Vec<[f32; 3]>,
    /// Sequence and cell of each border, ordered by sequence; then either the number of interactions before the segment
    /// that an edge limits and the edge's vertices, or [`FACE`] and a triangle twice.
    pub borders: Vec<[u32; 5]>,
    /// Middle and length of each border, in cells along x and y.
    pub border_lines: Vec<[f32; 4]>,
}

/// Takes the place of a number of interactions where a face of a triangle ends what is reached.
pub const FACE: u32 = u32::MAX;

impl Coverage {
    /// The coverage as rows of numbers.
    #[must_use]
    pub fn to_parts(&self) -> CoverageParts {
        let surface = |frame: &Frame| {
            let [a, b, c] = [frame.corner, frame.step_x, frame.step_y].map(|v| v.to_array());
            [a[0], a[1], a[2], b[0], b[1], b[2], c[0], c[1], c[2]]
        };
        CoverageParts {
            center: self.center.to_array(),
            wall_normals: self.walls.iter().map(|wall| wall.normal.to_array()).collect(),
            wall_materials: self.walls.iter().map(|wall| wall.material).collect(),
            is_faceted: self.is_faceted,
            surfaces: self.frames.iter().map(surface).collect(),
            grids: self.frames.iter().map(|frame| [frame.grid.num_cells_x, frame.grid.num_cells_y]).collect(),
            transmitters: self.transmitters.iter().map(TransmitterCoverage::to_parts).collect(),
            fingerprint: self.fingerprint,
        }
    }

    /// A coverage from rows of numbers.
    ///
    /// # Errors
    ///
    /// What is wrong, in a line, if lists differ in length, an index is out of range or a number is not finite.
    pub fn from_parts(parts: &CoverageParts) -> Result<Self, String> {
        let walls = parts.wall_normals.iter().zip(&parts.wall_materials);
        let mut first_cell = 0;
        let frame = |(rows, &[num_cells_x, num_cells_y]): (&[f32; 9], &[u32; 2])| {
            let [corner, step_x, step_y] = [0, 3, 6].map(|at| Vec3::from_slice(&rows[at..at + 3]));
            let grid = PlaneGrid { num_cells_x, num_cells_y };
            let frame = Frame::from_steps(corner, [step_x, step_y], grid, first_cell);
            first_cell = first_cell.saturating_add(grid.num_cells().min(u32::MAX as usize) as u32);
            frame
        };
        let transmitters = parts.transmitters.iter().map(|tx| TransmitterCoverage::from_parts(tx, parts));
        let coverage = Self {
            center: parts.center.into(),
            walls: walls.map(|(&n, &material)| Wall { normal: n.into(), material }).collect(),
            is_faceted: parts.is_faceted,
            frames: parts.surfaces.iter().zip(&parts.grids).map(frame).collect(),
            transmitters: transmitters.collect::<Result<_, _>>()?,
            fingerprint: parts.fingerprint,
            buffers: SharedBuffers::default(),
        };
        let rows = [
            parts.wall_normals.len() == parts.wall_materials.len(),
            parts.surfaces.len() == parts.grids.len(),
        ];
        let finite = coverage.walls.iter().all(|wall| wall.normal.is_finite())
            && parts.surfaces.iter().flatten().all(|x| x.is_finite())
            && coverage.center.is_finite();
        match (rows, finite) {
            ([true, true], true) => Ok(coverage),
            (_, false) => Err("a number is not finite".to_owned()),
            _ => Err("lists differ in length".to_owned()),
        }
    }
}

impl TransmitterCoverage {
    fn to_parts(&self) -> TransmitterParts {
        let image = |image: &Image| {
            let turn = image.world_from_launch.transpose().to_cols_array();
            std::array::from_fn(|at| match at {
                0..3 => image.source[at],
                3..12 => turn[at - 3],
                _ => image.weight,
            })
        };
        TransmitterParts {
            position: self.position.to_array(),
            steps: self.steps.iter().map(|step| [step.parent, step.code]).collect(),
            images: self.images.iter().map(image).collect(),
            fragments: self.pieces.iter().map(|piece| [piece.sequence, piece.cell]).collect(),
            areas: self
                .pieces
                .iter()
                .map(|piece| [piece.area, piece.centroid[0], piece.centroid[1]])
                .collect(),
            borders: self.borders.iter().map(border_row).collect(),
            border_lines: self.borders.iter().map(border_line).collect(),
        }
    }

    fn from_parts(parts: &TransmitterParts, whole: &CoverageParts) -> Result<Self, String> {
        parts.check(whole)?;
        let depths = depths(&parts.steps, whole.wall_normals.len())?;
        let image = |row: &[f32; 13]| Image {
            source: Vec3::from_slice(&row[..3]),
            world_from_launch: Mat3::from_cols_slice(&row[3..12]).transpose(),
            weight: row[12],
        };
        let piece = |(&[sequence, cell], &[area, x, y]): (&[u32; 2], &[f32; 3])| Piece {
            sequence,
            cell,
            area,
            centroid: [x, y],
        };
        Ok(Self {
            position: parts.position.into(),
            steps: parts.steps.iter().map(|&[parent, code]| Step { parent, code }).collect(),
            images: parts.images.iter().map(image).collect(),
            pieces: parts.fragments.iter().zip(&parts.areas).map(piece).collect(),
            borders: parts.borders.iter().zip(&parts.border_lines).map(border).collect(),
            first_of_depth: first_of_depth(&depths),
        })
    }
}

impl TransmitterParts {
    /// Tells in a line what does not fit.
    fn check(&self, whole: &CoverageParts) -> Result<(), String> {
        let num_sequences = self.steps.len();
        if self.images.len() != num_sequences
            || self.areas.len() != self.fragments.len()
            || self.border_lines.len() != self.borders.len()
        {
            return Err("lists differ in length".to_owned());
        }
        let num_cells: u64 = whole.grids.iter().map(|&[x, y]| u64::from(x) * u64::from(y)).sum();
        let fits =
            |&[sequence, cell]: &[u32; 2]| (sequence as usize) < num_sequences && u64::from(cell) < num_cells;
        let ends = |&[sequence, cell, ..]: &[u32; 5]| fits(&[sequence, cell]);
        if !self.fragments.iter().all(fits) || !self.borders.iter().all(ends) {
            return Err("a fragment refers to a sequence or cell that is not there".to_owned());
        }
        if !self.fragments.is_sorted_by_key(|fragment| fragment[0])
            || !self.borders.is_sorted_by_key(|border| border[0])
        {
            return Err("fragments are not sorted by their sequence".to_owned());
        }
        let images = self.images.iter().flatten();
        let numbers = images.chain(self.areas.iter().flatten()).chain(self.border_lines.iter().flatten());
        match numbers.chain(&self.position).all(|number| number.is_finite()) {
            true => Ok(()),
            false => Err("a number is not finite".to_owned()),
        }
    }
}

/// Number of interactions of each sequence.
fn depths(steps: &[[u32; 2]], num_walls: usize) -> Result<Vec<u32>, String> {
    let mut depths: Vec<u32> = Vec::with_capacity(steps.len());
    for (index, &[parent, code]) in steps.iter().enumerate() {
        if index == 0 {
            depths.push(0);
            continue;
        }
        let above = depths.get(parent as usize);
        let depth = above.ok_or("a sequence continues one that comes after it")? + 1;
        if (code >> 1) as usize >= num_walls {
            return Err("a sequence refers to a plane that is not there".to_owned());
        }
        if depth < depths[index - 1] {
            return Err("sequences are not sorted by their number of interactions".to_owned());
        }
        depths.push(depth);
    }
    Ok(depths)
}

fn border_row(border: &Border) -> [u32; 5] {
    match border.bound {
        Bound::Edge { interactions, vertices: [a, b] } => [border.sequence, border.cell, interactions, a, b],
        Bound::Face { triangle } => [border.sequence, border.cell, FACE, triangle, triangle],
    }
}

fn border_line(border: &Border) -> [f32; 4] {
    let ([x, y], [along_x, along_y]) = (border.middle, border.along);
    [x, y, along_x, along_y]
}

fn border((&[sequence, cell, kind, a, b], &[x, y, along_x, along_y]): (&[u32; 5], &[f32; 4])) -> Border {
    let bound = match kind {
        FACE => Bound::Face { triangle: a },
        interactions => Bound::Edge { interactions, vertices: [a, b] },
    };
    Border { sequence, cell, bound, middle: [x, y], along: [along_x, along_y] }
}
