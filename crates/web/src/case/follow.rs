//! Following a case: whoever does is told of what is written in it.

use axum::extract::State;
use axum::response::Redirect;
use domain::Member;
use maud::{Markup, html};

use super::Here;
use super::read::Case;
use crate::Trouble;
use crate::app::App;
use crate::extract::{Path, Query};
use crate::part::{Icon, icon};
use crate::session::Who;
use crate::text::t;

/// `POST /cases/{number}/following`
pub async fn begin(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
) -> Result<Redirect, Trouble> {
    app.desk.follow(&who.member, number).await?;
    Ok(here.back(number))
}

/// `POST /cases/{number}/following/removal`
pub async fn end(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
) -> Result<Redirect, Trouble> {
    app.desk.unfollow(&who.member, number).await?;
    Ok(here.back(number))
}

/// Follows the case, or does no longer.
pub(super) fn button(follows: bool, base: &str, query: &str) -> Markup {
    let (way, name) = if follows { ("/following/removal", t("unfollow")) } else { ("/following", t("follow")) };
    html! {
        form method="post" action={ (base) (way) (query) } {
            button.btn.btn-sm.btn-quiet.btn-icon.is-on[follows] type="submit" data-key="b" title={ (name) " (b)" } aria-label=(name) {
                (icon(Icon::Bell))
            }
        }
    }
}

/// Who follows it.
pub(super) fn followers(case: &Case, me: &Member) -> Markup {
    let all = case.colleagues.iter().filter(|it| it.here && case.followers.contains(&it.id));
    let names: Vec<&str> = all.map(|it| if it.id == me.id { t("you") } else { it.name.as_str() }).collect();
    html! {
        @if !names.is_empty() {
            section.side-sec {
                header { h2 { (t("followers")) } }
                p.sm { (names.join(", ")) }
            }
        }
    }
}
