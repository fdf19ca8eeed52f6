//! What is done with the people of a customer.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use desk::contact::Typed as Address;
use domain::{ContactId, CustomerId, IdentityKind, Owner};
use maud::html;
use serde::Deserialize;
use store::{Error, customer};

use super::people::mend;
use super::{Typed, answer};
use crate::app::App;
use crate::error::Trouble;
use crate::extract::{Form, Path};
use crate::field;
use crate::form::Wrong;
use crate::nav::{Here, around, framed};
use crate::page::Page;
use crate::part::{Place, crumbs};
use crate::session::Who;
use crate::text::{t, t_with};

/// `GET /customers/{id}/contacts/{contact}`: what can be mended about a person.
pub async fn show(
    State(app): State<App>,
    who: Who,
    Path((id, contact)): Path<(CustomerId, ContactId)>,
) -> Result<Page, Trouble> {
    page(&app, &who, id, contact, &Typed::default(), &Wrong::default()).await
}

async fn page(
    app: &App,
    who: &Who,
    id: CustomerId,
    contact: ContactId,
    typed: &Typed<'_>,
    wrong: &Wrong,
) -> Result<Page, Trouble> {
    let scope = who.scope();
    let read = app.desk.db.read(async move |rx| {
        let it = customer::head(rx, id).await?.ok_or(Error::NotFound)?;
        let someone = customer::page::person(rx, &scope, it.id, contact).await?;
        Ok::<_, Error>((around(rx, &scope).await?, it, someone, store::field::all(rx, &scope).await?))
    });
    let (around, it, someone, fields) = read.await?;
    let person = &someone.known;
    let page = format!("/customers/{}", it.id);
    let base = format!("{page}/contacts/{contact}");
    let address = format!("{base}/fields");
    let sheet = field::Sheet {
        fields: &fields,
        owner: Owner::Contact,
        values: &someone.fields,
        typed: typed.fields,
        address: Some(&address),
        wrong,
    };
    let title = t_with("person-change", &[("name", person.name.as_str().into())]);
    let content = html! {
        main.main #main {
            (crumbs(&[(t("nav-customers"), "/customers"), (&it.name, &page)], &person.name, &html! {}))
            div.page.page-narrow.stack.stack-lg {
                h1 { (title) }
                (wrong.above())
                (mend(&base, &someone, &sheet.section(), typed, wrong))
            }
        }
    };
    let here = Here { title: &title, place: Place::Customers, view: None, case_open: false };
    Ok(framed(app, who, &around, here, &content))
}

/// The person's page after something was done, or again with what was wrong.
async fn again(
    app: &App,
    who: &Who,
    (id, contact): (CustomerId, ContactId),
    typed: Typed<'_>,
    done: Result<(), desk::Error>,
) -> Result<Response, Trouble> {
    let Err(err) = done else {
        return Ok(Redirect::to(&format!("/customers/{id}/contacts/{contact}")).into_response());
    };
    let wrong = Wrong::of(err, &["name", "address", "fields"])?;
    Ok(wrong.answer(page(app, who, id, contact, &typed, &wrong).await?))
}

/// A new person.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    name: String,
    kind: IdentityKind,
    #[serde(default)]
    address: String,
}

/// `POST /customers/{id}/contacts`
pub async fn add(
    State(app): State<App>,
    who: Who,
    Path(id): Path<CustomerId>,
    Form(it): Form<Person>,
) -> Result<Response, Trouble> {
    let address = (!it.address.trim().is_empty()).then(|| Address { kind: it.kind, address: it.address.clone() });
    let done = app.desk.add_contact(&who.member, id, &it.name, address).await.map(drop);
    let typed =
        Typed { is_person: true, person: &it.name, kind: Some(it.kind), address: &it.address, ..Typed::default() };
    answer(&app, &who, id, typed, done).await
}

/// What somebody calls a person.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    name: String,
}

/// `POST /customers/{id}/contacts/{contact}/name`
pub async fn rename(
    State(app): State<App>,
    who: Who,
    Path((id, contact)): Path<(CustomerId, ContactId)>,
    Form(it): Form<Named>,
) -> Result<Response, Trouble> {
    let done = app.desk.rename_contact(&who.member, id, contact, &it.name).await;
    again(&app, &who, (id, contact), Typed { name: Some(&it.name), ..Typed::default() }, done).await
}

/// `POST /customers/{id}/contacts/{contact}/fields`
pub async fn fill(
    State(app): State<App>,
    who: Who,
    Path((id, contact)): Path<(CustomerId, ContactId)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let fields = field::entered(pairs)?;
    let done = app.desk.fill_contact(&who.member, id, contact, fields.clone()).await;
    again(&app, &who, (id, contact), Typed { fields: &fields, ..Typed::default() }, done).await
}

/// An address of a person.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    kind: IdentityKind,
    address: String,
}

impl Identity {
    fn typed(&self) -> Address {
        Address { kind: self.kind, address: self.address.clone() }
    }
}

/// `POST /customers/{id}/contacts/{contact}/identities`
pub async fn add_identity(
    State(app): State<App>,
    who: Who,
    Path((id, contact)): Path<(CustomerId, ContactId)>,
    Form(it): Form<Identity>,
) -> Result<Response, Trouble> {
    let done = app.desk.add_identity(&who.member, id, contact, it.typed()).await;
    let typed = Typed { kind: Some(it.kind), address: &it.address, ..Typed::default() };
    again(&app, &who, (id, contact), typed, done).await
}

/// `POST /customers/{id}/contacts/{contact}/identities/removal`
pub async fn remove_identity(
    State(app): State<App>,
    who: Who,
    Path((id, contact)): Path<(CustomerId, ContactId)>,
    Form(it): Form<Identity>,
) -> Result<Response, Trouble> {
    let done = app.desk.remove_identity(&who.member, id, contact, it.typed()).await;
    again(&app, &who, (id, contact), Typed::default(), done).await
}

/// `POST /customers/{id}/contacts/{contact}/identities/main`
pub async fn prefer_identity(
    State(app): State<App>,
    who: Who,
    Path((id, contact)): Path<(CustomerId, ContactId)>,
    Form(it): Form<Identity>,
) -> Result<Response, Trouble> {
    let done = app.desk.prefer_identity(&who.member, id, contact, it.typed()).await;
    again(&app, &who, (id, contact), Typed::default(), done).await
}

/// Who a person turns out to be.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Into {
    into: ContactId,
}

/// `POST /customers/{id}/contacts/{contact}/merge`
pub async fn merge(
    State(app): State<App>,
    who: Who,
    Path((id, contact)): Path<(CustomerId, ContactId)>,
    Form(it): Form<Into>,
) -> Result<Response, Trouble> {
    let done = app.desk.merge_contacts(&who.member, id, contact, it.into).await;
    answer(&app, &who, id, Typed::default(), done).await
}

/// `POST /customers/{id}/contacts/{contact}/separation`
pub async fn part(
    State(app): State<App>,
    who: Who,
    Path((id, contact)): Path<(CustomerId, ContactId)>,
) -> Result<Response, Trouble> {
    let done = app.desk.part_contacts(&who.member, id, contact).await;
    answer(&app, &who, id, Typed::default(), done).await
}
