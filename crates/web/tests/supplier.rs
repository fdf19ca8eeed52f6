//! A case that is forwarded to a supplier: the box in which that is written, and how what is said stands in the case.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use axum::http::StatusCode;
use domain::{MessageId, Role};
use store::Scope;
use store::case::spine::Spine;
use support::{Browser, House, INES, mail};

const DAN: &str = "Dan Whitlock <dan@northwind.example>";
const FUSER: &str = "Fuser Repairs <repairs@fuser.example>";

async fn spine(house: &House, number: i64) -> Spine {
    let scope = Scope::of(&house.ines().await);
    house.desk.db.read(async move |rx| store::case::spine::spine(rx, &scope, number, None).await).await.unwrap()
}

async fn forward(ines: &Browser<'_>, number: i64, fields: &[(&str, &str)]) -> StatusCode {
    let fields = [&[("kind", "forward"), ("supplier", FUSER), ("then", "keep")], fields].concat();
    ines.post(&format!("/cases/{number}/messages"), &fields).await.status
}

/// The supplier's answer to our last mail to it.
async fn answer(house: &House, number: i64, text: &str) -> MessageId {
    let spine = spine(house, number).await;
    let ours = spine.messages.values().filter(|it| it.supplier.is_some() && it.staff.is_some()).max_by_key(|it| it.at);
    let id = ours.unwrap().message_id.clone().unwrap();
    let raw = mail(FUSER, "Re: Fwd: Labels", text);
    let filed = house.receive(&format!("In-Reply-To: {id}\nReferences: {id}\n{raw}")).await;
    assert_eq!(filed.number, number);
    filed.message
}

#[tokio::test]
async fn it_is_written_in_the_composer_and_stands_apart_in_the_case() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let filed = house.receive(&mail(DAN, "Labels", "They come out blank.")).await;
    let (number, hers) = (filed.number, filed.message.to_string());
    let base = format!("/cases/{number}");
    // The newest message of the customer goes along, until it is taken out.
    let page = ines.get(&base).await;
    page.has("value=\"forward\"").has("data-key=\"F\"").has("Goes along");
    page.has(&format!("name=\"along\" value=\"{hers}\" checked"));
    page.has(&format!("forward={hers}\""));

    assert_eq!(forward(&ines, number, &[("text", "Can you?"), ("along", &hers)]).await, StatusCode::SEE_OTHER);
    let page = ines.get(&base).await;
    page.has("entry-supplier")
        .has("to Fuser Repairs")
        .has("Can you?")
        .has("Take back")
        .has("Forwarded message</summary>");
    page.has("From: Dan Whitlock &lt;dan@northwind.example&gt;");
    // Whom a reply goes to, and who is offered there, is as before.
    page.has("name=\"to\" value=\"Dan Whitlock &lt;dan@northwind.example&gt;\"");
    let text = page.text();
    let known = text.split_once("datalist id=\"known\"").unwrap().1.split_once("</datalist>").unwrap().0;
    assert!(!known.contains("fuser"), "{known}");
    page.has("<datalist id=\"suppliers\"><option value=\"repairs@fuser.example\">Fuser Repairs</option>");

    let theirs = answer(&house, number, "On Thursday.").await;
    let page = ines.get(&base).await;
    page.has("On Thursday.")
        .has("Answer Fuser Repairs")
        .has("Answers what we asked a supplier")
        .has(&format!("forward={theirs}\""));
    page.has("name=\"to\" value=\"Dan Whitlock &lt;dan@northwind.example&gt;\"");
    page.has_not("Is about something else");
    // The answer goes to the supplier alone, in its own thread, and nothing of the case goes along by itself.
    let page = ines.get(&format!("{base}?forward={theirs}")).await;
    page.has("name=\"supplier\" value=\"Fuser Repairs &lt;repairs@fuser.example&gt;\"");
    page.has(&format!("name=\"answers\" value=\"{theirs}\" checked")).has("Nothing of the case goes along");
    page.has(&format!("name=\"along\" value=\"{hers}\">"));
    let theirs = theirs.to_string();
    assert_eq!(forward(&ines, number, &[("text", "Good."), ("answers", &theirs)]).await, StatusCode::SEE_OTHER);
    ines.get(&format!("/customers/{}", filed.customer)).await.has("asked a supplier").has("The supplier</b> answered");
    house.desk.index_all().await.unwrap();
    ines.get("/search?q=Thursday").await.has("Fuser Repairs, supplier: ");
    ines.get("/search?q=Good").await.has(", to a supplier: ");
    ines.get("/keys").await.has("Forward to a supplier");
}

#[tokio::test]
async fn what_cannot_be_sent_stays_and_a_draft_is_no_reply() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let filed = house.receive(&mail(DAN, "Labels", "They come out blank.")).await;
    let (number, hers) = (filed.number, filed.message.to_string());
    let base = format!("/cases/{number}");
    for (to, why) in [
        ("dan@northwind.example", "speaks for the customer"),
        ("nobody", "is not a mail address"),
        ("", "Nobody is named who could receive this."),
    ] {
        let fields = [("kind", "forward"), ("supplier", to), ("text", "They moan."), ("along", hers.as_str())];
        let page = ines.post(&format!("{base}/messages"), &fields).await;
        assert!(page.status.is_client_error());
        page.has(why).has(">They moan.</textarea>").has("value=\"forward\" checked");
        page.has(&format!("name=\"along\" value=\"{hers}\" checked"));
    }
    let kept = [("kind", "forward"), ("supplier", FUSER), ("text", "They moan."), ("html", "")];
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
    let put = axum::http::Method::PUT;
    let body = axum::body::Body::from(support::form(&kept));
    let done = ines.send(put, &format!("{base}/draft"), &headers, body).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT);
    let page = ines.get(&base).await;
    page.has("value=\"forward\" checked")
        .has("name=\"supplier\" value=\"Fuser Repairs &lt;repairs@fuser.example&gt;\"");
    page.has("name=\"to\" value=\"Dan Whitlock &lt;dan@northwind.example&gt;\"").has("Nothing of the case goes along");
    ines.post(&format!("{base}/messages"), &[("kind", "forward"), ("along", "x")]).await.has("along");
}

#[tokio::test]
async fn what_comes_back_or_is_taken_back_says_so_there() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let filed = house.receive(&mail(DAN, "Labels", "They come out blank.")).await;
    let (number, hers) = (filed.number, filed.message.to_string());
    let base = format!("/cases/{number}");
    forward(&ines, number, &[("text", "I'll send you the parts tomorrow."), ("along", &hers)]).await;
    let ours = spine(&house, number).await.messages.into_values().find(|it| it.supplier.is_some()).unwrap();
    ines.get(&base).await.has_not("Keep track?");
    let back = ines.post(&format!("{base}/messages/{}/taking-back", ours.id), &[]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    let page = ines.get(&base).await;
    page.has("took a mail to a supplier back").has("value=\"forward\" checked");
    page.has(&format!("name=\"along\" value=\"{hers}\" checked"));
    // Whoever may not see the case sees nothing of it, and whom it is given to does.
    house.colleague("Claire", Role::DepartmentMember).await;
    let claire = house.signed_in("claire@tareline.example").await;
    assert_eq!(forward(&claire, number, &[("text", "Can you?")]).await, StatusCode::NOT_FOUND);
}
