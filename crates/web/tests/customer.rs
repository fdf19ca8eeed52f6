//! A customer's page, and the outbox.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

mod support;

use std::time::Duration;

use axum::http::StatusCode;
use desk::case::{Reply, Then, addresses};
use domain::{Recipients, Role};
use support::{House, INES, mail};

#[tokio::test]
async fn an_unknown_sender_is_a_provisional_customer_until_somebody_names_them() {
    let house = House::new().await;
    let filed = house.receive(&mail("Dan Whitlock <dan@northwind.example>", "Blank labels", "They are blank.")).await;
    let ines = house.signed_in(INES).await;
    let at = format!("/customers/{}", filed.customer);
    let page = ines.get(&at).await;
    page.has("Dan Whitlock").has("Individual").has("Provisional").has("dan@northwind.example").has("Blank labels");
    page.has("wrote and opened a case").has(&format!("href=\"/cases/{}\"", filed.number));

    let empty = ines.post(&format!("{at}/name"), &[("name", "   ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    empty.has("Write a name.");
    let named = ines.post(&format!("{at}/name"), &[("name", "<b>Dan</b> & Sons")]).await;
    assert_eq!((named.status, named.location()), (StatusCode::SEE_OTHER, &*at));
    let page = ines.get(&at).await;
    page.has_not("Provisional").has("&lt;b&gt;Dan&lt;/b&gt; &amp; Sons").has_not("<b>Dan</b>");
    page.has("changed the name from Dan Whitlock to");
    assert_eq!(ines.get("/customers/01920000-0000-7000-8000-000000000000").await.status, StatusCode::NOT_FOUND);
    assert_eq!(ines.get("/customers/dan").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_domain_makes_an_organization_and_its_people_join_it() {
    let house = House::new().await;
    let filed = house.receive(&mail("Dan Whitlock <dan@northwind.example>", "One", "One")).await;
    let other = house.receive(&mail("Ruth <ruth@harrow.example>", "Two", "Two")).await;
    let ines = house.signed_in(INES).await;
    let at = format!("/customers/{}/domains", filed.customer);
    for (domain, why) in
        [("gmail.com", "free mail provider"), ("not a domain", "Write a domain"), ("", "Write a domain")]
    {
        let refused = ines.post(&at, &[("domain", domain)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{domain}");
        refused.has(why);
    }
    assert_eq!(ines.post(&at, &[("domain", "@Northwind.Example")]).await.status, StatusCode::SEE_OTHER);
    let taken = ines.post(&format!("/customers/{}/domains", other.customer), &[("domain", "northwind.example")]).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    taken.has("another customer").has("value=\"northwind.example\"");

    let third = house.receive(&mail("Helen Marsh <helen@northwind.example>", "Three", "Three")).await;
    assert_eq!(third.customer, filed.customer);
    let page = ines.get(&format!("/customers/{}", filed.customer)).await;
    page.has("Organization").has("Helen Marsh").has("became known").has("said that northwind.example is theirs");
    let removed = ines.post(&format!("{at}/removal"), &[("domain", "northwind.example")]).await;
    assert_eq!(removed.status, StatusCode::SEE_OTHER);
    let again = ines.post(&format!("{at}/removal"), &[("domain", "northwind.example")]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    ines.get(&format!("/customers/{}", filed.customer)).await.has("took northwind.example away");
}

/// The address behind a link of the page.
fn link(text: &str, words: &str) -> String {
    let end = text.find(&format!(">{words}</a>")).unwrap_or_else(|| panic!("no link {words}"));
    let start = text[..end].rfind("href=\"").unwrap() + 6;
    text[start..].split(['"', '#']).next().unwrap().replace("&amp;", "&")
}

#[tokio::test]
async fn the_page_goes_on_to_the_first_case_and_the_first_entry() {
    let house = House::new().await;
    let ines = house.ines().await;
    let mut last = None;
    for count in 1..=25 {
        last = Some(house.receive(&mail("Dan <dan@northwind.example>", &format!("Issue no {count}."), "Text")).await);
        house.later(Duration::from_mins(1));
    }
    let filed = last.unwrap();
    for count in 1..=70 {
        house.desk.note(&ines, filed.number, format!("Note {count}").as_str().into()).await.unwrap();
        house.later(Duration::from_mins(1));
    }
    house.desk.resolve(&ines, 3, "").await.unwrap();
    let browser = house.signed_in(INES).await;
    let at = format!("/customers/{}", filed.customer);
    let page = browser.get(&at).await;
    page.has("<dt>Open cases</dt><dd>24</dd>").has("<dt>People</dt><dd>1</dd>");
    page.has("Issue no 25.").has_not("Issue no 1.").has_not("became known").has_not("Back to the beginning");
    let text = page.text();
    let (cases, rest) = text.split_at(text.find("id=\"timeline\"").unwrap());
    let older = browser.get(&link(cases, "More of them")).await;
    older.has("Issue no 1.").has_not("Issue no 25.").has("Back to the beginning");
    let mut entries = browser.get(&link(rest, "More of them")).await;
    entries.has("Issue no 25.").has("wrote and opened a case");
    while entries.text().matches(">More of them<").count() > 1 {
        let text = entries.text();
        entries = browser.get(&link(&text[text.find("id=\"timeline\"").unwrap()..], "More of them")).await;
    }
    entries.has("became known").has("Back to the beginning");
    for odd in ["?cases=nonsense", "?entries=%0A", "?people=dan", "?part=all", "?x=1"] {
        assert_eq!(browser.get(&format!("{at}{odd}")).await.status, StatusCode::BAD_REQUEST, "{odd}");
    }
}

#[tokio::test]
async fn the_page_follows_the_customer_part_by_part() {
    let house = House::new().await;
    let filed = house.receive(&mail("Dan <dan@northwind.example>", "Blank labels", "They are blank.")).await;
    let browser = house.signed_in(INES).await;
    let at = format!("/customers/{}", filed.customer);
    let page = browser.get(&at).await;
    for part in ["head", "timeline", "people"] {
        page.has(&format!("data-live=\"customer {}\" data-src=\"{at}?part={part}\"", filed.customer));
        let alone = browser.get(&format!("{at}?part={part}")).await;
        alone.has(&format!("id=\"customer-{part}\"")).has_not("<main");
    }
    // What somebody types is taken by no part.
    page.has("What we call them").has("Add domain");
    for part in ["head", "timeline", "people"] {
        browser.get(&format!("{at}?part={part}")).await.has_not("<form");
    }
}

#[tokio::test]
async fn a_department_member_reads_the_card_and_changes_nothing_on_it() {
    let house = House::new().await;
    let filed = house.receive(&mail("Dan <dan@northwind.example>", "One", "One")).await;
    let ines = house.ines().await;
    let team = house.desk.add_team(&ines, "Finance", true).await.unwrap();
    let claire = house.colleague("Claire", Role::DepartmentMember).await;
    house.desk.change_staff(&ines, claire, Role::DepartmentMember, vec![team]).await.unwrap();
    let at = format!("/customers/{}", filed.customer);
    let browser = house.signed_in("claire@tareline.example").await;
    assert_eq!(browser.get(&at).await.status, StatusCode::NOT_FOUND);
    house.desk.give_to(&ines, filed.number, Some(team)).await.unwrap();
    let page = browser.get(&at).await;
    assert_eq!(page.status, StatusCode::OK);
    page.has("dan@northwind.example").has_not("Add domain").has_not("What we call them");
}

#[tokio::test]
async fn the_outbox_lists_what_would_have_left_page_by_page() {
    let house = House::new().await;
    let browser = house.signed_in(INES).await;
    browser.get("/outbox").await.has("This is a demo: nothing here has left.").has("Nothing has been sent yet");
    let ines = house.ines().await;
    let filed = house.receive(&mail("Dan <dan@northwind.example>", "Blank labels", "They are blank.")).await;
    for count in 1..=51 {
        let to = addresses("to", "dan@northwind.example").unwrap();
        let recipients = Recipients { to, cc: Vec::new() };
        let text = format!("Answer number {count}.\n<script>alert(1)</script>");
        let reply = Reply {
            id: None,
            text,
            html: None,
            recipients,
            then: Then::Open,
            seen: None,
            files: Vec::new(),
            uploads: Vec::new(),
        };
        house.desk.reply(&ines, filed.number, reply).await.unwrap();
        house.later(Duration::from_mins(1));
    }
    let first = browser.get("/outbox").await;
    first.has("Answer number 51.").has("Answer number 2.").has_not("Answer number 1.").has("Re: Blank labels");
    first.has("Kept here").has("dan@northwind.example").has_not("<script>alert");
    let text = first.text();
    let older = text.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let second = browser.get(older).await;
    second.has("Answer number 1.").has_not("Answer number 2.").has("href=\"/outbox\"");
    assert_eq!(browser.get("/outbox?before=nonsense").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/outbox?after=x").await.status, StatusCode::BAD_REQUEST, "an unknown word");
}
