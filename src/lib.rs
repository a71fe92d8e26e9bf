//! The program behind the guide "Skills That Remember": it checks the book, serves it and writes it out.

pub mod browser;
pub mod epub;
pub mod error;
mod files;
mod libraries;
mod manifest;
pub mod new;
pub mod preprocessor;
pub mod renderer;
pub mod serve;
pub mod simulator;
pub mod site;
pub mod starter;
pub mod update;
pub mod watch;
