//! Who writes, and what: customers with one person each, and cases told from the demo's stories, each from dice of its
//! own.

use std::time::Duration;

use domain::{Email, Timestamp};

use crate::demo::Error;
use crate::demo::company::{Company, Customer, Language, Person};
use crate::demo::dice::Dice;
use crate::demo::letter::Manner;
use crate::demo::plan::{Act, Mail, Step, Then, Thread};
use crate::demo::story::{Side, Story, told};
use crate::demo::voice::{answer, dressed, facts};

/// One case in so many is live.
pub const LIVE: usize = 50;
/// How many cases a customer has.
pub const CASES: usize = 25;
/// The days over which they are spread.
pub const SPAN: Duration = Duration::from_hours(24 * 365);

const FIRST: &[&str] = &["Ada", "Ben", "Carla", "Dov", "Edith", "Farid", "Greta", "Hugo", "Ivy", "Jack", "Kim", "Lena"];
const LAST: &[&str] = &["Abel", "Brook", "Castell", "Dunne", "Ebner", "Frost", "Grieg", "Hale", "Ivers", "Jansen"];
const TRADE: &[&str] = &["Bakery", "Foods", "Butchers", "Dairy", "Markets", "Deli", "Pharmacy", "Logistics"];
const SHOPS: &[&str] = &["High Street", "the harbour", "Station Road", "the market hall", "Mill Lane"];

/// How many surnames are rare.
pub const RARE: usize = 20 * 20 * 20;

/// One of [`RARE`] surnames that hardly anybody has: a word of its own.
pub fn rare(nth: usize) -> String {
    const BEGIN: [&str; 20] = [
        "Al", "Bren", "Cor", "Dal", "Er", "Fal", "Gren", "Hal", "Il", "Jor", "Kel", "Lund", "Mar", "Nor", "Os", "Pel",
        "Quin", "Ros", "Sel", "Tor",
    ];
    const MIDDLE: [&str; 20] = [
        "a", "be", "ci", "do", "e", "fu", "ga", "hi", "i", "ja", "ko", "le", "mi", "no", "o", "pe", "ri", "su", "ta",
        "vo",
    ];
    const END: [&str; 20] = [
        "beck", "croft", "dahl", "er", "feldt", "gaard", "holm", "ison", "kamp", "lund", "mann", "nagel", "quist",
        "rup", "shaw", "stad", "ton", "vik", "well", "zak",
    ];
    [BEGIN[nth % 20], MIDDLE[nth / 20 % 20], END[nth / 400 % 20]].concat()
}

/// The customer of this number. The first have names that many have, those `from` on have rare ones.
pub fn customer(nth: usize, dice: &mut Dice, from: usize) -> Result<Customer, Error> {
    let last = if nth < from { (*dice.pick(LAST)).to_owned() } else { rare(dice.between(0, RARE)) };
    let person = format!("{} {last}", dice.pick(FIRST));
    let domain = format!("{}{nth}.example", last.to_lowercase());
    let address = Email::parse(&format!("{}@{domain}", person.to_lowercase().replace(' ', ".")));
    let Some(address) = address else { return Err(Error::Text(domain)) };
    Ok(Customer {
        name: format!("{last} {} {nth}", dice.pick(TRADE)),
        domain,
        language: Language::English,
        shops: vec![(*dice.pick(SHOPS)).to_owned()],
        people: vec![Person { name: person, address }],
    })
}

/// Makes the cases.
pub struct Teller {
    /// What they are about.
    pub stories: Vec<Story>,
    /// Who answers.
    pub company: Company,
    /// Who writes.
    pub customers: Vec<Customer>,
    /// When it begins.
    pub start: Timestamp,
    /// What is later has not happened.
    pub now: Timestamp,
    /// How many cases there are.
    pub count: usize,
}

/// What is decided of a case before it is told.
pub struct Cast<'a> {
    dice: Dice,
    story: &'a Story,
    by: usize,
    /// Whose it is.
    pub customer: &'a Customer,
    /// What they name in it.
    pub facts: Vec<(&'static str, String)>,
}

impl Teller {
    /// When the case begins: they are spread evenly.
    pub fn begin(&self, nth: usize) -> Timestamp {
        begin(self.start, nth, self.count)
    }

    /// Who it is about.
    pub fn cast(&self, nth: usize) -> Cast<'_> {
        let mut dice = Dice::new(nth as u64);
        let (customer, story) = (dice.pick(&self.customers), dice.pick(&self.stories));
        let by = dice.between(0, 6);
        let facts = facts(&mut dice, &customer.shops, story.language);
        Cast { dice, story, by, customer, facts }
    }

    /// What happens in it.
    pub fn thread(&self, nth: usize) -> Thread {
        let Cast { mut dice, story, by, customer, facts } = self.cast(nth);
        let person = &customer.people[0];
        let us = &self.company.staff[by].name;
        let mut at = self.begin(nth);
        let mut steps = Vec::new();
        // Those that are live stand where cases may stand: nobody has looked, it waits, it is ours again.
        let live = nth.is_multiple_of(LIVE);
        let length = if live { 1 + nth / LIVE % 4 } else { dice.between(3, 8) };
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

/// When the case of this number begins, of so many.
pub fn begin(start: Timestamp, nth: usize, count: usize) -> Timestamp {
    // Whole seconds are enough, and keep the numbers small.
    start.after(Duration::from_secs(SPAN.as_secs() * (nth as u64) / (count as u64)))
}
