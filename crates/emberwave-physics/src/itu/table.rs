//! The coefficients of ITU-R P.2040-4, compared with Sionna RT 2.2.0 row by row in the tests.

use super::{ItuClass, ItuRow};

/// A row of both editions: range in GHz, (a, b, c, d).
const fn both(class: ItuClass, range_ghz: [f64; 2], [a, b, c, d]: [f64; 4]) -> (ItuClass, ItuRow) {
    (class, ItuRow { range_ghz, a, b, c, d, in_edition_3: true })
}

/// A row that P.2040-4 added.
const fn new(class: ItuClass, range_ghz: [f64; 2], [a, b, c, d]: [f64; 4]) -> (ItuClass, ItuRow) {
    (class, ItuRow { range_ghz, a, b, c, d, in_edition_3: false })
}

/// All rows. Where ranges overlap the first match counts.
pub(super) const ROWS: [(ItuClass, ItuRow); 38] = [
    both(ItuClass::Vacuum, [0.001, 100.0], [1.0, 0.0, 0.0, 0.0]),
    both(ItuClass::Concrete, [1.0, 100.0], [5.24, 0.0, 0.0462, 0.7822]),
    new(ItuClass::Concrete, [110.0, 330.0], [5.17, 0.0, 0.0145, 1.09]),
    both(ItuClass::Brick, [1.0, 40.0], [3.91, 0.0, 0.0238, 0.16]),
    new(ItuClass::Brick, [110.0, 330.0], [4.15, 0.0, 0.0006, 1.5712]),
    both(ItuClass::Plasterboard, [1.0, 100.0], [2.73, 0.0, 0.0085, 0.9395]),
    new(ItuClass::Plasterboard, [110.0, 330.0], [2.56, 0.0, 0.0001, 1.7799]),
    new(ItuClass::Plasterboard, [100.0, 400.0], [2.65, 0.0, 0.0002, 1.598]),
    both(ItuClass::Wood, [0.001, 100.0], [1.99, 0.0, 0.0047, 1.0718]),
    new(ItuClass::Wood, [110.0, 330.0], [1.82, 0.0, 0.0040, 1.0761]),
    new(ItuClass::Wood, [100.0, 400.0], [2.1183, 0.0, 0.0055, 1.1113]),
    both(ItuClass::Glass, [0.1, 100.0], [6.31, 0.0, 0.0036, 1.3394]),
    both(ItuClass::Glass, [220.0, 450.0], [5.79, 0.0, 0.0004, 1.658]),
    new(ItuClass::Glass, [100.0, 400.0], [6.5767, 0.0, 0.0012, 1.4697]),
    new(ItuClass::ClearAcrylic, [110.0, 330.0], [2.58, 0.0, 0.0001, 1.6524]),
    both(ItuClass::CeilingBoard, [1.0, 100.0], [1.48, 0.0, 0.0011, 1.0750]),
    both(ItuClass::CeilingBoard, [220.0, 450.0], [1.52, 0.0, 0.0029, 1.029]),
    new(ItuClass::CeilingBoard, [100.0, 400.0], [1.2567, 0.0, 0.00013, 1.454]),
    both(ItuClass::Chipboard, [1.0, 100.0], [2.58, 0.0, 0.0217, 0.78]),
    new(ItuClass::Chipboard, [100.0, 200.0], [2.16, 0.0, 0.0023, 1.359]),
    both(ItuClass::Plywood, [1.0, 40.0], [2.71, 0.0, 0.33, 0.0]),
    new(ItuClass::Plywood, [110.0, 330.0], [1.94, 0.0, 0.0067, 0.9982]),
    new(ItuClass::Plywood, [100.0, 400.0], [2.17, 0.0, 0.0063, 1.045]),
    both(ItuClass::Marble, [1.0, 60.0], [7.074, 0.0, 0.0055, 0.9262]),
    new(ItuClass::Marble, [110.0, 330.0], [7.94, 0.0, 0.0001, 1.7330]),
    new(ItuClass::Marble, [100.0, 400.0], [8.62, 0.0, 0.0027, 1.15]),
    both(ItuClass::Floorboard, [50.0, 100.0], [3.66, 0.0, 0.0044, 1.3515]),
    new(ItuClass::Floorboard, [220.0, 300.0], [5.27, 0.0, 2.22e-17, 7.3413]),
    new(ItuClass::Floorboard, [300.0, 400.0], [5.27, 0.0, 0.0003, 2.0298]),
    new(ItuClass::Floorboard, [400.0, 450.0], [5.27, 0.0, 49.8726, 0.0]),
    new(ItuClass::Floorboard, [100.0, 400.0], [3.1575, 0.0, 0.001675, 1.32775]),
    new(ItuClass::VinylTile, [1.0, 40.0], [3.62, 0.0, 0.0051, 0.8422]),
    new(ItuClass::CarpetTile, [1.0, 40.0], [2.08, 0.0, 0.0009, 0.82]),
    new(ItuClass::AsphaltConcrete, [1.0, 40.0], [4.83, 0.0, 0.0108, 1.3969]),
    both(ItuClass::Metal, [1.0, 100.0], [1.0, 0.0, 1e7, 0.0]),
    both(ItuClass::VeryDryGround, [1.0, 10.0], [3.0, 0.0, 0.00015, 2.52]),
    both(ItuClass::MediumDryGround, [1.0, 10.0], [15.0, -0.1, 0.035, 1.63]),
    both(ItuClass::WetGround, [1.0, 10.0], [30.0, -0.4, 0.15, 1.30]),
];
