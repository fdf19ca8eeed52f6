//! A desk on which everything has happened that a screen can show.

use std::time::Duration;

use bellwether::key_file;
use channels::{Security, Server};
use desk::case::{Note, Reply, Then, addresses};
use desk::channel::NewMailbox;
use desk::contact::Typed;
use desk::mail::Receipt;
use desk::setup::FirstVisit;
use desk::{Ctx, Desk, Keys, Post, Upload};
use domain::hours::{Hours, Span};
use domain::{
    Actor, Aside, ChannelId, ContactId, CustomerId, CustomerKind, DraftKind, Email, Hindrance, IdentityKind, Member,
    Message, MessageId, MessageState, Missed, Obstacle, Priority, Recipients, Role,
};
use store::Db;
use store::acknowledgement::Acknowledgement;
use store::case::spine::spine;
use testkit::{Home, Letter};

use crate::mails;

/// The password of everybody.
pub const PASSWORD: &str = "correct horse battery";
/// The administrator.
pub const INES: &str = "ines@desk.example";
/// Their mailbox.
pub const US: &str = "support@desk.example";

/// The desk, before its program runs.
pub struct Place {
    desk: Desk,
    ines: Member,
    support: ChannelId,
    /// Every case that is worth a look, by a name for its picture.
    pub cases: Vec<(&'static str, i64)>,
    /// Every mailbox.
    pub channels: Vec<(&'static str, ChannelId)>,
    /// A customer with several cases.
    pub customer: Option<CustomerId>,
    /// An organization into which another was merged, a person of it, and a case that took in another.
    pub family: Option<(CustomerId, ContactId, i64)>,
    /// The token of an invitation.
    pub join: String,
    /// The token of a new password.
    pub reset: String,
}

/// The desk of this home, without its program.
async fn open(home: &Home) -> Desk {
    let ctx = Ctx::system();
    let node = ctx.id();
    let db = Db::open(home.place(), node).await.unwrap();
    Desk::new(db, ctx, Keys::new(key_file::open(&home.key_file()).unwrap()), Post::Kept, node)
}

fn mailbox(name: &str, address: &str) -> NewMailbox {
    let authserv_id = "mx.desk.example".to_owned();
    NewMailbox { name: name.to_owned(), address: address.to_owned(), authserv_id, ..NewMailbox::default() }
}

impl Place {
    /// Sets all of it up.
    pub async fn new(home: &Home) -> Place {
        let desk = open(home).await;
        let visit = FirstVisit {
            organization: "Tareline".to_owned(),
            time_zone: "Europe/London".to_owned(),
            name: "Ines Okafor".to_owned(),
            email: INES.to_owned(),
            password: PASSWORD.to_owned(),
        };
        let id = desk.found(visit, None).await.unwrap();
        let ines = desk.staff_member(id).await.unwrap();
        let support = desk.add_mailbox(mailbox("Tareline Support", US)).await.unwrap();
        let (join, reset) = (String::new(), String::new());
        let channels = vec![("support", support)];
        let mut place =
            Place { desk, ines, support, cases: Vec::new(), channels, customer: None, family: None, join, reset };
        place.people().await;
        place.mailboxes().await;
        place.mail().await;
        place.answers().await;
        place.put_aside().await;
        place.told().await;
        place.one_issue().await;
        place.desk.db.close().await;
        place
    }

    async fn people(&mut self) {
        let (desk, ines) = (&self.desk, &self.ines);
        desk.add_team(ines, "Finance", true).await.unwrap();
        desk.add_team(ines, "Field service", false).await.unwrap();
        desk.add_staff("Jonas Feld", "jonas@desk.example", Role::Agent, PASSWORD).await.unwrap();
        let gone = desk.add_staff("Piet Jansen", "piet@desk.example", Role::Lead, PASSWORD).await.unwrap();
        desk.leave(ines, gone).await.unwrap();
        self.join = desk.invite(ines, "Claire Dubois", "claire@desk.example", Role::DepartmentMember).await.unwrap();
        self.reset = desk.reset_token("jonas@desk.example").await.unwrap();
        desk.set_signature(ines, "{name}\n{organization}").await.unwrap();
        let work = Some(Span { from: 9 * 60, to: 17 * 60 + 30 });
        let days = vec![work, work, work, work, work, None, None];
        let closed = vec!["12-25".to_owned(), "2027-01-01".to_owned()];
        desk.set_hours(ines, Hours { days, closed }).await.unwrap();
        for sender in ["mallory@spam.example", "@casino.example"] {
            desk.block(ines, sender).await.unwrap();
        }
    }

    async fn mailboxes(&mut self) {
        let (desk, ines) = (&self.desk, &self.ines);
        desk.make_dkim_key(ines, self.support).await.unwrap();
        desk.sign_mail(ines, self.support, true).await.unwrap();
        let orders = desk.add_mailbox(mailbox("Orders", "orders@desk.example")).await.unwrap();
        let says = Acknowledgement {
            active: true,
            subject: "We have it: number {number}".to_owned(),
            text: "Thank you. {organization} looks at it today.".to_owned(),
            closed_text: "Thank you. We are back in the morning.".to_owned(),
        };
        desk.set_acknowledgement(ines, orders, says).await.unwrap();
        // Nothing listens there.
        let nobody = |port| Some(Server { host: "127.0.0.1".to_owned(), port, security: Security::Plain });
        let broken = NewMailbox {
            reading: nobody(1),
            sending: nobody(2),
            password: "mailbox secret".to_owned(),
            aliases: vec!["bills@desk.example".to_owned()],
            history_days: 30,
            ..mailbox("Billing", "billing@desk.example")
        };
        let broken = desk.add_mailbox(broken).await.unwrap();
        self.channels.extend([("acknowledging", orders), ("broken", broken)]);
    }

    /// Cases and customers that turned out to be one.
    async fn one_issue(&mut self) {
        let ines = self.ines.clone();
        let oakridge = self.desk.add_customer(Actor::Operator, CustomerKind::Organization, "Oakridge Creamery").await;
        let oakridge = oakridge.unwrap();
        self.desk.add_domain(&ines, oakridge, "oakridge.example").await.unwrap();
        let tom =
            |text: &str| Letter::from("Tom Hale <tom@oakridge.example>").to(US).subject("A late order").text(text);
        let first = tom("Where is it?");
        let older = self.file("merged", first.clone().file("order.pdf", b"%PDF").raw()).await;
        let younger = self.file("younger", tom("Still nothing.").raw()).await;
        self.file("merged", tom("And one more thing.").answers(&first.id()).raw()).await;
        let home = self.file("at-home", Letter::from("Tom <tom@home.example>").to(US).text("Me again.").raw()).await;
        self.cases.retain(|it| !["younger", "at-home"].contains(&it.0));
        self.desk.merge(&ines, older, younger).await.unwrap();
        let scope = store::Scope::of(&ines);
        let home = self.desk.db.read(async move |rx| spine(rx, &scope, home, None).await).await.unwrap();
        self.desk.merge_customers(&ines, home.case.customer, oakridge).await.unwrap();
        let phone = Typed { kind: IdentityKind::Phone, address: "+44 117 496 0142".to_owned() };
        self.desk.add_identity(&ines, oakridge, home.case.contact, phone).await.unwrap();
        self.family = Some((oakridge, home.case.contact, older));
    }

    async fn file(&mut self, name: &'static str, raw: Vec<u8>) -> i64 {
        self.file_at(self.support, name, raw).await
    }

    /// A mail that came a while ago; the later the fresher.
    async fn file_at(&mut self, channel: ChannelId, name: &'static str, raw: Vec<u8>) -> i64 {
        let mailbox = self.desk.mailbox(channel).await.unwrap().unwrap();
        let ago = 40_u64.saturating_sub(self.cases.len() as u64) * 47 * 60;
        let at = self.desk.now().before(Duration::from_secs(ago));
        match self.desk.at(at).receive(&mailbox, raw, at).await.unwrap() {
            Receipt::Filed(it) => {
                if !self.cases.iter().any(|(_, number)| *number == it.number) {
                    self.cases.push((name, it.number));
                }
                if name == "html" {
                    self.customer = Some(it.customer);
                }
                it.number
            }
            other => panic!("{name} was not filed: {other:?}"),
        }
    }

    async fn mail(&mut self) {
        self.file("html", mails::dressed().raw()).await;
        let first = Letter::from(mails::RUTH).to(US).subject("Labels come out blank").text(mails::PLAIN);
        let thread = self.file("thread", first.raw()).await;
        let ines = self.ines.clone();
        let uploads = vec![pdf("roll-settings.pdf", 48_000)];
        let note =
            Note { uploads, ..Note::from("She rang as well: the *green* roll.\nhttps://tareline.example/rolls") };
        self.desk.note(&ines, thread, note).await.unwrap();
        self.desk.assign(&ines, thread, Some(ines.id)).await.unwrap();
        self.desk.prioritize(&ines, thread, Priority::High).await.unwrap();
        let again = Letter::from(mails::RUTH).to(US).subject("An invoice twice").text(mails::QUOTING);
        self.file("thread", again.answers(&first.id()).raw()).await;
        let to = Recipients { to: addresses("to", mails::RUTH).unwrap(), cc: Vec::new() };
        let html = "<p>Dear Ruth, turn the roll <b>around</b>:</p><ul><li>open it</li><li>turn it</li></ul>";
        self.desk
            .keep_draft(&ines, thread, DraftKind::Reply, "Dear Ruth, turn it around.", Some(html), to)
            .await
            .unwrap();
        self.desk.attach(&ines, thread, pdf("rolls.pdf", 210_000)).await.unwrap();
        let doubtful = Letter::from("Eve <eve@elsewhere.example>").to(US).subject("Re: Labels come out blank");
        self.file("suggestion", doubtful.text("Me too!").answers(&first.id()).raw()).await;
        self.file("invitation", mails::invitation()).await;
        self.file("encrypted", mails::encrypted()).await;
        self.file("forwarded", mails::passed_on().raw()).await;
        self.file("automatic", mails::automatic().raw()).await;
        let acknowledging = self.channels[1].1;
        let order = Letter::from("Ann Bell <ann@bell.example>").to("orders@desk.example").subject("Ten rolls");
        self.file_at(acknowledging, "acknowledged", order.text("Ten rolls, please.").raw()).await;
        let mailbox = self.desk.mailbox(self.support).await.unwrap().unwrap();
        for raw in ["Subject: from nobody\r\n\r\nText\r\n", "Subject: neither\r\n\r\n<b>Text</b>\r\n"] {
            let receipt = self.desk.receive(&mailbox, raw.into(), self.desk.now()).await.unwrap();
            assert!(matches!(receipt, Receipt::Quarantined { .. }), "{receipt:?}");
        }
    }

    /// Our answer to a new mail. It is of an hour from now: until then it can be taken back, and does not leave.
    async fn answered(&mut self, name: &'static str, uploads: Vec<Upload>) -> (i64, MessageId) {
        let from = format!("{name} <{}@customer.example>", name.replace('-', "."));
        let letter = Letter::from(&from).to(US).subject(&format!("About the scale, {name}"));
        let number = self.file(name, letter.text("It shows 3 grams with nothing on it.").raw()).await;
        let later = self.desk.at(self.desk.now().after(Duration::from_hours(1)));
        let recipients = Recipients { to: addresses("to", &from).unwrap(), cc: Vec::new() };
        let text = "Please put it on a level table, and press Zero.".to_owned();
        let (html, files) = (None, Vec::new());
        let reply =
            Reply { id: None, text, html, recipients, then: Then::Waiting, seen: None, leaves: None, files, uploads };
        (number, later.reply(&self.ines, number, reply).await.unwrap())
    }

    async fn message(&self, number: i64, id: MessageId) -> Message {
        let scope = store::Scope::of(&self.ines);
        self.desk.db.read(async move |rx| spine(rx, &scope, number, None).await).await.unwrap().messages[&id].clone()
    }

    /// What servers said of our answers.
    async fn answers(&mut self) {
        self.answered("held", Vec::new()).await;
        let next_at = Some(self.desk.now().after(Duration::from_mins(20)));
        let said = |kind, said: &str| Hindrance { said: said.to_owned(), ..Hindrance::of(kind) };
        let later = Hindrance { next_at, ..said(Obstacle::Later, "451 4.7.1 Greylisted, please try again") };
        let address = Email::parse("sam@customer.example").unwrap();
        let why = "There is no mailbox sam@customer.example.".to_owned();
        let missed = vec![Missed { address, kind: Obstacle::NoSuchAddress, why, said: "550 5.1.1 unknown".to_owned() }];
        let missed = Hindrance { missed, ..Hindrance::of(Obstacle::NoSuchAddress) };
        let (failed, sending, sent) = (MessageState::Failed, MessageState::Sending, MessageState::Sent);
        let of = [
            ("no-sign-in", failed, Some("The server wants an app password."), said(Obstacle::NoSignIn, "535 5.7.8 no")),
            ("refused", failed, Some("It takes this mail for spam."), said(Obstacle::Refused, "550 5.7.1 spam")),
            ("too-big", failed, Some("The server takes 100 kB."), said(Obstacle::TooBig, "552 5.3.4 too big")),
            ("later", sending, Some("Their server asks us to wait."), later),
            ("missed", sent, None, missed),
        ];
        for (name, state, why, hindrance) in of {
            let uploads = if name == "too-big" { vec![pdf("drawing.pdf", 300_000)] } else { Vec::new() };
            let (number, id) = self.answered(name, uploads).await;
            let message = self.message(number, id).await;
            let write = self.desk.db.write([store::Lock::Customer(message.customer)], async move |tx| {
                store::message::set_state(tx, &message, state, why).await?;
                store::message::set_hindrance(tx, &message, &hindrance).await?;
                Ok::<_, store::Error>(())
            });
            write.await.unwrap();
        }
        let (number, id) = self.answered("bounced", Vec::new()).await;
        let ours = self.message(number, id).await.message_id.unwrap();
        self.file("bounced", mails::bounce(&ours, "bounced@customer.example")).await;
        let (number, id) = self.answered("taken-back", Vec::new()).await;
        self.desk.take_back(&self.ines, number, id).await.unwrap();
        let (number, _) = self.answered("resolved", Vec::new()).await;
        self.desk.resolve(&self.ines, number, "A level table").await.unwrap();
    }

    /// What colleagues do that Ines is told of.
    async fn told(&mut self) {
        let email = Email::parse("jonas@desk.example").unwrap();
        let jonas = self.desk.db.read(async move |rx| store::staff::by_email(rx, &email).await).await.unwrap().unwrap();
        let jonas = self.desk.staff_member(jonas.id).await.unwrap();
        let number = |name| self.cases.iter().find(|it| it.0 == name).unwrap().1;
        let (thread, invitation) = (number("thread"), number("invitation"));
        let early = self.desk.at(self.desk.now().before(Duration::from_hours(30)));
        early.assign(&jonas, invitation, Some(self.ines.id)).await.unwrap();
        self.desk.note(&jonas, thread, "@Ines Okafor, shall I ring her?".into()).await.unwrap();
        self.desk.follow(&self.ines, thread).await.unwrap();
    }

    async fn put_aside(&mut self) {
        for (name, to) in [("spam", Aside::Spam), ("trash", Aside::Trash)] {
            let from = format!("Dan <{name}@northwind.example>");
            let letter = Letter::from(&from).to(US).subject("Cheap watches").text("Buy now.");
            let number = self.file(name, letter.raw()).await;
            self.desk.put_aside(&self.ines, number, to).await.unwrap();
        }
        let blocked = Letter::from("Mallory <mallory@spam.example>").to(US).subject("An offer").text("Buy now.");
        self.file("blocked", blocked.raw()).await;
    }
}

fn pdf(name: &str, size: usize) -> Upload {
    Upload { name: name.to_owned(), media_type: "application/pdf".to_owned(), bytes: vec![b'x'; size] }
}
