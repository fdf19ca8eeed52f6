//! A case goes to another customer, and back.

use std::time::Duration;

use desk::Error;
use domain::{CustomerId, DraftKind, Fact, Refusal};
use store::{Scope, customer, message};
use testkit::{Home, Letter, Stage};

use crate::case::reply;
use crate::dump::{dump, numbers};

testkit::both!(
    a_case_takes_all_that_is_its_own_along_and_comes_back,
    whoever_is_known_there_is_that_person,
    what_is_on_its_way_stays_until_it_has_left,
    moves_at_once_are_one,
    a_department_moves_nothing,
);

const RUTH: &str = "Ruth Alvarez <ruth@home.example>";

async fn last_move(stage: &Stage, number: i64) -> i64 {
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    spine.entries.iter().rfind(|it| matches!(it.fact, Fact::Moved(_))).unwrap().number.unwrap()
}

async fn people(stage: &Stage, id: CustomerId) -> Vec<String> {
    let scope = Scope::of(&stage.ines);
    let card = stage.desk.db.read(async move |rx| customer::card(rx, &scope, id).await).await.unwrap();
    card.people.iter().map(|it| format!("{} {}", it.name, it.address.as_ref().unwrap())).collect()
}

async fn a_case_takes_all_that_is_its_own_along_and_comes_back(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let northwind = stage.organization("Northwind Bakery", "northwind.example").await;
    let first = Letter::from(RUTH).text("one").file("a.pdf", b"%PDF");
    let filed = stage.file(&first).await;
    let number = filed.number;
    let other = stage.file(&Letter::from(RUTH).text("of the same person")).await.number;
    let merged = stage.file(&Letter::from(RUTH).text("two")).await;
    desk.merge(ines, number, merged.number).await.unwrap();
    desk.keep_draft(ines, number, DraftKind::Reply, "Dear", None, domain::Recipients::default()).await.unwrap();
    let before = dump(home, &stage).await;

    stage.pass(Duration::from_mins(1));
    desk.move_case(ines, number, northwind).await.unwrap();
    let moved = stage.spine(ines, number).await.unwrap();
    assert_eq!((moved.customer.name.as_str(), moved.contact.1.as_str()), ("Northwind Bakery", "Ruth Alvarez"));
    assert_eq!(moved.messages.len(), 2);
    assert_eq!(people(&stage, northwind).await, ["Ruth Alvarez ruth@home.example"]);
    let scope = Scope::of(ines);
    let file = desk.db.read(async move |rx| {
        let it = message::within(rx, &scope, number, filed.message).await?;
        store::blob::read(rx, it.customer, it.case, &it.files[0].hash).await
    });
    assert_eq!(file.await.unwrap(), b"%PDF");
    // Its thread goes on there, and the case beside it stays.
    let answer = stage.file(&Letter::from(RUTH).text("three").answers(&first.id())).await;
    assert_eq!((answer.number, answer.customer), (number, northwind));
    assert_eq!(stage.spine(ines, other).await.unwrap().case.customer, filed.customer);
    let again = stage.receive(&first).await;
    assert!(matches!(again, desk::mail::Receipt::Known(it) if it.customer == northwind));

    let desk::mail::Filed { message, .. } = answer;
    desk.undo_entry(ines, number, last_move(&stage, number).await).await.unwrap();
    let back = stage.spine(ines, number).await.unwrap();
    assert_eq!((back.case.customer, back.contact.1.as_str()), (filed.customer, "Ruth Alvarez"));
    assert_eq!(back.messages[&message].contact, filed.contact);
    let count = i64::try_from(numbers(&stage, number).await.len()).unwrap();
    assert_eq!(numbers(&stage, number).await, (1..=count).collect::<Vec<_>>());
    assert!(matches!(desk.undo_entry(ines, number, count).await, Err(Error::Conflict(_))));
    assert_eq!(people(&stage, northwind).await, [""; 0], "who was added for it is gone");
    let new = stage.file(&Letter::from(RUTH).text("later")).await;
    assert_eq!(new.customer, filed.customer);

    // What the answer added stays; all else is what it was.
    let after = dump(home, &stage).await;
    let lost: Vec<&String> = before.iter().filter(|it| !after.contains(it) && !it.starts_with("cases")).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

async fn whoever_is_known_there_is_that_person(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let filed = stage.file(&Letter::from(RUTH)).await;
    let northwind = stage.organization("Northwind Bakery", "northwind.example").await;
    // Ruth is known at both once her case was there, and stays since another is there.
    let first = stage.file(&Letter::from(RUTH).text("first")).await.number;
    desk.move_case(ines, first, northwind).await.unwrap();
    let before = dump(home, &stage).await;
    desk.move_case(ines, filed.number, northwind).await.unwrap();
    assert_eq!(people(&stage, northwind).await, ["Ruth Alvarez ruth@home.example"], "one person");
    assert!(matches!(desk.move_case(ines, filed.number, northwind).await, Err(Error::Conflict(_))));
    desk.undo_entry(ines, filed.number, last_move(&stage, filed.number).await).await.unwrap();
    assert_eq!(dump(home, &stage).await, before);
    desk.undo_entry(ines, first, last_move(&stage, first).await).await.unwrap();
    assert_eq!(people(&stage, northwind).await, [""; 0]);
}

async fn what_is_on_its_way_stays_until_it_has_left(home: &Home) {
    let stage = Stage::new(home).await;
    let northwind = stage.organization("Northwind Bakery", "northwind.example").await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let ours = stage.desk.reply(&stage.ines, number, reply("Now.", "ruth@home.example")).await.unwrap();
    let refused = stage.desk.move_case(&stage.ines, number, northwind).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::OnItsWay))));
    stage.desk.take_back(&stage.ines, number, ours).await.unwrap();
    stage.desk.move_case(&stage.ines, number, northwind).await.unwrap();
}

async fn moves_at_once_are_one(home: &Home) {
    let stage = Stage::new(home).await;
    let one = stage.organization("Northwind Bakery", "northwind.example").await;
    let other = stage.organization("Oakridge Creamery", "oakridge.example").await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let (a, b) = tokio::join!(
        stage.desk.move_case(&stage.ines, number, one),
        stage.desk.move_case(&stage.jonas, number, other),
    );
    a.unwrap();
    b.unwrap();
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    let Fact::Moved(last) = &spine.entries.last().unwrap().fact else { panic!("it moved last") };
    assert_eq!(spine.case.customer, last.to);
    assert_eq!(numbers(&stage, number).await, [1, 2, 3]);
}

async fn a_department_moves_nothing(home: &Home) {
    let stage = Stage::new(home).await;
    let northwind = stage.organization("Northwind Bakery", "northwind.example").await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    stage.desk.give_to(&stage.ines, number, Some(stage.finance)).await.unwrap();
    assert!(matches!(stage.desk.move_case(&stage.claire, number, northwind).await, Err(Error::NotFound)));
    stage.desk.move_case(&stage.ines, number, northwind).await.unwrap();
    let entry = last_move(&stage, number).await;
    assert!(matches!(stage.desk.undo_entry(&stage.claire, number, entry).await, Err(Error::NotFound)));
    let nobody = stage.desk.id::<CustomerId>();
    assert!(matches!(stage.desk.move_case(&stage.ines, number, nobody).await, Err(Error::NotFound)));
}
