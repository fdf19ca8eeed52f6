//! A customer's own page: who they are, who speaks for them, their cases, and what happened.

mod promise;
mod timeline;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::{ContactId, CustomerId, CustomerKind, Right};
use maud::{Markup, html};
use serde::Deserialize;
use store::case::list::Cursor;
use store::entry::{self, Timeline};
use store::staff::{self, Colleague};
use store::{Read, customer};

use crate::app::App;
use crate::error::Trouble;
use crate::extract::{Form, Path, Query, cursor};
use crate::form::Wrong;
use crate::nav::{self, Around, Here, status_name};
use crate::page::Page;
use crate::part::{
    AvatarSize, Button, Clock, Field, Icon, Live, Place, Tone, badge, crumbs, hidden, live, organization_avatar,
    their_avatar,
};
use crate::session::Who;
use crate::text::{t, t_with};

/// What of the customer is asked for, and from where each list goes on.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    #[serde(default, deserialize_with = "cursor")]
    cases: Option<Cursor>,
    people: Option<ContactId>,
    #[serde(default, deserialize_with = "cursor")]
    entries: Option<Cursor>,
    /// The part that is fetched again.
    part: Option<Part>,
}

/// A part of the page that is fetched again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    Head,
    Timeline,
    People,
}

impl Ask {
    /// The address of the page that these lists stand on.
    fn address(self, id: CustomerId) -> String {
        let cases = self.cases.map(|it| format!("cases={it}"));
        let people = self.people.map(|it| format!("people={it}"));
        let entries = self.entries.map(|it| format!("entries={it}"));
        let query: Vec<String> = [cases, people, entries].into_iter().flatten().collect();
        if query.is_empty() { format!("/customers/{id}") } else { format!("/customers/{id}?{}", query.join("&")) }
    }

    /// The address of a part of it.
    fn part(self, id: CustomerId, part: &str) -> String {
        let page = self.address(id);
        let sign = if page.contains('?') { '&' } else { '?' };
        format!("{page}{sign}part={part}")
    }
}

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
pub async fn show(
    State(app): State<App>,
    who: Who,
    Path(id): Path<CustomerId>,
    Query(ask): Query<Ask>,
) -> Result<Page, Trouble> {
    let it = read(&app, &who, id, ask).await?;
    let clock = it.around.clock(&app);
    Ok(match ask.part {
        Some(Part::Head) => Page(it.head(&clock)),
        Some(Part::Timeline) => Page(it.happened(&clock)),
        Some(Part::People) => Page(it.people()),
        None => it.page(&app, &who, &Typed::default(), &Wrong::default()),
    })
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
    Ok(wrong.answer(read(app, who, id, Ask::default()).await?.page(app, who, &typed, &wrong)))
}

struct Sheet {
    ask: Ask,
    around: Around,
    it: customer::page::Page,
    timeline: Timeline,
    promises: Vec<store::promise::Told>,
    colleagues: Vec<Colleague>,
}

async fn read(app: &App, who: &Who, id: CustomerId, ask: Ask) -> Result<Sheet, Trouble> {
    let scope = who.scope();
    let from = customer::page::From { cases: ask.cases, people: ask.people };
    let read = app.desk.db.read(async move |rx: &Read| {
        let (around, it, timeline, promises, colleagues) = tokio::try_join!(
            nav::around(rx, &scope),
            customer::page::page(rx, &scope, id, from),
            entry::timeline(rx, &scope, id, ask.entries),
            store::promise::open_of(rx, &scope, id),
            staff::colleagues(rx, &scope),
        )?;
        Ok::<_, store::Error>(Sheet { ask, around, it, timeline, promises, colleagues })
    });
    Ok(read.await?)
}

impl Sheet {
    fn page(&self, app: &App, who: &Who, typed: &Typed<'_>, wrong: &Wrong) -> Page {
        let clock = self.around.clock(app);
        let may_change = who.member.role.may(Right::Desk);
        let it = &self.it.customer;
        let content = html! {
            main.main #main {
                (crumbs(&[(t("nav-inbox"), "/inbox")], &it.name, &write_first(may_change, it.id)))
                div.page {
                    (wrong.above())
                    (self.head(&clock))
                    div.split {
                        (self.happened(&clock))
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

    /// A part of the page that follows what happens to the customer.
    fn live(&self, id: &str, part: &str, class: &str, inner: &Markup) -> Markup {
        let customer = self.it.customer.id;
        let (topic, source) = (format!("customer {customer}"), self.ask.part(customer, part));
        live(&Live { id, topics: &topic, source: &source, merge: false }, class, inner)
    }

    fn head(&self, clock: &Clock) -> Markup {
        let it = &self.it.customer;
        let organization = it.kind == CustomerKind::Organization;
        let inner = html! {
            header.cust-h {
                @if organization { (organization_avatar(&it.name, AvatarSize::Huge)) } @else { (their_avatar(&it.name, AvatarSize::Huge)) }
                div.grow {
                    h1 { (it.name) }
                    p.t2.sm { (nav::kind_name(it.kind)) @if it.provisional { " " (badge(Tone::Line, t("provisional"))) } }
                    @if it.provisional { p.t3.sm { (t("provisional-why")) } }
                }
                dl.facts {
                    div { dt { (t("customer-since")) } dd { (clock.short(it.created_at)) } }
                    div { dt { (t("cases-open")) } dd { (nav::count(self.it.open_cases)) } }
                    div { dt { (t("customer-people")) } dd { (nav::count(self.it.people_count)) } }
                }
            }
        };
        self.live("customer-head", "head", "", &inner)
    }

    /// What they asked, and what happened.
    fn happened(&self, clock: &Clock) -> Markup {
        let inner = html! {
            (promise::section(&self.promises, clock))
            (self.cases(clock))
            (timeline::timeline(&self.timeline, &self.colleagues, clock))
            (self.further("timeline", Ask { entries: None, ..self.ask }, self.timeline.older.map(|it| Ask { entries: Some(it), ..self.ask })))
        };
        self.live("customer-timeline", "timeline", "stack stack-lg", &inner)
    }

    fn cases(&self, clock: &Clock) -> Markup {
        html! {
            section.sec #cases aria-labelledby="cs" {
                header { h2 #cs { (t("cases")) } }
                @if self.it.cases.is_empty() { p.sm.t3 { (t("cases-none")) } }
                ul.list.list-lines {
                    @for it in &self.it.cases {
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
                (self.further("cases", Ask { cases: None, ..self.ask }, self.it.older_cases.map(|it| Ask { cases: Some(it), ..self.ask })))
            }
        }
    }

    fn people(&self) -> Markup {
        let inner = html! {
            section.sec #people aria-labelledby="pp" {
                header { h2 #pp { (t("customer-people")) } }
                ul.list.list-lines {
                    @for it in &self.it.people {
                        li.row {
                            (their_avatar(&it.name, AvatarSize::Normal))
                            span.grow {
                                span.row-t { (it.name) }
                                @if let Some(address) = &it.address { br; span.row-s.wrap-any { (address) } }
                            }
                        }
                    }
                }
                (self.further("people", Ask { people: None, ..self.ask }, self.it.more_people.map(|it| Ask { people: Some(it), ..self.ask })))
            }
        };
        self.live("customer-people", "people", "", &inner)
    }

    /// The way further on in a list, and back to its beginning; nothing where it is whole.
    fn further(&self, list: &str, first: Ask, next: Option<Ask>) -> Markup {
        let id = self.it.customer.id;
        let begun = first.address(id) != self.ask.address(id);
        html! {
            @if begun || next.is_some() {
                p.row-flex.sm {
                    @if begun { a.link href={ (first.address(id)) "#" (list) } { (t("list-first")) } }
                    @if let Some(next) = next { a.link.end href={ (next.address(id)) "#" (list) } { (t("list-more")) } }
                }
            }
        }
    }

    fn domains(&self, may_change: bool, typed: &Typed<'_>, wrong: &Wrong) -> Markup {
        let at = format!("/customers/{}/domains", self.it.customer.id);
        let owns = t_with("domain-owns", &[("name", self.it.customer.name.as_str().into())]);
        html! {
            section.sec aria-labelledby="dm" {
                header { h2 #dm { (t("domains")) } }
                @if self.it.domains.is_empty() { p.sm.t3.mb3 { (t("domains-none")) } }
                ul.list.list-lines.mb3 {
                    @for domain in &self.it.domains {
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
        let it = &self.it.customer;
        html! {
            section.sec aria-labelledby="nm" {
                header { h2 #nm { (t("customer-name")) } }
                form.stack.stack-sm method="post" action={ "/customers/" (it.id) "/name" } {
                    (Field::new("name", t("customer-name-label")).required().value(typed.name.unwrap_or(&it.name)).error(wrong.at("name")))
                    @if it.provisional { p.hint { (t("customer-name-hint")) } }
                    div { (Button::submit(t("save")).small()) }
                }
            }
        }
    }
}

/// The way to write to somebody of this customer first.
fn write_first(may: bool, id: CustomerId) -> Markup {
    let address = format!("/cases/new?customer={id}");
    html! { @if may { (Button::link(t("begin"), &address).small().icon(Icon::Plus).key("c")) } }
}
