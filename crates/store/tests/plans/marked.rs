//! Tags, fields, and what is done and undone.

use domain::{Field, FieldKind, Owner, Tag};
use store::act::{self, Act};
use store::case::{self, Place};
use store::{Db, Error, Lock, Scope, field, mark, organization, tag};

use crate::promised;
use crate::support::{NOW, after, id};

pub async fn of_marks(db: &Db, at: Place, all: Scope) {
    let write = db.write([Lock::Customer(at.customer), tag::lock(), field::lock()], async move |tx| {
        let named = Tag { id: id(), name: "Billing".to_owned() };
        tag::save(tx, &named).await?;
        tag::save(tx, &Tag { id: id(), name: "kept".to_owned() }).await?;
        tag::named(tx, "billing").await?;
        tag::find(tx, named.id).await?;
        tag::all(tx, &all).await?;
        let (owner, kind, name) = (Owner::Case, FieldKind::Text, "Order".to_owned());
        let asked = Field { id: id(), owner, name, kind, choices: Vec::new(), required: false, position: 0 };
        field::save(tx, &asked).await?;
        field::all(tx, &all).await?;
        let plan = Field { id: id(), owner: Owner::Customer, name: "Plan".to_owned(), ..asked.clone() };
        field::save(tx, &plan).await?;
        let mut case = case::find(tx, at.customer, at.case).await?.ok_or(Error::NotFound)?;
        case.tags = vec![named.id];
        mark::save(tx, &case).await?;
        case::save(tx, &case).await?;
        case::save_words(tx, &case).await?;
        mark::marked(tx, named.id.0, 10).await?;
        case.tags.clear();
        mark::save(tx, &case).await?;
        case::save(tx, &case).await?;
        tag::delete(tx, named.id).await?;
        field::delete(tx, asked.id).await?;
        case::awake(tx, NOW, 10).await?;
        case::running_out(tx, NOW, after(60), 10).await?;
        case::live_after(tx, (NOW, at.case), 10).await?;
        organization::time(tx, ["clock", "hours"]).await?;
        promised::of_writing(tx, at, all.member).await?;
        let (staff, cases) = (all.member, Vec::new());
        let done = Act { id: id(), staff, at: NOW, cases, refused: None, undone: false };
        act::insert(tx, &done).await?;
        act::own(tx, &all, done.id).await?;
        act::undone(tx, done.id).await?;
        act::sweep(tx, after(60)).await
    });
    write.await.unwrap();
}
