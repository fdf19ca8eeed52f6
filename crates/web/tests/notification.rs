//! What somebody is told: on their pages, on their device, and live; and who else is at a case.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

mod support;

use axum::http::StatusCode;
use domain::{Member, Role};
use std::time::Duration;
use support::{House, INES, mail};

const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
const JONAS: &str = "jonas@tareline.example";

/// Jonas, and a case that Ines has given him.
async fn house() -> (House, Member, i64) {
    let house = House::new().await;
    let id = house.colleague("Jonas", Role::Agent).await;
    let jonas = house.desk.staff_member(id).await.unwrap();
    let number = house.receive(&mail("Dan <dan@northwind.example>", "Smoke", "It smokes.")).await.number;
    house.desk.assign(&house.ines().await, number, Some(id)).await.unwrap();
    (house, jonas, number)
}

#[tokio::test]
async fn what_is_new_is_counted_listed_and_read() {
    let (house, _, number) = house().await;
    let (ines, jonas) = (house.signed_in(INES).await, house.signed_in(JONAS).await);
    let case = format!("/cases/{number}");
    jonas
        .get("/inbox")
        .await
        .has("id=\"bell-count\" data-live=\"notifications\"")
        .has(">1<span class=\"vh\"> new</span>");
    ines.get("/inbox").await.has("id=\"bell-count\" hidden");
    let list = jonas.get("/notifications").await;
    list.has("<b>Ines Okafor</b> gave you case").has("Smoke, Dan").has("notei-new").has("Today").has("1 new");
    ines.get("/notifications").await.has("Nothing yet.").has_not("Smoke, Dan");
    // Looking at the case is no reading by itself: its page says that it is looked at.
    jonas.get(&case).await.has(&format!("bw-seen data-to=\"{case}/seen\""));
    ines.get(&case).await.has_not("bw-seen");
    jonas.get("/notifications?part=count").await.has("id=\"bell-count\" data-live").has("id=\"bell-count-small\"");
    assert_eq!(jonas.post(&format!("{case}/seen"), &[]).await.status, StatusCode::NO_CONTENT);
    jonas.get(&case).await.has_not("bw-seen");
    jonas.get("/notifications?part=list").await.has("Smoke, Dan").has_not("notei-new").has_not("All read");
    // All at once.
    house.desk.note(&house.ines().await, number, "@Jonas, look".into()).await.unwrap();
    jonas.get("/notifications").await.has("mentions you in case").has("“@Jonas, look”").has("All read");
    assert_eq!(jonas.post("/notifications/seen", &[]).await.location(), "/notifications");
    jonas.get("/notifications").await.has_not("notei-new");
    jonas.get(&case).await.has("<b class=\"mention\">@Jonas</b>, look");
}

#[tokio::test]
async fn a_long_list_goes_on_by_its_last_line() {
    let (house, jonas, _) = house().await;
    let ines = house.ines().await;
    for at in 0..55 {
        house.later(Duration::from_mins(20));
        let from = format!("Dan <dan{at}@northwind.example>");
        let number = house.receive(&mail(&from, &format!("Case no. {at},"), "Text")).await.number;
        house.desk.assign(&ines, number, Some(jonas.id)).await.unwrap();
    }
    let jonas = house.signed_in(JONAS).await;
    let page = jonas.get("/notifications").await;
    page.has("Case no. 54,").has("Case no. 5,").has_not("Case no. 4,").has("Yesterday").has("56 new");
    let text = page.text();
    let older = text.split("href=\"/notifications?before=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    jonas.get(&format!("/notifications?before={older}")).await.has("Case no. 4,").has("Smoke").has_not("Case no. 5,");
    assert_eq!(jonas.get("/notifications?before=x").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_device_is_told_what_is_new_and_nothing_while_its_owner_is_away() {
    let (house, _, number) = house().await;
    let jonas = house.signed_in(JONAS).await;
    let fresh = jonas.get("/notifications/fresh?after=0").await.json();
    let line = &fresh["lines"][0];
    assert_eq!(line["title"], format!("Ines Okafor gave you case {number}"));
    assert_eq!((&line["body"], &line["tag"]), (&"Smoke, Dan".into(), &format!("assigned {number}").into()));
    assert!(line["address"].as_str().unwrap().starts_with(&format!("/cases/{number}#e")), "{line}");
    let until = fresh["until"].as_i64().unwrap();
    let none = |it: serde_json::Value| it["lines"].as_array().unwrap().is_empty();
    assert!(none(jonas.get(&format!("/notifications/fresh?after={until}")).await.json()), "once");
    jonas.post("/you/away", &[("away", "yes"), ("until", "")]).await;
    assert!(none(jonas.get("/notifications/fresh?after=0").await.json()), "quiet");
    jonas.get("/notifications").await.has("gave you case").has("it stays quiet").has("presence-away");
    jonas.post("/you/away", &[("away", "no")]).await;
    assert!(!none(jonas.get("/notifications/fresh?after=0").await.json()));
    jonas.post("/you/notifications", &[("app", "assigned"), ("rhythm", "never")]).await;
    assert!(none(jonas.get("/notifications/fresh?after=0").await.json()), "not on the device");
    jonas.post("/you/notifications", &[("app", "clock"), ("rhythm", "daily")]).await;
    jonas.get("/notifications").await.has("Nothing yet.");
}

#[tokio::test]
async fn what_tells_one_is_chosen_and_away_has_an_end() {
    let (house, ..) = house().await;
    let jonas = house.signed_in(JONAS).await;
    let page = jonas.get("/you/notifications").await;
    page.has("name=\"app\" value=\"mentioned\" checked")
        .has("name=\"mail\" value=\"message\">")
        .has_not("You are away");
    let saved = jonas.post("/you/notifications", &[("mail", "message"), ("rhythm", "daily")]).await;
    let page = jonas.get(saved.location()).await;
    page.has("Saved.").has("name=\"mail\" value=\"message\" checked").has("name=\"app\" value=\"mentioned\">");
    page.has("value=\"daily\" selected");
    for wrong in [("app", "everything"), ("rhythm", "always"), ("pigeon", "clock")] {
        assert_eq!(jonas.post("/you/notifications", &[wrong]).await.status, StatusCode::BAD_REQUEST, "{wrong:?}");
    }
    for day in ["2020-01-01", "2026-02-31", "soon", "2199-01-01"] {
        let refused = jonas.post("/you/away", &[("away", "yes"), ("until", day)]).await;
        assert_eq!(refused.status, WRONG, "{day}");
    }
    jonas.post("/you/away", &[("away", "yes"), ("until", "2026-11-30")]).await;
    jonas.get("/you/notifications").await.has("You are away until Monday 30 November.").has("I am back");
    house.later(Duration::from_hours(24 * 7));
    house.signed_in(JONAS).await.get("/you/notifications").await.has("I am away");
}

#[tokio::test]
async fn whoever_follows_a_case_stands_beside_it_and_finds_it() {
    let (house, _, number) = house().await;
    house.receive(&mail("Amy <amy@far.example>", "Dust", "Text")).await;
    let ines = house.signed_in(INES).await;
    let case = format!("/cases/{number}");
    ines.get(&case).await.has("Follow this case").has_not("Followed by");
    ines.get("/inbox?filter=is%3Afollowed").await.has_not("Smoke");
    assert_eq!(ines.post(&format!("{case}/following?view=all"), &[]).await.location(), format!("{case}?view=all"));
    ines.get(&case).await.has("Follow this case no longer").has("Followed by");
    house
        .signed_in(JONAS)
        .await
        .get(&case)
        .await
        .has("Ines Okafor")
        .has("Followed by")
        .has_not("Follow this case no longer");
    ines.get("/inbox?filter=is%3Afollowed").await.has("Smoke").has_not("Dust");
    ines.get("/inbox?filter=-is%3Afollowed").await.has("Dust").has_not("Smoke");
    ines.get("/inbox/completion?before=is%3Afol").await.has("followed");
    ines.post(&format!("{case}/following/removal"), &[]).await;
    ines.get(&case).await.has_not("Followed by");
}

#[tokio::test]
async fn who_cannot_see_a_case_is_not_offered_and_a_note_that_names_them_is_kept() {
    let (house, _, number) = house().await;
    house.colleague("Claire", Role::DepartmentMember).await;
    let ines = house.signed_in(INES).await;
    let page = ines.get(&format!("/cases/{number}")).await;
    page.has("data-name=\"Jonas\"").has_not("data-name=\"Claire\"").has_not("data-name=\"Ines Okafor\"");
    let refused = ines.post(&format!("/cases/{number}/messages"), &[("kind", "note"), ("text", "@Claire?")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    refused.has("Claire cannot see this case.").has("@Claire?");
    ines.get(&format!("/cases/{number}")).await.has("@Claire?");
}

#[tokio::test]
async fn colleagues_at_a_case_are_seen_until_they_fall_silent() {
    let (house, _, number) = house().await;
    let (ines, jonas) = (house.signed_in(INES).await, house.signed_in(JONAS).await);
    let at = format!("/cases/{number}/presence");
    let says = async |page: &str, doing: &str| {
        let said = jonas.post(&at, &[("page", page), ("doing", doing)]).await;
        assert_eq!(said.status, StatusCode::NO_CONTENT);
    };
    says("1", "viewing").await;
    ines.get(&at).await.has("Jonas is viewing.").has("av-here");
    jonas.get(&at).await.has_not("av-here");
    says("1", "writing").await;
    ines.get(&format!("/cases/{number}")).await.has("Jonas is writing.");
    // Of two pages the one counts on which he writes.
    says("2", "viewing").await;
    ines.get(&at).await.has("Jonas is writing.").has_not("Jonas is viewing.");
    says("1", "gone").await;
    ines.get(&at).await.has("Jonas is viewing.");
    house.later(Duration::from_mins(1));
    ines.get(&at).await.has_not("Jonas");
    assert_eq!(jonas.post(&at, &[("page", "1"), ("doing", "sleeping")]).await.status, StatusCode::BAD_REQUEST);
}
