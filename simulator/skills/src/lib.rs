//! The starters, compiled from the very files that a Lambda function is built from. Their packages
//! bring Lambda and Tokio along, which no browser has.

#[path = "../../../examples/facts/src/lib.rs"]
pub mod facts;
#[path = "../../../examples/high-low/src/lib.rs"]
pub mod high_low;
#[path = "../../../examples/shared-list/src/lib.rs"]
pub mod shared_list;
#[path = "../../../examples/visit-counter/src/lib.rs"]
pub mod visit_counter;
