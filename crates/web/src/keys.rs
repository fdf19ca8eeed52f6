//! The page of all keys. What a page itself can do by keys is in its dialog (`?`); here stands everything.

use axum::extract::State;
use maud::{Markup, html};

use crate::app::App;
use crate::error::Trouble;
use crate::nav::{Here, around, framed};
use crate::page::Page;
use crate::part::{Place, bar};
use crate::session::Who;
use crate::text::t;

/// Keys that do the same, with a space between those that are pressed one after the other; and the text that says what.
type Key = (&'static [&'static str], &'static str);

const GROUPS: &[(&str, &[Key])] = &[
    (
        "keys-everywhere",
        &[
            (&["Ctrl+K"], "palette"),
            (&["/"], "search"),
            (&["?"], "keys-here"),
            (&["g i"], "nav-inbox"),
            (&["g c"], "nav-customers"),
            (&["g n"], "notifications"),
            (&["g s"], "nav-settings"),
            (&["c"], "begin"),
            (&["z"], "undo"),
            (&["Escape"], "keys-close"),
        ],
    ),
    (
        "keys-lists",
        &[
            (&["j", "k"], "keys-move"),
            (&["Enter"], "keys-open"),
            (&["x"], "keys-select"),
            (&["a", "t", "s", "e", "m"], "keys-selected"),
            (&["f"], "filter"),
            (&["[", "]"], "pager"),
        ],
    ),
    (
        "keys-case",
        &[
            (&["r"], "reply"),
            (&["n"], "note"),
            (&["F"], "forward-to-supplier"),
            (&["m"], "macro"),
            (&["1", "2", "3"], "keys-like"),
            (&["a"], "assign"),
            (&["t"], "tag"),
            (&["s"], "snooze"),
            (&["e"], "resolve"),
            (&["b"], "follow"),
            (&["M"], "merge-with"),
            (&["X"], "split-choose"),
            (&["l"], "move-case"),
            (&["y"], "suggestion-join"),
            (&["Y"], "suggestion-apart"),
            (&["i"], "keys-side"),
        ],
    ),
    (
        "keys-writing",
        &[
            (&["Ctrl+Enter"], "send-waiting"),
            (&["Ctrl+Shift+Enter"], "send-resolve"),
            (&["/"], "keys-slash"),
            (&["@"], "keys-mention"),
            (&["Alt+P"], "keys-promise"),
        ],
    ),
];

/// `GET /keys`
pub async fn show(State(app): State<App>, who: Who) -> Result<Page, Trouble> {
    let scope = who.scope();
    let around = app.desk.db.read(async move |rx| around(rx, &scope).await).await?;
    let content = html! {
        main.main #main {
            (bar(t("keys"), "", &html! {}))
            div.page.stack.stack-lg {
                label.check { input type="checkbox" role="switch" data-keys-switch checked; span { (t("keys-switch")) } }
                @for (name, keys) in GROUPS { (group(name, keys)) }
            }
        }
    };
    let here = Here { title: t("keys"), place: Place::You, view: None, case_open: false };
    Ok(framed(&app, &who, &around, here, &content))
}

fn group(name: &'static str, keys: &[Key]) -> Markup {
    html! {
        section.sec aria-labelledby=(name) {
            header { h2 id=(name) { (t(name)) } }
            dl.keys-all {
                @for (keys, what) in keys {
                    dt { @for key in *keys { @for part in key.split(' ') { kbd { (part.replace('+', " ")) } " " } } }
                    dd { (t(what)) }
                }
            }
        }
    }
}
