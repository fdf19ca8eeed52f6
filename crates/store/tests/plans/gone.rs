//! What is asked when a case is deleted, and its customer with it.

use domain::{Actor, Aside, Case, Fact, Unwanted};
use store::case::{self, Place};
use store::{Db, Error, Lock, customer, entry, message};

use crate::support::{NOW, id, new_message};

pub async fn of_deletion(db: &Db, case: &Case) {
    let case = case.clone();
    let write = db.write([Lock::Customer(case.customer)], async move |tx| {
        let mut case = case.clone();
        case.put_aside(Aside::Trash, Unwanted::Person, Actor::Job, NOW);
        case::save(tx, &case).await?;
        case::save_words(tx, &case).await?;
        let way = Fact::AlsoArrived { message: id(), channel: id() };
        let entry = case.remark(way, Actor::Job, NOW);
        entry::append(tx, id(), case.customer, Some(case.id), &entry).await?;
        let mut raw = new_message(case.customer, case.id, "raw", NOW);
        raw.raw_hash = Some("raw".to_owned());
        message::insert(tx, &raw, None).await?;
        case::aside::delete(tx, Place { customer: case.customer, case: case.id }).await?;
        let held = customer::addresses(tx, case.customer).await?;
        assert!(customer::remove_if_empty(tx, case.customer, &held).await?);
        Ok::<_, Error>(())
    });
    write.await.unwrap();
}
