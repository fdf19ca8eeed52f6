//! The index of the search, and what it is asked.

use domain::{Filter, MessageState};
use store::bulk::{self, Cell, Rows};
use store::case::list::{self, From};
use store::search::{answer, fill, index, like, people};
use store::{Db, Lock, Scope, entry, filter, message};

use crate::support::{NOW, add_case, add_customer, add_message, after, id};

pub async fn keep_index(db: &Db) {
    while index::keep(db).await.unwrap() != index::Kept::Nothing {}
}

pub async fn of_search(db: &Db, scope: Scope) {
    keep_index(db).await;
    let name = if scope.teams().is_some() { "yan@example.org" } else { "zoe@example.org" };
    let zoe = add_customer(db, name).await;
    let case = add_case(db, zoe, after(2), |_| ()).await;
    let mail = add_message(db, &case, "3", NOW).await;
    keep_index(db).await;

    let write = db.write([Lock::Customer(case.customer)], async move |tx| {
        let note = domain::Fact::Noted {
            text: "on fire".to_owned(),
            files: Vec::new(),
            mentions: Vec::new(),
            status: case.status,
        };
        let entry = domain::Entry { number: Some(7), at: NOW, by: domain::Actor::Job, fact: note };
        entry::append(tx, id(), case.customer, Some(case.id), &entry).await?;
        message::move_to(tx, &mail, case.id, &[]).await?;
        message::set_state(tx, &mail, MessageState::TakenBack, None).await
    });
    write.await.unwrap();
    keep_index(db).await;
    let printer = case.clone();
    let read = db.read(async move |rx| {
        for text in ["fire printer INV-10874 -absent before:1d", "fire customer:ann is:open", "printer"] {
            let asked = filter::ask(rx, &scope, &Filter::parse(text).0, |_| Some(after(60))).await?.0;
            for before in [None, Some(100)] {
                answer::answer(rx, &scope, &asked, answer::Order::Newest, before).await?;
            }
            answer::answer(rx, &scope, &asked, answer::Order::Best, None).await?;
            list::page(rx, &scope, &asked, From::Newest).await?;
            list::count(rx, &scope, &asked).await?;
        }
        let ann = Filter::parse("example").0.sought();
        people::find(rx, &scope, &ann, 5).await?;
        let asked = filter::ask(rx, &scope, &Filter::parse("customer:ann").0, |_| None).await?.0;
        like::solved(rx, &scope, &printer).await?;
        list::page(rx, &scope, &asked, From::Newest).await
    });
    read.await.unwrap();
    index::outdate(db).await.unwrap();
    keep_index(db).await;
    fill::fill(db, &|_, _| ()).await.unwrap();
}

/// Rows in bulk: all of a table, and one more in another.
pub async fn of_bulk(db: &Db) {
    let rows = db.read(async |rx| bulk::all(rx, "teams").await).await.unwrap();
    let other = vec![Cell::Text("copied".to_owned()), Cell::Text("yes".to_owned())];
    let settings = Rows { table: "settings", columns: vec!["name".to_owned(), "value".to_owned()], rows: vec![other] };
    assert!(!rows.rows.is_empty());
    bulk::write(db, vec![settings]).await.unwrap();
    bulk::go_on_behind(db, 100).await.unwrap();
}
