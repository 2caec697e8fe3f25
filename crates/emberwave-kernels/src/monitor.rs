//! Progress, cancelling and counts of a running trace.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use emberwave_geometry::tubes::PowerAccount;

/// How far a trace has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rays launched so far, over all transmitters.
    pub rays_done: u64,
    /// Rays to be launched in all.
    pub rays_total: u64,
}

type Callback = Box<dyn Fn(Progress) -> ControlFlow<()> + Send + Sync>;

/// Watches a trace: calls back as it advances, ends it when the callback says so, and counts its work.
#[derive(Default)]
pub struct Monitor {
    callback: Option<Callback>,
    cancelled: AtomicBool,
    rays: AtomicU64,
    queries: AtomicU64,
    kernel_nanoseconds: AtomicU64,
    expected: AtomicU64,
    /// Of every transmitter that tubes were traced for last.
    accounts: Mutex<Vec<PowerAccount>>,
}

impl Monitor {
    /// A monitor that only counts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A monitor that calls back some ten times a second or oftener; `ControlFlow::Break` ends the trace.
    #[must_use]
    pub fn with_callback(callback: impl Fn(Progress) -> ControlFlow<()> + Send + Sync + 'static) -> Self {
        Self { callback: Some(Box::new(callback)), ..Self::default() }
    }

    /// Whether the callback ended the trace; its result then means nothing.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Rays launched.
    #[must_use]
    pub fn num_rays(&self) -> u64 {
        self.rays.load(Ordering::Relaxed)
    }

    /// Closest-hit queries made.
    #[must_use]
    pub fn num_ray_queries(&self) -> u64 {
        self.queries.load(Ordering::Relaxed)
    }

    /// Time spent in the kernel, building or refitting of the acceleration structure excluded.
    #[must_use]
    pub fn kernel_time(&self) -> Duration {
        Duration::from_nanos(self.kernel_nanoseconds.load(Ordering::Relaxed))
    }

    pub(crate) fn add_kernel_time(&self, time: Duration) {
        self.kernel_nanoseconds.fetch_add(time.as_nanos() as u64, Ordering::Relaxed);
    }

    /// The power that the tubes of the last map did not follow, in the mean over transmitters; nothing where there were none.
    #[must_use]
    pub fn power_account(&self) -> Option<PowerAccount> {
        let accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut sum = PowerAccount::default();
        accounts.iter().for_each(|account| sum += *account);
        let count = accounts.len() as f64;
        (count > 0.0).then(|| PowerAccount { drawn: sum.drawn / count, ended: sum.ended / count })
    }

    pub(crate) fn set_account(&self, transmitter: usize, account: PowerAccount) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.truncate(transmitter);
        accounts.push(account);
    }

    /// Makes progress count towards this many rays from now on, for work of several traces; `None` makes it count
    /// towards the rays of each trace again.
    pub fn expect_rays(&self, rays: Option<u64>) {
        let total = rays.map_or(0, |rays| self.num_rays().saturating_add(rays));
        self.expected.store(total, Ordering::Relaxed);
    }

    /// Adds finished work and asks whether to go on; called by what traces.
    pub fn advance(&self, rays: u64, queries: u64, rays_total: u64) -> ControlFlow<()> {
        let rays_total = match self.expected.load(Ordering::Relaxed) {
            0 => rays_total,
            expected => expected,
        };
        let rays_done = self.rays.fetch_add(rays, Ordering::Relaxed) + rays;
        self.queries.fetch_add(queries, Ordering::Relaxed);
        let flow = self
            .callback
            .as_ref()
            .map_or(ControlFlow::Continue(()), |call| call(Progress { rays_done, rays_total }));
        if flow.is_break() {
            self.cancelled.store(true, Ordering::Relaxed);
        }
        flow
    }
}

impl fmt::Debug for Monitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Monitor")
            .field("cancelled", &self.is_cancelled())
            .field("num_rays", &self.num_rays())
            .field("num_ray_queries", &self.num_ray_queries())
            .finish_non_exhaustive()
    }
}
