//! The page itself: everything it shows, read in one hop, and put together.

use domain::entry::Topic;
use domain::{CustomerId, CustomerKind, FieldId, Owner, Right, Word};
use maud::{Markup, html};
use store::case::list::Cursor;
use store::customer::files::Filed;
use store::customer::{self, CardCase};
use store::entry::{self, Timeline};
use store::staff::{self, Colleague};
use store::{Error, Read};

use super::{Ask, promise, timeline};
use crate::app::App;
use crate::error::Trouble;
use crate::field;
use crate::form::Wrong;
use crate::nav::{self, Around, Here, status_name};
use crate::page::Page;
use crate::part::{
    AvatarSize, Button, Clock, Field, Icon, Live, Place, Tone, badge, crumbs, file_chip, hidden, live,
    organization_avatar, their_avatar,
};
use crate::session::Who;
use crate::text::{t, t_with};

/// What somebody has typed and is not saved.
#[derive(Default)]
pub(super) struct Typed<'a> {
    pub name: Option<&'a str>,
    pub domain: &'a str,
    /// Whether it is about a new person.
    pub is_person: bool,
    /// Their name.
    pub person: &'a str,
    /// An address of a person.
    pub address: &'a str,
    /// Its kind.
    pub kind: Option<domain::IdentityKind>,
    /// What fields say.
    pub fields: &'a [(FieldId, String)],
}

pub(super) struct Sheet {
    pub ask: Ask,
    pub around: Around,
    pub it: customer::page::Page,
    pub may_change: bool,
    timeline: Timeline,
    promises: Vec<store::promise::Told>,
    files: (Vec<Filed>, Option<Cursor>),
    colleagues: Vec<Colleague>,
    fields: Vec<domain::Field>,
}

/// Reads it, of whoever stands for this customer.
pub(super) async fn read(app: &App, who: &Who, id: CustomerId, ask: Ask) -> Result<Sheet, Trouble> {
    let (scope, may_change) = (who.scope(), who.member.role.may(Right::Desk));
    let from = customer::page::From { open: ask.open, cases: ask.cases, people: ask.people };
    let read = app.desk.db.read(async move |rx: &Read| {
        let id = customer::head(rx, id).await?.ok_or(Error::NotFound)?.id;
        let family = customer::family(rx, id).await?;
        let (around, it, timeline, promises, files, colleagues, fields) = tokio::try_join!(
            nav::around(rx, &scope),
            customer::page::page(rx, &scope, id, from),
            entry::timeline(rx, &scope, id, ask.entries, ask.topic),
            store::promise::open_of(rx, &scope, &family),
            customer::files::files(rx, &scope, id, ask.files),
            staff::colleagues(rx, &scope),
            store::field::all(rx, &scope),
        )?;
        Ok::<_, Error>(Sheet { ask, around, it, may_change, timeline, promises, files, colleagues, fields })
    });
    Ok(read.await?)
}

impl Sheet {
    pub fn id(&self) -> CustomerId {
        self.it.customer.id
    }

    pub fn page(&self, app: &App, who: &Who, typed: &Typed<'_>, wrong: &Wrong) -> Page {
        let clock = self.around.clock(app);
        let it = &self.it.customer;
        let actions = html! {
            @if self.may_change {
                (Button::link(t("merge-customer"), &format!("/customers/{}/merge", it.id)).quiet().icon(Icon::Merge))
                (Button::link(t("begin"), &format!("/cases/new?customer={}", it.id)).small().icon(Icon::Plus).key("c"))
            }
        };
        let content = html! {
            main.main #main {
                (crumbs(&[self.above()], &it.name, &actions))
                div.page {
                    (wrong.above())
                    (self.head(&clock))
                    div.split {
                        div.stack.stack-lg {
                            (self.cases(&clock))
                            (self.happened(&clock))
                        }
                        div.stack.stack-lg.side-col {
                            div { (self.people()) @if self.may_change { (self.new_person(typed, wrong)) } }
                            (self.fields(typed, wrong))
                            (self.files(&clock))
                            (self.domains(typed, wrong))
                            @if self.may_change { (self.name(typed, wrong)) }
                        }
                    }
                }
            }
        };
        let place = if self.may_change { Place::Customers } else { Place::Inbox };
        let here = Here { title: &it.name, place, view: None, case_open: false };
        nav::framed(app, who, &self.around, here, &content)
    }

    /// Where the page is found from: whoever sees only the cases of their teams has no list of customers.
    fn above(&self) -> (&'static str, &'static str) {
        if self.may_change { (t("nav-customers"), "/customers") } else { (t("nav-inbox"), "/inbox") }
    }

    /// A part of the page that follows what happens to the customer, and to those who were merged into them.
    pub fn live(&self, id: &str, part: &str, class: &str, inner: &Markup) -> Markup {
        let topics: Vec<String> = self.it.family.iter().map(|it| format!("customer {it}")).collect();
        let source = self.ask.part(self.id(), part);
        live(&Live { id, topics: &topics.join(","), source: &source, merge: false }, class, inner)
    }

    pub fn head(&self, clock: &Clock) -> Markup {
        let it = &self.it.customer;
        let organization = it.kind == CustomerKind::Organization;
        let inner = html! {
            header.cust-h {
                @if organization { (organization_avatar(&it.name, AvatarSize::Huge)) } @else { (their_avatar(&it.name, AvatarSize::Huge)) }
                div.grow {
                    h1 { (it.name) }
                    p.t2.sm {
                        (nav::kind_name(it.kind))
                        @if !self.it.domains.is_empty() { ", " (self.it.domains.join(", ")) }
                        @if it.provisional { " " (badge(Tone::Line, t("provisional"))) }
                    }
                    @if let Some(parent) = &self.it.parent {
                        p.t2.sm { (t("customer-parent")) " " a.link href={ "/customers/" (parent.id) } { (parent.name) } }
                    }
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

    /// What they ask, and what they have asked.
    pub fn cases(&self, clock: &Clock) -> Markup {
        let inner = html! {
            section.sec #cases aria-labelledby="cs" {
                header { h2 #cs { (t("cases")) } }
                @if self.it.open.is_empty() && self.it.cases.is_empty() { p.sm.t3 { (t("cases-none")) } }
                (self.case_rows(&self.it.open, clock))
                (self.further("cases", Ask { open: None, ..self.ask }, self.it.older_open.map(|it| Ask { open: Some(it), ..self.ask })))
            }
            @if !self.it.cases.is_empty() || self.ask.cases.is_some() {
                section.sec #done aria-labelledby="dn" {
                    header { h2 #dn { (t("cases-done")) } }
                    (self.case_rows(&self.it.cases, clock))
                    (self.further("done", Ask { cases: None, ..self.ask }, self.it.older_cases.map(|it| Ask { cases: Some(it), ..self.ask })))
                }
            }
        };
        self.live("customer-cases", "cases", "stack stack-lg", &inner)
    }

    fn case_rows(&self, cases: &[CardCase], clock: &Clock) -> Markup {
        html! {
            ul.list.list-lines {
                @for it in cases {
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

    /// What happened, of one topic or of all.
    pub fn happened(&self, clock: &Clock) -> Markup {
        let ask = Ask { entries: None, part: None, ..self.ask };
        let chip = |label: &'static str, topic: Option<Topic>| {
            let (address, current) = (Ask { topic, ..ask }.address(self.id()), self.ask.topic == topic);
            html! { a.chip href={ (address) "#timeline" } aria-current=[current.then_some("true")] { (label) } }
        };
        let inner = html! {
            (promise::section(&self.promises, clock))
            section.sec #timeline aria-labelledby="tl" {
                header { h2 #tl { (t("timeline")) } }
                nav.chips aria-label=(t("timeline-about")) {
                    (chip(t("topic-all"), None))
                    @for topic in Topic::ALL { (chip(topic_name(*topic), Some(*topic))) }
                }
                (timeline::timeline(&self.timeline, &self.it, &self.colleagues, self.may_change, clock))
            }
            (self.further("timeline", ask, self.timeline.older.map(|it| Ask { entries: Some(it), ..ask })))
        };
        self.live("customer-timeline", "timeline", "stack", &inner)
    }

    /// Files that stand in the text of a message are not listed: they are seen there.
    pub fn files(&self, clock: &Clock) -> Markup {
        let (filed, older) = &self.files;
        let rows = filed.iter().flat_map(|it| {
            let shown = it.files.iter().enumerate().filter(|(_, file)| !file.inline);
            shown.map(move |(at, file)| (it, file, format!("/cases/{}/messages/{}/files/{at}", it.number, it.message)))
        });
        let inner = html! {
            section.sec #files aria-labelledby="fl" {
                header { h2 #fl { (t("files")) } }
                @if filed.is_empty() { p.sm.t3 { (t("files-none")) } }
                ul.list.list-lines {
                    @for (it, file, address) in rows {
                        li.row {
                            span.grow {
                                (file_chip(&file.name, file.size, &address)) br;
                                span.row-s { a.link href={ "/cases/" (it.number) } { "#" (it.number) } ", " (clock.short(it.at)) }
                            }
                        }
                    }
                }
                (self.further("files", Ask { files: None, ..self.ask }, older.map(|it| Ask { files: Some(it), ..self.ask })))
            }
        };
        self.live("customer-files", "files", "", &inner)
    }

    /// The way further on in a list, and back to its beginning; nothing where it is whole.
    pub fn further(&self, list: &str, first: Ask, next: Option<Ask>) -> Markup {
        let id = self.id();
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

    fn domains(&self, typed: &Typed<'_>, wrong: &Wrong) -> Markup {
        let at = format!("/customers/{}/domains", self.id());
        let owns = t_with("domain-owns", &[("name", self.it.customer.name.as_str().into())]);
        html! {
            section.sec aria-labelledby="dm" {
                header { h2 #dm { (t("domains")) } }
                @if self.it.domains.is_empty() { p.sm.t3.mb3 { (t("domains-none")) } }
                ul.list.list-lines.mb3 {
                    @for domain in &self.it.domains {
                        li.row {
                            span.grow.wrap-any { (domain) }
                            @if self.may_change {
                                form method="post" action={ (at) "/removal" } {
                                    (hidden("domain", domain))
                                    @let name = t_with("domain-remove", &[("domain", domain.as_str().into())]);
                                    (Button::submit(&name).quiet().small().only_icon(Icon::X))
                                }
                            }
                        }
                    }
                }
                @if self.may_change {
                    form.stack.stack-sm method="post" action=(at) {
                        (Field::new("domain", &owns).placeholder("northwind.example").required().value(typed.domain)
                            .hint(t("domain-hint")).error(wrong.at("domain")))
                        div { (Button::submit(t("domain-add")).small()) }
                    }
                }
            }
        }
    }

    fn fields(&self, typed: &Typed<'_>, wrong: &Wrong) -> Markup {
        let address = format!("/customers/{}/fields", self.id());
        field::Sheet {
            fields: &self.fields,
            owner: Owner::Customer,
            values: &self.it.fields,
            typed: typed.fields,
            address: self.may_change.then_some(&address),
            wrong,
        }
        .section()
    }

    fn name(&self, typed: &Typed<'_>, wrong: &Wrong) -> Markup {
        let it = &self.it.customer;
        html! {
            section.sec aria-labelledby="nm" {
                header { h2 #nm { (t("customer-name")) } }
                form.stack.stack-sm method="post" action={ "/customers/" (it.id) "/name" } {
                    (Field::new("name", t("customer-name-label")).required().value(typed.name.unwrap_or(&it.name)).error(wrong.at("name").filter(|_| !typed.is_person)))
                    @if it.provisional { p.hint { (t("customer-name-hint")) } }
                    div { (Button::submit(t("save")).small()) }
                }
            }
        }
    }
}

/// What a part of the timeline is called.
fn topic_name(topic: Topic) -> &'static str {
    match topic {
        Topic::Messages => t("topic-messages"),
        Topic::Notes => t("topic-notes"),
        Topic::Changes => t("topic-changes"),
        Topic::People => t("topic-people"),
    }
}
