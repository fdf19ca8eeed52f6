//! Macros: their page, and how they are used on a case and on many.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::Role;
use support::{House, INES, mail};

const MOVED: StatusCode = StatusCode::SEE_OTHER;
const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// The addresses of the macros on this page, in its order.
fn addresses(page: &str) -> Vec<String> {
    let parts = page.split("action=\"/macros/").skip(1);
    parts.map(|it| it.split('"').next().unwrap().to_owned()).filter(|it| !it.contains('/')).collect()
}

#[tokio::test]
async fn macros_are_written_changed_and_deleted_on_their_page() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    house.colleague("Jonas", Role::Agent).await;
    let jonas = house.signed_in("jonas@tareline.example").await;
    ines.get("/macros").await.has("There is no macro yet").has("{first_name}");
    let wrong = ines.post("/macros", &[("name", "Sorry"), ("body", "Dear {title}")]).await;
    assert_eq!(wrong.status, WRONG);
    wrong.has("There is no placeholder {title}").has("Dear {title}");
    for (field, value) in [("snooze", "soon"), ("priority", "huge"), ("untag", "nowhere"), ("then", "x"), ("team", "x")]
    {
        let wrong = ines.post("/macros", &[("name", "Sorry"), ("body", "Text"), (field, value)]).await;
        assert_eq!(wrong.status, WRONG, "{field}");
    }
    let fields = [
        ("name", "Sorry"),
        ("body", "Dear {first_name}"),
        ("assign", "me"),
        ("priority", "high"),
        ("tag", "Refund, Late"),
        ("resolve", "on"),
        ("resolution", "Paid back."),
        ("then", "resolved"),
        ("sharing", "everybody"),
    ];
    assert_eq!(ines.post("/macros", &fields).await.status, MOVED);
    let page = ines.get("/macros").await;
    page.has("Sorry").has("assigned to whoever uses it · now high · tagged").has("value=\"Paid back.\"");
    let id = addresses(&page.text())[0].clone();
    jonas.get("/macros").await.has("Sorry").has("Whoever leads the desk can change this macro.");
    assert_eq!(jonas.post(&format!("/macros/{id}"), &fields).await.status, WRONG);
    let changed = [("name", "So sorry"), ("body", "Dear {contact}"), ("sharing", "everybody")];
    assert_eq!(ines.post(&format!("/macros/{id}"), &changed).await.status, MOVED);
    ines.get("/macros").await.has("So sorry").has_not("Paid back.");
    jonas.get("/macros/completion?q=SO").await.has("So sorry").has(&id);
    jonas.get("/macros/completion?q=contact").await.has("So sorry");
    jonas.get("/macros/completion?q=zebra").await.has_not("So sorry");
    assert_eq!(ines.post(&format!("/macros/{id}/removal"), &[]).await.status, MOVED);
    ines.get("/macros").await.has("There is no macro yet");
}

#[tokio::test]
async fn a_macro_fills_the_draft_and_does_what_it_does() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let mut numbers = Vec::new();
    for at in 0..2 {
        numbers.push(house.receive(&mail(&format!("Dan <d{at}@x.example>"), "Smoke", "It smokes.")).await.number);
    }
    let case = format!("/cases/{}", numbers[0]);
    let fields = [("name", "Hot"), ("body", "Dear {first_name}, <b>"), ("priority", "urgent"), ("then", "open")];
    ines.post("/macros", &fields).await;
    let id = addresses(&ines.get("/macros").await.text())[0].clone();
    let use_it = format!("{case}/macros/{id}");
    ines.get(&case).await.has(&format!("formaction=\"{use_it}")).has("data-key=\"m\"");

    // Without script the form around it comes along, and is kept.
    let form = [("kind", "reply"), ("to", "dan@x.example"), ("text", "Begun.")];
    let done = ines.post(&format!("{use_it}?view=all"), &form).await;
    assert_eq!((done.status, done.place()), (MOVED, format!("{case}?view=all").as_str()));
    let page = ines.get(done.location()).await;
    page.has("Begun.\n\nDear Dan, &lt;b&gt;</textarea>").has("now urgent").has("data-key=\"z\"");
    page.has_not("Replied");

    // Script puts the text where the cursor is: the draft is not touched.
    let ask = [("x-fragment", "macro"), FORM, ("sec-fetch-site", "same-origin")];
    let again = ines.send(Method::POST, &use_it, &ask, Body::empty()).await;
    assert_eq!(again.status, StatusCode::OK);
    again.has("data-text=\"Dear Dan, &lt;b&gt;\"").has("data-then=\"open\"").has_not("data-key=\"z\"");

    // On many, only what it does.
    let (one, two) = (numbers[0].to_string(), numbers[1].to_string());
    ines.get("/inbox?view=all").await.has("name=\"macro\"");
    let both = [("list", "/inbox?view=all"), ("case", &*one), ("case", &*two), ("macro", &*id)];
    let done = ines.post("/inbox/bulk", &both).await;
    ines.get(done.location()).await.has("now urgent").has(&format!("Case {two}"));
    assert_eq!(ines.post("/inbox/bulk", &[("case", &*one), ("macro", "x")]).await.status, StatusCode::BAD_REQUEST);

    // A refusal says why, also to script.
    ines.post("/macros", &[("name", "Later"), ("snooze", "5")]).await;
    let later = addresses(&ines.get("/macros").await.text()).into_iter().find(|it| *it != id).unwrap();
    ines.post(&format!("{case}/resolution"), &[]).await;
    let refused = ines.send(Method::POST, &format!("{case}/macros/{later}"), &ask, Body::empty()).await;
    assert_eq!((refused.status, &*refused.text()), (StatusCode::CONFLICT, "Only an open case can be snoozed."));
}
