//! How a macro is used: the menu that `m` opens, the list below a `/`, and what comes of it.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use desk::macros::Used;
use domain::{Macro, MacroId, Tag, Whom, Word};
use maud::{Markup, html};
use serde::Deserialize;
use store::macros;
use store::staff::Colleague;
use store::team::Team;

use crate::Trouble;
use crate::act::toast;
use crate::app::App;
use crate::case::Here;
use crate::case::compose::Written;
use crate::extract::{FormOrMultipart, Path, Query};
use crate::nav::{around, priority_name};
use crate::page::Page;
use crate::part::{Icon, icon, keycap, menu_link};
use crate::session::Who;
use crate::text::{t, t_with};

/// More than that nobody reads while typing.
const MOST: usize = 8;

/// What stands behind the `/`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    q: String,
}

/// `GET /macros/completion`: the macros whose name or text has what is typed; those whose name begins with it come first.
pub async fn completion(State(app): State<App>, who: Who, Query(typed): Query<Typed>) -> Result<Page, Trouble> {
    let scope = who.scope();
    let all = app.desk.db.read(async move |rx| macros::all(rx, &scope).await).await?;
    let asked = typed.q.trim().to_lowercase();
    let mut fitting: Vec<(u8, &Macro)> = all.iter().filter_map(|it| Some((rank(it, &asked)?, it))).collect();
    fitting.sort_by_key(|it| it.0);
    Ok(Page(html! {
        @for (_, it) in fitting.iter().take(MOST) {
            li.menu-item role="option" id={ "macro-" (it.id) } aria-selected="false" data-macro=(it.id) {
                span.trunc { (it.name) } span.t3.end.xs.trunc { (beginning(&it.body)) }
            }
        }
    }))
}

fn rank(it: &Macro, asked: &str) -> Option<u8> {
    let name = it.name.to_lowercase();
    if name.starts_with(asked) {
        Some(0)
    } else if name.split_whitespace().any(|it| it.starts_with(asked)) {
        Some(1)
    } else {
        (name.contains(asked) || it.body.to_lowercase().contains(asked)).then_some(2)
    }
}

/// `POST /cases/{number}/macros/{id}`: does what the macro does. Its text goes to the script that asks for it, which puts it
/// where somebody writes; or else into the draft, behind what the form has.
pub async fn apply(
    State(app): State<App>,
    who: Who,
    Path((number, id)): Path<(i64, MacroId)>,
    Query(here): Query<Here>,
    headers: HeaderMap,
    body: FormOrMultipart<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    if headers.contains_key("x-fragment") {
        return match app.desk.use_macro(&who.member, number, id).await {
            Ok(used) => Ok(fragment(&app, &who, number, &here, used).await?.into_response()),
            Err(err) => {
                let is_told =
                    matches!(err, desk::Error::Invalid { .. } | desk::Error::Refused(_) | desk::Error::Conflict(_));
                let why = err.to_string();
                let trouble = Trouble::from(err);
                if is_told { Ok((trouble.status(), why).into_response()) } else { Err(trouble) }
            }
        };
    }
    let written = Written::read(body).await?;
    if !written.is_nothing() {
        written.keep(&app.desk, &who.member, number).await?;
    }
    let used = app.desk.use_macro(&who.member, number, id).await?;
    if !used.text.is_empty() {
        app.desk.put_in_draft(&who.member, number, &used.text).await?;
    }
    Ok(here.done(number, used.act).into_response())
}

/// The text, and the line that tells what was done.
async fn fragment(app: &App, who: &Who, number: i64, here: &Here, used: Used) -> Result<Page, Trouble> {
    let (scope, now, back, act) = (who.scope(), app.desk.now(), here.address(number), used.act);
    let line = app
        .desk
        .db
        .read(async move |rx| {
            let clock = around(rx, &scope).await?.clock_at(now);
            toast(rx, &scope, act, &back, &clock).await
        })
        .await?;
    Ok(Page(html! {
        div #used data-text=(used.text) data-then=[used.then.map(Word::word)] { @if let Some(line) = line { (line) } }
    }))
}

/// The button in the box where one writes, and the list that it opens. Each line posts the form around it.
pub fn menu(all: &[Macro], number: i64, query: &str) -> Markup {
    html! {
        bw-macros data-case=(number) data-query=(query) data-label=(t("macros")) {
            button.btn.btn-quiet.btn-sm type="button" popovertarget="macros" data-key="m" data-focus="macro-q" title={ (t("macro")) " (m)" } {
                (icon(Icon::List)) span.vh-s { (t("macro")) } (keycap("m"))
            }
            div.menu.macros #macros popover="auto" data-menu aria-label=(t("macros")) {
                input.input #macro-q type="text" autocomplete="off" aria-label=(t("macro-search")) placeholder=(t("macro-search")) hidden;
                @for it in all {
                    button.menu-item type="submit" formaction={ "/cases/" (number) "/macros/" (it.id) (query) } data-macro=(it.id) title=(beginning(&it.body)) {
                        span.trunc { (it.name) }
                    }
                }
                @if all.is_empty() { p.hint { (t("macros-none")) } }
                hr;
                (menu_link(Some(Icon::Edit), t("macros-edit"), "/macros", false))
            }
        }
    }
}

/// The beginning of a text, in one line.
pub fn beginning(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 100 { line } else { line.chars().take(99).chain(['…']).collect() }
}

/// What a macro does, in a few words.
pub fn does(it: &Macro, teams: &[Team], colleagues: &[Colleague], tags: &[Tag]) -> String {
    let actions = &it.actions;
    let named = |ids: &[domain::TagId]| {
        let names = tags.iter().filter(|it| ids.contains(&it.id)).map(|it| it.name.as_str());
        names.collect::<Vec<_>>().join(", ")
    };
    let assign = actions.assign.map(|it| match it {
        Whom::Me => t("macro-says-me").to_owned(),
        Whom::Nobody => t("act-unassigned").to_owned(),
        Whom::Colleague(id) => {
            let name = colleagues.iter().find(|it| it.id == id).map_or(t("somebody"), |it| it.name.as_str());
            t_with("act-assigned", &[("name", name.into())])
        }
    });
    let team = actions.team.map(|id| {
        let name = teams.iter().find(|it| it.id == id).map_or(t("a-team"), |it| it.name.as_str());
        t_with("act-team", &[("team", name.into())])
    });
    let priority =
        actions.priority.map(|it| t_with("act-priority", &[("priority", priority_name(it).to_lowercase().into())]));
    let (on, off) = (named(&actions.tag), named(&actions.untag));
    let on = (!on.is_empty()).then(|| t_with("macro-says-tag", &[("tags", on.into())]));
    let off = (!off.is_empty()).then(|| t_with("macro-says-untag", &[("tags", off.into())]));
    let snooze = actions.snooze.map(|it| t_with("macro-says-snooze", &[("hours", it.into())]));
    let resolve = actions.resolve.as_ref().map(|_| t("act-resolved").to_owned());
    [assign, team, priority, on, off, snooze, resolve].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
