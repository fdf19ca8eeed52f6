//! The list of customers, and the filter above it.

use axum::extract::State;
use domain::filter::customers::{Filter, Key, Mistake, Why, choices};
use domain::{CustomerKind, Owner, Word};
use maud::{Markup, html};
use serde::Deserialize;
use store::case::list::Cursor;
use store::customer::list::{self, From, Line};

use crate::Trouble;
use crate::app::App;
use crate::extract::Query;
use crate::nav::{self, Here, around, framed, kind_name};
use crate::page::Page;
use crate::part::{
    AvatarSize, Button, Clock, Icon, Live, Pager, Place, Tone, badge, bar, empty, hidden, icon, live,
    organization_avatar, pager, their_avatar,
};
use crate::session::Who;
use crate::text::{t, t_with};

/// What of the list is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ask {
    filter: String,
    by: Option<By>,
    after: String,
    part: Option<Part>,
}

/// The order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum By {
    Name,
    Recent,
}

/// The part that is fetched again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    List,
}

impl Ask {
    /// From where the list goes on. A name is a place in the list by name, and what a field says is found by name.
    fn from(&self, filter: &Filter) -> Result<From, Trouble> {
        let wrong = || Trouble::bad(t("bad-cursor"));
        let by_name = self.by == Some(By::Name) || filter.is_by_name();
        Ok(match (by_name, self.after.as_str()) {
            (true, "") => From::Name(None),
            (true, text) => From::Name(Some(text.parse().map_err(|_| wrong())?)),
            (false, "") => From::Recent(None),
            (false, text) => From::Recent(Some(Cursor::parse(text).ok_or_else(wrong)?)),
        })
    }

    fn address(&self, from: &From) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if !self.filter.trim().is_empty() {
            query.append_pair("filter", self.filter.trim());
        }
        query.append_pair("by", from.order());
        let at = from.text();
        if !at.is_empty() {
            query.append_pair("after", &at);
        }
        format!("/customers?{}", query.finish())
    }
}

/// `GET /customers`
pub async fn show(State(app): State<App>, who: Who, Query(ask): Query<Ask>) -> Result<Page, Trouble> {
    let (scope, (filter, mut mistakes)) = (who.scope(), Filter::parse(&ask.filter));
    let from = ask.from(&filter)?;
    let read = app.desk.db.read(async move |rx| {
        let (asked, wrong) = list::ask(rx, &scope, &filter).await?;
        let page = list::page(rx, &scope, &asked, from).await?;
        Ok::<_, store::Error>((around(rx, &scope).await?, page, wrong))
    });
    let (around, page, wrong) = read.await?;
    mistakes.extend(wrong);
    let clock = around.clock(&app);
    let list = rows(&ask, &from, &page, &clock);
    if ask.part.is_some() {
        return Ok(Page(list));
    }
    let content = html! {
        main.main #main {
            (bar(t("nav-customers"), "", &html! {}))
            div.page {
                (filter_form(&ask, &from, &mistakes))
                (list)
            }
        }
    };
    let here = Here { title: t("nav-customers"), place: Place::Customers, view: None, case_open: false };
    Ok(framed(&app, &who, &around, here, &content))
}

fn filter_form(ask: &Ask, from: &From, mistakes: &[Mistake]) -> Markup {
    let order = |label: &'static str, other: From| {
        let address = Ask { after: String::new(), ..ask.clone() }.address(&other);
        html! { a href=(address) aria-current=[(other.order() == from.order()).then_some("true")] { (label) } }
    };
    html! {
        div.filters {
            bw-filter.grow data-src="/customers/completion" data-label=(t("filter-list")) {
                form.row-flex action="/customers" method="get" role="search" {
                    label.vh for="filter" data-key="f" data-focus="filter" { (t("customers-filter")) }
                    input.input #filter name="filter" value=(ask.filter) placeholder=(t("customers-filter-example")) autocomplete="off"
                        spellcheck="false" autocapitalize="none" maxlength="500" aria-describedby="filter-e"
                        aria-invalid=[(!mistakes.is_empty()).then_some("true")];
                    (hidden("by", from.order()))
                    (Button::submit(t("find")))
                }
            }
            nav.seg aria-label=(t("customers-order")) {
                (order(t("customers-by-recency"), From::Recent(None)))
                (order(t("customers-by-name"), From::Name(None)))
            }
        }
        div #filter-e {
            @for it in mistakes { p.err { (icon(Icon::Alert)) span { (said(&ask.filter, it)) } } }
        }
    }
}

fn rows(ask: &Ask, from: &From, page: &list::Page, clock: &Clock) -> Markup {
    let more = page.more.as_ref().map(|it| ask.address(it));
    let first = (!ask.after.is_empty()).then(|| Ask { after: String::new(), ..ask.clone() });
    let first = first.map(|it| {
        it.address(&match from {
            From::Name(_) => From::Name(None),
            From::Recent(_) => From::Recent(None),
        })
    });
    let nothing = page.lines.is_empty() && page.more.is_none();
    let source = format!("{}&part=list", ask.address(from));
    let inner = html! {
        @if nothing && ask.filter.trim().is_empty() && ask.after.is_empty() {
            (empty(Icon::Customers, t("customers-none"), t("customers-none-so"), &html! {}))
        } @else if nothing {
            (empty(Icon::Customers, t("find-customer-none"), t("customers-none-found"), &html! {}))
        } @else {
            div.table-scroll tabindex="0" role="region" aria-label=(t("nav-customers")) {
                table.table.table-cust data-list {
                    thead { tr {
                        th scope="col" { (t("customer")) }
                        th.hide-s scope="col" { (t("customer-kind")) }
                        th.num scope="col" { (t("cases-open")) }
                        th scope="col" { (t("customers-last")) }
                    } }
                    tbody { @for it in &page.lines { (row(it, clock)) } }
                }
            }
            @if page.lines.is_empty() { p.sm.t3 { (t("customers-go-on")) } }
        }
        (pager(&Pager { newer: first.as_deref(), older: more.as_deref() }))
    };
    live(&Live { id: "customers", topics: "inbox", source: &source, merge: false }, "stack", &inner)
}

fn row(it: &Line, clock: &Clock) -> Markup {
    let customer = &it.customer;
    html! {
        tr {
            th scope="row" {
                a.cust href={ "/customers/" (customer.id) } {
                    @match customer.kind {
                        CustomerKind::Organization => (organization_avatar(&customer.name, AvatarSize::Normal)),
                        CustomerKind::Individual => (their_avatar(&customer.name, AvatarSize::Normal)),
                    }
                    span { b { (customer.name) } }
                }
            }
            td.hide-s { (kind_name(customer.kind)) @if customer.provisional { " " (badge(Tone::Line, t("provisional"))) } }
            td.num { @if it.open > 0 { (nav::count(it.open)) } @else { span.t3 { "0" } } }
            td { @if let Some(at) = it.last_at { (clock.short(at)) } @else { span.t3 { (t("customers-never")) } } }
        }
    }
}

/// What is wrong with a word of the filter.
fn said(text: &str, mistake: &Mistake) -> String {
    let word = text.get(mistake.at.clone()).unwrap_or_default();
    let keys = || Key::ALL.iter().map(|it| format!("{it}:")).collect::<Vec<_>>().join(" ");
    let (key, meant, values) = match &mistake.why {
        Why::UnknownKey(Some(meant)) => ("mistake-key-meant", meant.word().to_owned(), String::new()),
        Why::UnknownKey(None) => ("customers-mistake-key", String::new(), keys()),
        Why::UnknownValue(_, Some(meant)) => ("mistake-value-meant", (*meant).to_owned(), String::new()),
        Why::UnknownValue(key, None) => ("customers-mistake-value", key.word().to_owned(), key.values().join(", ")),
        Why::NoValue(_) => ("customers-mistake-nothing", String::new(), String::new()),
        Why::NoField => ("customers-mistake-field", String::new(), String::new()),
        Why::UnknownField => ("customers-mistake-unknown", String::new(), String::new()),
        Why::NotAName => ("customers-mistake-name", String::new(), String::new()),
    };
    t_with(key, &[("word", word.into()), ("meant", meant.into()), ("values", values.into())])
}

/// More than that nobody reads while typing.
const MOST: usize = 8;

/// What stands before the cursor.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    before: String,
}

/// `GET /customers/completion`: a list of what can stand there; each names what it replaces, counted as script counts.
pub async fn completion(State(app): State<App>, who: Who, Query(typed): Query<Typed>) -> Result<Page, Trouble> {
    let scope = who.scope();
    let fields = app.desk.db.read(async move |rx| store::field::all(rx, &scope).await).await?;
    let said = fields.iter().filter(|it| it.owner == Owner::Customer);
    let said = said.flat_map(|it| it.choices.iter().map(|says| format!("{}={}", it.name, says.name)));
    let (from, choices) = choices(&typed.before, &said.collect::<Vec<_>>());
    let from = typed.before.get(..from).unwrap_or_default().encode_utf16().count();
    Ok(Page(html! {
        @for (at, insert) in choices.iter().take(MOST).enumerate() {
            li.menu-item role="option" id={ "filter-" (at) } aria-selected="false" data-from=(from) data-insert=(insert) {
                span { (insert.trim_end()) } @if insert.ends_with(':') { span.t3.end.xs { (about(insert)) } }
            }
        }
    }))
}

fn about(key: &str) -> &'static str {
    match Key::parse(key.trim_end_matches(':')) {
        Ok(Key::Is) => t("customers-filter-is"),
        Ok(Key::Domain) => t("customers-filter-domain"),
        Ok(Key::Field) => t("filter-field"),
        Err(_) => "",
    }
}
