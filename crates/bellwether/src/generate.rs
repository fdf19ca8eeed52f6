//! Many cases, fast: what a bench or a trial needs before it can say anything.
//!
//! Rows are written by the functions with which the desk writes them, from the verbs that the desk asks, so that tables,
//! indexes, entries and associations are the real ones; only the mail is not parsed, and [`BATCH`] cases share a
//! transaction. 2 to 4 messages a case, 1 case in [`LIVE`] live, 25 cases a customer.

use std::sync::Arc;
use std::time::Duration;

use desk::Desk;
use desk::mail::Mailbox;
use domain::{
    Actor, Association, Case, ContactId, CustomerId, CustomerKind, Decision, Direction, Email, Entry, Evidence, Fact,
    Hit, IdentityKind, Member, Message, MessageId, MessageState, Opening, Party, Recipients, Refusal, Timestamp,
    Verdict,
};
use store::blob::Blob;
use store::message::Known;
use store::outbox::Sending;
use store::{Error, Lock, Tx, association, blob, case, contact, customer, entry, identity, message, outbox};

use crate::demo::company::{self, Company, DAYS};
use crate::demo::dice::Dice;
use crate::demo::letter::{Letter, Manner};
use crate::demo::story::{Side, Story, stories};
use crate::demo::{self, FILLED};

/// How many cases share a transaction.
const BATCH: usize = 200;
/// One case in so many is live.
const LIVE: usize = 50;
/// How many cases a customer has.
const CASES: usize = 25;
/// The days over which they are spread.
const SPAN: Duration = Duration::from_hours(24 * 365);

/// Fills an empty desk with `count` cases of the year up to `now`. `progress` hears how many are there, of how many.
pub async fn cases(
    desk: &Desk,
    count: usize,
    now: Timestamp,
    progress: impl Fn(usize, usize),
) -> Result<(), demo::Error> {
    demo::must_be_empty(desk).await?;
    let start = now.before(SPAN);
    let company = company::found(desk, start.after(Duration::from_hours(24 * (DAYS + 1)))).await?;
    let mut dice = Dice::new(100_000);
    let clients = clients(desk, &mut dice, count.div_ceil(CASES), start).await?;
    let maker = Arc::new(Maker { desk: desk.clone(), stories: stories()?.all, company, clients });
    let mut done = 0;
    while done < count {
        let batch = BATCH.min(count - done);
        let plans: Vec<Plan> =
            (done..done + batch).map(|nth| Plan::of(&maker, &mut dice, nth, count, start, now)).collect();
        let locks: Vec<Lock> = plans.iter().map(|it| Lock::Customer(maker.clients[it.client].customer)).collect();
        let writer = maker.clone();
        let written = desk.db.write(locks, async move |tx| {
            for plan in &plans {
                writer.write(tx, plan).await?;
            }
            Ok::<_, desk::Error>(())
        });
        written.await?;
        done += batch;
        progress(done, count);
    }
    demo::mark(desk, FILLED).await
}

/// A customer and the one person who writes for them.
struct Client {
    customer: CustomerId,
    contact: ContactId,
    name: String,
    address: Email,
}

async fn clients(desk: &Desk, dice: &mut Dice, count: usize, at: Timestamp) -> Result<Vec<Client>, demo::Error> {
    const FIRST: &[&str] =
        &["Ada", "Ben", "Carla", "Dov", "Edith", "Farid", "Greta", "Hugo", "Ivy", "Jack", "Kim", "Lena"];
    const LAST: &[&str] = &["Abel", "Brook", "Castell", "Dunne", "Ebner", "Frost", "Grieg", "Hale", "Ivers", "Jansen"];
    const TRADE: &[&str] = &["Bakery", "Foods", "Butchers", "Dairy", "Markets", "Deli", "Pharmacy", "Logistics"];
    let desk = desk.at(at);
    let mut clients = Vec::new();
    for nth in 0..count.max(1) {
        let last = dice.pick(LAST);
        let name = format!("{} {last}", dice.pick(FIRST));
        let domain = format!("{}{nth}.example", last.to_lowercase());
        let address = Email::parse(&format!("{}@{domain}", name.to_lowercase().replace(' ', ".")));
        let Some(address) = address else { return Err(demo::Error::Text(domain)) };
        clients.push((
            format!("{last} {} {nth}", dice.pick(TRADE)),
            domain,
            Client { customer: desk.id(), contact: desk.id(), name, address },
        ));
    }
    let mut known = Vec::new();
    let mut rest = clients.into_iter().peekable();
    while rest.peek().is_some() {
        let batch: Arc<Vec<_>> = Arc::new(rest.by_ref().take(BATCH).collect());
        let locks: Vec<Lock> = batch.iter().map(|it| Lock::Customer(it.2.customer)).collect();
        let (rows, desk) = (batch.clone(), desk.clone());
        let written = desk.db.clone().write(locks, async move |tx| {
            for (name, domain, it) in rows.iter() {
                client(tx, &desk, name, domain, it, at).await?;
            }
            Ok::<_, Error>(())
        });
        written.await.map_err(desk::Error::from)?;
        known.extend(Arc::into_inner(batch).into_iter().flatten().map(|it| it.2));
    }
    Ok(known)
}

async fn client(tx: &mut Tx, desk: &Desk, name: &str, domain: &str, it: &Client, at: Timestamp) -> Result<(), Error> {
    let (id, kind) = (it.customer, CustomerKind::Organization);
    let row =
        customer::Customer { id, kind, name: name.to_owned(), provisional: false, merged_into: None, created_at: at };
    customer::insert(tx, &row).await?;
    customer::add_domain(tx, id, domain).await?;
    contact::insert(tx, id, it.contact, &it.name, at).await?;
    let known = identity::Known { customer: id, contact: it.contact };
    identity::insert(tx, IdentityKind::Email, it.address.as_str(), known).await?;
    let facts = [
        Fact::CustomerAdded { kind },
        Fact::DomainAdded { domain: domain.to_owned() },
        Fact::ContactAdded { contact: it.contact },
    ];
    for fact in facts {
        let entry = Entry { number: None, at, by: Actor::Operator, fact };
        entry::append(tx, desk.id(), id, None, &entry).await?;
    }
    Ok(())
}

/// One case to be.
struct Plan {
    client: usize,
    story: usize,
    by: usize,
    messages: usize,
    live: bool,
    /// When each message comes or goes.
    times: Vec<Timestamp>,
    nth: usize,
}

impl Plan {
    fn of(maker: &Maker, dice: &mut Dice, nth: usize, count: usize, start: Timestamp, now: Timestamp) -> Plan {
        // Whole seconds are enough, and keep the numbers small.
        let passed = SPAN.as_secs() * (nth as u64) / (count.max(1) as u64);
        let mut at = start.after(Duration::from_secs(passed));
        let messages = dice.between(2, 5);
        let times = (0..messages)
            .map(|_| {
                let this = at.min(now);
                at = at.after(dice.minutes(10, 900));
                this
            })
            .collect();
        Plan {
            client: dice.between(0, maker.clients.len()),
            story: dice.between(0, maker.stories.len()),
            by: dice.between(0, 6),
            messages,
            live: nth.is_multiple_of(LIVE),
            times,
            nth,
        }
    }
}

struct Maker {
    desk: Desk,
    stories: Vec<Story>,
    company: Company,
    clients: Vec<Client>,
}

/// What a case knows of its thread.
#[derive(Default)]
struct Talk {
    references: Vec<String>,
    words: Option<(String, String)>,
    last: Option<Timestamp>,
}

impl Maker {
    async fn write(&self, tx: &mut Tx, plan: &Plan) -> Result<(), desk::Error> {
        let (client, story) = (&self.clients[plan.client], &self.stories[plan.story]);
        let by = &self.company.staff[plan.by];
        let mailbox = if story.billing { &self.company.billing } else { &self.company.support };
        let mut talk = Talk::default();
        let turns: Vec<_> = story.turns.iter().filter(|it| it.side != Side::Note).take(plan.messages).collect();
        let mut open: Option<Case> = None;
        for (nth, (turn, at)) in turns.iter().zip(&plan.times).enumerate() {
            let text = turn.wordings.first().map(String::as_str).unwrap_or_default();
            let desk = self.desk.at(*at);
            talk.last = Some(*at);
            open = Some(match (turn.side, open) {
                (Side::Ours, Some(case)) => answer(tx, &desk, case, client, by, mailbox, &mut talk, text).await?,
                (_, case) => {
                    let subject = story.subjects.first().map(String::as_str).unwrap_or_default();
                    let id = format!("<{}.{nth}@{}>", plan.nth, client.address.domain());
                    arrive(tx, &desk, case, client, mailbox, &mut talk, (subject, &id, text)).await?
                }
            });
        }
        match (open, talk.last) {
            (Some(case), Some(last)) if !plan.live => end(tx, &self.desk, case, by, last).await,
            (Some(case), Some(last)) if plan.nth.is_multiple_of(3) => take(tx, &self.desk, case, by, last).await,
            _ => Ok(()),
        }
    }
}

async fn append(tx: &mut Tx, desk: &Desk, case: &Case, entry: &Entry) -> Result<(), desk::Error> {
    Ok(entry::append(tx, desk.id(), case.customer, Some(case.id), entry).await?)
}

/// A mail of theirs, and its case if it is the first.
async fn arrive(
    tx: &mut Tx,
    desk: &Desk,
    case: Option<Case>,
    client: &Client,
    mailbox: &Mailbox,
    talk: &mut Talk,
    (subject, external, text): (&str, &str, &str),
) -> Result<Case, desk::Error> {
    let (id, at): (MessageId, _) = (desk.id(), desk.now());
    let who = Actor::Contact(client.contact);
    let text = format!("Hello,\n\n{text}\n\nKind regards\n{}", client.name);
    let letter = Letter {
        from: (&client.name, &client.address),
        to: &mailbox.address,
        cc: &[],
        subject,
        id: external,
        references: &talk.references,
        at,
        text: &text,
        quoted: talk.words.as_ref(),
        manner: Manner::Plain,
        files: &[],
        verdict: Some(true),
    };
    let raw = Blob::new(letter.raw());
    let mut evidence = Evidence { token: None, reference: None, subject: None, verdict: Verdict::Aligned };
    let case = match case {
        None => {
            let opening = Opening {
                customer: client.customer,
                id: desk.id(),
                number: case::next_number(tx).await?,
                contact: client.contact,
                channel: mailbox.id,
                follows: None,
                subject,
                message: id,
                text: &text,
                automatic: None,
            };
            let (mut case, entry) = Case::open(&opening, who, at);
            case.meet([&client.address]);
            case::insert(tx, &case).await?;
            append(tx, desk, &case, &entry).await?;
            case
        }
        Some(mut case) => {
            evidence.token = Some(Hit { number: case.number, status: case.status, known: true });
            let entry = case.receive(id, &text, None, who, at)?;
            append(tx, desk, &case, &entry).await?;
            case::save(tx, &case).await?;
            case
        }
    };
    let known = Known { customer: case.customer, case: case.id, message: id };
    let external_id = blob::hash(external.as_bytes());
    message::refer(tx, &external_id, known).await?;
    message::refer(tx, external, known).await?;
    let association = Association::of_mail(&evidence);
    debug_assert!(association.decision != Decision::FollowUp);
    let message = Message {
        direction: Direction::Inbound,
        state: MessageState::Received,
        contact: Some(client.contact),
        staff: None,
        sent_at: Some(at),
        external_id,
        message_id: Some(external.to_owned()),
        sender: Party { name: client.name.clone(), address: Some(client.address.clone()) },
        recipients: to(&mailbox.address),
        raw_hash: Some(raw.hash.clone()),
        ..blank(&case, id, at, talk, text)
    };
    message::insert(tx, &message, None).await?;
    let channel = Actor::Channel(mailbox.id);
    association::insert(tx, desk.id(), case.customer, case.id, id, channel, at, &association).await?;
    blob::insert(tx, case.customer, case.id, &raw).await?;
    talk.references.push(external.to_owned());
    Ok(case)
}

/// An answer of ours that has long been sent.
#[expect(clippy::too_many_arguments, reason = "what an answer consists of")]
async fn answer(
    tx: &mut Tx,
    desk: &Desk,
    mut case: Case,
    client: &Client,
    by: &Member,
    mailbox: &Mailbox,
    talk: &mut Talk,
    text: &str,
) -> Result<Case, desk::Error> {
    let (id, at): (MessageId, _) = (desk.id(), desk.now());
    let who = Actor::Staff(by.id);
    let text = format!("Hi {},\n\n{text}\n\nBest regards\n{}", client.name, by.name);
    if let Some(entry) = case.assign(Some(by.id), who, at)? {
        append(tx, desk, &case, &entry).await?;
    }
    let entry = case.reply(id, &text, false, who, at)?;
    append(tx, desk, &case, &entry).await?;
    case.meet([&client.address]);
    case::save(tx, &case).await?;
    let external = format!("<{}.generated@{}>", id.0.simple(), mailbox.address.domain());
    let known = Known { customer: case.customer, case: case.id, message: id };
    message::refer(tx, &external, known).await?;
    message::refer(tx, &format!("message {id}"), known).await?;
    let message = Message {
        direction: Direction::Outbound,
        state: MessageState::Sent,
        contact: None,
        staff: Some(by.id),
        sent_at: None,
        external_id: external.clone(),
        message_id: Some(external.clone()),
        sender: Party { name: by.name.clone(), address: Some(mailbox.address.clone()) },
        recipients: to(&client.address),
        raw_hash: None,
        ..blank(&case, id, at, talk, text.clone())
    };
    message::insert(tx, &message, None).await?;
    let sending = Sending {
        customer: case.customer,
        id: desk.id(),
        case: case.id,
        message: id,
        channel: mailbox.id,
        state: MessageState::Sending,
        tries: 1,
        at,
        unclear: false,
    };
    outbox::insert(tx, &sending).await?;
    outbox::sent(tx, &sending, at).await?;
    talk.references.push(external);
    talk.words = Some((format!("{} wrote:", by.name), text));
    Ok(case)
}

fn to(address: &Email) -> Recipients {
    Recipients { to: vec![Party::from(address.clone())], cc: Vec::new() }
}

/// What all messages of a case share.
fn blank(case: &Case, id: MessageId, at: Timestamp, talk: &Talk, text: String) -> Message {
    Message {
        customer: case.customer,
        case: case.id,
        id,
        direction: Direction::Inbound,
        state: MessageState::Received,
        channel: case.channel,
        contact: None,
        staff: None,
        at,
        sent_at: None,
        external_id: String::new(),
        message_id: None,
        in_reply_to: talk.references.last().cloned(),
        references: talk.references.clone(),
        subject: case.subject.clone(),
        sender: Party { name: String::new(), address: None },
        recipients: Recipients::default(),
        files: Vec::new(),
        folded: Vec::new(),
        verdict: Verdict::Aligned,
        automatic: None,
        altered: false,
        raw_hash: None,
        has_html: false,
        error: None,
        text,
    }
}

/// Somebody takes a live case.
async fn take(tx: &mut Tx, desk: &Desk, mut case: Case, by: &Member, last: Timestamp) -> Result<(), desk::Error> {
    let at = last.after(Duration::from_mins(5));
    if let Some(entry) = case.assign(Some(by.id), Actor::Staff(by.id), at)? {
        append(tx, &desk.at(at), &case, &entry).await?;
        case::save(tx, &case).await?;
    }
    Ok(())
}

/// The case is resolved and, if there has been a week since, closed.
async fn end(tx: &mut Tx, desk: &Desk, mut case: Case, by: &Member, last: Timestamp) -> Result<(), desk::Error> {
    const REST: Duration = Duration::from_hours(24 * 7);
    let at = last.after(Duration::from_mins(30));
    let entry = case.resolve(Actor::Staff(by.id), at)?;
    append(tx, &desk.at(at), &case, &entry).await?;
    if at.after(REST) < desk.now() {
        match case.close(REST, Actor::Job, at.after(REST)) {
            Ok(entry) => append(tx, &desk.at(at.after(REST)), &case, &entry).await?,
            Err(Refusal::NotDue) => {}
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Ok(case::save(tx, &case).await?)
}
