//! Flags over the values of a run.

use super::{Run, transmitters};
use crate::args::{MapArguments, MeasurementArguments, SolverArguments};
use crate::failure::Failure;

impl Run {
    /// Takes over whatever flags say.
    pub(super) fn apply(&mut self, arguments: &MapArguments) -> Result<(), Failure> {
        set(&mut self.frequency, arguments.frequency);
        arguments.itu.apply(&mut self.itu);
        self.apply_measurement(&arguments.measurement);
        self.apply_solver(&arguments.solver);
        transmitters::apply(&arguments.transmitters, &mut self.transmitters)
    }

    fn apply_measurement(&mut self, flags: &MeasurementArguments) {
        let plane = &mut self.measurement;
        plane.center = flags.center.or(plane.center);
        plane.height = flags.height.or(plane.height.filter(|_| flags.center.is_none()));
        let orientation = flags.orientation_deg.map(|degrees| degrees.map(f64::to_radians));
        plane.orientation = orientation.or(plane.orientation);
        plane.size = flags.size.or(plane.size);
        plane.cell_size = flags.cell_size.or(plane.cell_size);
    }

    fn apply_solver(&mut self, flags: &SolverArguments) {
        let solver = &mut self.solver;
        if let Some(samples) = flags.samples {
            *solver = std::mem::take(solver).with_samples_per_tx(samples);
        }
        set(&mut solver.max_depth, flags.max_depth);
        solver.los &= !flags.no_los;
        solver.specular_reflection &= !flags.no_specular;
        solver.refraction &= !flags.no_refraction;
        solver.conservative |= flags.conservative;
        solver.error_estimate |= flags.error_estimate;
        solver.delays |= flags.delays;
        solver.directions_of_arrival |= flags.directions_of_arrival;
        solver.directions_of_departure |= flags.directions_of_departure;
        set(&mut solver.seed, flags.seed);
        set(&mut solver.rr_depth, flags.rr_depth);
        set(&mut solver.rr_prob, flags.rr_prob);
        set(&mut solver.reconstruction, flags.reconstruction);
        solver.target_error_db = flags.target_error.or(solver.target_error_db);
        solver.stop_threshold_db = flags.stop_threshold_db.or(solver.stop_threshold_db);
    }
}

fn set<T>(value: &mut T, flag: Option<T>) {
    if let Some(flag) = flag {
        *value = flag;
    }
}
