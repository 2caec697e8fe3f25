//! Embree 3: the few declarations that closest hits need, and a safe scene of triangles.

use std::ffi::{c_char, c_int, c_void};

use emberwave_geometry::{Hit, HitStream, RayStream};
use glam::Vec3;

/// Rays in a packet of the wide mode.
const PACKET: usize = 8;

/// Embree's geometry index that means "nothing".
const INVALID: u32 = u32::MAX;

/// Values of Embree's enumerations.
const GEOMETRY_TRIANGLE: c_int = 0;
const QUALITY_HIGH: c_int = 2;
const BUFFER_INDEX: c_int = 0;
const BUFFER_VERTEX: c_int = 1;
const FORMAT_UINT3: c_int = 0x5003;
const FORMAT_FLOAT3: c_int = 0x9003;

/// `RTCIntersectContext`, with one level of instances.
#[repr(C)]
struct Context {
    flags: c_int,
    filter: *const c_void,
    instance: [u32; 1],
    /// Present in builds with a least width of curves, unread in others.
    min_width_distance_factor: f32,
}

/// `RTCRayHit` where `N` is 1, `RTCRayHit8` where it is 8. Both are aligned to at most 32 bytes.
#[repr(C, align(32))]
#[derive(Clone, Copy)]
pub struct RayHit<const N: usize> {
    origin: [[f32; N]; 3],
    near: [f32; N],
    direction: [[f32; N]; 3],
    time: [f32; N],
    far: [f32; N],
    mask: [u32; N],
    id: [u32; N],
    flags: [u32; N],
    normal: [[f32; N]; 3],
    barycentric: [[f32; N]; 2],
    primitive: [u32; N],
    geometry: [u32; N],
    instance: [[u32; N]; 1],
}

/// A packet in which every lane holds a ray.
#[repr(align(32))]
struct Lanes([c_int; PACKET]);

static ALL: Lanes = Lanes([-1; PACKET]);

unsafe extern "C" {
    fn rtcNewDevice(config: *const c_char) -> *mut c_void;
    fn rtcReleaseDevice(device: *mut c_void);
    fn rtcGetDeviceError(device: *mut c_void) -> c_int;
    fn rtcNewScene(device: *mut c_void) -> *mut c_void;
    fn rtcSetSceneBuildQuality(scene: *mut c_void, quality: c_int);
    fn rtcCommitScene(scene: *mut c_void);
    fn rtcReleaseScene(scene: *mut c_void);
    fn rtcNewGeometry(device: *mut c_void, kind: c_int) -> *mut c_void;
    fn rtcSetGeometryBuildQuality(geometry: *mut c_void, quality: c_int);
    fn rtcSetNewGeometryBuffer(
        geometry: *mut c_void,
        kind: c_int,
        slot: u32,
        format: c_int,
        stride: usize,
        count: usize,
    ) -> *mut c_void;
    fn rtcCommitGeometry(geometry: *mut c_void);
    fn rtcAttachGeometry(scene: *mut c_void, geometry: *mut c_void) -> u32;
    fn rtcReleaseGeometry(geometry: *mut c_void);
    fn rtcIntersect1(scene: *mut c_void, context: *mut Context, ray: *mut RayHit<1>);
    fn rtcIntersect8(valid: *const c_int, scene: *mut c_void, context: *mut Context, rays: *mut RayHit<8>);
}

/// How many rays Embree is given at once.
#[derive(Clone, Copy, Debug)]
pub enum Mode {
    Single,
    Eight,
    /// Eight, declared to be neighbours.
    EightCoherent,
}

impl Context {
    fn new(coherent: bool) -> Self {
        let flags = c_int::from(coherent);
        Self { flags, filter: std::ptr::null(), instance: [INVALID], min_width_distance_factor: 0.0 }
    }
}

/// Triangles arranged by Embree: build quality high, not robust.
#[derive(Debug)]
pub struct EmbreeScene {
    device: *mut c_void,
    scene: *mut c_void,
}

// SAFETY: Embree's queries on a committed scene may run on any number of threads.
unsafe impl Sync for EmbreeScene {}

impl EmbreeScene {
    pub fn build(vertices: &[Vec3], triangles: &[[u32; 3]]) -> Self {
        // SAFETY: Embree is called as its documentation asks; every handle is released once.
        unsafe {
            let device = rtcNewDevice(std::ptr::null());
            assert!(!device.is_null(), "Embree offers no device");
            let scene = rtcNewScene(device);
            rtcSetSceneBuildQuality(scene, QUALITY_HIGH);
            let geometry = rtcNewGeometry(device, GEOMETRY_TRIANGLE);
            rtcSetGeometryBuildQuality(geometry, QUALITY_HIGH);
            let vertices: Vec<[f32; 3]> = vertices.iter().map(Vec3::to_array).collect();
            fill(geometry, BUFFER_VERTEX, FORMAT_FLOAT3, &vertices);
            fill(geometry, BUFFER_INDEX, FORMAT_UINT3, triangles);
            rtcCommitGeometry(geometry);
            rtcAttachGeometry(scene, geometry);
            rtcReleaseGeometry(geometry);
            rtcCommitScene(scene);
            assert_eq!(rtcGetDeviceError(device), 0, "Embree reports an error");
            Self { device, scene }
        }
    }

    /// Finds the closest triangle on each ray.
    pub fn closest_hits(&self, packets: PacketsMut<'_>) {
        match packets {
            PacketsMut::Single(rays) => {
                let mut context = Context::new(false);
                for ray in rays {
                    // SAFETY: the scene is committed, and the ray is laid out as Embree expects.
                    unsafe { rtcIntersect1(self.scene, &raw mut context, ray) };
                }
            }
            PacketsMut::Eight { packets, coherent } => {
                let mut context = Context::new(coherent);
                for packet in packets {
                    // SAFETY: as above, and the lanes and the packet are aligned to 32 bytes.
                    unsafe { rtcIntersect8(ALL.0.as_ptr(), self.scene, &raw mut context, packet) };
                }
            }
        }
    }
}

impl Drop for EmbreeScene {
    fn drop(&mut self) {
        // SAFETY: both handles are ours and used no more.
        unsafe {
            rtcReleaseScene(self.scene);
            rtcReleaseDevice(self.device);
        }
    }
}

/// Rays in Embree's own layout, which on return from a query holds their hits.
#[derive(Clone)]
pub enum Packets {
    Single(Vec<RayHit<1>>),
    Eight { packets: Vec<RayHit<8>>, coherent: bool },
}

/// A part of [`Packets`].
pub enum PacketsMut<'a> {
    Single(&'a mut [RayHit<1>]),
    Eight { packets: &'a mut [RayHit<8>], coherent: bool },
}

impl Packets {
    pub fn new(mode: Mode, rays: &RayStream<'_>) -> Self {
        match mode {
            Mode::Single => Self::Single(RayHit::pack(rays)),
            Mode::Eight => Self::Eight { packets: RayHit::pack(rays), coherent: false },
            Mode::EightCoherent => Self::Eight { packets: RayHit::pack(rays), coherent: true },
        }
    }

    /// Runs of about equal length, one per thread.
    pub fn split(&mut self, threads: usize) -> Vec<PacketsMut<'_>> {
        match self {
            Self::Single(rays) => {
                let share = rays.len().div_ceil(threads).max(1);
                rays.chunks_mut(share).map(PacketsMut::Single).collect()
            }
            Self::Eight { packets, coherent } => {
                let (share, coherent) = (packets.len().div_ceil(threads).max(1), *coherent);
                let parts = packets.chunks_mut(share);
                parts.map(|packets| PacketsMut::Eight { packets, coherent }).collect()
            }
        }
    }

    /// The hits of the first rays, as many as there are places.
    pub fn write_hits(&self, hits: HitStream<'_>) {
        let places = hits.distance.iter_mut().zip(hits.triangle);
        for (index, (distance, triangle)) in places.enumerate() {
            (*distance, *triangle) = match self {
                Self::Single(rays) => rays[index].hit(0),
                Self::Eight { packets, .. } => packets[index / PACKET].hit(index % PACKET),
            };
        }
    }
}

impl<const N: usize> RayHit<N> {
    /// All rays without a farthest distance; the last is repeated to fill the last packet.
    fn pack(rays: &RayStream<'_>) -> Vec<Self> {
        let packet = |first: usize| {
            let lanes =
                |column: &[f32]| std::array::from_fn(|lane| column[(first + lane).min(rays.len() - 1)]);
            Self::new(rays.origin.map(lanes), rays.direction.map(lanes))
        };
        (0..rays.len()).step_by(N).map(packet).collect()
    }

    fn new(origin: [[f32; N]; 3], direction: [[f32; N]; 3]) -> Self {
        Self {
            origin,
            near: [0.0; N],
            direction,
            time: [0.0; N],
            far: [f32::INFINITY; N],
            mask: [u32::MAX; N],
            id: [0; N],
            flags: [0; N],
            normal: [[0.0; N]; 3],
            barycentric: [[0.0; N]; 2],
            primitive: [INVALID; N],
            geometry: [INVALID; N],
            instance: [[INVALID; N]; 1],
        }
    }

    /// Distance and triangle of a lane.
    fn hit(&self, lane: usize) -> (f32, u32) {
        let hit = self.geometry[lane] != INVALID;
        (self.far[lane], if hit { self.primitive[lane] } else { Hit::MISS })
    }
}

/// Copies triples of numbers into a new buffer of a geometry.
///
/// # Safety
///
/// `geometry` must be a handle of Embree's, and `format` must describe `T`.
unsafe fn fill<T: Copy>(geometry: *mut c_void, kind: c_int, format: c_int, triples: &[[T; 3]]) {
    let stride = std::mem::size_of::<[T; 3]>();
    // SAFETY: Embree allocates as many bytes as are copied.
    unsafe {
        let buffer = rtcSetNewGeometryBuffer(geometry, kind, 0, format, stride, triples.len());
        assert!(!buffer.is_null(), "Embree offers no buffer");
        std::ptr::copy_nonoverlapping(triples.as_ptr(), buffer.cast(), triples.len());
    }
}
