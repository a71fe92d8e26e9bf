//! Every choice that a reader of the book's ring has, played on the cluster and written down.
//!
//! What a node holds of one cart depends on what became of the nodes and of that cart, and not on
//! other carts. So each cart is recorded alone, and the page puts them together. A test plays
//! both carts on one cluster and finds the same.

mod picture;
mod player;
mod record;
mod story;
mod world;

pub use picture::picture;
pub use player::Player;
pub use record::{CARTS, CartRecord, Record, folder, holdings_of, record};
pub use world::{Choice, ITEMS, World};
