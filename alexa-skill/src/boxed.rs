//! The standard library's traits as types of their own.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;

/// Any error that a handler may return.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// A future that can be kept in a trait object.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
