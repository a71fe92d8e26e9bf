//! DynamoDB's expressions as trees: parsed from text by the client, put back into text by the
//! local DAX, and their bytes in between.

mod encoding;
mod lexer;
mod parser;
mod projection;
#[cfg(feature = "local")]
mod text;
mod tree;

pub(crate) use parser::Parser;
pub(crate) use projection::Projected;
#[cfg(feature = "local")]
pub(crate) use text::Placeholders;
pub(crate) use tree::{Condition, Projection, Update};
