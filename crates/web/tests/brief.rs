//! Where a language model writes the Brief: its settings, and what stands beside a case.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails with its test")]

#[path = "../../testkit/src/model.rs"]
#[allow(dead_code, unreachable_pub, unfulfilled_lint_expectations, reason = "this test uses a part of it")]
mod model;
mod support;

use std::time::Duration;

use axum::http::StatusCode;
use domain::Role;
use model::{Model, Says};
use support::{House, INES, mail};

const ANN: &str = "Ann Bell <ann@one.example>";
const WORDS: &str = "The invoice INV-10874 bills 14 printers. Please <correct> it, or write to ann@one.example.";

fn form(model: &Model) -> Vec<(&'static str, String)> {
    let fields = [("on", "on"), ("model", "small-1"), ("key", "sk-secret"), ("seconds", "20")];
    let mut all: Vec<_> = fields.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
    all.push(("address", model.address()));
    all
}

fn with(model: &Model, name: &'static str, value: &str) -> Vec<(&'static str, String)> {
    let others = form(model).into_iter().filter(|it| it.0 != name);
    others.chain([(name, value.to_owned())]).collect()
}

fn given<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

fn says() -> Says {
    let text = r#"{"issue": {"text": "<b>Two</b> too many for [email-1]", "source": "s1"}, "next": {"text": "Correct it", "source": "s2"}}"#;
    Says::Text(text.to_owned())
}

/// It has been quiet, and what is due is done.
async fn written(house: &House) {
    house.later(Duration::from_secs(30));
    house.desk.work_off().await.unwrap();
}

#[tokio::test]
async fn an_administrator_sets_it_up_and_the_key_is_never_shown() {
    let (house, model) = (House::new().await, Model::start([says()]).await);
    let ines = house.signed_in(INES).await;
    ines.get("/settings").await.has("href=\"/settings/brief\"");
    let page = ines.get("/settings/brief").await;
    page.has("What is sent, and to whom").has("Never sent are attachments").has_not("Forget the key");
    page.has_not("name=\"on\" value=\"on\" checked");

    let saved = ines.post("/settings/brief", &given(&form(&model))).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let page = ines.get("/settings/brief").await;
    page.has("name=\"on\" value=\"on\" checked").has("One is kept").has("Forget the key").has(&model.address());
    page.has("value=\"small-1\"").has_not("sk-secret");
    for (name, value, why) in [
        ("address", "http://203.0.113.7/v1", "Without https only this machine"),
        ("address", "nowhere", "This is no address"),
        ("model", "", "Write the name of the model"),
        ("key", "sk 1", "no blanks"),
        ("seconds", "soon", "Wait for 1 to 120 seconds"),
        ("seconds", "0", "Wait for 1 to 120 seconds"),
    ] {
        let refused = ines.post("/settings/brief", &given(&with(&model, name, value))).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        refused.has(why).has_not("sk-secret");
    }
    assert_eq!(ines.post("/settings/brief/key/removal", &[]).await.status, StatusCode::SEE_OTHER);
    ines.get("/settings/brief").await.has_not("Forget the key").has("value=\"small-1\"");
}

#[tokio::test]
async fn a_sample_is_tried_and_nothing_of_it_is_kept() {
    let house = House::new().await;
    let model = Model::start([says(), Says::plain(401, "", r#"{"error": {"message": "Wrong: sk-secret"}}"#)]).await;
    let ines = house.signed_in(INES).await;
    let tried = ines.post("/settings/brief/test", &given(&form(&model))).await;
    // The sample has no address that could be meant.
    tried.has("small-1 answered").has("Correct it").has_not("too many for");
    tried.has("value=\"small-1\"").has_not("sk-secret");
    let tried = ines.post("/settings/brief/test", &given(&form(&model))).await;
    tried.has("No Brief came back").has("the key is not accepted").has("Wrong: …").has_not("sk-secret");
    model.now_says([Says::Text(r#"{"issue": {"text": "Two <too> many", "source": "s1"}}"#.to_owned())]);
    let tried = ines.post("/settings/brief/test", &given(&form(&model))).await;
    tried.has("small-1 answered").has("Two &lt;too&gt; many");
    assert!(model.heard()[2].body.contains("14 printers"));
    ines.get("/settings/brief").await.has_not("small-1");
    let wrong = ines.post("/settings/brief/test", &given(&with(&model, "model", ""))).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(model.heard().len(), 3);
}

#[tokio::test]
async fn a_case_says_who_wrote_its_brief_and_what_was_sent() {
    let (house, model) = (House::new().await, Model::start([says()]).await);
    house.colleague("Claire", Role::DepartmentMember).await;
    let (ines, claire) = (house.signed_in(INES).await, house.signed_in("claire@tareline.example").await);
    let base = format!("/cases/{}", house.receive(&mail(ANN, "Invoice", WORDS)).await.number);
    // Off: nothing asks.
    ines.get(&base).await.has("14 printers").has_not("bw-ask").has_not("Written by");
    ines.post(&format!("{base}/brief/writing"), &[]).await;
    written(&house).await;
    assert!(model.heard().is_empty());

    ines.post("/settings/brief", &given(&form(&model))).await;
    let page = ines.get(&base).await;
    page.has(&format!("<bw-ask data-to=\"{base}/brief/writing\"")).has("Have small-1 write the Brief");
    // To look changes nothing.
    written(&house).await;
    assert!(model.heard().is_empty());
    let asked = ines.post(&format!("{base}/brief/writing?view=all"), &[]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    ines.get(&base).await.has_not("bw-ask").has("14 printers").has_not("Written by");
    assert_eq!(ines.get(&format!("{base}/brief/sent")).await.status, StatusCode::NOT_FOUND);
    written(&house).await;

    let page = ines.get(&format!("{base}?part=live")).await;
    page.has(&format!("Written by small-1 at {}.", model.host())).has("What was sent");
    page.has("&lt;b&gt;Two&lt;/b&gt; too many for ann@one.example").has_not("<b>Two</b>").has("<b>Us.</b>");
    page.has("href=\"#e1\"");
    let body: serde_json::Value = serde_json::from_str(&model.heard()[0].body).unwrap();
    let sent = ines.get(&format!("{base}/brief/sent")).await;
    for at in 0..2 {
        let text = body["messages"][at]["content"].as_str().unwrap();
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
        sent.has(&escaped);
    }
    sent.has("Please &lt;correct&gt; it, or write to [email-1].").has(&model.host()).has_not("sk-secret");
    assert_eq!(claire.get(&format!("{base}/brief/sent")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(claire.post(&format!("{base}/brief/writing"), &[]).await.status, StatusCode::NOT_FOUND);

    // What one of ours says is above it.
    ines.post(&format!("{base}/brief/issue"), &[("text", "A bill.")]).await;
    ines.get(&base).await.has("A bill.").has("by Ines").has_not("too many for").has("Correct it");

    // A case in which rules find nothing asks, too.
    let german = mail("Jörg <j@two.example>", "Rechnung", "Guten Tag, die Rechnung ist falsch. Bitte prüfen Sie das.");
    let german = house.receive(&german).await.number;
    ines.get(&format!("/cases/{german}")).await.has("bw-ask").has_not("brief-dl");
}

#[tokio::test]
async fn a_failure_is_told_to_administrators_alone() {
    let (house, model) = (House::new().await, Model::start([Says::plain(500, "", "")]).await);
    let ines = house.signed_in(INES).await;
    ines.post("/settings/brief", &given(&form(&model))).await;
    let base = format!("/cases/{}", house.receive(&mail(ANN, "Invoice", WORDS)).await.number);
    ines.post(&format!("{base}/brief/writing"), &[]).await;
    written(&house).await;
    ines.get(&base).await.has("14 printers").has_not("trouble of its own").has_not("Written by");
    ines.get("/settings/brief").await.has("trouble of its own").has("The next try is after");
}
