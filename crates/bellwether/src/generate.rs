//! Many cases, fast: what a bench or a trial needs before it can say anything.
//!
//! They are told like those of the demo and go the same way: mails in raw bytes, replies, resolutions, each by its use
//! case, many at once. 2 to 4 messages a case, 1 case in [`LIVE`] live, about [`CASES`] cases a
//! customer.

use std::sync::Arc;
use std::time::Duration;

use desk::Desk;
use domain::{Actor, CustomerKind, Email, Timestamp};
use tokio::task::{JoinError, JoinSet};

use crate::demo::company::{self, Company, Customer, DAYS, Language, Person};
use crate::demo::dice::Dice;
use crate::demo::letter::Manner;
use crate::demo::plan::{Act, Mail, Step, Then, Thread};
use crate::demo::run::{self, World};
use crate::demo::story::{Side, Story, stories, told};
use crate::demo::voice::{answer, dressed, facts};
use crate::demo::{self, Error};

/// How many things happen at once: so many may share a commit.
const AT_ONCE: usize = 64;
/// After so many cases what rests is closed.
const BATCH: usize = 200;
/// One case in so many is live.
const LIVE: usize = 50;
/// How many cases a customer has.
const CASES: usize = 25;
/// The days over which they are spread.
const SPAN: Duration = Duration::from_hours(24 * 365);

/// Fills an empty desk with `count` cases of the year up to `now`. `progress` hears how many are there, of how many.
pub async fn cases(desk: &Desk, count: usize, now: Timestamp, progress: impl Fn(usize, usize)) -> Result<(), Error> {
    demo::begin(desk).await?;
    let start = now.before(SPAN);
    let company = company::found(desk, start.after(Duration::from_hours(24 * (DAYS + 1)))).await?;
    let customers = customers(&desk.at(start), count.div_ceil(CASES)).await?;
    let world = Arc::new(World::of(&company));
    let teller = Teller { stories: stories()?.all, company, customers, start, now, count };
    for first in (0..count).step_by(BATCH) {
        let end = count.min(first + BATCH);
        let mut running = Running::default();
        for nth in first..end {
            let (desk, world, thread) = (desk.clone(), world.clone(), teller.thread(nth));
            running.begin(async move { run::thread(&desk, &world, nth, thread).await }).await?;
        }
        running.end().await?;
        desk.at(now).work_off().await?;
        desk.at(teller.begin(end)).reconcile_once(false).await?;
        desk.index_all().await?;
        progress(end, count);
    }
    demo::end(desk).await
}

/// Work that goes on at once.
#[derive(Default)]
struct Running(JoinSet<Result<(), Error>>);

impl Running {
    /// Begins one more, and waits for another where there are many.
    async fn begin(&mut self, work: impl Future<Output = Result<(), Error>> + Send + 'static) -> Result<(), Error> {
        if self.0.len() >= AT_ONCE {
            self.next().await?;
        }
        self.0.spawn(work);
        Ok(())
    }

    /// Waits for one; whether there was one.
    async fn next(&mut self) -> Result<bool, Error> {
        let Some(ended) = self.0.join_next().await else { return Ok(false) };
        ended.map_err(|err: JoinError| Error::Text(err.to_string()))??;
        Ok(true)
    }

    async fn end(mut self) -> Result<(), Error> {
        while self.next().await? {}
        Ok(())
    }
}

/// Organizations with their domains, and one person each who writes for them.
async fn customers(desk: &Desk, count: usize) -> Result<Vec<Customer>, Error> {
    const FIRST: &[&str] =
        &["Ada", "Ben", "Carla", "Dov", "Edith", "Farid", "Greta", "Hugo", "Ivy", "Jack", "Kim", "Lena"];
    const LAST: &[&str] = &["Abel", "Brook", "Castell", "Dunne", "Ebner", "Frost", "Grieg", "Hale", "Ivers", "Jansen"];
    const TRADE: &[&str] = &["Bakery", "Foods", "Butchers", "Dairy", "Markets", "Deli", "Pharmacy", "Logistics"];
    const SHOPS: &[&str] = &["High Street", "the harbour", "Station Road", "the market hall", "Mill Lane"];
    let mut dice = Dice::new(100_000);
    let mut all = Vec::new();
    let mut running = Running::default();
    for nth in 0..count {
        let last = dice.pick(LAST);
        let person = format!("{} {last}", dice.pick(FIRST));
        let domain = format!("{}{nth}.example", last.to_lowercase());
        let address = Email::parse(&format!("{}@{domain}", person.to_lowercase().replace(' ', ".")));
        let Some(address) = address else { return Err(Error::Text(domain)) };
        let it = Customer {
            name: format!("{last} {} {nth}", dice.pick(TRADE)),
            domain,
            language: Language::English,
            shops: vec![(*dice.pick(SHOPS)).to_owned()],
            people: vec![Person { name: person, address }],
        };
        let (desk, name, domain) = (desk.clone(), it.name.clone(), it.domain.clone());
        all.push(it);
        let known = async move {
            let id = desk.add_customer(Actor::Operator, CustomerKind::Organization, &name).await?;
            Ok(desk.own_domain(Actor::Operator, id, &domain).await?)
        };
        running.begin(known).await?;
    }
    running.end().await?;
    Ok(all)
}

/// Makes the cases, each from dice of its own.
struct Teller {
    stories: Vec<Story>,
    company: Company,
    customers: Vec<Customer>,
    start: Timestamp,
    now: Timestamp,
    count: usize,
}

impl Teller {
    /// When the case begins: they are spread evenly.
    fn begin(&self, nth: usize) -> Timestamp {
        // Whole seconds are enough, and keep the numbers small.
        self.start.after(Duration::from_secs(SPAN.as_secs() * (nth as u64) / (self.count as u64)))
    }

    fn thread(&self, nth: usize) -> Thread {
        let mut dice = Dice::new(nth as u64);
        let (customer, story) = (dice.pick(&self.customers), dice.pick(&self.stories));
        let (person, by) = (&customer.people[0], dice.between(0, 6));
        let facts = facts(&mut dice, &customer.shops, story.language);
        let us = &self.company.staff[by].name;
        let mut at = self.begin(nth);
        let mut steps = Vec::new();
        // Those that are live stand where cases may stand: nobody has looked, it waits, it is ours again.
        let live = nth.is_multiple_of(LIVE);
        let length = if live { 1 + nth / LIVE % 4 } else { dice.between(2, 5) };
        for turn in story.turns.iter().filter(|it| it.side != Side::Note).take(length) {
            let text = told(dice.pick::<String>(&turn.wordings), &facts);
            let act = if turn.side == Side::Ours {
                let text = answer(story.language, &text, person, us);
                Act::Reply { by, text, cc: Vec::new(), then: Then::Waiting, files: Vec::new() }
            } else {
                let to = us.split(' ').next().filter(|_| !steps.is_empty());
                Act::Mail(Mail {
                    from: (person.name.clone(), person.address.clone()),
                    cc: Vec::new(),
                    text: dressed(story.language, &text, to, person, &customer.name),
                    manner: Manner::Plain,
                    files: Vec::new(),
                    verdict: Some(true),
                    quotes: !steps.is_empty(),
                })
            };
            steps.push(Step { at, act });
            at = at.after(dice.minutes(10, 900));
        }
        if !live {
            steps.push(Step { at, act: Act::Resolve { by } });
        }
        // The last cases are still going on.
        steps.retain(|it| it.at <= self.now);
        let subject = told(dice.pick::<String>(&story.subjects), &facts);
        Thread { billing: story.billing, subject, follows: None, steps }
    }
}
