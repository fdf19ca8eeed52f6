//! A message by itself: its HTML in a document of its own, its files, the mail as it came, and sending it again.
//!
//! Whatever came with a mail is data: its kind is told by its first bytes, and only a picture is shown; the rest is
//! saved by the browser, never opened by it.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use desk::mail::without_remote;
use desk::picture;
use domain::{CaseId, CustomerId, File, Message, MessageId};
use serde::Deserialize;
use store::{Read, Scope, blob, entry, message};

use crate::Trouble;
use crate::app::App;
use crate::case::Here;
use crate::extract::{Form, Path, Query};
use crate::policy;
use crate::session::Who;

/// `POST /cases/{number}/messages/{message}/sending`
pub async fn send_again(
    State(app): State<App>,
    who: Who,
    Path((number, id)): Path<(i64, MessageId)>,
    Query(here): Query<Here>,
) -> Result<Redirect, Trouble> {
    app.desk.send_again(&who.member, number, id).await?;
    Ok(here.back(number))
}

/// Whether pictures of a sender are shown from now on.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pictures {
    always: bool,
}

/// `POST /cases/{number}/messages/{message}/pictures`
pub async fn show_pictures(
    State(app): State<App>,
    who: Who,
    Path((number, id)): Path<(i64, MessageId)>,
    Query(here): Query<Here>,
    Form(input): Form<Pictures>,
) -> Result<Redirect, Trouble> {
    app.desk.show_pictures(&who.member, number, id, input.always).await?;
    Ok(here.back(number))
}

/// How a mail looks where it says nothing about it. It is shown on paper, in dark surroundings too.
const PAPER: &str = "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light\">\
    <meta name=\"referrer\" content=\"no-referrer\"><style>\
    html{overflow-x:auto}\
    body{margin:12px 16px;font:14px/1.5 Inter,system-ui,-apple-system,\"Segoe UI\",sans-serif;color:#1c1b22;\
    overflow-wrap:anywhere}\
    body>:first-child{margin-top:0}body>:last-child{margin-bottom:0}\
    img{max-width:100%;height:auto}table,div{max-width:100%}pre{white-space:pre-wrap}a{color:#14539a}\
    blockquote{margin:8px 0 8px 2px;padding-left:12px;border-left:2px solid #d9d7d2;color:#55525f}\
    details{margin:8px 0}summary{display:inline-block;min-width:32px;padding:0 8px;border-radius:6px;background:#f1efec;color:#55525f;\
    line-height:24px;text-align:center;cursor:pointer;list-style:none}summary::-webkit-details-marker{display:none}\
    </style></head><body>";

/// Whether a reader has asked for remote pictures.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    pictures: Option<Load>,
}

/// The only thing that can be asked for.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Load {
    Load,
}

/// `GET /cases/{number}/messages/{message}/html`: sanitised when it came, and framed with a policy of its own.
pub async fn html(
    State(app): State<App>,
    who: Who,
    Path((number, id)): Path<(i64, MessageId)>,
    Query(ask): Query<Ask>,
) -> Result<Response, Trouble> {
    let scope = who.scope();
    let mail = app.desk.db.read(async move |rx| message::html(rx, &scope, number, id).await).await?;
    let (policy, mail) = if mail.pictures || ask.pictures.is_some() {
        (policy::MAIL_WITH_PICTURES, mail.html)
    } else {
        (policy::MAIL, without_remote(&mail.html).unwrap_or(mail.html))
    };
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, policy)];
    Ok((headers, format!("{PAPER}{mail}</body></html>")).into_response())
}

/// `GET /cases/{number}/messages/{message}/inline/{file}`: a picture inside a mail.
pub async fn inline(
    State(app): State<App>,
    who: Who,
    Path((number, id, at)): Path<(i64, MessageId, usize)>,
) -> Result<Response, Trouble> {
    let (file, bytes) = file_of(&app, who.scope(), number, id, at).await?;
    Ok(shown(&file.name, bytes))
}

/// `GET /cases/{number}/messages/{message}/files/{file}`
pub async fn file(
    State(app): State<App>,
    who: Who,
    Path((number, id, at)): Path<(i64, MessageId, usize)>,
) -> Result<Response, Trouble> {
    let (file, bytes) = file_of(&app, who.scope(), number, id, at).await?;
    Ok(kept(&file.name, bytes))
}

/// `GET /cases/{number}/messages/{message}/raw`: the mail as it came.
pub async fn raw(
    State(app): State<App>,
    who: Who,
    Path((number, id)): Path<(i64, MessageId)>,
) -> Result<Response, Trouble> {
    let scope = who.scope();
    let bytes = app.desk.db.read(async move |rx| {
        let message = message::within(rx, &scope, number, id).await?;
        let hash = message.raw_hash.as_deref().ok_or(store::Error::NotFound)?;
        blob::read(rx, message.customer, message.case, hash).await
    });
    Ok(as_it_came(&format!("case-{number}.eml"), bytes.await?))
}

/// A raw mail to be saved, and looked at with whatever shows text.
pub(crate) fn as_it_came(name: &str, bytes: Vec<u8>) -> Response {
    served("text/plain; charset=utf-8", &disposition("attachment", name), bytes)
}

/// A raw mail to be looked at, as text whatever it is.
pub(crate) fn as_text(text: String) -> Response {
    served("text/plain; charset=utf-8", "inline", text.into_bytes())
}

/// `GET /cases/{number}/entries/{entry}/files/{file}`: a file of a note.
pub async fn note_file(
    State(app): State<App>,
    who: Who,
    Path((number, entry, at)): Path<(i64, i64, usize)>,
) -> Result<Response, Trouble> {
    let scope = who.scope();
    let found = app.desk.db.read(async move |rx| {
        let (place, files) = entry::noted(rx, &scope, number, entry).await?;
        bytes_of(rx, place.customer, place.case, files.into_iter().nth(at)).await
    });
    let (file, bytes) = found.await?;
    Ok(kept(&file.name, bytes))
}

async fn file_of(
    app: &App,
    scope: Scope,
    number: i64,
    id: MessageId,
    at: usize,
) -> Result<(File, Vec<u8>), store::Error> {
    let found = app.desk.db.read(async move |rx| {
        let Message { customer, case, files, .. } = message::within(rx, &scope, number, id).await?;
        bytes_of(rx, customer, case, files.into_iter().nth(at)).await
    });
    found.await
}

async fn bytes_of(
    rx: &Read,
    customer: CustomerId,
    case: CaseId,
    file: Option<File>,
) -> Result<(File, Vec<u8>), store::Error> {
    let file = file.ok_or(store::Error::NotFound)?;
    let bytes = blob::read(rx, customer, case, &file.hash).await?;
    Ok((file, bytes))
}

/// A picture, or else a file to be saved.
pub(crate) fn shown(name: &str, bytes: Vec<u8>) -> Response {
    match picture(&bytes) {
        Some(kind) => served(kind, &disposition("inline", name), bytes),
        None => kept(name, bytes),
    }
}

/// A file to be saved.
fn kept(name: &str, bytes: Vec<u8>) -> Response {
    served("application/octet-stream", &disposition("attachment", name), bytes)
}

fn served(kind: &'static str, disposition: &str, bytes: Vec<u8>) -> Response {
    // What a name may hold that a header may not has been taken out, so this keeps the name.
    let disposition = HeaderValue::from_str(disposition).unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy::FILE)),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    (headers, bytes).into_response()
}

/// Content-Disposition with a file's name (RFC 6266 §4.1; RFC 8187 §3.2 for letters that ASCII does not have).
fn disposition(how: &str, name: &str) -> String {
    let plain: String = name.chars().map(|it| if it.is_ascii_graphic() || it == ' ' { it } else { '_' }).collect();
    let plain = plain.replace(['"', '\\', '%'], "_");
    let exact = name.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").unwrap_or_default();
        }
        text
    });
    format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{exact}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_file_cannot_leave_its_place_in_the_header() {
        for (name, expected) in [
            ("CN-2207.pdf", "attachment; filename=\"CN-2207.pdf\"; filename*=UTF-8''CN-2207.pdf"),
            ("a\"; x=\"b.txt", "attachment; filename=\"a_; x=_b.txt\"; filename*=UTF-8''a%22%3B%20x%3D%22b.txt"),
            ("Größe.pdf", "attachment; filename=\"Gr__e.pdf\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pdf"),
            (
                "a\r\nSet-Cookie: b",
                "attachment; filename=\"a__Set-Cookie: b\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20b",
            ),
        ] {
            let written = disposition("attachment", name);
            assert_eq!(written, expected);
            assert!(HeaderValue::from_str(&written).is_ok());
        }
    }
}
