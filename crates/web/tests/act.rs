//! What is done with a key, on one case or on many: told, and undone; tags, fields and the clock.

mod support;

use axum::http::StatusCode;
use support::{House, INES, mail};

async fn filed(house: &House, from: &str, subject: &str) -> i64 {
    house.receive(&mail(from, subject, "There is something.")).await.number
}

#[tokio::test]
async fn what_was_done_is_told_and_undone() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let (smoke, dust) =
        (filed(&house, "ann@one.example", "Smoke").await, filed(&house, "bob@two.example", "Dust").await);
    let done = ines.post(&format!("/cases/{smoke}/priority?view=all"), &[("priority", "urgent")]).await;
    let told = ines.get(done.location()).await;
    told.has("now urgent").has("data-key=\"z\"").has(&format!("Case {smoke}"));
    let act = done.location().split_once("done=").unwrap().1.to_owned();
    let undo = format!("/acts/{act}/undo");
    let away = ines.post(&undo, &[("to", "https://elsewhere.example/")]).await;
    assert_eq!((away.status, away.location()), (StatusCode::SEE_OTHER, "/inbox"), "only to a page of ours");
    ines.get(&format!("/cases/{smoke}")).await.has("took that back").has_not("conv-meta\"><b class=\"risk");
    assert_eq!(ines.post(&undo, &[("to", "/inbox")]).await.status, StatusCode::CONFLICT);
    ines.get(done.location()).await.has_not("data-key=\"z\"");

    let (one, two) = (smoke.to_string(), dust.to_string());
    let list = "/inbox?view=unassigned";
    let both = [("list", list), ("case", &*one), ("case", &*two), ("tag", "billing, new")];
    let done = ines.post("/inbox/bulk", &both).await;
    assert_eq!((done.status, done.place()), (StatusCode::SEE_OTHER, list));
    let told = ines.get(done.location()).await;
    told.has("2 cases: tags changed").has("billing");
    ines.get("/inbox?filter=tag%3Abilling").await.has("Smoke").has("Dust");
    ines.get("/inbox?filter=tag%3Anowhere").await.has("Nothing here has the name");
    let nothing = ines.post("/inbox/bulk", &[("list", list), ("tag", "x")]).await;
    assert_eq!(nothing.status, StatusCode::BAD_REQUEST);
    let nothing = ines.post("/inbox/bulk", &[("case", &*one), ("tag", "")]).await;
    assert_eq!(nothing.status, StatusCode::BAD_REQUEST);
    assert_eq!(ines.post(&format!("/cases/{smoke}/resolution"), &[]).await.status, StatusCode::SEE_OTHER);
    let both = [("case", &*one), ("case", &*two), ("turn", "resolve")];
    let done = ines.post("/inbox/bulk", &both).await;
    ines.get(done.location()).await.has("1 case stays as it is: This case is already resolved.");
}

#[tokio::test]
async fn a_case_is_snoozed_and_stands_in_its_own_list() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let smoke = filed(&house, "ann@one.example", "Smoke").await;
    ines.get(&format!("/cases/{smoke}")).await.has("In an hour").has("Tomorrow morning");
    for wrong in ["", "yesterday", "2020-01-01T09:00"] {
        let refused = ines.post(&format!("/cases/{smoke}/snooze"), &[("at", wrong)]).await;
        assert!(refused.status.is_client_error(), "{wrong}: {}", refused.status);
    }
    let done = ines.post(&format!("/cases/{smoke}/snooze"), &[("at", "2126-01-01T09:00")]).await;
    ines.get(done.location()).await.has("snoozed until").has("Bring back now");
    ines.get("/inbox?view=unassigned").await.has_not("Smoke");
    ines.get("/inbox?view=snoozed").await.has("Smoke");
    assert_eq!(ines.post(&format!("/cases/{smoke}/waking"), &[]).await.status, StatusCode::SEE_OTHER);
    ines.get("/inbox?view=unassigned").await.has("Smoke");
}

#[tokio::test]
async fn fields_tags_and_the_clock_are_set_up_by_the_administrator() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let smoke = filed(&house, "ann@one.example", "Smoke").await;
    let base = format!("/cases/{smoke}");
    ines.get("/settings/fields").await.has("No fields yet");
    let none = ines.post("/settings/fields", &[("name", "Product"), ("kind", "choice")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    none.has("each on a line of its own").has("value=\"Product\"");
    let new = [("name", "Product"), ("kind", "choice"), ("choices", "Router\nPrinter"), ("required", "yes")];
    assert_eq!(ines.post("/settings/fields", &new).await.status, StatusCode::SEE_OTHER);
    ines.get("/settings/fields").await.has("Product").has("One of several choices");
    // It is asked for before the case is resolved.
    let page = ines.get(&base).await;
    let text = page.text();
    let field = text.split_once("name=\"field-").unwrap().1.split_once('"').unwrap().0.to_owned();
    let refused = ines.post(&format!("{base}/resolution"), &[("resolution", "Done")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    refused.has("“Product” has to be filled in");
    let name = format!("field-{field}");
    assert_eq!(ines.post(&format!("{base}/fields"), &[(&name, "router")]).await.status, StatusCode::SEE_OTHER);
    ines.get(&base).await.has("set <b>Product</b> to <b>Router</b>");
    ines.get("/inbox?filter=field%3AProduct%3DRouter").await.has("Smoke");
    assert_eq!(ines.post(&format!("{base}/resolution"), &[]).await.status, StatusCode::SEE_OTHER);

    ines.get("/settings/clock").await.has("value=\"8 h\"");
    let wrong = ines.post("/settings/clock", &[("urgent", "soon")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.has("value=\"soon\"");
    assert_eq!(
        ines.post("/settings/clock", &[("urgent", "90 min"), ("high", "1:30")]).await.status,
        StatusCode::SEE_OTHER
    );
    ines.get("/settings/clock").await.has("value=\"90 min\"").has_not("value=\"8 h\"");

    ines.get("/settings/tags").await.has("No tags yet");
    assert_eq!(ines.post("/settings/tags", &[("name", "a,b")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ines.post("/settings/tags", &[("name", "Billing")]).await.status, StatusCode::SEE_OTHER);
    ines.get("/settings/tags").await.has("Billing");
}
