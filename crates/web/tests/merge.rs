//! Cases that are one issue, or two, as somebody with a mouse puts them together and takes them apart.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

mod support;

use std::time::Duration;

use axum::http::StatusCode;
use domain::Role;
use support::{House, INES, mail};

const DAN: &str = "Dan Whitlock <dan@northwind.example>";

async fn receive(house: &House, from: &str, subject: &str, text: &str) -> domain::CustomerId {
    house.later(Duration::from_mins(1));
    house.receive(&mail(from, subject, text)).await.customer
}

/// The address to which the first form of the page with these words in it posts.
fn action(text: &str, words: &str) -> String {
    let at = text.find(words).unwrap_or_else(|| panic!("no {words} in {text}"));
    let start = text[..at].rfind("action=\"").unwrap() + 8;
    text[start..].split('"').next().unwrap().replace("&amp;", "&")
}

#[tokio::test]
async fn two_cases_are_merged_and_taken_apart() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    receive(&house, DAN, "Labels", "They are blank.").await;
    receive(&house, DAN, "Again labels", "Still blank.").await;
    let page = ines.get("/cases/2").await;
    page.has("Merge with…").has("#1 Labels (New)").has("Split messages off").has("Move to another customer");

    let wrong = ines.post("/cases/2/merge", &[("with", "the other")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    wrong.has("Write the number of the other case");
    ines.post("/cases/2/merge", &[("with", "4711")]).await.has("There is no case #4711");
    let merged = ines.post("/cases/2/merge?view=all", &[("with", " #1 ")]).await;
    assert_eq!((merged.status, merged.location()), (StatusCode::SEE_OTHER, "/cases/1?view=all"));
    let page = ines.get("/cases/1").await;
    page.has("They are blank.").has("Still blank.").has("</b> merged <a href=\"/cases/2\">Case 2</a> into this case");
    page.has("id=\"e2-1\"").has(">Undo</button>").has_not("was merged into this one");
    // Both messages are read, by the number of the case in which they stand.
    let text = page.text();
    let raws: Vec<&str> =
        text.split("class=\"why-raw\" href=\"").skip(1).map(|it| it.split('"').next().unwrap()).collect();
    assert_eq!(raws.len(), 2);
    for raw in raws {
        assert!(raw.starts_with("/cases/1/"), "{raw}");
        assert_eq!(ines.get(raw).await.status, StatusCode::OK);
    }
    let there = ines.get("/cases/2?view=all").await;
    assert_eq!((there.status, there.location()), (StatusCode::SEE_OTHER, "/cases/1?view=all&was=2"));
    ines.get(there.location()).await.has("Case #2 was merged into this one, case #1.");
    ines.get("/cases/2?part=live").await.has("Still blank.");
    let list = ines.get("/inbox?view=all").await;
    list.has("href=\"/cases/1?view=all\"").has_not("href=\"/cases/2?view=all\"");

    let undo = action(&text, ">Undo</button>");
    assert_eq!(ines.post(&undo, &[]).await.location(), "/cases/1?view=unassigned");
    let page = ines.get("/cases/1?part=live").await;
    page.has("took <a href=\"/cases/2\">Case 2</a> out again").has_not(">Undo</button>").has_not("Still blank.");
    ines.get("/cases/2").await.has("Still blank.");
    let again = ines.post(&undo, &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn messages_are_chosen_for_a_case_of_their_own() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let first = mail(DAN, "Labels", "They are blank.");
    receive(&house, DAN, "Labels", "They are blank.").await;
    let id = first.lines().find_map(|it| it.strip_prefix("Message-ID: ")).unwrap().trim().to_owned();
    for text in ["And the invoice is wrong.", "By five."] {
        house.later(Duration::from_mins(1));
        let answer = mail(DAN, "Re: Labels", text).replace("Subject:", &format!("In-Reply-To: {id}\nSubject:"));
        assert_eq!(house.receive(&answer).await.number, 1);
    }
    ines.get("/cases/1").await.has_not("type=\"checkbox\" name=\"message\"");
    let page = ines.get("/cases/1?choose=true").await;
    page.has("Subject of the new case").has("Choose the message of Dan Whitlock").has_not("Your text");
    let text = page.text();
    let ids: Vec<String> =
        text.split("name=\"message\" value=\"").skip(1).map(|it| it.split('"').next().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 2, "what opened the case stays");
    let none = ines.post("/cases/1/split", &[("subject", "x")]).await;
    assert_eq!(none.status, StatusCode::BAD_REQUEST);
    none.has("Choose at least one message.");
    let fields = [("message", ids[0].as_str()), ("message", ids[1].as_str()), ("subject", "The invoice")];
    assert_eq!(ines.post("/cases/1/split", &fields).await.location(), "/cases/2");
    ines.get("/cases/2").await.has("<h1 title=\"The invoice\">").has("By five.");
    let page = ines.get("/cases/1?part=live").await;
    page.has_not("By five.");
    ines.post(&action(&page.text(), ">Undo</button>"), &[]).await;
    ines.get("/cases/1").await.has("By five.").has("joined <a href=\"/cases/2\">Case 2</a> back into this case");
}

#[tokio::test]
async fn a_case_moves_to_a_customer_who_is_found() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let dan = receive(&house, DAN, "Labels", "They are blank.").await;
    let zoe = receive(&house, "Zoë Weiß <zoe@harrow.example>", "Other", "Text").await;
    for typed in ["ZOE W", "zoe@harrow.example", "Zoë"] {
        let typed = typed.replace(' ', "+").replace('ë', "%C3%AB");
        let page = ines.get(&format!("/cases/1/customer?find={typed}")).await;
        page.has(&format!("name=\"customer\" value=\"{zoe}\"")).has("Move here: Zoë Weiß");
    }
    let page = ines.get("/cases/1/customer?find=Dan").await;
    page.has("Nobody is called that").has_not(&format!("value=\"{dan}\""));
    let moved = ines.post("/cases/1/customer", &[("customer", &zoe.to_string())]).await;
    assert_eq!((moved.status, moved.location()), (StatusCode::SEE_OTHER, "/cases/1"));
    let page = ines.get("/cases/1").await;
    page.has(&format!("moved this case from <a href=\"/customers/{dan}\">Dan Whitlock</a> to"));
    ines.get(&format!("/customers/{dan}")).await.has("moved case 1 to Zoë Weiß");
    ines.get(&format!("/customers/{zoe}")).await.has("Labels").has("moved it here from Dan Whitlock");
    ines.post(&action(&page.text(), ">Undo</button>"), &[]).await;
    ines.get("/cases/1").await.has("moved this case back to").has_not(">Undo</button>");
    ines.get(&format!("/customers/{dan}")).await.has("Labels");
}

#[tokio::test]
async fn a_suggestion_is_taken_or_remembered_as_wrong() {
    let house = House::new().await;
    house.colleague("Claire", Role::Agent).await;
    let ines = house.signed_in(INES).await;
    receive(&house, DAN, "Labels", "They are blank.").await;
    for text in ["About #1: still blank.", "About #1: and now?"] {
        receive(&house, "ruth@home.example", "About #1", text).await;
    }
    let page = ines.get("/cases/2").await;
    page.has("Looks like").has("data-key=\"y\"").has("data-key=\"Y\"");
    let apart = ines.post("/cases/2/suggestion/removal", &[("with", "1")]).await;
    assert_eq!(apart.location(), "/cases/2");
    ines.get("/cases/2").await.has_not("Looks like").has("On its own, since somebody said");
    let joined = ines.post("/cases/3/suggestion/joining", &[("with", "1")]).await;
    assert_eq!(joined.location(), "/cases/1");
    ines.get("/cases/1").await.has("and now?").has("merged <a href=\"/cases/3\">Case 3</a>");
}
