//! Builders, a fixed clock, both databases, mail servers, a browser.

pub mod browser;
pub mod dkim;
pub mod home;
pub mod letter;
pub mod mail_server;
pub mod plans;
pub mod postgres;
pub mod program;
pub mod scripted;
pub mod stage;

pub use home::Home;
pub use letter::Letter;
pub use stage::Stage;
