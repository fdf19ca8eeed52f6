//! Spam, trash and blocked senders: what is put aside, what comes back, and what goes by itself.

use std::time::Duration;

use desk::Error;
use desk::mail::Filed;
use domain::{Aside, Case, Fact, Refusal, Role, Status, Unwanted, View};
use store::Scope;
use store::case::list::{self, From, Line};
use store::filter::Asked;
use testkit::{Home, Letter, Stage};

testkit::both!(
    spam_stands_in_no_other_list_and_comes_back_as_it_was,
    the_mail_of_a_blocked_sender_is_spam_from_its_beginning,
    a_blocked_sender_joins_their_case_and_is_marked,
    nobody_blocks_themselves_or_a_whole_provider,
    a_deleted_case_is_restored_by_a_person_or_a_new_message,
    what_is_put_aside_is_deleted_after_its_time,
    a_lead_empties_the_spam_and_nothing_else,
    a_department_sees_nothing_that_is_put_aside,
);

const RUTH: &str = "Ruth Alvarez <ruth@northwind.example>";

async fn view(stage: &Stage, view: View) -> Vec<i64> {
    let scope = Scope::of(&stage.ines);
    let page = stage
        .desk
        .db
        .read(async move |rx| list::page(rx, &scope, &Asked::of(view, &scope), From::Newest).await)
        .await
        .unwrap();
    page.lines.iter().map(|it: &Line| it.number).collect()
}

async fn counts(stage: &Stage) -> Vec<(View, i64)> {
    let scope = Scope::of(&stage.ines);
    stage.desk.db.read(async move |rx| list::counts(rx, &scope).await).await.unwrap()
}

async fn case(stage: &Stage, number: i64) -> Case {
    stage.spine(&stage.ines, number).await.unwrap().case
}

async fn facts(stage: &Stage, number: i64) -> Vec<Fact> {
    stage.spine(&stage.ines, number).await.unwrap().entries.into_iter().map(|it| it.fact).collect()
}

/// Numbers of the cases that the customer's card and timeline show.
async fn at_customer(stage: &Stage, filed: &Filed) -> (Vec<i64>, Vec<i64>) {
    let (scope, id) = (Scope::of(&stage.ines), filed.customer);
    let read = stage.desk.db.read(async move |rx| {
        let card = store::customer::card(rx, &scope, id).await?;
        let timeline = store::entry::timeline(rx, &scope, id, None, None).await?;
        let told = timeline.lines.iter().filter_map(|it| it.case).collect();
        Ok::<_, store::Error>((card.cases.iter().map(|it| it.number).collect(), told))
    });
    read.await.unwrap()
}

async fn spam_stands_in_no_other_list_and_comes_back_as_it_was(home: &Home) {
    let stage = Stage::new(home).await;
    let letter = Letter::from(RUTH);
    let filed = stage.file(&letter).await;
    let number = filed.number;
    stage.desk.assign(&stage.jonas, number, Some(stage.ines.id)).await.unwrap();
    assert_eq!(view(&stage, View::Mine).await, [number]);
    for _ in 0..2 {
        stage.desk.put_aside(&stage.jonas, number, Aside::Spam).await.unwrap();
    }
    for elsewhere in [View::Mine, View::Unassigned, View::Us, View::Waiting, View::All, View::Trash] {
        assert_eq!(view(&stage, elsewhere).await, [0; 0], "{elsewhere}");
    }
    assert_eq!(view(&stage, View::Spam).await, [number]);
    let zero =
        [(View::Mine, 0), (View::Unassigned, 0), (View::Due, 0), (View::Us, 0), (View::Waiting, 0), (View::Spam, 1)];
    assert_eq!(counts(&stage).await, zero);
    assert_eq!(at_customer(&stage, &filed).await, (vec![], vec![]));

    // Its thread goes on there, and nobody works on it.
    let answer = Letter::from(RUTH).text("Buy more").answers(&letter.id());
    assert_eq!(stage.file(&answer).await.number, number);
    let it = case(&stage, number).await;
    let aside = it.aside.unwrap();
    assert_eq!((aside.to, aside.why, aside.by), (Aside::Spam, Unwanted::Person, Some(stage.jonas.id)));
    assert_eq!((it.status, it.is_live()), (Status::Open, false));
    let refused = stage.desk.resolve(&stage.ines, number, "").await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Aside))), "{refused:?}");
    let refused = stage.desk.note(&stage.ines, number, "A note".into()).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Aside))), "{refused:?}");

    for _ in 0..2 {
        stage.desk.put_back(&stage.ines, number).await.unwrap();
    }
    assert_eq!(view(&stage, View::Mine).await, [number]);
    assert_eq!(case(&stage, number).await.status, Status::Open);
    let words: Vec<&str> = facts(&stage, number).await.iter().map(Fact::word).collect();
    assert_eq!(words, ["opened", "assigned", "put_aside", "received", "put_back"]);
    assert_eq!(at_customer(&stage, &filed).await.0, [number]);
}

async fn the_mail_of_a_blocked_sender_is_spam_from_its_beginning(home: &Home) {
    let stage = Stage::new(home).await;
    let first = stage.file(&Letter::from(RUTH)).await;
    stage.desk.block_sender_of(&stage.jonas, first.number, false).await.unwrap();
    assert_eq!(view(&stage, View::All).await, [first.number], "what is there stays");
    let letter = Letter::from("ruth+shop@northwind.example").subject("Something else");
    let second = stage.file(&letter).await;
    let it = case(&stage, second.number).await;
    assert_eq!(it.aside.map(|it| (it.to, it.why, it.by)), Some((Aside::Spam, Unwanted::Blocked, None)));
    assert_eq!((it.status, view(&stage, View::Spam).await), (Status::New, vec![second.number]));
    let again = Letter::from("ruth+shop@northwind.example").text("again").answers(&letter.id());
    assert_eq!(stage.file(&again).await.number, second.number);
    let other = stage.file(&Letter::from("dan@northwind.example")).await;
    assert_eq!(case(&stage, other.number).await.aside, None, "he is another");

    stage.desk.block_sender_of(&stage.jonas, other.number, true).await.unwrap();
    let third = stage.file(&Letter::from("amy@northwind.example")).await;
    assert!(case(&stage, third.number).await.aside.is_some());
    let other = stage.file(&Letter::from("amy@sub.northwind.example")).await;
    assert!(case(&stage, other.number).await.aside.is_none(), "another domain");

    let (scope, agent) = (Scope::of(&stage.ines), Scope::of(&stage.jonas));
    let page = stage.desk.db.read(async move |rx| store::block::page(rx, &scope, None).await);
    let mut held: Vec<(String, i64)> = page.await.unwrap().0.into_iter().map(|it| (it.sender, it.held)).collect();
    held.sort();
    assert_eq!(held, [("northwind.example".to_owned(), 1), ("ruth@northwind.example".to_owned(), 2)]);
    let page = stage.desk.db.read(async move |rx| store::block::page(rx, &agent, None).await).await;
    assert!(matches!(page, Err(store::Error::NotFound)));

    stage.desk.unblock_sender_of(&stage.jonas, first.number).await.unwrap();
    let held = stage.file(&Letter::from(RUTH).subject("And me?")).await;
    assert!(case(&stage, held.number).await.aside.is_some(), "who frees an address frees no domain");
    stage.desk.unblock(&stage.ines, "@Northwind.example").await.unwrap();
    let fine = stage.file(&Letter::from(RUTH).subject("Peace")).await;
    assert_eq!(case(&stage, fine.number).await.aside, None);
}

async fn a_blocked_sender_joins_their_case_and_is_marked(home: &Home) {
    let stage = Stage::new(home).await;
    let letter = Letter::from(RUTH);
    let number = stage.file(&letter).await.number;
    stage.desk.block(&stage.jonas, "ruth@northwind.example").await.unwrap();
    let filed = stage.file(&Letter::from(RUTH).text("Still smoke").answers(&letter.id())).await;
    assert_eq!((filed.number, case(&stage, number).await.aside), (number, None));
    let last = facts(&stage, number).await.pop().unwrap();
    assert_eq!(last, Fact::Suspected { message: filed.message, why: Unwanted::Blocked });
    assert_eq!(view(&stage, View::Unassigned).await, [number]);
}

async fn nobody_blocks_themselves_or_a_whole_provider(home: &Home) {
    let stage = Stage::new(home).await;
    for (sender, why) in [
        ("gmail.com", "free mail provider"),
        ("@gmail.com", "free mail provider"),
        ("support@desk.example", "one of your own"),
        ("support+tag@desk.example", "one of your own"),
        ("jonas@desk.example", "one of your own"),
        ("desk.example", "one of your own"),
        ("nonsense", "Write an address"),
        ("a b@x.example", "Write an address"),
        ("", "Write an address"),
    ] {
        match stage.desk.block(&stage.ines, sender).await {
            Err(Error::Invalid { field: "sender", why: said }) => assert!(said.contains(why), "{sender}: {said}"),
            other => panic!("{sender}: {other:?}"),
        }
    }
    stage.desk.block(&stage.ines, "ann@gmail.com").await.unwrap();
    let refused = stage.desk.block(&stage.claire, "evil.example").await;
    assert!(matches!(refused, Err(Error::NotFound)), "a department does not decide for the desk");
}

async fn a_deleted_case_is_restored_by_a_person_or_a_new_message(home: &Home) {
    let stage = Stage::new(home).await;
    let letter = Letter::from(RUTH);
    let number = stage.file(&letter).await.number;
    stage.desk.put_aside(&stage.jonas, number, Aside::Trash).await.unwrap();
    assert_eq!((view(&stage, View::Trash).await, view(&stage, View::All).await), (vec![number], vec![]));
    stage.desk.put_back(&stage.jonas, number).await.unwrap();
    assert_eq!(view(&stage, View::Unassigned).await, [number]);

    stage.desk.put_aside(&stage.jonas, number, Aside::Trash).await.unwrap();
    let machine = Letter::from(RUTH).text("I am away").answers(&letter.id()).header("Auto-Submitted", "auto-replied");
    stage.file(&machine).await;
    assert_eq!(view(&stage, View::Trash).await, [number], "a machine brings nothing back");
    stage.file(&Letter::from(RUTH).text("Hello?").answers(&letter.id())).await;
    assert_eq!(view(&stage, View::Unassigned).await, [number], "whoever wrote waits for an answer");
    let last = facts(&stage, number).await.pop().unwrap();
    assert_eq!(last, Fact::PutBack { from: Aside::Trash, status: Status::New });

    // From spam it goes to the trash, and from there among the others.
    stage.desk.put_aside(&stage.jonas, number, Aside::Spam).await.unwrap();
    stage.desk.put_aside(&stage.jonas, number, Aside::Trash).await.unwrap();
    assert_eq!((view(&stage, View::Spam).await, view(&stage, View::Trash).await), (vec![], vec![number]));
}

async fn what_is_put_aside_is_deleted_after_its_time(home: &Home) {
    let stage = Stage::new(home).await;
    let mut numbers = Vec::new();
    for (at, to) in [Aside::Spam, Aside::Trash, Aside::Trash].into_iter().enumerate() {
        let number = stage.file(&Letter::from(&format!("p{at}@northwind.example"))).await.number;
        stage.desk.put_aside(&stage.jonas, number, to).await.unwrap();
        numbers.push(number);
    }
    let kept = stage.file(&Letter::from(RUTH)).await.number;
    stage.desk.put_back(&stage.jonas, numbers[2]).await.unwrap();
    stage.desk.keep_for(&stage.ines, Aside::Trash, 40).await.unwrap();
    for days in [-1, 3651] {
        let refused = stage.desk.keep_for(&stage.ines, Aside::Trash, days).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{days}");
    }
    assert!(matches!(stage.desk.keep_for(&stage.jonas, Aside::Trash, 1).await, Err(Error::NotFound)));
    let there = async || (view(&stage, View::Spam).await, view(&stage, View::Trash).await);
    stage.pass(Duration::from_hours(24 * 29));
    stage.desk.reconcile_once(false).await.unwrap();
    assert_eq!(there().await, (vec![numbers[0]], vec![numbers[1]]));
    stage.pass(Duration::from_hours(24 * 2));
    stage.desk.reconcile_once(false).await.unwrap();
    assert_eq!(there().await, (vec![], vec![numbers[1]]), "thirty days, unless somebody says otherwise");
    stage.desk.keep_for(&stage.ines, Aside::Trash, 0).await.unwrap();
    stage.pass(Duration::from_hours(24 * 1000));
    stage.desk.reconcile_once(false).await.unwrap();
    assert_eq!(there().await.1, [numbers[1]], "zero is never");
    stage.desk.keep_for(&stage.ines, Aside::Trash, 1).await.unwrap();
    stage.desk.reconcile_once(false).await.unwrap();
    assert_eq!(there().await, (vec![], vec![]));
    let mut left = view(&stage, View::All).await;
    left.sort_unstable();
    assert_eq!(left, [numbers[2], kept]);
}

async fn a_lead_empties_the_spam_and_nothing_else(home: &Home) {
    let stage = Stage::new(home).await;
    let lead = domain::Member { role: Role::Lead, ..stage.jonas.clone() };
    let mut numbers = Vec::new();
    for (at, to) in [Aside::Spam, Aside::Spam, Aside::Trash].into_iter().enumerate() {
        let number = stage.file(&Letter::from(&format!("p{at}@northwind.example"))).await.number;
        stage.desk.put_aside(&stage.jonas, number, to).await.unwrap();
        numbers.push(number);
    }
    assert!(matches!(stage.desk.empty(&stage.jonas, Aside::Spam).await, Err(Error::NotFound)));
    assert!(matches!(stage.desk.empty(&lead, Aside::Trash).await, Err(Error::NotFound)));
    assert!(matches!(stage.desk.delete_for_good(&lead, numbers[0]).await, Err(Error::NotFound)));
    stage.desk.empty(&lead, Aside::Spam).await.unwrap();
    // What comes after somebody has asked is not what they have seen.
    stage.pass(Duration::from_secs(1));
    let late = stage.file(&Letter::from(RUTH)).await.number;
    stage.desk.put_aside(&stage.jonas, late, Aside::Spam).await.unwrap();
    assert_eq!(stage.desk.work_off().await.unwrap(), 1);
    assert_eq!((view(&stage, View::Spam).await, view(&stage, View::Trash).await), (vec![late], vec![numbers[2]]));
    stage.desk.empty(&stage.ines, Aside::Trash).await.unwrap();
    stage.desk.work_off().await.unwrap();
    assert_eq!(view(&stage, View::Trash).await, [0; 0]);
}

async fn a_department_sees_nothing_that_is_put_aside(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    stage.desk.give_to(&stage.ines, number, Some(stage.finance)).await.unwrap();
    assert!(stage.spine(&stage.claire, number).await.is_ok());
    assert!(matches!(stage.desk.put_aside(&stage.claire, number, Aside::Trash).await, Err(Error::NotFound)));
    stage.desk.put_aside(&stage.jonas, number, Aside::Trash).await.unwrap();
    assert!(matches!(stage.spine(&stage.claire, number).await, Err(store::Error::NotFound)));
    for view in [View::Spam, View::Trash, View::All] {
        let scope = Scope::of(&stage.claire);
        let page = stage
            .desk
            .db
            .read(async move |rx| list::page(rx, &scope, &Asked::of(view, &scope), From::Newest).await)
            .await;
        assert!(
            page.is_err() == view.aside().is_some()
                && page.is_ok_and(|it| it.lines.is_empty()) == view.aside().is_none()
        );
    }
    assert!(matches!(stage.desk.put_back(&stage.claire, number).await, Err(Error::NotFound)));
}
