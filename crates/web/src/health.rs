//! Whether the program lives, and whether it can serve.

use std::time::Duration;

use axum::extract::State;
use store::organization;

use crate::Trouble;
use crate::app::App;

/// `GET /healthz`: the program lives.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: it can serve, because the database answers.
pub async fn ready(State(app): State<App>) -> Result<&'static str, Trouble> {
    let asked = app.desk.db.read(async |rx| organization::find(rx).await);
    match tokio::time::timeout(Duration::from_secs(2), asked).await {
        Ok(Ok(_)) => Ok("ok\n"),
        _ => Err(Trouble::Busy { retry: Duration::from_secs(5) }),
    }
}
