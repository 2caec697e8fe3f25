//! Physical constants (SI; CODATA 2018, the values that Sionna RT 2.2 uses).

/// Speed of light in vacuum c in m/s, exact.
pub const SPEED_OF_LIGHT: f64 = 299_792_458.0;

/// Vacuum permittivity ε₀ in F/m.
pub const VACUUM_PERMITTIVITY: f64 = 8.854_187_812_8e-12;

/// Impedance of free space in Ω.
pub const VACUUM_IMPEDANCE: f64 = 376.730_313_668;

/// Boltzmann's constant in J/K, exact; thermal noise power is k_B · temperature · bandwidth.
pub const BOLTZMANN: f64 = 1.380_649e-23;
