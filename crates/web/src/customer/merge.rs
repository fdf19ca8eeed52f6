//! Into whom a customer is merged: found by the beginning of their name, or by a mail address.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::CustomerId;
use maud::html;
use serde::Deserialize;
use store::Error;
use store::customer::{self, Customer};

use super::{Typed, answer, head};
use crate::app::App;
use crate::error::Trouble;
use crate::extract::{Form, Path, Query};
use crate::moving::{Ask, choices, finder};
use crate::nav::{Here, around, framed};
use crate::page::Page;
use crate::part::{Icon, Place, crumbs, empty};
use crate::session::Who;
use crate::text::{t, t_with};

/// `GET /customers/{id}/merge`
pub async fn choose(
    State(app): State<App>,
    who: Who,
    Path(id): Path<CustomerId>,
    Query(ask): Query<Ask>,
) -> Result<Page, Trouble> {
    let (scope, find) = (who.scope(), ask.find.clone());
    let read = app.desk.db.read(async move |rx| {
        let it = customer::head(rx, id).await?.ok_or(Error::NotFound)?;
        let found = customer::find::named(rx, &scope, &find).await?;
        Ok::<_, Error>((around(rx, &scope).await?, it, found))
    });
    let (around, it, found) = read.await?;
    let others: Vec<Customer> = found.into_iter().filter(|other| other.id != it.id).collect();
    let (page, action) = (format!("/customers/{}", it.id), format!("/customers/{}/merge", it.id));
    let content = html! {
        main.main #main {
            (crumbs(&[(t("nav-customers"), "/customers"), (&it.name, &page)], t("merge-customer"), &html! {}))
            div.page.page-narrow.stack {
                h1 { (t("merge-customer")) }
                p.t2 { (t_with("merge-customer-so", &[("name", it.name.as_str().into())])) }
                (finder(&action, &ask.find))
                @if !ask.find.trim().is_empty() {
                    @if others.is_empty() { (empty(Icon::Customers, t("find-customer-none"), t("find-customer-none-so"), &html! {})) }
                    (choices(&action, "into", t("merge-into"), &others))
                }
            }
        }
    };
    let here = Here { title: t("merge-customer"), place: Place::Customers, view: None, case_open: false };
    Ok(framed(&app, &who, &around, here, &content))
}

/// Who stays.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Into {
    into: CustomerId,
}

/// `POST /customers/{id}/merge`
pub async fn merge(
    State(app): State<App>,
    who: Who,
    Path(id): Path<CustomerId>,
    Form(it): Form<Into>,
) -> Result<Response, Trouble> {
    app.desk.merge_customers(&who.member, id, it.into).await?;
    Ok(Redirect::to(&format!("/customers/{}", it.into)).into_response())
}

/// `POST /customers/{id}/members/{other}/separation`
pub async fn part(
    State(app): State<App>,
    who: Who,
    Path((id, other)): Path<(CustomerId, CustomerId)>,
) -> Result<Response, Trouble> {
    let done = app.desk.part_customers(&who.member, other, id).await;
    answer(&app, &who, head(&app, id).await?, Typed::default(), done).await
}
