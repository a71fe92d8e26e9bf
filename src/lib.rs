//! The program behind the guide "Skills That Remember": it checks the book, serves it and writes it out.

pub mod blocks;
pub mod book;
pub mod browser;
pub mod epub;
pub mod error;
pub mod fences;
pub mod includes;
pub mod new;
pub mod pages;
pub mod serve;
pub mod simulator;
pub mod site;
pub mod strays;
pub mod transcript;
pub mod versions;
pub mod watch;
