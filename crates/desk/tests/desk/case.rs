//! What staff do with a case, by the rules of its status.

use std::time::Duration;

use desk::Error;
use desk::case::{Reply, Then, addresses};
use domain::{Actor, Fact, MessageState, Priority, Recipients, Refusal, Status};
use testkit::{Home, Letter, Stage};

testkit::both!(
    status_follows_the_rules,
    entries_are_numbered_without_gaps,
    a_colleague_who_was_faster_is_not_talked_over,
    a_department_sees_its_own_cases_only,
    resolved_cases_are_closed_after_their_time,
    one_case_that_cannot_be_closed_holds_nobody_up,
    an_answer_needs_words_and_somebody,
    what_is_written_twice_is_written_once,
    a_reply_is_in_the_outbox_at_once,
    changes_at_once_lose_nothing,
);

const RUTH: &str = "Ruth Alvarez <ruth@northwind.example>";

pub fn reply(text: &str, to: &str) -> Reply {
    let recipients = Recipients { to: addresses("to", to).unwrap(), cc: Vec::new() };
    Reply {
        id: None,
        text: text.to_owned(),
        html: None,
        recipients,
        then: Then::Waiting,
        seen: None,
        leaves: None,
        files: Vec::new(),
        uploads: Vec::new(),
    }
}

async fn status(stage: &Stage, number: i64) -> Status {
    stage.spine(&stage.ines, number).await.unwrap().case.status
}

async fn status_follows_the_rules(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let first = Letter::from(RUTH);
    let number = stage.file(&first).await.number;
    assert_eq!(status(&stage, number).await, Status::New);
    desk.prioritize(ines, number, Priority::High).await.unwrap();
    assert_eq!(status(&stage, number).await, Status::New, "that is no step");
    desk.note(ines, number, "I know this one.".into()).await.unwrap();
    assert_eq!(status(&stage, number).await, Status::Open);
    desk.reply(ines, number, reply("One moment.", "ruth@northwind.example")).await.unwrap();
    assert_eq!(status(&stage, number).await, Status::Waiting);
    stage.file(&Letter::from(RUTH).text("Thank you").answers(&first.id())).await;
    assert_eq!(status(&stage, number).await, Status::Open);
    let open = Reply { then: Then::Open, ..reply("More soon.", "ruth@northwind.example") };
    desk.reply(ines, number, open).await.unwrap();
    assert_eq!(status(&stage, number).await, Status::Open);
    desk.resolve(ines, number, "").await.unwrap();
    assert!(matches!(desk.resolve(ines, number, "").await, Err(Error::Refused(Refusal::AlreadyResolved))));
    stage.file(&Letter::from(RUTH).text("Not yet").answers(&first.id())).await;
    let spine = stage.spine(ines, number).await.unwrap();
    let Fact::Received { reopened, .. } = spine.entries.last().unwrap().fact else { panic!() };
    assert!(reopened && spine.case.status == Status::Open && spine.case.resolved_at.is_none());
    let done = Reply { then: Then::Resolved, ..reply("Done.", "ruth@northwind.example") };
    desk.reply(ines, number, done).await.unwrap();
    assert_eq!(status(&stage, number).await, Status::Resolved);
    desk.reopen(ines, number).await.unwrap();
    assert_eq!(status(&stage, number).await, Status::Open);
    assert!(matches!(desk.reopen(ines, number).await, Err(Error::Refused(Refusal::NotResolved))));
}

async fn entries_are_numbered_without_gaps(home: &Home) {
    let stage = Stage::new(home).await;
    let first = Letter::from(RUTH);
    let number = stage.file(&first).await.number;
    let mut tasks = Vec::new();
    for n in 0..24 {
        let (desk, ines, mailbox) = (stage.desk.clone(), stage.ines.clone(), stage.mailbox.clone());
        let raw = Letter::from(RUTH).text(&n.to_string()).answers(&first.id()).raw();
        tasks.push(tokio::spawn(async move {
            match n % 3 {
                0 => desk.note(&ines, number, "Looking.".into()).await.unwrap(),
                1 => drop(desk.reply(&ines, number, reply("Yes.", "ruth@northwind.example")).await.unwrap()),
                _ => drop(desk.receive(&mailbox, raw, desk.now()).await.unwrap()),
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    let numbers: Vec<i64> = spine.entries.iter().filter_map(|it| it.number).collect();
    // The first reply also made the case its writer's.
    assert_eq!(numbers, (1..=26).collect::<Vec<_>>());
    assert_eq!((spine.case.entries, spine.messages.len()), (26, 17));
}

async fn a_colleague_who_was_faster_is_not_talked_over(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    stage.desk.reply(&stage.jonas, number, reply("I have it.", "ruth@northwind.example")).await.unwrap();
    let late = Reply { seen: Some(1), ..reply("Me too.", "ruth@northwind.example") };
    let refused = stage.desk.reply(&stage.ines, number, late.clone()).await.unwrap_err();
    assert!(matches!(refused, Error::Conflict(_)), "{refused}");
    let knowing = Reply { seen: Some(3), ..late };
    stage.desk.reply(&stage.ines, number, knowing).await.unwrap();
    assert_eq!(stage.spine(&stage.ines, number).await.unwrap().case.assignee, Some(stage.jonas.id), "his stays his");
}

async fn a_department_sees_its_own_cases_only(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, claire) = (&stage.desk, &stage.claire);
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let other = stage.file(&Letter::from("dan@northwind.example")).await.number;
    for number in [number, other, 999] {
        assert!(stage.spine(claire, number).await.is_err());
        assert!(matches!(desk.note(claire, number, "Hello?".into()).await, Err(Error::NotFound)));
        assert!(matches!(desk.assign(claire, number, None).await, Err(Error::NotFound)));
        let to = reply("Hello", "ruth@northwind.example");
        assert!(matches!(desk.reply(claire, number, to).await, Err(Error::NotFound)));
    }
    desk.give_to(&stage.ines, number, Some(stage.finance)).await.unwrap();
    desk.note(claire, number, "CN-2207 is on its way.".into()).await.unwrap();
    assert!(stage.spine(claire, other).await.is_err());
    let spine = stage.spine(claire, number).await.unwrap();
    let last = spine.entries.last().unwrap();
    assert_eq!(last.by, Actor::Staff(claire.id));
    desk.give_to(&stage.ines, number, None).await.unwrap();
    assert!(stage.spine(claire, number).await.is_err());
}

async fn resolved_cases_are_closed_after_their_time(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    stage.desk.resolve(&stage.ines, number, "").await.unwrap();
    stage.pass(Duration::from_hours(24 * 7 - 1));
    stage.desk.reconcile_once(true).await.unwrap();
    assert_eq!(status(&stage, number).await, Status::Resolved);
    stage.pass(Duration::from_hours(1));
    stage.desk.reconcile_once(true).await.unwrap();
    stage.desk.reconcile_once(true).await.unwrap();
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    assert_eq!(spine.case.status, Status::Closed);
    assert_eq!(spine.entries.iter().filter(|it| it.fact == Fact::Closed).count(), 1);
    let to = reply("Hello", "ruth@northwind.example");
    let refused = stage.desk.reply(&stage.ines, number, to).await.unwrap_err();
    assert!(matches!(refused, Error::Refused(Refusal::Closed)));
    stage.desk.note(&stage.ines, number, "For the record.".into()).await.unwrap();
    assert_eq!(status(&stage, number).await, Status::Closed);
}

async fn one_case_that_cannot_be_closed_holds_nobody_up(home: &Home) {
    let stage = Stage::new(home).await;
    let mut numbers = Vec::new();
    for from in ["ruth@northwind.example", "dan@northwind.example", "eva@northwind.example"] {
        let number = stage.file(&Letter::from(from)).await.number;
        stage.desk.resolve(&stage.ines, number, "").await.unwrap();
        stage.pass(Duration::from_mins(1));
        numbers.push(number);
    }
    let first = numbers.remove(0);
    let spoil = async move |tx: &mut store::Tx| {
        tx.run("update cases set participants = 'no list' where number = $1", &[&first]).await
    };
    assert_eq!(stage.desk.db.write([], spoil).await.unwrap(), 1);
    stage.pass(Duration::from_hours(24 * 7));
    stage.desk.reconcile_once(true).await.unwrap();
    for number in numbers {
        assert_eq!(status(&stage, number).await, Status::Closed);
    }
}

async fn an_answer_needs_words_and_somebody(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let empty = stage.desk.reply(&stage.ines, number, reply(" \n ", "ruth@northwind.example")).await.unwrap_err();
    assert!(matches!(empty, Error::Refused(Refusal::Empty)));
    let nobody = stage.desk.reply(&stage.ines, number, reply("Hello", "")).await.unwrap_err();
    assert!(matches!(nobody, Error::Refused(Refusal::NoRecipient)));
    assert!(addresses("to", "Ruth, ruth@northwind.example").is_err());
    assert_eq!(stage.spine(&stage.ines, number).await.unwrap().entries.len(), 1, "nothing was written");
}

async fn a_reply_is_in_the_outbox_at_once(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH).subject("Smoke")).await.number;
    stage.desk.reply(&stage.ines, number, reply("Pull the plug.", "ruth@northwind.example")).await.unwrap();
    let scope = store::Scope::of(&stage.ines);
    let (lines, more) = stage.desk.db.read(async move |rx| store::outbox::page(rx, &scope, None).await).await.unwrap();
    assert!(more.is_none());
    assert_eq!(
        (lines[0].number, lines[0].subject.as_str(), lines[0].state),
        (number, "Re: Smoke", MessageState::Sending)
    );
    assert_eq!(lines[0].addresses().map(ToString::to_string).collect::<Vec<_>>(), ["ruth@northwind.example"]);
}

/// Each change reads the case and writes it back: without the lock one of two would be lost.
async fn changes_at_once_lose_nothing(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let (desk, ines, jonas) = (&stage.desk, &stage.ines, &stage.jonas);
    let (a, b, c) = tokio::join!(
        desk.assign(ines, number, Some(jonas.id)),
        desk.prioritize(ines, number, Priority::Urgent),
        desk.give_to(ines, number, Some(stage.finance)),
    );
    a.and(b).and(c).unwrap();
    let case = stage.spine(ines, number).await.unwrap().case;
    assert_eq!((case.assignee, case.priority, case.team), (Some(jonas.id), Priority::Urgent, Some(stage.finance)));
    assert_eq!(case.entries, 4);
}

async fn what_is_written_twice_is_written_once(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let answer = Reply { id: Some(desk.id()), ..reply("Once.", "ruth@northwind.example") };
    let note = desk::case::Note { id: Some(desk.id()), ..desk::case::Note::from("Once, inside.") };
    for _ in 0..2 {
        desk.reply(ines, number, answer.clone()).await.unwrap();
        desk.note(ines, number, note.clone()).await.unwrap();
    }
    let spine = stage.spine(ines, number).await.unwrap();
    let count = |word: &str| spine.entries.iter().filter(|it| it.fact.word() == word).count();
    assert_eq!((count("replied"), count("noted")), (1, 1));
    // What has other words is no repetition, and is not swallowed as one.
    let other = Reply { text: "Twice.".to_owned(), ..answer };
    assert!(matches!(desk.reply(ines, number, other).await, Err(Error::Conflict(_))));
    let other = desk::case::Note { text: "Twice, inside.".to_owned(), ..note };
    assert!(matches!(desk.note(ines, number, other).await, Err(Error::Conflict(_))));
}

#[test]
fn addresses_are_read_as_people_write_them() {
    let typed = "Dan W <dan@x.example>, \"Whitlock, Ruth\" <ruth@x.example> ann@x.example;bob@x.example <eve@x.example>, <kim@x.example>";
    let all = addresses("to", typed).unwrap();
    let all: Vec<_> = all.iter().map(|it| (it.name.as_str(), it.address.as_ref().unwrap().as_str())).collect();
    assert_eq!(
        all,
        [
            ("Dan W", "dan@x.example"),
            ("Whitlock, Ruth", "ruth@x.example"),
            ("", "ann@x.example"),
            ("", "bob@x.example"),
            ("", "eve@x.example"),
            ("", "kim@x.example")
        ]
    );
    for wrong in ["Dan W", "Dan <dan at x>", "<>"] {
        assert!(addresses("to", wrong).is_err(), "{wrong}");
    }
}
