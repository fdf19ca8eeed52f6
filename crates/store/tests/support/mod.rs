//! A few rows to begin with. The databases are testkit's.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use domain::{
    Actor, Association, Case, CaseId, ContactId, CustomerId, CustomerKind, Decision, Direction, Email, Entry, Fact,
    File, IdentityKind, Member, Message, MessageId, MessageState, Party, Priority, Reason, Recipients, Role, StaffId,
    Status, TeamId, Timestamp, Verdict,
};
use store::customer::Customer;
use store::identity::{self, Known};
use store::{Db, Error, Lock, Scope, Tx};
use store::{association, case, contact, customer, entry, message, staff, team};
use uuid::Uuid;

/// When most things happen.
pub const NOW: Timestamp = Timestamp(1_800_000_000_000_000);

/// A new id; later ones are greater, as with UUIDv7. Processes that share a database have ids of their own.
pub fn id<T: From<Uuid>>() -> T {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Uuid::from_u64_pair(0x0190_0000_0000_7000 + u64::from(std::process::id()), NEXT.fetch_add(1, SeqCst)).into()
}

/// `NOW`, and some seconds.
pub fn after(seconds: i64) -> Timestamp {
    Timestamp(NOW.0 + seconds * 1_000_000)
}

pub fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

pub async fn count(db: &Db, sql: &'static str) -> i64 {
    db.read(async move |rx| rx.one::<i64>(sql, &[]).await).await.unwrap()
}

pub fn is_program_error(err: &Error) -> bool {
    matches!(err, Error::UseCase(_))
}

pub fn scope(role: Role, member: StaffId, teams: &[TeamId]) -> Scope {
    Scope::of(&Member { id: member, name: "Ada".to_owned(), role, teams: teams.to_vec() })
}

/// The scope of somebody who sees everything and has nothing.
pub fn everything() -> Scope {
    scope(Role::Agent, id(), &[])
}

pub async fn add_staff(db: &Db, address: &str, role: Role) -> StaffId {
    let it = staff::Staff {
        id: id(),
        name: address.to_owned(),
        email: email(address),
        role,
        password_hash: "$argon2id$".to_owned(),
        created_at: NOW,
        left_at: None,
    };
    db.write([staff::lock()], async move |tx| staff::insert(tx, &it).await.map(|()| it.id)).await.unwrap()
}

pub async fn add_team(db: &Db, name: &str) -> TeamId {
    let it = team::Team { id: id(), name: name.to_owned(), department: true };
    db.write([], async move |tx| team::insert(tx, &it).await.map(|()| it.id)).await.unwrap()
}

/// A customer with one contact, who writes from `address`.
pub async fn add_customer(db: &Db, address: &str) -> Known {
    let known = Known { customer: id(), contact: id(), undeliverable: false };
    let address = address.to_owned();
    let it = Customer {
        id: known.customer,
        kind: CustomerKind::Individual,
        name: address.clone(),
        provisional: true,
        merged_into: None,
        fields: std::collections::BTreeMap::new(),
        created_at: NOW,
    };
    db.write([Lock::Customer(it.id)], async move |tx| {
        customer::insert(tx, &it).await?;
        contact::insert(tx, known.customer, known.contact, &address, NOW).await?;
        identity::insert(tx, IdentityKind::Email, &address, known).await
    })
    .await
    .unwrap();
    known
}

pub fn new_case(customer: CustomerId, contact: ContactId, at: Timestamp) -> Case {
    Case {
        customer,
        id: id(),
        number: 0,
        subject: "The printer is on fire".to_owned(),
        status: Status::New,
        priority: Priority::Normal,
        assignee: None,
        team: None,
        contact,
        channel: id(),
        follows: None,
        opened_at: at,
        last_at: at,
        resolved_at: None,
        resolution: None,
        preview: "Smoke".to_owned(),
        theirs: true,
        undelivered: false,
        entries: 0,
        participants: vec![email("ann@example.org")],
        aside: None,
        owed_since: None,
        due_at: None,
        warned: false,
        wake_at: None,
        promised_at: None,
        tags: Vec::new(),
        fields: std::collections::BTreeMap::new(),
        followed: false,
        merged: None,
    }
}

/// Gives the case a number and writes it, with nothing in it.
pub async fn insert_case(tx: &mut Tx, case: &Case) -> Result<Case, Error> {
    let case = Case { number: case::next_number(tx).await?, ..case.clone() };
    case::insert(tx, &case).await?;
    Ok(case)
}

/// A case that `change` makes what the test needs.
pub async fn add_case(db: &Db, of: Known, at: Timestamp, change: impl FnOnce(&mut Case)) -> Case {
    let mut case = new_case(of.customer, of.contact, at);
    change(&mut case);
    db.write([Lock::Customer(of.customer)], async move |tx| insert_case(tx, &case).await).await.unwrap()
}

pub fn new_message(customer: CustomerId, case: CaseId, external_id: &str, at: Timestamp) -> Message {
    let ann = Party { name: "Ann".to_owned(), address: Some(email("ann@example.org")) };
    let desk = Party { name: String::new(), address: Some(email("desk@example.com")) };
    Message {
        customer,
        case,
        id: id(),
        direction: Direction::Inbound,
        state: MessageState::Received,
        channel: id(),
        contact: Some(id()),
        staff: None,
        at,
        sent_at: Some(at),
        external_id: external_id.to_owned(),
        message_id: Some(format!("<{external_id}@example.org>")),
        in_reply_to: Some("<earlier@example.org>".to_owned()),
        references: vec!["<first@example.org>".to_owned(), "<earlier@example.org>".to_owned()],
        subject: "The printer is on fire".to_owned(),
        sender: ann,
        reply_to: Vec::new(),
        recipients: Recipients { to: vec![desk], cc: Vec::new() },
        files: vec![File {
            name: "fire.png".to_owned(),
            media_type: "image/png".to_owned(),
            size: 3,
            hash: store::blob::hash(b"png"),
            inline: true,
        }],
        folded: Vec::new(),
        verdict: Verdict::Aligned,
        automatic: None,
        altered: false,
        raw_hash: None,
        has_html: false,
        remote: false,
        forwarded_by: None,
        supplier: None,
        sealed: None,
        invitation: None,
        error: None,
        hindrance: None,
        text: "My printer is on fire.".to_owned(),
    }
}

pub fn nothing_found() -> Association {
    Association {
        decision: Decision::New,
        reason: Reason::Nothing,
        confidence: 0.0,
        verified: true,
        suggest: vec![7, 8],
    }
}

pub fn received(case: &mut Case, message: MessageId, at: Timestamp) -> Entry {
    case.entries += 1;
    let fact = Fact::Received { message, status: case.status, reopened: false, automatic: None };
    Entry { number: Some(case.entries), at, by: Actor::Contact(case.contact), fact }
}

/// Files a message in a case: its row, its name, the decision, the entry.
pub async fn file(tx: &mut Tx, case: &mut Case, external_id: &str, at: Timestamp) -> Result<Message, Error> {
    let it = new_message(case.customer, case.id, external_id, at);
    message::insert(tx, &it, Some("<p>My printer</p>")).await?;
    message::refer(tx, external_id, message::Known { customer: it.customer, case: it.case, message: it.id }).await?;
    let by = Actor::Contact(case.contact);
    association::insert(tx, id(), it.customer, it.case, it.id, by, at, &nothing_found()).await?;
    case.last_at = case.last_at.max(at);
    let entry = received(case, it.id, at);
    entry::append(tx, id(), case.customer, Some(case.id), &entry).await?;
    case::save(tx, case).await?;
    Ok(it)
}

pub async fn add_message(db: &Db, case: &Case, external_id: &str, at: Timestamp) -> Message {
    let (case, external_id) = (case.clone(), external_id.to_owned());
    let write = db.write([Lock::Customer(case.customer)], async move |tx| {
        let mut case = case::find(tx, case.customer, case.id).await?.ok_or(Error::NotFound)?;
        file(tx, &mut case, &external_id, at).await
    });
    write.await.unwrap()
}

/// What mail does, in little: one customer for an address, one case for a customer, one message for a name.
pub async fn receive(
    db: &Db,
    address: &str,
    external_id: &str,
    attachment: Option<store::blob::Blob>,
) -> Result<MessageId, Error> {
    let (address, external_id) = (address.to_owned(), external_id.to_owned());
    let locks = [Lock::Name(address.clone())];
    db.write(locks, async move |tx| {
        if let Some(it) = message::known(tx, &external_id).await? {
            return Ok(it.message);
        }
        let thread = format!("thread of {address}");
        let mut case = match message::known(tx, &thread).await? {
            Some(it) => {
                let head = customer::lock_head(tx, it.customer).await?;
                case::find(tx, head, it.case).await?.ok_or(Error::NotFound)?
            }
            None => begin(tx, &address, &thread).await?,
        };
        if let Some(it) = &attachment {
            store::blob::insert(tx, case.customer, case.id, it).await?;
        }
        file(tx, &mut case, &external_id, NOW).await.map(|it| it.id)
    })
    .await
}

async fn begin(tx: &mut Tx, address: &str, thread: &str) -> Result<Case, Error> {
    let known = Known { customer: id(), contact: id(), undeliverable: false };
    tx.lock(Lock::Customer(known.customer)).await?;
    let it = Customer {
        id: known.customer,
        kind: CustomerKind::Individual,
        name: address.to_owned(),
        provisional: true,
        merged_into: None,
        fields: std::collections::BTreeMap::new(),
        created_at: NOW,
    };
    customer::insert(tx, &it).await?;
    contact::insert(tx, known.customer, known.contact, address, NOW).await?;
    identity::insert(tx, IdentityKind::Email, address, known).await?;
    let case = insert_case(tx, &new_case(known.customer, known.contact, NOW)).await?;
    message::refer(tx, thread, message::Known { customer: case.customer, case: case.id, message: id() }).await?;
    Ok(case)
}

/// Many cases at once, each `seconds(n)` after the beginning.
pub async fn add_cases(db: &Db, of: Known, count: usize, change: impl Fn(usize, &mut Case)) -> Vec<Case> {
    let cases: Vec<Case> = (0..count)
        .map(|n| {
            let mut case = new_case(of.customer, of.contact, NOW);
            change(n, &mut case);
            case
        })
        .collect();
    let write = db.write([Lock::Customer(of.customer)], async move |tx| {
        let mut written = Vec::new();
        for case in &cases {
            written.push(insert_case(tx, case).await?);
        }
        Ok::<_, Error>(written)
    });
    write.await.unwrap()
}
