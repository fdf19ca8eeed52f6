//! The one door for writes: every use case of the desk, whoever asks for it.
//!
//! A use case does outside the write what needs no database (parse, hash, verify, sanitise), and then, in one
//! [`store::Db::write`]: load, ask the domain's verb, save, append the entry, enqueue. It comes from an
//! [`domain::Actor`] and checks what that one may.
//!
//! - [`mail`]: a raw mail arrives and is filed. [`inbound`] keeps what could not be.
//! - [`notification`]: who is told of what, in the desk and by mail.
//! - [`brief`], [`promise`]: what someone new to a case must know, and what we promised.
//! - [`case`], [`draft`], [`customer`], [`contact`]: what staff do. [`aside`]: spam and trash, and who is blocked.
//! - `split`, `merge`, `moving`: a case becomes two, two become one, one goes to another customer; each is undone.
//! - [`sign_in`], [`reset`], [`staff`], [`channel`], [`setup`]: who may come in, and by which ways.
//! - [`outbox`]: what leaves, with its [`signature`] and signed by its mailbox's key ([`dkim`]). [`job`] runs what is due, [`reconcile`] keeps true what must stay true,
//!   [`search`] the index of the search.
//!
//! Deliberately absent: reads for pages. `web` asks `store` for those, with a scope.

pub mod acknowledgement;
pub mod act;
pub mod aside;
pub mod begin;
mod block;
mod bounce;
pub mod brief;
pub mod case;
pub mod channel;
pub mod clock;
pub mod contact;
mod ctx;
pub mod customer;
pub mod dkim;
pub mod draft;
mod error;
pub mod field;
pub mod hours;
pub mod identity;
pub mod inbound;
pub mod job;
pub mod keys;
pub mod r#macro;
pub mod mail;
mod merge;
mod moving;
pub mod notification;
pub mod outbox;
mod placeholder;
pub mod promise;
pub mod reconcile;
mod reply;
pub mod reset;
pub mod search;
pub mod setup;
pub mod sign_in;
pub mod signature;
pub mod split;
pub mod staff;
pub mod supplier;
pub mod tag;
mod take_back;
mod upload;
pub mod view;

use std::sync::Arc;

use channels::Tls;
use domain::Timestamp;
use store::Db;
use uuid::Uuid;

pub use ctx::{Clock, Ctx, Fixed, Random, Seeded, System};
pub use error::{Error, Result};
pub use keys::Keys;
/// The concept under a name that is no word of the language.
pub use r#macro as macros;
pub use upload::{Upload, picture};

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    /// The database, for reads.
    pub db: Db,
    ctx: Ctx,
    keys: Arc<Keys>,
    post: Arc<Post>,
    /// Names this process among those that share the database.
    node: Uuid,
    /// Where people reach it, for links in mails to them; empty if nobody has said so.
    address: Arc<str>,
}

/// How mail leaves.
pub enum Post {
    /// By the servers of each mailbox.
    Servers(Tls),
    /// Not at all: it stays in the outbox. For the demo.
    Kept,
}

impl Desk {
    /// A desk over an open database.
    pub fn new(db: Db, ctx: Ctx, keys: Keys, post: Post, node: Uuid) -> Desk {
        Desk { db, ctx, keys: Arc::new(keys), post: Arc::new(post), node, address: "".into() }
    }

    /// The same desk, reached at this address.
    #[must_use]
    pub fn reached_at(self, address: &str) -> Desk {
        Desk { address: address.trim_end_matches('/').into(), ..self }
    }

    /// The same desk at a given moment: for history that is brought in.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Desk {
        Desk { ctx: self.ctx.at(now), ..self.clone() }
    }

    /// The moment, as the desk sees it.
    pub fn now(&self) -> Timestamp {
        self.ctx.now()
    }

    /// Whether mail stays in the outbox.
    pub fn keeps_mail(&self) -> bool {
        matches!(*self.post, Post::Kept)
    }

    /// A new id.
    pub fn id<T: From<Uuid>>(&self) -> T {
        self.ctx.id()
    }
}
