//! Filters above a list, and the views that are made of them.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

mod support;

use axum::http::StatusCode;
use domain::{Priority, Role};
use support::{House, INES, mail};

const MOVED: StatusCode = StatusCode::SEE_OTHER;
const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// Three cases: one is Ines's and urgent, one is urgent, one is neither.
async fn house() -> (House, [i64; 3]) {
    let house = House::new().await;
    let ines = house.ines().await;
    let mut numbers = [0; 3];
    for (at, subject) in ["Smoke", "Sparks", "Dust"].iter().enumerate() {
        let from = format!("Dan <dan{at}@northwind.example>");
        numbers[at] = house.receive(&mail(&from, subject, "Look at it.")).await.number;
    }
    house.desk.assign(&ines, numbers[0], Some(ines.id)).await.unwrap();
    for number in &numbers[..2] {
        house.desk.prioritize(&ines, *number, Priority::Urgent).await.unwrap();
    }
    (house, numbers)
}

#[tokio::test]
async fn what_is_typed_is_listed_and_stays_beside_its_case() {
    let (house, [smoke, ..]) = house().await;
    let ines = house.signed_in(INES).await;
    let page = ines.get("/inbox?filter=is%3Aopen+priority%3Aurgent").await;
    page.has("Smoke").has("Sparks").has_not("Dust").has("value=\"is:open priority:urgent\"").has("Save as a view");
    let beside = format!("/cases/{smoke}?filter=is%3Aopen+priority%3Aurgent");
    page.has(&format!("href=\"{beside}\""));
    let case = ines.get(&beside).await;
    case.has("Sparks").has_not("Dust").has("value=\"is:open priority:urgent\"");
    let done = ines.post(&format!("/cases/{smoke}/resolution?filter=priority%3Aurgent"), &[]).await;
    assert_eq!(done.place(), format!("/cases/{smoke}?filter=priority%3Aurgent"));
    let none = ines.get("/inbox?filter=is%3Aopen+assignee%3Ame").await;
    none.has("No case fits").has_not("Smoke");
    ines.get("/inbox?view=us").await.has("Sparks").has("Dust").has_not("Smoke");
}

#[tokio::test]
async fn a_mistake_is_told_in_words_and_the_rest_counts() {
    let (house, _) = house().await;
    let ines = house.signed_in(INES).await;
    for (typed, said) in [
        ("priority:urgnt", "“urgnt” is not known there. Did you mean “urgent”?"),
        ("is:sideways", "“sideways” is nothing that “is” knows: open, unassigned,"),
        ("asignee:me", "“asignee” is no word of a filter. Did you mean “assignee”?"),
        ("???", "There is no word in “???”."),
        ("-smoke", "“-smoke” leaves something out of what is found: write a word that is to be found as well."),
        ("assignee:zoe", "Nothing here has the name in “assignee:zoe”."),
        ("before:2026-02-30", "is no day. Write 2026-11-01, today, yesterday or 7d."),
        ("after:soon", "“soon” is no day."),
        ("<>", "There is no word in “&lt;&gt;”."),
        ("customer:zoe", "Nothing here has the name in “customer:zoe”."),
    ] {
        let query = support::form(&[("filter", &format!("{typed} -priority:urgent"))]);
        let page = ines.get(&format!("/inbox?{query}")).await;
        assert_eq!(page.status, StatusCode::OK);
        page.has(said).has("Dust").has_not("Sparks").has("aria-invalid=\"true\"").has_not("Save as a view");
    }
    assert_eq!(ines.get("/inbox?view=sideways").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_filter_is_saved_under_a_name_and_shared() {
    let (house, _) = house().await;
    let ines = house.signed_in(INES).await;
    house.colleague("Jonas", Role::Agent).await;
    let jonas = house.signed_in("jonas@tareline.example").await;
    let fields = |name, sharing| [("name", name), ("filter", "priority:urgent"), ("sharing", sharing)];
    let saved = ines.post("/views", &fields("On fire", "everybody")).await;
    assert_eq!(saved.status, MOVED, "{}", saved.text());
    let at = saved.location().to_owned();
    jonas.get(&at).await.has("On fire").has("Smoke").has("Sparks").has_not("Dust");
    // Its count comes with those of the others.
    jonas.get("/inbox?part=views").await.has("On fire</span><span class=\"n\">2</span>");

    let id = at.split_once('=').unwrap().1;
    jonas.get("/views").await.has("On fire").has("Whoever leads the desk").has_not(&format!("/views/{id}/removal"));
    let wrong = ines.post(&format!("/views/{id}"), &[("name", "On fire"), ("filter", "priority:hgh")]).await;
    assert_eq!(wrong.status, WRONG);
    wrong.has("Did you mean “high”?").has("value=\"priority:hgh\"");
    let refused = jonas.post("/views", &fields("Mine", "everybody")).await;
    assert_eq!(refused.status, WRONG);
    refused.has("You can save it for yourself and for your teams.");
    assert_eq!(ines.post(&format!("/views/{id}/removal"), &[]).await.status, MOVED);
    ines.get("/views").await.has("No view is saved yet");
    assert_eq!(jonas.get(&at).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_can_stand_there_is_offered() {
    let (house, _) = house().await;
    let ines = house.signed_in(INES).await;
    house.colleague("Jonas", Role::Agent).await;
    house.desk.add_team(&house.ines().await, "Field service", false).await.unwrap();
    let offered =
        async |before: &str| ines.get(&format!("/inbox/completion?{}", support::form(&[("before", before)]))).await;
    offered("is:open as").await.has("data-from=\"8\" data-insert=\"assignee:\"").has("who works on it");
    offered("assignee:jo").await.has("data-from=\"9\" data-insert=\"Jonas \"").has_not("nobody");
    offered("team:serv").await.has("data-from=\"5\" data-insert=\"&quot;Field service&quot; \"");
    offered("ü assignee:").await.has("data-from=\"11\"").has("data-insert=\"me \"").has("nobody");
    offered("priority:high,u").await.has("data-from=\"14\" data-insert=\"urgent \"");
    offered("channel:supp").await.has("support@tareline.example");
    offered("mood:").await.has_not("role=\"option\"");
}
