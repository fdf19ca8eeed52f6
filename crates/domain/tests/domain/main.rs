//! The rules of the words, each by itself: no database, no clock.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod aside;
mod association;
mod bounce;
mod case;
mod filter;
mod hours;
mod identity;
mod merge;
mod sought;
mod subject;
mod tokens;
