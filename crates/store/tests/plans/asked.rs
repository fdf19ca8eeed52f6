//! What is asked about customers: their list, their pages and their timelines.

use domain::entry::Topic;
use domain::filter::customers::Filter;
use store::case::list::Cursor;
use store::case::{self, Place};
use store::customer::list::From;
use store::{Error, Read, Scope, customer, entry};

pub async fn of_customers(rx: &Read, scope: &Scope, at: Place, cursor: Cursor) -> Result<(), Error> {
    for before in [None, Some(cursor)] {
        entry::timeline(rx, scope, at.customer, before, Some(Topic::Notes)).await?;
        entry::timeline(rx, scope, at.customer, before, None).await?;
        customer::files::files(rx, scope, at.customer, before).await?;
    }
    if scope.teams().is_some() {
        return Ok(());
    }
    for from in [From::Name(None), From::Name(Some(at.customer)), From::Recent(None), From::Recent(Some(cursor))] {
        for text in
            ["ann domain:example.org -is:organization", "ann field:Plan=Gold -field:Plan=Tin", "-field:Plan=Tin"]
        {
            let asked = customer::list::ask(rx, scope, &Filter::parse(text).0).await?.0;
            customer::list::page(rx, scope, &asked, from).await?;
        }
    }
    customer::find::named(rx, scope, "ann").await?;
    customer::find::named(rx, scope, "ann@example.org").await?;
    let contact = case::find(rx, at.customer, at.case).await?.unwrap().contact;
    customer::page::person(rx, scope, at.customer, contact).await.map(drop)
}
