//! A customer's own page: who they are, who speaks for them, their cases, and what happened.

mod timeline;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::{CustomerId, CustomerKind, Right};
use maud::{Markup, html};
use serde::Deserialize;
use store::customer::{self, Card, Person};
use store::entry::Line;
use store::staff::{self, Colleague};
use store::{Read, entry};

use crate::app::App;
use crate::error::Trouble;
use crate::extract::{Form, Path};
use crate::form::Wrong;
use crate::nav::{self, Around, Here, status_name};
use crate::page::Page;
use crate::part::{
    AvatarSize, Button, Clock, Field, Icon, Place, Tone, badge, crumbs, hidden, organization_avatar, their_avatar,
};
use crate::session::Who;
use crate::text::{t, t_with};

/// How many entries the page shows.
const ENTRIES: usize = 60;

/// What somebody calls the customer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    name: String,
}

/// A domain that is theirs, or is theirs no longer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    domain: String,
}

/// `GET /customers/{id}`
pub async fn show(State(app): State<App>, who: Who, Path(id): Path<CustomerId>) -> Result<Page, Trouble> {
    let it = read(&app, &who, id).await?;
    Ok(it.page(&app, &who, &Typed::default(), &Wrong::default()))
}

/// `POST /customers/{id}/name`
pub async fn rename(
    State(app): State<App>,
    who: Who,
    Path(id): Path<CustomerId>,
    Form(it): Form<Named>,
) -> Result<Response, Trouble> {
    let done = app.desk.rename_customer(&who.member, id, &it.name).await;
    answer(&app, &who, id, Typed { name: Some(&it.name), domain: "" }, done).await
}

/// `POST /customers/{id}/domains`
pub async fn add_domain(
    State(app): State<App>,
    who: Who,
    Path(id): Path<CustomerId>,
    Form(it): Form<Domain>,
) -> Result<Response, Trouble> {
    let done = app.desk.add_domain(&who.member, id, &it.domain).await;
    answer(&app, &who, id, Typed { name: None, domain: &it.domain }, done).await
}

/// `POST /customers/{id}/domains/removal`
pub async fn remove_domain(
    State(app): State<App>,
    who: Who,
    Path(id): Path<CustomerId>,
    Form(it): Form<Domain>,
) -> Result<Response, Trouble> {
    let done = app.desk.remove_domain(&who.member, id, &it.domain).await;
    answer(&app, &who, id, Typed::default(), done).await
}

/// What somebody has typed and is not saved.
#[derive(Default)]
struct Typed<'a> {
    name: Option<&'a str>,
    domain: &'a str,
}

async fn answer(
    app: &App,
    who: &Who,
    id: CustomerId,
    typed: Typed<'_>,
    done: Result<(), desk::Error>,
) -> Result<Response, Trouble> {
    let Err(err) = done else { return Ok(Redirect::to(&format!("/customers/{id}")).into_response()) };
    let wrong = Wrong::of(err, &["name", "domain"])?;
    Ok(wrong.answer(read(app, who, id).await?.page(app, who, &typed, &wrong)))
}

struct Sheet {
    around: Around,
    card: Card,
    entries: Vec<Line>,
    colleagues: Vec<Colleague>,
}

async fn read(app: &App, who: &Who, id: CustomerId) -> Result<Sheet, Trouble> {
    let scope = who.scope();
    let read = app.desk.db.read(async move |rx: &Read| {
        let (around, card, entries, colleagues) = tokio::try_join!(
            nav::around(rx, &scope),
            customer::card(rx, &scope, id),
            entry::newest(rx, &scope, id, ENTRIES),
            staff::colleagues(rx, &scope),
        )?;
        Ok::<_, store::Error>(Sheet { around, card, entries, colleagues })
    });
    Ok(read.await?)
}

impl Sheet {
    fn page(&self, app: &App, who: &Who, typed: &Typed<'_>, wrong: &Wrong) -> Page {
        let clock = self.around.clock(app);
        let may_change = who.member.role.may(Right::Desk);
        let it = &self.card.customer;
        let content = html! {
            main.main #main {
                (crumbs(&[(t("nav-inbox"), "/inbox")], &it.name, &html! {}))
                div.page {
                    (wrong.above())
                    (self.head(&clock))
                    div.split {
                        div.stack.stack-lg {
                            (self.cases(&clock))
                            (timeline::timeline(&self.entries, &self.colleagues, &self.card.people, &clock))
                        }
                        div.stack.stack-lg.side-col {
                            (self.people())
                            (self.domains(may_change, typed, wrong))
                            @if may_change { (self.name(typed, wrong)) }
                        }
                    }
                }
            }
        };
        let here = Here { title: &it.name, place: Place::Inbox, view: None, case_open: false };
        nav::framed(app, who, &self.around, here, &content)
    }

    fn head(&self, clock: &Clock) -> Markup {
        let it = &self.card.customer;
        let organization = it.kind == CustomerKind::Organization;
        let kind = if organization { t("customer-organization") } else { t("customer-individual") };
        let open = self.card.cases.iter().filter(|it| !is_over(it.status)).count();
        html! {
            header.cust-h {
                @if organization { (organization_avatar(&it.name, AvatarSize::Huge)) } @else { (their_avatar(&it.name, AvatarSize::Huge)) }
                div.grow {
                    h1 { (it.name) }
                    p.t2.sm { (kind) @if it.provisional { " " (provisional()) } }
                }
                dl.facts {
                    div { dt { (t("customer-since")) } dd { (clock.short(it.created_at)) } }
                    div { dt { (t("cases-open")) } dd { (open) } }
                    div { dt { (t("customer-people")) } dd { (people_count(&self.card.people)) } }
                }
            }
        }
    }

    fn cases(&self, clock: &Clock) -> Markup {
        html! {
            section.sec aria-labelledby="cs" {
                header { h2 #cs { (t("cases")) } }
                @if self.card.cases.is_empty() { p.sm.t3 { (t("cases-none")) } }
                ul.list.list-lines {
                    @for it in &self.card.cases {
                        @let owner = it.assignee.and_then(|id| self.colleagues.iter().find(|it| it.id == id));
                        li { a.row href={ "/cases/" (it.number) } {
                            span.grow {
                                span.row-t { (it.subject) } br;
                                span.row-s { "#" (it.number) ", " (status_name(it.status)) @if let Some(owner) = owner { ", " (owner.name) } }
                            }
                            span.xs.t3.nowrap { (clock.short(it.last_at)) }
                        } }
                    }
                }
            }
        }
    }

    fn people(&self) -> Markup {
        html! {
            section.sec aria-labelledby="pp" {
                header { h2 #pp { (t("customer-people")) } }
                ul.list.list-lines {
                    @for it in &self.card.people {
                        li.row {
                            (their_avatar(&it.name, AvatarSize::Normal))
                            span.grow {
                                span.row-t { (it.name) }
                                @if let Some(address) = &it.address { br; span.row-s.wrap-any { (address) } }
                            }
                        }
                    }
                }
            }
        }
    }

    fn domains(&self, may_change: bool, typed: &Typed<'_>, wrong: &Wrong) -> Markup {
        let at = format!("/customers/{}/domains", self.card.customer.id);
        let owns = t_with("domain-owns", &[("name", self.card.customer.name.as_str().into())]);
        html! {
            section.sec aria-labelledby="dm" {
                header { h2 #dm { (t("domains")) } }
                @if self.card.domains.is_empty() { p.sm.t3.mb3 { (t("domains-none")) } }
                ul.list.list-lines.mb3 {
                    @for domain in &self.card.domains {
                        li.row {
                            span.grow.wrap-any { (domain) }
                            @if may_change {
                                form method="post" action={ (at) "/removal" } {
                                    (hidden("domain", domain))
                                    @let name = t_with("domain-remove", &[("domain", domain.as_str().into())]);
                                    (Button::submit(&name).quiet().small().only_icon(Icon::X))
                                }
                            }
                        }
                    }
                }
                @if may_change {
                    form.stack.stack-sm method="post" action=(at) {
                        (Field::new("domain", &owns).placeholder("northwind.example").required().value(typed.domain)
                            .hint(t("domain-hint")).error(wrong.at("domain")))
                        div { (Button::submit(t("domain-add")).small()) }
                    }
                }
            }
        }
    }

    fn name(&self, typed: &Typed<'_>, wrong: &Wrong) -> Markup {
        let it = &self.card.customer;
        html! {
            section.sec aria-labelledby="nm" {
                header { h2 #nm { (t("customer-name")) } }
                form.stack.stack-sm method="post" action={ "/customers/" (it.id) "/name" } {
                    (Field::new("name", t("customer-name-label")).required().value(typed.name.unwrap_or(&it.name)).error(wrong.at("name")))
                    @if it.provisional { p.hint { (t("customer-provisional-hint")) } }
                    div { (Button::submit(t("save")).small()) }
                }
            }
        }
    }
}

/// The mark of a customer whom nobody has named yet.
fn provisional() -> Markup {
    html! { span title=(t("customer-provisional-hint")) { (badge(Tone::Line, t("customer-provisional"))) } }
}

fn is_over(status: domain::Status) -> bool {
    matches!(status, domain::Status::Resolved | domain::Status::Closed)
}

/// People, however many addresses each has.
fn people_count(people: &[Person]) -> usize {
    let mut ids: Vec<_> = people.iter().map(|it| it.id).collect();
    ids.dedup();
    ids.len()
}
