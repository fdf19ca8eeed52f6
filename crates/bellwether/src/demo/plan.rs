//! What happens when: stories given to customers, in working hours, and the inbox as it is now.

use std::time::Duration;

use domain::{Email, Priority, TeamId, Timestamp};

use super::Error;
use super::company::{Company, DAYS, Language, Person};
use super::dice::Dice;
use super::inbox;
use super::letter::{Manner, moment};
use super::papers::{Paper, pdf, picture};
use super::story::{Side, Stories, Story, stories, told};
use super::voice::{answer, dressed, facts, style};

pub use desk::case::Then;

/// The seed of everything.
const SEED: u64 = 4182;
/// How many cases came to an end.
const DONE: usize = 440;
/// How many wait for the customer, beside those of inbox.txt.
const WAITING: usize = 15;
/// How many colleagues are at work on.
const OPEN: usize = 14;
/// How many nobody has looked at.
const NEW: usize = 2;

/// One case to be.
#[derive(Clone, Debug)]
pub struct Thread {
    /// Whether it comes to billing@.
    pub billing: bool,
    /// Its subject.
    pub subject: String,
    /// The thread whose last mail of ours its first one answers.
    pub follows: Option<usize>,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

/// One thing that happens in a case.
#[derive(Clone, Debug)]
pub struct Step {
    /// When.
    pub at: Timestamp,
    /// What.
    pub act: Act,
}

/// What happens. Staff are named by their place in [`Company::staff`].
#[derive(Clone, Debug)]
pub enum Act {
    /// A mail comes in.
    Mail(Mail),
    /// We answer whoever wrote last.
    Reply { by: usize, text: String, cc: Vec<(String, Email)>, then: Then, files: Vec<Paper> },
    /// A note.
    Note { by: usize, text: String },
    /// Somebody gets the case.
    Assign { by: usize, to: usize },
    /// A team gets it.
    Team { by: usize, to: TeamId },
    /// It matters more, or less.
    Priority { by: usize, to: Priority },
    /// It is done.
    Resolve { by: usize },
    /// Somebody writes down what we promised.
    Promise { by: usize, text: String, due: Option<jiff::civil::Date> },
    /// What was promised is done.
    Keep { by: usize, text: String },
}

/// A mail of theirs.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Who writes.
    pub from: (String, Email),
    /// To whom else.
    pub cc: Vec<(String, Email)>,
    /// The words, with greeting and name.
    pub text: String,
    /// How it is written.
    pub manner: Manner,
    /// Its files.
    pub files: Vec<Paper>,
    /// Whether its domain vouches for it, if anybody says.
    pub verdict: Option<bool>,
    /// Whether it quotes what it answers.
    pub quotes: bool,
}

/// How far a story has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Done,
    Waiting,
    Open,
    New,
}

/// Everything that happens in the 90 days up to `now`.
pub fn threads(company: &Company, now: Timestamp) -> Result<Vec<Thread>, Error> {
    let mut dice = Dice::new(SEED);
    let mut threads = inbox::threads(company, now, &mut dice)?;
    let teller = Teller { company, stories: stories()?, now };
    for (ending, count) in [(Ending::Done, DONE), (Ending::Waiting, WAITING), (Ending::Open, OPEN), (Ending::New, NEW)]
    {
        for nth in 0..count {
            threads.push(teller.thread(&mut dice, ending, nth)?);
        }
    }
    Ok(threads)
}

struct Teller<'a> {
    company: &'a Company,
    stories: Stories,
    now: Timestamp,
}

impl Teller<'_> {
    fn thread(&self, dice: &mut Dice, ending: Ending, nth: usize) -> Result<Thread, Error> {
        let customer = dice.pick(&self.company.customers);
        let begin = self.now.before(Duration::from_secs(60 * dice.between(60 * 3, 60 * 24 * 88) as u64));
        let recent = self.now.since(begin) < Duration::from_hours(24 * 22);
        let story = self.story(dice, customer.language, recent)?;
        let language = story.language;
        let facts = facts(dice, &customer.shops, language);
        let by = self.colleague(dice, story, ending, nth)?;
        let helper = self.helper(&story.team)?;
        let mut scene = Scene {
            company: self.company,
            dice,
            story,
            customer: &customer.name,
            person: &customer.people[0],
            facts: &facts,
            by,
            steps: Vec::new(),
            at: begin,
            live: ending != Ending::Done,
        };
        scene.person = scene.dice.pick(&customer.people);
        let turns = self.turns(scene.dice, story, ending);
        for (at, (side, text)) in turns.iter().enumerate() {
            let last = at + 1 == turns.len();
            match side {
                Side::Theirs => scene.theirs(at, text),
                Side::Ours => scene.ours(at, text, last && ending == Ending::Done),
                Side::Note => scene.note(text, helper),
            }
            if at == 0 && ending != Ending::New {
                scene.sorted(self)?;
            }
        }
        if ending == Ending::Done {
            scene.resolved(turns.last().is_some_and(|it| it.0 == Side::Theirs));
        }
        let mut steps = scene.steps;
        self.settle(dice, &mut steps, ending);
        let subject = told(dice.pick::<String>(&story.subjects), &facts);
        Ok(Thread { billing: story.billing, subject, follows: None, steps })
    }

    /// English for everybody at times; and since the update everybody's label printers skip.
    fn story(&self, dice: &mut Dice, language: Language, recent: bool) -> Result<&Story, Error> {
        let own = language != Language::English && dice.happens(60);
        let language = if own { language } else { Language::English };
        if language == Language::English && recent && dice.happens(22) {
            return Ok(&self.stories.all[0]);
        }
        let fit: Vec<&Story> = self.stories.all.iter().filter(|it| it.language == language).collect();
        if fit.is_empty() {
            return Err(Error::Text("a language without a story".to_owned()));
        }
        Ok(fit[dice.between(0, fit.len())])
    }

    /// Whoever knows the language; live cases are spread so that nobody drowns.
    fn colleague(&self, dice: &mut Dice, story: &Story, ending: Ending, nth: usize) -> Result<usize, Error> {
        const OTHERS: &[&str] = &["Jonas Feld", "Priya Raman", "Tom Ashworth", "Amara Nwosu", "Priya Raman"];
        const ALL: &[&str] =
            &["Ines Okafor", "Jonas Feld", "Priya Raman", "Tom Ashworth", "Priya Raman", "Tom Ashworth"];
        let name = match (story.language, ending) {
            (_, Ending::Open) if nth == 0 => "Ines Okafor",
            (Language::French, _) => "Léa Fontaine",
            (Language::German, _) => "Jonas Feld",
            (_, Ending::Done) if story.team == "success" => "Amara Nwosu",
            (_, Ending::Done) => dice.pick(ALL),
            _ => OTHERS[nth % OTHERS.len()],
        };
        self.company.colleague(name)
    }

    /// Who writes notes for a department.
    fn helper(&self, team: &str) -> Result<Option<usize>, Error> {
        let name = match team {
            "finance" => "Claire Dubois",
            "engineering" => "Marta Lindholm",
            "manufacturing" => "Henk Visser",
            _ => return Ok(None),
        };
        self.company.colleague(name).map(Some)
    }

    /// The story's turns with small talk between, as far as it has come.
    fn turns(&self, dice: &mut Dice, story: &Story, ending: Ending) -> Vec<(Side, String)> {
        let mut turns: Vec<(Side, String)> =
            story.turns.iter().map(|it| (it.side, dice.pick(&it.wordings).clone())).collect();
        let chatter = self.stories.chatter.iter().find(|it| it.language == story.language);
        let pairs: Vec<_> = chatter.map(|it| it.turns.chunks(2).collect()).unwrap_or_default();
        let extra = if pairs.is_empty() { 0 } else { *dice.pick(&[0, 1, 1, 2]) };
        let first = dice.between(0, pairs.len());
        for nth in 0..extra {
            // Behind an answer of ours, later and later, so that no small talk comes twice.
            let ours: Vec<usize> = (0..turns.len() - 1)
                .filter(|it| turns[*it].0 == Side::Ours && turns[it + 1].0 == Side::Theirs)
                .collect();
            let Some(place) = ours.get(ours.len().saturating_sub(1).min(nth + 1)) else { break };
            let pair = pairs[(first + nth) % pairs.len()];
            for turn in pair.iter().rev() {
                turns.insert(place + 1, (turn.side, dice.pick(&turn.wordings).clone()));
            }
        }
        let ends = |side| (1..turns.len()).filter(|it| turns[*it].0 == side).collect::<Vec<_>>();
        let length = match ending {
            Ending::Done => turns.len(),
            Ending::New => 1,
            Ending::Waiting => dice.pick(&ends(Side::Ours)) + 1,
            Ending::Open => dice.pick(&ends(Side::Theirs)) + 1,
        };
        turns.truncate(length);
        turns
    }

    /// Puts the story where it belongs in time: what is over is over, what is live has just moved.
    fn settle(&self, dice: &mut Dice, steps: &mut [Step], ending: Ending) {
        let Some(last) = steps.last().map(|it| it.at) else { return };
        let ago = match ending {
            Ending::Done => {
                let week = Duration::from_hours(24 * 7);
                let latest = self.now.before(Duration::from_hours(2));
                let weeks = last.since(latest).as_secs().div_ceil(week.as_secs());
                let back = week * u32::try_from(weeks).unwrap_or(0);
                return steps.iter_mut().for_each(|it| it.at = it.at.before(back));
            }
            Ending::Waiting => dice.minutes(45, 6000),
            Ending::Open => dice.minutes(12, 2600),
            Ending::New => dice.minutes(4, 180),
        };
        let target = self.now.before(ago);
        let (later, back) = (target.since(last), last.since(target));
        for step in steps {
            step.at = step.at.after(later).before(back);
        }
    }
}

/// A story as it is told.
struct Scene<'a> {
    company: &'a Company,
    dice: &'a mut Dice,
    story: &'a Story,
    customer: &'a str,
    person: &'a Person,
    facts: &'a [(&'static str, String)],
    by: usize,
    steps: Vec<Step>,
    at: Timestamp,
    live: bool,
}

impl Scene<'_> {
    fn later(&mut self, from: usize, to: usize) {
        self.at = self.at.after(self.dice.minutes(from, to));
        if !self.live {
            self.at = working(self.at, self.dice);
        }
    }

    fn push(&mut self, act: Act) {
        self.steps.push(Step { at: self.at, act });
    }

    fn theirs(&mut self, nth: usize, text: &str) {
        if nth > 0 {
            let most = if self.live { 500 } else { 1500 };
            self.later(20, most);
        } else {
            self.later(0, 2);
        }
        let text = told(text, self.facts);
        let to = self.company.staff[self.by].name.split(' ').next().unwrap_or_default();
        let text = dressed(self.story.language, &text, (nth > 0).then_some(to), self.person, self.customer);
        let style = style(&self.person.name);
        let shows =
            nth > 0 && !self.steps.iter().any(|it| matches!(&it.act, Act::Mail(mail) if !mail.files.is_empty()));
        let (mut manner, mut files) = (if style % 3 == 1 { Manner::Html } else { Manner::Plain }, Vec::new());
        match self.story.with.as_str() {
            "photo" if shows => files.push(picture("photo.png", self.dice)),
            "inline" if shows => {
                files.push(picture("label.png", self.dice));
                manner = Manner::Inline;
            }
            "pdf" if nth == 0 && self.dice.happens(50) => {
                let name = format!("{}.pdf", told("{inv}", self.facts));
                files.push(pdf(&name, &["Tareline Ltd", &name, "LP-40, month", "Due on the 20th"]));
            }
            "table" if nth == 0 => manner = Manner::Table,
            "html" if nth == 0 => manner = Manner::Html,
            _ if self.story.language != Language::English && style.is_multiple_of(2) => manner = Manner::Latin,
            _ => {}
        }
        let mail = Mail {
            from: (self.person.name.clone(), self.person.address.clone()),
            cc: Vec::new(),
            text,
            manner,
            files,
            verdict: (!style.is_multiple_of(4)).then_some(true),
            quotes: nth > 0 && style != 3,
        };
        self.push(Act::Mail(mail));
    }

    fn ours(&mut self, nth: usize, text: &str, last: bool) {
        self.later(6, if nth < 2 { 150 } else { 320 });
        let text = told(text, self.facts);
        let mut files = Vec::new();
        if self.story.with == "pdf" && text.contains(&told("{cn}", self.facts)) {
            let name = format!("{}.pdf", told("{cn}", self.facts));
            files.push(pdf(
                &name,
                &["Tareline Ltd", &name, &told("{eur}", self.facts), "Nothing is due on these lines."],
            ));
        }
        let by = self.by;
        let text = answer(self.story.language, &text, self.person, &self.company.staff[by].name);
        let then = if last { Then::Resolved } else { Then::Waiting };
        self.push(Act::Reply { by, text, cc: Vec::new(), then, files });
    }

    fn note(&mut self, text: &str, helper: Option<usize>) {
        self.later(2, 90);
        // A department member writes where their team has the case.
        let by = helper.filter(|_| self.dice.happens(50)).unwrap_or(self.by);
        let text = told(text, self.facts);
        self.push(Act::Note { by, text });
    }

    /// Whose it is, and how much it matters.
    fn sorted(&mut self, teller: &Teller<'_>) -> Result<(), Error> {
        let lead = teller.company.colleague("Jonas Feld")?;
        self.later(3, 40);
        if self.dice.happens(40) {
            self.push(Act::Assign { by: lead, to: self.by });
        }
        if self.story.team != "support" || self.dice.happens(30) {
            let to = teller.company.team(&self.story.team)?;
            self.push(Act::Team { by: self.by, to });
        }
        let to = match self.dice.between(0, 100) {
            0..3 => Priority::Urgent,
            3..15 => Priority::High,
            15..21 => Priority::Low,
            _ => return Ok(()),
        };
        self.push(Act::Priority { by: self.by, to });
        Ok(())
    }

    /// After their thanks somebody says that it is done. Our own last word has said so.
    fn resolved(&mut self, thanked: bool) {
        if thanked {
            self.later(4, 300);
            let by = self.by;
            self.push(Act::Resolve { by });
        }
    }
}

/// Moves what would happen at night or at a weekend to the next morning.
fn working(at: Timestamp, dice: &mut Dice) -> Timestamp {
    let mut local = moment(at);
    if local.hour() >= 18 {
        local = local.saturating_add(jiff::Span::new().days(1)).start_of_day().unwrap_or(local);
    }
    while matches!(local.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday) {
        local = local.saturating_add(jiff::Span::new().days(1)).start_of_day().unwrap_or(local);
    }
    let moved = Timestamp(local.timestamp().as_microsecond());
    if local.hour() >= 7 {
        return moved;
    }
    let opens = local.start_of_day().unwrap_or(local).saturating_add(jiff::Span::new().hours(7));
    Timestamp(opens.timestamp().as_microsecond()).after(dice.minutes(0, 240))
}

/// The first moment of the demo.
pub fn start(now: Timestamp) -> Timestamp {
    now.before(Duration::from_hours(24 * DAYS))
}
