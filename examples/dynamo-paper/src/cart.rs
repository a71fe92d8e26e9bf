//! The shopping cart, for which "always writeable" was made (sections 1 and 4.4).

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::siblings::Siblings;

// ANCHOR: cart
/// What a customer wants to buy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Cart {
    items: BTreeSet<Arc<str>>,
}

impl Cart {
    /// Adds an item.
    pub fn add(&mut self, item: &str) {
        self.items.insert(item.into());
    }

    /// Takes an item out.
    pub fn remove(&mut self, item: &str) {
        self.items.remove(item);
    }
}
// ANCHOR_END: cart

// ANCHOR: reconcile
impl Cart {
    /// The cart that a customer sees who reads these versions: everything that any of them holds.
    ///
    /// An item is never lost this way. One that was taken out of a version comes back when
    /// another version still has it.
    pub fn reconciled(versions: &Siblings<Cart>) -> Cart {
        let carts = versions.values();
        Cart {
            items: carts.flat_map(|cart| cart.items.iter().cloned()).collect(),
        }
    }
}
// ANCHOR_END: reconcile

impl Cart {
    /// A cart with these items.
    pub fn of<'a>(items: impl IntoIterator<Item = &'a str>) -> Cart {
        Cart {
            items: items.into_iter().map(Arc::from).collect(),
        }
    }

    /// Whether the item is in the cart.
    pub fn contains(&self, item: &str) -> bool {
        self.items.contains(item)
    }

    /// The items in alphabetical order.
    pub fn items(&self) -> impl Iterator<Item = &str> {
        self.items.iter().map(|item| &**item)
    }
}

impl Serialize for Cart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.items())
    }
}

impl fmt::Display for Cart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{{{}}}",
            self.items().collect::<Vec<_>>().join(", ")
        )
    }
}
