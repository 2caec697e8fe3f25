//! The arrays of a radio map's archive.

use emberwave_solvers::RadioMap;

use super::read::{floats, truths};
use crate::export::{ExportError, NpzFile};

/// All arrays, in the order of the table at [`RadioMapExport::save_npz`](super::RadioMapExport::save_npz).
pub(super) fn gather(map: &RadioMap) -> Result<NpzFile, ExportError> {
    Ok(NpzFile::new()
        .with_array("path_gain", floats("path_gain", map.path_gain())?)
        .with_array("path_gain_db", floats("path_gain_db", map.path_gain_db())?)
        .with_array("covered", truths("covered", map.covered())?)
        .with_array("rss", floats("rss", map.rss())?)
        .with_array("sinr", floats("sinr", map.sinr())?)
        .with_array("cell_centers", floats("cell_centers", map.cell_centers())?)
        .with_array("tx_positions", floats("tx_positions", map.tx_positions())?))
}
