//! The organization, as the settings change it.

mod support;

use axum::http::StatusCode;
use support::{House, INES};

const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

#[tokio::test]
async fn the_organization_has_a_name_and_a_time_zone() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let at = "/settings/organization";
    ines.get(at).await.has("value=\"Tareline\"").has("value=\"Europe/London\" selected");
    let wrong = ines.post(at, &[("organization", "Tareline"), ("time_zone", "Mars/Olympus")]).await;
    assert_eq!(wrong.status, WRONG);
    wrong.has("Choose a time zone");
    assert_eq!(ines.post(at, &[("organization", "  "), ("time_zone", "UTC")]).await.status, WRONG);
    assert_eq!(ines.post(at, &[("organization", "Tareline Ltd"), ("time_zone", "UTC")]).await.location(), at);
    ines.get("/settings").await.has("Tareline Ltd");
}
