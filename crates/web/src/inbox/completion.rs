//! What can stand where somebody types a filter.

use axum::extract::State;
use domain::filter::{Gap, Key, gap, quoted};
use domain::{Owner, Right, Word};
use maud::html;
use serde::Deserialize;
use store::{channel, customer, field, staff, tag, team};

use crate::Trouble;
use crate::app::App;
use crate::extract::Query;
use crate::page::Page;
use crate::session::Who;
use crate::text::t;

/// More than that nobody reads while typing.
const MOST: usize = 8;

/// What stands before the cursor.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    before: String,
}

/// `GET /inbox/completion`: a list of what can stand there; each names what it replaces, counted as script counts.
pub async fn show(State(app): State<App>, who: Who, Query(typed): Query<Typed>) -> Result<Page, Trouble> {
    let before = typed.before;
    let Some(found) = gap(&before, before.len()) else { return Ok(Page(html! {})) };
    let from = before.get(..found.at.start).unwrap_or_default().encode_utf16().count();
    let choices = match found.key {
        None => words(&found.typed),
        Some(key) => values(&app, &who, key, &found).await?,
    };
    Ok(Page(html! {
        @for (at, (insert, said)) in choices.iter().take(MOST).enumerate() {
            li.menu-item role="option" id={ "filter-" (at) } aria-selected="false" data-from=(from) data-insert=(insert) {
                span { (insert.trim_end()) } @if !said.is_empty() { span.t3.end.xs { (said) } }
            }
        }
    }))
}

fn words(typed: &str) -> Vec<(String, String)> {
    let typed = typed.to_lowercase();
    let known = Key::ALL.iter().filter(|it| it.word().starts_with(&typed));
    known.map(|it| (format!("{it}:"), about(*it).to_owned())).collect()
}

async fn values(app: &App, who: &Who, key: Key, gap: &Gap) -> Result<Vec<(String, String)>, Trouble> {
    let scope = who.scope();
    let names: Vec<(String, String)> = match key {
        Key::Assignee => {
            let all = app.desk.db.read(async move |rx| staff::colleagues(rx, &scope).await).await?;
            all.into_iter().filter(|it| it.here).map(|it| (it.name, String::new())).collect()
        }
        Key::Team => {
            let all = app.desk.db.read(async move |rx| team::all(rx, &scope).await).await?;
            all.into_iter().map(|it| (it.name, String::new())).collect()
        }
        Key::Channel if who.member.role.may(Right::Cases) => {
            let all = app.desk.db.read(async move |rx| channel::names(rx, &scope).await).await?;
            all.into_iter().map(|it| (it.name, it.address.to_string())).collect()
        }
        Key::Tag => {
            let all = app.desk.db.read(async move |rx| tag::all(rx, &scope).await).await?;
            all.into_iter().map(|it| (it.name, String::new())).collect()
        }
        Key::Field => {
            let all = app.desk.db.read(async move |rx| field::all(rx, &scope).await).await?;
            let cases = all.iter().filter(|it| it.owner == Owner::Case);
            cases
                .flat_map(|it| it.choices.iter().map(|says| (format!("{}={}", it.name, says.name), String::new())))
                .collect()
        }
        Key::Customer => {
            let first = gap.typed.clone();
            let all = app.desk.db.read(async move |rx| customer::named(rx, &scope, &first, 50).await).await?;
            let mut names: Vec<String> = all.into_iter().map(|it| it.1).collect();
            names.dedup();
            names.truncate(MOST);
            return Ok(names.into_iter().map(|name| (quoted(&name) + " ", String::new())).collect());
        }
        _ => Vec::new(),
    };
    let typed = gap.typed.to_lowercase();
    let fits = |name: &str| {
        let name = name.to_lowercase();
        name.starts_with(&typed) || name.split_whitespace().any(|it| it.starts_with(&typed))
    };
    let known =
        key.values().into_iter().filter(|it| it.starts_with(&typed)).map(|it| (format!("{it} "), String::new()));
    let names = names.into_iter().filter(|it| fits(&it.0) || it.1.starts_with(&typed));
    Ok(known.chain(names.map(|(name, said)| (quoted(&name) + " ", said))).collect())
}

fn about(key: Key) -> &'static str {
    match key {
        Key::Is => t("filter-is"),
        Key::Status => t("filter-status"),
        Key::Waiting => t("filter-waiting"),
        Key::Assignee => t("filter-assignee"),
        Key::Team => t("filter-team"),
        Key::Priority => t("filter-priority"),
        Key::Channel => t("filter-channel"),
        Key::Tag => t("filter-tag"),
        Key::Field => t("filter-field"),
        Key::Due => t("filter-due"),
        Key::Customer => t("filter-customer"),
        Key::Promise => t("filter-promise"),
        Key::Before => t("filter-before"),
        Key::After => t("filter-after"),
    }
}
