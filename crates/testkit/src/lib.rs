//! Builders, a fixed clock, both databases, mail servers, a language model, a browser.

pub mod browser;
pub mod dkim;
pub mod home;
pub mod letter;
pub mod mail_server;
pub mod model;
pub mod office;
pub mod plans;
pub mod postgres;
pub mod postgres_server;
pub mod program;
pub mod scripted;
pub mod small_disk;
pub mod stage;

pub use home::Home;
pub use letter::Letter;
pub use model::Model;
pub use office::Office;
pub use postgres_server::PostgresServer;
pub use small_disk::SmallDisk;
pub use stage::Stage;
