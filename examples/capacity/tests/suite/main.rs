//! The promises of this package, one test binary.

mod alarms;
mod cost;
mod figures;
mod outputs;
mod regions;
mod scaling;
mod templates;
