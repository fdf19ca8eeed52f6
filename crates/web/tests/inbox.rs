//! The inbox: what stands in each view, for whom, in which order.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

mod support;

use std::time::Duration;

use axum::http::StatusCode;
use domain::Role;
use support::{House, INES, mail};

/// The numbers of the cases in the list, from the top.
fn numbers(page: &str) -> Vec<i64> {
    page.split("id=\"row-").skip(1).filter_map(|it| it.split('"').next()?.parse().ok()).collect()
}

/// The address behind the link with this `rel`.
fn link(page: &str, rel: &str) -> Option<String> {
    let at = page.find(&format!("rel=\"{rel}\" href=\""))?;
    let address = page[at..].split("href=\"").nth(1)?.split('"').next()?;
    Some(address.replace("&amp;", "&"))
}

#[tokio::test]
async fn an_empty_desk_says_so_in_every_view() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let home = ines.get("/").await;
    assert_eq!((home.status, home.location()), (StatusCode::SEE_OTHER, "/inbox"));
    for (view, words) in [
        ("mine", "No open case is yours"),
        ("unassigned", "Nobody is waiting for an owner"),
        ("waiting", "No customer owes us an answer"),
        ("all", "Nothing has arrived yet"),
    ] {
        ines.get(&format!("/inbox?view={view}")).await.has(words);
    }
}

#[tokio::test]
async fn a_case_stands_in_the_views_that_it_belongs_to() {
    let house = House::new().await;
    let first = house.receive(&mail("Dan <dan@northwind.example>", "Late truck", "Where is it?")).await.number;
    house.later(Duration::from_mins(1));
    let second = house.receive(&mail("Amy <amy@harrow.example>", "Broken <scale>", "It drifts & drifts.")).await.number;
    let ines = house.signed_in(INES).await;
    let page = ines.get("/inbox?view=unassigned").await;
    assert_eq!(numbers(&page.text()), [second, first], "the newest first");
    page.has("Broken &lt;scale&gt;").has("It drifts &amp; drifts.").has("2 cases belong to nobody yet");
    ines.get("/inbox").await.has("No open case is yours");

    let me = house.ines().await;
    house.desk.assign(&me, first, Some(me.id)).await.unwrap();
    assert_eq!(numbers(&ines.get("/inbox").await.text()), [first]);
    assert_eq!(numbers(&ines.get("/inbox?view=unassigned").await.text()), [second]);
    assert_eq!(numbers(&ines.get("/inbox?view=all").await.text()), [second, first]);
    house.desk.resolve(&me, first, "").await.unwrap();
    assert_eq!(numbers(&ines.get("/inbox").await.text()), [0; 0]);
    ines.get("/inbox?view=all").await.has("Resolved");
}

#[tokio::test]
async fn a_long_list_goes_on_by_position_and_back() {
    let house = House::new().await;
    let mut all = Vec::new();
    for at in 0..120 {
        let from = format!("Person {at} <p{at}@example.net>");
        all.push(house.receive(&mail(&from, &format!("Issue {at}"), "Please help.")).await.number);
        house.later(Duration::from_secs(1));
    }
    all.reverse();
    let ines = house.signed_in(INES).await;
    let first = ines.get("/inbox?view=unassigned").await.text();
    assert_eq!(numbers(&first), all[..50]);
    assert_eq!(link(&first, "prev"), None);
    assert!(first.contains("99+"), "a count stops");
    let second = ines.get(&link(&first, "next").unwrap()).await.text();
    assert_eq!(numbers(&second), all[50..100]);
    let third = ines.get(&link(&second, "next").unwrap()).await.text();
    assert_eq!(numbers(&third), all[100..]);
    assert_eq!(link(&third, "next"), None);
    let back = ines.get(&link(&third, "prev").unwrap()).await.text();
    assert_eq!(numbers(&back), all[50..100]);

    // A case opens beside the rows among which it stood.
    let row = second.split("href=\"/cases/").nth(2).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let beside = ines.get(&format!("/cases/{row}")).await.text();
    assert_eq!(numbers(&beside), all[50..100]);
    assert!(beside.contains("aria-current=\"true\""));
    assert_eq!(ines.get("/inbox?before=nonsense").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn parts_are_fetched_alone_and_keep_what_is_marked() {
    let house = House::new().await;
    let number = house.receive(&mail("Dan <dan@northwind.example>", "Late truck", "Where is it?")).await.number;
    let ines = house.signed_in(INES).await;
    let list = ines.get(&format!("/inbox?view=unassigned&part=list&case={number}")).await;
    list.has("id=\"list\"").has("aria-current=\"true\"").has_not("<html");
    let views = ines.get("/inbox?view=unassigned&part=views").await;
    views.has("id=\"views\"").has("aria-current=\"true\"").has_not("<html");
    ines.get("/inbox?view=unassigned&part=rest").await.has("1 case belongs to nobody yet").has_not("<html");
    ines.get("/settings").await.has("/inbox?part=views");
}

#[tokio::test]
async fn a_department_sees_the_cases_of_its_team_and_their_count() {
    let house = House::new().await;
    let me = house.ines().await;
    let team = house.desk.add_team(&me, "Finance", true).await.unwrap();
    let claire = house.colleague("Claire", Role::DepartmentMember).await;
    house.desk.change_staff(&me, claire, Role::DepartmentMember, vec![team]).await.unwrap();
    let theirs = house.receive(&mail("Dan <dan@northwind.example>", "An invoice", "Too high.")).await.number;
    let other = house.receive(&mail("Amy <amy@harrow.example>", "A secret scale", "It drifts.")).await.number;
    house.desk.give_to(&me, theirs, Some(team)).await.unwrap();
    let claire = house.signed_in("claire@tareline.example").await;
    let page = claire.get("/inbox?view=unassigned").await;
    assert_eq!(numbers(&page.text()), [theirs]);
    page.has_not("A secret scale").has("1 case belongs to nobody yet");
    assert_eq!(claire.get(&format!("/cases/{other}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(claire.get(&format!("/cases/{theirs}")).await.status, StatusCode::OK);
}
