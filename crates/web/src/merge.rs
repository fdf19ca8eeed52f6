//! What is done with cases that are one issue, or two.

use axum::extract::State;
use axum::response::Redirect;
use domain::MessageId;
use domain::filter::numbered;
use serde::Deserialize;

use crate::Trouble;
use crate::app::App;
use crate::case::Here;
use crate::extract::{Form, Path, Query};
use crate::session::Who;
use crate::text::t;

/// The other case: chosen from a list, or its number as somebody typed it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct With {
    with: String,
    case: Option<i64>,
}

impl With {
    fn number(&self) -> Result<i64, Trouble> {
        self.case.or_else(|| numbered(&self.with)).ok_or_else(|| Trouble::bad(t("merge-number-wrong")))
    }
}

/// `POST /cases/{number}/merge`
pub async fn merge(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
    Form(it): Form<With>,
) -> Result<Redirect, Trouble> {
    let stays = app.desk.merge(&who.member, number, it.number()?).await?;
    Ok(here.back(stays))
}

/// `POST /cases/{number}/suggestion/joining`
pub async fn join(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
    Form(it): Form<With>,
) -> Result<Redirect, Trouble> {
    let stays = app.desk.join_suggested(&who.member, number, it.number()?).await?;
    Ok(here.back(stays))
}

/// `POST /cases/{number}/suggestion/removal`
pub async fn keep_apart(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
    Form(it): Form<With>,
) -> Result<Redirect, Trouble> {
    app.desk.keep_apart(&who.member, number, it.number()?).await?;
    Ok(here.back(number))
}

/// `POST /cases/{number}/split`: the fields of the form as they come, for a message stands there as often as it is chosen.
pub async fn split(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Redirect, Trouble> {
    let (mut messages, mut subject) = (Vec::new(), String::new());
    for (name, value) in pairs {
        match name.as_str() {
            "message" => messages.push(value.parse::<MessageId>().map_err(|_| Trouble::bad(t("bad-choice")))?),
            "subject" => subject = value,
            _ => return Err(Trouble::bad(t("bad-choice"))),
        }
    }
    if messages.is_empty() {
        return Err(Trouble::bad(t("split-none")));
    }
    let new = app.desk.split_off(&who.member, number, messages, &subject).await?;
    Ok(here.back(new))
}

/// `POST /cases/{number}/entries/{entry}/undo`
pub async fn undo(
    State(app): State<App>,
    who: Who,
    Path((number, entry)): Path<(i64, i64)>,
    Query(here): Query<Here>,
) -> Result<Redirect, Trouble> {
    let looked_at = app.desk.undo_entry(&who.member, number, entry).await?;
    Ok(here.back(looked_at))
}
