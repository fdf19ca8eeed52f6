//! What we promised is kept track of, and found in its list; the Brief says what someone new must know.

use std::time::Duration;

use desk::Error;
use desk::brief::{Brief, Waiting, brief};
use desk::case::{Reply, Then};
use domain::{
    Aside, BriefLine, Correction, Fact, Filter, Party, Promise, PromiseState, Recipients, Refusal, Status, Timestamp,
};
use jiff::tz::TimeZone;
use store::case::list::{self, From};
use store::{Scope, filter};
use testkit::{Home, Letter, Stage, both};

both!(
    what_is_ticked_is_kept_track_of,
    a_promise_is_late_until_somebody_says_what_became_of_it,
    taken_back_with_its_message,
    written_down_by_hand,
    the_brief_says_what_was_said,
    a_correction_stays_until_it_is_taken_back,
    nothing_is_said_in_another_language,
);

const DAY: Duration = Duration::from_hours(24);
const WORDS: &str =
    "Hi Ann, sorry about that. I'll send you the corrected invoice by Wednesday. I'll also call you tomorrow.";
const INVOICE: &str = "send the corrected invoice";

async fn case(stage: &Stage) -> i64 {
    let letter = Letter::from("Ann <ann@example.org>")
        .subject("Invoice bills 14 printers")
        .text("Hello, the invoice INV-10874 bills 14 printers, but we have only 12. Please correct the invoice.");
    stage.file(&letter).await.number
}

fn reply(text: &str) -> Reply {
    Reply {
        id: None,
        text: text.to_owned(),
        html: None,
        recipients: Recipients { to: vec![Party::from(domain::Email::parse("ann@example.org").unwrap())], cc: vec![] },
        then: Then::Waiting,
        seen: None,
        leaves: None,
        files: Vec::new(),
        uploads: Vec::new(),
    }
}

async fn promises(stage: &Stage, number: i64) -> Vec<Promise> {
    let case = stage.spine(&stage.ines, number).await.unwrap().case;
    let read = stage.desk.db.read(async move |rx| store::promise::of_case(rx, case.customer, &[case.id]).await);
    read.await.unwrap()
}

/// The cases that a filter shows.
async fn shown(stage: &Stage, text: &str) -> Vec<i64> {
    let (filter, mistakes) = Filter::parse(text);
    assert_eq!(mistakes, []);
    let scope = Scope::of(&stage.ines).at(stage.desk.now());
    let read = stage.desk.db.read(async move |rx| {
        let asked = filter::ask(rx, &scope, &filter, |_| None).await?.0;
        list::page(rx, &scope, &asked, From::Newest).await
    });
    read.await.unwrap().lines.into_iter().map(|it| it.number).collect()
}

async fn facts(stage: &Stage, number: i64) -> Vec<&'static str> {
    stage.spine(&stage.ines, number).await.unwrap().entries.iter().map(|it| it.fact.word()).collect()
}

async fn what_is_ticked_is_kept_track_of(home: &Home) {
    let stage = Stage::new(home).await;
    let number = case(&stage).await;
    let found = stage.desk.promises_in(&stage.ines, number, WORDS).await.unwrap();
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0].text, INVOICE);
    // It is Tuesday 10 November, 09:00 in London: until the end of the next day.
    assert_eq!(found[0].due_at, Some(Timestamp(stage.desk.now().after(39 * DAY / 24).0 - 1)));
    assert!(promises(&stage, number).await.is_empty(), "asking keeps nothing");

    let ticked = vec![INVOICE.to_owned(), "give everything away".to_owned()];
    let id = stage.desk.reply_promising(&stage.ines, number, reply(WORDS), ticked).await.unwrap();
    let all = promises(&stage, number).await;
    assert_eq!(all.len(), 1, "what was not ticked, or not said, is not kept: {all:?}");
    assert_eq!((all[0].text.as_str(), all[0].message, all[0].due_at), (INVOICE, Some(id), found[0].due_at));
    assert_eq!(stage.spine(&stage.ines, number).await.unwrap().case.promised_at, found[0].due_at);
    assert!(facts(&stage, number).await.contains(&"promise_made"));

    // What was not ticked can be kept track of later, and once.
    let other = found[1].text.as_str();
    for _ in 0..2 {
        stage.desk.track(&stage.ines, number, id, other).await.unwrap();
    }
    assert_eq!(promises(&stage, number).await.len(), 2);
    let theirs = stage.spine(&stage.ines, number).await.unwrap();
    let theirs = theirs.messages.values().find(|it| it.staff.is_none()).unwrap().id;
    let not_ours = stage.desk.track(&stage.ines, number, theirs, other).await;
    assert!(matches!(not_ours, Err(Error::NotFound)));
    let never_said = stage.desk.track(&stage.ines, number, id, "give everything away").await;
    assert!(matches!(never_said, Err(Error::NotFound)));
    let unseen = stage.desk.promises_in(&stage.claire, number, WORDS).await;
    assert!(matches!(unseen, Err(Error::NotFound)));
}

async fn a_promise_is_late_until_somebody_says_what_became_of_it(home: &Home) {
    let stage = Stage::new(home).await;
    let (number, other) = (case(&stage).await, stage.file(&Letter::from("bob@example.com")).await.number);
    let (desk, ines) = (&stage.desk, &stage.ines);
    desk.reply_promising(ines, number, reply(WORDS), vec![INVOICE.to_owned()]).await.unwrap();
    desk.promise(ines, other, "no late fee", None).await.unwrap();
    let none: [i64; 0] = [];
    assert_eq!(shown(&stage, "promise:open").await, [number, other], "what has a day stands first");
    assert_eq!(shown(&stage, "promise:late").await, none);
    assert_eq!(shown(&stage, "promise:1d").await, none);
    assert_eq!(shown(&stage, "promise:2d").await, [number]);
    assert_eq!(shown(&stage, "promise:open -promise:2d").await, [other]);
    assert_eq!(shown(&stage, "is:open promise:open -status:waiting").await, [other]);

    stage.pass(2 * DAY);
    assert_eq!(shown(&stage, "promise:late").await, [number]);
    assert!(promises(&stage, number).await[0].is_late(desk.now()));
    // It is late whatever else becomes of the case.
    desk.resolve(ines, number, "").await.unwrap();
    assert_eq!(shown(&stage, "promise:late").await, [number]);
    let id = promises(&stage, number).await[0].id;
    desk.settle(ines, number, id, PromiseState::Kept).await.unwrap();
    assert_eq!(shown(&stage, "promise:late").await, none);
    assert_eq!(promises(&stage, number).await[0].closed_at, Some(desk.now()));
    desk.settle(ines, number, id, PromiseState::Open).await.unwrap();
    assert_eq!(shown(&stage, "promise:late").await, [number]);
    desk.settle(ines, number, id, PromiseState::Broken).await.unwrap();
    desk.settle(ines, number, id, PromiseState::Broken).await.unwrap();
    assert_eq!(shown(&stage, "promise:open").await, [other]);
    let told: Vec<_> = facts(&stage, number).await.into_iter().filter(|it| it.starts_with("promise")).collect();
    assert_eq!(told, ["promise_made", "promise_kept", "promise_reopened", "promise_broken"]);

    // Of what is put aside nobody is told.
    desk.act(ines, other, desk::act::Doing::PutAside(Aside::Trash)).await.unwrap();
    assert_eq!(shown(&stage, "promise:open").await, none);
    let refused = desk.promise(ines, other, "a call", None).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Aside))));
}

async fn taken_back_with_its_message(home: &Home) {
    let stage = Stage::new(home).await;
    let number = case(&stage).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    desk.promise(ines, number, "no late fee", None).await.unwrap();
    let before = stage.spine(ines, number).await.unwrap().case.promised_at;
    let id = desk.reply_promising(ines, number, reply(WORDS), vec![INVOICE.to_owned()]).await.unwrap();
    assert_ne!(stage.spine(ines, number).await.unwrap().case.promised_at, before);
    desk.take_back(ines, number, id).await.unwrap();
    let left = promises(&stage, number).await;
    assert_eq!(left.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(), ["no late fee"]);
    let spine = stage.spine(ines, number).await.unwrap();
    assert_eq!((spine.case.promised_at, spine.case.status), (before, Status::Open), "it is hers now");
}

async fn written_down_by_hand(home: &Home) {
    let stage = Stage::new(home).await;
    let number = case(&stage).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    for (text, wrong) in [(" ".to_owned(), "Write what"), ("x".repeat(201), "at most 200")] {
        let refused = desk.promise(ines, number, &text, None).await.unwrap_err();
        assert!(refused.to_string().contains(wrong), "{refused}");
    }
    let day = jiff::civil::date(2026, 11, 12);
    for _ in 0..2 {
        desk.promise(ines, number, "no  late\nfee", Some(day)).await.unwrap();
    }
    let all = promises(&stage, number).await;
    assert_eq!(all.len(), 1, "sent twice, written down once");
    assert_eq!((all[0].text.as_str(), all[0].message), ("no late fee", None));
    assert_eq!(all[0].due_at, Some(Timestamp(desk.now().after(63 * DAY / 24).0 - 1)), "until the end of Thursday");
    let customer = all[0].customer;
    let scope = Scope::of(ines);
    let open = desk.db.read(async move |rx| store::promise::open_of(rx, &scope, &[customer]).await).await.unwrap();
    assert_eq!(open.iter().map(|it| it.number).collect::<Vec<_>>(), [number]);
    let claire = Scope::of(&stage.claire);
    let unseen = desk.db.read(async move |rx| store::promise::open_of(rx, &claire, &[customer]).await).await.unwrap();
    assert_eq!(unseen, []);
    desk.act(ines, number, desk::act::Doing::PutAside(Aside::Trash)).await.unwrap();
    desk.delete_for_good(ines, number).await.unwrap();
}

/// The Brief as a page has it.
async fn read(stage: &Stage, number: i64) -> (Option<Brief>, Vec<Correction>) {
    let scope = Scope::of(&stage.ines);
    let found = stage.desk.db.read(async move |rx| {
        let spine = store::case::spine::spine(rx, &scope, number, None).await?;
        let beyond = store::brief::beyond(rx, &spine).await?;
        let corrections = store::brief::corrections(rx, spine.case.customer, spine.case.id).await?;
        Ok::<_, store::Error>((spine, beyond, corrections))
    });
    let (spine, beyond, corrections) = found.await.unwrap();
    (brief(&spine, &beyond, &TimeZone::get("Europe/London").unwrap()), corrections)
}

async fn the_brief_says_what_was_said(home: &Home) {
    let stage = Stage::new(home).await;
    let number = case(&stage).await;
    let it = read(&stage, number).await.0.unwrap();
    let issue = it.issue.unwrap();
    assert!(issue.text.contains("14 printers"), "{issue:?}");
    assert_eq!(issue.source.entry, 1);
    assert_eq!(it.waiting.0, Waiting::OnUs);
    // A long case is still about what it began with.
    for at in 0..70 {
        stage.desk.note(&stage.ines, number, format!("Looked at it, {at}.").as_str().into()).await.unwrap();
    }
    stage.desk.reply(&stage.ines, number, reply(WORDS)).await.unwrap();
    let it = read(&stage, number).await.0.unwrap();
    assert_eq!(it.issue.unwrap().source.entry, 1);
    assert_eq!(it.promised[0].text, INVOICE);
    assert!(it.promised[0].due_at.is_some());
    assert_eq!(it.waiting.0, Waiting::OnCustomer, "the status says so");
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    let said = spine.entries.iter().find(|entry| entry.number == Some(it.promised[0].source.entry)).unwrap();
    assert!(matches!(said.fact, Fact::Replied { .. }));
    assert!(it.promised[0].source.sentence.contains("by Wednesday"));
    stage.desk.resolve(&stage.ines, number, "").await.unwrap();
    assert_eq!(read(&stage, number).await.0.unwrap().waiting.0, Waiting::Nobody);
}

async fn a_correction_stays_until_it_is_taken_back(home: &Home) {
    let stage = Stage::new(home).await;
    let number = case(&stage).await;
    let (desk, ines, jonas) = (&stage.desk, &stage.ines, &stage.jonas);
    desk.correct_brief(ines, number, BriefLine::Issue, "Two  returned printers\nare still billed.").await.unwrap();
    desk.correct_brief(jonas, number, BriefLine::Mood, "").await.unwrap();
    stage.file(&Letter::from("Ann <ann@example.org>").text("The invoice is still wrong.")).await;
    let corrections = read(&stage, number).await.1;
    assert_eq!(corrections.len(), 2);
    let issue = corrections.iter().find(|it| it.line == BriefLine::Issue).unwrap();
    assert_eq!((issue.text.as_str(), issue.by), ("Two returned printers are still billed.", ines.id));
    desk.correct_brief(jonas, number, BriefLine::Issue, "Two printers.").await.unwrap();
    desk.brief_as_found(ines, number, BriefLine::Mood).await.unwrap();
    let left = read(&stage, number).await.1;
    assert_eq!(left.iter().map(|it| (it.text.as_str(), it.by)).collect::<Vec<_>>(), [("Two printers.", jonas.id)]);
    assert!(desk.correct_brief(ines, number, BriefLine::Next, &"x".repeat(301)).await.is_err());
    let unseen = desk.correct_brief(&stage.claire, number, BriefLine::Next, "x").await;
    assert!(matches!(unseen, Err(Error::NotFound)));
}

async fn nothing_is_said_in_another_language(home: &Home) {
    let stage = Stage::new(home).await;
    let letter = Letter::from("Ann <ann@example.org>")
        .subject("Rechnung")
        .text("Guten Tag, die Rechnung nennt 14 Drucker, wir haben aber nur 12. Bitte berichtigen Sie die Rechnung.");
    let number = stage.file(&letter).await.number;
    assert_eq!(read(&stage, number).await.0, None);
    let text = "Guten Tag, ich schicke Ihnen die berichtigte Rechnung bis Mittwoch. Mit freundlichen Grüßen";
    assert_eq!(stage.desk.promises_in(&stage.ines, number, text).await.unwrap(), []);
}
