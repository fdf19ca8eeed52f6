//! The door for programs that hand in mail: `docs/api.md` describes it.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use desk::mail::{Filed, Mailbox, Receipt};
use domain::ChannelId;
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::app::App;
use crate::error::Trouble;
use crate::extract::Path;
use crate::text::t;

/// The largest mail, in bytes: twice what most servers take.
const LARGEST: usize = 50 * 1024 * 1024;
/// How much mail may be in memory at once, in KiB: who finds no room comes again.
static ROOM: Semaphore = Semaphore::const_new(256 * 1024);
/// How long a mail waits for room.
const PATIENCE: Duration = Duration::from_secs(10);
/// When a program should come again after a fault that passes.
const AGAIN: Trouble = Trouble::Busy { retry: Duration::from_secs(5) };

/// `POST /api/v1/channels/{id}/mail`: one mail, as it is on the wire.
pub async fn mail(
    State(app): State<App>,
    Path(id): Path<ChannelId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Trouble> {
    let mailbox = mailbox(&app, id, &headers).await?;
    if !is_mail(&headers) {
        return Err(Trouble::bad(t("api-mail-type")));
    }
    let _room = room(&headers).await?;
    let raw = read(body).await?;
    let receipt = app.desk.receive(&mailbox, raw, app.desk.now()).await.map_err(passing)?;
    Ok(answer(&receipt))
}

/// The mailbox whose token the program has.
async fn mailbox(app: &App, id: ChannelId, headers: &HeaderMap) -> Result<Mailbox, Trouble> {
    let token = bearer(headers).ok_or(Trouble::SignInNeeded)?;
    app.desk.mailbox_by_token(id, token).await.map_err(passing)?.ok_or(Trouble::SignInNeeded)
}

/// RFC 6750 §2.1.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn is_mail(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|it| it.trim().eq_ignore_ascii_case("message/rfc822"))
}

/// Room for the mail. One that does not say how long it is may be as long as any.
async fn room(headers: &HeaderMap) -> Result<SemaphorePermit<'static>, Trouble> {
    let said = headers.get(header::CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse::<usize>().ok());
    let bytes = said.unwrap_or(LARGEST);
    if bytes > LARGEST {
        return Err(Trouble::TooLarge);
    }
    let wanted = u32::try_from(bytes.div_ceil(1024)).map_err(Trouble::internal)?;
    match tokio::time::timeout(PATIENCE, ROOM.acquire_many(wanted)).await {
        Ok(Ok(permit)) => Ok(permit),
        _ => Err(AGAIN),
    }
}

async fn read(body: Body) -> Result<Vec<u8>, Trouble> {
    let mut raw = Vec::new();
    let mut parts = body.into_data_stream();
    while let Some(part) = parts.next().await {
        // A line that broke says nothing about the mail: whoever has it must not take this for a refusal.
        let part = part.map_err(|_| AGAIN)?;
        if raw.len() + part.len() > LARGEST {
            return Err(Trouble::TooLarge);
        }
        raw.extend_from_slice(&part);
    }
    if raw.is_empty() { Err(Trouble::bad(t("api-mail-empty"))) } else { Ok(raw) }
}

/// What may go better next time is never a refusal: programs drop what was refused.
fn passing(err: desk::Error) -> Trouble {
    if !err.is_transient() {
        return err.into();
    }
    tracing::error!(cause = %err, "a mail was not taken");
    if let desk::Error::Store(store::Error::Full(_)) = err { Trouble::Full } else { AGAIN }
}

fn answer(receipt: &Receipt) -> Response {
    let (status, said) = match receipt {
        Receipt::Filed(it) => (StatusCode::CREATED, filed(it)),
        Receipt::Known(it) => (StatusCode::OK, filed(it)),
        Receipt::Deleted => (StatusCode::OK, deleted()),
        Receipt::Quarantined { inbound, why } => (StatusCode::ACCEPTED, quarantined(&inbound.to_string(), why)),
    };
    (status, Json(said)).into_response()
}

fn filed(it: &Filed) -> Value {
    json!({
        "customer": it.customer,
        "contact": it.contact,
        "case": { "id": it.case, "number": it.number, "status": it.status },
        "message": { "id": it.message, "state": it.state, "automatic": it.automatic },
        "association": it.association,
    })
}

/// We have had it, and somebody has deleted it for good: there is nothing to say of it.
fn deleted() -> Value {
    json!({
        "customer": null,
        "contact": null,
        "case": null,
        "message": { "id": null, "state": null, "automatic": null },
        "association": null,
        "deleted": true,
    })
}

fn quarantined(id: &str, why: &str) -> Value {
    json!({
        "customer": null,
        "contact": null,
        "case": null,
        "message": { "id": null, "state": domain::MessageState::Quarantined, "automatic": null },
        "association": null,
        "quarantined": { "id": id, "why": why },
    })
}
