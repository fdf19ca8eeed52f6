//! A case that one begins by writing first, on its page.

mod support;

use axum::http::StatusCode;
use support::{House, INES, mail};

#[tokio::test]
async fn a_case_is_begun_by_writing_first() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    ines.get("/cases/new").await.has("There is no mailbox to write from yet.");
    let channel = house.mailbox().await.id.to_string();
    ines.get("/inbox").await.has("href=\"/cases/new\"").has("data-key=\"c\"");
    let page = ines.get("/cases/new").await.text();
    let id = page.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = |to, subject| {
        [("id", id.clone()), ("channel", channel.clone()), ("to", to), ("subject", subject), ("text", "Hi Dan.".into())]
    };
    let post = async |to: &str, subject: &str| {
        let fields = fields(to.to_owned(), subject.to_owned());
        let fields: Vec<(&str, &str)> = fields.iter().map(|it| (it.0, it.1.as_str())).collect();
        ines.post("/cases", &fields).await
    };
    for (to, subject, why) in [
        ("dan", "Visit", "“dan” is not a mail address."),
        ("", "Visit", "Nobody is named"),
        ("dan@x.example", " ", "A subject has 1 to 200 characters."),
        ("support@tareline.example", "Visit", "one of our own mailboxes"),
    ] {
        let wrong = post(to, subject).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{why}");
        wrong.has(why).has("Hi Dan.</textarea>").has(&id);
    }
    let done = post("Dan <dan@x.example>", "Visit").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let case = ines.get(done.location()).await;
    case.has("Visit").has("began this case").has("Hi Dan.").has("Take back");
    assert_eq!(post("Dan <dan@x.example>", "Visit").await.location(), done.location(), "once");

    // From a customer's page, their address stands there.
    house.receive(&mail("Eve <eve@y.example>", "Hello", "Hello.")).await;
    let list = ines.get("/cases/2").await.text();
    let customer = list.split("href=\"/customers/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    ines.get(&format!("/customers/{customer}")).await.has(&format!("/cases/new?customer={customer}"));
    ines.get(&format!("/cases/new?customer={customer}")).await.has("value=\"eve@y.example\"");
}
