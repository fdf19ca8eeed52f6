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
    for part in ["head", "cases", "files", "timeline", "people"] {
        page.has(&format!("data-live=\"customer {}\" data-src=\"{at}?part={part}\"", filed.customer));
        let alone = browser.get(&format!("{at}?part={part}")).await;
        alone.has(&format!("id=\"customer-{part}\"")).has_not("<main");
    }
    // What somebody types is taken by no part.
    page.has("What we call them").has("Add domain");
    for part in ["head", "cases", "files", "timeline", "people"] {
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
            leaves: None,
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

/// The address to which the first form of the page with these words in it posts.
fn action(text: &str, words: &str) -> String {
    let at = text.find(words).unwrap_or_else(|| panic!("no {words} in {text}"));
    let start = text[..at].rfind("action=\"").unwrap() + 8;
    text[start..].split('"').next().unwrap().replace("&amp;", "&")
}

#[tokio::test]
async fn people_are_added_mended_and_turn_out_to_be_one() {
    let house = House::new().await;
    let filed = house.receive(&mail("Dan Whitlock <dan@northwind.example>", "One", "One")).await;
    let ines = house.signed_in(INES).await;
    let at = format!("/customers/{}", filed.customer);
    let person = |name: &str, address: &str| {
        [("name", name.to_owned()), ("kind", "email".to_owned()), ("address", address.to_owned())]
    };
    let post = async |path: &str, fields: &[(&str, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|it| (it.0, it.1.as_str())).collect();
        ines.post(&format!("{at}{path}"), &fields).await
    };
    let refused = post("/contacts", &person("<i>Helen</i>", "helen")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused
        .has("Write a mail address such as")
        .has("value=\"&lt;i&gt;Helen&lt;/i&gt;\"")
        .has("<details class=\"mend\" open");
    let taken = post("/contacts", &person("Helen", "dan@northwind.example")).await;
    taken.has("This is an address of Dan Whitlock already.");
    assert_eq!(post("/contacts", &person("Helen", "helen@home.example")).await.status, StatusCode::SEE_OTHER);
    let page = ines.get(&at).await;
    page.has("helen@home.example").has("said that helen@home.example is an address of Helen").has("Change Helen");

    let contact = filed.contact.unwrap();
    let theirs = format!("/contacts/{contact}");
    let phone = [("kind", "phone".to_owned()), ("address", "+44 117 496 0142".to_owned())];
    let person = format!("{at}{theirs}");
    assert_eq!(post(&format!("{theirs}/identities"), &phone).await.location(), person);
    let wrong =
        post(&format!("{theirs}/identities"), &[("kind", "phone".to_owned()), ("address", "12".to_owned())]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.has("Write a telephone number such as").has("value=\"12\"");
    let second = [("kind", "email".to_owned()), ("address", "dan@home.example".to_owned())];
    post(&format!("{theirs}/identities"), &second).await;
    post(&format!("{theirs}/identities/main"), &second).await;
    let page = ines.get(&person).await;
    page.has("Phone: +441174960142").has("dan@home.example</span> <span").has("dan@home.example is not theirs");
    post(&format!("{theirs}/identities/removal"), &second).await;
    post(&format!("{theirs}/name"), &[("name", "Daniel".to_owned())]).await;
    let page = ines.get(&at).await;
    page.has("changed the name of Dan Whitlock to Daniel").has("said that dan@home.example is no address of Daniel");

    let text = ines.get(&person).await.text();
    let select = text.split(&format!("action=\"{at}{theirs}/merge\"")).nth(1).unwrap();
    let helen = select.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    post(&format!("{theirs}/merge"), &[("into", helen)]).await;
    let page = ines.get(&at).await;
    page.has("said that Daniel is Helen").has_not("Change Daniel").has("dan@northwind.example");
    ines.get(&format!("/cases/{}", filed.number)).await.has("Helen");
    ines.post(&action(&page.text(), ">Undo</button>"), &[]).await;
    ines.get(&at).await.has("Change Daniel").has("said that Daniel is somebody else").has_not(">Undo</button>");
}

#[tokio::test]
async fn customers_are_merged_and_the_address_of_one_leads_to_the_other() {
    let house = House::new().await;
    let one = house.receive(&mail("Dan Whitlock <dan@northwind.example>", "First thing", "One")).await;
    house.later(Duration::from_mins(1));
    let other = house.receive(&mail("Dan at home <dan@home.example>", "Second thing", "Two")).await;
    let ines = house.signed_in(INES).await;
    let page = ines.get(&format!("/customers/{}/merge?find=dan+w", other.customer)).await;
    page.has("Merge into: Dan Whitlock").has_not("Merge into: Dan at home");
    let merged =
        ines.post(&format!("/customers/{}/merge", other.customer), &[("into", &one.customer.to_string())]).await;
    let at = format!("/customers/{}", one.customer);
    assert_eq!(merged.location(), at);
    let page = ines.get(&at).await;
    page.has("First thing").has("Second thing").has("dan@home.example").has("merged Dan at home into this customer");
    page.has(&format!("customer {},customer {}", one.customer, other.customer));
    let away = ines.get(&format!("/customers/{}?topic=notes", other.customer)).await;
    assert_eq!((away.status, away.location()), (StatusCode::SEE_OTHER, &*format!("{at}?topic=notes")));
    ines.get(&format!("/cases/{}", other.number)).await.has("Dan Whitlock").has("First thing");
    ines.get("/customers").await.has("Dan Whitlock").has_not("<b>Dan at home</b>");
    ines.post(&action(&page.text(), ">Undo</button>"), &[]).await;
    ines.get(&at).await.has_not("Second thing").has("took Dan at home out again");
    ines.get(&format!("/customers/{}", other.customer)).await.has("Second thing");
}

#[tokio::test]
async fn the_timeline_shows_one_topic_and_files_are_found() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let raw = "From: Dan <dan@northwind.example>\nTo: support@tareline.example\nSubject: Scan\nMessage-ID: <s@x.example>\n\
        MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nSee it.\n\
        --x\nContent-Type: application/pdf; name=scan.pdf\nContent-Disposition: attachment; filename=\"scan <1>.pdf\"\n\n\
        %PDF\n--x--\n";
    let filed = house.receive(raw).await;
    let me = house.ines().await;
    house.desk.note(&me, filed.number, "Looks odd.".into()).await.unwrap();
    house.desk.resolve(&me, filed.number, "").await.unwrap();
    let at = format!("/customers/{}", filed.customer);
    let page = ines.get(&at).await;
    page.has("scan _1_.pdf").has("Cases that are done").has("wrote and opened a case").has("resolved");
    let text = page.text();
    let file = text.split("a class=\"file\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(ines.get(file).await.body.trim_ascii(), b"%PDF");
    let notes = ines.get(&format!("{at}?topic=notes&part=timeline")).await;
    notes.has("wrote a note").has_not("opened a case").has("aria-current=\"true\">Notes</a>");
    ines.get(&format!("{at}?topic=people&part=timeline")).await.has("became known").has_not("wrote a note");
    ines.get(&format!("{at}?topic=messages&part=timeline")).await.has("opened a case").has_not("became known");
    ines.get(&format!("{at}?topic=changes&part=timeline")).await.has("resolved").has_not("opened a case");
    assert_eq!(ines.get(&format!("{at}?topic=rumours")).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_list_is_filtered_ordered_and_goes_on() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    ines.get("/customers").await.has("No customers yet");
    for count in 1..=60 {
        house.receive(&mail(&format!("Person {count:02} <p{count}@home.example>"), "Hello", "Text")).await;
        house.later(Duration::from_mins(1));
    }
    let me = house.ines().await;
    let zoe = house.receive(&mail("Zo\u{eb} <zoe@harrow.example>", "Hello", "Text")).await.customer;
    house.desk.add_domain(&me, zoe, "harrow.example").await.unwrap();
    let names = |text: &str| -> Vec<String> {
        text.split("<b>").skip(1).filter_map(|it| Some(it.split_once("</b>")?.0.to_owned())).collect()
    };
    let page = ines.get("/customers").await;
    page.has("data-key=\"g c\"");
    let first = names(page.text().split("<tbody>").nth(1).unwrap());
    assert_eq!((first.len(), first[0].as_str(), first[1].as_str()), (50, "Zo\u{eb}", "Person 60"));
    let more = ines.get(&link_of(&page.text(), "next")).await;
    let rest = names(more.text().split("<tbody>").nth(1).unwrap());
    assert_eq!((rest.len(), rest[10].as_str()), (11, "Person 01"));
    let by_name = ines.get("/customers?by=name").await;
    let names_first = names(by_name.text().split("<tbody>").nth(1).unwrap());
    assert_eq!((names_first.len(), names_first[0].as_str()), (50, "Person 01"));
    let rest = ines.get(&link_of(&by_name.text(), "next")).await;
    rest.has("Zo\u{eb}").has_not("Person 01");

    for (filter, expected) in [
        ("is%3Aorganization", &["Zo\u{eb}"][..]),
        ("zoe", &["Zo\u{eb}"]),
        ("domain%3Aharrow.example", &["Zo\u{eb}"]),
        ("person+0+-is%3Aprovisional", &[]),
        ("person+60", &["Person 60"]),
        ("is%3Aprovisional+person+59", &["Person 59"]),
    ] {
        let page = ines.get(&format!("/customers?filter={filter}&part=list")).await;
        assert_eq!(names(&page.text()), expected, "{filter}");
    }
    let wrong = ines.get("/customers?filter=is%3Aorganizaton+owner%3Ame+-x").await;
    wrong
        .has("Did you mean \u{201c}organization\u{201d}?")
        .has("The list knows no \u{201c}owner\u{201d}")
        .has("not kept out");
    ines.get("/customers/completion?before=is%3Ao").await.has("data-from=\"3\" data-insert=\"organization \"");
    assert_eq!(ines.get("/customers?after=x").await.status, StatusCode::BAD_REQUEST);
}

/// The address of the link with this relation.
fn link_of(text: &str, rel: &str) -> String {
    let at = text.split(&format!("rel=\"{rel}\" href=\"")).nth(1).unwrap_or_else(|| panic!("no link {rel}"));
    at.split('"').next().unwrap().replace("&amp;", "&")
}
