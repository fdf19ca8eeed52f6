//! Pages, the JSON API and live updates.
//!
//! [`route`] is the table of everything that can be asked; a handler there is extract, call, render. A page is a
//! function that returns markup, a component ([`part`]) is a function that returns markup, and every text of both
//! stands in `texts/en.ftl`. The look is plain CSS in `assets/css`, one file per component; behaviour that the browser
//! does not bring is one small module per custom element in `assets/js`. Without script every form posts and every list
//! paginates.
//!
//! Deliberately absent: a template language, a bundler, a script from anywhere else, and any inline style or script,
//! so that the strict policy of [`policy`] holds on every page.

mod acknowledgement;
mod act;
mod api;
mod app;
mod aside;
pub mod assets;
mod block;
mod brief;
mod case;
mod channel;
mod clock;
mod customer;
pub mod error;
pub mod extract;
mod field;
mod form;
mod health;
mod hours;
mod inbound;
mod inbox;
mod invitation;
mod keys;
mod live;
mod r#macro;
mod merge;
mod message;
mod moving;
mod nav;
mod notification;
mod outbox;
pub mod page;
mod palette;
pub mod part;
pub mod policy;
mod presence;
mod reset;
pub mod route;
mod search;
mod session;
mod settings;
mod setup;
mod sign_in;
mod staff;
mod tag;
pub mod text;
mod view;
mod you;

pub use app::{App, Public, Trusts, router};
pub use error::Trouble;
