//! Maps as data: values at points, files, measurements.

mod association;
mod files;
mod measured;
mod sampling;
mod worlds;
