//! Small worlds, closed forms in f64 and statistics that the tests share.
#![allow(dead_code)] // each test binary uses a part of it

pub mod oracle;
pub mod statistics;
pub mod tables;
pub mod world;
