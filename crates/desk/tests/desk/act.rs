//! What is done with a key, to one case or to many, and undone.

use std::time::Duration;

use desk::act::Doing;
use desk::case::{Reply, Then};
use desk::field::NewField;
use domain::{Aside, Case, Fact, FieldKind, Owner, Priority, Status};
use testkit::{Home, Letter, Stage, both};

both!(
    what_is_done_to_many_is_undone_with_one_key,
    what_others_changed_since_stays,
    what_cannot_be_changed_holds_nothing_up,
    tags_are_made_renamed_and_deleted,
    a_field_is_asked_for_before_a_case_is_resolved,
);

async fn case(stage: &Stage, number: i64) -> Case {
    stage.spine(&stage.ines, number).await.unwrap().case
}

async fn cases(stage: &Stage, count: usize) -> Vec<i64> {
    let mut numbers = Vec::new();
    for at in 0..count {
        numbers.push(stage.file(&Letter::from(&format!("u{at}@example.org"))).await.number);
    }
    numbers
}

async fn what_is_done_to_many_is_undone_with_one_key(home: &Home) {
    let stage = Stage::new(home).await;
    let numbers = cases(&stage, 3).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let tags = desk.tags_named(ines, &["Billing".to_owned(), " returns ".to_owned()]).await.unwrap();
    for doing in [
        Doing::Assign(Some(stage.jonas.id)),
        Doing::GiveTo(Some(stage.finance)),
        Doing::Prioritize(Priority::Urgent),
        Doing::Tag(tags, Vec::new()),
        Doing::Snooze(desk.now().after(Duration::from_hours(1))),
        Doing::Resolve { resolution: "Restarted it.".to_owned(), fields: Vec::new() },
        Doing::PutAside(Aside::Trash),
    ] {
        let mut before = Vec::new();
        for it in &numbers {
            before.push(case(&stage, *it).await);
        }
        let done = desk.act_on_all(ines, &numbers, doing.clone()).await.unwrap();
        assert_eq!((done.changed, &done.refused), (3, &None), "{doing:?}");
        let changed = case(&stage, numbers[0]).await;
        assert_ne!(changed.standing(), before[0].standing(), "{doing:?}");
        assert!(desk.undo(&stage.jonas, done.act.unwrap()).await.is_err(), "nobody undoes what another did");
        assert_eq!(desk.undo(ines, done.act.unwrap()).await.unwrap(), 3);
        for (number, was) in numbers.iter().zip(&before) {
            let now = case(&stage, *number).await;
            assert_eq!(now.standing(), was.standing(), "{doing:?}");
            assert_eq!(now.due_at, was.due_at, "{doing:?}");
        }
        assert!(desk.undo(ines, done.act.unwrap()).await.is_err(), "once");
    }
    let spine = stage.spine(ines, numbers[0]).await.unwrap();
    assert_eq!(spine.entries.last().unwrap().fact, Fact::Undone { status: Status::New });
}

async fn what_others_changed_since_stays(home: &Home) {
    let stage = Stage::new(home).await;
    let numbers = cases(&stage, 2).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let done = desk.act_on_all(ines, &numbers, Doing::Assign(Some(ines.id))).await.unwrap();
    desk.assign(&stage.jonas, numbers[0], Some(stage.jonas.id)).await.unwrap();
    assert_eq!(desk.undo(ines, done.act.unwrap()).await.unwrap(), 2, "the status of both goes back");
    assert_eq!(case(&stage, numbers[0]).await.assignee, Some(stage.jonas.id));
    assert_eq!(case(&stage, numbers[1]).await.assignee, None);
    let late = desk.act(ines, numbers[1], Doing::Prioritize(Priority::Low)).await.unwrap().unwrap();
    stage.pass(Duration::from_hours(2));
    assert!(desk.undo(ines, late).await.is_err(), "not after hours");
    stage.desk.reconcile_once(true).await.unwrap();
    assert!(desk.undo(ines, late).await.is_err());
}

async fn what_cannot_be_changed_holds_nothing_up(home: &Home) {
    let stage = Stage::new(home).await;
    let numbers = cases(&stage, 3).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    desk.resolve(ines, numbers[1], "").await.unwrap();
    let resolve = Doing::Resolve { resolution: String::new(), fields: Vec::new() };
    let done = desk.act_on_all(ines, &numbers, resolve.clone()).await.unwrap();
    assert_eq!((done.changed, done.refused.unwrap().0), (2, 1));
    // A department member reaches nothing of it.
    let none = desk.act_on_all(&stage.claire, &numbers, Doing::Reopen).await.unwrap();
    assert_eq!((none.changed, none.refused.unwrap().0), (0, 3));
    assert!(desk.act_on_all(ines, &[7; 201], Doing::Reopen).await.is_err());
}

async fn tags_are_made_renamed_and_deleted(home: &Home) {
    let stage = Stage::new(home).await;
    let number = cases(&stage, 1).await[0];
    let (desk, ines) = (&stage.desk, &stage.ines);
    let made = desk.tags_named(&stage.jonas, &["Billing".to_owned()]).await.unwrap();
    let again = desk.tags_named(ines, &["bILLING".to_owned(), "new".to_owned()]).await.unwrap();
    assert_eq!(again[0], made[0], "the same word is the same tag");
    for wrong in ["", " ", "a,b", "none", &"x".repeat(41)] {
        assert!(desk.tags_named(ines, &[wrong.to_owned()]).await.is_err(), "{wrong:?}");
    }
    desk.act(ines, number, Doing::Tag(again.clone(), Vec::new())).await.unwrap();
    assert!(desk.rename_tag(ines, again[0].id, "NEW").await.is_err(), "two tags are not called the same");
    desk.rename_tag(ines, again[0].id, "Invoices").await.unwrap();
    assert!(desk.rename_tag(&stage.jonas, again[0].id, "Mine").await.is_err());
    assert_eq!(case(&stage, number).await.tags.len(), 2);
    desk.delete_tag(ines, again[0].id).await.unwrap();
    desk.work_off().await.unwrap();
    assert_eq!(case(&stage, number).await.tags, [again[1].id]);
}

async fn a_field_is_asked_for_before_a_case_is_resolved(home: &Home) {
    let stage = Stage::new(home).await;
    let number = cases(&stage, 1).await[0];
    let (desk, ines) = (&stage.desk, &stage.ines);
    let new = |name: &str, kind| NewField {
        owner: Owner::Case,
        kind,
        name: name.to_owned(),
        choices: vec!["Router".to_owned(), "Printer".to_owned()],
        required: kind == FieldKind::Choice,
    };
    let product = desk.add_field(ines, new("Product", FieldKind::Choice)).await.unwrap();
    let cost = desk.add_field(ines, new("Cost", FieldKind::Number)).await.unwrap();
    let day = desk.add_field(ines, new("Bought", FieldKind::Date)).await.unwrap();
    assert!(desk.add_field(ines, new("product", FieldKind::Text)).await.is_err());
    assert!(desk.add_field(&stage.jonas, new("Other", FieldKind::Text)).await.is_err());
    let refused = desk.resolve(ines, number, "Done").await.unwrap_err().to_string();
    assert!(refused.contains("Product"), "{refused}");
    let answer = Reply { then: Then::Resolved, ..crate::case::reply("Done.", "u0@example.org") };
    let refused = desk.reply(ines, number, answer).await.unwrap_err().to_string();
    assert!(refused.contains("Product"), "an answer resolves it no more than a key does: {refused}");
    for (field, wrong) in [(product, "Car"), (cost, "twelve"), (day, "2026-02-30")] {
        let doing = Doing::Fill(vec![(field, wrong.to_owned())]);
        assert!(desk.act(ines, number, doing).await.is_err(), "{wrong}");
    }
    let fields = vec![(cost, "012,50".to_owned()), (day, "2026-02-28".to_owned())];
    let filled = desk.act(ines, number, Doing::Fill(fields.clone())).await.unwrap().unwrap();
    desk.undo(ines, filled).await.unwrap();
    assert!(case(&stage, number).await.fields.is_empty());
    desk.act(ines, number, Doing::Fill(fields)).await.unwrap();
    let fields = vec![(product, "router".to_owned())];
    desk.act(ines, number, Doing::Resolve { resolution: String::new(), fields }).await.unwrap();
    let it = case(&stage, number).await;
    assert_eq!(
        (it.status, it.fields[&cost].as_str(), it.fields[&day].as_str()),
        (Status::Resolved, "12.5", "2026-02-28")
    );
    let spine = stage.spine(ines, number).await.unwrap();
    let said: Vec<&Fact> = spine.entries.iter().map(|it| &it.fact).collect();
    let router = Fact::FieldChanged { field: "Product".to_owned(), from: None, to: Some("Router".to_owned()) };
    assert!(said.contains(&&router), "{said:?}");
    desk.delete_field(ines, product).await.unwrap();
}
