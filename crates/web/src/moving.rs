//! To which customer a case goes: found by the beginning of their name, or by a mail address.

use axum::extract::State;
use axum::response::Redirect;
use domain::{CustomerId, CustomerKind};
use maud::{Markup, html};
use serde::Deserialize;
use store::case::spine::spine;
use store::customer::{self, Customer};

use crate::Trouble;
use crate::app::App;
use crate::case::Here as Case;
use crate::extract::{Form, Path, Query};
use crate::nav::{Here, around, framed, kind_name};
use crate::page::Page;
use crate::part::{AvatarSize, Button, Field, Icon, Place, crumbs, empty, hidden, organization_avatar, their_avatar};
use crate::session::Who;
use crate::text::{t, t_with};

/// Who is looked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ask {
    /// The beginning of a name, or a mail address.
    pub find: String,
}

/// To whom the case goes.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct To {
    customer: CustomerId,
}

/// `GET /cases/{number}/customer`
pub async fn choose(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(ask): Query<Ask>,
) -> Result<Page, Trouble> {
    let (scope, find) = (who.scope(), ask.find.clone());
    let read = app.desk.db.read(async move |rx| {
        let spine = spine(rx, &scope, number, None).await?;
        let found = customer::find::named(rx, &scope, &find).await?;
        Ok::<_, store::Error>((around(rx, &scope).await?, spine, found))
    });
    let (around, spine, found) = read.await?;
    let others: Vec<Customer> = found.into_iter().filter(|it| it.id != spine.customer.id).collect();
    let number = spine.case.number;
    let (case, address) = (t_with("case-number", &[("number", number.to_string().into())]), format!("/cases/{number}"));
    let content = html! {
        main.main #main {
            (crumbs(&[(&case, &address)], t("move-case-title"), &html! {}))
            div.page.page-narrow.stack {
                h1 { (t("move-case-title")) }
                p.t2 { (t_with("move-case-so", &[("subject", spine.case.subject.as_str().into()), ("customer", spine.customer.name.as_str().into())])) }
                (finder(&format!("/cases/{number}/customer"), &ask.find))
                @if !ask.find.trim().is_empty() {
                    @if others.is_empty() { (empty(Icon::Customers, t("find-customer-none"), t("find-customer-none-so"), &html! {})) }
                    (choices(&format!("/cases/{number}/customer"), "customer", t("move-here"), &others))
                }
            }
        }
    };
    let here = Here { title: t("move-case-title"), place: Place::Inbox, view: None, case_open: false };
    Ok(framed(&app, &who, &around, here, &content))
}

/// The field in which somebody is looked for.
pub fn finder(action: &str, typed: &str) -> Markup {
    html! {
        form.row-flex.finder method="get" action=(action) role="search" {
            div.grow { (Field::new("find", t("find-customer")).value(typed).hint(t("find-customer-hint"))) }
            (Button::submit(t("find")).icon(Icon::Customers))
        }
    }
}

/// Customers, each with the button that chooses them.
pub fn choices(action: &str, field: &str, label: &str, found: &[Customer]) -> Markup {
    html! {
        ul.list.list-lines {
            @for it in found {
                li.row {
                    @match it.kind {
                        CustomerKind::Organization => (organization_avatar(&it.name, AvatarSize::Normal)),
                        CustomerKind::Individual => (their_avatar(&it.name, AvatarSize::Normal)),
                    }
                    span.grow { a.row-t href={ "/customers/" (it.id) } { (it.name) } br; span.row-s { (kind_name(it.kind)) } }
                    form method="post" action=(action) {
                        (hidden(field, &it.id.to_string()))
                        @let name = format!("{label}: {}", it.name);
                        (Button::submit(label).small().name(&name))
                    }
                }
            }
        }
    }
}

/// `POST /cases/{number}/customer`
pub async fn go(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Case>,
    Form(it): Form<To>,
) -> Result<Redirect, Trouble> {
    app.desk.move_case(&who.member, number, it.customer).await?;
    Ok(here.back(number))
}
