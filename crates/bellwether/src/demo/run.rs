//! Does what is planned: in order of time, many at once, and never two things in one case.
//!
//! A case is opened only when the one before it is: so numbers rise with time, the same way each time, on both engines.
//! Everything else shares the commits between.

use std::sync::Arc;
use std::time::Duration;

use desk::case::Reply;
use desk::mail::Receipt;
use desk::{Desk, Upload};
use domain::{Member, MessageId, Party, PromiseState, Recipients, Timestamp};
use store::Scope;
use tokio::task::{JoinError, JoinSet};

use super::Error;
use super::company::{Company, SIGN_INS};
use super::letter::{Letter, moment};
use super::papers::Paper;
use super::plan::{Act, Mail, Step, Thread, start};

/// How many things happen at once.
const AT_ONCE: usize = 64;
const DAY: Duration = Duration::from_hours(24);

/// What is known of a case so far.
#[derive(Clone, Debug, Default)]
struct Known {
    number: i64,
    /// The Message-IDs of its thread.
    references: Vec<String>,
    /// Who wrote last.
    from: Option<Party>,
    /// Our last words: who wrote them and when, and they themselves.
    words: Option<(String, String)>,
}

/// One case on its way.
struct Course {
    at: usize,
    thread: Arc<Thread>,
    known: Known,
    messages: usize,
}

/// Does everything; answers how many cases and messages came of it.
pub async fn run(
    desk: &Desk,
    company: &Company,
    threads: Vec<Thread>,
    now: Timestamp,
    progress: impl Fn(usize, usize),
) -> Result<(usize, usize), Error> {
    let world = Arc::new(World::of(company));
    let threads: Vec<Arc<Thread>> = threads.into_iter().map(Arc::new).collect();
    let mut order: Vec<(Timestamp, usize, usize)> = threads
        .iter()
        .enumerate()
        .flat_map(|(at, it)| it.steps.iter().enumerate().map(move |(nth, step)| (step.at, at, nth)))
        .collect();
    order.sort_unstable();
    let courses = threads
        .iter()
        .enumerate()
        .map(|(at, thread)| Some(Course { at, thread: thread.clone(), known: Known::default(), messages: 0 }));
    let mut course = Courses { all: courses.collect(), running: JoinSet::new(), opening: None, done: 0 };
    let mut day = start(now).after(DAY);
    for (at, thread, nth) in &order {
        // What was resolved a week ago is closed, day by day, as it would have been.
        while day <= *at {
            while course.next().await? {}
            desk.at(day).reconcile_once(false).await?;
            day = day.after(DAY);
        }
        let follows = threads[*thread].follows.filter(|_| *nth == 0);
        while course.all[*thread].is_none()
            || course.running.len() >= AT_ONCE
            || (*nth == 0 && course.opening.is_some())
            || follows.is_some_and(|it| course.all[it].is_none())
        {
            course.next().await?;
            progress(course.done, order.len());
        }
        let before = follows.and_then(|it| course.all[it].as_ref()).map(|it| it.known.clone());
        let Some(mut it) = course.all[*thread].take() else { continue };
        if let Some(Known { references, words, .. }) = before {
            it.known = Known { references, words, ..it.known };
        }
        if *nth == 0 {
            course.opening = Some(*thread);
        }
        let (desk, world, nth) = (desk.at(*at), world.clone(), *nth);
        course.running.spawn(async move { step(&desk, &world, it, nth).await });
    }
    while course.next().await? {
        progress(course.done, order.len());
    }
    desk.at(now).reconcile_once(false).await?;
    // They have looked since: what came this morning is new.
    let looked = desk.at(now.before(DAY / 4));
    for person in &world.staff {
        looked.see_all(person).await?;
    }
    let messages = course.all.iter().flatten().map(|it| it.messages).sum();
    Ok((threads.len(), messages))
}

/// All cases; one whose step is running is away.
struct Courses {
    all: Vec<Option<Course>>,
    running: JoinSet<Result<Course, Error>>,
    opening: Option<usize>,
    done: usize,
}

impl Courses {
    /// Waits for one step; whether there was one.
    async fn next(&mut self) -> Result<bool, Error> {
        let Some(ended) = self.running.join_next().await else { return Ok(false) };
        let it = ended.map_err(|err: JoinError| Error::Text(err.to_string()))??;
        if self.opening == Some(it.at) {
            self.opening = None;
        }
        self.done += 1;
        let at = it.at;
        self.all[at] = Some(it);
        Ok(true)
    }
}

/// Does one case from its beginning to its end. `at` tells it from every other.
pub async fn thread(desk: &Desk, world: &World, at: usize, thread: Thread) -> Result<(), Error> {
    let mut it = Course { at, thread: Arc::new(thread), known: Known::default(), messages: 0 };
    for nth in 0..it.thread.steps.len() {
        let desk = desk.at(it.thread.steps[nth].at);
        it = step(&desk, world, it, nth).await?;
    }
    Ok(())
}

/// What every step needs.
pub struct World {
    staff: Vec<Member>,
    support: desk::mail::Mailbox,
    billing: desk::mail::Mailbox,
}

impl World {
    /// The people and mailboxes of a company.
    pub fn of(company: &Company) -> World {
        debug_assert_eq!(company.staff.len(), SIGN_INS.len());
        World { staff: company.staff.clone(), support: company.support.clone(), billing: company.billing.clone() }
    }
}

async fn step(desk: &Desk, world: &World, mut it: Course, nth: usize) -> Result<Course, Error> {
    let thread = it.thread.clone();
    let Step { act, .. } = &thread.steps[nth];
    let number = it.known.number;
    match act {
        Act::Mail(mail) => {
            arrive(desk, world, &mut it, mail).await?;
            it.messages += 1;
        }
        Act::Reply { by, text, cc, then, files } => {
            let recipients = Recipients {
                to: it.known.from.iter().cloned().collect(),
                cc: cc.iter().map(|it| Party { name: it.0.clone(), address: Some(it.1.clone()) }).collect(),
            };
            let uploads = files.iter().map(upload).collect();
            let reply = Reply {
                id: None,
                text: text.clone(),
                html: None,
                recipients,
                then: *then,
                seen: None,
                leaves: None,
                files: Vec::new(),
                uploads,
            };
            let by = &world.staff[*by];
            let id = desk.reply(by, number, reply).await?;
            it.known.references.push(sent(desk, by, number, id).await?);
            it.known.words = Some((quoting(desk.now(), &by.name), text.clone()));
            it.messages += 1;
        }
        Act::Note { by, text } => desk.note(&world.staff[*by], number, text.as_str().into()).await?,
        Act::Assign { by, to } => desk.assign(&world.staff[*by], number, Some(world.staff[*to].id)).await?,
        Act::Team { by, to } => desk.give_to(&world.staff[*by], number, Some(*to)).await?,
        Act::Priority { by, to } => desk.prioritize(&world.staff[*by], number, *to).await?,
        Act::Resolve { by } => desk.resolve(&world.staff[*by], number, "").await?,
        Act::Promise { by, text, due } => desk.promise(&world.staff[*by], number, text, *due).await?,
        Act::Keep { by, text } => keep(desk, &world.staff[*by], number, text).await?,
    }
    Ok(it)
}

/// What was promised in these words is done.
async fn keep(desk: &Desk, by: &Member, number: i64, text: &str) -> Result<(), Error> {
    let scope = Scope::of(by);
    let all = desk.db.read(async move |rx| {
        let spine = store::case::spine::spine(rx, &scope, number, None).await?;
        store::promise::of_case(rx, spine.case.customer, &[spine.case.id]).await
    });
    let all = all.await.map_err(desk::Error::from)?;
    let it = all.iter().find(|it| it.text == text).ok_or_else(|| Error::Text(format!("nobody promised: {text}")))?;
    Ok(desk.settle(by, number, it.id, PromiseState::Kept).await?)
}

/// A mail comes in, as raw bytes.
async fn arrive(desk: &Desk, world: &World, it: &mut Course, mail: &Mail) -> Result<(), Error> {
    let mailbox = if it.thread.billing { &world.billing } else { &world.support };
    let first = it.known.number == 0;
    let subject = match it.thread.subject.strip_prefix("Re: ") {
        _ if first => it.thread.subject.clone(),
        Some(_) => it.thread.subject.clone(),
        None => format!("Re: {}", it.thread.subject),
    };
    let id = format!("<{:x}.{}.{}@{}>", desk.now().0, it.at, it.messages, mail.from.1.domain());
    let letter = Letter {
        from: (&mail.from.0, &mail.from.1),
        to: &mailbox.address,
        cc: &mail.cc,
        subject: &subject,
        id: &id,
        references: &it.known.references,
        at: desk.now(),
        text: &mail.text,
        quoted: it.known.words.as_ref().filter(|_| mail.quotes),
        manner: mail.manner,
        files: &mail.files,
        verdict: mail.verdict,
    };
    match desk.receive(mailbox, letter.raw(), desk.now()).await? {
        Receipt::Filed(filed) if first || filed.number == it.known.number => it.known.number = filed.number,
        Receipt::Filed(filed) => {
            return Err(Error::Text(format!(
                "{subject}: a mail went to #{} and not to #{}",
                filed.number, it.known.number
            )));
        }
        Receipt::Known(_) => return Err(Error::Text(format!("{subject}: the same mail twice"))),
        Receipt::Deleted => return Err(Error::Text(format!("{subject}: deleted before"))),
        Receipt::Quarantined { why, .. } => return Err(Error::Text(format!("{subject}: {why}"))),
    }
    it.known.references.push(id);
    it.known.from = Some(Party { name: mail.from.0.clone(), address: Some(mail.from.1.clone()) });
    Ok(())
}

fn upload(paper: &Paper) -> Upload {
    Upload { name: paper.name.clone(), media_type: paper.media_type.to_owned(), bytes: paper.bytes.clone() }
}

/// The Message-ID that our reply has, which answers to it carry.
async fn sent(desk: &Desk, by: &Member, number: i64, id: MessageId) -> Result<String, Error> {
    let scope = Scope::of(by);
    let message = desk.db.read(async move |rx| store::message::within(rx, &scope, number, id).await).await;
    let message = message.map_err(desk::Error::from)?;
    message.message_id.ok_or_else(|| Error::Text("a reply without a Message-ID".to_owned()))
}

/// The line above a quotation.
fn quoting(at: Timestamp, name: &str) -> String {
    format!("On {}, {name} wrote:", moment(at).strftime("%a, %-d %b %Y at %H:%M"))
}
