//! Whether the program lives, and whether it can serve.

use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use store::organization;

use crate::app::App;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// `GET /healthz`: the program lives.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: it can serve, because the database answers, and what comes can be saved.
pub async fn ready(State(app): State<App>) -> Response {
    let asked = app.desk.db.read(async |rx| organization::find(rx).await);
    let why = match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(_)) if app.desk.db.has_room() => return "ok\n".into_response(),
        Ok(Ok(_)) => "the disk is full: what is there can be read, and nothing can be saved\n",
        _ => "the database does not answer\n",
    };
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")], why).into_response()
}
