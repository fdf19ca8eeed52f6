//! What is done to several cases of a list at once.

use axum::extract::State;
use axum::response::Redirect;
use desk::act::Doing;
use domain::{Aside, MacroId, Priority, Right, Word};
use maud::{Markup, html};

use super::pane::Pane;
use crate::Trouble;
use crate::app::App;
use crate::case::change::{Rest, Tagging};
use crate::case::optional;
use crate::extract::Form;
use crate::nav::priority_name;
use crate::part::{Button, Clock, Icon, icon, keycap, menu, menu_button};
use crate::session::Who;
use crate::text::t;

/// `POST /inbox/bulk`: the cases that are selected, and one thing that is done to them.
pub async fn change(
    State(app): State<App>,
    who: Who,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Redirect, Trouble> {
    let (mut numbers, mut list, mut doing) = (Vec::new(), "/inbox".to_owned(), None);
    for (name, value) in pairs {
        match name.as_str() {
            "case" => numbers.push(value.parse::<i64>().map_err(|_| Trouble::bad(t("bad-choice")))?),
            "list" if value.starts_with("/inbox") || value.starts_with("/cases/") => list = value,
            // Of the fields that stand in the bar, one is filled in.
            _ if value.is_empty() && !matches!(name.as_str(), "assignee" | "team") => {}
            "macro" => doing = Some(What::Macro(value.parse().map_err(|_| Trouble::bad(t("bad-choice")))?)),
            _ => doing = Some(What::Doing(read(&app, &who, &name, value).await?)),
        }
    }
    numbers.sort_unstable();
    numbers.dedup();
    let Some(doing) = doing.filter(|_| !numbers.is_empty()) else { return Err(Trouble::bad(t("bulk-nothing"))) };
    let done = match doing {
        What::Doing(it) => app.desk.act_on_all(&who.member, &numbers, it).await?,
        What::Macro(id) => app.desk.use_macro_on_all(&who.member, &numbers, id).await?,
    };
    match (done.act, done.refused) {
        (None, Some((_, why))) => Err(Trouble::from(desk::Error::Conflict(why))),
        (act, _) => Ok(Redirect::to(&crate::act::with(&list, act))),
    }
}

/// What is done to each of them.
enum What {
    Doing(Doing),
    Macro(MacroId),
}

async fn read(app: &App, who: &Who, name: &str, value: String) -> Result<Doing, Trouble> {
    let bad = || Trouble::bad(t("bad-choice"));
    Ok(match (name, value.as_str()) {
        ("assignee", it) => Doing::Assign(optional(it)?),
        ("team", it) => Doing::GiveTo(optional(it)?),
        ("priority", it) => Doing::Prioritize(Priority::parse(it).map_err(|_| bad())?),
        ("until", _) => Doing::Snooze(Rest { until: value, ..Rest::default() }.moment(app).await?),
        ("tag", _) => Tagging { on: value, off: None }.doing(app, who).await?,
        ("untag", it) => {
            Tagging { on: String::new(), off: Some(it.parse().map_err(|_| bad())?) }.doing(app, who).await?
        }
        ("turn", "resolve") => Doing::Resolve { resolution: String::new(), fields: Vec::new() },
        ("turn", "reopen") => Doing::Reopen,
        ("turn", "wake") => Doing::Wake,
        ("aside", it) => Doing::PutAside(Aside::parse(it).map_err(|_| bad())?),
        ("turn", "restore") => Doing::PutBack,
        _ => return Err(bad()),
    })
}

/// What can be done to the cases that are selected; it stands there while some are.
pub fn bar(pane: &Pane<'_>, clock: &Clock) -> Markup {
    let is_aside = pane.list.aside().is_some();
    html! {
        form.bulk #bulk method="post" action="/inbox/bulk" aria-label=(t("bulk")) {
            input type="hidden" name="list" value=(pane.here());
            p.bulk-h {
                b data-count {} " " (t("bulk-selected"))
                button.link type="button" data-all { (t("bulk-all")) }
                button.link.end type="button" data-none data-key="Escape" { (t("bulk-none")) }
            }
            div.bulk-do {
                @if is_aside {
                    button.btn.btn-sm type="submit" name="turn" value="restore" { (icon(Icon::Refresh)) (t("restore")) }
                } @else { (doings(pane, clock)) }
            }
        }
    }
}

fn doings(pane: &Pane<'_>, clock: &Clock) -> Markup {
    let me = pane.me;
    let others = pane.colleagues.iter().filter(|it| it.here && it.id != me.id);
    let open = |id: &str, key: &str, glyph: Icon, label: &str, focus: Option<&str>| {
        html! {
            button.btn.btn-sm type="button" popovertarget=(id) data-key=(key) data-focus=[focus] title={ (label) " (" (key) ")" } {
                (icon(glyph)) span.vh { (label) } (keycap(key))
            }
        }
    };
    html! {
        (open("bulk-assign", "a", Icon::Assign, t("assign"), None))
        (menu("bulk-assign", t("assign"), &html! {
            (menu_button(Some(Icon::User), t("assign-me"), ("assignee", &me.id.to_string()), None, false))
            @for it in others { (menu_button(None, &it.name, ("assignee", &it.id.to_string()), None, false)) }
            (menu_button(Some(Icon::Minus), t("assign-nobody"), ("assignee", ""), None, false))
            @if !pane.teams.is_empty() {
                hr;
                p.menu-h { (t("team")) }
                @for it in pane.teams { (menu_button(None, &it.name, ("team", &it.id.to_string()), None, false)) }
                (menu_button(None, t("no-team"), ("team", ""), None, false))
            }
        }))
        (open("bulk-tag", "t", Icon::Tag, t("tag"), Some("bulk-tag-name")))
        (menu("bulk-tag", t("tag"), &html! {
            div.field {
                label for="bulk-tag-name" { (t("tag-add")) }
                input.input #bulk-tag-name name="tag" list="bulk-tags" autocomplete="off" maxlength="400";
                datalist #bulk-tags { @for it in pane.tags { option value=(it.name) {} } }
            }
            button.menu-item type="submit" { (icon(Icon::Tag)) span.trunc { (t("tag-do")) } }
        }))
        (open("bulk-snooze", "s", Icon::Clock, t("snooze"), None))
        (menu("bulk-snooze", t("snooze"), &html! {
            @for (word, at) in clock.later() {
                (menu_button(None, t(word), ("until", &at.0.to_string()), None, false))
            }
        }))
        @let macros: Vec<_> = pane.macros.iter().filter(|it| it.actions.change()).collect();
        @if !macros.is_empty() {
            (open("bulk-macro", "m", Icon::List, t("macro"), None))
            (menu("bulk-macro", t("macros"), &html! {
                @for it in macros { (menu_button(None, &it.name, ("macro", &it.id.to_string()), None, false)) }
            }))
        }
        button.btn.btn-sm type="submit" name="turn" value="resolve" data-key="e" title={ (t("resolve")) " (e)" } {
            (icon(Icon::Check)) span.vh { (t("resolve")) } (keycap("e"))
        }
        (Button::open(t("case-more"), "bulk-more").small().quiet().only_icon(Icon::More))
        (menu("bulk-more", t("case-more"), &html! {
            p.menu-h { (t("priority")) }
            @for word in Priority::ALL.iter().rev() {
                (menu_button(None, priority_name(*word), ("priority", word.word()), None, false))
            }
            hr;
            (menu_button(Some(Icon::Refresh), t("reopen"), ("turn", "reopen"), None, false))
            (menu_button(Some(Icon::Clock), t("wake"), ("turn", "wake"), None, false))
            @if me.role.may(Right::Desk) {
                hr;
                (menu_button(Some(Icon::Alert), t("mark-spam"), ("aside", "spam"), None, false))
                (menu_button(Some(Icon::Trash), t("delete"), ("aside", "trash"), None, false))
            }
        }))
    }
}
