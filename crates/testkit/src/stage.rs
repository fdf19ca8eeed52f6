//! A desk with an organization, people of every role and one mailbox, at a fixed moment.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its desk fails loudly")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};
use std::time::Duration;

use desk::channel::NewMailbox;
use desk::mail::{Filed, Mailbox, Receipt};
use desk::setup::FirstVisit;
use desk::{Clock, Ctx, Desk, Keys, Post, Seeded};
use domain::{Actor, CustomerId, CustomerKind, Member, Role, TeamId, Timestamp};
use store::case::spine::{Spine, spine};
use store::{Db, Scope};
use uuid::Uuid;

use crate::{Home, Letter};

/// Tuesday 10 November 2026, 09:00 UTC.
pub const START: Timestamp = Timestamp(1_794_301_200_000_000);
/// The password of everybody on the stage.
pub const PASSWORD: &str = "correct horse battery";

/// A clock that only a test moves.
#[derive(Debug)]
pub struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(SeqCst))
    }
}

/// The desk and who is on it.
pub struct Stage {
    /// The desk.
    pub desk: Desk,
    /// Its one mailbox, `support@desk.example`.
    pub mailbox: Mailbox,
    /// An administrator.
    pub ines: Member,
    /// An agent.
    pub jonas: Member,
    /// A member of the department Finance.
    pub claire: Member,
    /// Their department.
    pub finance: TeamId,
    hand: Arc<Hand>,
}

impl Stage {
    /// A desk whose mail stays in the outbox.
    pub async fn new(home: &Home) -> Stage {
        Stage::with(home, Post::Kept, None).await
    }

    /// A desk that sends by `post`, with the mailbox set up as given.
    pub async fn with(home: &Home, post: Post, mailbox: Option<NewMailbox>) -> Stage {
        let node = Uuid::from_u128(7);
        let db = Db::open(home.place(), node).await.expect("an empty database opens");
        let hand = Arc::new(Hand(AtomicI64::new(START.0)));
        let ctx = Ctx::new(hand.clone(), Seeded::new(7));
        let desk = Desk::new(db, ctx, Keys::new(vec![(1, [7; 32])]), post, node);
        let visit = FirstVisit {
            organization: "Tareline".to_owned(),
            time_zone: "Europe/London".to_owned(),
            name: "Ines Okafor".to_owned(),
            email: "ines@desk.example".to_owned(),
            password: PASSWORD.to_owned(),
        };
        let ines = desk.found(visit, None).await.expect("a desk is founded");
        let ines = desk.staff_member(ines).await.expect("its founder works there");
        let finance = desk.add_team(&ines, "Finance", true).await.expect("a department is added");
        let jonas = person(&desk, "Jonas Feld", Role::Agent).await;
        let claire = person(&desk, "Claire Dubois", Role::DepartmentMember).await;
        desk.change_staff(&ines, claire.id, claire.role, vec![finance]).await.expect("she joins a department");
        let claire = desk.staff_member(claire.id).await.expect("she works there");
        let mailbox = mailbox.unwrap_or_else(|| NewMailbox {
            name: "Tareline Support".to_owned(),
            address: "support@desk.example".to_owned(),
            reading: None,
            sending: None,
            user: String::new(),
            password: String::new(),
            authserv_id: "mx.desk.example".to_owned(),
            ..NewMailbox::default()
        });
        let id = desk.add_mailbox(mailbox).await.expect("a mailbox is added");
        let mailbox = desk.mailbox(id).await.expect("the database answers").expect("the mailbox is there");
        Stage { desk, mailbox, ines, jonas, claire, finance, hand }
    }

    /// Lets time pass.
    pub fn pass(&self, time: Duration) {
        self.hand.0.fetch_add(i64::try_from(time.as_micros()).unwrap_or(0), SeqCst);
    }

    /// A mail arrives now.
    pub async fn receive(&self, letter: &Letter) -> Receipt {
        self.receive_raw(letter.raw()).await
    }

    /// Bytes arrive now.
    pub async fn receive_raw(&self, raw: Vec<u8>) -> Receipt {
        self.desk.receive(&self.mailbox, raw, self.desk.now()).await.expect("the desk takes it")
    }

    /// A mail arrives now, and is filed.
    pub async fn file(&self, letter: &Letter) -> Filed {
        match self.receive(letter).await {
            Receipt::Filed(filed) => *filed,
            other => panic!("it was not filed: {other:?}"),
        }
    }

    /// An organization that owns a domain.
    pub async fn organization(&self, name: &str, domain: &str) -> CustomerId {
        let by = Actor::Operator;
        let id = self.desk.add_customer(by, CustomerKind::Organization, name).await.expect("a customer is added");
        self.desk.own_domain(by, id, domain).await.expect("the domain is free");
        id
    }

    /// A case as a page shows it to `who`.
    pub async fn spine(&self, who: &Member, number: i64) -> Result<Spine, store::Error> {
        let scope = Scope::of(who);
        self.desk.db.read(async move |rx| spine(rx, &scope, number, None).await).await
    }
}

async fn person(desk: &Desk, name: &str, role: Role) -> Member {
    let first = name.split(' ').next().unwrap_or(name).to_lowercase();
    let email = format!("{first}@desk.example");
    let id = desk.add_staff(name, &email, role, PASSWORD).await.expect("somebody joins");
    desk.staff_member(id).await.expect("they work there")
}
