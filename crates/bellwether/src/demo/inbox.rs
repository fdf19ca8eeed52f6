//! The cases that are told one by one. The text stands in inbox.txt.
//!
//! Behind the name in a mark stand, each after a `+`: `cc=NAME`; the files `pdf=NAME` and `photo`; the manners `table`,
//! `inline`, `away`, `newsletter`, `cp1252` and `iso2022`; `follows=SUBJECT` for a mail that answers another case;
//! `forged` for one whose domain denies it; and `quote` for one that quotes.

use std::time::Duration;

use domain::{Email, Priority, Timestamp, Word};
use jiff::ToSpan as _;

use super::Error;
use super::company::Company;
use super::dice::Dice;
use super::letter::{Manner, moment};
use super::papers::{pdf, picture};
use super::plan::{Act, Mail, Step, Then, Thread};

/// Every case of inbox.txt.
pub fn threads(company: &Company, now: Timestamp, dice: &mut Dice) -> Result<Vec<Thread>, Error> {
    let text = include_str!("inbox.txt");
    let mut threads: Vec<Thread> = Vec::new();
    for block in text.split("\n@ ").skip(1) {
        let thread = thread(company, now, dice, block, &threads)?;
        threads.push(thread);
    }
    Ok(threads)
}

fn thread(company: &Company, now: Timestamp, dice: &mut Dice, block: &str, before: &[Thread]) -> Result<Thread, Error> {
    let wrong = |what: &str| Error::Text(format!("{what}: {}", block.lines().next().unwrap_or_default()));
    let mut lines = block.lines();
    let (customer, mailbox) = lines.next().and_then(|it| it.split_once(" | ")).ok_or_else(|| wrong("no mailbox"))?;
    let customer = if customer == "-" { None } else { Some(company.customer(customer)?) };
    let subject = lines.next().and_then(|it| it.strip_prefix("# ")).ok_or_else(|| wrong("no subject"))?;
    let mut thread =
        Thread { billing: mailbox == "billing", subject: subject.to_owned(), follows: None, steps: Vec::new() };
    let mut heads: Vec<(&str, String)> = Vec::new();
    for line in lines {
        let is_head = line.get(..2).is_some_and(|it| ["> ", "< ", "! ", "* "].contains(&it))
            && line.as_bytes().get(2).is_some_and(u8::is_ascii_digit);
        match heads.last_mut() {
            _ if is_head => heads.push((line, String::new())),
            Some((_, text)) => {
                text.push_str(line);
                text.push('\n');
            }
            None => return Err(wrong("words before the first step")),
        }
    }
    for (head, text) in heads {
        let step = step(company, customer, dice, now, head, text.trim(), before, &mut thread.follows);
        thread.steps.push(step?.ok_or_else(|| wrong(head))?);
    }
    thread.steps.sort_by_key(|it| it.at);
    Ok(thread)
}

#[expect(clippy::too_many_arguments, reason = "all that a line may speak of")]
fn step(
    company: &Company,
    customer: Option<usize>,
    dice: &mut Dice,
    now: Timestamp,
    head: &str,
    text: &str,
    before: &[Thread],
    follows: &mut Option<usize>,
) -> Result<Option<Step>, Error> {
    let mut parts = head.split(" +");
    let Some((mark, rest)) = parts.next().and_then(|it| it.split_once(' ')) else { return Ok(None) };
    let Some((minutes, who)) = rest.split_once(' ') else { return Ok(None) };
    let Ok(minutes) = minutes.parse::<u64>() else { return Ok(None) };
    let at = now.before(Duration::from_secs(60 * minutes));
    let flags: Vec<&str> = parts.collect();
    let named = |key: &str| flags.iter().find_map(|it| it.strip_prefix(key)?.strip_prefix('='));
    let mut files = Vec::new();
    if let Some(name) = named("pdf") {
        files.push(pdf(name, &["Tareline Ltd", name, "14 x LP-40 at EUR 169.00", "EUR 2,366.00", "Due on the 20th"]));
    }
    if flags.contains(&"photo") || flags.contains(&"inline") {
        files.push(picture("label.png", dice));
    }
    let people = customer.map(|it| company.customers[it].people.as_slice()).unwrap_or_default();
    let person = |name: &str| people.iter().find(|it| it.name == name).map(|it| (it.name.clone(), it.address.clone()));
    let cc: Vec<(String, Email)> = named("cc").and_then(person).into_iter().collect();
    if mark == ">" {
        let from = match who.split_once(" <") {
            Some((name, address)) => Email::parse(address.trim_end_matches('>')).map(|it| (name.to_owned(), it)),
            None => person(who),
        };
        if let Some(subject) = named("follows") {
            *follows = before.iter().position(|it| it.subject == subject);
        }
        let manner = manner(&flags);
        let verdict = if flags.contains(&"forged") { Some(false) } else { customer.map(|_| true) };
        let quotes = flags.contains(&"quote");
        return Ok(from.map(|from| {
            let mail = Mail { from, cc, text: text.to_owned(), manner, files, verdict, quotes };
            Step { at, act: Act::Mail(mail) }
        }));
    }
    let mut words = who.splitn(3, ' ');
    let (Some(first), Some(last), verb) = (words.next(), words.next(), words.next().unwrap_or_default()) else {
        return Ok(None);
    };
    let by = company.colleague(&format!("{first} {last}"))?;
    let text = text.to_owned();
    let act = match (mark, verb.split_once(' ').unwrap_or((verb, ""))) {
        ("<", ("", _)) => Act::Reply { by, text, cc, then: Then::Waiting, files },
        ("<", ("open", _)) => Act::Reply { by, text, cc, then: Then::Open, files },
        ("!", _) => Act::Note { by, text },
        ("*", ("take", _)) => Act::Assign { by, to: by },
        ("*", ("assign", to)) => Act::Assign { by, to: company.colleague(to)? },
        ("*", ("team", to)) => Act::Team { by, to: company.team(to)? },
        ("*", ("priority", to)) => {
            let to = Priority::parse(to).map_err(|err| Error::Text(err.to_string()))?;
            Act::Priority { by, to }
        }
        ("*", ("resolve", _)) => Act::Resolve { by },
        ("*", ("promise", rest)) => {
            let (days, text) = rest.split_once(' ').unwrap_or(("", rest));
            let days = days.parse::<i64>().ok();
            let due = days.and_then(|it| moment(now).date().checked_add(it.days()).ok());
            Act::Promise { by, text: text.to_owned(), due }
        }
        ("*", ("keep", text)) => Act::Keep { by, text: text.to_owned() },
        _ => return Ok(None),
    };
    Ok(Some(Step { at, act }))
}

fn manner(flags: &[&str]) -> Manner {
    let known = [
        ("table", Manner::Table),
        ("inline", Manner::Inline),
        ("away", Manner::Away),
        ("newsletter", Manner::Newsletter),
        ("cp1252", Manner::WrongCharset),
        ("iso2022", Manner::Japanese),
    ];
    known.iter().find(|it| flags.contains(&it.0)).map_or(Manner::Plain, |it| it.1)
}
