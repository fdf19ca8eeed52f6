//! The status of a case: product.md's table, row by row.

use std::time::Duration;

use domain::{
    Actor, Automatic, Case, CaseId, ChannelId, ContactId, CustomerId, Email, Fact, MessageId, Opening, Priority,
    Refusal, StaffId, Status, Timestamp,
};
use uuid::Uuid;

const BY: Actor = Actor::Staff(StaffId(Uuid::from_u128(1)));
const MAIL: MessageId = MessageId(Uuid::from_u128(2));
const AT: Timestamp = Timestamp(1_800_000_000_000_000);
const DAY: Duration = Duration::from_hours(24);

fn case(status: Status) -> Case {
    let opening = Opening {
        customer: CustomerId(Uuid::from_u128(3)),
        id: CaseId(Uuid::from_u128(4)),
        number: 1042,
        contact: ContactId(Uuid::from_u128(5)),
        channel: ChannelId(Uuid::from_u128(6)),
        follows: None,
        subject: "The oven is cold",
        message: MAIL,
        text: "The oven\n  is cold.",
        automatic: None,
    };
    let (mut case, entry) = Case::open(&opening, Actor::Contact(opening.contact), AT);
    assert_eq!((case.status, entry.number, case.preview.as_str()), (Status::New, Some(1), "The oven is cold."));
    match status {
        Status::New => {}
        Status::Open => drop(case.note("Looking.", Vec::new(), Vec::new(), BY, AT).unwrap()),
        Status::Waiting => drop(case.reply(MAIL, "Which oven?", false, BY, AT).unwrap()),
        Status::Resolved => drop(case.resolve("", BY, AT).unwrap()),
        Status::Closed => {
            case.resolve("", BY, AT).unwrap();
            case.close(DAY, Actor::Job, AT.after(DAY)).unwrap();
        }
    }
    assert_eq!(case.status, status);
    case
}

/// The status after a verb, or its refusal; a refused verb changes nothing, and every other writes one entry.
#[track_caller]
fn check<T>(from: Status, verb: impl FnOnce(&mut Case) -> Result<T, Refusal>, to: Result<Status, Refusal>) {
    let before = case(from);
    let mut after = before.clone();
    match verb(&mut after) {
        Ok(_) => {
            assert_eq!((Ok(after.status), after.entries), (to, before.entries + 1), "from {from}");
            assert_eq!(after.resolved_at.is_some(), matches!(after.status, Status::Resolved | Status::Closed));
        }
        Err(refusal) => assert_eq!((Err(refusal), after), (to, before), "from {from}"),
    }
}

use Status::{Closed, New, Open, Resolved, Waiting};

const FINAL: Result<Status, Refusal> = Err(Refusal::Closed);

#[test]
fn our_reply_waits_for_them_or_is_kept_open() {
    for from in [New, Open, Waiting, Resolved] {
        check(from, |it| it.reply(MAIL, "Try this.", false, BY, AT), Ok(Waiting));
        check(from, |it| it.reply(MAIL, "More soon.", true, BY, AT), Ok(Open));
        check(from, |it| it.reply(MAIL, " \n", false, BY, AT), Err(Refusal::Empty));
    }
    check(Closed, |it| it.reply(MAIL, "Late.", false, BY, AT), FINAL);
}

#[test]
fn their_message_opens_what_waited_or_was_resolved() {
    for (from, to) in [(New, New), (Open, Open), (Waiting, Open), (Resolved, Open)] {
        check(from, |it| it.receive(MAIL, "Still cold.", None, BY, AT), Ok(to));
        // A machine wrote it: nothing changes.
        check(from, |it| it.receive(MAIL, "I am away.", Some(Automatic::AutoReply), BY, AT), Ok(from));
    }
    check(Closed, |it| it.receive(MAIL, "Cold again.", None, BY, AT), FINAL);
    let reopened = |from, automatic| {
        let entry = case(from).receive(MAIL, "Cold.", automatic, BY, AT).unwrap();
        matches!(entry.fact, Fact::Received { reopened: true, .. })
    };
    assert!(reopened(Resolved, None));
    assert!(!reopened(Waiting, None));
    assert!(!reopened(Resolved, Some(Automatic::Bounce)));
}

#[test]
fn a_note_or_an_assignee_opens_what_is_new() {
    let ann = Some(StaffId(Uuid::from_u128(9)));
    for (from, to) in [(New, Open), (Open, Open), (Waiting, Waiting), (Resolved, Resolved)] {
        check(from, |it| it.note("Ask Ann.", Vec::new(), Vec::new(), BY, AT), Ok(to));
        check(from, |it| it.assign(ann, BY, AT), Ok(to));
        check(from, |it| it.note("", Vec::new(), Vec::new(), BY, AT), Err(Refusal::Empty));
    }
    check(Closed, |it| it.note("For the record.", Vec::new(), Vec::new(), BY, AT), Ok(Closed));
    check(Closed, |it| it.assign(ann, BY, AT), FINAL);
    let mut it = case(New);
    assert_eq!(it.assign(None, BY, AT), Ok(None), "it is nobody's already");
    assert_eq!(it.status, New);
    it.assign(ann, BY, AT).unwrap();
    let entry = it.assign(None, BY, AT).unwrap().unwrap();
    assert_eq!(entry.fact, Fact::Assigned { from: ann, to: None, status: Open });
}

#[test]
fn team_and_priority_change_no_status() {
    for from in [New, Open, Waiting, Resolved] {
        check(from, |it| it.give_to(Some(domain::TeamId(Uuid::from_u128(8))), BY, AT), Ok(from));
        check(from, |it| it.prioritize(Priority::Urgent, BY, AT), Ok(from));
    }
    check(Closed, |it| it.prioritize(Priority::Low, BY, AT), FINAL);
    assert_eq!(case(Open).prioritize(Priority::Normal, BY, AT), Ok(None));
}

#[test]
fn what_solved_it_is_kept_in_one_line() {
    let mut it = case(Open);
    let entry = it.resolve("  Turned\n the roll ", BY, AT).unwrap();
    assert_eq!(entry.fact, Fact::Resolved { resolution: Some("Turned the roll".into()) });
    it.reopen(BY, AT).unwrap();
    assert_eq!(it.resolution.as_deref(), Some("Turned the roll"), "it stays, for whoever resolves it again");
    it.resolve(" ", BY, AT).unwrap();
    assert_eq!(it.resolution, None);
}

#[test]
fn it_is_resolved_and_taken_back() {
    for from in [New, Open, Waiting] {
        check(from, |it| it.resolve("", BY, AT), Ok(Resolved));
        check(from, |it| it.reopen(BY, AT), Err(Refusal::NotResolved));
    }
    check(Resolved, |it| it.resolve("", BY, AT), Err(Refusal::AlreadyResolved));
    check(Resolved, |it| it.reopen(BY, AT), Ok(Open));
    check(Closed, |it| it.resolve("", BY, AT), FINAL);
    check(Closed, |it| it.reopen(BY, AT), FINAL);
}

#[test]
fn it_is_closed_when_it_has_rested() {
    check(Resolved, |it| it.close(DAY, Actor::Job, AT.after(DAY)), Ok(Closed));
    check(Resolved, |it| it.close(DAY, Actor::Job, AT.after(DAY).before(Duration::from_secs(1))), Err(Refusal::NotDue));
    for from in [New, Open, Waiting, Closed] {
        check(from, |it| it.close(DAY, Actor::Job, AT.after(DAY * 9)), Err(Refusal::NotDue));
    }
}

#[test]
fn a_case_knows_whom_it_has_met() {
    let mut it = case(New);
    let all: Vec<Email> = (0..300).map(|n| Email::parse(&format!("{n}@northwind.example")).unwrap()).collect();
    it.meet(all.iter().chain(&all));
    assert_eq!(it.participants, all[..200], "a longer thread is a mailing list");
}

#[test]
fn a_late_mail_makes_a_case_no_older() {
    let mut it = case(Waiting);
    it.receive(MAIL, "Late.", None, BY, AT.before(DAY)).unwrap();
    assert_eq!((it.last_at, it.theirs), (AT, true));
}

#[test]
fn what_is_said_with_a_supplier_is_no_word_to_or_from_the_customer() {
    for (from, to) in [(New, Open), (Open, Open), (Waiting, Waiting), (Resolved, Resolved)] {
        check(from, |it| it.forward(MAIL, true, BY, AT), Ok(to));
        check(from, |it| it.forward(MAIL, false, BY, AT), Err(Refusal::Empty));
    }
    check(Closed, |it| it.forward(MAIL, true, BY, AT), FINAL);
    for (from, to) in [(New, New), (Open, Open), (Waiting, Open), (Resolved, Open), (Closed, Closed)] {
        check(from, |it| Ok(it.supplier_answered(MAIL, None, BY, AT)), Ok(to));
        check(from, |it| Ok(it.supplier_answered(MAIL, Some(Automatic::AutoReply), BY, AT)), Ok(from));
    }
    // Whom the customer waits for, and since when, is as it was; so is what was said last with them.
    let later = AT.after(DAY);
    for from in [New, Waiting] {
        let before = case(from);
        let mut it = before.clone();
        it.forward(MAIL, true, BY, later).unwrap();
        it.supplier_answered(MAIL, None, BY, later);
        assert_eq!((it.owed_since, it.due_at), (before.owed_since, before.due_at));
        assert_eq!((&it.preview, it.theirs, &it.participants), (&before.preview, before.theirs, &before.participants));
        assert_eq!(it.last_at, later, "lists show that something happened");
    }
    // It was to sleep until somebody writes.
    let mut it = case(Open);
    it.snooze(later, BY, AT).unwrap();
    it.forward(MAIL, true, BY, AT).unwrap();
    assert!(it.wake_at.is_some());
    it.supplier_answered(MAIL, None, BY, AT);
    assert!(it.wake_at.is_none());
}
