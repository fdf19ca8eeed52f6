//! The Brief beside a case, and what we promised.

mod support;

use std::time::Duration;

use axum::http::StatusCode;
use support::{House, INES, mail};

const ANN: &str = "Ann Bell <ann@one.example>";
const WORDS: &str = "Hi Ann, sorry about that. I'll send you the corrected invoice by 12 December.";
const PROMISE: &str = "send the corrected invoice";

async fn invoice(house: &House) -> i64 {
    let text = "Hello, the invoice INV-10874 bills 14 printers, but we have only 12. Please correct the invoice.";
    house.receive(&mail(ANN, "Invoice", text)).await.number
}

#[tokio::test]
async fn a_line_of_the_brief_leads_to_its_sentence_and_is_corrected() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let base = format!("/cases/{}", invoice(&house).await);
    let page = ines.get(&base).await;
    page.has("Brief").has("Waiting on").has("<b>Us.</b>").has("href=\"#e1\"").has("Source: entry 1");
    ines.get(&format!("{base}?part=live")).await.has("Waiting on");
    let done = ines.post(&format!("{base}/brief/issue?view=all"), &[("text", "Two printers too many.")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    ines.get(&base).await.has("Two printers too many.").has("by Ines").has("As found");
    ines.post(&format!("{base}/brief/waiting"), &[("text", "")]).await;
    ines.get(&base).await.has("Nothing to say").has_not("<b>Us.</b>");
    for line in ["issue", "waiting"] {
        ines.post(&format!("{base}/brief/{line}"), &[("as_found", "yes")]).await;
    }
    ines.get(&base).await.has("<b>Us.</b>").has_not("Two printers too many.").has_not("As found");
    assert_eq!(ines.post(&format!("{base}/brief/weather"), &[("text", "x")]).await.status, StatusCode::NOT_FOUND);
    let long = ines.post(&format!("{base}/brief/issue"), &[("text", &"x".repeat(301))]).await;
    assert!(long.status.is_client_error());

    let german = mail("Jörg <j@two.example>", "Rechnung", "Guten Tag, die Rechnung ist falsch. Bitte prüfen Sie das.");
    let german = house.receive(&german).await.number;
    ines.get(&format!("/cases/{german}")).await.has_not("brief-dl");
}

#[tokio::test]
async fn a_promise_is_found_kept_track_of_and_kept() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let number = invoice(&house).await;
    let base = format!("/cases/{number}");
    let found = ines.post(&format!("{base}/promises/found"), &[("text", WORDS)]).await;
    found.has(&format!("value=\"{PROMISE}\"")).has("by Sat 12 Dec. Keep track?").has("Alt");
    ines.post(&format!("{base}/promises/found"), &[("text", "Thank you for writing.")]).await.has_not("checkbox");
    ines.get(&base).await.has_not("class=\"promises\"");

    let reply = [("kind", "reply"), ("text", WORDS), ("to", "ann@one.example"), ("cc", ""), ("promise", PROMISE)];
    let sent = ines.post(&format!("{base}/messages"), &reply).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let page = ines.get(&base).await;
    page.has("Send the corrected invoice.").has("by Sat 12 Dec").has("wrote down a promise");
    page.has_not("Keep track?");
    ines.get("/inbox?filter=promise%3Aopen").await.has("Invoice");
    ines.get("/inbox?filter=promise%3Alate").await.has_not("14 printers");
    ines.get("/inbox?filter=promise%3Asoon").await.has("is no time for a promise");
    ines.get("/inbox/completion?before=promise%3Al").await.has("late");
    let text = page.text();
    let at = text.split_once(&format!("action=\"{base}/promises/")).unwrap().1;
    let settle = format!("{base}/promises/{}", at.split_once(['?', '"']).unwrap().0);
    assert_eq!(ines.post(&settle, &[("state", "kept")]).await.status, StatusCode::SEE_OTHER);
    ines.get(&base).await.has("said that we kept a promise").has("Open again");
    ines.get("/inbox?filter=promise%3Aopen").await.has_not("14 printers");
    ines.post(&settle, &[("state", "open")]).await;
    let customer = text.split_once("/customers/").unwrap().1;
    let customer = format!("/customers/{}", &customer[..36]);
    ines.get(&customer).await.has("Send the corrected invoice.").has("opened a promise again");

    let by_hand = [("text", "no late fee"), ("due", "2026-11-12")];
    assert_eq!(ines.post(&format!("{base}/promises"), &by_hand).await.status, StatusCode::SEE_OTHER);
    let wrong = ines.post(&format!("{base}/promises"), &[("text", "x"), ("due", "soon")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    house.later(Duration::from_hours(24 * 40));
    let late = house.signed_in(INES).await;
    late.get(&base).await.has("late, by");
}

#[tokio::test]
async fn without_script_a_promise_is_offered_below_what_was_sent() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let base = format!("/cases/{}", invoice(&house).await);
    let reply = [("kind", "reply"), ("text", WORDS), ("to", "ann@one.example"), ("cc", "")];
    ines.post(&format!("{base}/messages"), &reply).await;
    let page = ines.get(&base).await;
    page.has("Keep track?");
    let text = page.text();
    let action = text
        .split("action=\"")
        .find(|it| it.contains("/messages/") && it.split('"').next().unwrap().contains("/promises"));
    let action = action.unwrap().split_once('"').unwrap().0.replace("&amp;", "&");
    assert_eq!(ines.post(&action, &[("text", PROMISE)]).await.status, StatusCode::SEE_OTHER);
    ines.get(&base).await.has("Send the corrected invoice.").has_not("Keep track?");
}
