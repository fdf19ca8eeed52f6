//! The program: command line, configuration, wiring.

pub mod cli;
pub mod demo;
pub mod generate;
pub mod key_file;
pub mod log;
mod node;
pub mod operate;
pub mod serve;
pub mod settings;
