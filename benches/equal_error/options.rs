//! The command line.

use crate::setting::{Paths, Setting, Site};

/// What to compare.
pub struct Options {
    /// Whether to show how tubes converge instead of times.
    pub convergence: bool,
    /// Rays of the references.
    pub reference: u64,
    /// Most rays tried.
    pub most: u64,
    /// Errors to reach \[dB\].
    pub levels: Vec<f64>,
    sites: Vec<Site>,
    paths: Vec<Paths>,
}

impl Options {
    /// Reads the command line.
    ///
    /// # Panics
    ///
    /// If an argument is not understood.
    pub fn read() -> Self {
        let mut options = Self {
            convergence: false,
            reference: 3_000_000_000,
            most: 300_000_000,
            levels: vec![1.0, 0.5, 0.3],
            sites: Site::defaults(),
            paths: Paths::DEFAULTS.to_vec(),
        };
        for argument in std::env::args().skip(1).filter(|argument| !argument.starts_with("--")) {
            options.set(&argument).unwrap_or_else(|| panic!("`{argument}` is not understood"));
        }
        options
    }

    fn set(&mut self, argument: &str) -> Option<()> {
        let (name, value) = argument.split_once('=').unwrap_or((argument, ""));
        let rays =
            || value.parse().ok().filter(|rays| (1e5..1e13).contains(rays)).map(|rays: f64| rays as u64);
        match name {
            "convergence" => self.convergence = true,
            "reference" => self.reference = rays()?,
            "most" => self.most = rays()?,
            "levels" => self.levels = value.split(',').map(|db| db.parse().ok()).collect::<Option<_>>()?,
            "scenes" => self.sites = value.split(';').map(Site::parse).collect::<Option<_>>()?,
            "paths" => self.paths = value.split(',').map(Paths::parse).collect::<Option<_>>()?,
            _ => return None,
        }
        Some(())
    }

    /// Every kind of paths in every scene.
    pub fn settings(&self) -> Vec<Setting> {
        let settings = |site: &Site| {
            let site = site.clone();
            self.paths.iter().map(move |paths| Setting { site: site.clone(), paths: *paths })
        };
        self.sites.iter().flat_map(settings).collect()
    }
}
