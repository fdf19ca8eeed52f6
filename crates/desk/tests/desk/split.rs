//! A message about something else becomes a case of its own.

use std::time::Duration;

use desk::Error;
use domain::{Fact, Home, Reason, Refusal, Status};
use store::message;
use testkit::{Letter, Stage};

use crate::dump::dump;

testkit::both!(
    a_message_takes_its_thread_its_files_and_its_colleague_along,
    what_opened_a_case_stays_and_what_we_wrote_too,
    what_is_no_longer_there_is_not_split_again,
    several_messages_go_together_and_come_back,
    what_was_written_meanwhile_comes_back_with_them,
);

/// Undoes the split that opened the case `other`.
async fn undo(stage: &Stage, number: i64, other: i64) -> Result<i64, Error> {
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    let split = |it: &&domain::Entry| matches!(it.fact, Fact::SplitOff { number, .. } if number == other);
    let entry = spine.entries.iter().find(split).unwrap().number.unwrap();
    stage.desk.undo_entry(&stage.ines, number, entry).await
}

const RUTH: &str = "Ruth Alvarez <ruth@northwind.example>";

async fn a_message_takes_its_thread_its_files_and_its_colleague_along(home: &testkit::Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let first = Letter::from(RUTH);
    let number = stage.file(&first).await.number;
    desk.assign(ines, number, Some(stage.jonas.id)).await.unwrap();
    let second =
        Letter::from(RUTH).subject("Invoice").text("It is wrong.").file("INV.pdf", b"%PDF").answers(&first.id());
    let joined = stage.file(&second).await;
    assert_eq!(joined.number, number);

    let new = desk.split(ines, number, joined.message).await.unwrap();
    let spine = stage.spine(ines, new).await.unwrap();
    assert_eq!((spine.case.subject.as_str(), spine.case.status), ("Invoice", Status::New));
    assert_eq!((spine.case.assignee, spine.case.preview.as_str()), (Some(stage.jonas.id), "It is wrong."));
    assert_eq!(spine.associations[&joined.message].reason, Reason::Split);
    assert_eq!(spine.entries.last().unwrap().fact, Fact::SplitFrom { number });
    let message = spine.messages[&joined.message].clone();
    let (scope, file) = (store::Scope::of(ines), message.files[0].hash.clone());
    let read = desk.db.read(async move |rx| {
        let message = message::within(rx, &scope, new, message.id).await?;
        let raw = store::blob::read(rx, message.customer, message.case, &message.raw_hash.unwrap()).await?;
        Ok::<_, store::Error>((raw, store::blob::read(rx, message.customer, message.case, &file).await?))
    });
    let (raw, file) = read.await.unwrap();
    assert_eq!((raw, file.as_slice()), (second.raw(), b"%PDF".as_slice()));

    let old = stage.spine(ines, number).await.unwrap();
    let moved = vec![Home { message: joined.message, case: joined.case }];
    assert_eq!(old.entries.last().unwrap().fact, Fact::SplitOff { message: joined.message, number: new, moved });
    assert_eq!(old.case.preview, "Smoke comes out of it. What shall we do?");
    assert!(!old.messages.contains_key(&joined.message));
    let (old, new_numbers): (Vec<_>, Vec<_>) = (
        old.entries.iter().filter_map(|it| it.number).collect(),
        spine.entries.iter().filter_map(|it| it.number).collect(),
    );
    assert_eq!((old, new_numbers), ((1..=4).collect(), (1..=2).collect()), "no gaps on either side");

    // Its thread goes on where it is now; the same mail once more is the same mail.
    let answer = stage.file(&Letter::from(RUTH).text("And?").answers(&second.id())).await;
    assert_eq!(answer.number, new);
    let desk::mail::Receipt::Known(again) = stage.receive(&second).await else { panic!("it is known") };
    assert_eq!(again.number, new);
    assert_eq!(stage.file(&Letter::from(RUTH).text("Still smoking").answers(&first.id())).await.number, number);
}

async fn what_opened_a_case_stays_and_what_we_wrote_too(home: &testkit::Home) {
    let stage = Stage::new(home).await;
    let opened = stage.file(&Letter::from(RUTH)).await;
    let refused = stage.desk.split(&stage.ines, opened.number, opened.message).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Opened))));
    let ours = crate::case::reply("One moment.", "ruth@northwind.example");
    let ours = stage.desk.reply(&stage.ines, opened.number, ours).await.unwrap();
    let refused = stage.desk.split(&stage.ines, opened.number, ours).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::NotTheirs))));
    let hidden = stage.desk.split(&stage.claire, opened.number, opened.message).await;
    assert!(matches!(hidden, Err(Error::NotFound)), "a department does not see it");
}

async fn what_is_no_longer_there_is_not_split_again(home: &testkit::Home) {
    let stage = Stage::new(home).await;
    let first = Letter::from(RUTH);
    let number = stage.file(&first).await.number;
    let second = stage.file(&Letter::from(RUTH).subject("Invoice").answers(&first.id())).await;
    let (one, other) = tokio::join!(
        stage.desk.split(&stage.ines, number, second.message),
        stage.desk.split(&stage.jonas, number, second.message),
    );
    assert_ne!(one.is_ok(), other.is_ok(), "one of two at once makes the case");
}

async fn several_messages_go_together_and_come_back(home: &testkit::Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let first = Letter::from(RUTH).text("one");
    let number = stage.file(&first).await.number;
    let second = Letter::from(RUTH).text("two").file("a.pdf", b"%PDF").answers(&first.id());
    let joined = stage.file(&second).await;
    stage.pass(Duration::from_mins(1));
    let ours = desk.reply(ines, number, crate::case::reply("three", "ruth@northwind.example")).await.unwrap();
    let refused = desk.split_off(ines, number, vec![joined.message, ours], "").await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::OnItsWay))));
    assert!(desk.split_off(ines, number, vec![], "").await.is_err());
    stage.pass(Duration::from_mins(1));
    let third = stage.file(&Letter::from(RUTH).text("four").answers(&second.id())).await;
    let before = dump(home, &stage).await;

    let split = vec![third.message, joined.message, joined.message];
    let new = desk.split_off(ines, number, split, "  Something\n else ").await.unwrap();
    let other = stage.spine(ines, new).await.unwrap();
    assert_eq!((other.case.subject.as_str(), other.case.preview.as_str()), ("Something else", "four"));
    assert_eq!(other.messages.len(), 2);
    let left = stage.spine(ines, number).await.unwrap();
    assert_eq!((left.case.preview.as_str(), left.undoable.len()), ("three", 1));

    stage.pass(Duration::from_mins(1));
    undo(&stage, number, new).await.unwrap();
    assert_eq!(dump(home, &stage).await, before);
    let back = stage.spine(ines, new).await.unwrap();
    assert_eq!(back.case.number, number, "the number that was given leads there");
    assert_eq!(
        (back.entries.last().unwrap().fact.clone(), back.undoable.len()),
        (Fact::SplitUndone { number: new }, 0)
    );
    let shown = (0..back.entries.len()).filter(|at| back.message_at(*at).is_some()).count();
    assert_eq!(shown, 4, "each message once");
    assert!(matches!(undo(&stage, number, new).await, Err(Error::Refused(Refusal::NotSplit))));
    assert_eq!(stage.file(&Letter::from(RUTH).answers(&second.id())).await.number, number);
}

async fn what_was_written_meanwhile_comes_back_with_them(home: &testkit::Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let first = Letter::from(RUTH).text("one");
    let number = stage.file(&first).await.number;
    let second = Letter::from(RUTH).text("two").answers(&first.id());
    let joined = stage.file(&second).await;
    desk.resolve(ines, number, "").await.unwrap();
    let new = desk.split(ines, number, joined.message).await.unwrap();
    stage.pass(Duration::from_mins(1));
    desk.note(ines, new, "mine".into()).await.unwrap();
    assert_eq!(stage.file(&Letter::from(RUTH).text("three").answers(&second.id())).await.number, new);
    undo(&stage, number, new).await.unwrap();
    let back = stage.spine(ines, number).await.unwrap();
    let said: Vec<&str> = (0..back.entries.len()).filter_map(|at| Some(back.message_at(at)?.own_words())).collect();
    assert_eq!(said, ["one", "two", "three"]);
    assert!(back.entries.iter().any(|it| matches!(&it.fact, Fact::Noted { text, .. } if text == "mine")));
    assert_eq!((back.case.status, back.case.preview.as_str()), (Status::Open, "three"));
}
