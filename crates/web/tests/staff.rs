//! Who works here: invitations, roles, teams, and leaving.

mod support;

use std::time::Duration;

use axum::http::StatusCode;
use domain::Role;
use futures_util::future::join_all;
use support::{House, INES, PASSWORD};

const GONE: StatusCode = StatusCode::NOT_FOUND;
const MOVED: StatusCode = StatusCode::SEE_OTHER;
const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

#[tokio::test]
async fn an_invitation_opens_once_under_fifty_tries_at_once() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let fields = [("name", "Jonas Feld"), ("email", "jonas@tareline.example"), ("role", "agent")];
    let page = ines.post("/settings/invitations", &fields).await;
    assert_eq!(page.status, StatusCode::OK);
    let at = format!("/join/{}", link(&page.text(), "http://desk.test/join/"));
    house.browser().get(&at).await.has("Join Tareline").has("Agent").has("Jonas Feld");
    let short = house.browser().post(&at, &[("name", "Jonas Feld"), ("password", "short")]).await;
    assert_eq!(short.status, WRONG);
    short.has("at least 12 characters");

    let tries = (0..50).map(|_| async {
        let browser = house.browser();
        browser.post(&at, &[("name", "Jonas Feld"), ("password", PASSWORD)]).await.status
    });
    let all = join_all(tries).await;
    assert_eq!(all.iter().filter(|it| **it == MOVED).count(), 1, "{all:?}");
    assert!(all.iter().all(|it| *it == MOVED || *it == GONE), "{all:?}");
    assert_eq!(house.browser().get(&at).await.status, GONE);
    let jonas = house.signed_in("jonas@tareline.example").await;
    assert_eq!(jonas.get("/settings/people").await.status, GONE, "an agent does not manage people");
    ines.get("/settings/people").await.has("Jonas Feld").has_not("/revocation");
}

#[tokio::test]
async fn an_invitation_can_be_taken_back_and_runs_out() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let invite = async |email: &str| {
        let page = ines.post("/settings/invitations", &[("name", "Jo"), ("email", email), ("role", "lead")]).await;
        format!("/join/{}", link(&page.text(), "http://desk.test/join/"))
    };
    let (one, other) = (invite("one@tareline.example").await, invite("two@tareline.example").await);
    let page = ines.get("/settings/people").await.text();
    let revoke = page.split("action=\"").filter_map(|it| it.split('"').next()).find(|it| it.ends_with("/revocation"));
    assert_eq!(ines.post(revoke.unwrap(), &[]).await.status, MOVED);
    assert_eq!(house.browser().get(&one).await.status, GONE);
    assert_eq!(house.browser().get(&other).await.status, StatusCode::OK);
    house.later(Duration::from_hours(24 * 8));
    assert_eq!(house.browser().get(&other).await.status, GONE);
    let again = ines.post("/settings/invitations", &[("name", "Ines"), ("email", INES), ("role", "lead")]).await;
    assert_eq!(again.status, WRONG);
    again.has("works here").has("value=\"Ines\"");
}

/// The link that a page shows once.
fn link(text: &str, before: &str) -> String {
    let at = text.find(before).unwrap_or_else(|| panic!("no {before} in {text}")) + before.len();
    text[at..].chars().take_while(char::is_ascii_alphanumeric).collect()
}

#[tokio::test]
async fn somebody_who_leaves_is_out_at_once_and_the_last_administrator_stays() {
    let house = House::new().await;
    let jonas = house.colleague("Jonas", Role::Agent).await;
    let (ines, his) = (house.signed_in(INES).await, house.signed_in("jonas@tareline.example").await);
    let me = house.ines().await.id;
    let at = |id: domain::StaffId, what: &str| format!("/settings/people/{id}{what}");
    assert_eq!(ines.post(&at(me, "/departure"), &[]).await.status, WRONG);
    let lead = ines.post(&at(me, ""), &[("role", "lead")]).await;
    assert_eq!(lead.status, WRONG);
    lead.has("the only administrator");
    assert_eq!(ines.post(&at(jonas, "/departure"), &[]).await.status, MOVED);
    assert_eq!(his.get("/you").await.status, MOVED, "he is out");
    assert_eq!(house.browser().sign_in("jonas@tareline.example", PASSWORD).await.status, WRONG);
    ines.get("/settings/people").await.has("Worked here");
    assert_eq!(ines.post(&at(jonas, "/return"), &[]).await.status, MOVED);
    assert_eq!(house.browser().sign_in("jonas@tareline.example", PASSWORD).await.status, MOVED);
}

#[tokio::test]
async fn a_role_and_teams_count_from_the_next_request() {
    let house = House::new().await;
    let jonas = house.colleague("Jonas", Role::Agent).await;
    let (ines, his) = (house.signed_in(INES).await, house.signed_in("jonas@tareline.example").await);
    assert_eq!(ines.post("/settings/teams", &[("name", "Finance"), ("department", "on")]).await.status, MOVED);
    let twice = ines.post("/settings/teams", &[("name", "Finance")]).await;
    assert_eq!(twice.status, WRONG);
    twice.has("There is a team of this name.");
    let page = ines.get("/settings/people").await.text();
    let team = page.split("name=\"team\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(his.get("/outbox").await.status, StatusCode::OK);
    let at = format!("/settings/people/{jonas}");
    assert_eq!(ines.post(&at, &[("role", "department_member"), ("team", &team)]).await.status, MOVED);
    assert_eq!(his.get("/outbox").await.status, GONE);
    his.get("/you").await.has("Finance").has("Department member");
    assert_eq!(ines.post(&at, &[("role", "king")]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(ines.post(&at, &[("role", "agent"), ("name", "x")]).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_link_of_the_operator_sets_a_password_once() {
    let house = House::new().await;
    let jonas = house.colleague("Jonas", Role::Agent).await;
    let (ines, his) = (house.signed_in(INES).await, house.signed_in("jonas@tareline.example").await);
    let made = async || format!("/reset/{}", house.desk.reset_token("Jonas@Tareline.example").await.unwrap());
    let (one, other) = (made().await, made().await);
    house.browser().get(&one).await.has("Choose a new password").has("jonas@tareline.example");
    let short = house.browser().post(&one, &[("password", "short")]).await;
    assert_eq!(short.status, WRONG);
    short.has("at least 12 characters");
    assert_eq!(his.get("/you").await.status, StatusCode::OK);

    let tries =
        (0..50).map(|_| async { house.browser().post(&one, &[("password", "another good sentence")]).await.status });
    let all = join_all(tries).await;
    assert_eq!(all.iter().filter(|it| **it == MOVED).count(), 1, "{all:?}");
    assert!(all.iter().all(|it| *it == MOVED || *it == GONE), "{all:?}");
    for used in [&one, &other] {
        let over = house.browser().get(used).await;
        assert_eq!(over.status, GONE);
        over.has("This link is over");
    }
    assert_eq!(his.get("/you").await.status, MOVED, "his other sign-ins have ended");
    assert_eq!(house.browser().sign_in("jonas@tareline.example", PASSWORD).await.status, WRONG);
    assert_eq!(house.browser().sign_in("jonas@tareline.example", "another good sentence").await.status, MOVED);

    let late = made().await;
    let (token, altered) = (late.strip_prefix("/reset/").unwrap(), late.replacen('-', "-1", 1));
    assert_eq!(house.browser().get(&altered).await.status, GONE, "its end is signed");
    assert!(house.desk.reset_of(token).await.is_ok());
    house.later(Duration::from_hours(3));
    assert_eq!(house.browser().get(&late).await.status, GONE);

    let left = made().await;
    assert_eq!(ines.post(&format!("/settings/people/{jonas}/departure"), &[]).await.status, MOVED);
    assert_eq!(house.browser().get(&left).await.status, GONE);
    assert!(house.desk.reset_token("jonas@tareline.example").await.is_err());
}
