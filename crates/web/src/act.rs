//! What was just done, told in one line that undoes it.

use axum::extract::State;
use axum::response::Redirect;
use domain::{ActId, Aside, StaffId, Standing, Status};
use maud::{Markup, html};
use serde::Deserialize;
use store::act::{Act, own};
use store::{Read, Scope, staff, team};

use crate::Trouble;
use crate::app::App;
use crate::extract::{Form, Path};
use crate::nav::priority_name;
use crate::part::{Clock, Icon, icon, keycap};
use crate::session::Who;
use crate::text::{t, t_with};

/// For how long the line stands, in seconds; so long a page that is loaded again shows it.
const SHOWN: u64 = 10;

/// An address after something was done that may be undone.
pub fn with(address: &str, act: Option<ActId>) -> String {
    let Some(act) = act else { return address.to_owned() };
    let sign = if address.contains('?') { '&' } else { '?' };
    format!("{address}{sign}done={act}")
}

/// The way back after an undo.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Back {
    to: String,
}

/// `POST /acts/{id}/undo`
pub async fn undo(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ActId>,
    Form(back): Form<Back>,
) -> Result<Redirect, Trouble> {
    app.desk.undo(&who.member, id).await?;
    // Only to a page of ours.
    let inside = ["/cases/", "/inbox", "/search"].iter().any(|it| back.to.starts_with(it));
    Ok(Redirect::to(if inside { &back.to } else { "/inbox" }))
}

/// The line about what was just done; nothing if that is a while ago, or undone. `back` is where its reader is.
pub async fn toast(
    rx: &Read,
    scope: &Scope,
    id: Option<ActId>,
    back: &str,
    clock: &Clock,
) -> store::Result<Option<Markup>> {
    let Some(id) = id else { return Ok(None) };
    let Some(act) = own(rx, scope, id).await?.filter(|it| !it.undone) else { return Ok(None) };
    if act.at.after(std::time::Duration::from_secs(SHOWN)) < scope.now {
        return Ok(None);
    }
    let (colleagues, teams) = tokio::try_join!(staff::colleagues(rx, scope), team::all(rx, scope))?;
    let person = |id: StaffId| colleagues.iter().find(|it| it.id == id).map_or(t("somebody"), |it| it.name.as_str());
    let team = |id| teams.iter().find(|it| it.id == id).map_or(t("a-team"), |it| it.name.as_str());
    let Some(what) = act.cases.first().map(|it| said(&it.before, &it.after, &person, &team, clock)) else {
        return Ok(None);
    };
    Ok(Some(line(&act, &what, back)))
}

fn line(act: &Act, what: &str, back: &str) -> Markup {
    let which = match &act.cases[..] {
        [one] => t_with("case-number", &[("number", one.number.to_string().into())]),
        many => t_with("act-cases", &[("count", many.len().into())]),
    };
    html! {
        bw-toast.toast role="status" data-for=(SHOWN) {
            span {
                (which) ": " (what)
                @if let Some((count, why)) = &act.refused {
                    br; (icon(Icon::Alert)) " " (t_with("act-refused", &[("count", (*count).into()), ("why", why.as_str().into())]))
                }
            }
            form method="post" action={ "/acts/" (act.id) "/undo" } {
                input type="hidden" name="to" value=(back);
                button type="submit" data-key="z" { (t("undo")) (keycap("z")) }
            }
        }
    }
}

/// What changed, in a few words.
fn said<'n>(
    before: &Standing,
    after: &Standing,
    person: &dyn Fn(StaffId) -> &'n str,
    team: &dyn Fn(domain::TeamId) -> &'n str,
    clock: &Clock,
) -> String {
    if before.aside != after.aside {
        return match after.aside.map(|it| it.to) {
            Some(Aside::Trash) => t("act-trash"),
            Some(Aside::Spam) => t("act-spam"),
            None => t("act-back"),
        }
        .to_owned();
    }
    let mut all = Vec::new();
    if before.assignee != after.assignee {
        all.push(match after.assignee {
            Some(id) => t_with("act-assigned", &[("name", person(id).into())]),
            None => t("act-unassigned").to_owned(),
        });
    }
    if before.team != after.team {
        all.push(match after.team {
            Some(id) => t_with("act-team", &[("team", team(id).into())]),
            None => t("act-no-team").to_owned(),
        });
    }
    if before.priority != after.priority {
        all.push(t_with("act-priority", &[("priority", priority_name(after.priority).to_lowercase().into())]));
    }
    if before.tags != after.tags {
        all.push(t("act-tags").to_owned());
    }
    // What is resolved, or comes back, is not snoozed any more: that need not be said.
    if before.status != after.status && after.status == Status::Resolved {
        all.push(t("act-resolved").to_owned());
    } else if before.status == Status::Resolved && after.status != Status::Resolved {
        all.push(t("act-reopened").to_owned());
    } else if before.wake_at != after.wake_at {
        all.push(match after.wake_at {
            Some(at) => t_with("act-snoozed", &[("when", clock.long_said(at).into())]),
            None => t("act-woken").to_owned(),
        });
    }
    if all.is_empty() { t("act-fields").to_owned() } else { all.join(", ") }
}
