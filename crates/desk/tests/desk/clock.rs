//! The reply clock: who waits, until when, and when it stops.

use std::time::Duration;

use desk::act::Doing;
use desk::case::{Reply, Then};
use domain::{Case, Priority, Status, Targets, Timestamp, Word as _};
use testkit::stage::START;
use testkit::{Home, Letter, Stage, both};

const RUTH: &str = "ruth@northwind.example";

both!(
    a_reply_is_due_from_the_first_word_that_nobody_answered,
    the_clock_follows_what_it_goes_by,
    a_snoozed_case_comes_back_by_itself_or_when_somebody_writes,
    whoever_it_concerns_is_told_once_that_a_reply_is_due,
);

async fn case(stage: &Stage, number: i64) -> Case {
    stage.spine(&stage.ines, number).await.unwrap().case
}

#[expect(clippy::unnecessary_wraps, reason = "what it is held against may be none")]
fn hours(count: u64) -> Option<Timestamp> {
    Some(START.after(Duration::from_hours(count)))
}

async fn reply(stage: &Stage, number: i64, then: Then) {
    let to = domain::Recipients { to: vec![domain::Email::parse(RUTH).unwrap().into()], cc: vec![] };
    let reply = Reply {
        id: None,
        text: "Thanks.".to_owned(),
        html: None,
        recipients: to,
        then,
        seen: None,
        leaves: None,
        files: Vec::new(),
        uploads: Vec::new(),
    };
    stage.desk.reply(&stage.ines, number, reply).await.unwrap();
}

async fn a_reply_is_due_from_the_first_word_that_nobody_answered(home: &Home) {
    let stage = Stage::new(home).await;
    let first = Letter::from(RUTH);
    let number = stage.file(&first).await.number;
    assert_eq!(case(&stage, number).await.due_at, hours(8), "eight hours, in a desk that never closes");
    stage.pass(Duration::from_hours(2));
    stage.file(&Letter::from(RUTH).text("Are you there?").answers(&first.id())).await;
    assert_eq!(case(&stage, number).await.due_at, hours(8), "whoever asks again does not wait anew");
    stage.desk.prioritize(&stage.ines, number, Priority::Urgent).await.unwrap();
    assert_eq!(case(&stage, number).await.due_at, hours(1), "it is late already");
    reply(&stage, number, Then::Waiting).await;
    assert_eq!(case(&stage, number).await.due_at, None);
    stage.file(&Letter::from(RUTH).text("It still fails.").answers(&first.id())).await;
    assert_eq!(case(&stage, number).await.due_at, hours(3));
    reply(&stage, number, Then::Open).await;
    let it = case(&stage, number).await;
    assert_eq!((it.status, it.due_at), (Status::Open, None), "they have an answer, though we owe more");
    stage.desk.resolve(&stage.ines, number, "").await.unwrap();
    stage.file(&Letter::from(RUTH).header("Auto-Submitted", "auto-replied").answers(&first.id())).await;
    assert_eq!(case(&stage, number).await.due_at, None, "a machine waits for nothing");
}

async fn the_clock_follows_what_it_goes_by(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let targets = Targets { normal: Some(90), ..Targets::default() };
    stage.desk.set_targets(&stage.ines, targets).await.unwrap();
    stage.desk.work_off().await.unwrap();
    assert_eq!(case(&stage, number).await.due_at, Some(START.after(Duration::from_mins(90))));
    // From nine to five in London, and it is nine.
    let day = Some(domain::hours::Span { from: 9 * 60, to: 10 * 60 });
    let hours = domain::hours::Hours { days: vec![day; 7], closed: vec![] };
    stage.desk.set_hours(&stage.ines, hours).await.unwrap();
    stage.desk.work_off().await.unwrap();
    assert_eq!(case(&stage, number).await.due_at, Some(START.after(Duration::from_mins(24 * 60 + 30))));
    stage.desk.set_targets(&stage.ines, Targets { normal: None, ..targets }).await.unwrap();
    stage.desk.work_off().await.unwrap();
    assert_eq!(case(&stage, number).await.due_at, None);
    assert!(stage.desk.set_targets(&stage.jonas, targets).await.is_err());
    assert!(stage.desk.set_targets(&stage.ines, Targets { low: Some(0), ..targets }).await.is_err());
}

async fn a_snoozed_case_comes_back_by_itself_or_when_somebody_writes(home: &Home) {
    let stage = Stage::new(home).await;
    let first = Letter::from(RUTH);
    let number = stage.file(&first).await.number;
    let snooze = async |hours: u64| {
        let until = stage.desk.now().after(Duration::from_hours(hours));
        stage.desk.act(&stage.ines, number, Doing::Snooze(until)).await.unwrap();
    };
    snooze(3).await;
    stage.desk.reconcile_once(false).await.unwrap();
    assert_eq!(case(&stage, number).await.wake_at, hours(3));
    stage.pass(Duration::from_hours(3));
    stage.desk.reconcile_once(false).await.unwrap();
    let it = case(&stage, number).await;
    assert_eq!((it.status, it.wake_at, it.due_at), (Status::Open, None, hours(8)));
    snooze(3).await;
    stage.file(&Letter::from(RUTH).header("Auto-Submitted", "auto-replied").answers(&first.id())).await;
    assert!(case(&stage, number).await.wake_at.is_some(), "an automatic answer wakes nobody");
    stage.file(&Letter::from(RUTH).text("Any news?").answers(&first.id())).await;
    assert_eq!(case(&stage, number).await.wake_at, None);
    let past = stage.desk.act(&stage.ines, number, Doing::Snooze(START)).await;
    assert!(past.is_err(), "nobody can snooze into the past");
}

async fn whoever_it_concerns_is_told_once_that_a_reply_is_due(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    stage.desk.assign(&stage.ines, number, Some(stage.jonas.id)).await.unwrap();
    let told = async || {
        let scope = store::Scope::of(&stage.jonas);
        let page = stage
            .desk
            .db
            .read(async move |rx| store::notification::page(rx, &scope, domain::NotificationKind::ALL, None).await)
            .await
            .unwrap();
        page.lines.into_iter().filter(|it| it.kind == domain::NotificationKind::Clock).count()
    };
    stage.pass(Duration::from_mins(7 * 60 + 44));
    stage.desk.reconcile_once(false).await.unwrap();
    assert_eq!(told().await, 0);
    stage.pass(Duration::from_mins(1));
    for _ in 0..2 {
        stage.desk.reconcile_once(false).await.unwrap();
        assert_eq!(told().await, 1);
    }
    assert!(case(&stage, number).await.warned);
}
