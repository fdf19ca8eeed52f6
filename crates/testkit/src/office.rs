//! A desk that the program will serve: on a home of its own, with its keys in their file, Ines and one mailbox.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its desk fails loudly")]

use desk::channel::NewMailbox;
use desk::mail::{Mailbox, Receipt};
use desk::setup::FirstVisit;
use desk::{Ctx, Desk, Keys, Post};
use domain::Member;
use store::Db;

use crate::{Home, Letter};

/// The password of everybody in the office.
pub const PASSWORD: &str = "correct horse battery";
/// The address of its mailbox.
pub const US: &str = "support@desk.example";
/// The address of Ines.
pub const INES: &str = "ines@desk.example";

/// The desk, and who is there. Its mail stays in the outbox.
pub struct Office {
    /// The desk.
    pub desk: Desk,
    /// Its administrator.
    pub ines: Member,
    /// Its one mailbox.
    pub mailbox: Mailbox,
}

impl Office {
    /// Founds it; `keys` are those that the program will find.
    pub async fn found(home: &Home, keys: Keys) -> Office {
        Office::found_with(home, keys, NewMailbox::default()).await
    }

    /// The same with a mailbox that reads or sends; its name and address are the office's.
    pub async fn found_with(home: &Home, keys: Keys, mailbox: NewMailbox) -> Office {
        let desk = open(home, keys).await;
        let visit = FirstVisit {
            organization: "Tareline".to_owned(),
            time_zone: "Europe/London".to_owned(),
            name: "Ines Okafor".to_owned(),
            email: INES.to_owned(),
            password: PASSWORD.to_owned(),
        };
        let id = desk.found(visit, None).await.expect("a desk is founded");
        let ines = desk.staff_member(id).await.expect("its founder works there");
        let new = NewMailbox { name: "Support".to_owned(), address: US.to_owned(), ..mailbox };
        let id = desk.add_mailbox(new).await.expect("a mailbox is added");
        let mailbox = desk.mailbox(id).await.expect("the database answers").expect("the mailbox is there");
        Office { desk, ines, mailbox }
    }

    /// A mail arrives now.
    pub async fn receive(&self, letter: &Letter) -> Receipt {
        self.desk.receive(&self.mailbox, letter.raw(), self.desk.now()).await.expect("the desk takes it")
    }

    /// Everybody leaves, so that the program can come in.
    pub async fn close(self) {
        self.desk.db.close().await;
    }
}

/// The desk in this home, as the program leaves it.
pub async fn open(home: &Home, keys: Keys) -> Desk {
    let ctx = Ctx::system();
    let node = ctx.id();
    let db = Db::open(home.place(), node).await.expect("the database opens");
    Desk::new(db, ctx, keys, Post::Kept, node)
}
