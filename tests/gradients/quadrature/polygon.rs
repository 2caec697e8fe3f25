//! Convex polygons of the plane: clipping, difference, and integrals of smooth functions over them.

/// Shortest side and least width of a polygon that is looked at.
const TINY: f64 = 1e-12;

/// The half-plane of the points p with normal·p ≥ offset; the normal has length 1.
#[derive(Clone, Copy, Debug)]
pub struct HalfPlane {
    normal: [f64; 2],
    offset: f64,
}

impl HalfPlane {
    /// The half-plane on the left of the way from a to b.
    fn left_of(a: [f64; 2], b: [f64; 2]) -> Self {
        let [x, y] = [b[0] - a[0], b[1] - a[1]];
        let length = x.hypot(y);
        let normal = [-y / length, x / length];
        Self { normal, offset: normal[0] * a[0] + normal[1] * a[1] }
    }

    /// The points whose coordinate on the axis is at least (or, if not `above`, at most) `value`.
    pub fn on_axis(axis: usize, value: f64, above: bool) -> Self {
        let sign = if above { 1.0 } else { -1.0 };
        let mut normal = [0.0; 2];
        normal[axis] = sign;
        Self { normal, offset: sign * value }
    }

    fn opposite(self) -> Self {
        Self { normal: self.normal.map(|x| -x), offset: -self.offset }
    }

    fn depth(&self, p: [f64; 2]) -> f64 {
        self.normal[0] * p[0] + self.normal[1] * p[1] - self.offset
    }
}

/// A convex polygon, its corners counter-clockwise; without corners it is empty.
#[derive(Clone, Debug, Default)]
pub struct Polygon {
    corners: Vec<[f64; 2]>,
}

impl Polygon {
    /// The convex polygon with these corners in either order around it.
    pub fn new(mut corners: Vec<[f64; 2]>) -> Self {
        let near = |a: &[f64; 2], b: &[f64; 2]| (a[0] - b[0]).abs().max((a[1] - b[1]).abs()) < TINY;
        corners.dedup_by(|a, b| near(a, b));
        while corners.len() > 1 && near(&corners[0], &corners[corners.len() - 1]) {
            corners.pop();
        }
        let mut polygon = Self { corners };
        let area = polygon.signed_area();
        let size = |(low, high): (f64, f64)| high - low;
        if polygon.corners.len() < 3
            || area.abs() < TINY * (size(polygon.extent(0)) + size(polygon.extent(1)))
        {
            return Self::default();
        }
        if area < 0.0 {
            polygon.corners.reverse();
        }
        polygon
    }

    /// \[0, width\] × \[0, height\].
    pub fn rectangle(width: f64, height: f64) -> Self {
        Self::new(vec![[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]])
    }

    pub fn is_empty(&self) -> bool {
        self.corners.is_empty()
    }

    fn signed_area(&self) -> f64 {
        let Some(origin) = self.corners.first() else { return 0.0 };
        let relative = |p: &[f64; 2]| [p[0] - origin[0], p[1] - origin[1]];
        let doubled = self.corners.windows(2).map(|pair| {
            let (a, b) = (relative(&pair[0]), relative(&pair[1]));
            a[0] * b[1] - a[1] * b[0]
        });
        0.5 * doubled.sum::<f64>()
    }

    /// Area, at least 0.
    pub fn area(&self) -> f64 {
        self.signed_area().abs()
    }

    /// Least and greatest coordinate on an axis.
    pub fn extent(&self, axis: usize) -> (f64, f64) {
        let values = self.corners.iter().map(|p| p[axis]);
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
    }

    fn sides(&self) -> impl Iterator<Item = HalfPlane> + '_ {
        let next = self.corners.iter().cycle().skip(1);
        self.corners.iter().zip(next).map(|(a, b)| HalfPlane::left_of(*a, *b))
    }

    /// The part inside the half-plane.
    pub fn clip(&self, half: HalfPlane) -> Self {
        let depths: Vec<f64> = self.corners.iter().map(|p| half.depth(*p)).collect();
        if depths.iter().all(|d| *d >= 0.0) {
            return self.clone();
        }
        let mut corners = Vec::with_capacity(self.corners.len() + 1);
        for i in 0..self.corners.len() {
            let j = (i + 1) % self.corners.len();
            let (a, b, from, to) = (self.corners[i], self.corners[j], depths[i], depths[j]);
            if from >= 0.0 {
                corners.push(a);
            }
            if (from >= 0.0) != (to >= 0.0) {
                let t = from / (from - to);
                corners.push([a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]);
            }
        }
        Self::new(corners)
    }

    pub fn intersection(&self, other: &Self) -> Self {
        if other.is_empty() {
            return Self::default();
        }
        other.sides().fold(self.clone(), |part, side| part.clip(side))
    }

    /// The convex pieces outside `other`.
    pub fn difference(&self, other: &Self) -> Vec<Self> {
        let mut pieces = Vec::new();
        let mut rest = self.clone();
        for side in other.sides() {
            let outside = rest.clip(side.opposite());
            if !outside.is_empty() {
                pieces.push(outside);
            }
            rest = rest.clip(side);
        }
        pieces
    }
}

/// The rule of Gauss and Legendre on \[0, 1\], and how finely a cell is divided before it is used.
#[derive(Clone, Debug)]
pub struct Quadrature {
    nodes: Vec<(f64, f64)>,
    /// Parts of a cell along each axis.
    pub splits: usize,
}

impl Quadrature {
    /// A rule of so many points in each direction, over splits × splits parts of a cell.
    pub fn new(order: usize, splits: usize) -> Self {
        let nodes = (0..order).map(|i| gauss_legendre(order, i)).collect();
        Self { nodes, splits }
    }

    /// ∫ f over a convex polygon, by the collapsed product rule on a fan of triangles; a polygon that is a
    /// rectangle along the axes by the product rule.
    pub fn integrate(&self, polygon: &Polygon, f: &impl Fn([f64; 2]) -> f64) -> f64 {
        let (x, y) = (polygon.extent(0), polygon.extent(1));
        let (width, height) = (x.1 - x.0, y.1 - y.0);
        if polygon.corners.len() == 4
            && (width * height - polygon.area()).abs() < 10.0 * TINY * width * height
        {
            let at = |s: f64, t: f64| f([x.0 + s * width, y.0 + t * height]);
            return width * height * self.sum(at);
        }
        let corners = &polygon.corners;
        let fan = 1..corners.len().saturating_sub(1);
        fan.map(|i| self.triangle([corners[0], corners[i], corners[i + 1]], f)).sum()
    }

    fn sum(&self, f: impl Fn(f64, f64) -> f64) -> f64 {
        let line = |t: f64| -> f64 { self.nodes.iter().map(|(s, weight)| weight * f(*s, t)).sum() };
        self.nodes.iter().map(|(t, weight)| weight * line(*t)).sum()
    }

    /// The map (s, t) ↦ a + s((b − a) + t(c − b)), of Jacobian 2·area·s.
    fn triangle(&self, [a, b, c]: [[f64; 2]; 3], f: &impl Fn([f64; 2]) -> f64) -> f64 {
        let doubled = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
        let at = |s: f64, t: f64| [0, 1].map(|i| a[i] + s * (b[i] - a[i] + t * (c[i] - b[i])));
        doubled * self.sum(|s, t| s * f(at(s, t)))
    }
}

/// Node and weight i of the rule of `order` points on \[0, 1\], by Newton's method on the Legendre
/// polynomial.
fn gauss_legendre(order: usize, i: usize) -> (f64, f64) {
    let n = order as f64;
    let mut x = (std::f64::consts::PI * (i as f64 + 0.75) / (n + 0.5)).cos();
    let mut slope = 1.0;
    for _ in 0..20 {
        let (mut value, mut before) = (x, 1.0);
        for k in 2..=order {
            let k = k as f64;
            (value, before) = (((2.0 * k - 1.0) * x * value - (k - 1.0) * before) / k, value);
        }
        slope = n * (x * value - before) / (x * x - 1.0);
        x -= value / slope;
    }
    (0.5 * (1.0 + x), 1.0 / ((1.0 - x * x) * slope * slope))
}
