//! The database: one door, one SQL text, two engines.
//!
//! Start with [`Db::write`] and [`Db::read`]; the modules hold the statements, one file a concept, each statement
//! beside the function that runs it. Whatever reads a customer's rows for a page takes a [`Scope`].
//!
//! Deliberately absent: an ORM, a query builder (but for [`Where`]), repository traits, nested transactions, and any
//! way to hold a transaction open from outside a use case.

pub mod acknowledgement;
pub mod act;
pub mod arrival;
pub mod association;
pub mod attempt;
pub mod blob;
pub mod block;
pub mod brief;
pub mod bulk;
pub mod case;
pub mod channel;
pub mod contact;
pub mod customer;
mod db;
pub mod dkim;
pub mod draft;
pub mod entry;
mod error;
pub mod field;
pub mod filter;
pub mod follower;
pub mod grave;
pub mod history;
pub mod identity;
pub mod inbound;
pub mod invitation;
pub mod job;
pub mod lease;
pub mod r#macro;
pub mod mailbox;
pub mod mark;
pub mod message;
mod migrate;
mod news;
pub mod notification;
pub mod organization;
pub mod outbox;
mod param;
mod postgres;
pub mod promise;
pub mod schema;
mod scope;
pub mod search;
pub mod sign_in;
pub mod signature;
mod sql;
mod sqlite;
pub mod staff;
pub mod supplier;
pub mod tag;
pub mod team;
mod value;
pub mod view;

pub use db::{Answer, Db, Lock, Read, Tx};
pub use error::{Error, Result};
/// The concept under a name that is no word of the language.
pub use r#macro as macros;
pub use news::{Hint, News};
pub use scope::Scope;
pub use sql::{Sql, Where};
pub use value::{Column, FromRow, Param, Row, Value};
